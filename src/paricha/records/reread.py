"""Reading again with a newer reader, without storing: what would differ in each tip, before an officer lets it count.

    for told in of_file(file): ...      # one file read anew and compared with what stands in the record

Nothing here writes. The job `records:read-anew` keeps what is found (`jobs`), `verbs.count_reread` lets it count.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec
from django.conf import settings
from django.db.models import Q, QuerySet

from paricha.access.models import Officer, Unit
from paricha.intake import readers
from paricha.intake.document import TipDocument
from paricha.intake.models import Batch, FileRead, FileState, SavedMapping
from paricha.intake.queries import anew_by_reader, files, mappings_for, refused_for_format
from paricha.intake.reading import Coverage, FileStream, open_bytes
from paricha.records import deriving, packing
from paricha.records.deciding import decisions_of
from paricha.records.differences import Change, differences, plain_change
from paricha.records.merging import merged
from paricha.records.models import Reread, Tip, TipVersion
from paricha.records.storing import versions_of
from paricha.records.versions import Delivery
from paricha.vault import store as vault

AT_ONCE = 100  # documents compared together
CHANGES_KEPT = 200  # of one tip; beyond it only their number is kept


class TipDifference(msgspec.Struct):
    """What differs in one tip. `kind`: new, gone or other; `place`: of its report, JSON text; `told`: plain changes."""

    tip: bytes
    number: str | None
    kind: str
    place: str
    told: list[dict[str, Any]]
    added: int = 0
    changed: int = 0
    lost: int = 0
    conflicts: int = 0


class FileAnew(msgspec.Struct):
    """One file read anew. `read`: it got a coverage line; else it was refused, and nothing of it would count."""

    coverage: Coverage
    read: bool
    refusals: list[str]
    tips: list[TipDifference]


def readers_now(unit: Unit) -> str:
    """The readers and saved mappings that would read now: a decision is only about what these found."""
    keys = [int(key) for key in unit.path.split("/") if key]
    saved = SavedMapping.objects.filter(unit_id__in=keys).order_by("-saved_at", "-id").values_list("id", flat=True)
    newest = saved.first()
    labels = " ".join(sorted(reader.label for reader in readers.READERS))
    return labels if newest is None else f"{labels} {newest.hex()}"


def candidates(officer: Officer, batch: Batch, position: int | None) -> QuerySet[FileRead]:
    """The files of a batch that a newer reader or mapping would read otherwise, or that no reader knew then."""
    found = files(officer, batch).filter(anew_by_reader(batch.unit) | refused_for_format())
    if position is not None:
        found = files(officer, batch).filter(position=position).exclude(state__in=[FileState.WAITS, FileState.MEDIA])
    return found.filter(original__deleted_at=None).order_by("pk").distinct()


def of_file(file: FileRead) -> FileAnew:
    """Read one file anew and compare it with the record. Raises `Refused` where its original cannot be opened."""
    named, saved = mappings_for(file)
    data = vault.read_row(file.original)
    stream = open_bytes(data, name=file.name, sha256=file.original.hex, mapping=named, mappings=saved)
    known = _Known(bytes.fromhex(file.original.hex))
    tips = list(_compared(stream, known))
    reading = stream.reading
    if not reading.read:
        return FileAnew(reading.coverage, False, [one.code for one in reading.refusals], [])
    return FileAnew(
        reading.coverage, True, [one.code for one in reading.refusals], [*tips, *known.left()]
    )  # fmt: skip


class _Version(msgspec.Struct):
    """A delivery that stands in the record: keys of its row and tip, the tip's id and number."""

    key: int
    tip_key: int
    tip: bytes
    number: str | None


class _Known:
    """The deliveries that one original gave, by form and place; what is met is taken out."""

    def __init__(self, sha256: bytes) -> None:
        rows = TipVersion.objects.filter(original=sha256).values_list(
            "form", "place", "pk", "tip_id", "tip__id16", "tip__report_number"
        )
        self.by_place = {
            (form, place): _Version(key, tip_key, bytes(tip), number) for form, place, key, tip_key, tip, number in rows
        }

    def take(self, form: str, place: str, tip: bytes) -> _Version | None:
        """The delivery at that place, if it belongs to the same tip."""
        found = self.by_place.get((form, place))
        return self.by_place.pop((form, place)) if found is not None and found.tip == tip else None

    def left(self) -> Iterator[TipDifference]:
        """Deliveries that the newer reading gives no more."""
        for (_form, place), version in self.by_place.items():
            yield TipDifference(version.tip, version.number, "gone", place, [], lost=_values_of(version.key))


