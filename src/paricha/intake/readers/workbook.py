"""Excel workbooks (.xlsx): every sheet as a grid, with merged cells, formulas without a result, and bombs refused."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from paricha.intake.document import Unread
from paricha.intake.formats import is_workbook
from paricha.intake.grids import MOST_CELLS, Cell, Grid, Unreadable
from paricha.intake.mapping import Mapping
from paricha.intake.originals import Head, Original, Reader, Yielded
from paricha.intake.rows import read_grids

MOST_UNPACKED = 1 << 30
MOST_MERGED = 2_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?\br=\"([A-Z]{1,3}\d{1,7})\"[^>]*>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v\s*>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_FAR = re.compile(rb"\br=\"([A-Z]{1,3})(\d{1,7})\"")


class Workbook(Reader):
    """A sheet in an Excel workbook: a tip a report number; every value by sheet and cell.
    Columns by a mapping or by the built-in headings in English and Malayalam. Order of day and month comes from the
    heading, the mapping or a real date cell; zone from cell, heading or mapping; nothing else decides. Merged cells
    belong to all their rows, at their first. Formulas without a stored result, numbers beyond fifteen digits and
    numbers in their short form are not read. Locked, cut and exploding workbooks are refused by name.
    """

    name, version, form = "sheet-xlsx", 1, "xlsx"

    def sniff(self, head: Head) -> bool:
        return head.starts(b"PK\x03\x04", _OLE)

    def read(self, original: Original) -> Iterator[Yielded]:
        return self.read_mapped(original, None, [])

    def read_mapped(self, original: Original, mapping: Mapping | None, mappings: list[Mapping]) -> Iterator[Yielded]:
        try:
            grids = workbook_grids(original)
        except Unreadable as unreadable:
            yield unreadable.refusal
            return
        yield from read_grids(self, original, grids, mapping, mappings)


def workbook_grids(original: Original) -> list[Grid]:
    """The sheets of a workbook. Raises `Unreadable` with the refusal."""
    if original.data.startswith(_OLE):
        raise Unreadable(_old_or_locked(original))
    parts = _parts(original)
    book = _open(original)
    grids = []
    for name in book.sheet_names:
        part = parts.get(name, b"")
        _refuse_bomb(original, name, part)
        grids.append(_grid(original, book, name, part))
    return grids


def _old_or_locked(original: Original) -> Any:
    if _LOCKED in original.data:
        return original.refusal(
            "INTAKE-SHEET-ENCRYPTED",
            "The workbook is locked with a password.",
            "Ask the sender for a copy without one.",
        )
    return original.refusal(
        "INTAKE-NOT-YET",
        "This is an old Office file, which this release does not read.",
        "Save it as .xlsx or CSV and bring that in.",
    )


def _parts(original: Original) -> dict[str, bytes]:
    """The XML of each sheet by its name. Raises `Unreadable` for damage, bombs and entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(original.data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise _too_large(original, None)
            if any(entry.flag_bits & 1 for entry in archive.infolist()):
                raise Unreadable(_locked_member(original))
            book = _read(archive, "xl/workbook.xml")
            links = _read(archive, "xl/_rels/workbook.xml.rels")
            targets = {
                link.get("Id"): link.get("Target", "") for link in ElementTree.fromstring(links) if link.get("Target")
            }
            found = {}
            for sheet in ElementTree.fromstring(book).iter():
                if sheet.tag.rpartition("}")[2] != "sheet":
                    continue
                link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
                target = targets.get(link, "").lstrip("/")
                path = target if target.startswith("xl/") else f"xl/{target}"
                if path in archive.namelist():
                    found[sheet.get("name", "")] = _read(archive, path)
            return found
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError, OSError, EOFError, NotImplementedError,
            RuntimeError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]  # fmt: skip
        raise _broken(original) from error


def _read(archive: zipfile.ZipFile, path: str) -> bytes:
    """One part; more than it promised, or a DTD in it, is an attack and not a sheet."""
    entry = archive.getinfo(path)
    with archive.open(entry) as part:
        data = part.read(entry.file_size + 1)
    if len(data) > entry.file_size or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("no plain part")
    return data


