"""Rows of a unit's own register as earlier work: one document a row, every value at its cell, nothing divided or guessed.

    for one in read_register(layout, source, two_way, counted): ...   # EarlierDocument or Unread

What stands in a row and is no record of work (headings again, numbers of the columns, totals, a heading across the row)
is an unread block. A cell that names several persons or numbers stays one value and says so.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator

from paricha.intake.document import Dated, EarlierDocument, Leaf, Source, Stated, Unread, When
from paricha.intake.grids import cell_name, cell_text
from paricha.intake.headings import Column
from paricha.intake.layouts import Layout, headings_by
from paricha.intake.mapping import Mapping, plain_heading
from paricha.intake.registers_fields import plain_digits
from paricha.intake.rows import RowCells, TwoWay

LONGEST = 300  # letters of a remark that are copied; a longer one is shown in the original
SEVERAL = "several in one cell, kept as one"
_TOTAL = re.compile(r"(?:grand|sub|page)?[\s-]*totals?\b[\s:.=]*|(?:ആകെ|മൊത്തം)[\s:.=]*", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:^|[\s,;/])\(?(?:A[\s-]?)?(\d{1,2})\s?[).:]", re.IGNORECASE)
_ACCUSED = re.compile(r"\bA[\s-]?(\d{1,2})\b")
_DIVIDED = re.compile(r"[,;/|&\n]|\band\b")
_ONE_NUMBER = re.compile(r"[+(]?\d[\d\s().\-]*")
_NAMED = frozenset({"accused.name", "accused.father", "accused.address"})
_NUMBERS = frozenset({"accused.phone", "accused.email", "device.imei"})

Key = tuple[str, ...]


def read_register(
    layout: Layout, source: Source, two_way: TwoWay, counted: dict[Key, int]
) -> Iterator[EarlierDocument | Unread]:
    """The rows of one sheet. `counted`: of the whole file, so that rows of one key stay apart."""
    grid, mapping = layout.grid, layout.mapping
    assert mapping is not None and mapping.register is not None
    known = [column for column in layout.columns if column.field]
    expected = len({column.field for column in known})
    digest = layout_digest(mapping)
    heads = [plain_heading(text) for text in headings_by(grid, mapping)[1]]
    for row in range(layout.header + 1, len(grid.rows)):
        if all(cell is None for cell in grid.rows[row]):
            continue
        place = [grid.name, cell_name(row, 0)]
        why = no_record(layout, row, heads)
        if why is not None:
            yield Unread(place, why)
            continue
        cells = RowCells(two_way, layout, row)
        if not any(cells.stated(column) for column in known):
            continue
        if all(cell_text(grid.cell(row, one.index)[0]) in ("", one.heading) for one in known):  # merged headings
            yield Unread(place, "headings again")
            continue
        made = EarlierDocument([source], mapping.register, place, layout=digest, expected=expected)
        _fill(made, cells, known)
        key = row_key(made)
        made.again = counted.get(key, 0)
        counted[key] = made.again + 1
        yield made


def layout_digest(mapping: Mapping) -> str:
    """What of a mapping decides how rows are read, in sixteen letters."""
    said = [mapping.register, mapping.columns, mapping.zone, mapping.date_order, mapping.encoding, mapping.header_row]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _fill(made: EarlierDocument, cells: RowCells, known: list[Column]) -> None:
    read = set()
    for column in known:
        leaf = cells.leaf(column)
        field = column.field or ""
        if leaf is None:
            continue
        read.add(field)
        if isinstance(leaf, When):
            made.dates.append(Dated(field, leaf))
        elif field == "remarks" and len(str(leaf.value)) > LONGEST:
            made.unread.append(Unread(leaf.at, "long text, not copied"))
        else:
            made.stated.append(Stated(field, leaf, column.group))
            if is_several(field, str(leaf.value)):
                made.unread.append(Unread(leaf.at, SEVERAL))
    made.unread += cells.take_unread()
    made.read = len(read)


# ---- rows that are no record ------------------------------------------------------------------------------------
def no_record(layout: Layout, row: int, heads: list[str] | None = None) -> str | None:
    """Why a row is no record of work, in a word; None where it is one. `heads`: the headings as they are compared."""
    grid = layout.grid
    if heads is None:
        assert layout.mapping is not None
        heads = [plain_heading(text) for text in headings_by(grid, layout.mapping)[1]]
    texts = [(column, text) for column, cell in enumerate(grid.rows[row]) if (text := cell_text(cell))]
    if len(texts) > 1 and all(column < len(heads) and plain_heading(text) == heads[column] for column, text in texts):
        return "headings again"
    if len(texts) > 2 and _counts_up([text for _column, text in texts]):
        return "numbers of the columns"
    if any(_TOTAL.fullmatch(text) for _column, text in texts[:2]):
        return "a total, not a record"
    if len(texts) < 3 and any(_TOTAL.match(text) for _column, text in texts):
        return "a total, not a record"
    if len(texts) == 1 and len(heads) > 1 and grid.merged.get((row, texts[0][0] + 1)) == (row, texts[0][0]):
        return "a heading across the row"
    return None


def _counts_up(texts: list[str]) -> bool:
    numbers = [plain_digits(text).strip("().[] ") for text in texts]
    return numbers == [str(number) for number in range(1, len(numbers) + 1)]


# ---- several in one cell ----------------------------------------------------------------------------------------
def is_several(field: str, text: str) -> bool:
    """Whether a cell plainly holds more than one: a numbered list, several lines of names, numbers side by side."""
    if field in _NAMED or field in _NUMBERS:
        plain = plain_digits(text)
        if _is_list(_NUMBERED.findall(plain)) or (field in _NAMED and _is_list(_ACCUSED.findall(plain))):
            return True
    if field == "accused.name":
        return len([line for line in text.splitlines() if line.strip()]) > 1
    if field in _NUMBERS:
        parts = [part for part in _DIVIDED.split(text) if re.search(r"\w{5}", part)]
        return len(parts) > 1
    return False


def _is_list(numbers: list[str]) -> bool:
    """1, 2, 3 …"""
    return len(numbers) > 1 and [int(number) for number in numbers] == list(range(1, len(numbers) + 1))


def one_number(text: str) -> str | None:
    """A cell that holds one telephone number and nothing else; None where anything else stands with it."""
    return text if _ONE_NUMBER.fullmatch(text.strip()) else None


# ---- which row is which -----------------------------------------------------------------------------------------
def row_key(document: EarlierDocument) -> Key:
    """By what a row is known again in a later copy of its register: case and thing where stated, else all it says.

    Case: number, station and year as stated. Thing: the name of the accused; the IMEI, serial or exhibit number; the
    service with the account. A register of cases needs the case alone.
    """
    case = [said(document, field) for field in ("case.number", "case.station", "case.year")]
    thing = {
        "cases": ["case"],
        "accused": [said(document, "accused.name")],
        "devices": [said(document, field) for field in ("device.imei", "device.serial", "device.exhibit")],
        "accounts": [said(document, field) for field in ("account.user_id", "account.screen_name")],
    }[document.register]
    if case[0] and any(thing):
        service = [said(document, "account.service")] if document.register == "accounts" else []
        return (document.register, "by case", *case, *thing, *service)
    return (document.register, "by content", *content(document))


def content(document: EarlierDocument) -> list[str]:
    """All that a row says, without where it says it."""
    return [
        *(f"{one.field}|{one.group}|{one.leaf.value}" for one in document.stated),
        *(f"{one.field}|{one.when.as_written}|{one.when.utc}" for one in document.dates),
    ]


def said(document: EarlierDocument, field: str) -> str:
    """A field as it is compared: width, case, blanks and the script of its digits do not matter; "" if not stated."""
    texts = values_of(document, field)
    return "; ".join(plain_digits(plain_heading(text)) for text in texts)


def values_of(document: EarlierDocument, field: str) -> list[str]:
    """What a row states in a field, as written."""
    return [str(one.leaf.value) for one in document.stated if one.field == field]


def leaf_of(document: EarlierDocument, field: str) -> Leaf | None:
    """The first value of a field with its place."""
    return next((one.leaf for one in document.stated if one.field == field), None)
