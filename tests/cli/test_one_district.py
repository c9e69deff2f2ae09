"""The demo seen by an officer of one of its two districts."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


def test_an_officer_of_a_district_meets_no_row_of_another(demo, copy_of):
    """With every role and the other district's ids in his hands: no page, no act, no row, no suggestion, no count. One
    district's officer on SQLite, the other's on PostgreSQL."""
    which = "1" if os.environ.get("PARICHA_DATABASE_URL") else "0"
    house = copy_of(demo[0])
    environment = house.environment | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tools'}"}
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "house" / "crawl.py"), "--district", which],
        env=environment, capture_output=True, text=True, timeout=900, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    walked = json.loads(done.stdout)
    assert walked["leaks"] == []
    assert walked["faults"] == []
    # And the walk was a walk: pages were opened, there was something to hide, and the State sees what he does not.
    assert walked["hidden"] > 500 and walked["visible"] > 20 and walked["pages"] > 60, walked
    assert walked["opened_by_state"] > 15, walked
    for address in ("/records/", "/triage/", "/attribution/", "/dispatch/"):
        mine, states = walked["lists"][address]
        assert mine < states, (address, walked["lists"])
