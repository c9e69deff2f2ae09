"""What can be done with the record: a part of a batch stored, a conflict decided, a tip handed to a unit."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.acting import means
from paricha.access.models import Officer, Unit
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, require, touch, verb
from paricha.audit.feed import FeedEvent
from paricha.audit.log import record
from paricha.grounds.refusals import Refusal, Refused
from paricha.intake.models import Batch, FileRead, FileState
from paricha.intake.reading import FileReading
from paricha.intake.verbs import READ_BATCH
from paricha.intake.writing import FileResult, write_results
from paricha.jobs.models import Job
from paricha.jobs.queue import enqueue
from paricha.records import bulk, deleting, earlier_storing, folds, groups, reread, storing
from paricha.records.comparing import comparable
from paricha.records.events import Event
from paricha.records.merging import Merged, kind_of
from paricha.records.models import (
    ConflictDecision,
    FoldDecision,
    Handing,
    Journal,
    Reread,
    RereadFile,
    RereadState,
    RereadTip,
    Sighting,
    Tip,
)
from paricha.records.queries import merged_of
from paricha.records.storing import Counts
from paricha.vault import store as vault
from paricha.vault.models import Original

READ_ANEW = "records:read-anew"  # the work that reads files anew and keeps what differs; arguments {"reread": hex}


class FileDone(msgspec.Struct):
    """A file of which the last report is in this part: its place in the batch, and what its reader told.

    `original`: index in the part's originals, or the vault row's integer key for one that was kept before.
    """

    position: int
    reading: FileReading
    prepared: int | None = None
    kept: int | None = None
    member: bool = False  # it came in a container


class Part(msgspec.Struct):
    """A part of a chunk, all made ready without a lock. `refusals`: of files that could not even be opened."""

    batch: bytes
    chunk: int
    number: int
    last: bool = False
    tips: list[storing.Prepared] = []
    groups: list[groups.PreparedGroup] = []
    earlier: list[earlier_storing.PreparedEarlier] = []
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
    earlier = _store_earlier(part, unit)
    by_file, before = _by_file(part), _brought_before(part)
    write_results(part.batch, [_result(done, originals, by_file, before) for done in part.files])
    told = {"counts": msgspec.to_builtins(outcome.counts), **_told(part)}
    if part.earlier:
        told["earlier"] = earlier
        note_facts(**{f"earlier_{word}": count for word, count in earlier.items()})
    Journal.objects.create(
        batch=part.batch, chunk=part.chunk, part=part.number, last=part.last,
        told=json.dumps(told, ensure_ascii=False, separators=(",", ":")),
    )  # fmt: skip
    touch("batch", part.batch)
    note_facts(batch=part.batch.hex(), chunk=part.chunk, **told["counts"])
    return outcome.counts


def _store_earlier(part: Part, unit: Unit) -> dict[str, int]:
    """Rows of registers; a file that is read once more and gives none now takes back what it gave."""
    region = settings.PARICHA.region
    made = earlier_storing.store(part.earlier, batch=part.batch, unit=unit, region=region)
    for done in part.files:
        if done.kept is not None and not done.reading.coverage.earlier:
            made.changed += earlier_storing.forget_file(part.batch, done.position, region)
    for id16 in made.changed:
        touch("earlier", id16)
    return {"new": made.new, "versions": made.versions, "known": made.known}


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


def _brought_before(part: Part) -> dict[int, tuple[int, int, int]]:
    """By position what a file that is read once more brought before: new, merged, versions. Its tips are known now."""
    again = [one.position for one in part.files if one.kept is not None]
    if not again:
        return {}
    rows = FileRead.objects.filter(batch=part.batch, position__in=again, read_at__isnull=False)
    return {row[0]: row[1:] for row in rows.values_list("position", "new", "merged", "versions")}


def _result(
    done: FileDone, originals: list[int], by_file: dict[int, dict[str, int]], before: dict[int, tuple[int, int, int]]
) -> FileResult:
    counts = by_file.get(done.position, {})
    key = originals[done.prepared] if done.prepared is not None else done.kept
    assert key is not None
    tips, earlier = done.reading.coverage.tips, before.get(done.position, (0, 0, 0))
    brought = [counts.get(word, 0) + more for word, more in zip(("new", "merged", "versions"), earlier, strict=True)]
    known = max(0, counts.get("known", 0) - sum(earlier))
    return FileResult(
        done.position, done.reading.coverage.file, key, done.reading, *brought, known, same=tips > 0 and known == tips
    )


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
        "files": sum(not one.member for one in part.files) + len(part.refusals),
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
    reason = _given(reason)
    bulk.only_writer()
    tip = Tip.objects.get_visible(officer, pk=tip.pk)
    before = merged_of(tip)
    ConflictDecision.objects.create(
        tip=tip.id16, field=field, key=_chosen(before, field, reading), reason=reason, officer=officer.id16,
        at=timezone.now(),
    )  # fmt: skip
    storing.rewrite(tip, before, merged_of(tip), settings.PARICHA.region)
    note_facts(field=field, reading=reading)
    return Tip.objects.get(pk=tip.pk)


def _given(reason: str) -> str:
    """The reason as it is kept: what a database cannot hold (NUL) is left out. Raises `Refused` ACCESS-REASON-NEEDED."""
    said = reason.replace("\0", "").strip()
    if not said:
        raise Refused("ACCESS-REASON-NEEDED", _("A decision is kept for ever with its reason."), _("Give the reason."))
    return said


def _chosen(tip: Merged, field: str, reading: int) -> str:
    conflict = next((one for one in tip.conflicts if one.field == field), None)
    if conflict is None:
        raise Refused("RECORDS-NO-CONFLICT", _("The forms of this tip do not differ in “{field}”.").format(field=field),
                      _("Open the tip again; a newer version may have settled it."))  # fmt: skip
    if not 0 <= reading < len(conflict.readings):
        raise Refused("RECORDS-NOT-A-READING", _("The field has {n} readings.").format(n=len(conflict.readings)),
                      _("Choose one of them."))  # fmt: skip
    return comparable(conflict.readings[reading], kind_of(field), settings.PARICHA.region)


# ---- folding ----------------------------------------------------------------------------------------------------
@verb(may=Right.DECIDE_TIPS, event=Event.TIP_STANDS_ALONE)
def stand_alone(officer: Officer, tip: Tip, *, reason: str) -> Tip:
    """Keep a marked tip out of its family from now on, with a reason; the rest of the family folds without it."""
    return _decide_fold(officer, tip, alone=True, reason=reason)


@verb(may=Right.DECIDE_TIPS, event=Event.TIP_FOLDS_AGAIN)
def fold_again(officer: Officer, tip: Tip, *, reason: str) -> Tip:
    """Take back that a tip stands alone; it folds again where its marks and files say so."""
    return _decide_fold(officer, tip, alone=False, reason=reason)


def _decide_fold(officer: Officer, tip: Tip, *, alone: bool, reason: str) -> Tip:
    """Raises `Refused` ACCESS-REASON-NEEDED, RECORDS-NOT-FOLDED, ACCESS-NOT-VISIBLE."""
    reason = _given(reason)
    bulk.only_writer()
    tip = Tip.objects.get_visible(officer, pk=tip.pk)
    if not tip.marks or folds.stands_alone(tip.id16) == alone:
        raise Refused(
            "RECORDS-NOT-FOLDED",
            _("Tip {tip} stands alone already, or folds by no mark.").format(tip=tip)
            if alone or not tip.marks
            else _("Tip {tip} folds already.").format(tip=tip),
            _("Open the tip again; somebody may have decided meanwhile."),
        )
    FoldDecision.objects.create(tip=tip.id16, alone=alone, reason=reason, officer=officer.id16, at=timezone.now())
    for changed in folds.refold([tip.id16]):
        touch("tip", changed)
    return Tip.objects.get(pk=tip.pk)


# ---- reading again with a newer reader --------------------------------------------------------------------------
@verb(may=Right.INTAKE, event=Event.REREAD_ASKED)
def ask_reread(officer: Officer, batch: Batch, *, position: int | None = None) -> Reread:
    """Have the files of a batch read anew that a newer reader or mapping would read otherwise, without storing.

    `position`: only that file, whoever read it. Raises `Refused` RECORDS-NOTHING-ANEW.
    """
    batch = Batch.objects.get_visible(officer, pk=batch.pk)
    wanted = reread.candidates(officer, batch, position).count()
    if not wanted:
        raise Refused("RECORDS-NOTHING-ANEW", _("No file here would be read otherwise now."),
                      _("Ask again after a newer release, or after a mapping was changed."))  # fmt: skip
    asked = Reread.objects.create(
        unit=batch.unit, compartment=batch.compartment, batch=batch.pk, position=position, officer=officer.id16,
        readers=reread.readers_now(batch.unit),
    )  # fmt: skip
    touch("batch", batch)
    note_facts(files=wanted)
    enqueue(READ_ANEW, {"reread": asked.id.hex()}, officer=officer, unit=batch.unit, once=asked.id.hex(), total=wanted,
            of_what="files")  # fmt: skip
    return asked


@verb(may=Right.DECIDE_TIPS, event=Event.REREAD_COUNTED)
def count_reread(officer: Officer, asked: Reread, *, reason: str) -> Reread:
    """Let what was read anew count: its files are read into the record now, and deliveries that it gives no more go.

    A file that is refused now stays as it was. Raises `Refused` ACCESS-REASON-NEEDED, RECORDS-REREAD-DECIDED,
    RECORDS-REREAD-OLD, ACCESS-NOT-VISIBLE.
    """
    require(officer, Right.INTAKE, "records.count_reread")
    bulk.only_writer()
    reason = _given(reason)
    asked = _undecided(officer, asked, RereadState.READY)
    batch = Batch.objects.select_related("unit").get_visible(officer, pk=asked.batch)
    if asked.readers != reread.readers_now(batch.unit):
        raise Refused("RECORDS-REREAD-OLD", _("Readers or mappings have changed since these files were read anew."),
                      _("Leave this difference and have them read anew once more."))  # fmt: skip
    rows = RereadFile.objects.filter(reread=asked).exclude(now="")
    gone = deleting.forget_deliveries(
        (row.tip, bytes.fromhex(row.file.file.original.hex), row.place)
        for row in RereadTip.objects.filter(file__in=rows, kind="gone").select_related("file__file__original")
    )
    if gone.remade or gone.removed:  # who links and ranks tips hears of it as of a deletion
        record(
            Event.TIPS_REMERGED, officer=officer.id16, via=means().via,
            touched=[("tip", one) for one in gone.remade + gone.removed],
            facts={"remade": len(gone.remade), "removed": len(gone.removed), "groups": 0},
        )  # fmt: skip
    files = FileRead.objects.filter(pk__in=rows.values("file"))
    note_facts(files=files.count(), tips=asked.tips, removed=len(gone.removed))
    files.update(state=FileState.WAITS)
    enqueue(READ_BATCH, {"batch": batch.id.hex()}, officer=officer, unit=batch.unit, once=batch.id.hex())
    touch("batch", batch)
    return _decided(officer, asked, RereadState.COUNTED, reason)


@verb(may=Right.DECIDE_TIPS, event=Event.REREAD_LEFT)
def leave_reread(officer: Officer, asked: Reread, *, reason: str) -> Reread:
    """Leave the record as it is; what was read anew is kept as it was found. Raises as `count_reread`."""
    reason = _given(reason)
    asked = _undecided(officer, asked, RereadState.READY, RereadState.READING)
    touch("batch", asked.batch)
    return _decided(officer, asked, RereadState.LEFT, reason)


def _undecided(officer: Officer, asked: Reread, *states: RereadState) -> Reread:
    asked = Reread.objects.get_visible(officer, pk=asked.pk)
    if asked.state not in states:
        raise Refused("RECORDS-REREAD-DECIDED", _("This difference is decided already, or not complete yet."),
                      _("Open it again to see how it stands."))  # fmt: skip
    return asked


def _decided(officer: Officer, asked: Reread, state: RereadState, reason: str) -> Reread:
    asked.state, asked.reason = state, reason
    asked.decided_by, asked.decided_at = officer.id16, timezone.now()
    asked.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    return asked


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
        if not (gone.remade or gone.removed or gone.groups or gone.earlier):
            continue
        things = [("tip", one) for one in gone.remade + gone.removed] + [("group", one) for one in gone.groups]
        things += [("earlier", one) for one in gone.earlier]
        record(
            Event.TIPS_REMERGED, officer=event.officer, via="job", touched=things,
            facts={"remade": len(gone.remade), "removed": len(gone.removed), "groups": len(gone.groups),
                   "earlier": len(gone.earlier)},
        )  # fmt: skip
