"""The one scheduler: what is done every so often, by the clock process.

    @every(60, "field:reminders")
    def remind() -> None: ...

Work of more than a second enqueues a job instead of doing it here. All of it is idempotent: after a restart it may
come early. One clock runs per data folder; another waits behind its lock.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event as Flag

import msgspec
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from paricha.access.acting import acting
from paricha.grounds.refusals import Refused
from paricha.jobs.apps import load_kinds
from paricha.jobs.models import Tick
from paricha.jobs.queue import drop_broken_connection

log = logging.getLogger("paricha.jobs")
NOTED_EVERY_S = 30  # a row for each second's stamp would cost a flush a second


class Entry(msgspec.Struct):
    """`seconds` between two runs of `work`; `next_at`: monotonic time of the next."""

    name: str
    seconds: float
    work: Callable[[], object]
    next_at: float = 0.0
    noted_at: float = float("-inf")
    why: str = ""


_entries: dict[str, Entry] = {}


def every(seconds: float, name: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register work for the clock (`room:what`)."""

    def keep(work: Callable[[], object]) -> Callable[[], object]:
        _entries[name] = Entry(name, seconds, work)
        return work

    return keep


@every(1, "jobs:stamp")
def stamp() -> None:
    """Each second: positions and a signed head for the new rows of the log."""
    from paricha.audit.stamp import stamp_all

    stamp_all()


@every(1, "jobs:feed")
def feed() -> None:
    """Each second: the consumers of the feed read on."""
    from paricha.audit.feed import consume_due

    consume_due()


def names() -> list[str]:
    """What the clock does, by name."""
    load_kinds()
    return sorted(_entries)


def run_due(now: float | None = None) -> list[str]:
    """Do what is due at a monotonic time. Returns the names. A fault in one entry does not keep the others."""
    moment = time.monotonic() if now is None else now
    ran = []
    for entry in list(_entries.values()):
        if entry.next_at > moment:
            continue
        entry.next_at = moment + entry.seconds
        ran.append(entry.name)
        why = _run(entry)
        if why != entry.why or moment - entry.noted_at >= NOTED_EVERY_S:
            entry.why, entry.noted_at = why, moment
            _note(entry)
    return ran


def _run(entry: Entry) -> str:
    try:
        with acting("job"):
            entry.work()
    except Refused as refused:
        return str(refused)
    except Exception:  # noqa: BLE001  the boundary of scheduled work: protects the other entries, above all the stamp
        reference = secrets.token_hex(4)
        log.exception("scheduled %s, reference %s", entry.name, reference)
        drop_broken_connection()
        return f"JOBS-FAULT {reference}"
    return ""


def _note(entry: Entry) -> None:
    try:
        Tick.objects.update_or_create(name=entry.name, defaults={"at": timezone.now(), "why": entry.why})
    except DatabaseError:
        log.exception("the clock could not note %s", entry.name)
        drop_broken_connection()


def remember() -> None:
    """After a start: work with a long interval waits for the rest of it, counted from its last run."""
    load_kinds()
    now, wall = time.monotonic(), timezone.now()
    for tick in Tick.objects.filter(name__in=_entries):
        entry = _entries[tick.name]
        gone = max(0.0, (wall - tick.at).total_seconds())
        if entry.seconds > NOTED_EVERY_S:
            entry.next_at = now + max(0.0, entry.seconds - gone)


def run_clock(stop: Flag) -> None:
    """The clock process: wait for the lock, then do what is due until told to stop."""
    gate = os.open(Path(settings.HOME) / "clock.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while not stop.is_set():
            try:
                fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                stop.wait(0.5)
        if not stop.is_set():
            remember()
        while not stop.is_set():
            run_due()
            coming = min((entry.next_at for entry in _entries.values()), default=0.0)
            stop.wait(min(1.0, max(0.05, coming - time.monotonic())))
    finally:
        os.close(gate)
