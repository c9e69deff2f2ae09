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
from paricha.audit.feed import FeedEvent
from paricha.audit.log import record
from paricha.grounds.refusals import Refusal, Refused
from paricha.intake.models import Batch
from paricha.intake.reading import FileReading
from paricha.intake.verbs import READ_BATCH
from paricha.intake.writing import FileResult, write_results
from paricha.jobs.models import Job
from paricha.jobs.queue import enqueue
from paricha.records import bulk, deleting, groups, storing
from paricha.records.comparing import comparable
from paricha.records.events import Event
from paricha.records.merging import Merged, kind_of
from paricha.records.models import ConflictDecision, Handing, Journal, Sighting, Tip
from paricha.records.queries import merged_of
from paricha.records.storing import Counts
from paricha.vault import store as vault
from paricha.vault.models import Original


class FileDone(msgspec.Struct):
    """A file of which the last report is in this part: its place in the batch, and what its reader told.

    `original`: index in the part's originals, or the vault row's integer key for one that was kept before.
    """

    position: int
    reading: FileReading
    prepared: int | None = None
    kept: int | None = None


class Part(msgspec.Struct):
    """A part of a chunk, all made ready without a lock. `refusals`: of files that could not even be opened."""

    batch: bytes
    chunk: int
    number: int
    last: bool = False
    tips: list[storing.Prepared] = []
    groups: list[groups.PreparedGroup] = []
    originals: list[vault.Prepared] = []
    files: list[FileDone] = []
    refusals: list[Refusal] = []


@verb(may=Right.INTAKE, event=Event.BATCH_LISTED)
def read_list(officer: Officer, batch: Batch, list_name: str, *, files: int) -> Job:
    """Have the files of a list (`files.write_list`) read into a batch."""
    touch("batch", batch)
    note_facts(files=files)
    return enqueue(
        READ_BATCH, {"batch": batch.id.hex(), "list": list_name}, officer=officer, unit=batch.unit, total=files,
        of_what="files",
    )  # fmt: skip


@verb(may=Right.INTAKE, event=Event.TIPS_STORED)
def store_part(officer: Officer, part: Part) -> Counts:
    """Write a part in one transaction: originals first, then tips and groups, then what was read of each file.

    A part that the journal holds already adds nothing.
    """
    bulk.only_writer()
    if Journal.objects.filter(batch=part.batch, chunk=part.chunk, part=part.number).exists():
        return Counts()
    unit = Batch.objects.select_related("unit").get(pk=part.batch).unit
    originals = vault.keep_for_keys(part.originals)
    outcome = storing.store(part.tips, batch=part.batch, unit=unit, region=settings.PARICHA.region)
    if part.tips and not part.tips[0].dictionary:
        storing.train_dictionary()
    for one in groups.store(part.groups, batch=part.batch, unit=unit):
        touch("group", one)
        outcome.counts.groups += 1
    for id16 in outcome.changed:
        touch("tip", id16)
    by_file = _by_file(part)
    write_results(part.batch, [_result(done, originals, by_file) for done in part.files])
    told = {"counts": msgspec.to_builtins(outcome.counts), **_told(part)}
    Journal.objects.create(
        batch=part.batch, chunk=part.chunk, part=part.number, last=part.last,
        told=json.dumps(told, ensure_ascii=False, separators=(",", ":")),
    )  # fmt: skip
    touch("batch", part.batch)
    note_facts(batch=part.batch.hex(), chunk=part.chunk, **told["counts"])
    return outcome.counts


def _by_file(part: Part) -> dict[int, dict[str, int]]:
    """What became of each file's tips, the parts before included."""
    found: dict[int, dict[str, int]] = {}
    if part.number:
        for told in Journal.objects.filter(batch=part.batch, chunk=part.chunk).values_list("told", flat=True):
            for position, counts in json.loads(told)["open"].items():
                for word, count in counts.items():
                    found.setdefault(int(position), {}).setdefault(word, 0)
                    found[int(position)][word] += count
    for one in part.tips:
        counts = found.setdefault(one.file, {})
        counts[one.outcome] = counts.get(one.outcome, 0) + 1
    return found


def _result(done: FileDone, originals: list[int], by_file: dict[int, dict[str, int]]) -> FileResult:
    counts = by_file.get(done.position, {})
    key = originals[done.prepared] if done.prepared is not None else done.kept
    assert key is not None
    tips = done.reading.coverage.tips
    return FileResult(
        done.position, done.reading.coverage.file, key, done.reading, counts.get("new", 0), counts.get("merged", 0),
        counts.get("versions", 0), counts.get("known", 0), same=tips > 0 and counts.get("known", 0) == tips,
    )  # fmt: skip


def _told(part: Part) -> dict[str, Any]:
    """What the part tells of its files; `open`: tips of files that go on in the next part."""
    done = {one.position for one in part.files}
    mine: dict[int, dict[str, int]] = {}
    for one in part.tips:
        if one.file not in done:
            counts = mine.setdefault(one.file, {})
            counts[one.outcome] = counts.get(one.outcome, 0) + 1
    readings = [one.reading for one in part.files]
    return {
        "open": mine,
        "files": len(part.files) + len(part.refusals),
        "coverage": [one.coverage.to_plain() for one in readings if one.read and not one.media],
        "media": sum(bool(one.media) for one in readings),
        "refusals": [
            *(refusal.to_plain() for refusal in part.refusals),
            *(refusal.to_plain() for one in readings for refusal in one.refusals),
        ],
    }


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


@verb(may=Right.REBUILD, event=Event.RECORD_REBUILT)
def note_rebuild(officer: Officer, *, check: bool) -> None:
    """Note that the record is made again. The making itself stands in each room's `rebuild`."""
    note_facts(check=check)


def forget_deleted(events: list[FeedEvent]) -> None:
    """What the feed tells of deleted originals: all that was read from them goes. Idempotent; no officer's own act."""
    for event in events:
        originals = [
            bytes(sha256)
            for start in event.ids("original")
            for sha256 in Original.objects.filter(
                sha256__gte=start + bytes(16), sha256__lte=start + b"\xff" * 16, deleted_at__isnull=False
            ).values_list("sha256", flat=True)
        ]
        gone = deleting.forget_originals(originals)
        if not (gone.remade or gone.removed or gone.groups):
            continue
        things = [("tip", one) for one in gone.remade + gone.removed] + [("group", one) for one in gone.groups]
        record(
            Event.TIPS_REMERGED, officer=event.officer, via="job", touched=things,
            facts={"remade": len(gone.remade), "removed": len(gone.removed), "groups": len(gone.groups)},
        )  # fmt: skip
