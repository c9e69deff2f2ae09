"""Checks of a whole door: two sound resolutions, an installation address that holds then and today, nothing against it.

Pure: no clock, no database, no setting. A check that is not built (see `outcomes.built`) is absent, never "pass".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext as _

from paricha.attribution import checks_of_a_strand as of_strand
from paricha.attribution.outcomes import (
    CHECKS,
    RANK,
    CheckRun,
    Outcome,
    Result,
    Severity,
    blocked,
    door_check,
    held,
    not_applicable,
    of_doors,
    of_strands,
    passed,
    warned,
)
from paricha.attribution.strand import DoorFacts, Strand
from paricha.grounds.instants import IST_OFFSET
from paricha.grounds.provenance import Locator

GUARD_THE_PACKAGE = ("C31", "C32")  # they stand as hold until done, and do not change the state
INSTALLATION = "installation"
SINGLE_HOUSEHOLD = frozenset({"house"})
LONG_LEASE = timedelta(days=1)


def installed(strand: Strand) -> bool:
    """Whether the strand ends at a line's installation address."""
    subscriber = strand.answer.subscriber
    return not strand.mobile and subscriber.address_kind == INSTALLATION and bool(subscriber.address)


# --- C22 -----------------------------------------------------------------------------------------------------------


def independent(first: Strand, second: Strand) -> bool:
    """Two resolutions are independent when day and session differ; on a static line or a lease over a day, when the day
    differs (interfaces, "Doors"). The day differs only if it does so both in UTC and in Indian time."""
    one, two = first.sighting.at, second.sighting.at
    if one is None or two is None or one.date() == two.date():
        return False
    if (one + IST_OFFSET).date() == (two + IST_OFFSET).date():
        return False
    if lasting(first) or lasting(second):
        return True
    return (first.answer.start, first.answer.end) != (second.answer.start, second.answer.end)


def lasting(strand: Strand) -> bool:
    """Whether the address stays with one customer: a static line, or a lease longer than a day."""
    answer = strand.answer
    if answer.subscriber.allocation == "static":
        return True
    return bool(answer.start and answer.end and answer.end - answer.start > LONG_LEASE)


def resolutions(strands: Iterable[Strand]) -> list[Strand]:
    """Sound strands of one activity that are independent of each other, as many as can be found in order of time."""
    chosen: list[Strand] = []
    for strand in sorted(strands, key=lambda s: (str(s.sighting.at), s.sighting.id)):
        if of_strand.sound(strand) and all(independent(strand, other) for other in chosen):
            chosen.append(strand)
    return chosen


def best_activity(door: DoorFacts) -> list[Strand]:
    """The independent resolutions of the activity that has most of them."""
    by_activity: dict[tuple[str, str], list[Strand]] = {}
    for strand in door.strands:
        by_activity.setdefault((strand.sighting.activity, strand.subscriber_key), []).append(strand)
    found = [resolutions(strands) for _key, strands in sorted(by_activity.items())]
    return max(found, key=len, default=[])


@door_check("C22", severity=Severity.BLOCK, source="W01–W04, W08; IOCCO July 2015")
def two_resolutions_agree(door: DoorFacts) -> Outcome:
    """At least two independent resolutions of one activity name the same subscriber."""
    best = best_activity(door)
    operators = {strand.operator.code for strand in door.strands}
    against = [other for other in door.elsewhere if other.operator in operators]
    where = tuple(place for other in against for place in other.locators)
    if len(best) >= 2:
        days = ", ".join(sorted({str(strand.sighting.at.date()) for strand in best if strand.sighting.at}))
        if against:
            return warned(
                _(
                    "{count} independent resolutions agree, but another sighting of the activity names another subscriber."
                ).format(count=len(best)),
                *where,
            )
        return passed(
            _("{count} independent resolutions name the same subscriber ({days}).").format(count=len(best), days=days),
            *echoes(best),
        )
    if against:
        return blocked(
            _("Sightings of one activity resolve to different subscribers of the operator."), *where, *echoes(best)
        )
    if best:
        return held(
            _("Only one sound resolution names this subscriber; a senior officer must give his reasons."), *echoes(best)
        )
    return held(_("No sound resolution names this subscriber."))


def echoes(strands: Iterable[Strand]) -> list[Locator]:
    return [place for strand in strands for place in strand.answer.at("Subscriber ID", "Session Start")]


# --- the address ---------------------------------------------------------------------------------------------------


