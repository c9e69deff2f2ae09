"""Checks of one answered sighting: does the reply say what was asked, in a stated zone, of one subscriber?

Pure: no clock, no database, no setting. Sources: reference attribution 2.5; W01–W13 are the published cases.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from paricha.attribution.outcomes import (
    CheckRun,
    Outcome,
    Result,
    Severity,
    blocked,
    held,
    not_applicable,
    of_strands,
    passed,
    strand_check,
)
from paricha.attribution.strand import OperatorFacts, SightingFacts, Strand
from paricha.grounds.instants import IST_OFFSET, Precision, utc_text

MARGIN = timedelta(seconds=2)  # one second of the operator's log and one of the source's (reference 2.2)
ECHO = ("Source IP", "Source Port", "Session Start", "Session End", "Time Zone")


@strand_check("C07", severity=Severity.BLOCK, source="W04, W06, W07, W10; reference attribution 2.5")
def every_time_has_a_zone(strand: Strand) -> Outcome:
    """No time without a stated zone, none that cannot be read, none in the future."""
    sighting, answer = strand.sighting, strand.answer
    if sighting.at is None:
        return blocked(_("The sighting's time has no zone."), *sighting.locators)
    if sighting.at.date() > strand.today:
        return blocked(_("The sighting lies in the future."), *sighting.locators)
    if answer.zone is None:
        return blocked(_("The reply states no time zone in this row."), *answer.at("Time Zone"))
    for code, words in answer.faults:
        if code == "C07":
            return blocked(
                words, *answer.at("Session Start", "Session End", "Activated On", "Address Since", "Address Until")
            )
    if answer.start and answer.start.date() > strand.today + timedelta(days=1):
        return blocked(_("The session in the reply lies in the future."), *answer.at("Session Start"))
    return passed(
        _("The sighting's zone is stated, the reply's is {zone}.").format(zone=answer.zone),
        *sighting.locators[-1:], *answer.at("Time Zone"),
    )  # fmt: skip


@strand_check("C12", severity=Severity.BLOCK, source="reference attribution 0.3, 0.4, 2.4; Europol 2017")
def shared_addresses_have_port_protocol_second(strand: Strand) -> Outcome:
    """Where an operator shares addresses, port, protocol and second are needed, else the sighting names nobody."""
    if not shared(strand.sighting, strand.operator):
        return not_applicable(_("The operator does not share this kind of address."), *strand.operator.locators)
    lack = lacking(strand.sighting)
    if lack:
        return blocked(lack, *strand.sighting.locators)
    if strand.sighting.protocol is None:
        words = _("Port and second are stated; the platform states no protocol, so both were asked.")
    else:
        words = _("Port, protocol and second are stated.")
    return passed(words, *strand.sighting.locators)


def shared(sighting: SightingFacts, operator: OperatorFacts) -> bool:
    """Whether several customers hold this address at one time: IPv4 of an operator who shares; a v6 prefix is one customer's."""
    return operator.shared_ipv4 and ipaddress.ip_address(sighting.address).version == 4


def lacking(sighting: SightingFacts) -> str:
    """What a shared address lacks, in words; empty where nothing. A tip's platform names no protocol: both are asked."""
    if sighting.port is None:
        return _("The address is shared by many customers and no port is stated: nobody can be named.")
    if sighting.protocol is None and sighting.source != "tip":
        return _("The address is shared by many customers and no protocol is stated: nobody can be named.")
    if sighting.precision is not Precision.SECOND:
        return _("The address is shared by many customers and the second is not stated: nobody can be named.")
    return ""


@strand_check(
    "C16", severity=Severity.BLOCK, source="W07; reference attribution 2.3.2, 3.1 (7.5 % of Indian /24s changed hands)"
)
def operator_by_two_sources(strand: Strand) -> Outcome:
    """The operator held the address that day by two independent sources and the table, never by a name."""
    operator = strand.operator
    if len(operator.sources) < 2:
        return blocked(_("Fewer than two sources say whose the address was that day."), *operator.locators)
    return passed(
        _("AS{asn} held the address that day: {sources}.").format(
            asn=operator.asn, sources="; ".join(operator.sources)
        ),
        *operator.locators,
    )


