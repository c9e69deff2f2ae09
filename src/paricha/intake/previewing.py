"""What a mapping would make of a sheet: ten rows as read, and what each order of day and month would mean."""

from __future__ import annotations

from datetime import date

import msgspec

from paricha.grounds.instants import DateOrder, slashed_day
from paricha.intake.document import Leaf, When
from paricha.intake.grids import Grid, cell_text
from paricha.intake.headings import Column, columns_of
from paricha.intake.layouts import Layout, headings_at
from paricha.intake.mapping import INSTANTS, Mapping
from paricha.intake.rows import RowCells, date_numbers

ROWS = 10


class PreviewCell(msgspec.Struct):
    """A cell as it would be read. `why`: why it would not be, a word of `words.WHYS`; `undecided`: two dates."""

    leaf: Leaf | When | None = None
    why: str = ""
    undecided: bool = False


class Meaning(msgspec.Struct):
    """An order of day and month: the first date so read, the span of all, and how many are no date that way."""

    order: DateOrder
    text: str
    example: date
    first: date
    last: date
    impossible: int


def layout_by(grid: Grid, mapping: Mapping) -> Layout:
    """The sheet as this mapping reads it, whether or not all its headings stand there."""
    header = mapping.header_row - 1
    return Layout(grid, header, columns_of(headings_at(grid, header), mapping.columns), mapping)


def preview(layout: Layout, count: int = ROWS) -> tuple[list[Column], list[tuple[int, list[PreviewCell]]]]:
    """The mapped columns, and (row from 1, its cells) of the first rows that state something."""
    columns = [column for column in layout.columns if column.field]
    rows = []
    for row in range(layout.header + 1, len(layout.grid.rows)):
        cells = [_cell(layout, row, column) for column in columns]
        if any(cell.leaf or cell.why for cell in cells):
            rows.append((row + 1, cells))
        if len(rows) == count:
            break
    return columns, rows


def _cell(layout: Layout, row: int, column: Column) -> PreviewCell:
    undecided: list[str] = []
    cells = RowCells(lambda *place: undecided.append(place[3]), layout, row)
    leaf = cells.leaf(column)
    unread = cells.take_unread()
    return PreviewCell(leaf, unread[0].why if unread else "", bool(undecided))


def undecided_column(layout: Layout) -> Column | None:
    """The first date column that nothing decides and in which a date can be read two ways."""
    if layout.mapping and layout.mapping.date_order:
        return None
    for column in layout.columns:
        if column.field in INSTANTS and column.order is None and _dates(layout, column)[1]:
            return column
    return None


def lacks_zone(layout: Layout) -> bool:
    """Whether a mapped instant stands in the sheet for which neither cell, heading nor mapping states a zone."""
    if layout.mapping and layout.mapping.zone:
        return False
    for column in layout.columns:
        if column.field in INSTANTS and column.zone is None:
            for row in range(layout.header + 1, min(len(layout.grid.rows), layout.header + 200)):
                leaf = RowCells(lambda *_place: None, layout, row).when(column)
                if leaf is not None and leaf.utc is None:
                    return True
    return False


def _dates(layout: Layout, column: Column) -> tuple[list[tuple[str, str, str]], bool]:
    """The numbers of all dates of a column, and whether one of them can be read two ways."""
    found = []
    for row in range(layout.header + 1, len(layout.grid.rows)):
        cell, _row = layout.grid.cell(row, column.index)
        numbers = date_numbers(cell_text(cell)) if isinstance(cell, str) else None
        if numbers:
            found.append(numbers)
    return found, any(slashed_day(*numbers, None) is None for numbers in found)


def meanings(layout: Layout, column: Column) -> list[Meaning]:
    """What day first and month first would make of a column."""
    dates, _open = _dates(layout, column)
    open_one = next((numbers for numbers in dates if slashed_day(*numbers, None) is None), None)
    made = []
    for order in (DateOrder.DMY, DateOrder.MDY):
        days = [day for numbers in dates if (day := slashed_day(*numbers, order))]
        example = slashed_day(*open_one, order) if open_one else None
        if days and example and open_one:
            impossible = len(dates) - len(days)
            made.append(Meaning(order, "/".join(open_one), example, min(days), max(days), impossible))
    return made
