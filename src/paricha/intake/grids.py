"""Sheets as grids of cells, whatever file they came in: what stands in a cell, and the name officers give it."""

from __future__ import annotations

import re
from datetime import date, datetime, time

import msgspec

from paricha.grounds.refusals import Refusal
from paricha.intake.document import Unread

Cell = str | int | float | bool | datetime | date | time | None
MOST_CELLS = 20_000_000


class Grid(msgspec.Struct):
    """One sheet. `rows[0][0]` is A1. `merged`: (row, column) of a covered cell → of the first cell of its range."""

    name: str
    rows: list[list[Cell]]
    merged: dict[tuple[int, int], tuple[int, int]] = {}
    unread: list[Unread] = []

    def cell(self, row: int, column: int) -> tuple[Cell, int]:
        """What stands in a cell, and in which row: a merged cell is its range's first, if that is in the same column."""
        first = self.merged.get((row, column)) if self.merged else None
        if first is not None:
            row, column = first if first[1] == column else (row, column)
        line = self.rows[row] if row < len(self.rows) else []
        return (line[column] if column < len(line) else None), row


class Unreadable(Exception):
    """The file as a whole cannot be read as sheets."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.what)
        self.refusal = refusal


def cell_name(row: int, column: int) -> str:
    """`C7` for (6, 2)."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def cell_place(name: str) -> tuple[int, int]:
    """(6, 2) for `C7`. Raises LookupError."""
    found = re.fullmatch(r"([A-Z]{1,3})([1-9]\d{0,6})", name)
    if not found:
        raise LookupError(name)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def cell_text(cell: Cell) -> str:
    """A cell as its value is written: whole numbers without a point, dates in ISO order, ends trimmed; "" when empty."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, time):
        return cell.strftime("%H:%M:%S")
    return str(cell)