@strand_check("C17", severity=Severity.BLOCK, source="W02, W03, W04, W09, W10; IOCCO July 2015")
def letter_was_read_back(strand: Strand) -> Outcome:
    """The finished letter and sheet were read back equal to the record, and two officers signed."""
    request = strand.request
    if request.fields_equal != request.fields_total or not request.fields_total:
        return blocked(_("The letter was not read back equal to the sighting."))
    if len(set(request.signed_by)) < 2:
        return blocked(_("The request carries fewer than two officers' signatures."))
    return passed(
        _("{number}, row {row}: {equal} of {total} fields read back equal; signed by {officers}.").format(
            number=request.number, row=request.row, equal=request.fields_equal, total=request.fields_total,
            officers=_(" and ").join(request.signed_by),
        )
    )  # fmt: skip


@strand_check("C20", severity=Severity.BLOCK, source="W05, W08, W10; reference attribution 2.5")
def reply_echoes_what_was_asked(strand: Strand) -> Outcome:
    """The reply repeats our address and port, and its session covers the instant asked, with a margin."""
    fault = address_fault(strand) or port_fault(strand) or session_fault(strand)
    if fault:
        return blocked(fault, *strand.answer.at(*ECHO))
    at, until, answer = strand.sighting.at, strand.sighting.until, strand.answer
    assert at and until and answer.start and answer.end
    spare = min(at - answer.start, answer.end - until)
    if spare < MARGIN:
        return held(
            _(
                "The instant lies within {seconds} seconds of the session's edge; the next customer may have had the address."
            ).format(seconds=int(MARGIN.total_seconds())),
            *answer.at(*ECHO),
        )
    return passed(
        _(
            "Address, port and zone are echoed; the session covers the second, with {spare} to spare on each side."
        ).format(spare=span_words(spare)),
        *answer.at(*ECHO),
    )


def address_fault(strand: Strand) -> str:
    """What is wrong with the echoed address; empty where nothing."""
    asked, given = strand.sighting.address, strand.answer.address
    if given is None:
        return _("The reply does not repeat the address; asked was {asked}.").format(asked=asked)
    if given == asked or same_customer_prefix(asked, given, strand.operator.ipv6_prefix):
        return ""
    words = _("The reply stands for {given}, asked was {asked}.").format(given=given, asked=asked)
    digits = different_signs(asked, given)
    if digits == 1:
        words += " " + _("One digit differs.")
    elif digits == 2:
        words += " " + _("Two digits differ.")
    return words


def same_customer_prefix(asked: str, given: str, length: int | None) -> bool:
    """Whether two IPv6 addresses lie in the prefix that names one customer (the lower bits change of themselves)."""
    first, second = ipaddress.ip_address(asked), ipaddress.ip_address(given)
    if first.version != 6 or second.version != 6 or length is None:
        return False
    return second in ipaddress.ip_network((first, length), strict=False)


def port_fault(strand: Strand) -> str:
    """What is wrong with the echoed port; empty where nothing."""
    asked, given = strand.sighting.port, strand.answer.port
    if asked is None:
        return ""
    if given is None:
        if shared(strand.sighting, strand.operator):
            return _("The reply does not repeat the port {asked}, and the address is shared.").format(asked=asked)
        return ""
    if given == asked:
        return ""
    return _("The reply stands for port {given}, asked was {asked}.").format(given=given, asked=asked)


def session_fault(strand: Strand) -> str:
    """What is wrong with the session; empty where it covers the instant."""
    at, until, answer = strand.sighting.at, strand.sighting.until, strand.answer
    if at is None or until is None:
        return _("The sighting has no instant that a session could cover.")
    for code, words in answer.faults:
        if code == "C20":
            return words
    if answer.start is None or answer.end is None:
        return _("The reply gives no session that can be read.")
    if answer.end < answer.start:
        words = _("The session ends before it begins ({start} to {end}).").format(
            start=answer.start_text, end=answer.end_text
        )
        if answer.end + timedelta(hours=12) >= answer.start:
            words += " " + _("It looks as if AM and PM were lost.")
        return words
    if answer.start <= at and until <= answer.end:
        return ""
    gap = answer.start - at if at < answer.start else at - answer.end
    if gap <= timedelta(0):  # a minute or hour of which the session covers a part
        return _("The session covers only a part of the {precision} that is stated.").format(
            precision=str(strand.sighting.precision)
        )
    words = _("The session {start} to {end} {zone} does not cover {at}: {gap} outside it.").format(
        start=answer.start_text, end=answer.end_text, zone=answer.zone or "", at=utc_text(at), gap=span_words(gap)
    )
    slip = looks_like(at, answer.start, answer.end)
    return f"{words} {slip}" if slip else words


