"""Long work of `records`: reading a batch."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from paricha.audit.feed import consume_due
from paricha.audit.stamp import stamp_all
from paricha.grounds.progress import Progress
from paricha.intake.models import Batch
from paricha.intake.queries import mappings_for, mappings_of, waiting_files
from paricha.intake.verbs import READ_BATCH, open_waiting_bundle
from paricha.jobs.queue import JobRun, job
from paricha.records import files, pipeline
from paricha.records.batches import total_of
from paricha.records.models import Journal

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
