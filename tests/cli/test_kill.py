"""`kill -9` of a command in the middle of a batch, as a real process on real files: the batch goes on where it was.

The worker's kill stands in tests/jobs/test_kill.py, that of the web server in tests/journeys."""

import json
import signal
import subprocess
import sys

import pytest

TIPS = """
from paricha.records.models import Tip
print(Tip.objects.count())
"""
JOBS = """
from paricha.jobs.models import Job
print(sorted(set(Job.objects.values_list("state", flat=True))))
"""
WATCH = """
import django; django.setup()
import os, signal, sys, time
from django.db import connection
from paricha.records.models import Tip
least, pid = int(sys.argv[1]), int(sys.argv[2])
while Tip.objects.count() < least:
    connection.close()
    time.sleep(0.01)
os.killpg(pid, signal.SIGKILL)
"""


def exported(house) -> list[dict]:
    return sorted((json.loads(line) for line in house.run("tips", "export", "--jsonl").stdout.splitlines()), key=str)


@pytest.mark.parametrize("least", [1, 150])
def test_an_intake_that_is_killed_goes_on_and_neither_loses_nor_doubles(house, make_house, tmp_path, least: int):
    house.run("synthetic", "state", "--tips", "200", "--seed", "7", "--out", tmp_path / "state")
    files = tmp_path / "state" / "files" / "tips"
    process = house.start("intake", files, "--json")
    environment = house.environment | {"DJANGO_SETTINGS_MODULE": "paricha.site.settings"}
    subprocess.run(
        [sys.executable, "-c", WATCH, str(least), str(process.pid)], env=environment, timeout=120, check=True
    )
    assert process.wait(30) == -signal.SIGKILL
    house.json("intake", files)
    untouched = make_house("untouched")
    untouched.run("init", "--officer", "Anila Kurian", "--synthetic")
    untouched.json("intake", files)
    assert exported(house) == exported(untouched)
    assert house.python(JOBS).strip() == "['done']"
    verified = house.json("verify-originals")
    assert verified["bad"] == [] and verified["beyond"] == 0
    assert house.json("audit", "verify")["first_bad"] is None
    assert house.json("rebuild", "--check")["equal"] is True
