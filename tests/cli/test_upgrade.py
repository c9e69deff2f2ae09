"""Backups of versions that units use, brought to this program. From 0.1 on each release leaves one in tests/data, made by
`python tools/make_upgrade_fixture.py`: a backup a database, its key, and what its exports said when it was made."""

import json
import os
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[1] / "data"
FIXTURES = sorted(DATA.glob("backup-*.json"))


@pytest.mark.parametrize("told", FIXTURES, ids=lambda file: file.stem)
def test_a_backup_of_an_earlier_version_comes_up_whole(told: Path, make_house):
    """Nothing of it is lost: what it exported then stands in today's exports, and it can be made again."""
    then = json.loads(told.read_text())
    kind = "postgresql" if os.environ.get("PARICHA_DATABASE_URL") else "sqlite"
    if then["database"] != kind:
        pytest.skip(f"a backup of {then['database']} is restored on {then['database']}")
    house = make_house("upgraded")
    found = house.json("restore", told.with_suffix(".age"), "--to", house.folder)
    assert found["bad"] == [] and found["originals"] == then["originals"]
    assert house.json("upgrade")["applied"] == [], "a restore migrates"
    assert house.json("audit", "verify")["first_bad"] is None
    tips = [json.loads(line) for line in house.run("tips", "export", "--jsonl").stdout.splitlines()]
    assert {line["tip"]: line["version"] for line in tips} == then["tips"]
    requests = house.json("requests", "make")["requests"]
    assert requests == [], "what was asked then is still asked, and nothing is asked twice"
    made = house.json("rebuild", "--check")
    assert made["equal"] is True, made["differences"]


def test_a_backup_of_each_database_is_kept_from_this_version_on():
    from importlib.metadata import version

    if not FIXTURES:
        pytest.skip(f"the backup of {version('paricha')} is made when it is released")
    kept = {(json.loads(file.read_text())["version"], json.loads(file.read_text())["database"]) for file in FIXTURES}
    for one in {number for number, _ in kept}:
        assert {(one, "sqlite"), (one, "postgresql")} <= kept
