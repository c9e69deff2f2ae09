"""Reading the queue: what an officer may see of it, and a job as a page shows it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.jobs.models import Job, State


def jobs_of(officer: Officer) -> QuerySet[Job]:
    """Jobs the officer sees, newest first: his own and his units', whoever runs the house all of his units."""
    mine = Q(pk__in=Job.objects.visible_to(officer).values("pk"))
    if not officer.may(Right.ADMIN):
        mine &= Q(officer=officer) | Q(officer__isnull=True) | Q(officer__unit=officer.unit)
    return Job.objects.filter(mine).select_related("officer", "unit").order_by("-made_at", "-id")


def shown(job: Job) -> dict[str, Any]:
    """A job for the tag `progress`, with its state in words."""
    return {
        "done": job.done, "total": job.total, "what": job.of_what, "state": job.state,
        "words": job.words or state_words(job.state), "grade": GRADES[State(job.state)], "state_words": state_words(job.state),
    }  # fmt: skip


GRADES = {
    State.WAITING: "neutral", State.RUNNING: "live", State.DONE: "good", State.FAILED: "stop", State.CANCELLED: "warn",
}  # fmt: skip


def state_words(state: str) -> str:
    """A state in the officer's words."""
    return {
        State.WAITING: _("Waiting"),
        State.RUNNING: _("Running"),
        State.DONE: _("Done"),
        State.FAILED: _("Stopped by a refusal"),
        State.CANCELLED: _("Stopped by an officer"),
    }[State(state)]


_titles: dict[str, Any] = {}


def title(kind: str, words: Any) -> None:
    """A room names its kind of job for officers (a lazy translation): `title("records:read-batch", _("Reading a batch"))`."""
    _titles[kind] = words


def title_of(kind: str) -> str:
    """The words for a kind of job; the kind itself where no room named it."""
    return str(_titles.get(kind, kind))
