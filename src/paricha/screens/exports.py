"""Lists as sheets: every filtered row, the columns as on the screen; text stays text, so that no cell becomes a formula."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.db.models import QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from paricha.screens import moments, places, unit

if TYPE_CHECKING:
    from paricha.screens.lists import ListPage

KINDS = ("xlsx", "csv")
MEDIA = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}
ROWS_OF_A_SHEET = 1_048_575  # Excel's limit less the heading


def plain(value: Any) -> str | int | float | bool | None:
    """A value as a sheet holds it: instants as ISO text in UTC (as written where there is no UTC), readings by their value."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, SafeString):
        return strip_tags(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value.tzinfo else value.isoformat()
    if places.is_reading(value):
        return plain(moments.part(value, "value"))
    if moments.is_instant(value):
        known = moments.moment(value)
        return known.utc.strftime("%Y-%m-%dT%H:%M:%SZ") if known.utc else known.as_written
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(plain(item)) for item in value)
    return str(getattr(value, "value", value))


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front; numbers pass."""
    return "'" + value if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def file_name(title: str, kind: str) -> str:
    """`queue.xlsx`, with the made-up mark where it belongs."""
    word = re.sub(r"[^\w-]+", "-", title, flags=re.ASCII).strip("-").lower() or "list"
    return f"{'made-up-' if unit.is_synthetic() else ''}{word}.{kind}"


class ExportedRows:
    """The rows that go into a sheet, for whoever writes the reading down: counted without being fetched, fetched when walked."""

    def __init__(self, rows: Any) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return self.rows.count() if isinstance(self.rows, QuerySet) else len(self.rows)

    def __iter__(self) -> Iterator[Any]:
        return self.rows.iterator(chunk_size=2000) if isinstance(self.rows, QuerySet) else iter(self.rows)


def table(page: ListPage, rows: Any) -> Iterator[list[Any]]:
    """The heading and every row, plain."""
    yield [str(column.label) for column in page.columns]
    for row in ExportedRows(rows):
        yield [plain(column.plain(row)) for column in page.columns]


def sheet(page: ListPage, rows: Any, kind: str, title: str) -> HttpResponseBase:
    """The file for `?export=`: CSV as a stream, XLSX written row by row to a temporary file."""
    lines = table(page, rows)
    name = file_name(page.name or title, kind)
    if kind == "csv":
        response: Any = StreamingHttpResponse(_csv(lines), content_type=MEDIA["csv"])
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    return FileResponse(_xlsx(lines, title), as_attachment=True, filename=name, content_type=MEDIA["xlsx"])


def _csv(lines: Iterator[list[Any]]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf"  # spreadsheets read UTF-8 only after a mark
    for line in lines:
        buffer = io.StringIO()
        csv.writer(buffer).writerow(["" if value is None else harmless(value) for value in line])
        yield buffer.getvalue().encode()


def _xlsx(lines: Iterator[list[Any]], title: str) -> Any:
    file = tempfile.TemporaryFile()  # noqa: SIM115  FileResponse closes it after the last byte
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "comments": _("Made-up data") if unit.is_synthetic() else ""})
    page = book.add_worksheet(_("Made-up data")[:31] if unit.is_synthetic() else "Paricha")
    bold = book.add_format({"bold": True, "bottom": 1})
    page.freeze_panes(1, 0)
    page.set_footer(f"&L{unit.unit_name().replace('&', '&&')}&R&P / &N")
    widths: list[int] = []
    for number, line in enumerate(lines):
        if number > ROWS_OF_A_SHEET:
            break
        widths = widths or [max(10, len(str(word)) + 2) for word in line]
        if number == 0:
            for column, width in enumerate(widths):
                page.set_column(column, column, min(60, max(width, 16)))
        for column, value in enumerate(line):
            _write(page, number, column, value, bold if number == 0 else None)
    book.close()
    file.seek(0)
    return file


def _write(page: Any, row: int, column: int, value: Any, style: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value, style)
    elif isinstance(value, int | float) and abs(value) < 10**15:
        page.write_number(row, column, value, style)
    else:
        page.write_string(row, column, str(value)[:32767], style)
