"""What officers decided about tips, as merging and storing need it."""

from __future__ import annotations

from collections.abc import Iterable

from paricha.records import bulk
from paricha.records.models import ConflictDecision
from paricha.records.writing import Place


def decisions_of(tip: bytes) -> dict[str, str]:
    """Field path → the chosen value in its comparable form; the latest decision of a field holds."""
    rows = ConflictDecision.objects.filter(tip=tip).order_by("at", "id").values_list("field", "key")
    return dict(rows)


def place_of(tips: Iterable[bytes]) -> dict[bytes, Place]:
    """Unit of the tips that were handed to one."""
    sql = "SELECT tip, unit_id FROM records_handing WHERE tip IN ({}) ORDER BY at, id"
    return {bytes(tip): Place(unit) for tip, unit in bulk.found(sql, tips)}
