"""What can be done with the record: a part of a batch stored, a conflict decided, a tip handed to a unit."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer, Unit
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.audit.fields import new_id
from paricha.grounds.refusals import Refused
from paricha.jobs.models import Job
from paricha.jobs.queue import enqueue
from paricha.records import bulk, groups, storing
from paricha.records.comparing import comparable
from paricha.records.events import Event
from paricha.records.merging import Merged, kind_of
from paricha.records.models import Arrival, ConflictDecision, Handing, Journal, Sighting, Terms, Tip
from paricha.records.queries import merged_of
from paricha.records.storing import Counts
from paricha.vault import store as vault

READ_BATCH = "records:read-batch"


class Part(msgspec.Struct):
    """A part of a chunk, all made ready without a lock. `told`: coverage lines, refusals and media of its files."""

    batch: bytes
    chunk: int
    part: int
    last: bool
    tips: list[storing.Prepared]
    groups: list[groups.PreparedGroup]
    originals: list[vault.Prepared]
    arrivals: list[tuple[int, str, bytes | None]]
    told: dict[str, Any]


@verb(may=Right.INTAKE, event=Event.BATCH_BEGUN)
def begin_batch(officer: Officer, terms: dict[str, Any], *, files: int, unit: Unit | None = None) -> Job:
    """A batch and the job that reads it. `terms`: {"list": name of the list of its files, "mapping", "mappings"}."""
    batch = new_id()
    made = Terms.objects.create(
        id=batch, unit=unit or officer.unit, officer=officer.id16, at=timezone.now(), files=files,
        mapping=json.dumps(terms["mapping"]) if terms.get("mapping") else "",
        mappings=json.dumps(terms.get("mappings") or []),
    )  # fmt: skip
    touch("batch", batch)
    note_facts(files=files)
    return enqueue(
        READ_BATCH, {"batch": batch.hex(), "list": terms["list"]}, officer=officer, unit=made.unit, total=files,
        of_what="files",
    )  # fmt: skip


@verb(may=Right.INTAKE, event=Event.TIPS_STORED)
def store_part(officer: Officer, part: Part) -> Counts:
    """Write a part in one transaction: originals first, then tips and groups, then the journal's row.

    A part that the journal holds already adds nothing.
    """
    if Journal.objects.filter(batch=part.batch, chunk=part.chunk, part=part.part).exists():
        return Counts()
    terms = Terms.objects.select_related("unit").get(pk=part.batch)
    bulk.only_writer()
    vault.keep_prepared(part.originals)
    outcome = storing.store(part.tips, batch=part.batch, unit=terms.unit, region=settings.PARICHA.region)
    if part.tips and not part.tips[0].dictionary:
        storing.train_dictionary()
    for one in groups.store(part.groups, batch=part.batch, unit=terms.unit):
        touch("group", one)
        outcome.counts.groups += 1
    for id16 in outcome.changed:
        touch("tip", id16)
    number = bulk.last_id(Arrival)
    bulk.insert(
        Arrival, "id terms_id number name original",
        [(number + n, part.batch, *arrival) for n, arrival in enumerate(part.arrivals, 1)],
    )  # fmt: skip
    told = {**part.told, "counts": msgspec.to_builtins(outcome.counts)}
    Journal.objects.create(
        batch=part.batch, chunk=part.chunk, part=part.part, last=part.last,
        told=json.dumps(told, ensure_ascii=False, separators=(",", ":")),
    )  # fmt: skip
    touch("batch", part.batch)
    note_facts(batch=part.batch.hex(), chunk=part.chunk, **told["counts"])
    return outcome.counts


@verb(may=Right.INTAKE, event=Event.BATCH_DONE)
def end_batch(officer: Officer, batch: bytes) -> Terms:
    """Note that the whole batch is read."""
    terms = Terms.objects.get(pk=batch)
    terms.done_at = timezone.now()
    terms.save(update_fields=["done_at"])
    touch("batch", batch)
    return terms


@verb(may=Right.DECIDE_TIPS, event=Event.CONFLICT_DECIDED)
def decide_conflict(officer: Officer, tip: Tip, field: str, *, reading: int, reason: str) -> Tip:
    """Let the reading of that place lead in a field whose forms differ. Kept for ever with its reason.

    Raises `Refused` ACCESS-REASON-NEEDED, RECORDS-NO-CONFLICT, RECORDS-NOT-A-READING, ACCESS-NOT-VISIBLE.
    """
    if not reason.strip():
        raise Refused("ACCESS-REASON-NEEDED", _("A decision is kept for ever with its reason."), _("Give the reason."))
    bulk.only_writer()
    tip = Tip.objects.get_visible(officer, pk=tip.pk)
    before = merged_of(tip)
    ConflictDecision.objects.create(
        tip=tip.id16, field=field, key=_chosen(before, field, reading), reason=reason.strip(), officer=officer.id16,
        at=timezone.now(),
    )  # fmt: skip
    storing.rewrite(tip, before, merged_of(tip), settings.PARICHA.region)
    note_facts(field=field, reading=reading)
    return Tip.objects.get(pk=tip.pk)


def _chosen(tip: Merged, field: str, reading: int) -> str:
    conflict = next((one for one in tip.conflicts if one.field == field), None)
    if conflict is None:
        raise Refused("RECORDS-NO-CONFLICT", _("The forms of this tip do not differ in “{field}”.").format(field=field),
                      _("Open the tip again; a newer version may have settled it."))  # fmt: skip
    if not 0 <= reading < len(conflict.readings):
        raise Refused("RECORDS-NOT-A-READING", _("The field has {n} readings.").format(n=len(conflict.readings)),
                      _("Choose one of them."))  # fmt: skip
    return comparable(conflict.readings[reading], kind_of(field), settings.PARICHA.region)


@verb(may=Right.DISPATCH, event=Event.TIP_HANDED)
def hand_tip(officer: Officer, tip: Tip, unit: Unit, *, reason: str) -> Tip:
    """Give a tip to another unit, which owns it from then on; its sightings go with it."""
    tip = Tip.objects.get_visible(officer, pk=tip.pk)
    Handing.objects.create(tip=tip.id16, unit=unit, reason=reason, officer=officer.id16, at=timezone.now())
    Tip.objects.filter(pk=tip.pk).update(unit=unit)
    Sighting.objects.filter(tip=tip).update(unit=unit)
    touch("unit", unit)
    return Tip.objects.get(pk=tip.pk)

