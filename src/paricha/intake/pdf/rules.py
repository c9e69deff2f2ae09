"""The rules drawn on a page: thin rectangles, strokes and edges of boxes, whatever drew them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from paricha.intake.pdf.sheets import Side, Unreadable, Word

MOST_OBJECTS, MOST_POINTS, MOST_DEPTH = 20_000, 4_000, 3
THIN, LONG = 2.6, 5.0  # points: a rule is at most so thick and at least so long
OVER = 1.0
NEAR = 1.6  # points within which two rules are one

Matrix = tuple[float, float, float, float, float, float]
Line = tuple[float, float, float, float]  # x0, y0, x1, y1
PLAIN: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Drawn:
    """What a page draws beside text: its rules, how many pictures it holds."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.pictures = 0
        self.objects = 0


def drawn_on(page: Any) -> Drawn:
    """Walk the objects of a page, forms included. Raises `Unreadable` for a page of too many."""
    drawn = Drawn()
    count = pdfium.FPDFPage_CountObjects(page)
    _walk((pdfium.FPDFPage_GetObject(page, number) for number in range(count)), PLAIN, drawn, 0)
    return drawn


def _walk(objects: Iterator[Any], matrix: Matrix, drawn: Drawn, depth: int) -> None:
    for item in objects:
        drawn.objects += 1
        if drawn.objects > MOST_OBJECTS:
            raise Unreadable("large", f"A page draws more than {MOST_OBJECTS:,} objects.")
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            drawn.lines += _lines_of(item, matrix)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            drawn.pictures += 1
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MOST_DEPTH:
            inner = pdfium.FPDFFormObj_CountObjects(item)
            below = (pdfium.FPDFFormObj_GetObject(item, number) for number in range(inner))
            _walk(below, _times(_matrix(item), matrix), drawn, depth + 1)


def lone_blanks(page: Any) -> list[tuple[float, float]]:
    """Where a text object draws a blank and nothing else: pdfium leaves it out where the letters before it are told
    beside their glyphs (`ActualText`, as Typst writes Indian scripts). Points in page space; empty where nothing is so told.
    """
    found, beside = [], False
    left, bottom, right, top = _edges
    for number in range(min(pdfium.FPDFPage_CountObjects(page), MOST_OBJECTS)):
        item = pdfium.FPDFPage_GetObject(page, number)
        if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        beside = beside or bool(told_beside(item))
        if pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top) and left.value >= right.value:
            found.append((left.value, bottom.value))
    return found if beside else []


def told_beside(item: Any) -> int:
    """The mark (its address) by which a text object is told beside its glyphs, 0 where it is not."""
    for place in range(pdfium.FPDFPageObj_CountMarks(item)):
        mark = pdfium.FPDFPageObj_GetMark(item, place)
        for key in range(pdfium.FPDFPageObjMark_CountParams(mark)):
            if pdfium.FPDFPageObjMark_GetParamKey(mark, key, ctypes.cast(_name, _letters), 256, _length):
                if _name.raw[: _length.value].decode("utf-16-le", "replace").rstrip("\0") == "ActualText":
                    return ctypes.cast(mark, ctypes.c_void_p).value or 0
    return 0


_name, _length = ctypes.create_string_buffer(256), ctypes.c_ulong()
_letters = ctypes.POINTER(ctypes.c_ushort)
_edges = [ctypes.c_float() for _ in range(4)]


def _lines_of(item: Any, matrix: Matrix) -> list[Line]:
    """The rules that one path draws: itself where it is thin, its straight pieces where it is not."""
    left, bottom, right, top = _edges
    if not pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return []
    x0, y0, x1, y1 = _moved(matrix, left.value, bottom.value, right.value, top.value)
    if x1 - x0 <= THIN or y1 - y0 <= THIN:
        return [(x0, y0, x1, y1)]
    points = pdfium.FPDFPath_CountSegments(item)
    if points > MOST_POINTS:
        return []
    return list(_straight(item, points, _times(_matrix(item), matrix)))


def _straight(item: Any, points: int, matrix: Matrix) -> Iterator[Line]:
    """Pieces of a path along an axis, in page space."""
    x, y = ctypes.c_float(), ctypes.c_float()
    first: tuple[float, float] | None = None
    last: tuple[float, float] | None = None
    for number in range(points):
        segment = pdfium.FPDFPath_GetPathSegment(item, number)
        if not pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        at = _point(matrix, x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_LINETO and last is not None:
            yield from _along(last, at)
        elif kind == pdfium.FPDF_SEGMENT_MOVETO:
            first = at
        last = at
        if pdfium.FPDFPathSegment_GetClose(segment) and first is not None:
            yield from _along(at, first)


def _along(start: tuple[float, float], end: tuple[float, float]) -> Iterator[Line]:
    if abs(start[0] - end[0]) <= 0.5 or abs(start[1] - end[1]) <= 0.5:
        yield min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1])


