"""The registers read back with calamine and the csv module, and held against the truth."""

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook


def mapping(state, name: str) -> dict:
    return json.loads((state.files / "mappings" / f"{name}.json").read_text())


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def xlsx(state):
    return CalamineWorkbook.from_path(str(state.files / "sheets" / "register-national.xlsx"))


def in_file(state, name: str) -> list[dict]:
    return [t for t in state.rows("tips") if t["sheet"] and t["sheet"]["file"] == f"sheets/{name}"]


def test_about_one_report_in_seven_stands_in_a_register(state):
    tips = state.rows("tips")
    listed = [t for t in tips if t["sheet"]]
    assert 0.12 * len(tips) <= len(listed) <= 0.18 * len(tips)
    assert {t["sheet"]["file"].split("/")[1] for t in listed} == {p.name for p in (state.files / "sheets").iterdir()}
    assert any(t["forms"] in (["xlsx"], ["csv"]) for t in listed)


def test_the_csv_register_says_what_the_truth_says(state):
    rows = csv_rows(state.files / "sheets" / "register-national.csv")
    for tip in in_file(state, "register-national.csv"):
        mine = [r for r in rows if r["Tipline No."] == tip["report_number"]]
        assert len(mine) == tip["sheet"]["rows"]
        said = [
            (r[f"IP Address {n}"], r[f"Port {n}"], r[f"Date and Time (IST) {n}"])
            for r in mine
            for n in (1, 2)
            if r[f"IP Address {n}"]
        ]
        assert said == [(s["address"], str(s["port"] or ""), s["at"]["as_written"]) for s in tip["sheet"]["sightings"]]
        for (_, _, text), sighting in zip(said, tip["sheet"]["sightings"], strict=True):
            at = datetime.strptime(text + " +0530", "%d/%m/%Y %H:%M:%S %z")
            assert at == datetime.fromisoformat(sighting["at"]["utc"])


def test_the_workbook_has_titles_merged_cells_real_dates_and_text_dates(state, xlsx):
    assert xlsx.sheet_names == ["Register 1", "Register 2", "Notes"]
    kinds, merged, numbers = set(), 0, []
    for name in xlsx.sheet_names[:2]:
        page = xlsx.get_sheet_by_name(name)
        merged += len(page.merged_cell_ranges or [])
        rows = page.to_python(skip_empty_area=False)
        assert rows[2][1] == "Tipline No."
        column = rows[2].index("Date and Time 1")
        kinds |= {type(r[column]) for r in rows[3:] if r[column] != ""}
        numbers += [r[1] for r in rows[3:] if r[1]]
    assert kinds == {datetime, str}
    assert merged > 6
    listed = in_file(state, "register-national.xlsx")
    assert set(numbers) == {t["report_number"] for t in listed}
    assert any(t["sheet"]["rows"] > 1 for t in listed)


def test_every_planted_contradiction_differs_from_the_json_form(state):
    kinds = set()
    for tip in state.rows("tips"):
        planted = tip["conflict_planted"]
        if not planted:
            continue
        kinds.add(planted)
        assert "json" in tip["forms"]
        said = {(s["address"], s["at"]["utc"]) for s in tip["sightings"] if s["who"] == "suspect 1"}
        sheet = {(s["address"], s["at"]["utc"]) for s in tip["sheet"]["sightings"]}
        if planted == "time 5 h 30":
            ((address, utc),) = sheet - said
            earlier = datetime.fromisoformat(utc) - timedelta(hours=5, minutes=30)
            assert (address, earlier.strftime("%Y-%m-%dT%H:%M:%SZ")) in said
        elif planted == "changed digit":
            ((address, utc),) = sheet - said
            twin = next(a for a, u in said if u == utc)
            assert len(twin) == len(address) and sum(a != b for a, b in zip(twin, address, strict=True)) == 1
        else:
            assert sheet <= said
    assert kinds == {"time 5 h 30", "changed digit", "other screen name", "other incident time"}


def test_another_screen_name_stands_in_the_sheet(state, xlsx):
    csv_names = {r["Tipline No."]: r["Screen Name"] for r in csv_rows(state.files / "sheets" / "register-national.csv")}
    for name in xlsx.sheet_names[:2]:
        rows = xlsx.get_sheet_by_name(name).to_python(skip_empty_area=False)
        csv_names |= {r[1]: r[rows[2].index("Screen Name")] for r in rows[3:] if r[1]}
    for tip in state.rows("tips"):
        if tip["sheet"] and tip["report_number"] in csv_names:
            same = csv_names[tip["report_number"]] == tip["people"][0]["accounts"][0]["screen_name"]
            assert same == (tip["conflict_planted"] != "other screen name")


def test_the_ambiguous_register_never_decides_between_day_and_month(state):
    rows = csv_rows(state.files / "sheets" / "register-ambiguous.csv")
    dates = [r[f"Date/Time {n}"] for r in rows for n in (1, 2) if r[f"Date/Time {n}"]]
    assert dates
    for date in dates:
        day, month = int(date[:2]), int(date[3:5])
        assert day <= 12 and month <= 12 and day != month
    assert mapping(state, "register-ambiguous")["date_order"] is None
    assert all(
        s["at"]["utc"] is None for t in in_file(state, "register-ambiguous.csv") for s in t["sheet"]["sightings"]
    )


def test_mappings_name_headings_that_stand_in_their_sheets(state, xlsx):
    heads = {
        "register-national-csv": csv.reader((state.files / "sheets" / "register-national.csv").open()).__next__(),
        "register-ambiguous": csv.reader((state.files / "sheets" / "register-ambiguous.csv").open()).__next__(),
        "register-national-xlsx": xlsx.get_sheet_by_name("Register 1").to_python(skip_empty_area=False)[2],
    }
    for name, head in heads.items():
        plan = mapping(state, name)
        assert set(plan["columns"]) <= set(head), name
        assert set(plan) == {"schema", "name", "header_row", "columns", "person", "zone", "date_order"}
        assert next(iter(plan["columns"].items()))[1] == "report_number"
        assert not any(set(plan["columns"]) <= set(heads[other]) for other in heads if other != name), (
            "two mappings fit"
        )
