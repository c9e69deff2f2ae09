"""Rows of a sheet as tips: one a report number, every value at its cell; nothing of zone, order or digits is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import msgspec

from paricha.grounds import selectors
from paricha.grounds.instants import DateOrder, Precision, ZoneSource, named_zone, read_instant, slashed_day
from paricha.grounds.provenance import NOT_STATED_WORDS, LocatorKind
from paricha.intake.document import Account, FileSeen, Hash, Leaf, Person, Seen, Source, TipDocument, Unread, When
from paricha.intake.grids import Cell, Grid, Unreadable, cell_name, cell_text
from paricha.intake.headings import Column
from paricha.intake.layouts import Layout, layouts_of
from paricha.intake.mapping import INSTANTS, Mapping
from paricha.intake.originals import Original, Reader, Yielded
from paricha.intake.readers.json_walk import sound

MOST_DIGITS = 10**15  # Excel keeps fifteen digits of a number; what lies beyond is no longer what was typed
_SHORT_FORM = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+\d{1,3}", re.IGNORECASE)
_SLASHED = re.compile(r"\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?!\d)")
TwoWay = Callable[[str, Column, int, str], None]
_TIP_TEXTS = {"priority.stated": "priority_stated", "reporter.name": "reporter_name", "incident.type": "incident_type"}
_TIP_TIMES = {"received_at": "received_at", "made_available_at": "made_available_at", "incident.at": "incident_at"}


def read_grids(
    reader: Reader, original: Original, grids: list[Grid], mapping: Mapping | None, mappings: list[Mapping]
) -> Iterator[Yielded]:
    """The tips of all sheets of a file, its unread blocks, and a refusal a column of dates that nothing decides."""
    try:
        layouts = layouts_of(original, grids, mapping, mappings)
    except Unreadable as unreadable:
        yield unreadable.refusal
        return
    source = Source(reader.form, reader.label, original.sha256, LocatorKind.CELL)
    rows = _Rows(source, original)
    for grid, layout in zip(grids, layouts, strict=True):
        yield from grid.unread
        if layout is not None:
            yield from rows.read(layout)
        elif any(cell is not None for row in grid.rows for cell in row):
            yield Unread([grid.name, "A1"], "sheet without known headings")
    yield from rows.tips()
    yield from rows.undecided()


class Undecided(msgspec.Struct):
    """A column whose dates can be read two ways: the first of them, and how many there are."""

    sheet: str
    column: Column
    row: int
    text: str
    count: int = 0


class _Rows:
    """Collects the rows of all sheets of a file by report number."""

    def __init__(self, source: Source, original: Original) -> None:
        self.source, self.original = source, original
        self.by_number: dict[str, TipDocument] = {}
        self.all: list[tuple[TipDocument, set[str], set[str]]] = []
        self.facts: dict[int, tuple[set[str], set[str]]] = {}
        self.two_ways: dict[tuple[str, int], Undecided] = {}

    def read(self, layout: Layout) -> Iterator[Unread]:
        grid, known = layout.grid, [column for column in layout.columns if column.field]
        if any(cell is not None for row in grid.rows[: layout.header] for cell in row):
            yield Unread([grid.name, "A1"], "rows above the headings")
        yield from _unknown_columns(layout)
        expected = {column.field for column in known if column.field}
        number = next((column for column in known if column.field == "report_number"), None)
        for row in range(layout.header + 1, len(grid.rows)):
            cells = RowCells(self.two_way, layout, row)
            if not any(cells.stated(column) for column in known):
                continue
            tip = self._tip(cells, number, layout)
            read = self.facts[id(tip)][1]
            self.facts[id(tip)][0].update(expected)
            _RowOfTip(tip, cells, layout, read).read(known)

    def _tip(self, cells: RowCells, number: Column | None, layout: Layout) -> TipDocument:
        leaf = cells.text(number) if number is not None else None
        unread = cells.take_unread()
        key = str(leaf.value) if leaf else None
        tip = self.by_number.get(key) if key is not None else None
        if tip is None:
            giver = layout.mapping.giver if layout.mapping else "ncmec"
            at = leaf.at if leaf else [layout.grid.name, cell_name(cells.row, 0)]
            tip = TipDocument([self.source], giver, at, leaf)
            self.facts[id(tip)] = (set(), {"report_number"} if leaf else set())
            self.all.append((tip, *self.facts[id(tip)]))
            if key is not None:
                self.by_number[key] = tip
        tip.unread += unread
        return tip

    def tips(self) -> Iterator[TipDocument]:
        for tip, expected, read in self.all:
            tip.expected, tip.read = len(expected), len(read & expected)
            yield tip

    def two_way(self, sheet: str, column: Column, row: int, text: str) -> None:
        """Remember a date that can be read two ways."""
        found = self.two_ways.setdefault((sheet, column.index), Undecided(sheet, column, row, text))
        found.count += 1

    def undecided(self) -> Iterator[Yielded]:
        for found in self.two_ways.values():
            numbers = date_numbers(found.text)
            assert numbers is not None
            first, second = (slashed_day(*numbers, order) for order in (DateOrder.DMY, DateOrder.MDY))
            assert first is not None and second is not None
            rest = f"; {found.count} cells of the column are like it" if found.count > 1 else ""
            yield self.original.refusal(
                "INTAKE-DATE-ORDER",
                f"“{found.column.heading}” is {found.text}, and nothing decides between {first.day} {first:%B} and "
                f"{second.day} {second:%B}{rest}. These dates are kept as written and have no instant.",
                "Ask the sender, or choose the order for this file.",
                f"sheet {found.sheet or '1'}, cell {cell_name(found.row, found.column.index)}",
            )


def _unknown_columns(layout: Layout) -> Iterator[Unread]:
    """A column that no field is named for is one unread block, if anything stands in it."""
    grid = layout.grid
    known = {column.index for column in layout.columns if column.field}
    width = max((len(row) for row in grid.rows[layout.header :]), default=0)
    for index in range(width):
        if index not in known and any(
            index < len(row) and row[index] is not None for row in grid.rows[layout.header + 1 :]
        ):
            yield Unread([grid.name, cell_name(layout.header, index)], "column without a field")


class RowCells:
    """The cells of one row as leaves. `two_way` is told of a date that can be read two ways."""

    def __init__(self, two_way: TwoWay, layout: Layout, row: int) -> None:
        self.two_way, self.layout, self.row = two_way, layout, row
        self.unread: list[Unread] = []

    def take_unread(self) -> list[Unread]:
        taken, self.unread = self.unread, []
        return taken

    def stated(self, column: Column) -> bool:
        cell, _ = self.layout.grid.cell(self.row, column.index)
        return cell is not None and cell_text(cell).casefold() not in NOT_STATED_WORDS

    def _at(self, column: Column) -> tuple[Cell, list[Any]]:
        cell, row = self.layout.grid.cell(self.row, column.index)
        return cell, [self.layout.grid.name, cell_name(row, column.index)]

    def _leave(self, at: list[Any], why: str) -> None:
        self.unread.append(Unread(at, why))

    def leaf(self, column: Column) -> Leaf | When | None:
        """The cell as the field of its column wants it; None where nothing is stated or it cannot be read."""
        if column.field in INSTANTS:
            return self.when(column)
        if column.field == "sighting.port":
            return self.port(column)
        return self.address(column) if column.field == "sighting.address" else self.text(column)

    def text(self, column: Column) -> Leaf | None:
        """A text; a number whose digits Excel did not keep is not read."""
        cell, at = self._at(column)
        words = cell_text(cell)
        if words.casefold() in NOT_STATED_WORDS:
            return None
        if isinstance(cell, date):
            self._leave(at, "a date, not a text")
        elif isinstance(cell, float) and abs(cell) >= MOST_DIGITS:
            self._leave(at, "more digits than a cell keeps")
        elif _SHORT_FORM.fullmatch(words):
            self._leave(at, "a number in its short form")
        elif not sound(words):
            self._leave(at, "broken characters")
        else:
            return Leaf(words, at)
        return None

    def port(self, column: Column) -> Leaf | None:
        cell, at = self._at(column)
        words = cell_text(cell)
        if words.casefold() in NOT_STATED_WORDS:
            return None
        if words.isascii() and words.isdecimal() and len(words) <= 5 and 1 <= int(words) <= 65_535:
            return Leaf(int(words), at)
        self._leave(at, "not a port")
        return None

    def address(self, column: Column) -> Leaf | None:
        leaf = self.text(column)
        if leaf is not None and selectors.address(str(leaf.value)) is None:
            self._leave(list(leaf.at), "not an address")  # type: ignore[arg-type]
            return None
        return leaf

    def when(self, column: Column) -> When | None:
        """An instant: zone from the cell, else the heading, else the mapping; order from heading or mapping only."""
        cell, at = self._at(column)
        words = cell_text(cell)
        if words.casefold() in NOT_STATED_WORDS:
            return None
        mapping = self.layout.mapping
        zone, source = column.zone, ZoneSource.COLUMN
        if zone is None:
            zone, source = (mapping.zone, ZoneSource.PROFILE) if mapping and mapping.zone else (None, ZoneSource.NONE)
        if isinstance(cell, date):
            return _of_date_cell(cell, words, at, zone, source)
        if not isinstance(cell, str) or not sound(words):
            self._leave(at, "not a date" if not isinstance(cell, str) else "broken characters")
            return None
        order = column.order or (mapping.date_order if mapping else None)
        found = read_instant(words, zone=zone, zone_source=source, order=order)
        if found.utc is None and order is None and two_ways(words):
            self.two_way(self.layout.grid.name, column, self.row, words)
        utc = int(found.utc.timestamp()) if found.utc else None
        return When(words, at, utc, found.precision, found.zone_source)


def date_numbers(text: str) -> tuple[str, str, str] | None:
    """The three numbers of a date such as 03/04/2026, in which day and month may stand either way."""
    found = _SLASHED.match(text)
    return (found[1], found[2], found[3]) if found else None


def two_ways(text: str) -> bool:
    """Whether day and month of a date can be exchanged."""
    numbers = date_numbers(text)
    if numbers is None:
        return False
    days = {slashed_day(*numbers, order) for order in (DateOrder.DMY, DateOrder.MDY)}
    return len(days) == 2 and None not in days


def _of_date_cell(cell: date, words: str, at: list[Any], zone: str | None, source: ZoneSource) -> When:
    """A real date cell decides its own order; midnight exactly says no more than the day."""
    info = named_zone(zone) if zone else None
    if info is None:
        return When(words, at, None, None, ZoneSource.NONE)
    clock = (cell.hour, cell.minute, cell.second) if isinstance(cell, datetime) else (0, 0, 0)
    precision = Precision.SECOND if isinstance(cell, datetime) and any(clock) else Precision.DAY
    try:
        utc = int(datetime(cell.year, cell.month, cell.day, *clock, tzinfo=info).timestamp())
    except (ValueError, OverflowError):
        return When(words, at, None, None, ZoneSource.NONE)
    return When(words, at, utc, precision, source)


class _RowOfTip:
    """One row put into its tip: what is said again adds nothing, what differs is left unread and named."""

    def __init__(self, tip: TipDocument, cells: RowCells, layout: Layout, read: set[str]) -> None:
        self.tip, self.cells, self.layout, self.fields_read = tip, cells, layout, read

    def read(self, columns: list[Column]) -> None:
        groups: dict[str, dict[str, Any]] = {}
        for column in columns:
            field = column.field or ""
            if field == "report_number":
                continue
            leaf = self.cells.leaf(column)
            if leaf is None:
                continue
            self.fields_read.add(field)
            kind = field.partition(".")[0]
            if field in _TIP_TEXTS or field in _TIP_TIMES:
                self._once({**_TIP_TEXTS, **_TIP_TIMES}[field], leaf)
            elif kind == "person":
                self._of_person(field.removeprefix("person."), leaf)
            else:
                groups.setdefault(f"{kind} {column.group}", {})[field] = leaf
        for name, group in groups.items():
            {"account": self._account, "sighting": self._sighting, "file": self._file}[name.partition(" ")[0]](group)
        self.tip.unread += self.cells.take_unread()

    def _differs(self, leaf: Leaf | When) -> None:
        self.tip.unread.append(Unread(leaf.at, "differs from another row of the report"))

    def _once(self, attribute: str, leaf: Leaf | When) -> None:
        now = getattr(self.tip, attribute)
        if now is None:
            setattr(self.tip, attribute, leaf)
        elif _said(now) != _said(leaf):
            self._differs(leaf)

    def _person(self) -> Person:
        role, _, number = self.layout.person.partition(" ")
        for person in self.tip.people:
            if person.who == self.layout.person:
                return person
        person = Person(role, int(number))
        self.tip.people.append(person)
        return person

    def _of_person(self, name: str, leaf: Leaf | When) -> None:
        into: list[Any] = getattr(self._person(), name)
        if all(_said(other) != _said(leaf) for other in into):
            into.append(leaf)

    def _account(self, group: dict[str, Any]) -> None:
        new = Account(group.get("account.service"), group.get("account.user_id"), group.get("account.screen_name"))
        person = self._person()
        for account in person.accounts:
            if _said(account.service) == _said(new.service) and _said(account.user_id) == _said(new.user_id):
                if new.user_id is None and _said(account.screen_name) != _said(new.screen_name):
                    continue
                if account.screen_name is None:
                    account.screen_name = new.screen_name
                elif new.screen_name and _said(account.screen_name) != _said(new.screen_name):
                    self._differs(new.screen_name)
                return
        person.accounts.append(new)

    def _sighting(self, group: dict[str, Any]) -> None:
        address = group.get("sighting.address")
        port, event, at = group.get("sighting.port"), group.get("sighting.event"), group.get("sighting.at")
        if address is None:
            self.tip.unread += [Unread(leaf.at, "no address") for leaf in (port, event, at) if leaf]
            return
        new = Seen("person", self.layout.person, address, port, event, at)
        if all(_seen(other) != _seen(new) for other in self.tip.sightings):
            self.tip.sightings.append(new)
        self._person()

    def _file(self, group: dict[str, Any]) -> None:
        hashes = [
            Hash(name, leaf) for name in ("md5", "sha1", "sha256") if (leaf := group.get(f"file.{name}")) is not None
        ]
        new = FileSeen(name=group.get("file.name"), hashes=hashes)
        if all(_file_said(other) != _file_said(new) for other in self.tip.files):
            self.tip.files.append(new)


def _said(leaf: Leaf | When | None) -> Any:
    if isinstance(leaf, When):
        return leaf.utc if leaf.utc is not None else leaf.as_written
    return leaf.value if leaf else None


def _seen(seen: Seen) -> tuple[Any, ...]:
    return (seen.who, *map(_said, (seen.address, seen.port, seen.event, seen.at)))


def _file_said(file: FileSeen) -> tuple[Any, ...]:
    return (_said(file.name), *((entry.algorithm, _said(entry.value)) for entry in file.hashes))
