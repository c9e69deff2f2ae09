"""From words to what a reader of forms walks: rows of cells that rules part, and running lines, from top to bottom.

A `Piece` is a run of words in one line of one cell, without a wide gap. Cells come from the rules drawn on the page;
where none are drawn, a line is the pieces that stand beside each other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from paricha.intake.pdf.sheets import Page, Side, Word

WIDE = 0.55  # of the height of a letter: a gap that parts two pieces
TOUCH = 0.12
SAME_EDGE = 1.6  # points


class Piece:
    """Words beside each other. `text`: joined by blanks, without one where letters touch."""

    __slots__ = ("cell", "page", "text", "words", "x0", "x1", "y0", "y1")

    def __init__(self, page: int, words: Sequence[Word]) -> None:
        self.page, self.words, self.cell = page, list(words), words[0].cell
        self.text = joined(self.words)
        self.x0, self.x1 = self.words[0].x0, max(word.x1 for word in self.words)
        self.y0, self.y1 = min(word.y0 for word in self.words), max(word.y1 for word in self.words)

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    def __repr__(self) -> str:
        return f"<{self.text!r} {self.page}>"


Line = list[Piece]


class Cell:
    """The lines between four rules. `left`, `right`: None where the side is open."""

    __slots__ = ("bottom", "left", "lines", "page", "right", "top")

    def __init__(self, page: int, sides: tuple[Side, Side, Side, Side], lines: list[Line]) -> None:
        self.page, self.lines = page, lines
        self.left, self.bottom, self.right, self.top = sides

    @property
    def text(self) -> str:
        return " ".join(piece.text for line in self.lines for piece in line)

    @property
    def pieces(self) -> list[Piece]:
        return [piece for line in self.lines for piece in line]


class Row:
    """Something that stands on one height: cells of a table, or one running line (`line`)."""

    __slots__ = ("cells", "line", "page", "top")

    def __init__(self, page: int, top: float, cells: list[Cell], line: Line | None = None) -> None:
        self.page, self.top, self.cells, self.line = page, top, cells, line

    @property
    def text(self) -> str:
        if self.line is not None:
            return " ".join(piece.text for piece in self.line)
        return " ".join(cell.text for cell in self.cells)

    @property
    def pieces(self) -> list[Piece]:
        return self.line if self.line is not None else [piece for cell in self.cells for piece in cell.pieces]


def joined(words: Iterable[Word]) -> str:
    """The text of words in one line."""
    text, last = "", None
    for word in words:
        touching = last is not None and word.glued and word.x0 - last.x1 < TOUCH * word.height
        text += word.text if last is None or touching else " " + word.text
        last = word
    return text


def lines_of(page: int, words: Iterable[Word]) -> list[Line]:
    """Words as lines from the top, each from the left, parted at wide gaps."""
    lines: list[list[Word]] = []
    middle = height = 0.0
    for word in sorted(words, key=_from_the_top):
        at, tall = (word.y0 + word.y1) / 2, word.y1 - word.y0
        if lines and middle - at <= 0.5 * (tall if tall > height else height):
            lines[-1].append(word)
        else:
            lines.append([word])
            middle, height = at, tall
    return [_pieces(page, sorted(line, key=_from_the_left) if len(line) > 1 else line) for line in lines]


def _from_the_top(word: Word) -> float:
    return -(word.y0 + word.y1)


def _from_the_left(word: Word) -> float:
    return word.x0


def _pieces(page: int, words: list[Word]) -> Line:
    pieces: Line = []
    run = [words[0]]
    last = words[0]
    for word in words[1:]:
        tall = max(word.y1 - word.y0, last.y1 - last.y0)
        if word.x0 - last.x1 > WIDE * tall or word.cell != last.cell:
            pieces.append(Piece(page, run))
            run = []
        run.append(word)
        last = word
    pieces.append(Piece(page, run))
    return pieces


def rows_of(page: Page, is_flow: Callable[[Cell], bool]) -> list[Row]:
    """The page from top to bottom. `is_flow`: whether a lone cell is only a frame around running lines."""
    by_cell: dict[tuple[Side, Side, Side, Side], list[Word]] = defaultdict(list)
    running: list[Word] = []
    for word in page.words:
        left, bottom, right, top = word.cell
        if bottom is None or top is None or (left is None and right is None):
            running.append(word)
        else:
            by_cell[word.cell].append(word)
    cells = [Cell(page.number, sides, lines_of(page.number, words)) for sides, words in by_cell.items()]
    rows: list[Row] = []
    for beside in _on_one_height(cells):
        if all(is_flow(cell) for cell in beside):
            for cell in beside:
                rows += [Row(page.number, cell.top or 0.0, [], line) for line in cell.lines]
        else:
            rows.append(Row(page.number, beside[0].top or 0.0, beside))
    rows += [Row(page.number, max(p.y1 for p in line), [], line) for line in lines_of(page.number, running)]
    return sorted(rows, key=lambda row: -row.top)  # stable: the lines of one frame stay in their order


def _on_one_height(cells: list[Cell]) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for cell in sorted(cells, key=lambda one: (-(one.top or 0.0), one.left or 0.0)):
        for row in reversed(rows[-8:]):
            other = row[0]
            if _near(other.top, cell.top) and _near(other.bottom, cell.bottom):
                row.append(cell)
                break
        else:
            rows.append([cell])
    for row in rows:
        row.sort(key=lambda one: one.pieces[0].x0)
    return rows


def _near(one: Side, other: Side) -> bool:
    return one is not None and other is not None and abs(one - other) <= SAME_EDGE


# ---- lines that every page repeats ------------------------------------------------------------------------------
_PAGE_NUMBER = re.compile(
    r"\bPage\s*\d+(?:\s*(?:of|/)\s*\d+)?|^\s*\d+\s*(?:of|/)\s*\d+\s*$|^\s*[-–]?\s*\d+\s*[-–]?\s*$", re.I
)
EDGE = 3  # lines from the top and from the bottom that can be running heads


def without_running_heads(pages: list[list[Row]], may_repeat: Callable[[str], bool]) -> list[list[Row]]:
    """Pages without the lines that stand on most of them at the same height. The first of each is kept, but for a page's number.

    `may_repeat`: whether a text can be such a line; what looks like a fact of the report never is.
    """
    seen: dict[tuple[str, int], list[tuple[int, Row]]] = defaultdict(list)
    for number, rows in enumerate(pages):
        for row in {id(row): row for row in (*rows[:EDGE], *rows[-EDGE:])}.values():
            text = _PAGE_NUMBER.sub("#", row.text).strip()
            if may_repeat(text):
                seen["".join(text.split()), round(row.pieces[0].y0 / 3)].append((number, row))
    gone: set[int] = set()
    for (text, _), found in seen.items():
        if text == "#" or (len(found) > 1 and 2 * len({number for number, _ in found}) >= len(pages)):
            gone |= {id(row) for _, row in (found if text == "#" else found[1:])}
    return [[_unnumbered(row) for row in rows if id(row) not in gone] for rows in pages]


def _unnumbered(row: Row) -> Row:
    """A line without the piece that only says the page's number."""
    if row.line is None or len(row.line) < 2 or not any(_PAGE_NUMBER.fullmatch(piece.text) for piece in row.line):
        return row
    kept = [
        piece for piece in row.line if not (piece.text[:4].casefold() == "page" and _PAGE_NUMBER.fullmatch(piece.text))
    ]
    return Row(row.page, row.top, [], kept or row.line)
