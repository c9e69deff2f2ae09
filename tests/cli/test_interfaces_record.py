"""The promise of "The record" in the interfaces, driven from outside: the log exported, verified here and by the stand-alone
program, made worse by hand; rebuild, originals, backup, restore, upgrade, doctor, a deletion by order."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import is_refusal, only_object, write_json

pytestmark = pytest.mark.slow

VERIFIER = Path(__file__).resolve().parents[2] / "src" / "paricha" / "audit" / "audit_verifier.py"
REPORT = {
    "reportId": 990000001,
    "reportedInformation": {"reportedPeople": {"reportedPersons": [{"firstName": "Ajith", "espUserId": "77"}]}},
}


class Kept:
    """The house after one intake, its exported log, the second officer's key, and what the commands printed."""

    def __init__(self, house, base: Path):
        self.house, self.base = house, base

    def told(self, *words, code=0):
        return only_object(self.house.run(*words, "--json", exit_code=code))


@pytest.fixture(scope="module")
def kept(new_house, tmp_path_factory):
    kept = Kept(new_house("record"), tmp_path_factory.mktemp("record"))
    kept.key = kept.base / "second.key"
    kept.told(
        "officers", "add", "Basil Thomas", "--role", "administrator", "--role", "supervisor", "--key-out", kept.key
    )
    kept.report = write_json(kept.base / "report.json", REPORT)
    other = write_json(kept.base / "other.json", {"reportId": 990000002, "reportedInformation": {}})
    kept.original = kept.told("intake", kept.report, other)["coverage"][0]["original"]
    kept.log = kept.base / "log.jsonl"
    kept.exported = kept.told("audit", "export", "--out", kept.log)
    return kept


def verified(file, *words):
    """What the stand-alone verifier says of a file: exit code and words."""
    done = subprocess.run([sys.executable, VERIFIER, file, *words], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def lines_of(kept):
    return kept.log.read_text().splitlines()


def tampered(kept, lines):
    file = kept.base / "worse.jsonl"
    file.write_text("".join(line + "\n" for line in lines))
    return file


def test_the_export_is_one_row_or_stamp_a_line(kept):
    rows = [json.loads(line) for line in lines_of(kept)]
    assert rows and all(isinstance(row, dict) for row in rows)
    assert any("stamp" in row for row in rows) and any("row" in row for row in rows)


def test_verify_prints_exactly_its_object_here_and_of_a_file(kept):
    for words in ([], [kept.log]):
        told = kept.told("audit", "verify", *words)
        assert list(told) == ["rows", "stamps", "first_bad", "head", "key"]
        assert told["first_bad"] is None and told["rows"] > 0 and told["stamps"] > 0
    assert told["head"] == kept.exported["head"]


def test_the_stand_alone_verifier_takes_the_key_and_a_head_written_down_elsewhere(kept):
    key, head = kept.exported["key"], kept.exported["head"]
    assert verified(kept.log)[0] == 0
    assert verified(kept.log, "--key", key, "--head", head)[0] == 0
    code, words = verified(kept.log, "--key", "00" * 32, "--head", head)
    assert code == 1 and words
    assert verified(kept.log, "--key", key, "--head", "11" * 32)[0] == 1


def changed(lines):
    at = next(place for place, line in enumerate(lines) if '"row"' in line and "Anila" not in line and place > 3)
    return [*lines[:at], lines[at].replace('"via":"cli"', '"via":"job"', 1), *lines[at + 1 :]]


@pytest.mark.parametrize(
    "worse",
    [changed, lambda lines: lines[:2] + lines[3:], lambda lines: [lines[1], lines[0], *lines[2:]],
     lambda lines: [*lines[:3], lines[2], *lines[3:]], lambda lines: ["{}", *lines]],
    ids=["changed", "removed", "moved", "doubled", "added"],
)  # fmt: skip
def test_each_change_of_the_log_is_named(kept, worse):
    lines = lines_of(kept)
    assert worse(lines) != lines
    file = tampered(kept, worse(lines))
    assert verified(file)[0] == 1
    told = kept.told("audit", "verify", file, code=1)
    assert set(told["first_bad"]) == {"row", "why"} and told["first_bad"]["why"]


def test_a_log_cut_short_is_named_by_the_head_written_down(kept):
    lines = lines_of(kept)
    ends = [place for place, line in enumerate(lines) if '"stamp"' in line]
    file = tampered(kept, lines[: ends[-2] + 1])
    assert verified(file)[0] == 0, "the file alone is whole"
    assert verified(file, "--key", kept.exported["key"], "--head", kept.exported["head"])[0] == 1


def test_made_again_the_record_is_equal(kept):
    told = kept.told("rebuild", "--check")
    assert list(told)[-4:] == ["before", "after", "equal", "differences"]
    assert (told["equal"], told["differences"], told["before"]) == (True, [], told["after"])


def test_every_original_is_compared_with_its_hash_and_doctor_says_what_lacks(kept):
    assert kept.told("verify-originals")
    assert kept.told("doctor")


@pytest.mark.skipif(
    bool(os.environ.get("PARICHA_DATABASE_URL")),
    reason="on PostgreSQL a copy needs an empty database of its own: test_whole_road restores there",
)
def test_a_backup_restored_is_whole(kept):
    file, home = kept.base / "house.backup", kept.base / "restored"
    made = kept.told("backup", "--to", file)
    assert file.exists() and made
    told = kept.told("restore", file, "--to", home)
    assert told and home.is_dir()
    here = type(kept.house)(home, "")
    assert only_object(here.run("audit", "verify", "--json"))["first_bad"] is None
    mine = [json.loads(line)["tip"] for line in kept.house.run("tips", "export", "--jsonl").stdout.splitlines()]
    assert [json.loads(line)["tip"] for line in here.run("tips", "export", "--jsonl").stdout.splitlines()] == mine


def test_an_upgrade_of_what_is_new_changes_nothing(kept):
    assert kept.told("upgrade")["applied"] == []


def test_a_deletion_by_order_takes_two_officers_and_leaves_the_tombstone(kept):
    words = ["originals", "delete", kept.original, "--order", "ORDER-7", "--reason", "By order of the court"]
    kept.told(*words)
    same = kept.told(*words, code=1)
    assert [is_refusal(one) for one in same["refusals"]] == [True]
    told = kept.told(*words, "--key", kept.key)
    assert told["tombstone"]["order"] == "ORDER-7" and told["went"]
    numbers = [
        json.loads(line)["report_number"]["value"]
        for line in kept.house.run("tips", "export", "--jsonl").stdout.splitlines()
    ]
    assert numbers == ["990000002"] or numbers == ["990000001"]
    assert kept.told("audit", "verify")["first_bad"] is None
    gone = kept.told("locate", kept.original, "json_pointer", "/reportId", code=1)
    assert [is_refusal(one) for one in gone["refusals"]] == [True]
