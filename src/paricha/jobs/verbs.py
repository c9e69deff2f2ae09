"""What an officer can do with a job: ask it to stop, have it tried again."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import verb
from paricha.grounds.refusals import Refused
from paricha.jobs.events import Event
from paricha.jobs.models import Job, State


@verb(may=None, event=Event.CANCEL_ASKED)
def cancel_job(officer: Officer, job: Job) -> Job:
    """Ask a job to stop at its next beat; what it has kept stays kept. His own, or any with the right ADMIN."""
    _his_own(officer, job)
    now = timezone.now()
    if not Job.objects.filter(pk=job.pk, state=State.WAITING).update(
        state=State.CANCELLED, cancel_asked=True, ended_at=now
    ):
        if not Job.objects.filter(pk=job.pk, state=State.RUNNING).update(cancel_asked=True):
            raise _ended_already()
    job.refresh_from_db()
    return job


@verb(may=None, event=Event.TRIED_AGAIN)
def try_again(officer: Officer, job: Job) -> Job:
    """Put a failed or stopped job back in the queue; it goes on at its checkpoint."""
    _his_own(officer, job)
    if not Job.objects.filter(pk=job.pk, state__in=[State.FAILED, State.CANCELLED]).update(
        state=State.WAITING, cancel_asked=False, ended_at=None, why="", takings=0, not_before=timezone.now(),
        fence=F("fence") + 1,
    ):  # fmt: skip
        raise _ended_already()
    job.refresh_from_db()
    return job


def _his_own(officer: Officer, job: Job) -> None:
    if job.officer_id != officer.pk and not officer.may(Right.ADMIN):
        raise Refused("ACCESS-RIGHT", _("This job was started by another officer."),
                      _("Ask that officer, or the administrator."))  # fmt: skip


def _ended_already() -> Refused:
    return Refused("JOBS-NOT-RUNNING", _("The job is not in a state for this any more."), _("Look at how it ended."))
