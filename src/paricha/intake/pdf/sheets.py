"""The records of this folder: words with their boxes, pages, and why a file is not read."""

from __future__ import annotations

import math
from collections.abc import Iterable

import msgspec

Side = float | None


class Word(msgspec.Struct, array_like=True, gc=False):
    """Letters between two blanks, in PDF points from the page's bottom left.

    `cell`: the rules around it: left, bottom, right, top, None where no rule stands. `glued`: no blank before it though
    a word stands close on its left. `unsure`: the file does not say where its words end.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    cell: tuple[Side, Side, Side, Side] = (None, None, None, None)
    glued: bool = False
    unsure: bool = False

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2


class Page(msgspec.Struct, array_like=True):
    """A page: its number from 1, its box (x0, y0, x1, y1 in points) and its words. `pictures`: how many it holds."""

    number: int
    box: tuple[float, float, float, float]
    words: list[Word]
    pictures: int = 0


class Unreadable(Exception):
    """Why a PDF is not read: `encrypted`, `broken`, `large`, `slow`; `what` in a sentence."""

    def __init__(self, kind: str, what: str) -> None:
        super().__init__(what)
        self.kind, self.what = kind, what


def rectangle(page: int, words: Iterable[Word]) -> list[int | float]:
    """The place of words on one page: `[page, x0, y0, x1, y1]`, rounded outwards to a hundredth of a point."""
    found = list(words)
    return [
        page,
        math.floor(min(word.x0 for word in found) * 100) / 100,
        math.floor(min(word.y0 for word in found) * 100) / 100,
        math.ceil(max(word.x1 for word in found) * 100) / 100,
        math.ceil(max(word.y1 for word in found) * 100) / 100,
    ]


def indic(letter: str) -> bool:
    """Whether the letter is of a script of India (Devanagari to Malayalam), or joins its letters."""
    return "\u0900" <= letter <= "\u0d7f" or letter in "\u200c\u200d"
