"""Characters and words of a page by pdfium: boxes in bulk, words cut at blanks, wide gaps and new lines."""

from __future__ import annotations

import ctypes
import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from paricha.intake.pdf.rules import told_beside
from paricha.intake.pdf.sheets import Unreadable, Word

MOST_CHARACTERS = 200_000  # of one page; a dense page of print has 6,000
GAP, BACK = 0.25, 0.5  # of the height of a letter
_HYPHENS = (0x02, 0xFFFE)  # what pdfium makes of a hyphen at the end of a line
_UNSEEN = (0x200B, 0x2060, 0xFEFF, 0xAD)  # only say where a line may break
_BLANKS = (0xA0, 0x2007, 0x2009, 0x200A, 0x202F, 0x3000)

# Untyped pointers: twice as fast as the typed ones, called once a character.
_box = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(
    ctypes.cast(pdfium.FPDFText_GetLooseCharBox, ctypes.c_void_p).value or 0
)
_code = ctypes.CFUNCTYPE(ctypes.c_uint, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdfium.FPDFText_GetUnicode, ctypes.c_void_p).value or 0
)

Boxes = NDArray[np.float32]  # left, top, right, bottom
Codes = NDArray[np.uint32]


def characters(text_page: Any) -> tuple[Codes, Boxes]:
    """Code points and boxes, in pdfium's order, which is the order of reading for the scripts of India too."""
    count = pdfium.FPDFText_CountChars(text_page)
    if count > MOST_CHARACTERS:
        raise Unreadable("large", f"A page holds {count:,} characters; {MOST_CHARACTERS:,} are read at most.")
    if count <= 0:
        return np.zeros(0, np.uint32), np.zeros((0, 4), np.float32)
    page = ctypes.cast(text_page, ctypes.c_void_p).value
    codes = _whole_letters(_codes(text_page, page, count))
    boxes = np.zeros((count, 4), np.float32)
    seen = np.flatnonzero(codes > 0x20)  # a blank needs no box
    for number, at in zip(seen.tolist(), (boxes.ctypes.data + 16 * seen).tolist(), strict=True):
        _box(page, number, at)
    return codes, boxes


def _codes(text_page: Any, page: int | None, count: int) -> Codes:
    """The code points: all at once where pdfium's text has one unit a character, else one by one."""
    units = np.zeros(count + 1, np.uint16)
    written = pdfium.FPDFText_GetText(text_page, 0, count, units.ctypes.data_as(ctypes.POINTER(ctypes.c_ushort)))
    if written == count + 1 and not ((units >= 0xD800) & (units < 0xE000)).any() and units[:-1].all():
        return units[:-1].astype(np.uint32)
    return np.fromiter((_code(page, number) for number in range(count)), np.uint32, count)


def _whole_letters(codes: Codes) -> Codes:
    """Hyphens as they are printed; the halves of a letter beyond U+FFFF as one; what has no letter as U+FFFD."""
    codes[(codes == _HYPHENS[0]) | (codes == _HYPHENS[1])] = 0x2D
    halves = (codes >= 0xD800) & (codes < 0xE000)
    for place in np.flatnonzero(halves):
        high, low = int(codes[place]), int(codes[place + 1]) if place + 1 < len(codes) else 0
        if high < 0xDC00 <= low < 0xE000:
            codes[place] = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
            codes[place + 1] = 0x200B
        elif 0xD800 <= high < 0xE000:
            codes[place] = 0xFFFD
    codes[(codes == 0) | (codes > 0x10FFFF)] = 0xFFFD
    return codes


def has_indic(codes: Codes) -> bool:
    """Whether a letter of India stands among them."""
    return bool(((codes >= 0x900) & (codes <= 0xD7F)).any())


def words(codes: Codes, boxes: Boxes, blanks: Sequence[tuple[float, float]] = ()) -> list[Word]:
    """The words. Between two letters of India no gap cuts: their boxes are slices of a cluster.

    `blanks`: where the page draws a blank by itself, which pdfium leaves out (`rules.lone_blanks`).
    """
    shown = codes != _UNSEEN[0]
    for unseen in _UNSEEN[1:]:
        shown &= codes != unseen
    doubt = np.zeros(len(codes), bool)
    if has_indic(codes):
        again, doubt = _said_again(codes, boxes)
        shown &= ~again
    codes, boxes, doubt = codes[shown], boxes[shown], doubt[shown]
    blank = codes <= 0x20
    for other in _BLANKS:
        blank |= codes == other
    kept = np.flatnonzero(~blank)
    if not len(kept):
        return []
    after_blank = np.ones(len(kept), bool)
    after_blank[1:] = kept[1:] - kept[:-1] > 1
    codes = codes[kept]
    fine: NDArray[np.float64] = boxes[kept].astype(np.float64)
    left, top, right, bottom = fine.T
    height = np.maximum(top - bottom, 0.1)
    middle = (top + bottom) / 2
    tall = np.maximum(height[1:], height[:-1])
    gap = left[1:] - right[:-1]
    inside = (codes >= 0x900) & (codes <= 0xD7F) | (codes == 0x200C) | (codes == 0x200D)
    together = inside[1:] & inside[:-1]
    moved = (np.abs(middle[1:] - middle[:-1]) > 0.5 * tall) | (left[1:] < left[:-1] - BACK * tall) & ~together
    cut = after_blank.copy()
    cut[1:] |= moved | ((gap > GAP * tall) & ~together)
    for x, y in blanks:
        place = _at_blank(codes, fine, x, y)
        if place is not None:
            cut[place] = after_blank[place] = True
    cut[0] = True
    starts = np.flatnonzero(cut)
    text = codes.tobytes().decode("utf-32-le", "replace")
    made = list(_made(text, starts, fine, after_blank))
    for place in np.unique(np.searchsorted(starts, np.flatnonzero(doubt[kept]), "right") - 1):
        made[int(place)].unsure = True
    return made


