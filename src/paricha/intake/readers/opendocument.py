"""OpenDocument sheets (.ods): every sheet as a grid, under the same rules as a workbook of Excel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from lxml import etree

from paricha.grounds.refusals import Refusal
from paricha.intake.containers import Damaged, Found
from paricha.intake.containers_zip import zip_contents
from paricha.intake.document import Unread
from paricha.intake.grids import MOST_CELLS, Cell, Grid, Unreadable, cell_name
from paricha.intake.mapping import Mapping
from paricha.intake.originals import Head, Original, Reader, Yielded
from paricha.intake.rows import read_grids

MOST_CONTENT = 1 << 30  # bytes of the part that holds the cells
MOST_ROWS, MOST_COLUMNS, MOST_MERGED = 1_048_576, 16_384, 2_000_000
_KIND = b"application/vnd.oasis.opendocument.spreadsheet"
_LENGTH = re.compile(r"(-?)P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,](\d+))?S)?")
_NO_RESULT = "formula without a stored result"


class OpenDocument(Reader):
    """A sheet in an OpenDocument file (.ods): a tip a report number; every value by sheet and cell.
    Columns, dates, zones and numbers as in sheet-xlsx. Merged cells belong to all their rows, at their first; repeated
    rows and cells stand where they would; a formula without a stored result is not read. Files with a password, cut ones
    and those that repeat a cell beyond any sheet are refused by name.
    """

    name, version, form = "sheet-ods", 1, "ods"

    def sniff(self, head: Head) -> bool:
        return head.starts(b"PK\x03\x04") and _KIND in head.raw

    def read(self, original: Original) -> Iterator[Yielded]:
        return self.read_mapped(original, None, [])

    def read_mapped(self, original: Original, mapping: Mapping | None, mappings: list[Mapping]) -> Iterator[Yielded]:
        try:
            grids = opendocument_grids(original)
        except Unreadable as unreadable:
            yield unreadable.refusal
            return
        yield from read_grids(self, original, grids, mapping, mappings)


def opendocument_grids(original: Original) -> list[Grid]:
    """The sheets in their order. Raises `Unreadable` with the refusal."""
    members = {member.name: member for member in zip_contents(original.data).members}
    if _is_locked(members):
        raise Unreadable(
            original.refusal(
                "INTAKE-SHEET-ENCRYPTED",
                "The sheet is locked with a password.",
                "Ask the sender for a copy without one.",
            )
        )
    content = members.get("content.xml")
    if content is None or content.pieces is None:
        too_large = content is not None and content.refused == "INTAKE-ZIP-BOMB"
        raise Unreadable(_too_large(original, None) if too_large else _broken(original))
    if content.size > MOST_CONTENT:
        raise Unreadable(_too_large(original, None))
    try:
        return _Sheets(original).read(content.pieces())
    except (etree.XMLSyntaxError, Damaged, ValueError) as error:
        raise Unreadable(_broken(original)) from error


def _is_locked(members: dict[str, Found]) -> bool:
    """Whether a password is set: each part encrypted by itself, or all of them as one."""
    manifest = members.get("META-INF/manifest.xml")
    try:
        said = b"".join(manifest.pieces()) if manifest is not None and manifest.pieces else b""
    except Damaged:
        said = b""
    return "encrypted-package" in members or b"encryption-data" in said


class _Sheets:
    """Builds the grids from the XML of the cells, a row at a time: what was read of a row is forgotten in the tree."""

    def __init__(self, original: Original) -> None:
        self.original = original
        self.grids: list[Grid] = []
        self.cells = 0
        self.empty_rows = 0  # rows without content, which count only once something stands below them

    def read(self, pieces: Iterator[bytes]) -> list[Grid]:
        parser = etree.XMLPullParser(
            events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        depth = 0  # of tables: 1 is a sheet, what is deeper stands in one of its cells
        for piece in pieces:
            parser.feed(piece)
            for event, node in parser.read_events():
                if not isinstance(node.tag, str):
                    continue
                name = etree.QName(node).localname
                if name == "table" and (depth or _is_sheet(node)):
                    depth += 1 if event == "start" else -1
                    if event == "start" and depth == 1:
                        self._begin(node)
                elif event == "end" and name == "table-row" and depth == 1:
                    self._row(node)
                    _forget(node)
        root = parser.close()
        if root.getroottree().docinfo.doctype:
            raise ValueError("no plain part")
        return self.grids

    def _begin(self, table: Any) -> None:
        self.empty_rows = 0
        self.grids.append(Grid(_attribute(table, "name") or "", []))

    def _row(self, node: Any) -> None:
        grid = self.grids[-1]
        first = len(grid.rows) + self.empty_rows
        line: list[Cell] = []
        said: list[tuple[int, int]] = []  # (column, times) of formulas without a result
        for cell in node:
            if not isinstance(cell.tag, str):
                continue
            kind, times = etree.QName(cell).localname, _count(cell, "number-columns-repeated")
            if kind not in ("table-cell", "covered-table-cell"):
                continue
            value, unstored = _value(cell)
            if unstored:
                said.append((len(line), times))
            self._merge(grid, cell, first, len(line))
            if len(line) + times > MOST_COLUMNS:
                if value is not None or unstored:
                    raise Unreadable(_too_large(self.original, grid.name))
                break  # nothing but empty cells to the right
            line += [value] * times
        while line and line[-1] is None:
            line.pop()
        self._put(grid, line, said, first, _count(node, "number-rows-repeated"))

    def _put(self, grid: Grid, line: list[Cell], said: list[tuple[int, int]], first: int, times: int) -> None:
        """Add a row as often as it stands there."""
        if not line and not said:
            self.empty_rows += times
            return
        self.cells += len(line) * times
        if first + times > MOST_ROWS or self.cells > MOST_CELLS or sum(n for _c, n in said) * times > MOST_COLUMNS:
            raise Unreadable(_too_large(self.original, grid.name))
        grid.rows += [[] for _ in range(self.empty_rows)]
        self.empty_rows = 0
        grid.rows += [list(line) for _ in range(times)]
        for row in range(first, first + times):
            for column, repeated in said:
                for place in range(column, column + repeated):
                    grid.unread.append(Unread([grid.name, cell_name(row, place)], _NO_RESULT))

    def _merge(self, grid: Grid, cell: Any, row: int, column: int) -> None:
        down, right = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if down * right == 1:
            return
        if down * right + len(grid.merged) > MOST_MERGED:
            raise Unreadable(_too_large(self.original, grid.name))
        if not grid.merged:
            grid.merged = {}
        for below in range(row, row + down):
            for beside in range(column, column + right):
                if (below, beside) != (row, column):
                    grid.merged[below, beside] = (row, column)


def _is_sheet(table: Any) -> bool:
    """Whether a table is a sheet, and not what a link to another file left behind."""
    above = table.getparent()
    return above is not None and etree.QName(above).localname == "spreadsheet"


def _forget(node: Any) -> None:
    node.clear()
    while node.getprevious() is not None:
        del node.getparent()[0]


def _attribute(node: Any, name: str) -> str | None:
    """An attribute by its local name; older writers used other namespaces."""
    for key, value in node.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return None


def _count(node: Any, name: str) -> int:
    stated = _attribute(node, name)
    return max(1, int(stated)) if stated and stated.isdecimal() and len(stated) < 10 else 1


def _value(cell: Any) -> tuple[Cell, bool]:
    """(what stands in the cell, whether it is a formula without a stored result)."""
    stated = {key.rpartition("}")[2]: str(value) for key, value in cell.attrib.items()}
    kinds = [str(value) for key, value in cell.attrib.items() if key.rpartition("}")[2] == "value-type"]
    if "error" in kinds:
        return None, True
    found = _of_kind(kinds[0] if kinds else "", stated, cell)
    return found, found is None and "formula" in stated


def _of_kind(kind: str, stated: dict[str, str], cell: Any) -> Cell:
    if kind in ("float", "percentage", "currency"):
        return _number(stated.get("value"))
    if kind == "date":
        return _date(stated.get("date-value", "")) or stated.get("date-value") or None
    if kind == "time":
        return _time(stated.get("time-value", "")) or stated.get("time-value") or None
    if kind == "boolean":
        return {"true": True, "false": False}.get(stated.get("boolean-value", ""))
    return stated.get("string-value") or "\n".join(_paragraphs(cell)) or None


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if number - number == 0 else None  # no infinity, no NaN


def _date(text: str) -> date | datetime | None:
    try:
        if "T" not in text:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is not None:
        return None  # stays a text with its zone
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0) if moment.microsecond else moment


def _time(text: str) -> time | str | None:
    """A time of the day; a length of more than a day is a text."""
    found = _LENGTH.fullmatch(text)
    if found is None or text in ("P", "PT"):
        return None
    sign, days, hours, minutes, seconds, part = found.groups()
    length = timedelta(days=int(days or 0), hours=int(hours or 0), minutes=int(minutes or 0), seconds=int(seconds or 0))
    if part and part[:1] >= "5":
        length += timedelta(seconds=1)
    if sign or length >= timedelta(days=1):
        return f"{sign}{length}"
    return time(length.seconds // 3600, length.seconds // 60 % 60, length.seconds % 60)


def _paragraphs(cell: Any) -> Iterator[str]:
    """The lines of text in a cell; a remark pinned to it is not its text."""
    for node in cell:
        if isinstance(node.tag, str) and etree.QName(node).localname in ("p", "h"):
            yield "".join(_text(node))


def _text(node: Any) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if name == "s":
            yield " " * min(1000, _count(child, "c"))
        elif name == "tab":
            yield "\t"
        elif name == "line-break":
            yield "\n"
        elif name and name != "annotation":
            yield from _text(child)
        yield child.tail or ""


def _too_large(original: Original, sheet: str | None) -> Refusal:
    return original.refusal(
        "INTAKE-SHEET-TOO-LARGE",
        "The sheet unpacks to more than this program reads at once.",
        "Look for a cell that is repeated far to the right or below, or divide the sheet; the original is kept.",
        f"sheet {sheet}" if sheet else None,
    )


def _broken(original: Original) -> Refusal:
    return original.refusal(
        "INTAKE-SHEET-BROKEN", "The OpenDocument sheet is damaged or cut; its parts cannot be opened.",
        "Open and save it again, or ask the sender for a whole copy.",
    )  # fmt: skip
