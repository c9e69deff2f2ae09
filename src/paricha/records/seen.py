"""Where a selector was seen, as an officer may know it: pages by key, so that a hub of 250,000 costs no more than a shop.

Plans at a million tips (SQLite; PostgreSQL does the same by the same indexes):
- sightings, a unit each: SEARCH records_sighting USING INDEX records_sighting_seen (selector_id=? AND unit_id=? AND
  (at,id)<(?,?)), 51 rows; the units' rows are merged here, so no hub is sorted.
- tips of any other selector: SEARCH records_selectorlink USING COVERING INDEX records_link_selector (selector_id=? AND
  tip_id<?), then SEARCH records_tip USING INTEGER PRIMARY KEY, until a page is full. The star's middle is always the
  earliest tip, so it comes last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec
from django.db import connection
from django.db.models import Q, QuerySet

from paricha.access.models import Officer
from paricha.access.scope import compartments_seen, units_seen
from paricha.grounds.selectors import SelectorKind, points
from paricha.records import bulk
from paricha.records.models import Group, GroupMember, Selector, SelectorLink, Sighting, Tip

AT_ONCE = 100  # units in one statement; SQLite takes 500
UP_TO = 1_000  # beyond it a count says "more than"
LOOKED_AT = 200  # tips of which is told what else stands in them

After = tuple[int | None, int]  # the instant (None: among the undated) and the integer key of the last row shown


class Count(msgspec.Struct, frozen=True):
    """How many, up to `UP_TO`; `more`: there are more than that."""

    n: int
    more: bool = False


class Beside(msgspec.Struct):
    """A selector that stands in tips with another, and in how many of those that were looked at."""

    selector: Selector
    tips: int


# ---- sightings of an address ------------------------------------------------------------------------------------
def sightings_page(
    officer: Officer, selector: Selector, *, after: After | None = None, limit: int, oldest: bool = False
) -> list[Sighting]:
    """Sightings that the officer may see, newest first (or oldest), the undated ones last, after a key."""
    found: list[tuple[int | None, int]] = []
    if after is None or after[0] is not None:
        found = _rows(officer, selector, after, limit, dated=True, oldest=oldest)
    if len(found) < limit:
        rest = after if after is not None and after[0] is None else None
        found += _rows(officer, selector, rest, limit - len(found), dated=False, oldest=oldest)
    rows = Sighting.objects.visible_to(officer).select_related("tip").in_bulk([key for _at, key in found])
    return [rows[key] for _at, key in found if key in rows]


def _rows(
    officer: Officer, selector: Selector, after: After | None, limit: int, *, dated: bool, oldest: bool
) -> list[tuple[int | None, int]]:
    """(instant, key) of a page, each unit asked by the index and the units merged."""
    way, side = ("ASC", ">") if oldest else ("DESC", "<")
    where, values = "AND at IS NOT NULL" if dated else "AND at IS NULL", []
    if after is not None:
        where += f" AND (at, id) {side} (%s, %s)" if dated else f" AND id {side} %s"
        values = list(after) if dated else [after[1]]
    order = f"at {way}, id {way}" if dated else f"id {way}"
    found: list[tuple[int | None, int]] = []
    branches = _branches(officer)
    for start in range(0, len(branches), AT_ONCE):
        some = branches[start : start + AT_ONCE]
        sql = " UNION ALL ".join(
            f"SELECT * FROM (SELECT at, id FROM records_sighting WHERE selector_id = %s AND {condition} {where} "
            f"ORDER BY {order} LIMIT %s) AS b{number}"
            for number, (condition, _) in enumerate(some)
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [value for _, own in some for value in (selector.pk, *own, *values, limit)])
            found += cursor.fetchall()
    found.sort(key=lambda row: (row[0] or 0, row[1]), reverse=not oldest)
    return found[:limit]


def _branches(officer: Officer) -> list[tuple[str, list[int]]]:
    """Conditions that part what the officer sees (`access.scope.scope`): a unit each, and his compartments."""
    if not officer.active:
        return []
    closed = compartments_seen(officer)
    branches: list[tuple[str, list[int]]] = [
        ("unit_id = %s AND compartment_id IS NULL", [unit]) for unit in units_seen(officer)
    ]
    if closed:
        branches.append((f"compartment_id IN ({', '.join(['%s'] * len(closed))})", closed))
    return branches


# ---- tips -------------------------------------------------------------------------------------------------------
def newest_tips(officer: Officer, selector: Selector, *, below: int | None = None, limit: int) -> list[Tip]:
    """Tips with the selector that the officer sees, newest first; for an address by its newest sightings."""
    if selector.kind == SelectorKind.ADDRESS:
        seen = sightings_page(officer, selector, limit=limit * 4)
        return list({one.tip_id: one.tip for one in seen}.values())[:limit]
    links = _links(officer, selector)
    if below is not None:
        links = links.filter(tip_id__lt=below)
    keys = list(links.order_by("-tip_id").values_list("tip_id", flat=True)[:limit])
    if len(keys) < limit and selector.first_tip_id is not None and (below is None or selector.first_tip_id < below):
        keys.append(selector.first_tip_id)
    rows = Tip.objects.visible_to(officer).in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


def _links(officer: Officer, selector: Selector) -> QuerySet[SelectorLink]:
    return SelectorLink.objects.visible_to(officer).filter(selector=selector)


def tips_counted(officer: Officer, selector: Selector) -> Count:
    """How many tips that the officer sees have the selector."""
    if selector.kind == SelectorKind.ADDRESS:
        seen = Sighting.objects.visible_to(officer).filter(selector=selector).order_by()
        found = seen.values("tip_id").distinct()[: UP_TO + 1].count()
    else:
        found = _links(officer, selector).order_by()[: UP_TO + 1].count()
        found += Tip.objects.visible_to(officer).filter(pk=selector.first_tip_id).count()
    return Count(min(found, UP_TO), found > UP_TO)


def sightings_counted(officer: Officer, selector: Selector) -> Count:
    """How many sightings of an address the officer sees."""
    found = Sighting.objects.visible_to(officer).filter(selector=selector).order_by()[: UP_TO + 1].count()
    return Count(min(found, UP_TO), found > UP_TO)


def groups_with(officer: Officer, selector: Selector) -> QuerySet[Group]:
    """Groups that the officer sees and that name the selector."""
    members = GroupMember.objects.filter(Q(account=selector) | Q(phone=selector)).values("group_id")
    return Group.objects.visible_to(officer).filter(pk__in=members)


def selectors_in(tip: Tip, most: int) -> list[Selector]:
    """The selectors that stand in a tip, addresses last, up to `most` of either.

    Asked one index at a time: joined with OR, SQLite walks all selectors (2.3 s a tip at 30,000 tips).
    """
    first = Selector.objects.filter(first_tip=tip).values_list("pk", flat=True)
    linked = SelectorLink.objects.filter(tip=tip).values_list("selector_id", flat=True)
    seen = Sighting.objects.filter(tip=tip).values_list("selector_id", flat=True)
    rows = sorted(Selector.objects.in_bulk({*first, *linked, *seen}).values(), key=lambda one: one.pk)
    addresses = [one for one in rows if one.kind == SelectorKind.ADDRESS]
    return [one for one in rows if one.kind != SelectorKind.ADDRESS][:most] + addresses[:most]


def first_received(officer: Officer, selector: Selector, count: Count) -> Tip | None:
    """The visible tip with the selector that was received first; of a hub the one that was brought in first."""
    if count.more:
        first = Tip.objects.visible_to(officer).filter(pk=selector.first_tip_id).first()
        if first is not None:
            return first
        key = _links(officer, selector).order_by("tip_id").values_list("tip_id", flat=True).first()
        return Tip.objects.filter(pk=key).first()
    tips = newest_tips(officer, selector, limit=UP_TO + 1)
    dated = [tip for tip in tips if tip.received_at is not None]
    return min(dated, key=lambda tip: (tip.received_at, tip.pk), default=None)


def beside(officer: Officer, selector: Selector, tips: Iterable[Tip], *, limit: int = 20) -> list[Beside]:
    """What else points at somebody in these tips (already narrowed to what the officer sees), most common first."""
    keys = [tip.pk for tip in tips][:LOOKED_AT]
    pairs: set[tuple[int, int]] = set()  # of a selector and a tip; an address stands in two of the questions
    for sql in (
        "SELECT id, first_tip_id FROM records_selector WHERE first_tip_id IN ({})",
        "SELECT selector_id, tip_id FROM records_selectorlink WHERE tip_id IN ({})",
        "SELECT DISTINCT selector_id, tip_id FROM records_sighting WHERE tip_id IN ({})",
    ):
        pairs |= {(key, tip) for key, tip in bulk.found(sql, keys)}
    counts = Counter(key for key, _tip in pairs if key != selector.pk)
    best = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[: limit * 3]
    rows = Selector.objects.in_bulk([key for key, _ in best])
    found = [Beside(rows[key], n) for key, n in best if key in rows]
    shown = [one for one in found if points(one.selector.kind, one.selector.normal_form, synthetic=True)]
    return sorted(shown, key=lambda one: (-one.tips, one.selector.kind, one.selector.normal_form))[:limit]
