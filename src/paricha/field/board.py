"""The state of a morning, counted from stored events. An entry that the team's own event confirms counts once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import msgspec

from paricha.field.kinds import Kind


class SiteState(StrEnum):
    WAITING = "waiting"
    AT_THE_PLACE = "at the place"
    INSIDE = "inside"
    LEFT = "left"


class Happened(msgspec.Struct, frozen=True):
    """One event as the board counts it: site and team keys, kind, when, and whether a later one confirms it."""

    team: str
    site: str | None
    kind: str
    at: datetime
    confirmed: bool = False


class SiteLine(msgspec.Struct):
    """What stands on the board for one site."""

    state: SiteState = SiteState.WAITING
    exhibits: int = 0
    arrests: int = 0
    nothing: bool = False
    wrong: bool = False
    last_at: datetime | None = None


_STEPS = {Kind.AT_THE_PLACE: SiteState.AT_THE_PLACE, Kind.ENTERED: SiteState.INSIDE, Kind.LEFT: SiteState.LEFT}
_ORDER = list(SiteState)


def site_lines(events: Iterable[Happened]) -> dict[str, SiteLine]:
    """One line a site. The order in which events arrive does not matter."""
    lines: dict[str, SiteLine] = {}
    for event in events:
        if event.site is None or event.confirmed:
            continue
        line = lines.setdefault(event.site, SiteLine())
        reached = _STEPS.get(Kind(event.kind), SiteState.WAITING)
        if _ORDER.index(reached) > _ORDER.index(line.state):
            line.state = reached
        line.exhibits += event.kind == Kind.EXHIBIT_TAKEN
        line.arrests += event.kind == Kind.PERSON_ARRESTED
        line.nothing = line.nothing or event.kind == Kind.NOTHING_FOUND
        line.wrong = line.wrong or event.kind == Kind.SOMETHING_WRONG
        line.last_at = event.at if line.last_at is None else max(line.last_at, event.at)
    return lines


def silent(teams: Iterable[str], events: Iterable[Happened], now: datetime, minutes: int = 15) -> dict[str, int]:
    """Teams not heard of for so many minutes: team → minutes, or -1 when never heard."""
    last: dict[str, datetime] = {}
    for event in events:
        if event.team not in last or event.at > last[event.team]:
            last[event.team] = event.at
    found: dict[str, int] = {}
    for team in teams:
        if team not in last:
            found[team] = -1
        elif (gap := int((now - last[team]).total_seconds() // 60)) >= minutes:
            found[team] = gap
    return found
