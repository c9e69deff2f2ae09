"""Instants: a moment in UTC with its precision, the text as written, and where its zone came from."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

IST_OFFSET = timedelta(hours=5, minutes=30)  # India has no summer time; fixed since 1945


class Precision(StrEnum):
    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


class ZoneSource(StrEnum):
    STATED = "stated"  # beside the value: Z, an offset, "UTC", "IST"
    COLUMN = "column"  # in the column's heading
    PROFILE = "profile"  # in the saved mapping
    NONE = "none"  # nowhere: then there is no UTC


class DateOrder(StrEnum):
    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


class Instant(msgspec.Struct, frozen=True, gc=False):
    """A moment as an original states it.

    `utc` is an aware datetime in UTC, or None when the zone is not stated or the text cannot be read.
    `precision` is None exactly when `utc` is None. `as_written` is the text, ends trimmed.
    """

    utc: datetime | None
    precision: Precision | None
    as_written: str
    zone_source: ZoneSource

    def to_plain(self) -> dict[str, str | None]:
        """The form that commands print (interfaces: "instant")."""
        return {
            "utc": utc_text(self.utc) if self.utc else None,
            "precision": self.precision.value if self.precision else None,
            "as_written": self.as_written,
            "zone_source": self.zone_source.value,
        }


def unreadable(text: str) -> Instant:
    """An instant of which only the writing is known."""
    return Instant(None, None, text, ZoneSource.NONE)


def utc_text(moment: datetime) -> str:
    """`2020-12-27T01:30:00Z`: to the second, never finer."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_utc_text(text: str) -> datetime:
    """The inverse of `utc_text`. Raises ValueError on anything else."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def from_epoch(seconds: int) -> datetime:
    """The moment so many seconds after 1970 in UTC; also before 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def from_epoch_ns(nanoseconds: int) -> datetime:
    """The moment so many nanoseconds after 1970 in UTC, cut to the microsecond; never by way of a float."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=nanoseconds // 1000)


def named_zone(name: str) -> ZoneInfo | timezone | None:
    """A zone by the name a person writes: IANA name, `UTC`, `GMT`, `IST` (India), or an offset such as `+05:30`."""
    word = name.strip()
    upper = word.upper()
    if upper in {"UTC", "GMT", "Z"}:
        return UTC
    if upper == "IST":
        return timezone(IST_OFFSET, "IST")
    offset = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{2}):?(\d{2})", upper)
    if offset:
        span = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return timezone(span if offset[1] == "+" else -span)
    try:
        return ZoneInfo(word)
    except (ZoneInfoNotFoundError, ValueError):
        return None


_ISO = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"(?:[T ,]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d+)?)?)?"
    r"\s*(?P<ap>[AaPp]\.?[Mm]\.?)?\s*\(?(?P<z>Z|UTC|GMT|IST|(?:UTC|GMT)?[+-]\d{2}:?\d{2})?\)?",
    re.IGNORECASE,
)
_SLASHED = re.compile(
    r"(?P<a>\d{1,4})[/.\-](?P<b>\d{1,2})[/.\-](?P<c>\d{2,4})"
    r"(?:[T ,]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d+)?)?)?"
    r"\s*(?P<ap>[AaPp]\.?[Mm]\.?)?\s*\(?(?P<z>Z|UTC|GMT|IST|(?:UTC|GMT)?[+-]\d{2}:?\d{2})?\)?",
    re.IGNORECASE,
)
_NAMED_MONTH = re.compile(
    r"(?P<d>\d{1,2})[ -](?P<mon>[A-Za-z]{3,9})[ -,]+(?P<y>\d{4})"
    r"(?:[T ,]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d+)?)?)?"
    r"\s*(?P<ap>[AaPp]\.?[Mm]\.?)?\s*\(?(?P<z>Z|UTC|GMT|IST|(?:UTC|GMT)?[+-]\d{2}:?\d{2})?\)?",
    re.IGNORECASE,
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        "jan january|feb february|mar march|apr april|may|jun june|jul july|aug august|sep sept september|"
        "oct october|nov november|dec december".split("|"),
        1,
    )
    for name in names.split()
}


def read_instant(
    text: str,
    *,
    zone: str | None = None,
    zone_source: ZoneSource = ZoneSource.NONE,
    order: DateOrder | None = None,
) -> Instant:
    """Read a date or date with time as people and machines write it.

    `zone` is used only when the text states none; `zone_source` then says where it came from (column, profile).
    `order` decides day and month in forms such as 03/04/2020; without it such a date has no UTC unless only one
    reading is a date. Never raises: what cannot be read keeps its writing. A date alone has precision `day` and
    needs a zone like any other.
    """
    written = text.strip()
    fast = _read_zulu(written)
    if fast is not None:
        return fast
    parts = _parts(written, order)
    if parts is None:
        return unreadable(written)
    day, clock, precision, stated = parts
    zone_info = named_zone(stated) if stated else (named_zone(zone) if zone else None)
    if zone_info is None:
        return unreadable(written)
    hour, minute, second = clock
    try:
        local = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone_info)
        utc = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return unreadable(written)
    return Instant(utc, precision, written, ZoneSource.STATED if stated else zone_source)


@lru_cache(maxsize=65536)
def _read_zulu(written: str) -> Instant | None:
    """The commonest machine form, `YYYY-MM-DDThh:mm:ssZ`, without the long way round."""
    if len(written) != 20 or written[10] != "T" or written[19] != "Z":
        return None
    try:
        utc = datetime.fromisoformat(written)
    except ValueError:
        return None
    return Instant(utc, Precision.SECOND, written, ZoneSource.STATED)


_Parts = tuple[date, tuple[int, int, int], Precision, str | None]


def _parts(written: str, order: DateOrder | None) -> _Parts | None:
    for pattern in (_ISO, _NAMED_MONTH, _SLASHED):
        found = pattern.fullmatch(written)
        if not found:
            continue
        day = _day(found, order)
        clock = _clock(found)
        if day is None or clock is None:
            return None
        return day, clock[0], clock[1], found["z"]
    return None


def _day(found: re.Match[str], order: DateOrder | None) -> date | None:
    groups = found.groupdict()
    try:
        if groups.get("mon"):
            month = _MONTHS.get(groups["mon"].lower())
            return date(int(groups["y"]), month, int(groups["d"])) if month else None
        if groups.get("y"):
            return date(int(groups["y"]), int(groups["m"]), int(groups["d"]))
    except ValueError:
        return None
    return slashed_day(groups["a"], groups["b"], groups["c"], order)


def slashed_day(first: str, second: str, third: str, order: DateOrder | None) -> date | None:
    """The day that three numbers name, or None when they name none or two. Years need four digits."""
    if len(first) == 4:
        readings = [(first, second, third)] if order in (None, DateOrder.YMD) else []
    elif len(third) != 4:
        return None
    else:
        dmy, mdy = (third, second, first), (third, first, second)
        readings = {DateOrder.DMY: [dmy], DateOrder.MDY: [mdy], DateOrder.YMD: []}[order] if order else [dmy, mdy]
    days = set()
    for year, month, day in readings:
        try:
            days.add(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return days.pop() if len(days) == 1 else None


def _clock(found: re.Match[str]) -> tuple[tuple[int, int, int], Precision] | None:
    if found["H"] is None:
        return ((0, 0, 0), Precision.DAY) if not found["ap"] else None
    hour, minute = int(found["H"]), int(found["M"])
    second = int(found["S"]) if found["S"] else 0
    half = (found["ap"] or "").replace(".", "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return (hour, minute, second), Precision.SECOND if found["S"] else Precision.MINUTE


def slip_between(first: datetime, second: datetime) -> str | None:
    """Name the well-known slip that a gap between two statements of one event looks like, else None (check C09)."""
    gap = abs(first - second)
    tolerance = timedelta(minutes=2)
    known = (
        (IST_OFFSET, "5 h 30 (UTC read as IST or the reverse)"),
        (timedelta(hours=12), "12 h (AM and PM lost)"),
        (timedelta(hours=24), "24 h (one day)"),
        (timedelta(days=365), "one year"),
        (timedelta(days=366), "one year"),
    )
    for span, words in known:
        if abs(gap - span) <= tolerance:
            return words
    if first.day == second.month and first.month == second.day and first.day != first.month:
        return "day and month exchanged"
    return None
