"""The promise "Common to every command" in the interfaces, driven from outside: init, officers, units, keys, `--as`,
exit codes, refusals, and one object on stdout."""

import json

import pytest

from tests.cli.conftest import is_reading, is_refusal, only_object, values, write_json

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(make_house):
    """A made-up house and what its two `init`s printed."""
    house = make_house("common")
    words = ("init", "--officer", "Anila Kurian", "--synthetic", "--json")
    return house, only_object(house.run(*words)), only_object(house.run(*words))


def test_init_prints_exactly_its_object_and_is_safe_to_repeat(made):
    house, first, again = made
    assert list(first) == ["schema", "home", "officer", "key"]
    assert first == again == {"schema": 1, "home": str(house.folder), "officer": "Anila Kurian", "key": first["key"]}


def test_every_other_command_says_that_init_was_not_run(make_house):
    house = make_house("empty")
    for words in (
        ["tips", "export", "--jsonl"],
        ["doors", "export", "--jsonl"],
        ["audit", "verify"],
        ["intake", "x.json"],
    ):
        done = house.run(*words, exit_code=3)
        assert "paricha init" in done.stderr


def test_a_refusal_with_json_is_one_object_and_words_go_to_stderr(made):
    house, *_ = made
    done = house.run("replies", "read", __file__, "--request", "R-9999", "--json", exit_code=1)
    assert [is_refusal(one) for one in only_object(done)["refusals"]] == [True]
    assert done.stderr


@pytest.mark.parametrize(
    "words", [["intake"], ["nothing"], ["tips", "export", "--moon"], ["units", "add", "x", "--kind", "moon"]]
)
def test_wrong_use_is_exit_code_2(made, words):
    house, *_ = made
    assert house.run(*words, exit_code=2).stdout == ""


def test_units_and_officers_are_added_with_keys_of_their_own(made, tmp_path):
    house, _first, _ = made
    state = only_object(house.run("units", "list", "--json"))["units"][0]["unit"]
    unit = only_object(house.run("units", "add", "Kadal", "--under", state, "--kind", "district", "--json"))
    assert (unit["schema"], unit["unit"]) == (1, "Kadal")
    key = tmp_path / "second.key"
    words = (
        "officers",
        "add",
        "Basil Thomas",
        "--rank",
        "Inspector",
        "--unit",
        "Kadal",
        "--role",
        "analyst",
        "--role",
        "district",
    )
    added = only_object(house.run(*words, "--key-out", key, "--json"))
    assert (added["officer"], added["unit"], added["key"]) == ("Basil Thomas", "Kadal", str(key)) and key.exists()
    assert sorted(added["roles"]) == ["analyst", "district"]
    refused = house.run(
        "officers",
        "add",
        "Third",
        "--role",
        "analyst",
        "--key",
        key,
        "--key-out",
        tmp_path / "x",
        "--json",
        exit_code=1,
    )
    assert [is_refusal(one) for one in only_object(refused)["refusals"]] == [True], "an analyst adds nobody"
    unknown = house.run("officers", "add", "Third", "--role", "judge", "--json", exit_code=1)
    assert [is_refusal(one) for one in only_object(unknown)["refusals"]] == [True]
    by_name = house.run("tips", "export", "--jsonl", "--as", "Basil Thomas")
    assert by_name.stdout == ""
    signing = house.run("doors", "sign", "D-0001", "--as", "Basil Thomas", "--json", exit_code=1)
    assert only_object(signing)["refusals"][0]["code"] == "ACCESS-SIGNATURE-NEEDED"


def test_a_key_that_nobody_enrolled_could_not_start(made, tmp_path):
    house, *_ = made
    (tmp_path / "other.key").write_text("no key")
    done = house.run("tips", "export", "--jsonl", "--key", tmp_path / "other.key", exit_code=3)
    assert done.stdout == "" and done.stderr


