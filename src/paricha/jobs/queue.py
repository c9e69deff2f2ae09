"""The queue: enqueue in the verb's transaction, claim with a lease, beat, end.

    @job("records:read-batch")
    def read_batch(run: JobRun) -> None:
        for unit in units_after(run.checkpoint.get("unit", 0)):
            with transaction.atomic():
                write(unit)
                run.beat(Progress(unit.number, total, "files"), checkpoint={"unit": unit.number})

A beat inside the transaction of the unit commits or vanishes with it. The last unit can run twice: keep it idempotent.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import close_old_connections, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from paricha.access.models import Officer, Unit
from paricha.grounds.progress import Progress
from paricha.jobs.models import Job, State

LEASE_S = 60
TAKINGS = 5  # a piece of work whose process ended this often at one checkpoint is given up


class Cancelled(Exception):
    """An officer asked this job to stop; raised by a beat, and the worker ends the job so."""


class LeaseLost(Exception):
    """Another worker holds this job now; raised by a beat. Whatever stands in the open transaction must not commit."""


class Stopping(Exception):
    """This worker is told to end; raised by a beat, and the job goes back to the queue at its checkpoint."""


Work = Callable[["JobRun"], "dict[str, Any] | None"]
_kinds: dict[str, Work] = {}
stop_asked: Callable[[], bool] = lambda: False  # noqa: E731  set by the worker process
mine: list[bytes] = []  # ids enqueued by this process, for a command that waits for what it caused


def job(kind: str) -> Callable[[Work], Work]:
    """Register the work of a kind (`room:what`). It may return a dict of counts and ids: the job's outcome."""

    def keep(work: Work) -> Work:
        _kinds[kind] = work
        return work

    return keep


def work_of(kind: str) -> Work | None:
    """The work registered for a kind."""
    return _kinds.get(kind)


def enqueue(
    kind: str,
    arguments: dict[str, Any],
    *,
    officer: Officer | None,
    unit: Unit | None = None,
    once: str = "",
    delay_s: float = 0,
    total: int | None = None,
    of_what: str = "",
) -> Job:
    """Add a job; call it inside the verb's transaction. `unit` defaults to the officer's, else the State.

    With `once`, a job of the same kind and word that still waits is returned instead of a second one.
    """
    if once:
        waiting = Job.objects.filter(kind=kind, once=once, state=State.WAITING).first()
        if waiting is not None:
            return waiting
    owner = unit or (officer.unit if officer else Unit.objects.get(under__isnull=True))
    now = timezone.now()
    made = Job.objects.create(
        kind=kind, arguments=json.dumps(arguments), officer=officer, unit=owner, once=once, made_at=now,
        not_before=now + timedelta(seconds=delay_s), total=total, of_what=of_what,
    )  # fmt: skip
    mine.append(made.id)
    return made


