"""Rows of observations judged one by one: taken, held, or refused with the check that stops them. Pure.

The guards of import are C01 (direct contact only), C02 (typed twice), C05 (a clock), C07 (a zone), C11 (no bogon).
"""

from __future__ import annotations

import re
from datetime import datetime
from ipaddress import ip_address

import msgspec
from django.utils.translation import gettext as _

from paricha.attribution.strand import SightingFacts
from paricha.grounds import selectors
from paricha.grounds.identity import derived_id
from paricha.grounds.instants import Precision, ZoneSource, named_zone, read_instant, utc_text
from paricha.grounds.provenance import Locator, LocatorKind
from paricha.intake.readers.observations_paricha1 import ObservedCells
from paricha.operators.bogons import bogon, unwrapped

LEADING = ("direct", "platform")
HEARSAY = ("tracker", "dht", "pex", "third_party")
CLOCKS = ("ntp", "gps", "platform")
CLOCK_LIMIT_MS = 500  # reference attribution 2.5, C05
ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(?P<zone>Z|[+-]\d{2}:?\d{2})?")
COARSER = [Precision.SECOND, Precision.MINUTE, Precision.HOUR, Precision.DAY]


class Judged(msgspec.Struct, frozen=True):
    """A row's outcome: `facts` is None where it is refused; `code` is a check or a refusal code, empty where taken."""

    row: int
    line: int
    reference: str
    outcome: str  # taken, held, refused
    code: str
    words: str
    facts: SightingFacts | None


class _No(Exception):
    """Why a row is refused: code and words."""


def judge(cells: ObservedCells, sha256: str, *, now: datetime, synthetic: bool, columns: int) -> Judged:
    """One row. Never raises."""
    values = cells.values
    reference = values["reference"]
    try:
        if cells.columns != columns:
            raise _No(
                "OBSERVATIONS-ROW",
                _("The row has {count} cells instead of {wanted}.").format(count=cells.columns, wanted=columns),
            )
        facts = _facts(cells, sha256, now=now, synthetic=synthetic)
        code, words = _held(values)
    except _No as no:
        return Judged(cells.row, cells.line, reference, "refused", no.args[0], no.args[1], None)
    return Judged(cells.row, cells.line, reference, "held" if code else "taken", code, words, facts)


def _facts(cells: ObservedCells, sha256: str, *, now: datetime, synthetic: bool) -> SightingFacts:
    values = cells.values
    for column in ("reference", "activity", "address", "at"):
        if not values[column]:
            raise _No("C07" if column == "at" else "OBSERVATIONS-ROW", _("{column} is empty.").format(column=column))
    _typed_twice(values)
    address = _address(values["address"], synthetic=synthetic)
    at, precision = _at(values, now)
    if values["provenance"] not in LEADING + HEARSAY:
        raise _No("C01", _("How the address was learnt is not stated: “{word}”.").format(word=values["provenance"]))
    if values["provenance"] in HEARSAY:
        words = _("Learnt from {source}, not by direct contact: hearsay never leads; it stands in the original only.")
        raise _No("C01", words.format(source=values["provenance"]))
    if values["clock_source"] not in CLOCKS:
        raise _No(
            "C05", _("The observer had no clock that can be traced: “{word}”.").format(word=values["clock_source"])
        )
    port = _port(values, "port")
    identity = derived_id(
        "sighting-observed", values["reference"], values["activity"], address, str(port), utc_text(at)
    )
    places = tuple(
        Locator(sha256, LocatorKind.CELL, cells.at(column)) for column in ("address", "port", "at") if values[column]
    )
    return SightingFacts(
        id=identity.hex(), source="observation", reference=values["reference"], activity=values["activity"],
        provenance=values["provenance"], direct=values["provenance"] in LEADING, address=address, port=port,
        protocol=values["protocol"].upper() or None, at=at, precision=precision,
        zone_source=(ZoneSource.STATED if ISO.fullmatch(values["at"])["zone"] else ZoneSource.COLUMN).value,  # type: ignore[index]
        observer_address=selectors.address(values["observer_address"]) if values["observer_address"] else None,
        observer_port=_port(values, "observer_port"), strength=_strength(values), locators=places,
    )  # fmt: skip


