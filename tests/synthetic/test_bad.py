"""Each bad file is bad in the way its truth says."""

import json
import zipfile

import pytest


def test_every_bad_file_has_its_truth_and_is_small(state):
    folder = state.files / "bad"
    assert {f"bad/{f.name}" for f in folder.iterdir()} == {r["file"] for r in state.rows("bad")}
    assert all(f.stat().st_size < 60_000 for f in folder.iterdir())


@pytest.mark.parametrize(
    "name", ["truncated.json", "nested.json", "nested-object.json", "empty.json", "broken-letters.json"]
)
def test_these_can_not_be_read_as_json(state, name):
    with pytest.raises((ValueError, RecursionError)):
        json.loads((state.files / "bad" / name).read_bytes())


def test_one_key_stands_twice_with_different_values(state):
    pairs = []
    json.loads((state.files / "bad" / "duplicate-key.json").read_bytes(), object_pairs_hook=pairs.extend)
    values = [v for k, v in pairs if k == "reportId"]
    assert len(values) == 2 and len(set(values)) == 2


def test_cut_and_wrong_sheets_are_no_archives(state):
    for name in ("cut.xlsx", "not-a-sheet.xlsx"):
        assert not zipfile.is_zipfile(state.files / "bad" / name)


def test_the_tip_under_a_wrong_extension_and_the_empty_list_can_be_read(state):
    assert json.loads((state.files / "bad" / "wrong-extension.pdf").read_bytes())["reportId"] == 989000001
    assert json.loads((state.files / "bad" / "empty-list.json").read_bytes()) == []
