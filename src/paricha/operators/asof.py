"""What the sources say about an address as of a day, weighed: pure, one function for the verdict (checks C14, C15, C16)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum

import msgspec


class Said(msgspec.Struct, frozen=True):
    """One source's answer: the prefix's AS number, as of which snapshot. `snapshot` is its 16-byte id in hex."""

    source: str
    as_of: date
    snapshot: str
    line: int
    prefix: str
    asn: int
    as_name: str
    country: str


class Listed(msgspec.Struct, frozen=True):
    """An exits list that names the address at that day."""

    list: str
    kind: str
    source: str
    as_of: date
    prefix: str


class OperatorLine(msgspec.Struct, frozen=True):
    """A row of the curated table in force that day."""

    operator: str
    name: str
    asn: int
    since: date
    until: date | None
    kind: str
    shared_ipv4: bool
    ipv6_prefix: int | None
    layout: str


class Verdict(StrEnum):
    AGREED = "agreed"
    NO_SOURCE = "no source"
    ONE_SOURCE = "one source"
    DIFFER = "sources differ"
    NOT_IN_TABLE = "not in table"
    TABLE_DIFFERS = "table differs"


class Whose(msgspec.Struct, frozen=True):
    """Whose address it was: the verdict, the table's line where two sources agree, all that was said, exits."""

    address: str
    on: date
    verdict: Verdict
    line: OperatorLine | None
    said: tuple[Said, ...]
    exits: tuple[Listed, ...]

    @property
    def countries(self) -> tuple[str, ...]:
        return tuple(sorted({said.country for said in self.said if said.country}))


def holding(snapshots: list[tuple[date, str]], day: date) -> str | None:
    """Of one source's (as-of, id) pairs the id that holds on a day: from its as-of until the next of the source."""
    before = [pair for pair in snapshots if pair[0] <= day]
    return max(before)[1] if before else None


def weigh(address: str, day: date, said: list[Said], table: list[OperatorLine], exits: list[Listed]) -> Whose:
    """At least two sources must name one AS number, and the table one operator for it on that day (C16)."""
    verdict, line = _verdict(day, said, table)
    return Whose(address, day, verdict, line, tuple(said), tuple(exits))


def _verdict(day: date, said: list[Said], table: list[OperatorLine]) -> tuple[Verdict, OperatorLine | None]:
    numbers = {answer.asn for answer in said}
    if not said:
        return Verdict.NO_SOURCE, None
    if len(numbers) > 1:
        return Verdict.DIFFER, None
    if len({answer.source for answer in said}) < 2:
        return Verdict.ONE_SOURCE, None
    lines = [
        row for row in table if row.asn in numbers and row.since <= day and (row.until is None or day <= row.until)
    ]
    if not lines:
        return Verdict.NOT_IN_TABLE, None
    newest = max(row.since for row in lines)  # on the day of a change the new line counts
    newest_lines = [row for row in lines if row.since == newest]
    if len({row.operator for row in newest_lines}) > 1:
        return Verdict.TABLE_DIFFERS, None
    return Verdict.AGREED, newest_lines[-1]


def day_of(at: datetime) -> date:
    """The day whose snapshots answer for an instant: its UTC day. Raises ValueError for a naive time."""
    if at.tzinfo is None:
        raise ValueError("an instant without a zone has no day")
    return at.astimezone(UTC).date()
