"""What stands in a rectangle of a page, read anew from the bytes."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b
from threading import Lock
from typing import Any

from paricha.intake.pdf.apart import pages_of
from paricha.intake.pdf.layout import lines_of
from paricha.intake.pdf.sheets import Page, Unreadable

EDGE = 0.5  # points that a word's middle may lie outside
MOST_KEPT = 32  # pages, for the many places of one report that are opened one after the other

_kept: OrderedDict[tuple[bytes, int], Page] = OrderedDict()
_lock = Lock()


def text_in(original: bytes, at: Any) -> str | None:
    """The words whose middle lies in `[page, x0, y0, x1, y1]`, lines joined by a blank; None where there is no such page."""
    try:
        number, x0, y0, x1, y1 = int(at[0]), *(float(side) for side in at[1:5])
        page = _page(original, number)
    except (TypeError, ValueError, IndexError, OverflowError, Unreadable):
        return None
    if page is None:
        return None
    inside = [
        word
        for word in page.words
        if x0 - EDGE <= (word.x0 + word.x1) / 2 <= x1 + EDGE and y0 - EDGE <= word.middle <= y1 + EDGE
    ]
    return " ".join(piece.text for line in lines_of(number, inside) for piece in line)


def _page(original: bytes, number: int) -> Page | None:
    if number < 1:
        return None
    key = (blake2b(original, digest_size=16).digest(), number)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    found = pages_of(original, only=number)
    with _lock:
        for page in found:
            _kept[key] = page
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found[0] if found else None
