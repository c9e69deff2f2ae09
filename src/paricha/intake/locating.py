"""What stands at a place of an original, read anew: the readers' places, opened the way the readers made them."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from paricha.intake import json_bytes
from paricha.intake.grids import Grid, Unreadable, cell_place, cell_text
from paricha.intake.json_bytes import Broken, Written, at_pointer
from paricha.intake.originals import Head, Original
from paricha.intake.readers.comma import Comma, csv_grid
from paricha.intake.readers.telegram import mended, message_at
from paricha.intake.readers.workbook import Workbook, workbook_grids
from paricha.vault.locating import locator_reader


@locator_reader("json_pointer")
def at_json_pointer(original: bytes, at: Any) -> str | None:
    """RFC 6901 after a byte order mark; in JSON lines `[line, pointer]`. Objects and lists as compact JSON."""
    try:
        if isinstance(at, list):
            line, pointer = int(at[0]), str(at[1])
            value = json_bytes.decode(json_bytes.as_utf8(original).split(b"\n")[line - 1].strip(json_bytes.BLANK))
        else:
            pointer, value = str(at), _json(original)
        return shown(at_pointer(value, pointer))
    except (Broken, LookupError, ValueError, TypeError, RecursionError):
        return None


def _json(original: bytes) -> Any:
    """The whole value; a file that only a repair makes readable is repaired as its reader did."""
    data = json_bytes.as_utf8(original)
    try:
        return json_bytes.decode(data)
    except Broken:
        if data.lstrip(json_bytes.BLANK)[:1] == b"[":
            return [_member(item) for item, _ended in json_bytes.split_damaged_list(data)]
        return json_bytes.decode(mended(data)[0])


def _member(item: bytes) -> Any:
    try:
        return json_bytes.decode(item)
    except Broken:
        return None


def shown(value: Any) -> str:
    """A value as `value` has it: a text trimmed, a number as written, true and false; the rest as compact JSON."""
    if isinstance(value, str) and not isinstance(value, Written):
        return value.strip()
    if isinstance(value, (Written, int)) and not isinstance(value, bool):
        return str(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


@locator_reader("cell")
def at_cell(original: bytes, at: Any) -> str | None:
    """`["Sheet1", "C7"]`; CSV `["", "C7"]`."""
    try:
        sheet, (row, column) = str(at[0]), cell_place(str(at[1]))
        grid = next(grid for grid in _grids(original) if grid.name == sheet)
        cell, _row = grid.cell(row, column)
    except (Unreadable, LookupError, StopIteration, TypeError):
        return None
    return cell_text(cell) if cell is not None else None


@lru_cache(maxsize=4)
def _grids(original: bytes) -> list[Grid]:
    head = Head(original)
    if Workbook().sniff(head):
        return workbook_grids(Original(original, "", ""))
    return [csv_grid(original)] if Comma().sniff(head) else []


@locator_reader("message")
def at_message(original: bytes, at: Any) -> str | None:
    """A message of a chat export by its id (`[chat, id]` in a full export): who, when, what kind; never its words."""
    try:
        return message_at(json_bytes.decode(mended(json_bytes.as_utf8(original))[0]), at)
    except (Broken, LookupError, TypeError, ValueError):
        return None


@locator_reader("entry")
def at_entry(original: bytes, at: Any) -> str | None:
    """What an officer typed at an instant: the whole entry, as kept."""
    try:
        typed = json.loads(original)
        if [typed.get("officer"), typed.get("entered_at")] != list(at):
            return None
    except (ValueError, AttributeError, TypeError):
        return None
    return json.dumps(typed, ensure_ascii=False, indent=1)
