"""Walking the rows of a report: which value belongs to which label, under which heading. Knows the form, not the fields.

A value is opened by its label, grows by lines that go on with it, and is handed over (`Takes.field`) when the next
label, heading or row comes. A line that belongs to nothing is an unread block at its place.
"""

from __future__ import annotations

from typing import Protocol

from paricha.intake.pdf.layout import Cell, Line, Piece, Row
from paricha.intake.readers.cybertip_pdf_labels import (
    COLUMNS,
    PROSE,
    field_of,
    heading_of,
    is_date,
    is_known_prefix,
    label_of,
    parted,
    plain,
)
from paricha.intake.readers.cybertip_pdf_values import Part, part_of

ALIGNED = 3.0  # points within which two lines begin at the same place
# Values that may go on in a line that was broken by hand, where nothing tells whether it is theirs.
OPEN_ENDED = frozenset(
    "incident_type incident_description escalation submitter name first last preferred address display service note "
    "ncmec_class additional person profile filename original".split()
)


class Takes(Protocol):
    """What is made of a report's parts."""

    def heading(self, kind: str, said: str, number: int | None, x0: float, alone: bool) -> None: ...
    def field(self, field: str | None, label: Part, parts: list[Part]) -> None: ...
    def doubtful(self, field: str, label: Part, parts: list[Part], sure: int) -> None: ...
    def date(self, part: Part) -> bool: ...
    def address(self, part: Part) -> bool: ...
    def prose(self, part: Part) -> bool: ...
    def in_prose(self) -> bool: ...
    def table(self, columns: list[tuple[str, Part]]) -> None: ...
    def table_row(self, cells: dict[int, list[Part]]) -> None: ...
    def table_more(self, cells: dict[int, list[Part]]) -> bool: ...
    def end_table(self) -> None: ...
    def stray(self, part: Part) -> None: ...
    def at(self, x0: float) -> None: ...


class Pending:
    """A label that waits for the rest of its value."""

    def __init__(self, label: Piece, text: str, field: str | None, parts: list[Part], row: int) -> None:
        self.label, self.text, self.field, self.parts, self.row = label, text, field, parts, row
        self.inline = bool(parts) and parts[0].words[0] in label.words
        self.partial = field is None and ":" not in label.text and is_known_prefix(text)
        self.last: Piece = label
        self.sure: int | None = None  # so many lines are the value; the rest may be

    def add(self, piece: Piece, row: int) -> None:
        self.parts.append(part_of(piece.page, piece.words))
        self.last, self.row = piece, row


