"""Long work of `triage`: judge every tip again, and each day those that wait, because retention runs by the clock."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from paricha.grounds.progress import Progress
from paricha.jobs.queue import JobRun, enqueue, job
from paricha.jobs.schedule import every
from paricha.records.models import Tip
from paricha.triage.models import WAITING
from paricha.triage.ranking import rank_tips

CHUNK = 1000


@job("triage:rank-all")
def rank_all(run: JobRun) -> dict[str, Any]:
    """All tips in the order of their keys, a thousand a transaction; goes on after a kill."""
    tips = Tip.objects.all()
    if run.arguments.get("waiting"):
        tips = tips.filter(ranks__state__in=WAITING)
    total = tips.count()
    done, after = run.checkpoint.get("done", 0), run.checkpoint.get("after", 0)
    while True:
        chunk = list(tips.filter(pk__gt=after).order_by("pk").values_list("pk", "id16")[:CHUNK])
        if not chunk:
            return {"tips": done}
        with transaction.atomic():
            rank_tips([bytes(id16) for _pk, id16 in chunk])
            done, after = done + len(chunk), chunk[-1][0]
            run.beat(Progress(done, total, "tips"), checkpoint={"done": done, "after": after})


@every(86_400, "triage:daily")
def rank_waiting() -> None:
    """Each day: the tips that wait are judged by that day's retention."""
    with transaction.atomic():
        enqueue("triage:rank-all", {"waiting": True}, officer=None, once="waiting", of_what="tips")
