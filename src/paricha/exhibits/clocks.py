"""Time limits that a search starts, from the law in force that day. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import msgspec

BNSS_FROM = date(2024, 7, 1)  # the Bharatiya Nagarik Suraksha Sanhita, 2023, in force


class Limit(msgspec.Struct, frozen=True):
    """One limit: kind, the section that sets it, and when it ends; None means without delay."""

    kind: str
    section: str
    due_at: datetime | None


class Standing(StrEnum):
    DONE = "done"
    DONE_LATE = "done late"
    RUNNING = "running"
    SOON = "soon"
    LATE = "late"


def limits_of_a_search(entered_at: datetime, zone_day: date) -> list[Limit]:
    """What runs from a search entered then. `zone_day`: the day in the unit's zone. Before BNSS none is known here.

    s.185(5): copies of the recorded grounds to the nearest Magistrate forthwith, not later than 48 hours. s.105: the
    recording without delay.
    """
    if zone_day < BNSS_FROM:
        return []
    return [
        Limit("185-5", "BNSS s.185(5)", entered_at + timedelta(hours=48)),
        Limit("105", "BNSS s.105", None),
    ]


def standing(due_at: datetime | None, done_at: datetime | None, now: datetime, *, soon_hours: int = 6) -> Standing:
    """How a clock stands. Without a limit it runs until done."""
    if done_at is not None:
        return Standing.DONE_LATE if due_at is not None and done_at > due_at else Standing.DONE
    if due_at is None:
        return Standing.RUNNING
    if now > due_at:
        return Standing.LATE
    return Standing.SOON if due_at - now <= timedelta(hours=soon_hours) else Standing.RUNNING


def hours_left(due_at: datetime, now: datetime) -> int:
    """Whole hours left, negative when late (rounded away from zero so that one minute late is -1)."""
    seconds = (due_at.astimezone(UTC) - now.astimezone(UTC)).total_seconds()
    return int(seconds // 3600)
