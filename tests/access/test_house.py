"""`init`, officers, units and the frame of every command: exit codes, refusals as JSON, what is due."""

import json
import os
import stat

import pytest

pytestmark = pytest.mark.slow


def test_init_prints_what_is_promised_and_is_safe_to_repeat(make_house):
    house = make_house()
    refused = house.run("units", "add", "Puzhanad", "--under", "x", "--kind", "district", "--json", exit_code=3)
    assert json.loads(refused.stdout)["refusals"][0]["code"] == "HOUSE-NOT-INITIALISED"
    first = house.run("init", "--officer", "Anila Kurian", "--json")
    said = json.loads(first.stdout)
    assert said == {"schema": 1, "home": str(house.folder), "officer": "Anila Kurian", "key": said["key"]}
    assert "/access/enrol/" in first.stderr, "a real folder prints the code of the first sign-in"
    kept = {file.name: file.read_bytes() for file in (house.folder / "keys").glob("*.key")}
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in (house.folder / "keys").glob("*.key"))
    again = house.run("init", "--officer", "Somebody else", "--json")
    assert json.loads(again.stdout) == said and again.stderr == ""
    assert kept == {file.name: file.read_bytes() for file in (house.folder / "keys").glob("*.key")}
    # A real folder can't be turned into one of made-up data, neither by the command nor by the settings file.
    turned = house.run("init", "--synthetic", "--json", exit_code=3)
    assert json.loads(turned.stdout)["refusals"][0]["code"] == "HOUSE-MARK"
    file = house.folder / "paricha.toml"
    file.write_text(file.read_text().replace("synthetic = false", "synthetic = true"))
    turned = house.run("officers", "list", "--json", exit_code=3)
    assert json.loads(turned.stdout)["refusals"][0]["code"] == "HOUSE-MARK"


@pytest.mark.parametrize("how", ["no database", "key file only", "empty key"])
def test_an_interrupted_init_is_finished_by_the_next(make_house, how):
    house = make_house()
    house.folder.mkdir()
    (house.folder / "paricha.toml").write_text(f'installation = "{"ab" * 16}"\nsynthetic = true\n')
    if how == "key file only":
        from paricha.access.keys import make_key_file

        (house.folder / "keys" / "officers").mkdir(parents=True)
        make_key_file(house.folder / "keys" / "officers" / "first.key")
    if how == "empty key":
        (house.folder / "keys").mkdir()
        (house.folder / "keys" / ".stamp.key.00ff").touch()
    house.json("init", "--officer", "Anila Kurian")
    assert house.json("audit", "verify")["first_bad"] is None


def test_officers_and_units_as_promised(house, tmp_path):
    district = house.json("units", "add", "Puzhanad", "--under", "Child protection unit", "--kind", "district")
    assert set(district) == {"schema", "unit", "id", "under", "kind"}
    key = tmp_path / "basil.key"
    words = (
        "officers",
        "add",
        "Basil",
        "--rank",
        "Inspector",
        "--unit",
        "Puzhanad",
        "--role",
        "district",
        "--key-out",
        key,
    )
    added = house.run(*words, "--json")
    assert json.loads(added.stdout)["roles"] == ["district"] and "code" in added.stderr
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert json.loads(house.run(*words, "--json", exit_code=1).stdout)["refusals"][0]["code"] == "ACCESS-EXISTS"
    # He may not add officers; the refusal stands in the log, stamped.
    refused = house.run(
        "units", "add", "X", "--under", "Puzhanad", "--kind", "station", "--key", key, "--json", exit_code=1
    )
    assert json.loads(refused.stdout)["refusals"][0]["code"] == "ACCESS-RIGHT"
    house.json("audit", "export", "--out", tmp_path / "log.jsonl")
    assert '"access:verb:refused"' in (tmp_path / "log.jsonl").read_text()
    # --as stands for a key only in made-up folders and never beside another's key.
    assert house.json("units", "list", "--as", "Basil")["units"][1]["under"] == "Child protection unit"
    house.run("units", "list", "--as", "Anila Kurian", "--key", key, exit_code=3)
    os.chmod(key, 0o644)
    refused = house.run("units", "list", "--key", key, "--json", exit_code=3)
    assert json.loads(refused.stdout)["refusals"][0]["code"] == "ACCESS-KEY-UNREADABLE"
    house.run("units", "add", exit_code=2)


def test_a_database_that_does_not_answer_is_exit_code_3(make_house, tmp_path):
    house = make_house()
    house.environment["PARICHA_DATABASE_URL"] = "postgresql://nobody@/none?host=/nonexistent-socket-folder"
    refused = house.run("init", "--json", exit_code=3)
    assert json.loads(refused.stdout)["refusals"][0]["code"] == "HOUSE-DATABASE"
    (house.folder / "keys" / "stamp.key").write_text("00" * 32)
    refused = house.run("officers", "list", "--json", exit_code=3)
    assert json.loads(refused.stdout)["refusals"][0]["code"] == "HOUSE-DATABASE"
