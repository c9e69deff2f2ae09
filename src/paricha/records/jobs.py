"""Long work of `records`: reading a batch."""

from __future__ import annotations

from typing import Any

from paricha.audit.feed import consume_due
from paricha.audit.stamp import stamp_all
from paricha.grounds.progress import Progress
from paricha.intake.models import Batch
from paricha.intake.queries import mappings_for, mappings_of, waiting_files
from paricha.intake.verbs import READ_BATCH
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
        items = files.listed(run.arguments["list"])
        pipeline.run(run.officer, batch, items, lambda item: mappings, first=0, tell=tell)
        files.drop_list(run.arguments["list"])
    else:
        waiting = list(waiting_files(batch))
        terms = {file.position: mappings_for(file) for file in waiting}
        items = [files.Item(file.name, file.original.size, file.position, sha256=file.original.hex) for file in waiting]
        pipeline.run(
            run.officer, batch, items, lambda item: terms[item.position], first=_next_chunk(batch.pk), tell=tell
        )
    return {"batch": batch.pk.hex(), **total_of(batch.pk)["tips"]}


def _next_chunk(batch: bytes) -> int:
    last = Journal.objects.filter(batch=batch, chunk__gte=OWN_FROM).order_by("-chunk").values_list("chunk", flat=True)
    return max(last.first() or 0, OWN_FROM) + 1
