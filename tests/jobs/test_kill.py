"""A worker is killed (SIGKILL) in the middle of a job, as a real process, on the database of this run."""

import os
import signal
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.slow

WORKER = """
import django; django.setup()
import os, sys, time
from threading import Event
from django.db import transaction
from paricha.access.models import Unit
from paricha.grounds.progress import Progress
from paricha.jobs.queue import job
from paricha.jobs.worker import run_worker
from paricha.vault.store import keep

@job("test:twenty")
def twenty(run):
    for unit in range(run.checkpoint.get("unit", 0) + 1, 21):
        with transaction.atomic():
            keep(f"unit {unit}".encode(), name=f"{unit}", unit=run.unit)
            run.beat(Progress(unit, 20, "units"), checkpoint={"unit": unit})
        with open(sys.argv[1], "a") as seen:
            seen.write(f"{os.getpid()} {unit}\\n")
        time.sleep(0.05)
    return {"units": 20}

stop = Event()
import signal
signal.signal(signal.SIGTERM, lambda *_: stop.set())
run_worker(stop)
"""
ENQUEUE = """
from paricha.access.models import Officer
from paricha.jobs.queue import enqueue
print(enqueue("test:twenty", {}, officer=Officer.objects.get(first=True)).id.hex())
"""
STATE = """
from paricha.jobs.models import Job
from paricha.vault.models import Original
row = Job.objects.get()
print(row.state, row.done, row.fence, Original.objects.count())
"""


def worker(house, seen):
    environment = house.environment | {"DJANGO_SETTINGS_MODULE": "paricha.site.settings"}
    return subprocess.Popen([sys.executable, "-c", WORKER, str(seen)], env=environment, cwd=house.folder.parent)


def lines(seen):
    return [line.split() for line in seen.read_text().splitlines()] if seen.exists() else []


def wait_for(true, what, limit_s=90):
    until = time.monotonic() + limit_s
    while not true():
        assert time.monotonic() < until, f"waited {limit_s} s for {what}"
        time.sleep(0.02)


def test_a_killed_job_goes_on_at_its_checkpoint_and_nothing_is_lost_or_doubled(house, tmp_path):
    house.python(ENQUEUE)
    seen = tmp_path / "seen"
    first = worker(house, seen)
    wait_for(lambda: len(lines(seen)) >= 5, "five units")
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    second = worker(house, seen)  # its lease would last a minute; the dead process is known to be dead
    try:
        wait_for(lambda: any(unit == "20" for _pid, unit in lines(seen)), "the last unit")
        second.terminate()
        assert second.wait(30) == 0
    finally:
        second.kill()
    units = [int(unit) for _pid, unit in lines(seen)]
    assert sorted(set(units)) in (list(range(1, 21)), [n for n in range(1, 21) if n != units[4] + 1])
    assert len(units) <= 21  # at most the unit in hand a second time
    state, done, fence, originals = house.python(STATE).split()
    assert (state, done, fence, originals) == ("done", "20", "2", "20")
    verified = house.json("verify-originals")
    assert (verified["good"], verified["bad"], verified["beyond"]) == (20, [], 0)


def test_a_worker_that_is_told_to_stop_gives_its_job_back_at_the_next_beat(house, tmp_path):
    house.python(ENQUEUE)
    seen = tmp_path / "seen"
    first = worker(house, seen)
    try:
        wait_for(lambda: len(lines(seen)) >= 2, "two units")
        first.terminate()
        assert first.wait(30) == 0
    finally:
        first.kill()
    assert house.python(STATE).split()[0] == "waiting"
    assert len(lines(seen)) < 20