def _matrix(item: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, found):
        return PLAIN
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    k, m, n, p, q, r = then
    return a * k + b * n, a * m + b * p, c * k + d * n, c * m + d * p, e * k + f * n + q, e * m + f * p + r


def _point(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _moved(matrix: Matrix, x0: float, y0: float, x1: float, y1: float) -> Line:
    if matrix == PLAIN:
        return x0, y0, x1, y1
    one, two = _point(matrix, x0, y0), _point(matrix, x1, y1)
    return min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1])


# ---- which rules stand around a word ----------------------------------------------------------------------------
def enclose(words: Sequence[Word], lines: Sequence[Line]) -> None:
    """Give each word its cell: the nearest rule on each side that reaches its middle."""
    drawn = np.array(lines, np.float64).reshape(-1, 4)
    wide, tall = drawn[:, 2] - drawn[:, 0], drawn[:, 3] - drawn[:, 1]
    across, upright = drawn[(tall <= THIN) & (wide >= LONG)], drawn[(wide <= THIN) & (tall >= LONG)]
    if not words or not (len(across) or len(upright)):
        return
    box = np.array([(word.x0, word.y0, word.x1, word.y1) for word in words])
    x, y = (box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2
    across = _no_underlines(box, across, upright)
    below, above = _nearest(y, x, across[:, [1, 3]].mean(axis=1), across[:, 0], across[:, 2])
    left, right = _nearest(x, y, upright[:, [0, 2]].mean(axis=1), upright[:, 1], upright[:, 3])
    for word, *sides in zip(words, left, below, right, above, strict=True):
        word.cell = (sides[0], sides[1], sides[2], sides[3])
        over = (sides[0] is not None and word.x0 < sides[0] - OVER) or (
            sides[2] is not None and word.x1 > sides[2] + OVER
        )
        word.unsure = word.unsure or over  # it runs into the next cell: what is whose cannot be told


def _nearest(
    at: NDArray[np.float64],
    beside: NDArray[np.float64],
    place: NDArray[np.float64],
    start: NDArray[np.float64],
    end: NDArray[np.float64],
) -> tuple[list[Side], list[Side]]:
    """For each point the nearest rule before and after it, of those that span it; rules that are one count once."""
    if not len(place):
        return [None] * len(at), [None] * len(at)
    order = np.argsort(place, kind="stable")
    place, start, end = place[order], start[order], end[order]
    same = np.concatenate([[0], np.cumsum(np.diff(place) > NEAR)])
    place = place[np.searchsorted(same, same)]  # the first of each bundle stands for it
    spans = (start - 1 <= beside[:, None]) & (beside[:, None] <= end + 1)
    before = np.where(spans & (place <= at[:, None]), place, -np.inf).max(axis=1)
    after = np.where(spans & (place > at[:, None]), place, np.inf).min(axis=1)
    return _sides(before), _sides(after)


_NONE = (np.inf, -np.inf)


def _sides(found: NDArray[np.float64]) -> list[Side]:
    return [None if value in _NONE else value for value in np.round(found, 1).tolist()]


def _no_underlines(
    box: NDArray[np.float64], across: NDArray[np.float64], upright: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Leave out what only underlines or strikes a word: it lies in the word's box and touches no upright rule."""
    if not len(across):
        return across
    middle = across[:, [1, 3]].mean(axis=1)[:, None]
    height = box[:, 3] - box[:, 1]
    inside = (middle >= box[:, 1] - 0.12 * height) & (middle <= box[:, 3])
    touches = (across[:, 0][:, None] <= box[:, 2]) & (across[:, 2][:, None] >= box[:, 0])
    under = inside & touches
    # An underline reaches no further than the words over it.
    first = np.where(under, box[:, 0], np.inf).min(axis=1)
    last = np.where(under, box[:, 2], -np.inf).max(axis=1)
    only = under.any(axis=1) & (across[:, 0] >= first - 2) & (across[:, 2] <= last + 2)
    if len(upright):
        x = upright[:, [0, 2]].mean(axis=1)
        joins = (
            ((np.abs(across[:, 0][:, None] - x) <= 2) | (np.abs(across[:, 2][:, None] - x) <= 2))
            & (upright[:, 1] - 2 <= middle)
            & (middle <= upright[:, 3] + 2)
        )
        only &= ~joins.any(axis=1)
    kept: NDArray[np.float64] = across[~only]
    return kept
