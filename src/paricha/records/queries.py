"""Reading the record: always as an officer who may see it.

Other rooms: `document_of(tip)`, `documents_of(ids)` (bulk, for rules), `first_seen(selector)`, `tips_with(selector)`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q, QuerySet

from paricha.access.models import Officer
from paricha.grounds.selectors import SelectorKind
from paricha.intake.document import GroupDocument, TipDocument
from paricha.records import bulk, packing
from paricha.records.deciding import decisions_of
from paricha.records.merging import Merged, merged
from paricha.records.models import GroupVersion, Selector, Sighting, Tip, TipAlias, TipVersion
from paricha.records.storing import versions_of
from paricha.records.versions import Delivery


def merged_of(tip: Tip) -> Merged:
    """The tip as it stands, with its conflicts and its deliveries. The caller has seen to who may see it."""
    deliveries = [one.delivery for one in versions_of(tip.pk)]
    return merged(deliveries, decisions_of(tip.id16), region=settings.PARICHA.region)


def document_of(tip: Tip) -> TipDocument:
    """The merged document of a tip, newest versions. The caller has seen to who may see it."""
    return merged_of(tip).document


def documents_of(ids: Iterable[bytes]) -> dict[bytes, TipDocument]:
    """Merged documents of many tips by `id16`; for rules and jobs, which judge for every officer (~50 µs a tip)."""
    return {id16: one.document for id16, one in _merged_by_id(ids).items()}


def merged_many(tips: Iterable[Tip]) -> dict[bytes, Merged]:
    """As `merged_of`, for many tips that the caller may see, by `id16`."""
    return _merged_by_id([tip.id16 for tip in tips])


def members_of(tips: Iterable[Tip]) -> dict[bytes, list[str]]:
    """Report numbers of the tips folded into each of these, by the canonical tip's `id16`."""
    sql = "SELECT folded_into, report_number FROM records_tip WHERE folded_into IN ({}) ORDER BY report_number"
    found: dict[bytes, list[str]] = defaultdict(list)
    for into, number in bulk.found(sql, [tip.id16 for tip in tips]):
        if number is not None:
            found[bytes(into)].append(number)
    return found


def tip_named(officer: Officer, text: str) -> Tip:
    """The tip of that id (hex) or report number. Raises `Refused` ACCESS-NOT-VISIBLE."""
    if len(text) == 32:
        try:
            return Tip.objects.get_visible(officer, id16=bytes.fromhex(text))
        except ValueError:
            pass
    return Tip.objects.get_visible(officer, report_number=text)


def _merged_by_id(ids: Iterable[bytes]) -> dict[bytes, Merged]:
    sql = (
        "SELECT t.id16, v.arrival, v.batch, v.dictionary, v.packed FROM records_tip t "
        "JOIN records_tipversion v ON v.tip_id = t.id WHERE t.id16 IN ({})"
    )
    deliveries: dict[bytes, list[Delivery]] = defaultdict(list)
    for id16, arrival, batch, dictionary, packed in bulk.found(sql, ids):
        document = packing.open_tip(bytes(packed), dictionary)
        deliveries[bytes(id16)].append(Delivery(arrival, bytes(batch), document))
    region = settings.PARICHA.region
    return {
        id16: merged(given, decisions_of(id16) if len(given) > 1 else None, region=region)
        for id16, given in deliveries.items()
    }


def group_document_of(group_key: int) -> GroupDocument | None:
    """The newest export of a group."""
    row = GroupVersion.objects.filter(group_id=group_key).order_by("-id").first()
    return None if row is None else packing.open_group(bytes(row.packed), row.dictionary)


def tips_with(officer: Officer, selector: Selector) -> QuerySet[Tip]:
    """The tips that the officer sees and that have the selector.

    Plan at 1 M: SEARCH records_sighting USING COVERING INDEX (selector, unit …) or records_link_selector, then tips by key.
    """
    if selector.kind == SelectorKind.ADDRESS:
        seen = Sighting.objects.visible_to(officer).filter(selector=selector).values("tip_id")
        return Tip.objects.visible_to(officer).filter(pk__in=seen)
    linked = selector.links.values("tip_id")
    return Tip.objects.visible_to(officer).filter(Q(pk__in=linked) | Q(pk=selector.first_tip_id))


def sightings_of(officer: Officer, selector: Selector) -> QuerySet[Sighting]:
    """Where an address was seen, oldest first; undated ones first of all."""
    return Sighting.objects.visible_to(officer).filter(selector=selector).order_by("at", "id")


def first_seen(officer: Officer, selector: Selector) -> Sighting | None:
    """The earliest dated sighting of an address that the officer may see."""
    return sightings_of(officer, selector).filter(at__isnull=False).first()


def sighting_named(officer: Officer, id16: bytes) -> Sighting | None:
    """A sighting by its id, or by one it had before its instant became finer."""
    found = Sighting.objects.visible_to(officer).filter(id16=id16).select_related("tip", "selector").first()
    if found is not None:
        return found
    alias = TipAlias.objects.filter(old=id16).values_list("new", flat=True).first()
    return None if alias is None else sighting_named(officer, alias)


def deliveries_of(officer: Officer, tip: Tip) -> QuerySet[TipVersion]:
    """A tip's deliveries, oldest first, without their packed bytes."""
    return TipVersion.objects.visible_to(officer).filter(tip=tip).order_by("arrival").defer("packed")
