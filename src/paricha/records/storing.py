"""A chunk of documents becomes rows: prepared without a lock, written in one transaction, in the order they came.

    prepared = [prepare(document, region, dictionary) for document in documents]
    with transaction.atomic():
        outcome = store(prepared, batch=batch, unit=unit)

A tip that came in once is written straight away; one that is known already is merged anew from all its deliveries.
Called by verbs only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from paricha.access.models import Unit
from paricha.intake.document import TipDocument
from paricha.records import bulk, deriving, folds, packing, words
from paricha.records.comparing import content
from paricha.records.deciding import decisions_of, place_of
from paricha.records.deriving import TipRows
from paricha.records.merging import Merged, merged, merged_one
from paricha.records.models import Tip, TipVersion
from paricha.records.versions import Delivery, Standing, standing
from paricha.records.writing import Place, Writer, clear_rows


class Prepared(msgspec.Struct):
    """All of a document that needs no database: its tip's id, packed record, and rows if it is the tip's only one."""

    id16: bytes
    document: TipDocument
    rows: TipRows
    packed: bytes
    dictionary: int
    place: str
    file: int = 0  # its file's position in the batch
    outcome: str = ""  # set by `store`: new, merged, versions or known

    @property
    def original(self) -> bytes:
        return bytes.fromhex(self.document.sources[0].original)

    @property
    def form(self) -> str:
        return self.document.sources[0].form


class Counts(msgspec.Struct):
    """What a chunk brought, by document (`versions`: by how much tips' versions grew)."""

    new: int = 0
    merged: int = 0
    versions: int = 0
    folded: int = 0
    known: int = 0
    groups: int = 0

    def add(self, other: Counts) -> None:
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Outcome(msgspec.Struct):
    """`changed`: ids of the tips that are new or other than before."""

    counts: Counts
    changed: list[bytes]


def prepare(document: TipDocument, region: str, dictionary: int) -> Prepared:
    """Read what the document gives, and pack it."""
    return prepare_many([document], region, dictionary)[0]


def prepare_many(documents: list[TipDocument], region: str, dictionary: int) -> list[Prepared]:
    """As `prepare`, each step for all of them: the compressor's tables then stay in the processor's cache."""
    ids = [deriving.tip_id(document) for document in documents]
    rows = [deriving.rows_of(id16, merged_one(one), region) for id16, one in zip(ids, documents, strict=True)]
    encoded = [packing.encode(document) for document in documents]
    packed = [packing.pack_bytes(one, dictionary) for one in encoded]
    places = [deriving.place_text(document.place) for document in documents]
    return [
        Prepared(id16, document, row, bytes_, dictionary, place)
        for id16, document, row, bytes_, place in zip(ids, documents, rows, packed, places, strict=True)
    ]


class Known(msgspec.Struct):
    """A tip that stands there already."""

    id: int
    place: Place
    version: int


def store(prepared: list[Prepared], *, batch: bytes, unit: Unit, region: str) -> Outcome:
    """Write a chunk. Inside a transaction; changes nothing for what was delivered before from the same place."""
    bulk.only_writer()
    run = _Chunk(batch, unit, region, known_tips(one.id16 for one in prepared))
    together: dict[bytes, list[Prepared]] = {}
    for one in prepared:
        together.setdefault(one.id16, []).append(one)
    run.handed = place_of(id16 for id16 in together if id16 not in run.known)
    for id16, deliveries in together.items():
        if id16 not in run.known and len(deliveries) == 1:
            run.first(id16, deliveries[0])
        else:
            run.again(id16, deliveries)
    run.flush()
    marked = [id16 for id16 in run.changed if any(one.rows.marks for one in together[id16])]
    if marked:
        run.counts.folded += folds.fold(marked)
    return Outcome(run.counts, run.changed)


class _Chunk:
    """One call of `store`."""

    def __init__(self, batch: bytes, unit: Unit, region: str, known: dict[bytes, Known]) -> None:
        self.batch, self.unit, self.region, self.known = batch, unit, region, known
        self.writer, self.key, self.counts = Writer(), bulk.Keys(Tip), Counts()
        self.changed: list[bytes] = []
        self.handed: dict[bytes, Place] = {}
        self._tips: list[tuple[Any, ...]] = []

    def first(self, id16: bytes, one: Prepared) -> None:
        """The quick way: a tip that came in once, in one document."""
        key, place = self.key(), self.handed.get(id16) or Place(self.unit.pk)
        self._tips.append(tip_values(key, id16, place, one.document, one.rows, 1, one.form, 0, self.batch, self.batch))
        self.writer.version(
            key, 1, one.form, one.original, one.place, one.document.sources[0].reader, self.batch, None, True,
            one.dictionary, one.packed,
        )  # fmt: skip
        self.writer.rows(key, place, one.rows)
        self._note(one, "new")
        self.changed.append(id16)

    def _note(self, one: Prepared, outcome: str) -> None:
        one.outcome = outcome
        setattr(self.counts, outcome, getattr(self.counts, outcome) + 1)

    def again(self, id16: bytes, given: list[Prepared]) -> None:
        """Merge further deliveries with what stands there, if anything does."""
        tip = self.known.get(id16)
        before = versions_of(tip.id) if tip is not None else []
        fresh, read_anew = self._fresh(before, given)
        if not fresh and not read_anew:
            return
        old = [one.delivery for one in before]
        now = [
            msgspec.structs.replace(one, document=read_anew[one.arrival].document) if one.arrival in read_anew else one
            for one in old
        ]
        first_arrival = max((one.arrival for one in old), default=0) + 1
        new = [Delivery(first_arrival + n, self.batch, one.document) for n, one in enumerate(fresh)]
        stands = standing(now + new)
        self._count(old, new, fresh, stands, 1 if tip is None else tip.version)
        key = tip.id if tip is not None else self.key()
        self._keep(key, before, read_anew, list(zip(new, fresh, strict=True)), stands)
        if not read_anew and all(one.arrival in stands.repeats for one in new):
            return
        place = tip.place if tip is not None else self.handed.get(id16) or Place(self.unit.pk)
        decisions = decisions_of(id16)
        if tip is not None:
            erase(tip.id, id16, merged(old, decisions, region=self.region), self.region)
        self._write(key, id16, place, merged(now + new, decisions, region=self.region), new=tip is None)
        self.changed.append(id16)

    def _keep(
        self, key: int, before: list[Kept], read_anew: dict[int, Prepared], new: list[tuple[Delivery, Prepared]],
        stands: Standing,
    ) -> None:  # fmt: skip
        """Write the deliveries: further ones added, those that are read otherwise now replaced in their place."""
        for one in before:
            arrival = one.delivery.arrival
            other = read_anew.get(arrival)
            if other is not None:
                bulk.update(
                    TipVersion, one.key, packed=other.packed, dictionary=other.dictionary,
                    reader=other.document.sources[0].reader, repeats=stands.repeats.get(arrival),
                )  # fmt: skip
        for delivery, one in new:
            self.writer.version(
                key, delivery.arrival, one.form, one.original, one.place, one.document.sources[0].reader, self.batch,
                stands.repeats.get(delivery.arrival), False, one.dictionary, one.packed,
            )  # fmt: skip

    def _fresh(self, before: list[Kept], given: list[Prepared]) -> tuple[list[Prepared], dict[int, Prepared]]:
        """What was not delivered before from the very same place; and by arrival what was, but is read otherwise now

        (an officer chose its date order, or the reader is newer).
        """
        places = {(one.form, one.original, one.place): one.delivery for one in before}
        fresh: list[Prepared] = []
        anew: dict[int, Prepared] = {}
        for one in given:
            where = (one.form, one.original, one.place)
            earlier = places.get(where)
            if earlier is None:
                places[where] = Delivery(0, self.batch, one.document)
                fresh.append(one)
                continue
            self._note(one, "known")
            if earlier.arrival and content(earlier.document) != content(one.document):
                anew[earlier.arrival] = one
        return fresh, anew

    def _count(
        self, old: list[Delivery], new: list[Delivery], given: list[Prepared], stands: Standing, version: int
    ) -> None:
        """By document; of changed re-deliveries only as many count as `versions` as the tip's version grew."""
        forms, left = {one.form for one in old}, stands.version - version
        for delivery, one in zip(new, given, strict=True):
            if delivery.arrival in stands.repeats:
                self._note(one, "known")
            elif not forms:
                self._note(one, "new")
            elif delivery.form in forms and left > 0:
                left -= 1
                self._note(one, "versions")
            else:
                self._note(one, "merged")
            forms.add(delivery.form)

    def _write(self, key: int, id16: bytes, place: Place, tip: Merged, *, new: bool) -> None:
        rows = deriving.rows_of(id16, tip.document, self.region)
        values = _values(key, id16, place, tip, rows)
        if new:
            self._tips.append(values)
        else:
            update_tip(key, values)
        write_rows(self.writer, key, id16, place, tip, rows)

    def flush(self) -> None:
        bulk.insert(Tip, TIP, self._tips)
        self.writer.flush()
        for key in self.leads:
            mark_newest(*key)

    @property
    def leads(self) -> list[tuple[int, list[int]]]:
        return self.writer.leads


# ---- the parts of a tip ------------------------------------------------------------------------------------------
TIP = (
    "id id16 unit_id compartment_id giver report_number received_at made_available_at forms version incident_type "
    "reporter lead_name batch changed_in marks folded_into sightings files conflicts unread"
)
_NEVER_CHANGED = frozenset({"id", "id16", "unit_id", "compartment_id", "folded_into"})


def tip_values(
    key: int, id16: bytes, place: Place, document: TipDocument, rows: TipRows, version: int, forms: str, conflicts: int,
    batch: bytes, changed_in: bytes,
) -> tuple[Any, ...]:  # fmt: skip
    """A row of `Tip`, values as in `TIP`."""
    received, available = document.received_at, document.made_available_at
    number, kind, reporter = document.report_number, document.incident_type, document.reporter_name
    return (
        key, id16, place.unit, place.compartment, document.giver,
        None if number is None else str(number.value).strip(),
        None if received is None else received.utc,
        None if available is None else available.utc,
        forms, version,
        None if kind is None else str(kind.value),
        None if reporter is None else str(reporter.value),
        rows.lead_name, batch, changed_in, rows.marks, None, len(document.sightings), len(document.files), conflicts,
        len(document.unread),
    )  # fmt: skip


def _values(key: int, id16: bytes, place: Place, tip: Merged, rows: TipRows) -> tuple[Any, ...]:
    said = sorted([*tip.standing.leading, *tip.standing.replaced], key=lambda one: one.arrival)
    forms = " ".join(sorted({one.form for one in tip.standing.leading}))
    open_ones = sum(one.rule != "decided" for one in tip.conflicts)
    return tip_values(
        key, id16, place, tip.document, rows, tip.standing.version, forms, open_ones, said[0].batch, said[-1].batch
    )


def rewrite(tip: Tip, before: Merged, after: Merged, region: str) -> None:
    """Write what hangs on a known tip anew: a decision or a deletion made another tip of it."""
    erase(tip.pk, tip.id16, before, region)
    rows, place = deriving.rows_of(tip.id16, after.document, region), Place(tip.unit_id, tip.compartment_id)
    update_tip(tip.pk, _values(tip.pk, tip.id16, place, after, rows))
    writer = Writer()
    write_rows(writer, tip.pk, tip.id16, place, after, rows)
    writer.flush()
    for key, arrivals in writer.leads:
        mark_newest(key, arrivals)


def update_tip(key: int, values: tuple[Any, ...]) -> None:
    """Write a tip's row anew; what never changes stays."""
    named = dict(zip(TIP.split(), values, strict=True))
    bulk.update(Tip, key, **{name: value for name, value in named.items() if name not in _NEVER_CHANGED})


def write_rows(writer: Writer, key: int, id16: bytes, place: Place, tip: Merged, rows: TipRows) -> None:
    """What hangs on a merged tip."""
    writer.rows(key, place, rows)
    writer.conflicts(key, tip.conflicts)
    writer.aliases(key, deriving.aliases(id16, [one.document for one in tip.standing.replaced], tip.document))
    writer.leads.append((key, [one.arrival for one in tip.standing.leading]))


def erase(key: int, id16: bytes, tip: Merged, region: str) -> None:
    """Take away what hangs on a tip, before it is merged anew; its versions stay."""
    old = deriving.rows_of(id16, tip.document, region)
    words.remove([(key, old.words)])
    clear_rows([key])


def mark_newest(key: int, arrivals: list[int]) -> None:
    """Which deliveries lead."""
    for number, arrival, newest in TipVersion.objects.filter(tip_id=key).values_list("id", "arrival", "newest"):
        if newest != (arrival in arrivals):
            bulk.update(TipVersion, number, newest=arrival in arrivals)


class Kept(msgspec.Struct):
    """A delivery that stands in the database; `key`: its integer."""

    key: int
    delivery: Delivery
    form: str
    original: bytes
    place: str


def versions_of(key: int) -> list[Kept]:
    """A tip's deliveries with their documents, in the order they came."""
    return [
        Kept(
            row.pk,
            Delivery(row.arrival, bytes(row.batch), packing.open_tip(bytes(row.packed), row.dictionary)),
            row.form, bytes(row.original), row.place,
        )
        for row in TipVersion.objects.filter(tip_id=key).order_by("arrival")
    ]  # fmt: skip


def known_tips(ids: Iterable[bytes]) -> dict[bytes, Known]:
    """The tips of these ids that stand there already."""
    sql = "SELECT id16, id, unit_id, compartment_id, version FROM records_tip WHERE id16 IN ({})"
    return {
        bytes(id16): Known(key, Place(unit, compartment), version)
        for id16, key, unit, compartment, version in bulk.found(sql, set(ids))
    }


def train_dictionary() -> int:
    """Train the dictionary once enough tips stand there; 0 while there are too few, or when it stands there already."""
    if bulk.last_id(TipVersion) < packing.SAMPLES or packing.current():
        return 0
    rows = TipVersion.objects.order_by("id").values_list("packed", "dictionary")[: packing.SAMPLES]
    return packing.train([packing.open_bytes(bytes(packed), dictionary) for packed, dictionary in rows])
