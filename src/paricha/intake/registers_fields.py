"""A unit's own registers: which there are, which fields their columns may be, and where the headings stand. Pure.

A register is a sheet that the unit kept itself (cases, accused, devices, accounts of past drives). Its headings are
never read by themselves: an officer says which register a sheet is, on the mapping screen or in a mapping.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import msgspec

from paricha.intake.grids import Grid, cell_text

REGISTERS = ("cases", "accused", "devices", "accounts")
DATES = frozenset({"case.registered_on", "device.seized_on", "dated"})
FIELDS = tuple(
    "case.number case.station case.year case.sections case.stage case.registered_on accused.name accused.father "
    "accused.age accused.phone accused.email accused.address device.kind device.make device.imei device.serial "
    "device.exhibit device.kept_at device.seized_on account.service account.user_id account.screen_name drive dated "
    "remarks".split()
)
HEADER_WITHIN = 30  # rows in which the headings are looked for
_TELLING = {
    "accounts": {"account.user_id", "account.screen_name"},
    "devices": {"device.imei", "device.serial", "device.exhibit", "device.kind", "device.kept_at"},
    "accused": {"accused.name", "accused.phone", "accused.father"},
    "cases": {"case.sections", "case.stage", "case.registered_on"},
}  # in the order of asking: a sheet of accounts names the accused too


@cache
def known_headings() -> dict[str, str]:
    """The table of a register's headings in English and Malayalam: bare heading → field."""
    from paricha.intake.headings import bare

    table = msgspec.json.decode(
        files("paricha.intake").joinpath("registers.json").read_bytes(), type=dict[str, list[str]]
    )
    return {bare(heading): field for field, headings in table.items() for heading in headings}


def field_of(heading: str) -> str | None:
    """The field that a register's heading names; None where nobody knows it."""
    from paricha.intake.headings import bare

    return known_headings().get(bare(heading)) if heading else None


def register_headings(grid: Grid, row: int) -> list[str]:
    """The texts of a row of headings; a heading merged over several rows belongs to all of them."""
    width = len(grid.rows[row]) if 0 <= row < len(grid.rows) else 0
    return [cell_text(grid.cell(row, column)[0]) for column in range(width)]


def header_of(grid: Grid, wanted: Iterable[str] | None = None) -> int | None:
    """The row (from 0) that holds most of the wanted headings, else most that a register knows; None where none does.

    Of two rows one below the other that hold equally many the lower is meant: headings merged over both stand in both.
    """
    from paricha.intake.mapping import plain_heading

    named = {plain_heading(heading) for heading in wanted} if wanted is not None else None
    best, most = None, 0
    for row in range(min(HEADER_WITHIN, len(grid.rows))):
        texts = [text for text in register_headings(grid, row) if text]
        if named is None:
            count = len({field for text in texts if (field := field_of(text))})
        else:
            count = len(named & {plain_heading(text) for text in texts})
        below = best is not None and row == best + 1 and any(cell is not None for cell in grid.rows[row])
        if count > most or (count and count == most and below):
            best, most = row, count
    return best


def likely_register(grid: Grid) -> str | None:
    """Which register the headings of a sheet look like, to propose it; None where it looks like none.

    A sheet that names report numbers of tips is none, and one without a case number is none.
    """
    from paricha.intake.headings import bare, built_in

    row = header_of(grid)
    if row is None:
        return None
    headings = [text for text in register_headings(grid, row) if text]
    if any(built_in().get(bare(heading)) == "report_number" for heading in headings):
        return None
    found = {field for heading in headings if (field := field_of(heading))}
    if "case.number" not in found or len(found) < 2:
        return None
    return next((register for register, telling in _TELLING.items() if len(telling & found)), "cases")


def plain_digits(text: str) -> str:
    """A text with the digits of any script as 0 to 9: `൧൨` is 12."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
