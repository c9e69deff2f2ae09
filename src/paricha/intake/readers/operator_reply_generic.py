"""The generic reply and the subscriber details, csv or xlsx (interfaces: "Replies"). Yields plain rows with the cell of each value.

Knows nothing of requests, officers or clocks: what a row means is judged in `attribution`.
"""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
from python_calamine import CalamineError, CalamineWorkbook

NAME, VERSION = "operator-reply-generic", 1
READER = f"{NAME}/{VERSION}"
REPLY = tuple(
    "Request,Row,Source IP,Source Port,Session Start,Session End,Time Zone,Destination IP,Destination Port,Subscriber ID,"
    "Subscriber Name,Address,Address Kind,Contact,Email,Connection Type,Premises,Allocation,Activated On,Address Since,"
    "Address Until,IMEI,Remarks".split(",")
)
DETAILS = tuple(
    "User ID,Name,Installation Address,Billing Address,Permanent Address,Address,Contact,Email,Connection Type,Premises,"
    "Activated On,Address Since,Address Until".split(",")
)
_ZIP = b"PK\x03\x04"


class Cells(msgspec.Struct, frozen=True):
    """One row under the header: `number` from 1, its `line` in the sheet, values as text, the place of each."""

    number: int
    line: int
    sheet: str
    values: dict[str, str]
    letters: dict[str, str]

    def at(self, column: str) -> list[str]:
        """The locator's `at` of a column's cell."""
        return [self.sheet, f"{self.letters[column]}{self.line}"]


class Table(msgspec.Struct):
    """What stands in the file: which of the two tables, its rows, lines that are neither."""

    kind: str  # reply, details, unknown
    header: list[str]
    rows: list[Cells]
    footers: list[tuple[int, str]]
    separator: str


class Unreadable(Exception):
    """The bytes are no sheet that can be opened; `why` in words."""


def read(data: bytes) -> Table:
    """The table of a file. Raises Unreadable."""
    lines, sheet, separator = _sheet(data) if data.startswith(_ZIP) else _text(data)
    for place, (_number, cells) in enumerate(lines[:30]):
        kind = _kind_of(cells)
        if kind:
            return _table(kind, cells, lines[place + 1 :], sheet, separator)
    first = next((cells for _, cells in lines if any(cells)), [])
    return Table("unknown", first, [], [], separator)


def _kind_of(cells: list[str]) -> str | None:
    named = list(cells)
    while named and not named[-1]:
        named.pop()
    if tuple(named) == REPLY:
        return "reply"
    if "User ID" in named and len(named) == len(set(named)) >= 3 and set(named) <= set(DETAILS):
        return "details"
    return None


def _table(kind: str, header: list[str], lines: list[tuple[int, list[str]]], sheet: str, separator: str) -> Table:
    names = [cell for cell in header if cell]
    letters = {name: column_letter(place) for place, name in enumerate(names)}
    rows: list[Cells] = []
    footers: list[tuple[int, str]] = []
    for number, cells in lines:
        filled = [cell for cell in cells if cell]
        if not filled:
            continue
        if len(filled) == 1 and len(names) > 3:
            footers.append((number, filled[0]))
            continue
        padded = [*cells, *[""] * len(names)]
        rows.append(Cells(len(rows) + 1, number, sheet, dict(zip(names, padded, strict=False)), letters))
    return Table(kind, names, rows, footers, separator)


def _text(data: bytes) -> tuple[list[tuple[int, list[str]]], str, str]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    if "\x00" in text:
        raise Unreadable("the file is neither text nor an xlsx sheet")
    head = text[:4000]
    separator = max(",;\t", key=head.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise Unreadable(f"the text is no CSV: {error}") from error
    return lines, "", separator


def _sheet(data: bytes) -> tuple[list[tuple[int, list[str]]], str, str]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        name = book.sheet_names[0]
        sheet = book.get_sheet_by_name(name)
        found = sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError, OSError, ValueError) as error:
        raise Unreadable(f"the sheet cannot be opened: {error}") from error
    return [(number, [_cell(value) for value in row]) for number, row in enumerate(found, 1)], name, "xlsx"


def _cell(value: Any) -> str:
    """A cell as text: whole numbers without a point, real dates in ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M:%S")
    if isinstance(value, timedelta):
        return str(value)
    return str(value).strip()


def column_letter(place: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
