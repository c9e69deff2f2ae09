"""What a heading says: the field it names, the number it ends in, the zone and date order it states."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

import msgspec

from paricha.grounds.instants import DateOrder, named_zone
from paricha.intake.mapping import INSTANTS, base_field, plain_heading

_ZONE = re.compile(
    r"(?<![A-Za-z])(?:(?:UTC|GMT)\s*[+-]\s*\d{1,2}:?\d{2}|UTC|GMT|IST|[+-]\d{2}:\d{2})(?![A-Za-z\d])", re.I
)
_ORDER = re.compile(
    r"\b(d{1,2}[\s/.\-]m{1,3}[\s/.\-]y{2,4}|m{1,2}[\s/.\-]d{1,2}[\s/.\-]y{2,4}|y{4}[\s/.\-]m{1,2}[\s/.\-]d{1,2})\b",
    re.I,
)
_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)


class Column(msgspec.Struct, frozen=True):
    """One column of a layout. `field` is None where nobody knows it; `group`: columns of one number belong together."""

    index: int
    heading: str
    field: str | None
    group: str
    zone: str | None
    order: DateOrder | None


@cache
def built_in() -> dict[str, str]:
    """The table of headings in English and Malayalam: bare heading → field."""
    table = msgspec.json.decode(
        files("paricha.intake").joinpath("headings.json").read_bytes(), type=dict[str, list[str]]
    )
    return {bare(heading): field for field, headings in table.items() for heading in headings}


def bare(heading: str) -> str:
    """A heading without what it says of zone and order, without its number, case and signs."""
    text = unicodedata.normalize("NFKC", re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", heading)).casefold()
    text = _ZONE.sub(" ", _ORDER.sub(" ", text))
    words = re.sub(r"[._:;,#*/&\-\u2013]+", " ", text.replace("&", " and ")).split()
    if len(words) > 1 and re.fullmatch(r"\d{1,2}", words[-1]):
        words.pop()
    return " ".join(words)


def number_of(heading: str) -> str:
    """The number that a heading ends in (`IP Address 2`, `Time 2 (IST)`), or "" where it ends in none."""
    outside = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", heading).strip()
    found = re.search(r"[\s_](\d{1,2})$", outside) or re.search(r"\((\d{1,2})\)\s*$", heading)
    return found[1].lstrip("0") if found else ""


def zone_in(heading: str) -> str | None:
    """The zone that a heading states; None where it states none, or two that differ."""
    found = [re.sub(r"\s", "", text) for text in _ZONE.findall(heading)]
    found = [re.sub(r"([+-])(\d):?(\d{2})$", r"\g<1>0\2:\3", text) for text in found]
    offsets = {zone.utcoffset(_ANY_TIME) for text in found if (zone := named_zone(text))}
    return found[-1].upper() if len(offsets) == 1 else None


def order_in(heading: str) -> DateOrder | None:
    """The order of day and month that a heading states (`dd/mm/yyyy`)."""
    found = _ORDER.search(heading)
    return DateOrder("".join(dict.fromkeys(re.sub(r"[^dmy]", "", found[1].casefold())))) if found else None


def columns_of(headings: list[str], named: dict[str, str] | None) -> list[Column]:
    """The columns of a row of headings, by a mapping's table (`named`: heading → field) or by the built-in one.

    A heading that stands twice without a number belongs to a group of its own each time.
    """
    by_name = {plain_heading(heading): base_field(field) for heading, field in named.items()} if named else None
    seen: dict[str, int] = {}
    columns = []
    for index, heading in enumerate(headings):
        if not heading:
            continue
        field = by_name.get(plain_heading(heading)) if by_name is not None else built_in().get(bare(heading))
        group = number_of(heading)
        again = seen[heading] = seen.get(heading, 0) + 1
        group = f"{group}#{again}" if again > 1 else group
        zone = zone_in(heading) if field in INSTANTS else None
        columns.append(Column(index, heading, field, group, zone, order_in(heading) if field in INSTANTS else None))
    return columns
