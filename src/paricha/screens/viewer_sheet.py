"""Sheets as a grid with column letters and row numbers, one cell marked: XLSX, XLS and ODS by calamine, CSV by itself."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from paricha.screens.viewer_text import CannotShow, cut, decode, frame

ROWS, COLUMNS = 40, 30  # shown on each side of the cell; columns in all
UNPACKED = 300_000_000  # bytes a workbook may unpack to
CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def is_workbook(data: bytes) -> bool:
    """Whether a ZIP or an old Office file is a workbook; other archives stay shut."""
    if data[:4] == b"\xd0\xcf\x11\xe0":
        return b"W\0o\0r\0k\0b\0o\0o\0k\0" in data or b"B\0o\0o\0k\0" in data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            return "xl/workbook.xml" in names or "xl/workbook.bin" in names or "content.xml" in names
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def column_letters(index: int) -> str:
    """0 → A, 26 → AA."""
    letters, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_place(name: str) -> tuple[int, int] | None:
    """`C7` → (row 6, column 2), from 0; None for anything else."""
    found = CELL.fullmatch(name)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def words(value: Any) -> str:
    """A cell's value as text: whole numbers without a point, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)


def workbook(data: bytes, at: Any, unread: Iterable[Any]) -> tuple[SafeString, bool, str]:
    """The sheet that `at` (`[sheet, cell]`) names, else the first, around the cell."""
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > UNPACKED:
                raise CannotShow(_("This workbook unpacks to more than can be shown; it is kept as it is."))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
        asked = str(at[0]) if _is_cell(at) else ""
        name = asked if asked in names else (names[0] if names else "")
        if not name:
            raise CannotShow(_("This workbook has no sheet."))
        rows = book.get_sheet_by_name(name).iter_rows()
        place = cell_place(str(at[1])) if _is_cell(at) and name == asked else None
        odd = {
            spot for spot in (cell_place(str(each[1])) for each in unread if _is_cell(each) and each[0] == name) if spot
        }
        grid, found = _grid(_absolute(book, name, rows), place, odd)
    except CalamineError as error:
        raise CannotShow(_("This sheet cannot be opened: {error}").format(error=error)) from error
    note = _("Sheet {name}, {number} of {count}").format(name=name, number=names.index(name) + 1, count=len(names))
    return frame(grid, note), found, note


def _absolute(book: CalamineWorkbook, name: str, rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """Rows from A1 on; calamine's rows begin at the first column in use."""
    start = book.get_sheet_by_name(name).start or (0, 0)
    for row in rows:
        yield [None] * start[1] + list(row)


def _is_cell(at: Any) -> bool:
    return isinstance(at, list | tuple) and len(at) == 2


def separated(data: bytes, at: Any, unread: Iterable[Any]) -> tuple[SafeString, bool, str]:
    """A CSV file around cell `at` (`["", "C7"]`); rows are records, counted from 1."""
    text = decode(data)
    head = text[:8192]
    delimiter = max(",;\t|", key=lambda mark: head.split("\n", 1)[0].count(mark))
    place = cell_place(str(at[1])) if _is_cell(at) else None
    odd = {spot for spot in (cell_place(str(each[1])) for each in unread if _is_cell(each)) if spot}
    try:
        grid, found = _grid(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), place, odd)
    except csv.Error as error:
        raise CannotShow(_("This sheet cannot be opened: {error}").format(error=error)) from error
    return frame(grid, _("Original as a sheet")), found, ""


def _grid(
    rows: Iterable[list[Any]], place: tuple[int, int] | None, odd: set[tuple[int, int]]
) -> tuple[SafeString, bool]:
    """A table of the first rows and those around `place`."""
    middle = place[0] if place else 0
    low, high = max(0, middle - ROWS), middle + ROWS
    each = iter(rows)
    top = list(islice(each, 1)) if low else []
    for _skipped in islice(each, low - len(top)):
        pass
    shown = list(islice(each, high - low + 1))
    more = next(each, None) is not None
    width = max((len(row) for row in [*top, *shown]), default=0)
    left = max(0, min(place[1] - COLUMNS // 2, width - COLUMNS)) if place else 0
    span = range(left, min(width, left + COLUMNS))
    heads = mark_safe("".join(f"<th>{column_letters(column)}</th>" for column in span))
    lines = [_row(0, top[0], span, None, odd)] if top else []
    if low > 1:
        lines.append(_gap(len(span), _("{count} rows are not shown").format(count=f"{low - 1:,}")))
    lines += [_row(low + offset, row, span, place, odd) for offset, row in enumerate(shown)]
    if more:
        lines.append(_gap(len(span), _("Rows below are not shown")))
    found = place is not None and 0 <= middle - low < len(shown) and place[1] < len(shown[middle - low])
    table = format_html(
        '<table><thead><tr><td class="corner"></td>{}</tr></thead><tbody>{}</tbody></table>',
        heads,
        mark_safe("".join(lines)),
    )
    return table, found


def _row(
    number: int, row: list[Any], span: range, place: tuple[int, int] | None, odd: set[tuple[int, int]]
) -> SafeString:
    cells = []
    for column in span:
        text = cut(words(row[column]) if column < len(row) else "")
        if (number, column) == place:
            cells.append(format_html('<td class="at"><mark id="at">{}</mark></td>', text))
        elif (number, column) in odd:
            cells.append(format_html('<td class="unread">{}</td>', text))
        else:
            cells.append(format_html("<td>{}</td>", text))
    return format_html("<tr><th>{}</th>{}</tr>", number + 1, mark_safe("".join(cells)))


def _gap(width: int, text: str) -> SafeString:
    return format_html('<tr><td class="corner"></td><td colspan="{}">{}</td></tr>', max(1, width), text)