@door_check("C23", severity=Severity.BLOCK, source="W11; reference attribution 2.5")
def address_is_an_installation_address(door: DoorFacts) -> Outcome:
    """A fixed line leads to its installation address only; a mobile customer's address is no place of use."""
    ends = [strand for strand in door.strands if installed(strand)]
    if ends:
        return passed(_("The operator states an installation address."), *address_places(ends[:1]))
    if all(strand.mobile for strand in door.strands):
        return held(
            _("A mobile customer's address is no place of use; an enquiry must find where the number is used."),
            *address_places(door.strands),
        )
    kinds = sorted({strand.answer.subscriber.address_kind or "" for strand in door.strands if not strand.mobile})
    if any(strand.answer.subscriber.connection == "hosting" for strand in door.strands):
        return held(_("A hosting customer's address is no place of use."), *address_places(door.strands))
    if kinds == [""]:
        return blocked(
            _("The reply does not say which kind of address this is; ask for the installation address."),
            *address_places(door.strands),
        )
    named = ", ".join(kind for kind in kinds if kind)
    return blocked(
        _(
            "The address is a {kind} address, not the installation address; ask the operator where the line ends."
        ).format(kind=named),
        *address_places(door.strands),
    )


def address_places(strands: Iterable[Strand]) -> list[Locator]:
    return [place for strand in strands for place in strand.answer.at("Address", "Address Kind")]


@door_check("C25", severity=Severity.BLOCK, source="W11; reference attribution 2.5")
def address_held_then_and_today(door: DoorFacts) -> Outcome:
    """The customer had this address at the instant, and has it today."""
    outcomes = [valid(strand, door) for strand in door.strands if installed(strand) or strand.mobile]
    if not outcomes:
        return not_applicable(_("There is no installation address yet whose dates could be looked at."))
    outcomes.append(one_address(door))
    outcomes.append(found_on_the_spot(door))
    return max(outcomes, key=lambda outcome: RANK[outcome.result])


def valid(strand: Strand, door: DoorFacts) -> Outcome:
    """The dates of one answer against its sighting and today."""
    subscriber, at = strand.answer.subscriber, strand.sighting.at
    where = strand.answer.at("Activated On", "Address Since", "Address Until")
    day = (at + IST_OFFSET).date() if at else None
    if day is None:
        return blocked(_("The sighting has no day."), *where)
    if subscriber.activated_on and subscriber.activated_on > day:
        return blocked(
            _("The connection was activated on {day}, after the sighting.").format(day=subscriber.activated_on), *where
        )
    if strand.mobile:
        return passed(_("The number was active at the instant."), *where)
    if subscriber.since and subscriber.since > day:
        return blocked(
            _("The customer has this address since {day}, after the sighting.").format(day=subscriber.since), *where
        )
    if subscriber.until and subscriber.until < day:
        return blocked(
            _("The customer left this address on {day}, before the sighting.").format(day=subscriber.until), *where
        )
    if subscriber.until and subscriber.until < door.today:
        return blocked(
            _("The customer left this address on {day}; he is not there today.").format(day=subscriber.until), *where
        )
    if subscriber.since is None and subscriber.activated_on is None:
        return held(_("The reply does not say since when the customer has this address."), *where)
    return passed(_("The address held at the instant and holds today, by the operator's dates."), *where)


def one_address(door: DoorFacts) -> Outcome:
    """Two installation addresses for one user id hold every door of his (interfaces, "Replies")."""
    for strand in door.strands:
        if strand.other_addresses:
            return held(
                _("Two installation addresses stand for one user id; the other is “{other}”.").format(
                    other=strand.other_addresses[0]
                ),
                *strand.answer.at("Address"),
            )
    return not_applicable("")


def found_on_the_spot(door: DoorFacts) -> Outcome:
    """An enquiry that names who lives there, and not the subscriber, is a question for an officer."""
    enquiry = door.enquiry
    if enquiry is None or not enquiry.lives_here:
        return not_applicable("")
    seen = {word for name in enquiry.lives_here for word in words_of(name)}
    names = [strand.answer.subscriber.name for strand in door.strands if strand.answer.subscriber.name]
    if not names or any(words_of(name) & seen for name in names):
        return not_applicable("")
    return held(
        _("The enquiry found {found} living here; the subscriber {name} was not named.").format(
            found=", ".join(enquiry.lives_here), name=names[0]
        ),
        *enquiry.locators,
    )


def words_of(name: str) -> set[str]:
    """The words of a name, folded, initials left out."""
    return {word for word in "".join(s if s.isalnum() else " " for s in name.casefold()).split() if len(word) > 2}


