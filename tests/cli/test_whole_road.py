"""One tip walks the whole house: the demo, made once without any network, and then questioned from outside."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from machine_needs import without_network

TOTALS = """schema seed files tips sightings requests replies doors sites teams packages events exhibits cases
refused""".split()
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


@pytest.mark.parametrize("which", [0, 1])
def test_an_officer_of_a_district_meets_no_row_of_another(demo, copy_of, which: int):
    """With every role and the other district's ids in his hands: no page, no act, no row, no suggestion, no count."""
    house = copy_of(demo[0])
    environment = house.environment | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tools'}"}
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "house" / "crawl.py"), "--district", str(which)],
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


COUNTS = """
import json
from django.db import connection
told = {}
for name, query in json.loads(%r).items():
    with connection.cursor() as cursor:
        cursor.execute(query)
        told[name] = cursor.fetchone()[0]
print(json.dumps(told))
"""
# Each total of the promise, as anyone with the database would count it.
ROWS = {
    "files": "SELECT COUNT(*) FROM intake_fileread",
    "tips": "SELECT COUNT(*) FROM records_tip",
    "sightings": "SELECT COUNT(*) FROM records_sighting",
    "requests": "SELECT COUNT(*) FROM attribution_request",
    "replies": "SELECT COUNT(*) FROM attribution_replyfile",
    "doors": "SELECT COUNT(*) FROM attribution_door WHERE joined_to_id IS NULL",
    "sites": "SELECT COUNT(*) FROM operations_site",
    "teams": "SELECT COUNT(*) FROM operations_team",
    "packages": "SELECT COUNT(*) FROM operations_package",
    "events": "SELECT COUNT(*) FROM field_fieldevent f WHERE NOT EXISTS "
    "(SELECT 1 FROM field_fieldevent o WHERE o.confirms_id = f.id)",
    "exhibits": "SELECT COUNT(*) FROM exhibits_exhibit",
    "cases": "SELECT COUNT(*) FROM cases_case AS c WHERE NOT EXISTS (SELECT 1 FROM cases_case o WHERE o.corrects_id = c.id)",
    "refused": "SELECT COUNT(*) FROM intake_storedrefusal",
}


def counted(house) -> dict[str, int]:
    return json.loads(house.python(COUNTS % json.dumps(ROWS)))


def test_every_total_is_a_count_of_rows(demo):
    house, totals = demo
    assert {name: totals[name] for name in ROWS} == counted(house)


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