def _open(original: Original) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(original.data))
    except PasswordError as error:
        raise Unreadable(_old_or_locked(original)) from error
    except (CalamineError, ValueError, OSError) as error:
        raise _broken(original) from error
    except BaseException as error:  # a panic in the Rust library is no Exception; nothing else is let through
        raise _panic(original, error) from error


def _grid(original: Original, book: CalamineWorkbook, name: str, part: bytes) -> Grid:
    try:
        sheet: CalamineSheet = book.get_sheet_by_name(name)
        rows: list[list[Cell]] = [[_cell(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        merged = _merged(sheet.merged_cell_ranges or [], original, name)
    except (CalamineError, ValueError, OSError) as error:
        raise _broken(original) from error
    except BaseException as error:
        raise _panic(original, error) from error
    grid = Grid(name, rows, merged)
    _drop_unstored(grid, part)
    return grid


def _panic(original: Original, error: BaseException) -> BaseException:
    return _broken(original) if type(error).__name__ == "PanicException" else error


def _cell(cell: Any) -> Cell:
    """An empty text is an empty cell; a length of time is a text; a date cell is rounded to its second."""
    if cell == "":
        return None
    if isinstance(cell, timedelta):
        return str(cell)
    if isinstance(cell, datetime) and cell.microsecond:
        return (cell + timedelta(microseconds=500_000)).replace(microsecond=0)
    return cell  # type: ignore[no-any-return]


def _merged(ranges: list[Any], original: Original, name: str) -> dict[tuple[int, int], tuple[int, int]]:
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    for first, last in ranges:
        if (last[0] - first[0] + 1) * (last[1] - first[1] + 1) + len(covered) > MOST_MERGED:
            raise _too_large(original, name)
        for row in range(first[0], last[0] + 1):
            for column in range(first[1], last[1] + 1):
                if (row, column) != first:
                    covered[row, column] = first
    return covered


def _drop_unstored(grid: Grid, part: bytes) -> None:
    """A formula without a stored result says nothing: its cell is an unread block."""
    if b"f" not in part or not re.search(rb"<(?:\w+:)?f\b", part):
        return
    from paricha.intake.grids import cell_place

    for found in _FORMULA.finditer(part):
        name = found[1].decode()
        row, column = cell_place(name)
        if row < len(grid.rows) and column < len(grid.rows[row]):
            grid.rows[row][column] = None
        grid.unread.append(Unread([grid.name, name], "formula without a stored result"))


def _refuse_bomb(original: Original, name: str, part: bytes) -> None:
    """A cell far out makes a dense grid of everything between: refused before it is laid out."""
    columns, last = 1, 1
    for letters, row in _FAR.findall(part):
        last = max(last, int(row))
        columns = max(columns, len(letters))
    width = {1: 26, 2: 702, 3: 16_384}[columns]
    if columns > 1:
        width = max((_column(letters) for letters in {letters for letters, _ in _FAR.findall(part)}), default=1)
    if last > 1_048_576 or width > 16_384 or last * width > MOST_CELLS:
        raise _too_large(original, name)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _too_large(original: Original, sheet: str | None) -> Unreadable:
    return Unreadable(
        original.refusal(
            "INTAKE-SHEET-TOO-LARGE",
            "The workbook unpacks to more than this program reads at once.",
            "Look for a stray cell far to the right or below, or divide the sheet; the original is kept.",
            f"sheet {sheet}" if sheet else None,
        )
    )


def _locked_member(original: Original) -> Any:
    return original.refusal(
        "INTAKE-SHEET-ENCRYPTED",
        "A part of the workbook is encrypted.",
        "Ask the sender for a copy without a password.",
    )


def _broken(original: Original) -> Unreadable:
    if not is_workbook(original.data):
        what = "The file is packed, but is no workbook, or only a part of one."
    else:
        what = "The workbook is damaged or cut; its parts cannot be opened."
    return Unreadable(
        original.refusal("INTAKE-SHEET-BROKEN", what, "Open and save it again, or ask the sender for a whole copy.")
    )
