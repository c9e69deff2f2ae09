"""Whether an operator can be asked about a sighting, and which: pure, with the reason where not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec
from django.utils.translation import gettext as _

from paricha.attribution.activities import asked_about
from paricha.attribution.checks_of_a_strand import lacking, shared
from paricha.attribution.strand import OperatorFacts, SightingFacts
from paricha.grounds.instants import Precision
from paricha.grounds.provenance import Locator, LocatorKind
from paricha.operators.asof import Verdict, Whose
from paricha.operators.bogons import bogon

RETENTION_DAYS = 730  # UL amendment of 21/22 Dec 2021; ISP licence 820-01/2006-LR of 27 Jan 2022
URGENT_DAYS = 30  # sightings with fewer days left travel in a letter of their own
HOME_COUNTRY = "IN"


class Unasked(msgspec.Struct, frozen=True):
    """Why nobody is asked: the check's code and words."""

    code: str
    words: str


def days_left(at: datetime, now: datetime) -> int:
    """Whole days until the operator may have erased his log of that instant."""
    return (at + timedelta(days=RETENTION_DAYS) - now).days


def before_asking(
    sighting: SightingFacts, who: str, held_code: str, now: datetime, *, synthetic: bool
) -> Unasked | None:
    """What stops a sighting before the question whose address it was."""
    if held_code:
        return Unasked(held_code, _("The observation is held and does not lead."))
    if not asked_about(who):
        return Unasked(
            "REQUESTS-PERSON", _("The tip names this person as no suspect; nothing is asked about his addresses.")
        )
    if sighting.at is None or sighting.precision is None:
        return Unasked("C07", _("No zone or no time is stated; an operator cannot be asked."))
    if sighting.at > now:
        return Unasked("C07", _("The time lies in the future."))
    if days_left(sighting.at, now) < 0:
        return Unasked("C07", _("The operator's retention of {days} days is over.").format(days=RETENTION_DAYS))
    if sighting.precision not in (Precision.SECOND, Precision.MINUTE):
        return Unasked("C10", _("Only the {precision} is stated; a window that wide would name several customers.").format(
            precision=sighting.precision.value))  # fmt: skip
    why = bogon(sighting.address, synthetic=synthetic)
    if why:
        return Unasked(
            "C11",
            _("{address} is {why}; no operator can name a customer for it.").format(
                address=sighting.address, why=_(why)
            ),
        )
    return None


def whom_to_ask(sighting: SightingFacts, whose: Whose, layouts: Collection[str]) -> OperatorFacts | Unasked:
    """The operator to ask, by two sources and the table (C16); or why nobody."""
    if whose.exits:
        listed = whose.exits[0]
        return Unasked("C14", _("{address} was a {kind} exit that day ({list}); its subscriber is never the suspect.").format(
            address=sighting.address, kind=listed.kind, list=listed.list))  # fmt: skip
    if any(country != HOME_COUNTRY for country in whose.countries):
        return Unasked("C15", _("The sources place the address in {countries}; another road leads there.").format(
            countries=", ".join(whose.countries)))  # fmt: skip
    if whose.verdict is not Verdict.AGREED or whose.line is None:
        return Unasked("C16", _no_operator(whose))
    line = whose.line
    if line.kind == "hosting":
        return Unasked("C14", _("{name} hosts machines; its subscriber is never the suspect.").format(name=line.name))
    facts = OperatorFacts(
        code=line.operator, name=line.name, asn=line.asn, kind=line.kind, shared_ipv4=line.shared_ipv4,
        ipv6_prefix=line.ipv6_prefix,
        sources=tuple(_("{source} as of {day}").format(source=said.source, day=said.as_of) for said in whose.said),
    )  # fmt: skip
    if shared(sighting, facts):
        lack = lacking(sighting)
        if lack:
            return Unasked("C12", lack)
    if line.layout not in layouts:
        return Unasked(
            "REQUESTS-LAYOUT",
            _("The layout “{layout}” of {name} is not built.").format(layout=line.layout, name=line.name),
        )
    return facts


def _no_operator(whose: Whose) -> str:
    numbers = ", ".join(sorted({f"AS{said.asn} ({said.source})" for said in whose.said}))
    return {
        Verdict.NO_SOURCE: _("No snapshot that holds on {day} has the address.").format(day=whose.on),
        Verdict.ONE_SOURCE: _("Only one source has the address on {day}: {numbers}. Two must agree.").format(
            day=whose.on, numbers=numbers
        ),
        Verdict.DIFFER: _("The sources differ on {day}: {numbers}.").format(day=whose.on, numbers=numbers),
        Verdict.NOT_IN_TABLE: _("{numbers} stands in no line of the operator table on {day}.").format(
            day=whose.on, numbers=numbers
        ),
        Verdict.TABLE_DIFFERS: _("The operator table gives {numbers} to two operators on {day}.").format(
            day=whose.on, numbers=numbers
        ),
        Verdict.AGREED: "",
    }[whose.verdict]


def snapshot_places(whose: Whose, originals: dict[str, str]) -> tuple[Locator, ...]:
    """Where the sources say it: the lines of the snapshots' originals (hash by snapshot id)."""
    return tuple(
        Locator(originals[said.snapshot], LocatorKind.LINE, said.line)
        for said in whose.said
        if said.snapshot in originals
    )
