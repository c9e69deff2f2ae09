"""Folding: of tips marked as batched, viral or meme that share a file, one stands for all; none is deleted.

Tips without a mark never fold. The canonical tip is the one received first, ties by report number and id, so that the
order of delivery does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from paricha.records import bulk
from paricha.records.models import Tip

Row = tuple[int, bytes, int | None, str | None, bytes | None]


def fold(tips: Iterable[bytes]) -> int:
    """Fold the families of these marked tips. Gives how many tips stand folded that stood alone before."""
    family = _family(
        {key for (key,) in bulk.found("SELECT id FROM records_tip WHERE id16 IN ({}) AND marks <> ''", tips)}
    )
    sql = "SELECT id, id16, received_at, report_number, folded_into FROM records_tip WHERE id IN ({})"
    rows = {row[0]: row for row in bulk.found(sql, family)}
    newly = 0
    for members in _families(family):
        first = min((rows[key] for key in members), key=_order)
        for key in members:
            into = None if key == first[0] else bytes(first[1])
            before = None if rows[key][4] is None else bytes(rows[key][4])  # type: ignore[arg-type]
            if into != before:
                bulk.update(Tip, key, folded_into=into)
                newly += before is None
    return newly


def _order(row: Row) -> tuple[bool, int, str, bytes]:
    return (row[2] is None, row[2] or 0, row[3] or "", bytes(row[1]))


_SHARED = """
    SELECT mine.tip_id, others.tip_id FROM records_tipfile mine
    JOIN records_filehash a ON a.file_id = mine.id
    JOIN records_filehash b ON b.selector_id = a.selector_id
    JOIN records_tipfile others ON others.id = b.file_id
    JOIN records_tip tip ON tip.id = others.tip_id AND tip.marks <> ''
    WHERE mine.tip_id IN ({})
"""


def _edges(tips: Iterable[int]) -> dict[int, set[int]]:
    edges: dict[int, set[int]] = defaultdict(set)
    for one, other in bulk.found(_SHARED, tips):
        edges[one].add(other)
    return edges


def _family(tips: set[int]) -> set[int]:
    """The tips and every marked tip that shares a file with one of them, and so on."""
    seen, edge = set(tips), set(tips)
    while edge:
        edge = {other for others in _edges(edge).values() for other in others} - seen
        seen |= edge
    return seen


def _families(tips: set[int]) -> list[set[int]]:
    edges, left, found = _edges(tips), set(tips), []
    while left:
        start = left.pop()
        family, edge = {start}, [start]
        while edge:
            for other in edges[edge.pop()]:
                if other in left:
                    left.discard(other)
                    family.add(other)
                    edge.append(other)
        found.append(family)
    return found
