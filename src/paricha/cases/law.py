"""Sections proposed from what was found and the law in force that day. Pure; the table is data of the State pack.

A proposal is words for an officer, who edits it; counsel confirms. Nothing is charged by software.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec


class LawLine(msgspec.Struct, frozen=True):
    """A row of the law table; `until` None: in force.

    `when`: the fact that makes it a proposal (`fir`, `material`, `device`, `arrest`, `child`).
    """

    act: str
    section: str
    about: str
    since: date
    until: date | None
    when: str
    source: str


class Proposal(msgspec.Struct, frozen=True):
    act: str
    section: str
    about: str
    why: str


def in_force(lines: Iterable[LawLine], act: str, section: str, day: date) -> LawLine | None:
    """The line of that section in force on the day, or None."""
    return next(
        (
            line
            for line in lines
            if line.act == act
            and line.section == section
            and line.since <= day
            and (line.until is None or day <= line.until)
        ),
        None,
    )


def propose(lines: Iterable[LawLine], day: date, found: frozenset[str]) -> list[Proposal]:
    """Sections to think of, given the facts found; only those in force on the day, in the table's order."""
    return [
        Proposal(line.act, line.section, line.about, line.when)
        for line in lines
        if line.when in found and line.since <= day and (line.until is None or day <= line.until)
    ]


def read_lines(rows: Iterable[dict[str, str]]) -> list[LawLine]:
    """The table from the pack's CSV rows: act, section, about, since, until, when, source."""
    return [
        LawLine(
            row["act"], row["section"], row["about"], date.fromisoformat(row["since"]),
            date.fromisoformat(row["until"]) if row["until"] else None, row["when"], row["source"],
        )
        for row in rows
    ]  # fmt: skip