def looks_like(at: datetime, start: datetime, end: datetime) -> str:
    """The well-known slip with which the session would cover the instant, in words; empty where none fits."""
    for shift, words in (
        (IST_OFFSET, _("It looks like a 5 h 30 slip: UTC read as IST, or the reverse.")),
        (timedelta(hours=12), _("It looks as if AM and PM were lost (12 h).")),
        (timedelta(days=1), _("It looks like the wrong day (24 h).")),
        (timedelta(days=365), _("It looks like the wrong year.")),
        (timedelta(days=366), _("It looks like the wrong year.")),
    ):
        if start <= at + shift <= end or start <= at - shift <= end:
            return words
    here = at + IST_OFFSET
    try:
        exchanged = here.replace(day=here.month, month=here.day) - IST_OFFSET
    except ValueError:
        return ""
    if exchanged != at and start <= exchanged <= end:
        return _("It looks as if day and month were exchanged.")
    return ""


@strand_check("C21", severity=Severity.BLOCK, source="W01, W03, W07; reference attribution 2.5")
def exactly_one_subscriber(strand: Strand) -> Outcome:
    """The operator names exactly one subscriber for the instant."""
    subscriber = strand.answer.subscriber
    where = strand.answer.at("Subscriber ID", "Subscriber Name")
    if not subscriber.id and not subscriber.name:
        return blocked(_("The reply names no subscriber."), *where)
    if strand.others:
        names = [subscriber.id or subscriber.name or ""] + [
            other.subscriber.id or other.subscriber.name or "" for other in strand.others
        ]
        more = tuple(place for other in strand.others for place in other.at("Subscriber ID"))
        return blocked(
            _("{count} subscribers are named for one instant: {names}.").format(count=len(names), names=", ".join(names)),
            *where, *more,
        )  # fmt: skip
    return passed(_("Exactly one subscriber."), *where)


@strand_check("C27", severity=Severity.BLOCK, source="W06; reference attribution 0.6, 2.5 (DoT letter 2022-06-16)")
def other_end_is_our_observer(strand: Strand) -> Outcome:
    """Where the reply shows the other end of the connection, it is our observer's address and port."""
    ours, answer = (strand.sighting.observer_address, strand.sighting.observer_port), strand.answer
    where = answer.at("Destination IP", "Destination Port")
    if ours[0] is None:
        return not_applicable(_("The sighting names no observer whose address a reply could show."))
    if answer.destination_address is None:
        return not_applicable(_("The reply does not show the other end of the connection."))
    different_port = None not in (ours[1], answer.destination_port) and ours[1] != answer.destination_port
    if answer.destination_address != ours[0] or different_port:
        return blocked(
            _("The reply shows {other} port {port} as the other end; our observer was {ours} port {our_port}.").format(
                other=answer.destination_address,
                port=answer.destination_port or "?",
                ours=ours[0],
                our_port=ours[1] or "?",
            ),
            *where,
        )
    return passed(_("The reply shows our observer as the other end: address and port."), *where)


def run(strand: Strand) -> list[CheckRun]:
    """Every built check of a strand, in order of code."""
    runs = []
    for check in of_strands():
        outcome = check.rule(strand)
        runs.append(CheckRun(check.code, outcome.result, outcome.words, outcome.evidence))
    return runs


def sound(strand: Strand) -> bool:
    """Whether the answer may count as a resolution: nothing of its checks fails, and nothing later contradicts it."""
    if strand.contradicted:
        return False
    return all(check.rule(strand).result in (Result.PASS, Result.NOT_APPLICABLE) for check in of_strands())


def different_signs(first: str, second: str) -> int:
    """By how many signs two texts differ when one is typed for the other: replaced, lost, added (edit distance)."""
    row = list(range(len(second) + 1))
    for place, sign in enumerate(first, 1):
        before, row[0] = row[0], place
        for other, letter in enumerate(second, 1):
            before, row[other] = row[other], min(row[other] + 1, row[other - 1] + 1, before + (sign != letter))
    return row[-1]


def span_words(span: timedelta) -> str:
    """`2 d 3 h`, `5 h 30 min`, `11 min`, `7 s`: two units at most."""
    seconds = int(abs(span.total_seconds()))
    parts = [
        (seconds // 86400, "d"),
        (seconds % 86400 // 3600, "h"),
        (seconds % 3600 // 60, "min"),
        (seconds % 60, "s"),
    ]
    named = [f"{count} {unit}" for count, unit in parts if count][:2]
    return " ".join(named) or "0 s"