class JobRun:
    """A job in the hands of a worker: `id`, `arguments`, `checkpoint`, `officer`, `unit`."""

    def __init__(self, row: Job) -> None:
        self.id: bytes = row.id
        self.kind = row.kind
        self.arguments: dict[str, Any] = json.loads(row.arguments)
        self.checkpoint: dict[str, Any] = json.loads(row.checkpoint)
        self.officer: Officer | None = row.officer
        self.unit: Unit = row.unit
        self._worker, self._fence = row.worker, row.fence

    def beat(self, progress: Progress, checkpoint: dict[str, Any] | None = None) -> None:
        """One UPDATE: progress, checkpoint, a longer lease. Raises `Cancelled`, `LeaseLost` or `Stopping`.

        Raised inside an open transaction they undo the unit that this beat belongs to.
        """
        values: dict[str, Any] = {
            "done": progress.done, "total": progress.total, "of_what": progress.unit, "words": progress.words[:240],
            "lease_until": timezone.now() + timedelta(seconds=LEASE_S),
        }  # fmt: skip
        if checkpoint is not None:
            self.checkpoint = checkpoint
            values |= {"checkpoint": json.dumps(checkpoint), "takings": 1}
        if self._write(cancel_asked=False, **values):
            if stop_asked():
                raise Stopping
            return
        if Job.objects.filter(pk=self.id, worker=self._worker, fence=self._fence, state=State.RUNNING).exists():
            raise Cancelled
        raise LeaseLost

    def end(self, state: State, *, outcome: dict[str, Any] | None = None, why: dict[str, Any] | None = None) -> bool:
        """Write how it ended; False when the lease was lost meanwhile."""
        values: dict[str, Any] = {"state": state, "ended_at": timezone.now(), "lease_until": None}
        if outcome:
            values["outcome"] = json.dumps(outcome)
        if why:
            values["why"] = json.dumps(why)
        return self._write(**values)

    def again_in(self, seconds: float, why: dict[str, Any] | None = None, *, takings: int | None = None) -> bool:
        """Give the job back to the queue, to be taken again after a while at its checkpoint."""
        due = timezone.now() + timedelta(seconds=seconds)
        values: dict[str, Any] = {} if takings is None else {"takings": takings}
        return self._write(
            state=State.WAITING, not_before=due, lease_until=None, why=json.dumps(why) if why else "", **values
        )

    def _write(self, *, cancel_asked: bool | None = None, **values: Any) -> bool:
        held = Job.objects.filter(pk=self.id, worker=self._worker, fence=self._fence, state=State.RUNNING)
        if cancel_asked is not None:
            held = held.filter(cancel_asked=cancel_asked)
        return held.update(**values) == 1


def claim(worker: str | None = None, *, only: list[bytes] | None = None) -> JobRun | None:
    """Take the oldest job that is due, or whose worker is gone. None when there is nothing to do."""
    name = worker or worker_name()
    now = timezone.now()
    free = Q(state=State.WAITING, not_before__lte=now) | Q(state=State.RUNNING) & (
        Q(lease_until__lt=now) | Q(worker__in=_gone_here())
    )
    due = Job.objects.filter(free).order_by("not_before", "id")
    if only is not None:
        due = due.filter(pk__in=only)
    if not due.exists():
        return None  # without taking the write lock
    with transaction.atomic():
        found = due.all()
        if connection.vendor == "postgresql":
            found = found.select_for_update(skip_locked=True)
        row = found.first()
        if row is None:
            return None
        Job.objects.filter(pk=row.pk).update(
            state=State.RUNNING, worker=name, fence=F("fence") + 1, takings=F("takings") + 1,
            started_at=row.started_at or now, lease_until=now + timedelta(seconds=LEASE_S), why="",
        )  # fmt: skip
    return JobRun(Job.objects.select_related("officer", "officer__unit", "unit").get(pk=row.pk))


def drop_broken_connection() -> None:
    """After a fault: the next query opens a new connection, unless a caller's transaction still holds this one."""
    if not connection.in_atomic_block:
        close_old_connections()


def worker_name() -> str:
    """`host:boot:pid:start`: enough to know later whether that very process still lives on this machine."""
    return f"{_here()}:{os.getpid()}:{_started(os.getpid())}"


def _here() -> str:
    try:
        with open("/proc/sys/kernel/random/boot_id") as file:
            boot = file.read(8)
    except OSError:
        boot = "none"
    return f"{socket.gethostname()[:60]}:{boot}"


def _started(pid: int) -> str | None:
    """The start of a process in clock ticks since boot; None when there is no such process, or it is a zombie."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def _gone_here() -> list[str]:
    """Names of workers that hold a job, belong to this machine and are no more: their lease need not run out."""
    held = Job.objects.filter(state=State.RUNNING).values_list("worker", flat=True).distinct()
    gone = []
    for name in held:
        here, _, rest = name.rpartition(":")
        start = rest
        here, _, pid = here.rpartition(":")
        if here == _here() and pid.isdecimal() and _started(int(pid)) != start:
            gone.append(name)
    return gone
