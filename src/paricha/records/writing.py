"""Rows of tips written together: each table filled in memory, then written at once.

    writer = Writer(unit_id); writer.tip(...); writer.flush()

Inside the caller's transaction, as the only writer (`bulk.only_writer`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from django.db.models import Q

from paricha.grounds.selectors import SelectorKind
from paricha.records import bulk, words
from paricha.records.deriving import WITHIN, Selected, TipRows
from paricha.records.merging import Conflict
from paricha.records.models import Conflict as ConflictRow
from paricha.records.models import (
    FileHash,
    GroupMember,
    Selector,
    SelectorLink,
    Sighting,
    TipAlias,
    TipFile,
    TipVersion,
)


class Place(msgspec.Struct, frozen=True):
    """Whose a tip is: integer keys of its unit and compartment."""

    unit: int
    compartment: int | None = None


class Writer:
    """Fills the tables that hang on tips. `selectors` must be told of every selector before `flush`."""

    def __init__(self) -> None:
        self.sighting_key, self.file_key = bulk.Keys(Sighting), bulk.Keys(TipFile)
        self.hash_key, self.link_key = bulk.Keys(FileHash), bulk.Keys(SelectorLink)
        self.selector_key, self.version_key = bulk.Keys(Selector), bulk.Keys(TipVersion)
        self.conflict_key = bulk.Keys(ConflictRow)
        self._tips: list[tuple[int, Place, TipRows]] = []
        self._versions: list[tuple[Any, ...]] = []
        self._conflicts: list[tuple[Any, ...]] = []
        self._aliases: list[tuple[Any, ...]] = []
        self._entries: list[words.Entry] = []
        self.leads: list[tuple[int, list[int]]] = []  # tip and the arrivals that lead, set after `flush`

    def rows(self, tip: int, place: Place, rows: TipRows) -> None:
        """A tip's selectors, sightings, files and words; what stood there before must be gone."""
        self._tips.append((tip, place, rows))
        self._entries.append((tip, rows.words))

    def version(self, tip: int, *values: Any) -> int:
        """One delivery; values as in `VERSION` after the tip. Gives its integer."""
        key = self.version_key()
        self._versions.append((key, tip, *values))
        return key

    def conflicts(self, tip: int, conflicts: Iterable[Conflict]) -> None:
        for one in conflicts:
            self._conflicts.append(
                (self.conflict_key(), tip, one.field, len(one.readings), one.leading, one.rule, one.rule == "decided")
            )

    def aliases(self, tip: int, old_to_new: dict[bytes, bytes]) -> None:
        self._aliases += [(old, new, tip) for old, new in old_to_new.items()]

    def flush(self) -> None:
        """Write everything."""
        keys = self._select()
        sightings, files, hashes = [], [], []
        for tip, place, rows in self._tips:
            for row in rows.sightings:
                sightings.append((
                    self.sighting_key(), row.id16, tip, place.unit, place.compartment, keys[row.selector], row.number,
                    row.who, row.port, row.event, row.at, row.precision, row.zone_source,
                ))  # fmt: skip
            for file in rows.files:
                key = self.file_key()
                files.append(
                    (key, tip, file.number, file.name, file.viewed_by_reporter, file.public, file.classification)
                )
                hashes += [(self.hash_key(), key, keys[one]) for one in dict.fromkeys(file.hashes)]
        bulk.insert(TipVersion, VERSION, self._versions)
        bulk.insert(Sighting, SIGHTING, sightings)
        bulk.insert(TipFile, FILE, files)
        bulk.insert(FileHash, "id file_id selector_id", hashes)
        bulk.insert(ConflictRow, "id tip_id field readings leading rule decided", self._conflicts)
        bulk.insert(TipAlias, "old new tip_id", self._aliases)
        words.add(self._entries)

    def _select(self) -> dict[bytes, int]:
        """Look the selectors up, insert the missing, and link each further tip to the selector's first one."""
        wanted: dict[bytes, Selected] = {}
        for _, _, rows in self._tips:
            wanted.update(rows.selectors)
        known = known_selectors(wanted)
        missing: list[tuple[Any, ...]] = []
        homeless: dict[int, int] = {}
        links: list[tuple[int, int, int]] = []
        for tip, _, rows in self._tips:
            for id16, kind, normal in rows.selectors.values():
                found = known.get(id16)
                if found is None:
                    key = self.selector_key()
                    known[id16] = (key, tip)
                    missing.append((key, id16, kind, normal, bare(kind, normal), tip))
                elif found[1] is None or found[1] > tip:  # the star's middle is always the earliest tip
                    if found[1] is not None and kind != SelectorKind.ADDRESS:
                        links.append((self.link_key(), found[0], found[1]))
                    known[id16] = (found[0], tip)
                    homeless[found[0]] = tip
                elif found[1] != tip and kind != SelectorKind.ADDRESS:
                    links.append((self.link_key(), found[0], tip))
        bulk.insert(Selector, "id id16 kind normal_form bare first_tip_id", missing)
        bulk.insert(SelectorLink, "id selector_id tip_id", links)
        for key, tip in homeless.items():
            bulk.update(Selector, key, first_tip_id=tip)
        return {id16: key for id16, (key, _) in known.items()}


