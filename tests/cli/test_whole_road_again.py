"""The whole road walked with another seed, restored from a backup, and with one original deleted."""

import json
import os

import pytest

from tests.cli.conftest import ROWS, counted

pytestmark = pytest.mark.slow


def test_a_strangers_seed_walks_the_same_road_to_other_totals(demo, make_house):
    if os.environ.get("PARICHA_DATABASE_URL"):
        pytest.skip("the second seed walks on SQLite; PostgreSQL walks the first")
    house = make_house("second-seed")
    done = house.run("demo", "--seed", "4711", "--json", exit_code=None, limit_s=900)
    assert done.returncode in (0, 1), done.stderr[-3000:]
    totals = json.loads(done.stdout)
    assert totals["seed"] == 4711
    assert [name for name in ROWS if not totals[name]] == []
    assert {name: totals[name] for name in ROWS} == counted(house)
    first = demo[1]
    assert [name for name in ("sightings", "doors", "events", "exhibits") if totals[name] == first[name]] != list(ROWS)
    assert any(totals[name] != first[name] for name in ("sightings", "doors", "events", "exhibits"))
    assert house.json("audit", "verify")["first_bad"] is None


EXPORTS = [(thing, "export") for thing in "tips doors sites events exhibits cases".split()]


def test_a_restored_backup_says_the_same_and_is_made_again_the_same(demo, copy_of, make_house, tmp_path):
    house = copy_of(demo[0])
    made = house.json("backup", "--to", tmp_path / "evening.age")
    restored = make_house("restored")
    found = restored.json("restore", tmp_path / "evening.age", "--to", restored.folder)
    assert (found["originals"], found["bad"], found["head"]) == (made["originals"], [], made["head"])
    for words in EXPORTS:
        assert restored.run(*words, "--jsonl").stdout == house.run(*words, "--jsonl").stdout, words
    assert counted(restored) == counted(house)
    assert restored.json("audit", "verify")["first_bad"] is None
    made_again = restored.json("rebuild", "--check")
    assert made_again["equal"] is True, made_again["differences"]


FIND = """
import sys
from paricha.access.models import Officer
from paricha.records.search import search
found = search(Officer.objects.get(first=True), %r)
print(len(found.tips))
"""


def test_a_legal_deletion_takes_what_was_derived_and_leaves_a_tombstone(demo, copy_of, tmp_path):
    """Of the whole road: the tip, its rows and its words in the search go, the log stays whole, the rest is the same."""
    house = copy_of(demo[0])
    lines = [json.loads(line) for line in house.run("tips", "export", "--jsonl").stdout.splitlines()]
    tip = next(
        line for line in lines
        if line["forms"] == ["json"] and line["version"] == 1 and not line["members"] and line["people"]
        and any(account["screen_name"] for person in line["people"] for account in person["accounts"])
    )  # fmt: skip
    sha = tip["report_number"]["locator"]["original"]
    assert int(house.python(FIND % tip["report_number"]["value"])) == 1
    house.json("officers", "add", "Second hand", "--role", "administrator", "--key-out", tmp_path / "second.key")
    words = ["originals", "delete", sha, "--order", "CMP 12/2026", "--reason", "Retention ended"]
    assert house.json(*words)["state"] == "proposed"
    again = house.run(*words, "--json", exit_code=1)
    assert json.loads(again.stdout)["refusals"][0]["code"] == "ACCESS-SAME-OFFICER"
    gone = house.json(*words, "--key", tmp_path / "second.key")
    assert gone["state"] == "deleted" and gone["tombstone"]["order"] == "CMP 12/2026" and gone["went"]
    left = house.run("tips", "export", "--jsonl").stdout
    assert sha not in left
    assert {json.loads(line)["tip"] for line in left.splitlines()} >= {line["tip"] for line in lines} - with_original(
        lines, sha
    )
    assert int(house.python(FIND % tip["report_number"]["value"])) == 0
    assert house.json("locate", sha, "json_pointer", "", exit_code=1)["refusals"][0]["code"] == "VAULT-DELETED"
    assert house.json("verify-originals")["deleted"] >= 1
    assert house.json("audit", "verify")["first_bad"] is None
    made = house.json("rebuild", "--check")
    assert made["equal"] is True, made["differences"]


def with_original(lines: list[dict], sha: str) -> set[str]:
    return {line["tip"] for line in lines if sha in json.dumps(line)}
