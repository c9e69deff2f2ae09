"""Long work of `intake`: the drop folder."""

from __future__ import annotations

from typing import Any

from paricha.intake import drop_folder
from paricha.jobs.queue import JobRun, job
from paricha.jobs.schedule import every


@every(5, "intake:drop-folder")
def look_into_drop_folders() -> None:
    """See what lies in the drop folders; a job takes what has lain still."""
    drop_folder.look()


@job(drop_folder.BRING_IN)
def bring_in(run: JobRun) -> dict[str, Any]:
    """Take what has lain still in one folder (argument `folder`)."""
    return drop_folder.bring_in(run.arguments["folder"])
