"""Long work of `triage`: judge every tip again."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from paricha.grounds.progress import Progress
from paricha.jobs.queue import JobRun, job
from paricha.records.models import Tip
from paricha.triage.ranking import rank_tips

CHUNK = 1000


@job("triage:rank-all")
def rank_all(run: JobRun) -> dict[str, Any]:
    """All tips in the order of their keys, a thousand a transaction; goes on after a kill."""
    total = Tip.objects.count()
    done, after = run.checkpoint.get("done", 0), run.checkpoint.get("after", 0)
    while True:
        chunk = list(Tip.objects.filter(pk__gt=after).order_by("pk").values_list("pk", "id16")[:CHUNK])
        if not chunk:
            return {"tips": done}
        with transaction.atomic():
            rank_tips([bytes(id16) for _pk, id16 in chunk])
            done, after = done + len(chunk), chunk[-1][0]
            run.beat(Progress(done, total, "tips"), checkpoint={"done": done, "after": after})
