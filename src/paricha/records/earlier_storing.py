"""Rows of registers become earlier work: one a row, its copies beside it, the copy of the batch opened last leading.

    prepared = [prepare(document, unit, region, dictionary) for document in documents]
    with transaction.atomic():
        outcome = store(prepared, batch=batch, unit=unit)

The same row of the same original adds nothing. Called by verbs only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django.db.models import QuerySet

from paricha.access.models import Unit
from paricha.intake.document import EarlierDocument, decode_earlier
from paricha.records import bulk, packing
from paricha.records.deriving import place_text
from paricha.records.earlier_deriving import case_key, earlier_id, first, said_digest, selectors_of, thing_of, words_of
from paricha.records.models import Earlier, EarlierSelector, EarlierVersion


class PreparedEarlier(msgspec.Struct):
    """All of a row that needs no database. `position` and `file`: of its file in the batch."""

    id16: bytes
    document: EarlierDocument
    said: bytes
    packed: bytes
    dictionary: int
    place: str
    position: int = 0
    file: str = ""

    @property
    def original(self) -> bytes:
        return bytes.fromhex(self.document.sources[0].original)


class Outcome(msgspec.Struct):
    """`changed`: ids of rows that are new, state something else now, or are gone; by document: new, versions, known."""

    changed: list[bytes] = []
    new: int = 0
    versions: int = 0
    known: int = 0


def prepare(
    document: EarlierDocument, unit: bytes, dictionary: int, *, position: int = 0, file: str = ""
) -> PreparedEarlier:
    """Who the row is, what it says, and its packed record. `unit`: the 16 bytes of the unit it comes into."""
    packed = packing.pack_bytes(packing.encode(document), dictionary)
    return PreparedEarlier(
        earlier_id(unit, document), document, said_digest(document), packed, dictionary, place_text(document.place),
        position, file,
    )  # fmt: skip


EARLIER = (
    "id id16 unit_id compartment_id register case_number case_key station name thing drive file versions unread words"
)
VERSION = "id earlier_id original place batch position file said layout dictionary packed"
SELECTOR = "id earlier_id selector kind normal_form bare field"
_KEYS = "SELECT id16, id FROM records_earlier WHERE id16 IN ({})"
# Plans (SQLite): SEARCH v USING INDEX records_earlier_original (original=? AND layout=? AND place=?), for the others of
# its file MULTI-INDEX OR over (original=? AND layout<?) and (original=? AND layout>?); e by primary key.
_AT_PLACES = (
    "SELECT v.place, v.id, v.earlier_id, e.id16, v.said FROM records_earlierversion v "
    "JOIN records_earlier e ON e.id = v.earlier_id "
    "WHERE v.place IN ({}) AND v.original = %s AND v.layout = %s AND e.unit_id = %s"
)
_OF_OTHER_LAYOUTS = (
    "SELECT v.id, v.earlier_id FROM records_earlierversion v JOIN records_earlier e ON e.id = v.earlier_id "
    "WHERE v.original IN ({}) AND (v.layout < %s OR v.layout > %s) AND v.batch = %s AND v.position = %s "
    "AND e.unit_id = %s"
)
_COPIES = (
    "SELECT earlier_id, batch, position, id, said FROM records_earlierversion WHERE earlier_id IN ({}) "
    "ORDER BY earlier_id, batch, position, id"
)
_STANDING = "SELECT id, id16, unit_id, compartment_id, register FROM records_earlier WHERE id IN ({})"


def store(prepared: Sequence[PreparedEarlier], *, batch: bytes, unit: Unit, region: str) -> Outcome:
    """Write rows. Inside a transaction; what was read from the same place before adds nothing, or is replaced."""
    made = Outcome()
    if not prepared:
        return made
    bulk.only_writer()
    touched: dict[int, None] = {}
    gone: set[int] = set()
    for key, earlier in _of_other_layouts(prepared, batch, unit):
        gone.add(key)
        touched[earlier] = None
    standing = _at_places(prepared, unit)
    keys = {bytes(id16): key for id16, key in bulk.found(_KEYS, {one.id16 for one in prepared})}
    new_key, version_key = bulk.Keys(Earlier), bulk.Keys(EarlierVersion)
    rows: list[tuple[Any, ...]] = []
    versions: list[tuple[Any, ...]] = []
    fresh: dict[int, PreparedEarlier] = {}
    for one in prepared:
        copy = standing.get((one.original, one.place))
        if copy is not None and copy[2:] == (one.id16, one.said):
            made.known += 1
            continue
        if copy is not None:  # the same cells, read otherwise now
            gone.add(copy[0])
            touched[copy[1]] = None
        key = keys.get(one.id16)
        if key is None:
            key = keys[one.id16] = new_key()
            rows.append((key, one.id16, unit.pk, None, one.document.register, *[None] * 6, "", 0, 0, ""))
            made.new += 1
        else:
            made.versions += 1
        number = version_key()
        fresh[number] = one
        versions.append((
            number, key, one.original, one.place, batch, one.position, one.file, one.said, one.document.layout,
            one.dictionary, one.packed,
        ))  # fmt: skip
        touched[key] = None
    bulk.insert(Earlier, EARLIER, rows)
    bulk.insert(EarlierVersion, VERSION, versions)
    bulk.delete_where(EarlierVersion, "id", gone)
    made.changed = _write_leading(list(touched), region, fresh)
    return made


def _of_other_layouts(prepared: Sequence[PreparedEarlier], batch: bytes, unit: Unit) -> Iterable[tuple[int, int]]:
    """What was read from the same files with another mapping: an officer chose anew, and those rows stand no more."""
    for original, layout, position in {(one.original, one.document.layout, one.position) for one in prepared}:
        yield from bulk.found(_OF_OTHER_LAYOUTS, [original], layout, layout, batch, position, unit.pk)


def _at_places(
    prepared: Sequence[PreparedEarlier], unit: Unit
) -> dict[tuple[bytes, str], tuple[int, int, bytes, bytes]]:
    """The copies that were read from the same places with the same mapping: key, row, id, what it says."""
    places: dict[tuple[bytes, str], list[str]] = {}
    for one in prepared:
        places.setdefault((one.original, one.document.layout), []).append(one.place)
    return {
        (original, place): (key, earlier, bytes(id16), bytes(said))
        for (original, layout), some in places.items()
        for place, key, earlier, id16, said in bulk.found(_AT_PLACES, some, original, layout, unit.pk)
    }


# ---- which copy leads -------------------------------------------------------------------------------------------
def _write_leading(keys: list[int], region: str, fresh: dict[int, PreparedEarlier]) -> list[bytes]:
    """Write rows anew from the copy of the batch opened last; a row without a copy goes. Gives their ids."""
    leading: dict[int, tuple[int, int]] = {}  # row → its newest copy, and how often what it says changed
    last: dict[int, bytes] = {}
    for earlier, _batch, _position, number, said in bulk.found(_COPIES, keys):
        count = leading[earlier][1] if earlier in leading else 0
        leading[earlier] = (number, count + (last.get(earlier) != bytes(said)))
        last[earlier] = bytes(said)
    standing = list(bulk.found(_STANDING, keys))
    bulk.delete_where(EarlierSelector, "earlier_id", keys)
    bulk.delete_where(Earlier, "id", keys)
    told = _documents([number for number, _count in leading.values()], fresh)
    selector_key = bulk.Keys(EarlierSelector)
    rows, pointed = [], []
    for key, id16, unit, compartment, register in standing:
        if key not in leading:
            continue
        number, versions = leading[key]
        document, file = told[number]
        rows.append((
            key, bytes(id16), unit, compartment, register, first(document, "case.number"),
            case_key(first(document, "case.number")),
            first(document, "case.station"), first(document, "accused.name"), thing_of(document),
            first(document, "drive"), file, versions, len(document.unread), words_of(document),
        ))  # fmt: skip
        pointed += [
            (selector_key(), key, one.id16, one.kind, one.normal_form, one.bare, one.field)
            for one in selectors_of(document, region)
        ]
    bulk.insert(Earlier, EARLIER, rows)
    bulk.insert(EarlierSelector, SELECTOR, pointed)
    return [bytes(id16) for _key, id16, *_rest in standing]


def _documents(numbers: list[int], fresh: dict[int, PreparedEarlier]) -> dict[int, tuple[EarlierDocument, str]]:
    """The documents of copies and the names of their files; those just written need not be opened again."""
    told = {number: (fresh[number].document, fresh[number].file) for number in numbers if number in fresh}
    sql = "SELECT id, packed, dictionary, file FROM records_earlierversion WHERE id IN ({})"
    for number, packed, dictionary, file in bulk.found(sql, [number for number in numbers if number not in told]):
        told[number] = (open_earlier(bytes(packed), dictionary), file)
    return told


def open_earlier(packed: bytes, dictionary: int) -> EarlierDocument:
    """The document of a packed row."""
    return decode_earlier(packing.open_bytes(packed, dictionary))


# ---- what goes --------------------------------------------------------------------------------------------------
def forget_original(sha256: bytes, region: str) -> list[bytes]:
    """Take away all copies read from one original (SHA-256); rows stand with what is left. Gives the ids touched."""
    return _forget(EarlierVersion.objects.filter(original=sha256), region)


def forget_file(batch: bytes, position: int, region: str) -> list[bytes]:
    """Take away what one file of a batch gave: an officer says now that it holds no register."""
    return _forget(EarlierVersion.objects.filter(batch=batch, position=position), region)


def _forget(copies: QuerySet[EarlierVersion], region: str) -> list[bytes]:
    found = list(copies.values_list("pk", "earlier_id"))
    if not found:
        return []
    bulk.delete_where(EarlierVersion, "id", [number for number, _earlier in found])
    return _write_leading(sorted({earlier for _number, earlier in found}), region, {})


# ---- the record as lines ----------------------------------------------------------------------------------------
TABLES = (EarlierSelector, EarlierVersion, Earlier)
LINES = (
    """SELECT id16, unit_id, register, case_number, station, name, thing, drive, versions, unread, words
       FROM records_earlier ORDER BY id16""",
    """SELECT e.id16, v.original, v.place, v.said, v.layout FROM records_earlierversion v
       JOIN records_earlier e ON e.id = v.earlier_id ORDER BY e.id16, v.original, v.place, v.layout""",
    """SELECT e.id16, s.selector, s.kind, s.normal_form, s.field FROM records_earlierselector s
       JOIN records_earlier e ON e.id = s.earlier_id ORDER BY e.id16, s.selector""",
)