def _values_of(key: int) -> int:
    return len(differences(_document(key), TipDocument([], "", "")))


def _document(key: int) -> TipDocument:
    packed, dictionary = TipVersion.objects.values_list("packed", "dictionary").get(pk=key)
    return packing.open_tip(bytes(packed), dictionary)


def _compared(stream: FileStream, known: _Known) -> Iterator[TipDifference]:
    documents = (document for document in stream if isinstance(document, TipDocument))
    while some := list(islice(documents, AT_ONCE)):
        taken = []
        for document in some:
            tip = deriving.tip_id(document)
            place = deriving.place_text(document.place)
            taken.append((document, tip, place, known.take(document.sources[0].form, place, tip)))
        before = _packed(version.key for _, _, _, version in taken if version is not None)
        for document, tip, place, version in taken:
            told = (
                _delivered_first(document, tip, place)
                if version is None
                else _otherwise(document, before[version.key], version, place)
            )
            if told is not None:
                yield told


def _packed(keys: Iterable[int]) -> dict[int, TipDocument]:
    rows = TipVersion.objects.filter(pk__in=list(keys)).values_list("pk", "packed", "dictionary")
    return {key: packing.open_tip(bytes(packed), dictionary) for key, packed, dictionary in rows}


def _otherwise(now: TipDocument, before: TipDocument, version: _Version, place: str) -> TipDifference | None:
    """The same report from the same place, read otherwise."""
    changes = differences(before, now)
    if not changes:
        return None
    told = _told(version.tip, version.number, "other", place, before, now, changes)
    deliveries = [one.delivery for one in versions_of(version.tip_key)]
    after = [
        msgspec.structs.replace(one, document=now)
        if one.original == now.sources[0].original and deriving.place_text(one.document.place) == place
        else one
        for one in deliveries
    ]
    told.conflicts = _open(version.tip, after) - _open(version.tip, deliveries)
    return told


def _delivered_first(now: TipDocument, tip: bytes, place: str) -> TipDifference | None:
    """A report that this original did not give before: a new tip, or another form of one that is known."""
    number = str(now.report_number.value) if now.report_number is not None else None
    row = Tip.objects.filter(id16=tip).first()
    nothing = TipDocument([], now.giver, "")
    if row is None:
        return _told(tip, number, "new", place, nothing, now, differences(nothing, now))
    deliveries = [one.delivery for one in versions_of(row.pk)]
    decisions, region = decisions_of(tip), settings.PARICHA.region
    after = [*deliveries, Delivery(len(deliveries) + 1, b"", now)]
    old, new = (merged(some, decisions, region=region) for some in (deliveries, after))
    told = _told(tip, number, "other", place, old.document, new.document, differences(old.document, new.document))
    told.conflicts = _open(tip, after) - _open(tip, deliveries)
    return told


def _open(tip: bytes, deliveries: list[Delivery]) -> int:
    """How many fields are in conflict and undecided."""
    made = merged(deliveries, decisions_of(tip), region=settings.PARICHA.region)
    return sum(one.rule != "decided" for one in made.conflicts)


def _told(
    tip: bytes, number: str | None, kind: str, place: str, before: TipDocument, now: TipDocument, changes: list[Change]
) -> TipDifference:  # fmt: skip
    kinds = [one.kind for one in changes]
    return TipDifference(
        tip, number, kind, place, [plain_change(before, now, one) for one in changes[:CHANGES_KEPT]],
        kinds.count("added"), kinds.count("changed"), kinds.count("gone"),
    )  # fmt: skip


# ---- what the pages ask ------------------------------------------------------------------------------------------
def rereads(officer: Officer) -> QuerySet[Reread]:
    """Readings anew that the officer sees, newest first."""
    return Reread.objects.visible_to(officer).select_related("unit").order_by("-asked_at", "-id")


def waiting_of(officer: Officer, batch: bytes) -> Reread | None:
    """The newest reading anew of a batch that no officer has decided."""
    return rereads(officer).filter(Q(state="reading") | Q(state="ready"), batch=batch).first()


def tips_of(officer: Officer, reread: Reread) -> QuerySet[Any]:
    """Its tips with a difference, in the order of the files; a tip that another unit owns now is not shown."""
    from paricha.records.models import RereadTip

    seen = Tip.objects.visible_to(officer).values("id16")
    rows = RereadTip.objects.visible_to(officer).filter(file__reread=reread)
    return rows.filter(Q(kind="new") | Q(tip__in=seen)).select_related("file__file").order_by("pk")


def told_of(row: Any) -> list[dict[str, Any]]:
    """The kept changes of one tip."""
    found: list[dict[str, Any]] = json.loads(row.told)
    return found
