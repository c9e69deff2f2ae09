"""Long work of `records`: reading a batch."""

from __future__ import annotations

from typing import Any

from paricha.grounds.progress import Progress
from paricha.jobs.queue import JobRun, job
from paricha.records import files, pipeline
from paricha.records.batches import total_of
from paricha.records.verbs import READ_BATCH, end_batch


@job(READ_BATCH)
def read_batch(run: JobRun) -> dict[str, Any]:
    """Read what is not read yet of a batch; may be killed and taken up again."""
    batch, name = bytes.fromhex(run.arguments["batch"]), run.arguments["list"]
    assert run.officer is not None
    size = sum(item.size for chunk in files.chunks(name) for item in chunk)

    def tell(progress: Progress) -> None:
        run.beat(progress)

    pipeline.run(run.officer, batch, name, workers=pipeline.workers_for(size), tell=tell)
    end_batch(run.officer, batch)
    files.drop_list(name)
    return {"batch": batch.hex(), **total_of(batch)["tips"]}

