"""A mapping proposed for a sheet that nobody knows: by headings first, then by what the cells hold; and why."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from paricha.grounds import selectors
from paricha.intake.grids import Grid, Unreadable, cell_name, cell_text
from paricha.intake.headings import Column, bare, built_in, columns_of
from paricha.intake.layouts import HEADER_WITHIN, by_table, headings_at
from paricha.intake.mapping import INSTANTS, Mapping
from paricha.intake.models import FileRead
from paricha.intake.originals import Head, Original
from paricha.intake.readers.comma import Comma, csv_grid
from paricha.intake.readers.workbook import Workbook, workbook_grids
from paricha.intake.rows import two_ways
from paricha.vault import store

SAMPLE = 200  # rows that are looked at
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?")


class Proposed(msgspec.Struct):
    """One column as the mapping screen shows it. `sure`: `sure`, `likely` or `unread`; `why` is a word of `WHYS`."""

    index: int
    letter: str
    heading: str
    samples: list[str]
    field: str | None
    why: str
    sure: str
    zone: str | None
    order: str | None
    undecided: str | None = None  # the first date that can be read two ways


class Proposal(msgspec.Struct):
    """All columns of the sheet with the most rows, and where its headings stand (from 1)."""

    grid: Grid
    header_row: int
    columns: list[Proposed]
    rows: int
    merged: int

    def mapping(self, name: str) -> Mapping:
        """The proposal as a mapping."""
        known = {column.heading: column.field for column in self.columns if column.field and column.heading}
        return Mapping(name, self.header_row, known)


def grids_of(original: Original) -> list[Grid]:
    """The sheets of a file. Raises `Unreadable`."""
    head = Head(original.data)
    if Workbook().sniff(head):
        return workbook_grids(original)
    if Comma().sniff(head):
        return [csv_grid(original.data)]
    refusal = original.refusal("INTAKE-UNKNOWN-FORMAT", "This is no sheet.", "Only sheets have columns to map.")
    raise Unreadable(refusal)


def propose(grids: list[Grid], header_row: int | None = None) -> Proposal | None:
    """A proposal for the sheet with most rows, or None where no sheet holds anything. `header_row` from 1, or found."""
    grid = max((grid for grid in grids if grid.rows), key=lambda grid: len(grid.rows), default=None)
    if grid is None:
        return None
    row = header_row - 1 if header_row else _header_of(grid)
    headings = headings_at(grid, row)
    width = max(len(headings), max((len(line) for line in grid.rows[row : row + SAMPLE]), default=0))
    columns = {column.index: column for column in columns_of(headings, None)}
    found = [_column(grid, row, index, columns.get(index)) for index in range(min(width, 200))]
    rows = sum(any(cell is not None for cell in line) for line in grid.rows[row + 1 :])
    return Proposal(grid, row + 1, found, rows, len(grid.merged))


def _header_of(grid: Grid) -> int:
    """By known headings, else the first row with the most texts that are no values."""
    known = by_table(grid)
    if known:
        return known.header
    counts = [
        sum(bool(text) and not _value_like(text) for text in headings_at(grid, row))
        for row in range(min(HEADER_WITHIN, len(grid.rows)))
    ]
    return counts.index(max(counts))


def _value_like(text: str) -> bool:
    return text.isdecimal() or bool(_DATE.fullmatch(text)) or selectors.address(text) is not None


def _column(grid: Grid, header: int, index: int, column: Column | None) -> Proposed:
    cells = [
        text
        for row in range(header + 1, min(len(grid.rows), header + 1 + SAMPLE))
        if (text := cell_text(grid.cell(row, index)[0]))
    ]
    heading = column.heading if column else ""
    field, why, sure = _judge(heading, column.field if column else None, cells)
    made = Proposed(
        index, re.sub(r"\d", "", cell_name(0, index)), heading, list(dict.fromkeys(cells))[:2], field, why, sure,
        column.zone if column else None, column.order.value if column and column.order else None,
    )  # fmt: skip
    if field in INSTANTS and made.order is None:
        made.undecided = next((text for text in cells if two_ways(text)), None)
    return made


def _judge(heading: str, by_heading: str | None, cells: list[str]) -> tuple[str | None, str, str]:
    by_value = _by_values(cells)
    if by_heading:
        agrees = by_value is None or by_value == by_heading or by_heading not in _TESTS
        return by_heading, "heading" if agrees else "heading, values differ", "sure" if agrees else "likely"
    if by_value and heading and bare(heading) not in built_in():
        return by_value, "values", "likely"
    return None, "nothing known", "unread"


def _by_values(cells: list[str]) -> str | None:
    """The field whose test nine of ten values pass; None where none does or few cells are filled."""
    if not cells:
        return None
    for field, test in _TESTS.items():
        if sum(test(text) for text in cells) * 10 >= len(cells) * 9:
            return field
    return None


def _hexadecimal(text: str, letters: int) -> bool:
    return len(text) == letters and re.fullmatch(r"[0-9a-fA-F]+", text) is not None


_TESTS: dict[str, Callable[[str], bool]] = {
    "sighting.address": lambda text: selectors.address(text) is not None,
    "person.emails": lambda text: selectors.email(text) is not None,
    "file.md5": lambda text: _hexadecimal(text, 32),
    "file.sha1": lambda text: _hexadecimal(text, 40),
    "file.sha256": lambda text: _hexadecimal(text, 64),
    "sighting.at": lambda text: _DATE.fullmatch(text) is not None,
    "person.phones": lambda text: re.fullmatch(r"\+?[\d ()-]{10,16}", text) is not None and selectors.phone(text) is not None,
}  # fmt: skip


def original_of(file: FileRead) -> Original:
    """The original of a file in a batch, from the vault."""
    return Original(store.read_row(file.original), file.name, file.original.hex)


def mapping_in_force(file: FileRead) -> Mapping:
    """The mapping by which a file would be read now: chosen, saved or built in, else the proposal. Raises `Refused`."""
    from paricha.grounds.refusals import Refused
    from paricha.intake.layouts import layouts_of
    from paricha.intake.queries import mappings_for

    named, saved = mappings_for(file)
    original = original_of(file)
    try:
        layouts = layouts_of(original, grids_of(original), named, saved)
    except Unreadable as unreadable:
        refusal = unreadable.refusal
        raise Refused(
            refusal.code, refusal.what, refusal.remedy, file=refusal.file, place=refusal.place
        ) from unreadable
    layout = next(layout for layout in layouts if layout)
    return layout.as_mapping(file.name[-100:])
