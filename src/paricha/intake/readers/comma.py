"""CSV and its relatives: comma, semicolon, tab or bar, also mixed; UTF-8, UTF-16 by their mark, latin-1 where declared."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator

from paricha.intake.grids import Cell, Grid
from paricha.intake.mapping import Mapping
from paricha.intake.originals import Head, Original, Reader, Yielded, encoding_of
from paricha.intake.rows import read_grids

DELIMITERS = ",;\t|"
LOOKED_AT = 40  # records that decide whether it is a sheet, and the delimiter
MOST_LINES_A_RECORD = 200  # a quote that never closes must not swallow the file
csv.field_size_limit(10_000_000)
_line_end = re.compile(r"\r\n|\n|\r")


class Comma(Reader):
    """A sheet as text with separators: a tip a report number; every value by its cell.
    Comma, semicolon, tab or bar, also mixed in one file; UTF-8, UTF-16 by its mark, latin-1 only where the mapping
    declares it. Otherwise as sheet-xlsx.
    """

    name, version, form = "sheet-csv", 1, "csv"

    def sniff(self, head: Head) -> bool:
        if "\0" in head.text[:4096]:
            return False
        found = list(_first_records(head.text))
        return best_delimiter(found) is not None

    def read(self, original: Original) -> Iterator[Yielded]:
        return self.read_mapped(original, None, [])

    def read_mapped(self, original: Original, mapping: Mapping | None, mappings: list[Mapping]) -> Iterator[Yielded]:
        declared = mapping.encoding if mapping else None
        yield from read_grids(self, original, [csv_grid(original.data, declared)], mapping, mappings)


def csv_text(data: bytes, declared: str | None = None) -> str:
    """The text by byte order mark, else as declared, else UTF-8; broken letters become lone surrogates, kept apart."""
    encoding, mark = encoding_of(data)
    if not mark and declared:
        encoding = declared
    broken = "surrogateescape" if encoding in ("utf-8", "latin-1") else "replace"
    return data[mark:].decode(encoding, broken)


def csv_grid(data: bytes, declared: str | None = None) -> Grid:
    """All records as rows. A record that does not fit the file's delimiter is divided by the one that does fit."""
    text = csv_text(data, declared)
    found = list(records(text))
    delimiter = best_delimiter(found[:LOOKED_AT]) or ","
    first = [_fields(record, delimiter) for record in found]
    widths = Counter(len(row) for row in first if len(row) > 1)
    width = widths.most_common(1)[0][0] if widths else 1
    rows: list[list[Cell]] = []
    for record, fields in zip(found, first, strict=True):
        if len(fields) == 1 and fields[0]:
            others = [row for sign in DELIMITERS if sign != delimiter and len(row := _fields(record, sign)) == width]
            fields = others[0] if len(others) == 1 else fields
        rows.append([field or None for field in fields])
    return Grid("", rows)


def records(text: str) -> Iterator[str]:
    """The records: lines, joined while a quote is open."""
    held: list[str] = []
    for line in _line_end.split(text):
        held.append(line)
        if _open_quote(held) and len(held) < MOST_LINES_A_RECORD:
            continue
        if len(held) == 1 or not _open_quote(held):
            yield "\n".join(held)
        else:  # never closed: each line is its own record after all
            yield from held
        held = []
    yield from held if held != [""] else ()


def _open_quote(lines: list[str]) -> bool:
    return sum(line.count('"') for line in lines) % 2 == 1


def _fields(record: str, delimiter: str) -> list[str]:
    """The cells of one record as they stand."""
    if '"' not in record:
        return record.split(delimiter)
    try:
        return next(csv.reader([record], delimiter=delimiter), [""])
    except csv.Error:
        return record.split(delimiter)


def best_delimiter(found: list[str]) -> str | None:
    """The sign that divides most of the first records into equally many columns, at least two; None when none does."""
    best, score = None, 0
    shown = [record for record in found if record.strip()]
    for sign in DELIMITERS:
        widths = Counter(len(_fields(record, sign)) for record in shown)
        widths.pop(1, None)
        if not widths:
            continue
        width, often = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
        enough = often >= 2 or len(shown) == 1
        if enough and often * width > score:
            best, score = sign, often * width
    return best


def _first_records(text: str) -> Iterator[str]:
    for number, record in enumerate(records(text)):
        if number >= LOOKED_AT:
            return
        yield record
