"""Registers in workbooks and CSV: nothing of zone, order or digits is guessed, and every value opens at its cell."""

import hashlib
import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from paricha.grounds.instants import DateOrder, Precision, ZoneSource
from paricha.grounds.refusals import Refused
from paricha.intake.document import leaves
from paricha.intake.mapping import Mapping, read_mapping
from paricha.intake.reading import FileReading, read_bytes
from paricha.vault.locating import text_in


def read(data: bytes | str, mapping: Mapping | None = None, mappings: list[Mapping] | None = None) -> FileReading:
    raw = data.encode() if isinstance(data, str) else data
    return read_bytes(raw, name="register", sha256=hashlib.sha256(raw).hexdigest(), mapping=mapping, mappings=mappings)


def workbook(fill, *names: str) -> bytes:
    """A workbook; `fill(book, *pages)` writes its cells."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    fill(book, *(book.add_worksheet(name) for name in names or ("Sheet1",)))
    book.close()
    return out.getvalue()


def cell_date(*parts: int) -> datetime:
    """A date as a cell holds it: a number without a zone."""
    return datetime(*parts)  # type: ignore[misc,arg-type]  # noqa: DTZ001


def sheet(*rows: list[Any]) -> bytes:
    """One sheet of texts, numbers and dates (dates with a date format)."""

    def fill(book, page):
        dates = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    page.write_datetime(row, column, cell, dates)
                elif cell is not None:
                    page.write(row, column, cell)

    return workbook(fill)


HEAD = ["Report Number", "IP Address", "Port", "Time (IST)"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_is_read_with_any_delimiter_by_the_built_in_headings(delimiter):
    rows = [HEAD, ["990000001", "192.0.2.7", "4500", "2026-05-01 10:00:00"], ["990000002", "2001:db8::7", "", "N/A"]]
    reading = read("\r\n".join(delimiter.join(row) for row in rows))
    first, second = reading.documents
    seen = first.sightings[0]
    assert (seen.address.value, seen.port.value, seen.port.at) == ("192.0.2.7", 4500, ["", "C2"])
    assert (seen.at.instant().utc.isoformat(), seen.at.zone_source) == ("2026-05-01T04:30:00+00:00", ZoneSource.COLUMN)
    assert (second.sightings[0].port, second.sightings[0].at) == (None, None)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_csv_encodings_are_told_by_their_mark(encoding):
    text = "റിപ്പോർട്ട് നമ്പർ,ഐപി വിലാസം,പേര്\n990000001,192.0.2.7,അജിത്\n"
    (tip,) = read(text.encode(encoding)).documents
    assert (tip.report_number.value, tip.people[0].names[0].value) == ("990000001", "അജിത്")


def test_latin_1_is_read_only_where_it_is_declared():
    data = "Report Number,IP Address,Name\n990000001,192.0.2.7,José\n".encode("latin-1")
    (guessed,) = read(data).documents
    assert guessed.people[0].names == []
    assert [block.why for block in guessed.unread] == ["broken characters"]
    columns = {"Report Number": "report_number", "IP Address": "sighting.address", "Name": "person.names"}
    (declared,) = read(data, Mapping("latin", 1, columns, encoding="latin-1")).documents
    assert declared.people[0].names[0].value == "José"


def test_rows_with_another_delimiter_are_still_divided():
    reading = read("Report Number,IP Address,Port\n1,192.0.2.1,80\n2;192.0.2.2;81\n3,192.0.2.3,82\n")
    assert [(tip.report_number.value, tip.sightings[0].port.value) for tip in reading.documents] == [
        ("1", 80),
        ("2", 81),
        ("3", 82),
    ]


def test_quoted_cells_may_hold_delimiters_and_line_ends():
    reading = read('Report Number,IP Address,Name\n1,192.0.2.1,"Kurup, Ajith\nsenior"\n2,192.0.2.2,Binu\n')
    assert [tip.people[0].names[0].value for tip in reading.documents] == ["Kurup, Ajith\nsenior", "Binu"]
    assert reading.documents[1].report_number.at == ["", "A3"]


def test_columns_of_one_number_belong_together_and_nothing_is_borrowed():
    head = "Report Number,IP Address 1,Port 1,Time 1 (UTC),IP Address 2,Port 2,Time 2 (UTC)\n"
    reading = read(head + "1,192.0.2.1,80,2026-05-01 10:00:00,192.0.2.2,,2026-05-02 10:00:00\n2,,81,,192.0.2.3,82,\n")
    first, second = reading.documents
    assert [(seen.address.value, seen.port and seen.port.value) for seen in first.sightings] == [
        ("192.0.2.1", 80),
        ("192.0.2.2", None),
    ]
    assert [(seen.address.value, seen.at) for seen in second.sightings] == [("192.0.2.3", None)]
    assert [block.why for block in second.unread] == ["no address"]


def test_rows_with_one_report_number_are_one_tip():
    reading = read(
        "Report Number,Name,IP Address\n7,Ajith,192.0.2.1\n8,Binu,192.0.2.2\n7,Ajith,192.0.2.3\n7,Ajith,192.0.2.1\n"
    )
    first, second = reading.documents
    assert [seen.address.value for seen in first.sightings] == ["192.0.2.1", "192.0.2.3"]
    assert ([leaf.at for leaf in first.people[0].names], second.report_number.value) == ([["", "B2"]], "8")


def test_what_differs_within_one_report_is_named_and_not_chosen():
    (tip,) = read("Report Number,Priority,IP Address\n7,1,192.0.2.1\n7,2,192.0.2.1\n").documents
    assert tip.priority_stated.value == "1"
    assert [(block.at, block.why) for block in tip.unread] == [(["", "B3"], "differs from another row of the report")]


def test_a_row_without_a_number_is_a_tip_by_its_place():
    (tip,) = read("Report Number,IP Address\n,192.0.2.1\n").documents
    assert (tip.report_number, tip.place) == (None, ["", "A2"])


def test_an_ambiguous_date_has_no_instant_and_is_refused_by_column():
    reading = read("Report Number,IP Address,Time (IST)\n7,192.0.2.1,03/04/2026 10:00\n8,192.0.2.1,25/04/2026 10:00\n")
    assert [tip.sightings[0].at.utc is None for tip in reading.documents] == [True, False]
    (refusal,) = reading.refusals
    assert (refusal.code, refusal.place) == ("INTAKE-DATE-ORDER", "sheet 1, cell C2")
    assert "3 April" in refusal.what and "4 March" in refusal.what


@pytest.mark.parametrize("heading, order, day", [("Time dd/mm/yyyy (UTC)", None, 3), ("Time (UTC)", DateOrder.DMY, 3),
                                                 ("Time mm/dd/yyyy (UTC)", None, 4), ("Time (UTC)", DateOrder.MDY, 4)])  # fmt: skip
def test_the_order_comes_from_the_heading_or_the_mapping(heading, order, day):
    columns = {"Report Number": "report_number", "IP Address": "sighting.address", heading: "sighting.at"}
    data = f"Report Number,IP Address,{heading}\n7,192.0.2.1,03/04/2026 10:00\n"
    reading = read(data, Mapping("m", 1, columns, date_order=order))
    assert reading.documents[0].sightings[0].at.instant().utc.day == day
    assert reading.refusals == []


def test_no_zone_means_no_instant():
    (tip,) = read("Report Number,IP Address,Time\n7,192.0.2.1,2026-05-01 10:00:00\n").documents
    assert (tip.sightings[0].at.utc, tip.sightings[0].at.zone_source) == (None, ZoneSource.NONE)


def test_a_real_date_cell_decides_its_own_order_and_midnight_is_a_day():
    data = sheet(
        HEAD, ["7", "192.0.2.1", 80, cell_date(2026, 4, 3, 10, 0, 59)], ["8", "192.0.2.1", 80, cell_date(2026, 4, 3)]
    )
    first, second = (tip.sightings[0].at for tip in read(data).documents)
    assert (first.instant().utc.isoformat(), first.precision, first.as_written) == (
        "2026-04-03T04:30:59+00:00", Precision.SECOND, "2026-04-03 10:00:59",
    )  # fmt: skip
    assert (second.precision, second.zone_source) == (Precision.DAY, ZoneSource.COLUMN)


def test_numbers_are_written_out_and_lost_digits_are_not_read():
    data = sheet(
        ["Report Number", "User ID", "IP Address"],
        [990000001, 123456789012345, "192.0.2.1"],
        [990000002, 12345678901234567, "192.0.2.2"],
    )
    first, second = read(data).documents
    assert (first.report_number.value, first.people[0].accounts[0].user_id.value) == ("990000001", "123456789012345")
    assert [block.why for block in second.unread] == ["more digits than a cell keeps"]
    (tip,) = read("Report Number,User ID,IP Address\n9,1.23E+14,192.0.2.1\n").documents
    assert [block.why for block in tip.unread] == ["a number in its short form"]


@pytest.mark.parametrize("port", ["0", "65536", "-5", "http", "80.5"])
def test_a_port_outside_its_range_is_not_read(port):
    (tip,) = read(f"Report Number,IP Address,Port\n7,192.0.2.1,{port}\n").documents
    assert (tip.sightings[0].port, [block.why for block in tip.unread]) == (None, ["not a port"])


def test_a_merged_cell_belongs_to_all_its_rows_at_its_first():
    def fill(book, page):
        page.write_row(0, 0, HEAD[:2])
        page.merge_range(1, 0, 3, 0, "990000001")
        for row in range(1, 4):
            page.write(row, 1, f"192.0.2.{row}")
        page.merge_range(4, 0, 4, 1, "the end of the list")

    data = workbook(fill)
    reading = read(data)
    first = reading.documents[0]
    assert (first.report_number.at, len(first.sightings)) == (["Sheet1", "A2"], 3)
    assert reading.documents[1].sightings == [], "a cell merged across columns is no address"
    assert text_in(data, "cell", ["Sheet1", "A4"]) == "990000001"


def test_a_formula_without_a_stored_result_is_not_read():
    def fill(book, page):
        page.write_row(0, 0, HEAD[:3])
        page.write_row(1, 0, ["7", "192.0.2.1"])
        page.write_formula(1, 2, "=40+2", None, 42)
        page.write_row(2, 0, ["8", "192.0.2.2"])
        page.write_formula(2, 2, "=40+3", None, "")

    reading = read(workbook(fill))
    assert [tip.sightings[0].port and tip.sightings[0].port.value for tip in reading.documents] == [42, None]
    assert [(block.at, block.why) for block in reading.unread] == [
        (["Sheet1", "C3"], "formula without a stored result")
    ]


def test_all_sheets_are_read_and_one_without_headings_is_named():
    def fill(book, one, two, notes):
        for number, page in enumerate((one, two)):
            page.write_string(0, 0, "A title")
            page.write_row(2, 0, HEAD[:2])
            page.write_row(3, 0, [f"99000000{number}", "192.0.2.1"])
        notes.write_string(0, 0, "Call back on Monday.")

    reading = read(workbook(fill, "One", "Two", "Notes"))
    assert [tip.report_number.at for tip in reading.documents] == [["One", "A4"], ["Two", "A4"]]
    assert [block.why for block in reading.unread] == [
        "rows above the headings",
        "rows above the headings",
        "sheet without known headings",
    ]


def test_a_column_nobody_knows_is_one_unread_block():
    reading = read("Report Number,IP Address,Moon\n7,192.0.2.1,full\n8,192.0.2.1,new\n")
    assert [(block.at, block.why) for block in reading.unread] == [(["", "C1"], "column without a field")]


def test_headings_that_nobody_knows_are_refused_with_what_they_say():
    (refusal,) = read("Alpha,Beta\n1,2\n3,4\n").refusals
    assert (refusal.code, "“Alpha”, “Beta”" in refusal.what) == ("INTAKE-SHEET-UNMAPPED", True)


def test_a_saved_mapping_is_found_by_its_headings_and_a_drifted_layout_stops():
    saved = Mapping(
        "partner", 1, {"Ref": "report_number", "Addr": "sighting.address", "Hour": "sighting.at"}, zone="UTC"
    )
    (tip,) = read("Ref,Addr,Hour\n7,192.0.2.1,2026-05-01 10:00\n", mappings=[saved]).documents
    assert (tip.sightings[0].at.zone_source, tip.sightings[0].at.precision) == (ZoneSource.PROFILE, Precision.MINUTE)
    drifted = read("Ref,Addr,Stunde\n7,192.0.2.1,2026-05-01 10:00\n", mappings=[saved])
    assert ([refusal.code for refusal in drifted.refusals], drifted.documents) == (["INTAKE-SHEET-DRIFTED"], [])
    assert "“Hour”" in drifted.refusals[0].what
    named = read("Report Number,IP Address\n7,192.0.2.1\n", saved)
    assert [refusal.code for refusal in named.refusals] == ["INTAKE-SHEET-DRIFTED"]


@pytest.mark.parametrize(
    "wrong",
    [{"columns": {"A": "no.field"}}, {"zone": "Mars/Base"}, {"date_order": "ymx"}, {"person": "judge 1"}, {"schema": 2},
     {"header_row": 0}, {"columns": {}}],
)  # fmt: skip
def test_a_mapping_with_a_mistake_is_refused(wrong):
    plain = {
        "schema": 1,
        "name": "m",
        "header_row": 1,
        "columns": {"A": "report_number"},
        "person": "suspect 1",
    } | wrong
    with pytest.raises(Refused, match="INTAKE-MAPPING"):
        read_mapping(plain)


def test_a_locked_workbook_is_refused():
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    assert [refusal.code for refusal in read(locked).refusals] == ["INTAKE-SHEET-ENCRYPTED"]
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1200
    assert [refusal.code for refusal in read(old).refusals] == ["INTAKE-NOT-YET"]


def repacked(data: bytes, change) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


SMALL = sheet(HEAD, ["7", "192.0.2.1", 80, cell_date(2026, 4, 3, 10, 0)])


def test_a_cell_far_out_is_refused_before_it_is_laid_out():
    far = repacked(SMALL, lambda name, part: part.replace(b'r="D2"', b'r="XFD1048576"') if "sheet1" in name else part)
    assert [refusal.code for refusal in read(far).refusals] == ["INTAKE-SHEET-TOO-LARGE"]


def test_entities_in_a_workbook_are_refused():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    evil = repacked(SMALL, lambda name, part: part.replace(b"?>", b"?>" + bomb, 1) if "sheet1" in name else part)
    assert [refusal.code for refusal in read(evil).refusals] == ["INTAKE-SHEET-BROKEN"]


def test_other_containers_are_refused_by_name():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("report.json", "{}")
    for data in (out.getvalue(), b"%PDF-1.7 text", b"<?xml version='1.0'?><report/>"):
        assert [refusal.code for refusal in read(data).refusals] == ["INTAKE-NOT-YET"]


def test_media_is_counted_and_not_read():
    reading = read(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    assert (reading.media, reading.refusals, reading.read) == ("image/png", [], False)


def test_every_value_of_a_sheet_opens_at_its_cell():
    for data in (SMALL, b"Report Number;IP Address;Port;Time (IST)\n7;192.0.2.1;80;2026-04-03 10:00\n"):
        reading = read(data)
        for leaf in leaves(reading.documents[0]):
            said = getattr(leaf, "as_written", None) or leaf.value
            assert text_in(data, "cell", leaf.at) == str(said)


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.binary(max_size=8), st.integers(0, 60))
def test_no_damage_to_a_workbook_makes_the_reader_raise(at, junk, removed):
    at %= len(SMALL)
    reading = read(SMALL[:at] + junk + SMALL[at + removed :])
    assert reading.read or reading.refusals or reading.media


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=8), st.integers(0, 60))
def test_no_damage_inside_a_workbook_makes_the_reader_raise(at, junk, removed):
    def change(name: str, part: bytes) -> bytes:
        where = at % len(part)
        return part[:where] + junk + part[where + removed :] if name.startswith("xl/work") else part

    reading = read(repacked(SMALL, change))
    assert reading.read or reading.refusals


@given(
    st.text(alphabet=st.sampled_from('Report Number,IP Address;Port\t|"\n\r\0 0123456789./:-Éഅ\ud800'), max_size=200)
)
def test_no_text_makes_the_csv_reader_raise(text):
    data = b"Report Number,IP Address,Port,Time (IST)\n" + text.encode("utf-8", "surrogatepass")
    reading = read(data)
    assert reading.read or reading.refusals or reading.media
    for document in reading.documents:
        for leaf in leaves(document):
            assert text_in(data, "cell", leaf.at) == str(getattr(leaf, "as_written", None) or leaf.value)


@given(st.binary(max_size=400))
def test_no_bytes_at_all_make_reading_raise(data):
    reading = read(data)
    assert reading.read or reading.refusals or reading.media
