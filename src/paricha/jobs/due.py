"""Running what waits: by a command in its own process, and by the worker process in a loop."""

from __future__ import annotations

import logging
import secrets
import time

from django.db import OperationalError
from django.utils.translation import gettext as _

from paricha.access.acting import acting
from paricha.grounds.refusals import Refusal, Refused
from paricha.jobs.apps import load_kinds
from paricha.jobs.models import Job, State
from paricha.jobs.queue import (
    TAKINGS,
    Cancelled,
    JobRun,
    LeaseLost,
    Stopping,
    claim,
    drop_broken_connection,
    mine,
    work_of,
    worker_name,
)

log = logging.getLogger("paricha.jobs")


def run_due_jobs(wait_s: float = 600) -> int:
    """Run all that is due, in this process, then wait for what this process enqueued and another worker took.

    Returns the number of jobs run here.
    """
    load_kinds()
    ran = 0
    while True:
        run = claim()
        if run is not None:
            run_one(run)
            ran += 1
        elif not _wait_for_mine(wait_s):
            return ran


def _wait_for_mine(wait_s: float) -> bool:
    """Wait until another worker has ended what we caused; True when something is due for us again."""
    until = time.monotonic() + wait_s
    while mine:
        open_ones = Job.objects.filter(pk__in=mine[-500:], state=State.RUNNING).exclude(worker=worker_name())
        if not open_ones.exists():
            mine.clear()
            return False
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
        if Job.objects.filter(pk__in=mine[-500:], state=State.WAITING).exists():
            return True
    return False


def run_one(run: JobRun) -> State | None:
    """Run one claimed job to its end and write how it ended. None when its lease was lost."""
    work = work_of(run.kind)
    takings = Job.objects.values_list("takings", flat=True).get(pk=run.id)
    if work is None or takings > TAKINGS:
        return _fail(run, _unknown(run.kind) if work is None else _gave_up())
    try:
        with acting("job"):
            outcome = work(run)
    except Cancelled:
        return _ended(run, State.CANCELLED)
    except LeaseLost:
        return None
    except Stopping:
        run.again_in(0, takings=max(0, takings - 1))
        return State.WAITING
    except Refused as refused:
        return _fail(run, refused.refusal)
    except OperationalError as error:
        return _again(run, takings, error)
    except Exception:  # noqa: BLE001  the boundary of a job: protects the other jobs; the fault is logged and shown
        return _fault(run)
    return _ended(run, State.DONE, outcome)


def _unknown(kind: str) -> Refusal:
    what = _("No room knows the work “{kind}”.").format(kind=kind)
    return Refused("JOBS-UNKNOWN-KIND", what, _("Update the program, then try the job again.")).refusal


def _gave_up() -> Refusal:
    what = _("The work was begun {n} times and its process ended each time.").format(n=TAKINGS)
    return Refused("JOBS-GAVE-UP", what, _("Look for what is special at this place, then try the job again.")).refusal


def _again(run: JobRun, takings: int, error: OperationalError) -> State:
    """The database was away: once more, later each time."""
    drop_broken_connection()
    log.warning("job %s %s waits for the database: %s", run.kind, run.id.hex(), error)
    why = Refused("HOUSE-DATABASE", _("The database did not answer."), _("The job is tried again by itself.")).refusal
    run.again_in(5 * takings, why.to_plain())
    return State.WAITING


def _fault(run: JobRun) -> State | None:
    """Our own fault, inside an `except`: logged under a reference that the officer sees."""
    reference = secrets.token_hex(4)
    log.exception("job %s %s, reference %s", run.kind, run.id.hex(), reference)
    drop_broken_connection()
    what = _("A fault of the program stopped this work (reference {reference}).").format(reference=reference)
    remedy = _("Nothing kept is lost. Tell the administrator the reference.")
    return _fail(run, Refused("JOBS-FAULT", what, remedy).refusal)


def _ended(run: JobRun, state: State, outcome: dict | None = None) -> State | None:  # type: ignore[type-arg]
    return state if run.end(state, outcome=outcome) else None


def _fail(run: JobRun, refusal: Refusal) -> State | None:
    return State.FAILED if run.end(State.FAILED, why=refusal.to_plain()) else None