def test_a_name_for_a_key_works_on_made_up_data_only(make_house):
    house = make_house("real")
    house.run("init", "--officer", "Anila Kurian")
    done = house.run("tips", "export", "--jsonl", "--as", "Anila Kurian", exit_code=1)
    assert "ACCESS-ONLY-SYNTHETIC" in done.stderr and done.stdout == ""
    house.run("init", "--synthetic", exit_code=3)


def test_a_typed_tip_exports_with_the_form_entry_and_its_values_stand_at_their_entry(made):
    """What an officer types on the page is exported like any other form; there is no file, but an officer and an instant."""
    house, *_ = made
    house.python(
        """
        from paricha.access.acting import acting
        from paricha.access.models import Officer
        from paricha.intake.entry import Entry, TypedPerson, TypedSighting
        from paricha.intake.verbs import enter_tip
        with acting("cli"):
            enter_tip(Officer.objects.get(first=True), Entry(
                form="letter", giver="not named", description="A letter.",
                persons=[TypedPerson(name="Ajith", phones=["+91 00000 00001"])],
                sightings=[TypedSighting("198.18.4.9", who="suspect 1", port="40112", at="2026-05-01 14:30", zone="Asia/Kolkata")],
            ))
        """
    )
    house.run("audit", "verify")  # a command without `serve` does what is due: the typed tip is stored
    (line,) = [json.loads(line) for line in house.run("tips", "export", "--jsonl").stdout.splitlines()]
    assert line["forms"] == ["entry"]
    (someone,), (seen,) = line["people"], line["sightings"]
    assert (values(someone["names"]), seen["who"]) == (["Ajith"], "suspect 1")
    for reading in (someone["names"][0], someone["phones"][0], seen["address"], seen["port"], seen["at"]):
        assert is_reading(reading)
        assert (reading["locator"]["kind"], reading["locator"]["at"][0]) == ("entry", "Anila Kurian")
    assert seen["at"]["value"] == {
        "utc": "2026-05-01T09:00:00Z", "precision": "minute", "as_written": seen["at"]["value"]["as_written"], "zone_source": "stated",
    }  # fmt: skip


def test_places_are_refused_in_words_and_not_with_a_fault(made, tmp_path):
    house, *_ = made
    sha = only_object(
        house.run(
            "intake", write_json(tmp_path / "a.json", {"reportId": 990000009, "reportedInformation": {}}), "--json"
        )
    )
    original = sha["coverage"][0]["original"]
    assert only_object(house.run("locate", original, "json_pointer", "/reportId", "--json")) == {"text": "990000009"}
    assert only_object(house.run("locate", original, "bytes", "[0, 1]", "--json")) == {"text": "{"}
    for words in (
        [original, "json_pointer", "/nothing"],
        [original, "cell", "[broken"],
        [original, "moon", "1"],
        ["00" * 32, "line", "1"],
    ):
        done = house.run("locate", *words, "--json", exit_code=None)
        assert done.returncode in (1, 2), done.stderr
        if done.returncode == 1:
            assert [is_refusal(one) for one in only_object(done)["refusals"]] == [True]


def test_a_path_that_cannot_be_used_is_refused_in_words(house, tmp_path):
    for words in (("backup", "--to"), ("audit", "export", "--out")):
        refused = house.run(*words, tmp_path / "nowhere" / "x", "--json", exit_code=1)
        (one,) = only_object(refused)["refusals"]
        assert is_refusal(one) and one["code"] == "FILE-UNUSABLE" and "nowhere" in one["file"]
    house.environment["PARICHA_HOME"] = str(tmp_path / "file" / "below")
    (tmp_path / "file").write_text("no folder")
    assert is_refusal(only_object(house.run("init", "--json", exit_code=3))["refusals"][0])
    house.environment["PARICHA_HOME"] = str(house.folder)
    refused = house.run("officers", "add", " ", "--role", "analyst", "--key-out", tmp_path / "k", "--json", exit_code=1)
    assert only_object(refused)["refusals"][0]["code"] == "ACCESS-NAME-NEEDED"
