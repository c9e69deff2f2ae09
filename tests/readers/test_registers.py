"""A unit's own registers: each row is read as written with its cells, and nothing is divided, borrowed or guessed."""

import hashlib
import io
import json
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from paricha.grounds.instants import DateOrder
from paricha.grounds.refusals import Refused
from paricha.intake.document import EarlierDocument, leaves
from paricha.intake.mapping import Mapping, read_mapping
from paricha.intake.proposing import grids_of, propose
from paricha.intake.reading import FileReading, read_bytes
from paricha.intake.registers import LONGEST, is_several, one_number, row_key, values_of
from paricha.intake.registers_fields import FIELDS, field_of, known_headings, likely_register
from paricha.vault.locating import text_in

ACCUSED = {
    "Crime No.": "case.number",
    "Police Station": "case.station",
    "Name of Accused": "accused.name",
    "Mobile No.": "accused.phone",
    "Date of Arrest": "dated",
    "Remarks": "remarks",
}


def mapping(columns: dict[str, str] | None = None, register: str = "accused", **given: Any) -> Mapping:
    plain = {"schema": 1, "name": "accused of drives", "kind": "register", "register": register,
             "columns": columns or ACCUSED, **given}  # fmt: skip
    return read_mapping(plain)


def read(data: bytes | str, by: Mapping | None = None, saved: list[Mapping] | None = None) -> FileReading:
    raw = data.encode() if isinstance(data, str) else data
    return read_bytes(raw, name="register", sha256=hashlib.sha256(raw).hexdigest(), mapping=by, mappings=saved)


