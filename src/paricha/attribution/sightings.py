"""All sightings an officer sees, tips' own and observed ones, as one kind with strength and directness."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import msgspec
from django.db.models import QuerySet

from paricha.access.models import Officer
from paricha.attribution.activities import activity_of
from paricha.attribution.models import ObservedSighting, RequestRow
from paricha.attribution.strand import SightingFacts
from paricha.grounds.instants import Precision
from paricha.intake.document import TipDocument, locator
from paricha.operators.bogons import unwrapped
from paricha.records.models import Sighting
from paricha.records.queries import documents_of

CHUNK = 400
decode = msgspec.json.Decoder(SightingFacts).decode


class Offered(msgspec.Struct, frozen=True):
    """A sighting with what requests need beside it: whose it is (`who` of a tip), the unit, why it does not lead."""

    facts: SightingFacts
    who: str
    unit_id: int
    compartment_id: int | None
    held_code: str = ""


def unasked(officer: Officer) -> Iterator[Offered]:
    """Every sighting the officer sees that stands in no request yet: observed ones first, then tips', oldest first."""
    asked = RequestRow.objects.values("sighting")
    for row in ObservedSighting.objects.visible_to(officer).exclude(id16__in=asked).order_by("at", "id16"):
        yield Offered(
            decode(row.facts), "suspect", row.unit_id, row.compartment_id, row.code if row.outcome == "held" else ""
        )
    tips = Sighting.objects.visible_to(officer).exclude(id16__in=asked).filter(tip__folded_into=None)
    yield from of_tips(tips.order_by("tip_id", "number"))


def of_tips(rows: QuerySet[Sighting]) -> Iterator[Offered]:
    """Tips' sightings with their activity and places."""
    chunk: list[Sighting] = []
    for row in rows.select_related("tip", "selector").iterator(chunk_size=2000):
        if len(chunk) >= CHUNK and row.tip_id != chunk[-1].tip_id:
            yield from _with_documents(chunk)
            chunk = []
        chunk.append(row)
    yield from _with_documents(chunk)


def _with_documents(rows: list[Sighting]) -> Iterator[Offered]:
    documents = documents_of({row.tip.id16 for row in rows}) if rows else {}
    seen: set[bytes] = set()
    for row in rows:
        document = documents.get(row.tip.id16)
        if document is None or row.id16 in seen:
            continue
        seen.add(row.id16)
        yield Offered(of_tip(row, document), row.who, row.unit_id, row.compartment_id)


def of_tip(row: Sighting, document: TipDocument) -> SightingFacts:
    """A tip's sighting as facts: the platform itself saw it, so it is direct; it names no protocol."""
    tip = row.tip
    report = tip.report_number or tip.id16.hex()[:8]
    places = []
    if row.number < len(document.sightings):
        seen = document.sightings[row.number]
        places = [locator(document, leaf) for leaf in (seen.address, seen.port, seen.at) if leaf is not None]
    address = str(unwrapped(ipaddress.ip_address(row.selector.normal_form)))
    at = datetime.fromtimestamp(row.at, UTC) if row.at is not None else None
    return SightingFacts(
        id=row.id16.hex(), source="tip", reference=report, activity=activity_of(document, row.who, report),
        provenance="platform", direct=True, address=address, port=row.port, protocol=None, at=at,
        precision=Precision(row.precision) if row.precision else None, zone_source=row.zone_source,
        strength=row.event or "", locators=tuple(places),
    )  # fmt: skip


def as_recorded(ids: Iterable[bytes]) -> dict[bytes, SightingFacts]:
    """Sightings as the record has them now, by id: what a letter is compared with before it is signed."""
    wanted = list(ids)
    found = {}
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        for row in ObservedSighting.objects.filter(id16__in=part):
            found[row.id16] = decode(row.facts)
        for offered in of_tips(Sighting.objects.filter(id16__in=part).order_by("tip_id", "number")):
            found[bytes.fromhex(offered.facts.id)] = offered.facts
    return found
