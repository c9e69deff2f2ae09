"""The document viewer marks the right place, shows nothing dangerous, and survives files that lie."""

import html
import io
import json
import re
import time
import zipfile

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from paricha.screens import viewer

MARK = re.compile(r'<mark id="at">(.*?)</mark>', re.S)


def marked(shown) -> str:
    """The text inside the mark."""
    found = MARK.search(str(shown.html))
    return html.unescape(re.sub(r"<[^>]+>", "", found[1])) if found else ""


def pointer(*steps) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def leaves(value, steps=()):
    """Every scalar of a JSON value with its steps, by walking Python's own objects."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from leaves(child, (*steps, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from leaves(child, (*steps, index))
    else:
        yield steps, value


KEYS = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=6)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | KEYS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, JSON, min_size=1, max_size=4), st.sampled_from([None, 2]), st.booleans())
def test_every_leaf_of_a_json_file_is_marked_at_its_pointer(document, indent, ascii_only):
    data = json.dumps(document, indent=indent, ensure_ascii=ascii_only).encode()
    for steps, value in leaves(document):
        shown = viewer.show(data, {"kind": "json_pointer", "at": pointer(*steps)})
        assert shown.found
        text = marked(shown)
        if not re.search("[\x7f-\x9f]", str(value)):  # written out as ⟦U+…⟧
            assert json.loads(text) == value


def test_a_file_with_a_byte_order_mark_and_malayalam_is_marked():
    data = b"\xef\xbb\xbf" + json.dumps({"name": "അനുമോദ്"}, ensure_ascii=False).encode()
    assert marked(viewer.show(data, {"kind": "json_pointer", "at": "/name"})) == '"അനുമോദ്"'


def test_escaped_letters_are_shown_as_letters():
    data = json.dumps({"name": "അനുമോദ്"}).encode()
    assert b"\\u0d05" in data
    assert marked(viewer.show(data, {"kind": "json_pointer", "at": "/name"})) == '"അനുമോദ്"'


def test_markup_in_a_value_stays_text():
    data = json.dumps({"a": "<script>alert(1)</script>", '"><img src=x>': 1}).encode()
    shown = str(viewer.show(data, {"kind": "json_pointer", "at": "/a"}).html)
    assert "<script" not in shown and "<img" not in shown


def test_marks_that_turn_the_direction_are_written_out():
    data = json.dumps({"name": "a\u202egpj.exe"}, ensure_ascii=False).encode()
    assert "⟦U+202E⟧" in marked(viewer.show(data, {"kind": "json_pointer", "at": "/name"}))


def test_a_pointer_that_is_not_there_is_said():
    shown = viewer.show(b'{"a": 1}', {"kind": "json_pointer", "at": "/b"})
    assert not shown.found and "not found" in shown.note


def test_a_cut_file_is_shown_up_to_the_tear():
    shown = viewer.show(b'{"a": {"b": "whole", "c": "torn', {"kind": "json_pointer", "at": "/a/b"})
    assert marked(shown) == '"whole"'
    assert "tears here" in str(shown.html)


def test_nesting_of_a_hundred_thousand_levels_is_shown_in_part():
    data = b"[" * 100_000 + b"1" + b"]" * 100_000
    assert viewer.show(data).form == "json"
    assert not viewer.show(data, {"kind": "json_pointer", "at": "/0/0/1"}).found


def test_a_place_deep_in_a_big_file_is_found_and_only_its_surroundings_are_shown():
    tips = [
        {"reportId": number, "text": "x" * 200, "people": [{"ip": f"2001:db8::{number:x}"}]} for number in range(60_000)
    ]
    data = json.dumps({"reports": tips}).encode()
    assert len(data) > 15_000_000
    shown = viewer.show(data, {"kind": "json_pointer", "at": "/reports/59990/people/0/ip"})
    assert marked(shown) == f'"2001:db8::{59990:x}"'
    assert len(shown.html) < 400_000


def test_json_lines_open_the_line_of_the_place():
    data = b"\n".join(json.dumps({"n": number, "deep": {"v": f"value {number}"}}).encode() for number in range(1, 500))
    shown = viewer.show(data, {"kind": "json_pointer", "at": [250, "/deep/v"]})
    assert marked(shown) == '"value 250"'
    assert "value 400" not in str(shown.html)
    assert marked(viewer.show(data, {"kind": "json_pointer", "at": '[250, "/deep/v"]'})) == '"value 250"'


def test_a_message_of_a_chat_export_is_found_by_its_id():
    data = json.dumps(
        {"chats": {"list": [{"messages": [{"id": 7, "text": "one"}, {"id": 9, "text": "two"}]}]}}
    ).encode()
    shown = viewer.show(data, {"kind": "message", "at": "9"})
    assert shown.found and str(shown.html).index('id="at"') > str(shown.html).index("one")


def book(cells: dict[str, object], name="Sheet1", first="Other") -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as made:
        made.add_worksheet(first).write("A1", "elsewhere")
        page = made.add_worksheet(name)
        for place, value in cells.items():
            page.write(place, value)
    return file.getvalue()


@pytest.mark.parametrize("place", ["A1", "C7", "AB300", "B2"])
def test_a_cell_is_marked_in_its_sheet(place):
    data = book({place: "the value", "D900": "far below", "C3": 40112})
    shown = viewer.show(data, {"kind": "cell", "at": ["Sheet1", place]})
    assert marked(shown) == "the value"
    letters, number = re.fullmatch(r"([A-Z]+)(\d+)", place).groups()
    row = next(row for row in str(shown.html).split("<tr>") if 'id="at"' in row)
    assert row.startswith(f"<th>{number}</th>")
    heads = re.findall(r"<th>([A-Z]*)</th>", str(shown.html).split("</thead>")[0])
    assert heads[row.split('class="at"')[0].count("<td") - 1] == letters


def test_a_sheet_that_starts_below_keeps_its_row_numbers():
    shown = viewer.show(book({"C11": "header", "C12": "203.0.113.7"}), {"kind": "cell", "at": ["Sheet1", "C12"]})
    assert marked(shown) == "203.0.113.7"


def test_whole_numbers_of_a_sheet_have_no_point():
    assert marked(viewer.show(book({"B2": 40112}), {"kind": "cell", "at": ["Sheet1", "B2"]})) == "40112"


def test_a_cell_of_a_csv_with_semicolons_is_marked():
    rows = ["Row;Address;Port", *(f'{n};"203.0.113.{n % 250}";{40000 + n}' for n in range(2, 3000))]
    shown = viewer.show("\r\n".join(rows).encode(), {"kind": "cell", "at": ["", "C2000"]})
    assert marked(shown) == "42000"
    assert len(shown.html) < 200_000


def test_an_unread_block_is_outlined_and_not_taken_for_the_place():
    shown = viewer.show(
        b'{"a": 1, "b": {"c": 2}}', {"kind": "json_pointer", "at": "/a"}, unread=[{"kind": "json_pointer", "at": "/b"}]
    )
    assert marked(shown) == "1"
    assert str(shown.html).count('class="unread"') == 1


def test_lines_and_bytes_are_marked():
    data = "first\nsecond äöü line\nthird".encode()
    assert marked(viewer.show(data, {"kind": "line", "at": 2})) == "second äöü line"
    start = data.index("äöü".encode())
    assert marked(viewer.show(data, {"kind": "bytes", "at": [start, start + 6]})) == "äöü"


def test_pictures_archives_and_programs_are_never_shown():
    jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(200)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("photo.jpg", jpeg)
    for data in (jpeg, archive.getvalue(), b"%PDF-1.7\n\xe2\xe3\xcf\xd3" + bytes(50), b"\x7fELF" + bytes(100)):
        shown = viewer.show(data, {"kind": "bytes", "at": [0, 4]})
        assert shown.form == "shut" and not shown.found
        assert "not shown" in str(shown.html)


def test_a_workbook_that_unpacks_to_too_much_stays_shut():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("xl/worksheets/sheet1.xml", b"0" * 310_000_000)
    shown = viewer.show(file.getvalue(), {"kind": "cell", "at": ["Sheet1", "A1"]})
    assert shown.form == "shut"


def test_a_broken_workbook_is_said_in_words():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("xl/workbook.xml", "<workbook")
    shown = viewer.show(file.getvalue(), {"kind": "cell", "at": ["Sheet1", "A1"]})
    assert shown.form == "shut" and shown.note


def test_a_hostile_string_does_not_slow_the_scanner():
    begun = time.process_time()
    viewer.show(b'{"a": "' + b"\\" * 500_001 + b'": 1', {"kind": "json_pointer", "at": "/x"})
    assert time.process_time() - begun < 20


@given(
    st.binary(max_size=300),
    st.sampled_from(["json_pointer", "cell", "line", "bytes", "message", "entry", "xpath"]),
    st.text(max_size=8),
)
@example(b"", "line", "²")
def test_no_bytes_and_no_place_make_the_viewer_fail(data, kind, at):
    shown = viewer.show(data, {"kind": kind, "at": at})
    assert shown.html and "<script" not in str(shown.html)
