"""The unit's own registers read back with calamine, and held against their truth."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from paricha.synthetic.geography import Geography
from paricha.synthetic.people import People
from paricha.synthetic.registers import HEADINGS, write_registers


def written(out: Path) -> dict[str, int]:
    return write_registers(out / "files", out / "truth", 1, People(1, 60, Geography(1)), 30)


@pytest.fixture(scope="module")
def registers(tmp_path_factory):
    """Where they are, their totals, and the rows of their truth."""
    out = tmp_path_factory.mktemp("registers")
    totals = written(out)
    rows = [json.loads(line) for line in (out / "truth" / "registers.jsonl").read_text().splitlines()]
    return out, totals, rows


def test_the_same_seed_gives_the_same_bytes(registers, tmp_path):
    out, _totals, _rows = registers
    written(tmp_path)
    files = sorted(file.relative_to(out) for file in out.rglob("*") if file.is_file())
    assert len(files) == 2 * len(HEADINGS) + 1
    assert all((out / file).read_bytes() == (tmp_path / file).read_bytes() for file in files)


def test_every_value_of_the_truth_stands_in_its_row(registers):
    out, _totals, rows = registers
    books = {file.name: CalamineWorkbook.from_path(str(file)) for file in (out / "files" / "registers").glob("*.xlsx")}
    sheets = {}
    for row in (row for row in rows if row["why"] is None):
        where = (row["file"].rpartition("/")[2], row["sheet"])
        if where not in sheets:
            page = books[where[0]].get_sheet_by_name(where[1])
            sheets[where] = (page.to_python(skip_empty_area=False), page.merged_cell_ranges or [])
        cells, merged = sheets[where]
        for column, (_heading, field) in enumerate(HEADINGS[row["register"]]):
            value = _cell(cells, merged, row["row"] - 1, column)
            assert value == row["values"].get(field, "") or field is None


def _cell(cells, merged, row: int, column: int) -> str:
    for first, last in merged:
        if first[1] == last[1] == column and first[0] <= row <= last[0]:
            row = first[0]
    value = cells[row][column]
    return value.isoformat()[:10] if isinstance(value, (date, datetime)) else str(value)


def test_rows_of_the_tips_own_subjects_stand_among_others_and_the_traps_are_there(registers):
    _out, totals, rows = registers
    records = [row for row in rows if row["why"] is None]
    assert totals["register_rows"] == len(records)
    assert 0.1 * len(records) < totals["register_rows_of_subjects"] < 0.6 * len(records)
    assert {row["why"] for row in rows} == {None, "numbers of the columns", "a total, not a record"}
    assert any("2)" in row["values"].get("accused.name", "") for row in records)
    assert {row["sheet"] for row in rows if row["register"] == "accounts"} == {"Register", "2019"}


def test_each_register_has_its_mapping(registers):
    out, _totals, _rows = registers
    for register, headings in HEADINGS.items():
        plain = json.loads((out / "files" / "registers" / "mappings" / f"{register}.json").read_text())
        assert (plain["kind"], plain["register"]) == ("register", register)
        assert plain["columns"] == {heading: field for heading, field in headings if field}