class FormWalk:
    """Walks pages of rows. `bounds`: the right edge of the words of each page."""

    def __init__(self, takes: Takes, bounds: dict[int, float]) -> None:
        self.takes, self.bounds = takes, bounds
        self.pending: list[Pending] = []
        self.columns: list[tuple[str, Piece]] | None = None
        self.ruled = False
        self.row = 0
        self.first_of_page = False
        self.table_last: Line | None = None

    def walk(self, pages: list[list[Row]]) -> None:
        for rows in pages:
            for place, row in enumerate(rows):
                self.row += 1
                self.first_of_page = place == 0
                if row.line is not None:
                    self.line([part for piece in row.line for part in parted(piece)])
                else:
                    self.cells(row.cells)
        self.close()
        self._end_table()

    # ---- values that grow

    def close(self, which: list[Pending] | None = None) -> None:
        """Hand over what is pending, in the order of its labels."""
        for one in self.pending if which is None else which:
            self.takes.at(one.label.x0)
            label = part_of(one.label.page, one.label.words)
            if one.sure is not None and one.field is not None:
                self.takes.doubtful(one.field, label, one.parts, one.sure)
            else:
                self.takes.field(one.field, label, one.parts)
        self.pending = [] if which is None else [one for one in self.pending if one not in which]

    def _close_column(self, x0: float) -> None:
        """Hand over the value whose column a new label begins in."""
        left = [one for one in self.pending if one.row != self.row and one.label.x0 <= x0 + ALIGNED]
        if left:
            nearest = max(one.label.x0 for one in left)
            self.close([one for one in left if one.label.x0 == nearest])

    def _end_table(self) -> None:
        if self.columns is not None:
            self.takes.end_table()
        self.columns, self.table_last = None, None

    # ---- rows of cells

    def cells(self, cells: list[Cell]) -> None:
        """One row between rules."""
        header = _header([(cell.text, cell.pieces[0]) for cell in cells])
        if header:
            self._start_table(header, cells)
            return
        if self.columns is not None and self._in_table(cells):
            return
        if self._goes_on(cells):
            return
        self.close()
        self._end_table()
        place = 0
        while place < len(cells):
            place += self._cell(cells, place)

    def _start_table(self, columns: list[tuple[str, Piece]], cells: list[Cell]) -> None:
        again = self.columns is not None and [name for name, _ in self.columns] == [name for name, _ in columns]
        self.close()
        if not again:
            self._end_table()
            self.takes.table([(name, _whole(cell)) for (name, _), cell in zip(columns, cells, strict=True)])
        self.columns, self.ruled = columns, True
        self.edges = [(cell.left, cell.right, cell.pieces[0].x0) for cell in cells]
        self.after_header = self.row

    def _in_table(self, cells: list[Cell]) -> bool:
        """Give the row's cells to their columns, where each stands in one."""
        found: dict[int, list[Part]] = {}
        for cell in cells:
            column = self._column_of(cell)
            if column is None or column in found:
                return False
            found[column] = [part_of(piece.page, piece.words) for piece in cell.pieces]
        if (self.first_of_page or self.after_header == self.row - 1) and self.takes.table_more(found):
            return True
        self.takes.table_row(found)
        return True

    def _column_of(self, cell: Cell) -> int | None:
        for number, (left, right, x0) in enumerate(self.edges):
            if left is not None and right is not None and cell.left is not None and cell.right is not None:
                if abs(left - cell.left) < ALIGNED and abs(right - cell.right) < ALIGNED:
                    return number
            elif (left is None) == (cell.left is None) and (right is None) == (cell.right is None):
                same = left if left is not None else right
                mine = cell.left if left is not None else cell.right
                if same is not None and mine is not None and abs(same - mine) < ALIGNED:
                    return number
                if same is None and abs(x0 - cell.pieces[0].x0) < ALIGNED:
                    return number
        return None

    def _goes_on(self, cells: list[Cell]) -> bool:
        """Whether a row at the head of a page is the rest of the last row of the page before."""
        if not self.first_of_page or not self.pending or len(cells) != 1 or len(self.pending) != 1:
            return False
        one, cell = self.pending[0], cells[0]
        if not one.parts or one.inline or one.last.cell[0] is None or cell.left is None:
            return False
        if abs(one.last.cell[0] - cell.left) > ALIGNED or heading_of(cell.text) or label_of(cell.pieces[0]):
            return False
        for piece in cell.pieces:
            one.add(piece, self.row)
        return True

    def _cell(self, cells: list[Cell], place: int) -> int:
        """One cell, or a label and the cell beside it; how many were taken."""
        cell = cells[place]
        text = cell.text
        beside = cells[place + 1] if place + 1 < len(cells) else None
        field = field_of(text)
        ends = text.rstrip().endswith((":", "?"))
        if beside is not None and (field or (ends and not heading_of(text))) and not field_of(beside.text):
            self._label_and_cell(cell, field, beside)
            return 2
        if field or (ends and beside is None and not heading_of(text)):  # a label whose cell is empty
            self.takes.at(cell.pieces[0].x0)
            self.takes.field(field, _whole(cell), [])
            return 1
        if len(cells) == 1 or label_of(cell.pieces[0]) or heading_of(text):
            self._lines_of(cell)
            return 1
        for piece in cell.pieces:
            self._stray(piece)
        return 1

    def _lines_of(self, cell: Cell) -> None:
        """The lines in a cell as running lines; a heading that wraps is one."""
        if len(cell.lines) > 1 and heading_of(cell.text):
            self._heading(cell.text, cell.pieces[0], True)
            return
        for line in cell.lines:
            self.line([part for piece in line for part in parted(piece)])

    def _label_and_cell(self, cell: Cell, field: str | None, beside: Cell) -> None:
        first = cell.pieces[0]
        self.takes.at(first.x0)
        one = Pending(first, cell.text, field, [], self.row)
        one.label = Piece(first.page, [word for piece in cell.pieces for word in piece.words])
        one.inline = one.partial = False
        self.pending.append(one)
        rest: list[Line] = []
        for line in beside.lines:
            if rest or (one.parts and (label_of(line[0]) or is_date(line[0].text))):
                rest.append(line)
                continue
            for piece in line:
                one.add(piece, self.row)
        if rest:
            self.close()
            for line in rest:
                self.line([part for piece in line for part in parted(piece)])

    # ---- running lines

    def line(self, line: Line) -> None:
        """One line that no rule parts, or a line of a frame."""
        text = " ".join(piece.text for piece in line)
        header = _header([(piece.text, piece) for piece in line]) if len(line) > 1 else None
        if header:
            self._start_open_table(header, line)
            return
        if heading_of(text) and (len(line) == 1 or heading_of(text)):
            if not self._waits_beside(line[0]):
                self._heading(text, line[0], True)
                return
        if len(line) > 1 and all(heading_of(piece.text) for piece in line):
            for number, piece in enumerate(line):
                self._heading(piece.text, piece, number == 0 and len(line) == 1)
            return
        if self.columns is not None and self._open_row(line):
            return
        if self.takes.in_prose() and not self._ends_prose(line):
            self.close()
            for piece in line:
                self.takes.prose(part_of(piece.page, piece.words))
            return
        for place, piece in enumerate(line):
            self._piece(piece, line, place)

    def _waits_beside(self, piece: Piece) -> bool:
        """Whether a text that could be a heading stands where a label on this line waits for its value."""
        return any(one.row == self.row and not one.parts for one in self.pending)

    def _ends_prose(self, line: Line) -> bool:
        label = label_of(line[0], bare=len(line) > 1 or len(line[0].words) > 2)
        return (
            label is not None
            and label.field is not None
            and label.field.partition(":")[0] not in PROSE | {"ip", "port"}
        )

    def _heading(self, text: str, piece: Piece, alone: bool) -> None:
        self.close()
        self._end_table()
        found = heading_of(text)
        if found is not None:
            self.takes.heading(*found, piece.x0, alone)

    def _piece(self, piece: Piece, line: Line, place: int) -> None:
        label = None if self._is_value(piece) else label_of(piece, bare=place + 1 < len(line) or len(piece.words) > 2)
        if label is not None and label.rest and ":" not in piece.text and is_known_prefix(piece.text):
            label = None  # the first line of a longer label
        if label is not None and self._completes(piece, label.text):
            return
        if label is not None:
            self._end_table()
            self._close_column(piece.x0)
            self.takes.at(piece.x0)
            parts = [part_of(piece.page, label.rest)] if label.rest else []
            self.pending.append(Pending(piece, label.text, label.field, parts, self.row))
            return
        beside = next((one for one in reversed(self.pending) if one.row == self.row and one.label.x0 < piece.x0), None)
        if beside is not None and beside.label in line and not beside.parts:
            beside.add(piece, self.row)
            return
        if self._completes(piece, None) or self._grows(piece, line):
            return
        if place + 1 < len(line) and " " in piece.text and is_known_prefix(piece.text):
            self._close_column(piece.x0)
            self.pending.append(Pending(piece, piece.text, None, [], self.row))
            return
        part = part_of(piece.page, piece.words)
        above = [one for one in self.pending if not one.parts and not one.partial]
        if above and _under(above[-1].last, piece) and piece.x0 >= above[-1].label.x0 - ALIGNED:
            above[-1].add(piece, self.row)
            return
        if len(line) == 1 or is_date(piece.text):
            date = is_date(piece.text)
            if date or piece.text[:1].isalnum():
                self.close()
                self.takes.at(piece.x0)
                if self.takes.date(part) if date else self.takes.address(part):
                    return
        if is_known_prefix(piece.text) and " " in piece.text:
            self._close_column(piece.x0)
            self.pending.append(Pending(piece, piece.text, None, [], self.row))
            return
        self._stray(piece)

    def _is_value(self, piece: Piece) -> bool:
        """Whether a label on this line waits for exactly this piece."""
        return bool(
            self.pending
            and self.pending[-1].row == self.row
            and not self.pending[-1].parts
            and not self.pending[-1].partial
            and field_of(piece.text.rstrip(":")) is None
            and label_of(piece) is None
        )

    def _completes(self, piece: Piece, said: str | None) -> bool:
        """Whether a piece is the next line of a wrapped label."""
        for one in self.pending:
            if not one.partial or abs(one.label.x0 - piece.x0) > ALIGNED or one.row == self.row:
                continue
            text = f"{one.text} {said if said is not None else piece.text}"
            field = field_of(text)
            if field or is_known_prefix(text):
                one.text, one.field, one.partial = text, field, field is None
                one.label = Piece(one.label.page, [*one.label.words, *piece.words])
                one.row = self.row
                one.last = piece if not one.parts else one.last
                return True
        return False

    def _grows(self, piece: Piece, line: Line) -> bool:
        """Whether a piece is the next line of a value."""
        for one in reversed(self.pending):
            if not one.parts or one.last in line:
                continue
            hanging = not one.inline and abs(piece.x0 - one.parts[0].x0) <= ALIGNED
            under_label = one.inline and abs(piece.x0 - one.label.x0) <= ALIGNED
            if not (hanging or under_label) or is_date(piece.text) or not self._next_line(one, piece):
                continue
            if under_label and not self._full(one, piece):
                if len(line) > 1 or (one.field or "").partition(":")[0] not in OPEN_ENDED or label_of(piece):
                    continue
                one.sure = len(one.parts) if one.sure is None else one.sure
            if hanging and one.last.cell != piece.cell and one.last.page == piece.page:
                continue
            one.add(piece, self.row)
            return True
        return False

    def _next_line(self, one: Pending, piece: Piece) -> bool:
        if one.last.page == piece.page:
            return _under(one.last, piece) and one.last.cell[1:4:2] == piece.cell[1:4:2]
        return self.first_of_page and piece.page == one.last.page + 1

    def _full(self, one: Pending, piece: Piece) -> bool:
        """Whether the line before had no room for the first word of this one."""
        last = one.parts[-1]
        right = last.right if last.right is not None else self.bounds[last.page]
        first = piece.words[0]
        if one.field in ("filename", "original") and "." not in last.text[-6:] and len(piece.words) == 1:
            return True  # a name without its end, broken by the program that wrote it
        return right - last.x1 < (first.x1 - first.x0) + 0.2 * first.height

    def _stray(self, piece: Piece) -> None:
        self.takes.stray(part_of(piece.page, piece.words))

    # ---- tables without upright rules

    def _start_open_table(self, columns: list[tuple[str, Piece]], line: Line) -> None:
        again = self.columns is not None and [name for name, _ in self.columns] == [name for name, _ in columns]
        self.close()
        if not again:
            self._end_table()
            self.takes.table([(name, part_of(piece.page, piece.words)) for name, piece in columns])
        self.columns, self.ruled, self.table_last = columns, False, line
        self.after_header = self.row

    def _open_row(self, line: Line) -> bool:
        """A line under an open table's headings: a row, or the next line of one."""
        if self.ruled or self.columns is None or self.table_last is None:
            return False
        found: dict[int, list[Part]] = {}
        for piece in line:
            column = self._open_column(piece)
            if column is None or column in found or (label_of(piece) and label_of(piece).field):  # type: ignore[union-attr]
                return False
            found[column] = [part_of(piece.page, piece.words)]
        near = self.table_last[0].page != line[0].page or self.table_last[0].y0 - line[0].y1 < 3 * line[0].height
        if not near:
            return False
        tight = self.table_last[0].page == line[0].page and self.table_last[0].y0 - line[0].y1 < 0.25 * line[0].height
        if 0 not in found and not (tight and self.takes.table_more(found)):
            return False
        if 0 in found:
            self.takes.table_row(found)
        self.table_last = line
        return True

    def _open_column(self, piece: Piece) -> int | None:
        """The one column under whose heading a piece stands."""
        columns = self.columns or []
        under = [n for n, (_, head) in enumerate(columns) if piece.x0 < head.x1 and piece.x1 > head.x0]
        if len(under) == 1:
            return under[0]
        if under:
            return None
        begun = [n for n, (_, head) in enumerate(columns) if head.x0 <= piece.x0 + ALIGNED]
        after = begun[-1] + 1 if begun else len(columns)
        return begun[-1] if begun and (after >= len(columns) or piece.x1 < columns[after][1].x0) else None


def _under(upper: Piece, lower: Piece) -> bool:
    """Whether a piece is on the next line, at the leading of running text."""
    gap = upper.y0 - lower.y1
    return upper.page == lower.page and -0.6 * lower.height < gap < 0.6 * lower.height


def _whole(cell: Cell) -> Part:
    return part_of(cell.page, [word for piece in cell.pieces for word in piece.words])


def _header(texts: list[tuple[str, Piece]]) -> list[tuple[str, Piece]] | None:
    """The columns, where a row is the headings of a table: two known ones at least, and most of all."""
    if len(texts) < 2 or any(text.rstrip().endswith(":") for text, _ in texts):
        return None
    named = [(COLUMNS.get(plain(text), ""), piece) for text, piece in texts]
    known = {name for name, _ in named if name}
    if len(known) < 2 or 3 * sum(1 for name, _ in named if name) < 2 * len(named):
        return None
    return named