@door_check("C26", severity=Severity.HOLD, source="reference attribution 2.5; IPCO 2017")
def one_household_uses_the_line(door: DoorFacts) -> Outcome:
    """An ordinary house of one household; a shared or unknown place needs a named officer."""
    enquiry = door.enquiry
    if enquiry is not None:
        if enquiry.others_use_line:
            return held(_("The enquiry says that others use the line too."), *enquiry.locators)
        if enquiry.premises:
            if enquiry.premises.casefold() in SINGLE_HOUSEHOLD:
                return passed(_("The enquiry found a house of one household."), *enquiry.locators)
            return held(_("The enquiry found: {premises}.").format(premises=enquiry.premises), *enquiry.locators)
    where = [place for strand in door.strands for place in strand.answer.at("Premises")]
    stated = {strand.answer.subscriber.premises for strand in door.strands}
    shared = sorted(kind for kind in stated if kind and kind.casefold() not in SINGLE_HOUSEHOLD)
    if shared:
        return held(
            _("The premises are stated as {kind}: others may use the line.").format(kind=", ".join(shared)), *where
        )
    if None in stated and len(stated) == 1:
        return held(_("House, hostel or shared Wi-Fi is not stated. Ask the operator, or have the place seen."), *where)
    return passed(_("The operator states a house."), *where)


# --- decision ------------------------------------------------------------------------------------------------------


@door_check("C29", severity=Severity.BLOCK, source="W01; reference attribution 2.5")
def nothing_later_contradicts(door: DoorFacts) -> Outcome:
    """No later answer names another subscriber for a sighting on which this door stands."""
    for strand in door.strands:
        for later in strand.contradicted:
            return blocked(
                _("A later reply names {other} for the sighting that led to {name}; everything on this door stops.").format(
                    other=later.subscriber.id or later.subscriber.name or _("another subscriber"),
                    name=strand.answer.subscriber.id or strand.answer.subscriber.name or "",
                ),
                *later.at("Subscriber ID"), *strand.answer.at("Subscriber ID"),
            )  # fmt: skip
    return passed(_("No later answer contradicts."))


@door_check("C31", severity=Severity.BLOCK, source="reference attribution 0.7, 0.9, 4.4")
def station_confirms(door: DoorFacts) -> Outcome:
    """The station confirms that the place lies in its limits; a PIN, a name or an address of the net never decides it."""
    if door.confirmed_station:
        return passed(
            _("{station} is confirmed by {officer}.").format(
                station=door.confirmed_station, officer=door.confirmed_by or ""
            )
        )
    return held(_("The station has not confirmed that the place lies in its limits."))


@door_check("C32", severity=Severity.BLOCK, source="reference attribution 2.5")
def sheet_signed_by_two(door: DoorFacts) -> Outcome:
    """The sheet “why this door” is signed by two officers."""
    if len(set(door.signed_by)) >= 2:
        return passed(_("Signed by {officers}.").format(officers=_(" and ").join(door.signed_by)))
    if door.signed_by:
        return held(_("Signed by {officer}; a second officer must sign.").format(officer=door.signed_by[0]))
    return held(_("The sheet has not been signed."))


def run(door: DoorFacts) -> list[CheckRun]:
    """Every built check of a door, in order of code: those of its strands at their worst, and its own.

    A sighting that cannot be resolved does not hold a door that has two sound ones (interfaces, "Doors").
    """
    enough = len(best_activity(door)) >= 2
    runs = [over_strands(check.code, door, enough) for check in of_strands()]
    for check in of_doors():
        outcome = check.rule(door)
        runs.append(CheckRun(check.code, outcome.result, outcome.words, outcome.evidence))
    return sorted(runs, key=lambda run: run.code)


def over_strands(code: str, door: DoorFacts, enough: bool) -> CheckRun:
    """A strand's check at its worst over the door's strands."""
    found = [(of_strand.sound(strand), CHECKS[code].rule(strand)) for strand in door.strands]
    worst = max((outcome for _, outcome in found), key=lambda outcome: RANK[outcome.result])
    if enough and RANK[worst.result] > RANK[Result.WARN]:
        counting = [outcome for is_sound, outcome in found if is_sound]
        best = max(counting, key=lambda outcome: RANK[outcome.result])
        return CheckRun(code, Result.WARN, f"{best.words} {worst.words}", worst.evidence)
    evidence = tuple(
        {
            repr(place): place for _, outcome in found if outcome.result is worst.result for place in outcome.evidence
        }.values()
    )
    return CheckRun(code, worst.result, worst.words, evidence[:24])


def state_of(runs: Iterable[CheckRun]) -> str:
    """`frozen`, `blocked`, `held` or `holds`, from the checks C01–C30 (interfaces, "Doors")."""
    counted = [run for run in runs if run.code not in GUARD_THE_PACKAGE]
    if any(run.code == "C29" and run.result is Result.BLOCK for run in counted):
        return "frozen"
    if any(run.result is Result.BLOCK for run in counted):
        return "blocked"
    return "held" if any(run.open for run in counted) else "holds"
