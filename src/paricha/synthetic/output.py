"""Writing files so that the same seed gives the same bytes: fixed dates, fixed order, fixed line ends."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

UTF8_BOM = b"\xef\xbb\xbf"
SHEET_MADE_AT = datetime(2026, 9, 1, tzinfo=UTC)


def write_bytes(path: Path, data: bytes) -> None:
    """Write one file, with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def write_json(path: Path, value: Any, *, indent: int | None = 1, bom: bool = False) -> None:
    """One JSON document, non-ASCII letters as they are."""
    data = json.dumps(value, ensure_ascii=False, indent=indent).encode() + b"\n"
    write_bytes(path, (UTF8_BOM if bom else b"") + data)


def write_jsonl(path: Path, rows: Iterable[Any]) -> int:
    """JSON lines; gives the number of rows written."""
    lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows]
    write_bytes(path, "".join(line + "\n" for line in lines).encode())
    return len(lines)


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """CSV in UTF-8 with \\n line ends; None is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return out.getvalue().encode()


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """A CSV file; gives the number of rows below the header."""
    kept = list(rows)
    write_bytes(path, csv_bytes(header, kept))
    return len(kept)


def workbook(path: Path) -> xlsxwriter.Workbook:
    """A workbook whose bytes depend on its cells only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(
        str(path),
        {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True},
    )
    book.set_properties({"title": "", "author": "", "created": SHEET_MADE_AT.replace(tzinfo=None)})
    return book


def write_xlsx_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]], sheet: str = "Sheet1") -> None:
    """One sheet of text cells with its header in the first row."""
    book = workbook(path)
    page = book.add_worksheet(sheet)
    for column, heading in enumerate(header):
        page.write_string(0, column, heading)
    for line, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if cell not in (None, ""):
                page.write_string(line, column, str(cell))
    book.close()
