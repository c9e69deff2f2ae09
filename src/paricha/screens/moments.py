"""Instants in words: the unit's zone with the weekday, and UTC; never finer than written, never a zone nobody stated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils import dateformat
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from paricha.screens import shapes, unit

CLOCK = {"second": "H:i:s", "minute": "H:i"}


@dataclass(frozen=True)
class Moment:
    """What a screen needs of an instant: `utc` (aware or None), `precision`, the text as written, the zone's source."""

    utc: datetime | None
    precision: str
    as_written: str
    zone_source: str


def part(thing: Any, *names: str) -> Any:
    """The first of `names` that `thing` (a dict or an object) carries, else None."""
    for name in names:
        found = thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)
        if found is not None:
            return found
    return None


def is_instant(thing: Any) -> bool:
    """Whether `thing` is an instant of `interfaces`: a dict or record with `utc`, `precision` and `as_written`."""
    if isinstance(thing, dict):
        return "utc" in thing and "as_written" in thing
    return hasattr(thing, "zone_source") and hasattr(thing, "precision")


def moment(thing: Any) -> Moment:
    """`thing` (aware datetime, ISO text with zone, instant dict or record) as a Moment. Raises ValueError for a naive time."""
    if isinstance(thing, datetime):
        return Moment(_aware(thing), "second", "", "")
    if isinstance(thing, str):
        return Moment(_aware(datetime.fromisoformat(thing)), "second", thing, "")
    utc = part(thing, "utc")
    if isinstance(utc, str):
        utc = datetime.fromisoformat(utc)
    return Moment(
        _aware(utc) if utc is not None else None,
        _plain(part(thing, "precision") or "second"),
        str(part(thing, "as_written") or ""),
        _plain(part(thing, "zone_source") or ""),
    )


def _plain(word: Any) -> str:
    return str(getattr(word, "value", word))


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"an instant without a zone cannot be shown: {at.isoformat()}")
    return at.astimezone(UTC)


def day(at: datetime | date) -> str:
    """`Sat 21 Nov 2026`."""
    return dateformat.format(at, "D j M Y")


def zone_name(at: datetime) -> str:
    """`IST`, or `UTC+05:45` where the zone has no letters."""
    name = at.tzname() or ""
    return name if name.isalpha() else f"UTC{name}"


def local_words(at: datetime, precision: str = "second") -> str:
    """The instant in the unit's zone: `Sat 21 Nov 2026, 19:04:11 IST`; a day has no time of day."""
    here = at.astimezone(unit.zone())
    if precision == "day":
        return day(here)
    clock = (
        dateformat.format(here, CLOCK[precision]) if precision in CLOCK else _("hour {hour}").format(hour=f"{here:%H}")
    )
    return f"{day(here)}, {clock} {zone_name(here)}"


def short_words(at: datetime) -> str:
    """`Sat 21 Nov 19:04`, for a history: the unit's zone, the zone itself stands in the title."""
    return dateformat.format(at.astimezone(unit.zone()), "D j M H:i")


def utc_words(at: datetime, precision: str = "second") -> str:
    """The instant in UTC, with its weekday and day where they differ from the unit's."""
    there, here = at.astimezone(UTC), at.astimezone(unit.zone())
    clock = (
        dateformat.format(there, CLOCK[precision])
        if precision in CLOCK
        else _("hour {hour}").format(hour=f"{there:%H}")
    )
    lead = "" if there.date() == here.date() else dateformat.format(there, "D j M") + ", "
    return f"{lead}{clock} UTC"


def zone_source_words(source: str) -> str:
    """How the zone of an instant is known, for the small line below it."""
    return {
        "stated": _("stated with zone"),
        "column": _("zone from the heading"),
        "profile": _("zone from the mapping"),
    }.get(source, "")


def instant(thing: Any) -> SafeString:
    """Local time with weekday, UTC below; `not stated` for None; the text as written where no zone or no date could be read."""
    if thing is None or thing == "":
        return shapes.not_stated()
    known = moment(thing)
    if known.utc is None:
        if not known.as_written:
            return shapes.not_stated()
        words = _("no zone stated") if known.zone_source == "none" else _("not read as a time")
        return format_html('<span class="v">{}</span> {}', known.as_written, shapes.state(words, "warn"))
    if known.precision == "day":
        return format_html(
            '<time datetime="{}" class="nw">{}</time><br><small>{}</small>',
            f"{known.utc:%Y-%m-%dT%H:%MZ}",
            local_words(known.utc, "day"),
            _("day only"),
        )
    below = [utc_words(known.utc, known.precision), zone_source_words(known.zone_source)]
    return format_html(
        '<time datetime="{}" class="nw">{}</time><br><small>{}</small>',
        known.utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        local_words(known.utc, known.precision),
        ", ".join(word for word in below if word),
    )


def clock_line(now: datetime) -> str:
    """The top bar: `Tue 24 Nov 2026 · 11:42 IST · 06:12 UTC`."""
    here = now.astimezone(unit.zone())
    if str(unit.zone()) == "UTC":
        return f"{day(here)} · {here:%H:%M} UTC"
    return f"{day(here)} · {here:%H:%M} {zone_name(here)} · {utc_words(now, 'minute')}"