def _said_again(codes: Codes, boxes: Boxes) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Syllables that a file says again for each of their glyphs (Typst does, for a letter and its dot), and doubtful ones.

    Said again: as often as the syllable has signs, one of them drawn within the one before. Repeated and overlapping in
    another number is doubtful.
    """
    again, doubt = np.zeros(len(codes), bool), np.zeros(len(codes), bool)
    place = 0
    indian = ((codes >= 0x900) & (codes <= 0xD7F)).tolist()
    text = codes.tolist()
    while place < len(text):
        for length in range(2, 7) if indian[place] else ():
            said = text[place : place + length]
            times = 1
            while text[place + times * length : place + (times + 1) * length] == said:
                times += 1
            if times > 1 and _overlap(boxes, place, length, times):
                marked = again if times == length else doubt
                marked[place + (length if times == length else 0) : place + times * length] = True
                place += times * length - 1
                break
        place += 1
    return again, doubt


def _overlap(boxes: Boxes, place: int, length: int, times: int) -> bool:
    """Whether one of the repetitions is drawn within the one before it."""
    runs = [boxes[place + n * length : place + (n + 1) * length] for n in range(times)]
    for one, other in itertools.pairwise(runs):
        middle = (other[:, 0].min() + other[:, 2].max()) / 2
        if one[:, 0].min() <= middle <= one[:, 2].max() - 0.1:
            return True
    return False


def _at_blank(codes: Codes, boxes: NDArray[np.float64], x: float, y: float) -> int | None:
    """The character that follows a blank drawn at a point, or None where letters do not stand on both sides of it."""
    left, top, right, bottom = boxes.T
    centre = (left + right) / 2
    on_line = (bottom - 2 <= y) & (y <= top)
    found = np.flatnonzero(on_line[1:] & on_line[:-1] & (centre[:-1] < x) & (x < centre[1:])) + 1
    if len(found) != 1:
        return None
    place = int(found[0])
    while place < len(codes) and unicodedata.category(chr(codes[place])).startswith("M"):
        place += 1  # a blank never parts a letter from its sign
    return place if place < len(codes) and on_line[place] else None


def without_repeats(text_page: Any, codes: Codes) -> Codes:
    """The code points, with syllables that pdfium says again for a further glyph of theirs as signs that are not seen.

    A text told beside its glyphs (`ActualText`) is said once for every text object in its marked content: the objects
    that share the mark of the object before say nothing new.
    """
    codes = codes.copy()
    marks: dict[int, int] = {}
    last_item, last_mark, again = 0, 0, False
    for place in np.flatnonzero((codes >= 0x900) & (codes <= 0xD7F)).tolist():
        item = pdfium.FPDFText_GetTextObject(text_page, place)
        key = ctypes.cast(item, ctypes.c_void_p).value or 0
        if not key:
            continue
        if key not in marks:
            marks[key] = told_beside(item)
        if key != last_item:
            again = bool(marks[key]) and marks[key] == last_mark
            last_item, last_mark = key, marks[key]
        if again:
            codes[place] = 0x200B
    return codes


def _made(
    text: str, starts: NDArray[np.intp], boxes: NDArray[np.float64], after_blank: NDArray[np.bool_]
) -> Iterator[Word]:
    left, top, right, bottom = boxes.T
    x0 = np.minimum.reduceat(left, starts).tolist()
    x1 = np.maximum.reduceat(right, starts).tolist()
    y0 = np.minimum.reduceat(bottom, starts).tolist()
    y1 = np.maximum.reduceat(top, starts).tolist()
    ends = [*starts[1:].tolist(), len(text)]
    for place, (start, end) in enumerate(zip(starts.tolist(), ends, strict=True)):
        glued = not after_blank[start]
        yield Word(text[start:end], x0[place], y0[place], x1[place], y1[place], glued=glued)
