"""OpenDocument sheets, written here by hand as LibreOffice writes them: what stands in each cell, at its place."""

import io
import zipfile
from datetime import date, datetime, time
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paricha.intake.document import leaves, locator
from paricha.intake.locating import at_cell
from paricha.intake.originals import Head, Original
from paricha.intake.readers import reader_for
from paricha.intake.readers.opendocument import OpenDocument, opendocument_grids
from paricha.intake.reading import FileReading, read_bytes

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def ods(*sheets: tuple[str, str], manifest: str = "<m/>", head: str = "", spaces: str = _SPACES) -> bytes:
    """A file of sheets, each a name and the XML of its rows; `head` stands before the root."""
    tables = "".join(f'<table:table table:name="{escape(name)}">{rows}</table:table>' for name, rows in sheets)
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<office:document-content {spaces}><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("mimetype", _TYPE, zipfile.ZIP_STORED)
        box.writestr("content.xml", text)
        box.writestr("META-INF/manifest.xml", manifest)
    return written.getvalue()


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def text(*lines: str, more: str = "") -> str:
    inner = "".join(f"<text:p>{line}</text:p>" for line in lines)
    return f'<table:table-cell office:value-type="string"{more}>{inner}</table:table-cell>'


def typed(kind: str, name: str, value: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="{kind}" office:{name}="{value}"{more}><text:p>shown</text:p></table:table-cell>'


EMPTY = "<table:table-cell/>"


def grid(rows: str):
    (only,) = opendocument_grids(Original(ods(("Tips", rows)), "a.ods", "00"))
    return only


def read(data: bytes) -> FileReading:
    return read_bytes(data, name="a.ods", sha256="00" * 32)


def codes(data: bytes) -> list[str]:
    return [refusal.code for refusal in read(data).refusals]


TIPS = row(text("Report Number"), text("IP Address"), text("Date and Time (IST)")) + row(
    typed("float", "value", "990000001"), text("192.0.2.7"), typed("date", "date-value", "2026-04-03T10:00:05")
)


def test_a_sheet_gives_its_tips_with_every_value_at_its_cell():
    data = ods(("Tips", TIPS))
    made = read(data)
    (tip,) = made.documents
    assert (made.coverage.reader, tip.sources[0].form, tip.report_number.value) == ("sheet-ods/1", "ods", "990000001")
    (seen,) = tip.sightings
    assert (seen.address.value, seen.address.at, seen.at.at) == ("192.0.2.7", ["Tips", "B2"], ["Tips", "C2"])
    assert seen.at.instant().to_plain()["utc"] == "2026-04-03T04:30:05Z"
    for leaf in leaves(tip):
        stands = at_cell(data, locator(tip, leaf).at)
        assert stands == (leaf.as_written if hasattr(leaf, "as_written") else str(leaf.value))


def test_each_kind_of_cell():
    cells = row(
        typed("float", "value", "12.50"), typed("percentage", "value", "0.5"), typed("boolean", "boolean-value", "true"),
        typed("date", "date-value", "2026-04-03"), typed("date", "date-value", "2026-04-03T10:00:59.6"),
        typed("time", "time-value", "PT07H08M09S"), typed("time", "time-value", "PT30H00M00S"),
        text("a<text:s text:c=\"2\"/>b<text:tab/>c", "second"), typed("string", "string-value", "stored"), EMPTY,
        text('<text:span>in <text:a>a link</text:a></text:span> and after'),
        '<table:table-cell office:value-type="string"><office:annotation><text:p>a remark</text:p></office:annotation>'
        "<text:p>said</text:p></table:table-cell>",
    )  # fmt: skip
    assert grid(cells).rows == [[
        12.5, 0.5, True, date(2026, 4, 3), datetime(2026, 4, 3, 10, 1), time(7, 8, 9), "1 day, 6:00:00",  # noqa: DTZ001
        "a  b\tc\nsecond", "stored", None, "in a link and after", "said",
    ]]  # fmt: skip


def test_repeated_rows_and_cells_stand_where_they_would():
    rows = (
        row(text("a", more=' table:number-columns-repeated="2"'), EMPTY, text("b"))
        + row(EMPTY, more=' table:number-rows-repeated="3"')
        + row(text("c"), more=' table:number-rows-repeated="2"')
        + row('<table:table-cell table:number-columns-repeated="16384"/>', more=' table:number-rows-repeated="1048000"')
    )
    assert grid(rows).rows == [["a", "a", None, "b"], [], [], [], ["c"], ["c"]]


def test_merged_cells_belong_to_all_their_rows_at_their_first():
    rows = row(text("Report Number"), text("IP Address"))
    rows += row(text("990000001", more=' table:number-rows-spanned="2"'), text("192.0.2.7"))
    rows += row("<table:covered-table-cell/>", text("192.0.2.8"))
    (tip,) = read(ods(("Tips", rows))).documents
    assert [seen.address.value for seen in tip.sightings] == ["192.0.2.7", "192.0.2.8"]
    assert tip.report_number.at == ["Tips", "A2"]


def test_a_formula_without_a_stored_result_is_an_unread_block():
    rows = TIPS + row(
        typed("float", "value", "990000002", ' table:formula="of:=1+1"'), '<table:table-cell table:formula="of:=A1"/>',
        '<table:table-cell table:formula="of:=X" office:value-type="error"><text:p>#REF!</text:p></table:table-cell>',
    )  # fmt: skip
    made = read(ods(("Tips", rows)))
    assert [(one.at, one.why) for one in made.unread] == [
        (["Tips", "B3"], "formula without a stored result"), (["Tips", "C3"], "formula without a stored result"),
    ]  # fmt: skip
    assert [tip.report_number.value for tip in made.documents] == ["990000001", "990000002"]
    assert made.documents[1].sightings == []


def test_several_sheets_and_those_inside_cells_or_links_are_told_apart():
    inner = "<table:table-cell><table:table table:name='in'><table:table-row/></table:table></table:table-cell>"
    one, two = opendocument_grids(Original(ods(("തുടക്കം", row(text("a"), inner)), ("2", row(text("b")))), "a", "0"))
    assert (one.name, one.rows, two.name, two.rows) == ("തുടക്കം", [["a"]], "2", [["b"]])


@pytest.mark.parametrize("bomb", [
    row(text("x"), more=' table:number-rows-repeated="1048577"'),
    row(text("x", more=' table:number-columns-repeated="999999999"')),
    row(text("x", more=' table:number-columns-repeated="16000"'), more=' table:number-rows-repeated="1000000"'),
    row(text("x", more=' table:number-rows-spanned="99999" table:number-columns-spanned="9999"')),
    row('<table:table-cell table:formula="of:=1" table:number-columns-repeated="9999"/>', more=' table:number-rows-repeated="99"'),
])  # fmt: skip
def test_a_cell_that_is_repeated_beyond_any_sheet_is_refused(bomb):
    assert codes(ods(("Tips", bomb))) == ["INTAKE-SHEET-TOO-LARGE"]


def test_a_locked_sheet_is_refused_by_name():
    locked = ods(("Tips", TIPS), manifest="<manifest:encryption-data/>")
    assert codes(locked) == ["INTAKE-SHEET-ENCRYPTED"]


def test_entities_are_refused_and_never_followed():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    for inside in ("&a;", "&b;", "plain"):
        assert codes(ods(("Tips", row(text(inside))), head=bomb)) == ["INTAKE-SHEET-BROKEN"]


def test_cut_or_damaged_sheets_are_refused():
    data = ods(("Tips", TIPS))
    for bent in (data[: len(data) // 2], data.replace(b"content.xml", b"contant.xml"), ods(("Tips", "<table:row>"))):
        assert codes(bent) == ["INTAKE-SHEET-BROKEN"]


def test_only_sheets_are_taken_for_sheets():
    assert isinstance(reader_for(Head(ods(("Tips", TIPS)))), OpenDocument)
    letter = ods(("Tips", TIPS)).replace(b"opendocument.spreadsheet", b"opendocument.text-letter")
    assert not OpenDocument().sniff(Head(letter))


WHOLE = ods(("Tips", TIPS))


@settings(max_examples=120)
@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=6), st.sampled_from(["bend", "cut", "insert"]))
def test_damage_never_raises_and_never_changes_a_value(place, noise, how):
    data = {
        "bend": WHOLE[:place] + noise + WHOLE[place + len(noise) :],
        "cut": WHOLE[:place],
        "insert": WHOLE[:place] + noise + WHOLE[place:],
    }[how]
    made = read(data)
    for tip in made.documents:
        assert {str(getattr(leaf, "value", "")) for leaf in leaves(tip)} <= {"990000001", "192.0.2.7", ""}


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(["<", ">", "table:table-row", EMPTY, text("990000001"), row(EMPTY), "&amp;", "</"]), max_size=9
    )
)
def test_strange_markup_never_raises(pieces):
    assert read(ods(("Tips", "".join(pieces)))) is not None
