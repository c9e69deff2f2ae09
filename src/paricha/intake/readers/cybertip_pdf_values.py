"""From words to leaves: wrapped lines joined again, the place of a value, and what must not be read as one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from paricha.grounds import selectors
from paricha.grounds.instants import ZoneSource, read_instant
from paricha.intake.document import Leaf, Unread, When
from paricha.intake.document import when as when_leaf
from paricha.intake.pdf.layout import joined
from paricha.intake.pdf.sheets import Side, Word, rectangle
from paricha.intake.readers.cybertip_pdf_labels import NOT_STATED

TRUTH = {"yes": True, "true": True, "no": False, "false": False, "y": True, "n": False}
_BREAKS = "-_/.?=&%"  # after these a name may be broken anywhere


@dataclass
class Part:
    """One line of a value: its page, its words, and the rule at the right of its cell."""

    page: int
    words: list[Word]
    right: Side = None

    @property
    def text(self) -> str:
        return joined(self.words)

    @property
    def x0(self) -> float:
        return self.words[0].x0

    @property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)


def part_of(page: int, words: Sequence[Word]) -> Part:
    return Part(page, list(words), words[0].cell[2])


def place_of(parts: Sequence[Part]) -> list[int | float]:
    """The rectangle of a value: over a page's end, of its part on the first page."""
    first = parts[0].page
    return rectangle(first, [word for part in parts if part.page == first for word in part.words])


def text_of(parts: Sequence[Part], kind: str) -> str:
    """The lines joined again. `kind`: `name` and `url` without a blank, `token` without any, `text` with a blank."""
    text = parts[0].text
    spaced = any(len(part.words) > 1 for part in parts)
    for one, other in pairwise(parts):
        together = _together(one, other, kind, spaced, text)
        text += ("" if together else " ") + other.text
    return text.strip()


def _together(one: Part, other: Part, kind: str, spaced: bool, before: str) -> bool:
    """Whether a word goes on in the next line."""
    if kind == "token" or (kind in ("name", "url") and before[-1:] in _BREAKS):
        return True
    full = _full(one, other)
    if kind in ("name", "url"):
        return not spaced or full is not False
    return bool(full) and len(one.words) == 1 and other.text[:1].islower()


def _full(one: Part, other: Part) -> bool | None:
    """Whether a line is full to the letter: then a word too long for its column may go on. None: no rule tells."""
    if one.right is None:
        return None
    letter = (other.words[0].x1 - other.words[0].x0) / max(1, len(other.words[0].text))
    pad = max(0.0, one.x0 - one.words[0].cell[0]) if one.words[0].cell[0] is not None else 2.0
    return one.right - pad - one.x1 < 1.2 * letter


def is_stated(text: str) -> bool:
    """Whether anything is said: empty, "N/A" and "Information Not Provided" mean not stated."""
    return text.strip().casefold() not in NOT_STATED and "".join(text.split()).casefold() not in NOT_STATED


class Made:
    """Makes leaves, and keeps what could not become one as unread blocks."""

    def __init__(self) -> None:
        self.unread: list[Unread] = []

    def leave(self, parts: Sequence[Part], why: str) -> None:
        """Count a block as unread, one a page."""
        for page in dict.fromkeys(part.page for part in parts):
            words = [word for part in parts if part.page == page for word in part.words]
            self.unread.append(Unread(rectangle(page, words), why))

    def _sound(self, parts: Sequence[Part], text: str, kind: str) -> bool:
        if "\ufffd" in text or any("\ud800" <= sign <= "\udfff" or sign == "\0" for sign in text):
            self.leave(parts, "broken characters")
            return False
        if not (kind == "token" and text.isascii()) and any(word.unsure for part in parts for word in part.words):
            self.leave(parts, "where its words end is unsure")
            return False
        return True

    def text(self, parts: Sequence[Part], kind: str = "text") -> Leaf | None:
        """A text leaf."""
        parts = [part for part in parts if part.words]
        if not parts:
            return None
        text = text_of(parts, kind)
        if not is_stated(text) or not self._sound(parts, text, kind):
            return None
        return Leaf(text, place_of(parts))

    def whole(self, parts: Sequence[Part], least: int, most: int, why: str) -> Leaf | None:
        """A whole number between bounds, or an unread block."""
        leaf = self.text(parts, "token")
        if leaf is None:
            return None
        text = str(leaf.value)
        if text.isascii() and text.isdecimal() and len(text) < 19 and least <= int(text) <= most:
            return Leaf(int(text), leaf.at)
        self.leave(parts, why)
        return None

    def truth(self, parts: Sequence[Part]) -> Leaf | None:
        """A yes or no."""
        leaf = self.text(parts)
        if leaf is None:
            return None
        said = TRUTH.get(str(leaf.value).casefold().rstrip("."))
        if said is None:
            self.leave(parts, "not yes or no")
            return None
        return Leaf(said, leaf.at)

    def when(self, parts: Sequence[Part], zone: str | None = None) -> When | None:
        """An instant; a text that is none keeps its writing. `zone`: of the column's heading."""
        leaf = self.text(parts)
        if leaf is None:
            return None
        source = ZoneSource.COLUMN if zone else ZoneSource.NONE
        return when_leaf(read_instant(str(leaf.value), zone=zone, zone_source=source), leaf.at)

    def each(self, parts: Sequence[Part], kind: str, valid: Callable[[str], object]) -> list[Leaf]:
        """The values of a field that may hold several, one a line: apart where each line is one by itself."""
        parts = [part for part in parts if part.words]
        if len(parts) > 1 and all(valid(part.text) for part in parts):
            return [leaf for part in parts if (leaf := self.text([part], kind))]
        leaf = self.text(parts, kind)
        return [leaf] if leaf else []


def looks_like_mail(text: str) -> bool:
    return selectors.email(text) is not None


def looks_like_phone(text: str) -> bool:
    return bool(re.fullmatch(r"\+?[\d\s().\-]{7,20}", text))


def looks_like_url(text: str) -> bool:
    return bool(re.match(r"https?://", text, re.I))
