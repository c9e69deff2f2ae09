"""`kill -9` of a command in the middle of a batch, as a real process on real files: the batch goes on where it was.

The worker's kill stands in tests/jobs/test_kill.py, that of the web server in tests/journeys."""

import json
import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

JOBS = """
from paricha.jobs.models import Job
print(sorted(set(Job.objects.values_list("state", flat=True))))
"""
# `paricha intake` in chunks of 40 files, which kills itself at a moment that no clock decides.
KILLED = """
import django; django.setup()
import os, signal, sys
from paricha.cli.main import run
from paricha.records import files, pipeline, verbs

files.CHUNK_FILES = 40
moment, store, journal = sys.argv.pop(1), pipeline.store_part, verbs.Journal.objects.create
parts = 0

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def stored(officer, part):
    global parts
    parts += 1
    done = store(officer, part)
    if moment == "between" and parts == 2:
        die()
    return done

def noted(**fields):
    made = journal(**fields)
    if moment == "inside" and parts == 3:
        die()
    return made

pipeline.store_part, verbs.Journal.objects.create = stored, noted
run()
"""


def exported(house) -> list[dict]:
    return sorted((json.loads(line) for line in house.run("tips", "export", "--jsonl").stdout.splitlines()), key=str)


@pytest.fixture(scope="module")
def state(new_house, tmp_path_factory):
    """(the State's tip files, what an intake that nothing disturbs exports)."""
    out = tmp_path_factory.mktemp("state") / "state"
    untouched = new_house("untouched")
    untouched.run("synthetic", "state", "--tips", "200", "--seed", "7", "--out", out)
    untouched.json("intake", out / "files" / "tips")
    return out / "files" / "tips", exported(untouched)


@pytest.mark.parametrize("moment", ["inside", "between"])
def test_an_intake_that_is_killed_goes_on_and_neither_loses_nor_doubles(house, state, moment: str):
    files, expected = state
    process = subprocess.run(
        [sys.executable, "-c", KILLED, moment, "intake", files],
        env=house.environment | {"DJANGO_SETTINGS_MODULE": "paricha.site.settings"}, timeout=120,
    )  # fmt: skip
    assert process.returncode == -signal.SIGKILL
    written = house.python("from paricha.records.models import Journal; print(Journal.objects.count())")
    assert int(written) == 2, "a third part's transaction is undone, the two before it stay"
    house.json("intake", files)
    assert exported(house) == expected
    assert house.python(JOBS).strip() == "['done']"
    verified = house.json("verify-originals")
    assert verified["bad"] == [] and verified["beyond"] == 0
    assert house.json("audit", "verify")["first_bad"] is None
    assert house.json("rebuild", "--check")["equal"] is True
