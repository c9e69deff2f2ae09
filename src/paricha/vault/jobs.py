"""Long work of the vault."""

from __future__ import annotations

from paricha.jobs.queue import JobRun, enqueue, job
from paricha.vault.scrubbing import scrub


@job("vault:scrub")
def scrub_later(run: JobRun) -> dict[str, bool]:
    """After a deletion confirmed on a page, some seconds behind the feed's consumers; again while the log is in use."""
    scrubbed = scrub()
    if not scrubbed:
        enqueue("vault:scrub", {}, officer=run.officer, unit=run.unit, once="scrub", delay_s=10)
    return {"scrubbed": scrubbed}
