"""Keep the proposed links true to the record: for the selectors of changed tips, made anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from paricha.grounds.identity import derived_id
from paricha.linking.judging import LinkRules, propose, shipped_rules
from paricha.linking.models import Link
from paricha.records import bulk
from paricha.records.models import SelectorLink

# Plan (SQLite, 1 M tips): records_link by tip_id, then selector by primary key; a chunk of 500 tips reads about 2,300
# link rows. Only kinds that a rule names are kept.
_SHARED_BY_TIPS = """
SELECT DISTINCT s.id FROM records_selectorlink l JOIN records_selector s ON s.id = l.selector_id
WHERE l.tip_id IN ({}) AND s.kind IN (%s, %s)
"""
_FIRST_IN_TIPS = "SELECT s.id FROM records_selector s WHERE s.first_tip_id IN ({}) AND s.kind IN (%s, %s)"
_SHARED = "SELECT DISTINCT selector_id FROM records_selectorlink WHERE selector_id IN ({})"
_LINKED_BEFORE = "SELECT DISTINCT selector_id FROM linking_link WHERE {} IN ({})"
_STOOD = """
SELECT l.id16, f.id16, t.id16 FROM linking_link l LEFT JOIN records_tip f ON f.id = l.first_id
LEFT JOIN records_tip t ON t.id = l.tip_id WHERE l.selector_id IN ({})
"""
_LOOSE_ENDS = (
    "SELECT DISTINCT t.id16 FROM linking_link l JOIN records_tip t ON t.id = l.{left} "
    "WHERE NOT EXISTS (SELECT 1 FROM records_tip g WHERE g.id = l.{gone})"
)
_DROP_LOOSE = "DELETE FROM linking_link WHERE NOT EXISTS (SELECT 1 FROM records_tip g WHERE g.id = linking_link.{gone})"
_SHARING = """
SELECT s.id, s.kind, s.id16, t.id, t.id16 FROM records_selector s JOIN records_tip t ON t.id = s.first_tip_id
WHERE s.id IN ({})
"""
_LINKED = """
SELECT l.selector_id, t.id, t.id16 FROM records_selectorlink l JOIN records_tip t ON t.id = l.tip_id
WHERE l.selector_id IN ({}) ORDER BY l.selector_id, t.id16
"""


def propose_for(tips: Iterable[bytes], rules: LinkRules | None = None) -> set[bytes]:
    """Make the links of these tips' shared selectors anew. Returns the tips (16 bytes) that won or lost a link.

    A tip whose links are as they were is not named, though another one shares its selector now: each name costs a
    ranking, and of a backlog's tips most share something. Idempotent; call it inside a transaction.
    """
    law = rules or shipped_rules()
    kinds = [rule.kind for rule in law.rule]
    numbers = [row[0] for row in bulk.found("SELECT id FROM records_tip WHERE id16 IN ({})", tips)]
    selectors = {row[0] for row in bulk.found(_SHARED_BY_TIPS, numbers, *kinds)}
    firsts = {row[0] for row in bulk.found(_FIRST_IN_TIPS, numbers, *kinds)}
    selectors |= {row[0] for row in bulk.found(_SHARED, firsts)}
    # a tip that gave up its last use of a selector leaves links behind that nothing above finds
    selectors |= {row[0] for row in bulk.found(_LINKED_BEFORE.format("tip_id", "{}"), numbers)}
    selectors |= {row[0] for row in bulk.found(_LINKED_BEFORE.format("first_id", "{}"), numbers)}
    return _make(sorted(selectors), law)


def drop_loose() -> set[bytes]:
    """Take out the links of tips that were deleted by an order. Returns the tips that stood at the other end."""
    touched = set()
    with connection.cursor() as cursor:
        for gone, left in (("first_id", "tip_id"), ("tip_id", "first_id")):
            cursor.execute(_LOOSE_ENDS.format(gone=gone, left=left))
            touched |= {bytes(row[0]) for row in cursor.fetchall()}
            cursor.execute(_DROP_LOOSE.format(gone=gone))
    return touched


def _make(selectors: list[int], law: LinkRules) -> set[bytes]:
    if not selectors:
        return set()
    stood = {bytes(link): _ends(*ends) for link, *ends in bulk.found(_STOOD, selectors)}
    bulk.delete_where(Link, "selector_id", selectors)
    linked: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
    for selector, tip, tip16 in bulk.found(_LINKED, selectors):
        linked[selector].append((tip, bytes(tip16)))
    number = bulk.Keys(Link)
    rows: list[tuple[object, ...]] = []
    stand: dict[bytes, set[bytes]] = {}
    for selector, kind, selector16, first, first16 in bulk.found(_SHARING, selectors):
        others = [(tip, tip16) for tip, tip16 in linked[selector] if tip != first]
        proposal = propose(kind, len(others) + 1, law)
        if proposal is None:
            continue
        for tip, tip16 in others:
            code = proposal.rule.code
            identity = derived_id("link", code, bytes(selector16), bytes(first16), tip16)
            rows.append((number(), identity, code, selector, first, tip, proposal.strength, len(others) + 1))
            stand[identity] = _ends(first16, tip16)
    bulk.insert(Link, "id id16 rule selector_id first_id tip_id strength sharing", rows)
    changed = stood.keys() ^ stand.keys()
    return {end for link in changed for end in (stand[link] if link in stand else stood[link])}


def _ends(*tips: bytes | None) -> set[bytes]:
    """The tips at the ends of a link; one that was deleted by an order is none."""
    return {bytes(tip) for tip in tips if tip is not None}


def forget() -> None:
    """Empty the proposed links."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM linking_link")


def again() -> int:
    """Make all links anew from the record. Returns how many stand."""
    selectors = list(
        SelectorLink.objects.filter(selector__kind__in=[rule.kind for rule in shipped_rules().rule])
        .order_by("selector_id")
        .values_list("selector_id", flat=True)
        .distinct()
    )
    for start in range(0, len(selectors), 1000):
        _make(selectors[start : start + 1000], shipped_rules())
    return Link.objects.count()