def book(fill) -> bytes:
    """A workbook of one page; `fill(book, page)` writes its cells."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    fill(made, made.add_worksheet("Accused"))
    made.close()
    return out.getvalue()


def rows(*lines: list[Any]) -> bytes:
    """One page of texts and numbers."""

    def fill(_book, page):
        for row, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                if cell is not None:
                    page.write(row, column, cell)

    return book(fill)


def whys(reading: FileReading) -> list[str]:
    """Why blocks outside any row were not read."""
    return [one.why for one in reading.unread]


HEAD = list(ACCUSED)


def test_a_row_of_a_register_is_one_record_with_every_value_at_its_cell():
    data = rows(HEAD, ["212/2021", "Kaduva", "Anil Made-Up", "10000 00417", "2021-03-14", "on bail"])
    reading = read(data, mapping())
    (row,) = reading.documents
    assert isinstance(row, EarlierDocument)
    assert row.register == "accused" and row.place == ["Accused", "A2"]
    assert {one.field: one.leaf.value for one in row.stated} == {
        "case.number": "212/2021", "case.station": "Kaduva", "accused.name": "Anil Made-Up",
        "accused.phone": "10000 00417", "remarks": "on bail",
    }  # fmt: skip
    for leaf in leaves(row):
        written = leaf.as_written if hasattr(leaf, "as_written") else leaf.value
        assert text_in(data, "cell", leaf.at) == written
    assert (row.expected, row.read, reading.coverage.earlier, reading.coverage.tips) == (6, 6, 1, 0)


def test_a_register_is_never_taken_for_tips_by_itself():
    reading = read(rows(["Crime No.", "Name", "Mobile No", "Account ID"], ["1/2020", "A", "1000000417", "x"]))
    assert not reading.documents
    (refusal,) = reading.refusals
    assert refusal.code == "INTAKE-SHEET-UNMAPPED" and "register of the unit's own earlier work" in refusal.what


def test_a_sheet_of_tips_that_names_crime_numbers_stays_a_sheet_of_tips():
    reading = read(rows(["Report Number", "IP Address", "Crime No"], ["990000001", "203.0.113.4", "1/2020"]))
    assert reading.coverage.tips == 1 and reading.coverage.earlier == 0


def test_a_date_that_can_be_read_two_ways_has_no_instant_and_is_asked_for():
    data = rows(HEAD, ["1/2021", None, "A", None, "03/04/2021", None], ["2/2021", None, "B", None, "25/12/2021", None])
    reading = read(data, mapping(zone="Asia/Kolkata"))
    first, second = reading.documents
    assert first.dates[0].when.utc is None and first.dates[0].when.as_written == "03/04/2021"
    assert second.dates[0].when.utc is not None
    assert [one.code for one in reading.refusals] == ["INTAKE-DATE-ORDER"]
    decided = read(data, mapping(zone="Asia/Kolkata", date_order=DateOrder.DMY))
    assert decided.documents[0].dates[0].when.instant().utc == datetime.fromisoformat("2021-04-03T00:00+05:30")
    assert not decided.refusals


def test_a_date_without_a_zone_has_no_instant():
    (row,) = read(rows(HEAD, ["1/2021", None, "A", None, "25/12/2021", None]), mapping()).documents
    assert row.dates[0].when.utc is None


def test_a_column_that_nobody_knows_is_an_unread_block_at_its_heading():
    reading = read(rows([*HEAD, "Caste"], ["1/2021", "Kaduva", "A", None, None, None, "x"]), mapping())
    assert [(one.why, one.at) for one in reading.unread] == [("column without a field", ["Accused", "G1"])]


SEVERAL = [
    "1) Anil 2) Babu", "1. Anil\n2. Babu", "A1. Anil A2. Babu", "A1 Anil, A2 Babu", "(1) Anil (2) Babu", "Anil\nBabu",
    "൧) അനിൽ ൨) ബാബു",
]  # fmt: skip


@pytest.mark.parametrize("written", SEVERAL)
def test_several_accused_in_one_cell_stay_one_value_and_it_says_so(written):
    (row,) = read(rows(HEAD, ["1/2021", "Kaduva", written, None, None, None]), mapping()).documents
    assert values_of(row, "accused.name") == [written]
    assert [(one.why, one.at) for one in row.unread] == [("several in one cell, kept as one", ["Accused", "C2"])]


@pytest.mark.parametrize("written", ["Anil Babu", "Anil @ Babu, S/o Raju", "Babu K. 2nd", "K. P. Babu"])
def test_one_accused_is_not_called_several(written):
    assert not is_several("accused.name", written)


@pytest.mark.parametrize(
    ("field", "written", "several"),
    [("accused.phone", "1000000417, 1000000418", True), ("accused.phone", "1000000417/18", False),
     ("accused.phone", "0484-2345678", False), ("device.imei", "356938035643809 / 356938035643817", True),
     ("accused.email", "a.made@example.com", False)],
)  # fmt: skip
def test_numbers_side_by_side_are_called_several(field, written, several):
    assert is_several(field, written) is several


@pytest.mark.parametrize("written", ["1000000417/18", "1000000417 (brother)", "nil", "x1000000417"])
def test_a_telephone_cell_with_more_than_one_number_in_it_is_no_number(written):
    assert one_number(written) is None


def test_a_merged_case_number_belongs_to_all_its_accused_at_its_first_cell():
    def fill(_book, page):
        for column, heading in enumerate(HEAD):
            page.write(0, column, heading)
        page.merge_range(1, 0, 3, 0, "212/2021")
        page.write(1, 2, "Anil")
        page.write(2, 2, "Babu")  # the fourth row holds nothing but its part of the merged cell

    first, second = read(book(fill), mapping()).documents
    assert values_of(second, "case.number") == ["212/2021"] and second.stated[0].leaf.at == ["Accused", "A2"]
    assert values_of(first, "accused.name") == ["Anil"] and values_of(second, "accused.name") == ["Babu"]


def test_a_case_number_left_blank_is_not_borrowed_from_the_row_above():
    _first, second = read(
        rows(HEAD, ["1/2021", "Kaduva", "Anil"], [None, None, "Babu"]), mapping()
    ).documents  # fmt: skip
    assert values_of(second, "case.number") == []


def test_headings_in_several_rows_are_found_and_what_stands_above_is_said():
    def fill(_book, page):
        page.merge_range(0, 0, 0, 5, "REGISTER OF ACCUSED, DRIVE OF 2021")
        page.merge_range(1, 0, 2, 0, "Crime No.")
        page.merge_range(1, 1, 2, 1, "Police Station")
        page.merge_range(1, 2, 1, 3, "Particulars of accused")
        page.write(2, 2, "Name of Accused")
        page.write(2, 3, "Mobile No.")
        page.merge_range(1, 4, 2, 4, "Date of Arrest")
        page.merge_range(1, 5, 2, 5, "Remarks")
        for column in range(6):
            page.write(3, column, f"({column + 1})")
        for column, cell in enumerate(["1/2021", "Kaduva", "Anil", "1000000417"]):
            page.write(4, column, cell)

    data = book(fill)
    reading = read(data, mapping())
    (row,) = reading.documents
    assert values_of(row, "accused.phone") == ["1000000417"] and values_of(row, "case.number") == ["1/2021"]
    assert whys(reading) == ["rows above the headings", "numbers of the columns"]
    proposal = propose(grids_of_data(data), None, "accused")
    assert proposal.header_row == 3
    assert [column.field for column in proposal.columns][:4] == [
        "case.number", "case.station", "accused.name", "accused.phone",
    ]  # fmt: skip


def grids_of_data(data: bytes):
    from paricha.intake.originals import Original

    return grids_of(Original(data, "register.xlsx", ""))


def test_rows_that_are_no_records_are_unread_blocks():
    def fill(_book, page):
        lines = [HEAD, ["1/2021", "Kaduva", "Anil"], HEAD, [None] * 6, ["2/2021", "Kaduva", "Babu"], ["Total", 2]]
        for row, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                if cell is not None:
                    page.write(row, column, cell)
        page.merge_range(6, 0, 6, 5, "Rural district")
        page.write(7, 0, "ആകെ")
        page.write(7, 3, 2)

    reading = read(book(fill), mapping())
    assert [values_of(row, "accused.name") for row in reading.documents] == [["Anil"], ["Babu"]]
    assert [(one.why, one.at[1]) for one in reading.unread] == [
        ("headings again", "A3"), ("a total, not a record", "A6"), ("a heading across the row", "A7"),
        ("a total, not a record", "A8"),
    ]  # fmt: skip


def test_a_long_remark_is_located_and_not_copied():
    told = "he said " * LONGEST
    (row,) = read(rows(HEAD, ["1/2021", None, "A", None, None, told]), mapping()).documents
    assert values_of(row, "remarks") == []
    assert [(one.why, one.at) for one in row.unread] == [("long text, not copied", ["Accused", "F2"])]


def test_a_formula_without_a_stored_result_and_a_shortened_number_are_not_read():
    def fill(_book, page):
        for column, heading in enumerate(["Crime No.", "IMEI", "Mobile No."]):
            page.write(0, column, heading)
        page.write(1, 0, "1/2021")
        page.write_formula(1, 1, '=CONCATENATE("35","69")', value="")
        page.write(1, 2, "9.85E+09")

    columns = {"Crime No.": "case.number", "IMEI": "device.imei", "Mobile No.": "accused.phone"}
    reading = read(book(fill), mapping(columns, "devices"))
    (row,) = reading.documents
    assert [one.field for one in row.stated] == ["case.number"]
    assert whys(reading) == ["formula without a stored result"]
    assert [one.why for one in row.unread] == ["a number in its short form"]


def test_an_imei_kept_as_a_number_keeps_its_fifteen_digits():
    columns = {"Crime No.": "case.number", "IMEI": "device.imei"}
    (row,) = read(rows(["Crime No.", "IMEI"], ["1/2021", 356938035643809]), mapping(columns, "devices")).documents
    assert values_of(row, "device.imei") == ["356938035643809"]


def test_a_hidden_sheet_is_read_like_any_other():
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    for name in ("2020", "2021"):
        page = made.add_worksheet(name)
        page.write_row(0, 0, HEAD[:3])
        page.write_row(1, 0, [f"1/{name}", "Kaduva", "Anil"])
    page.hide()
    made.close()
    columns = dict(list(ACCUSED.items())[:3])
    reading = read(out.getvalue(), mapping(columns))
    assert [row.place for row in reading.documents] == [["2020", "A2"], ["2021", "A2"]]


def test_a_layout_that_drifted_stops_the_import():
    saved = mapping(header_row=1, headings_in_order=HEAD)
    other = [*HEAD[:3], "Contact", *HEAD[4:]]
    reading = read(rows(other, ["1/2021", "Kaduva", "Anil", "1000000417", None, None]), None, [saved])
    assert not reading.documents
    assert [one.code for one in reading.refusals] == ["INTAKE-SHEET-DRIFTED"]
    assert "Mobile No." in reading.refusals[0].what


def test_malayalam_headings_and_digits_are_known():
    headings = ["ക്രൈം നമ്പർ", "പോലീസ് സ്റ്റേഷൻ", "പ്രതിയുടെ പേര്", "മൊബൈൽ നമ്പർ"]
    proposal = propose(grids_of_data(rows(headings, ["൨൧൨/൨൦൨൧", "കടുവ", "അനിൽ", "൯൮൪൭൦൦൦൪൧൭"])), None, "accused")
    assert [column.field for column in proposal.columns] == [
        "case.number", "case.station", "accused.name", "accused.phone",
    ]  # fmt: skip
    data = rows(headings, ["൨൧൨/൨൦൨൧", "കടുവ", "അനിൽ", "൯൮൪൭൦൦൦൪൧൭"], ["212/2021", "കടുവ", "അനിൽ", None])
    first, second = read(data, mapping(proposal.mapping("x").columns)).documents
    assert values_of(first, "case.number") == ["൨൧൨/൨൦൨൧"]
    assert row_key(first) == row_key(second) and (first.again, second.again) == (0, 1)


HEADS = {
    "Crime No.": "case.number", "FIR No.": "case.number", "Police Station": "case.station", "P.S.": "case.station",
    "Section of Law": "case.sections", "U/s": "case.sections", "Name of the Accused": "accused.name",
    "Father's Name": "accused.father", "Mobile No. 2": "accused.phone", "IMEI No.": "device.imei",
    "Platform": "account.service", "Account / User ID": "account.user_id", "Date of Seizure (dd/mm/yyyy)":
    "device.seized_on", "Remarks": "remarks", "പിടിച്ചെടുത്ത തീയതി": "device.seized_on", "Favourite colour": None,
}  # fmt: skip


@pytest.mark.parametrize(("heading", "field"), HEADS.items())
def test_the_headings_of_registers_are_proposed(heading, field):
    assert field_of(heading) == field


def test_every_proposed_field_is_a_field_and_every_field_is_proposed_by_some_heading():
    assert set(known_headings().values()) == set(FIELDS)


@pytest.mark.parametrize(
    ("headings", "register"),
    [(["Crime No", "PS", "Section of Law", "Stage"], "cases"), (["FIR No", "Name of Accused", "Age"], "accused"),
     (["Crime No", "Name of Accused", "IMEI", "Date of Seizure"], "devices"),
     (["Crime No", "Name of Accused", "Platform", "User ID"], "accounts"),
     (["Report Number", "Crime No", "Name of Accused"], None), (["Name", "Mobile"], None)],
)  # fmt: skip
def test_which_register_a_sheet_looks_like(headings, register):
    (grid,) = grids_of_data(rows(headings, ["1"] * len(headings)))
    assert likely_register(grid) == register


@pytest.mark.parametrize(
    "wrong",
    [
        {"register": "diaries"},
        {"kind": "tips"},
        {"kind": "letters"},
        {"columns": {"A": "person.names"}},
        {"columns": {}},
    ],
)
def test_a_mapping_of_a_register_that_cannot_serve_is_refused(wrong):
    plain = {
        "schema": 1,
        "name": "x",
        "kind": "register",
        "register": "cases",
        "columns": {"A": "case.number"},
        **wrong,
    }
    with pytest.raises(Refused) as refused:
        read_mapping(plain)
    assert refused.value.refusal.code == "INTAKE-MAPPING"


def test_a_mapping_of_a_register_survives_being_saved():
    one = mapping(zone="Asia/Kolkata", date_order=DateOrder.DMY)
    assert read_mapping(one.to_plain()) == one
    assert "register" not in Mapping("x", 1, {"a": "report_number"}).to_plain()


def test_rows_are_known_again_by_their_case_and_thing_however_they_are_spaced():
    data = rows(HEAD, ["212 / 2021", "KADUVA", "Anil  Made", None], ["213/2021", "Kaduva", None, "1000000417"])
    later = rows(HEAD, ["212 / 2021", "Kaduva", "anil made", "1000000417"], ["213/2021", "Kaduva", None, "1000000417"])
    before, after = read(data, mapping()).documents, read(later, mapping()).documents
    assert [row_key(one) for one in before] == [row_key(one) for one in after]
    assert row_key(before[1])[1] == "by content"


_cells = st.text(alphabet="A1൧)( ./,;-\n9അtotal", max_size=24) | st.none() | st.integers(0, 10**13)


@settings(max_examples=60)
@given(st.lists(st.lists(_cells, min_size=6, max_size=6), max_size=6))
def test_no_content_of_a_register_raises_and_each_value_stands_at_its_cell(lines):
    data = rows(HEAD, *lines)
    reading = read(data, mapping())
    for row in reading.documents:
        for leaf in leaves(row):
            written = leaf.as_written if hasattr(leaf, "as_written") else leaf.value
            assert text_in(data, "cell", leaf.at) == written


def test_the_made_up_registers_are_read_whole_and_without_a_wrong_value(tmp_path):
    from paricha.synthetic.geography import Geography
    from paricha.synthetic.people import People
    from paricha.synthetic.registers import write_registers

    write_registers(tmp_path / "files", tmp_path / "truth", 1, People(1, 60, Geography(1)), 30)
    truth = [json.loads(line) for line in (tmp_path / "truth" / "registers.jsonl").read_text().splitlines()]
    for file in sorted((tmp_path / "files" / "registers").glob("*.xlsx")):
        register = file.name.partition("-")[0]
        by = read_mapping((file.parent / "mappings" / f"{register}.json").read_bytes())
        reading = read(file.read_bytes(), by)
        assert not reading.refusals
        found = {}
        for row in reading.documents:
            said = {one.field: one.leaf.value for one in row.stated}
            said |= {one.field: one.when.as_written[:10] for one in row.dates}
            found[row.place[0], int(row.place[1][1:])] = said
        wanted = [row for row in truth if row["register"] == register]
        assert found == {(row["sheet"], row["row"]): row["values"] for row in wanted if row["why"] is None}
        no_records = {(row["sheet"], f"A{row['row']}", row["why"]) for row in wanted if row["why"]}
        assert no_records <= {(*one.at, one.why) for one in reading.unread}
        several = [row for row in wanted if "2)" in row["values"].get("accused.name", "")]
        assert len(several) == sum(one.why.startswith("several") for row in reading.documents for one in row.unread)
        proposal = propose(grids_of_data(file.read_bytes()), None, register)
        assert proposal.mapping("x").columns == by.columns and likely_register(proposal.grid) == register