def _typed_twice(values: dict[str, str]) -> None:
    if values["entry"] == "machine":
        return
    if values["entry"] != "typed":
        raise _No("C02", _("Whether the row was typed or came by machine is not stated."))
    for column in ("address", "at"):
        if values[column] != values[f"{column}_again"]:
            raise _No(
                "C02",
                _("{column} was typed as “{first}” and again as “{second}”; both must be equal.").format(
                    column=column, first=values[column], second=values[f"{column}_again"]
                ),
            )


def _address(text: str, *, synthetic: bool) -> str:
    address = selectors.address(text)
    if address is None:
        raise _No("OBSERVATIONS-ROW", _("“{text}” is no address.").format(text=text))
    why = bogon(address, synthetic=synthetic)
    if why:
        raise _No(
            "C11", _("{address} is {why}; no operator can name a customer for it.").format(address=address, why=_(why))
        )
    return str(unwrapped(ip_address(address)))


def _at(values: dict[str, str], now: datetime) -> tuple[datetime, Precision]:
    written, zone = values["at"], values["zone"].upper()
    shape = ISO.fullmatch(written)
    if shape is None:
        raise _No("C07", _("“{text}” is no time in the form of ISO 8601.").format(text=written))
    if zone not in ("", "UTC", "IST"):
        raise _No("C07", _("The zone “{zone}” is neither UTC nor IST.").format(zone=values["zone"]))
    if not shape["zone"] and not zone:
        raise _No("C07", _("“{text}” has no zone.").format(text=written))
    instant = read_instant(written, zone=zone or None, zone_source=ZoneSource.COLUMN)
    if instant.utc is None or instant.precision is None:
        raise _No("C07", _("“{text}” is no time.").format(text=written))
    if shape["zone"] and zone:
        said, column = named_zone(shape["zone"]), named_zone(zone)
        if said and column and said.utcoffset(instant.utc) != column.utcoffset(instant.utc):
            raise _No(
                "C07", _("“{text}” states one zone and its column another, {zone}.").format(text=written, zone=zone)
            )
    if instant.utc > now:
        raise _No("C07", _("“{text}” lies in the future.").format(text=written))
    if values["precision"] not in set(Precision):
        raise _No("C07", _("How precise the time is, is not stated: “{word}”.").format(word=values["precision"]))
    coarser = max(COARSER.index(instant.precision), COARSER.index(Precision(values["precision"])))
    return instant.utc, COARSER[coarser]


def _port(values: dict[str, str], column: str) -> int | None:
    text = values[column]
    if not text:
        return None
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise _No("OBSERVATIONS-ROW", _("“{text}” is no port.").format(text=text))
    return int(text)


def _held(values: dict[str, str]) -> tuple[str, str]:
    """Why a row is kept but does not lead; two empty texts where it does."""
    offset = values["clock_offset_ms"]
    try:
        far = abs(float(offset)) > CLOCK_LIMIT_MS if offset else False
    except ValueError:
        return "C05", _("The clock's offset “{text}” is no number.").format(text=offset)
    if far:
        return "C05", _("The observer's clock was {offset} ms off; beyond {limit} ms an officer must look.").format(
            offset=offset, limit=CLOCK_LIMIT_MS
        )
    return "", ""


def _strength(values: dict[str, str]) -> str:
    """What the contact showed, in words: a claim of the peer, never more."""
    said = [values["direction"]] if values["direction"] else []
    if values["infohash_echoed"]:
        said.append(f"infohash echoed: {values['infohash_echoed']}")
    if values["pieces_claimed"]:
        said.append(f"claims {values['pieces_claimed']} of {values['pieces_total'] or '?'} pieces")
    return ", ".join(said)
