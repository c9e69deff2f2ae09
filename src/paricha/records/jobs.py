"""Long work of `records`: reading a batch, and reading files of one anew to see what would differ."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Sum

from paricha.audit.feed import consume_due
from paricha.audit.stamp import stamp_all
from paricha.grounds.progress import Progress
from paricha.grounds.refusals import Refused
from paricha.intake.models import Batch, FileRead, FileState
from paricha.intake.queries import mappings_for, mappings_of, waiting_files
from paricha.intake.verbs import READ_BATCH, open_waiting_bundle
from paricha.jobs.queue import JobRun, job
from paricha.records import files, pipeline, reread
from paricha.records.batches import total_of
from paricha.records.models import Journal, Reread, RereadFile, RereadState, RereadTip
from paricha.records.verbs import READ_ANEW

OWN_FROM = 1_000_000  # chunk numbers of files that wait in the batch; those of a list come before


@job(READ_BATCH)
def read_batch(run: JobRun) -> dict[str, Any]:
    """Read what is not read yet of a batch; may be killed and taken up again.

    Arguments: `batch` (hex), and `list` where the files stand in a list on disk; else those that wait in the batch.
    """
    batch = Batch.objects.select_related("unit").get(pk=bytes.fromhex(run.arguments["batch"]))
    assert run.officer is not None

    def tell(progress: Progress) -> None:
        """While the workers read, this process lets the feed's consumers link and rank what stands already."""
        run.beat(progress)
        stamp_all()
        consume_due()

    if "list" in run.arguments:
        mappings = mappings_of(batch)
        items = files.opened(run.arguments["list"], run.officer, batch, _once_a_second(run))
        pipeline.run(run.officer, batch, items, lambda item: mappings, first=0, tell=tell)
        files.drop_list(run.arguments["list"])
    else:
        for file in [one for one in waiting_files(batch) if one.read_at is not None and not one.reader]:
            open_waiting_bundle(run.officer, file)  # refused before: this release may know how to open it
        waiting = list(waiting_files(batch))
        terms = {file.position: mappings_for(file) for file in waiting}
        items = [
            files.Item(file.name, file.original.size, file.position, sha256=file.original.hex, member="!/" in file.name)
            for file in waiting
        ]
        pipeline.run(
            run.officer, batch, items, lambda item: terms[item.position], first=_next_chunk(batch.pk), tell=tell
        )
    return {"batch": batch.pk.hex(), **total_of(batch.pk)["tips"]}


def _once_a_second(run: JobRun) -> Callable[[], None]:
    """While containers are taken apart the job shows that it lives."""
    told = time.monotonic()

    def tell() -> None:
        nonlocal told
        if time.monotonic() - told > 1:
            told = time.monotonic()
            run.beat(Progress(0, None, "files"))

    return tell


def _next_chunk(batch: bytes) -> int:
    last = Journal.objects.filter(batch=batch, chunk__gte=OWN_FROM).order_by("-chunk").values_list("chunk", flat=True)
    return max(last.first() or 0, OWN_FROM) + 1


@job(READ_ANEW)
def read_anew(run: JobRun) -> dict[str, Any]:
    """Read files anew and keep what differs, file by file, without storing any of it.

    Arguments: `reread` (hex). A file's rows and the checkpoint are one transaction: a killed job goes on after it.
    """
    asked = Reread.objects.get(pk=bytes.fromhex(run.arguments["reread"]))
    assert run.officer is not None
    if asked.state != RereadState.READING:
        return {"reread": asked.pk.hex()}  # an officer left it meanwhile
    batch = Batch.objects.select_related("unit").get(pk=asked.batch)
    wanted = reread.candidates(run.officer, batch, asked.position)
    total, done = wanted.count(), run.checkpoint.get("done", 0)
    for file in wanted.filter(pk__gt=run.checkpoint.get("after", 0)).iterator(chunk_size=50):
        told = _anew(file)
        done += 1
        with transaction.atomic():
            if told is not None:
                _keep(asked, file, told)
            run.beat(Progress(done, total, "files"), checkpoint={"after": file.pk, "done": done})
    with transaction.atomic():
        _sum(asked)
    return {"reread": asked.pk.hex(), "files": asked.files, "tips": asked.tips}


def _anew(file: FileRead) -> reread.FileAnew | None:
    """What the file gives now; None where its original cannot be opened, or nobody knows its format still."""
    try:
        told = reread.of_file(file)
    except Refused:
        return None
    return None if file.state == FileState.REFUSED and not told.read else told


def _keep(asked: Reread, file: FileRead, told: reread.FileAnew) -> None:
    line = told.coverage
    RereadFile.objects.filter(reread=asked, file=file).delete()
    row = RereadFile.objects.create(
        reread=asked, file=file, before=file.reader if file.state != FileState.REFUSED else "",
        now=(line.reader or "") if told.read else "", read_before=file.read_fields, read_now=line.read_fields,
        expected_now=line.expected_fields, unread_before=file.unread_blocks, unread_now=line.unread_blocks,
        refusals=json.dumps(told.refusals),
        same=not told.tips and (line.read_fields, line.unread_blocks) == (file.read_fields, file.unread_blocks),
    )  # fmt: skip
    RereadTip.objects.bulk_create(
        RereadTip(
            file=row, tip=one.tip, number=one.number, kind=one.kind, place=one.place, added=one.added,
            changed=one.changed, lost=one.lost, conflicts=one.conflicts, told=json.dumps(one.told, ensure_ascii=False),
        )
        for one in told.tips
    )  # fmt: skip


def _sum(asked: Reread) -> None:
    """The sums of a reading anew that is complete; from now on it waits for an officer."""
    rows = RereadTip.objects.filter(file__reread=asked)
    sums = rows.aggregate(
        tips=Count("tip", distinct=True), new=Count("pk", filter=Q(kind="new")), gone=Count("pk", filter=Q(kind="gone")),
        added=Sum("added"), changed=Sum("changed"), lost=Sum("lost"), conflicts=Sum("conflicts"),
    )  # fmt: skip
    for name, value in sums.items():
        setattr(asked, name, value or 0)
    asked.files = RereadFile.objects.filter(reread=asked).count()
    asked.state = RereadState.READY
    still = Reread.objects.filter(pk=asked.pk, state=RereadState.READING)
    still.update(files=asked.files, state=asked.state, **{name: value or 0 for name, value in sums.items()})
