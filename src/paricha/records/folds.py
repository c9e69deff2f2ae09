"""Folding: of tips marked as batched, viral or meme that share a file, one stands for all; none is deleted.

Tips without a mark never fold, and one that an officer decided to stand alone neither folds nor stands for others. The
canonical tip is the one received first, ties by report number and id, so that the order of delivery does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from paricha.records import bulk
from paricha.records.models import Tip

Row = tuple[int, bytes, int | None, str | None, bytes | None]


def fold(tips: Iterable[bytes]) -> int:
    """Fold the families of these tips. Gives how many tips stand folded that stood alone before."""
    return len(_fold(tips)[1])


def refold(tips: Iterable[bytes]) -> list[bytes]:
    """As `fold`, after a decision. Gives the ids of all tips of which the standing changed."""
    return _fold(tips)[0]


def _fold(tips: Iterable[bytes]) -> tuple[list[bytes], list[bytes]]:
    ids = list(tips)
    family = _family(_with_members(ids))
    sql = "SELECT id, id16, received_at, report_number, folded_into FROM records_tip WHERE id IN ({})"
    rows = {row[0]: row for row in bulk.found(sql, family)}
    apart = alone(bytes(row[1]) for row in rows.values())
    unmarked = {key for (key,) in bulk.found("SELECT id FROM records_tip WHERE id IN ({}) AND marks = ''", family)}
    apart_keys = unmarked | {key for key, row in rows.items() if bytes(row[1]) in apart}
    changed, newly = [], []
    for members in [*_families(family - apart_keys), *({key} for key in apart_keys)]:
        first = min((rows[key] for key in members), key=_order)
        for key in members:
            into = None if key == first[0] else bytes(first[1])
            before = None if rows[key][4] is None else bytes(rows[key][4])  # type: ignore[arg-type]
            if into != before:
                bulk.update(Tip, key, folded_into=into)
                changed.append(bytes(rows[key][1]))
                if before is None:
                    newly.append(bytes(rows[key][1]))
    return changed, newly


def _with_members(ids: list[bytes]) -> set[int]:
    """The marked ones of these tips; and of those that lost their mark, what stood folded with them."""
    found = set()
    sql = "SELECT id FROM records_tip WHERE id16 IN ({}) AND (marks <> '' OR folded_into IS NOT NULL)"
    found |= {key for (key,) in bulk.found(sql, ids)}
    members = list(bulk.found("SELECT id, folded_into FROM records_tip WHERE folded_into IN ({})", ids))
    heads = [bytes(into) for _key, into in members]
    found |= {key for key, _into in members}
    found |= {key for (key,) in bulk.found("SELECT id FROM records_tip WHERE id16 IN ({})", heads)}
    return found


def alone(tips: Iterable[bytes]) -> set[bytes]:
    """Those of the tips that an officer decided to stand alone."""
    said: dict[bytes, bool] = {}
    for tip, stands in bulk.found(
        "SELECT tip, alone FROM records_folddecision WHERE tip IN ({}) ORDER BY at, id", tips
    ):
        said[bytes(tip)] = bool(stands)
    return {tip for tip, stands in said.items() if stands}


def stands_alone(tip: bytes) -> bool:
    """Whether an officer decided that this tip stands alone."""
    return tip in alone([tip])


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
