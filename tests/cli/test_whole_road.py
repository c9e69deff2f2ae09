"""One tip walks the whole house: the demo, made once without any network, and then questioned from outside."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from machine_needs import without_network

from tests.cli.conftest import ROWS, counted

TOTALS = """schema seed files tips sightings requests replies doors sites teams packages events exhibits cases
refused""".split()
pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


def test_the_demo_counts_something_in_every_room_of_the_road(demo):
    _, totals = demo
    assert list(totals) == TOTALS
    assert [name for name in TOTALS if not totals[name]] == []


def test_this_machine_could_take_the_network_away():
    if not without_network():
        pytest.skip("no network namespace on this machine: the demo ran with a network it did not need")


def test_the_log_verifies(demo):
    house, _ = demo
    verified = house.json("audit", "verify")
    assert verified["first_bad"] is None
    assert verified["rows"] > 0


def test_every_original_is_what_its_hash_says(demo):
    house, _ = demo
    house.run("verify-originals", "--json")


def test_what_is_derived_is_made_again_the_same(demo):
    house, _ = demo
    made = house.json("rebuild", "--check")
    assert made["equal"] is True, made["differences"]
    assert made["before"] == made["after"]


def test_every_leaf_that_is_exported_stands_at_its_locator(demo):
    """Every reading of the exported tips, against the original read anew; one command each would take hours, so the
    same function that `paricha locate` calls runs in one process of the house."""
    house, _ = demo
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "cli" / "locate_every_leaf.py")],
        env=house.environment, capture_output=True, text=True, timeout=900, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    assert found["checked"] > 1000


def test_every_total_is_a_count_of_rows(demo):
    house, totals = demo
    assert {name: totals[name] for name in ROWS} == counted(house)
