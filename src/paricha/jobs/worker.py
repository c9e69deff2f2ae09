"""The processes beside the web: `python -m paricha.jobs.worker` takes jobs, `… worker clock` is the scheduler.

A stop (SIGTERM) lets the running job come to its next beat and gives it back at its checkpoint; a kill loses nothing
either, because the next worker sees that this one is gone.
"""

from __future__ import annotations

import logging
import signal
import sys
from threading import Event as Flag

from django.db import DatabaseError

log = logging.getLogger("paricha.jobs")
IDLE_S = 0.2


def run_worker(stop: Flag) -> None:
    """Claim and run until told to stop."""
    from paricha.jobs import queue
    from paricha.jobs.apps import load_kinds
    from paricha.jobs.due import run_one

    load_kinds()
    queue.stop_asked = stop.is_set
    while not stop.is_set():
        try:
            run = queue.claim()
            if run is None:
                stop.wait(IDLE_S)
            else:
                run_one(run)
        except DatabaseError:
            log.exception("the worker waits for the database")
            queue.drop_broken_connection()
            stop.wait(2)


def main(words: list[str]) -> int:
    """Set Django up and run as worker or clock until SIGTERM or SIGINT."""
    import django

    django.setup()
    from paricha.jobs.schedule import run_clock

    stop = Flag()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    (run_clock if words[:1] == ["clock"] else run_worker)(stop)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