VERSION = "id tip_id arrival form original place reader batch repeats newest dictionary packed"
SIGHTING = (
    "id id16 tip_id unit_id compartment_id selector_id number who port event at precision zone_source"
)  # fmt: skip
FILE = "id tip_id number name viewed_by_reporter public classification"


def bare(kind: str, normal_form: str) -> str | None:
    """A normal form without what it stands within."""
    return normal_form.partition("|")[2] if kind in WITHIN else None


def known_selectors(wanted: Iterable[bytes]) -> dict[bytes, tuple[int, int | None]]:
    """Integer and first tip of the selectors that stand there already."""
    sql = "SELECT id16, id, first_tip_id FROM records_selector WHERE id16 IN ({})"
    return {bytes(id16): (key, first) for id16, key, first in bulk.found(sql, wanted)}


def clear_rows(tips: list[int]) -> None:
    """Take away what hangs on tips (not their versions or words), before it is written anew or for good.

    A selector that the tips had first goes to the next tip that has it, or away.
    """
    bulk.delete_where(Sighting, "tip_id", tips)
    files = [key for (key,) in bulk.found("SELECT id FROM records_tipfile WHERE tip_id IN ({})", tips)]
    bulk.delete_where(FileHash, "file_id", files)
    bulk.delete_where(TipFile, "tip_id", tips)
    bulk.delete_where(ConflictRow, "tip_id", tips)
    bulk.delete_where(TipAlias, "tip_id", tips)
    bulk.delete_where(SelectorLink, "tip_id", tips)
    _rehome(tips)


def _rehome(tips: list[int]) -> None:
    """Selectors whose first tip has them no more go to the next tip that has them, or away."""
    lost = list(bulk.found("SELECT id, kind FROM records_selector WHERE first_tip_id IN ({})", tips))
    for key, kind in lost:
        if kind == SelectorKind.ADDRESS:
            following = (
                Sighting.objects.filter(selector_id=key).order_by("tip_id").values_list("tip_id", flat=True).first()
            )
        else:
            following = (
                SelectorLink.objects.filter(selector_id=key).order_by("tip_id").values_list("tip_id", flat=True).first()
            )
            SelectorLink.objects.filter(selector_id=key, tip_id=following).delete()
        if following is not None:
            bulk.update(Selector, key, first_tip_id=following)
        elif in_group(key):
            bulk.update(Selector, key, first_tip_id=None)
        else:
            bulk.delete_where(Selector, "id", [key])


def in_group(selector: int) -> bool:
    """Whether a group's member has the selector."""
    return GroupMember.objects.filter(Q(account_id=selector) | Q(phone_id=selector)).exists()
