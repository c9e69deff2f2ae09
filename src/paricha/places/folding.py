"""One spelling for place names: letters only, the usual spellings of Malayalam names in Latin letters made equal. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Reference attribution 6: zh/z, th/t, oo/u, ee/i; doubled letters; v/w. Longer before shorter.
_SAME = (
    ("zh", "z"), ("th", "t"), ("dh", "d"), ("kh", "k"), ("gh", "g"), ("bh", "b"), ("ph", "f"), ("sh", "s"), ("ch", "c"),
    ("oo", "u"), ("ou", "u"), ("ee", "i"), ("ea", "i"), ("w", "v"), ("y", "i"), ("j", "i"),
)  # fmt: skip


@lru_cache(maxsize=65536)
def folded(name: str) -> str:
    """A name as a key: case, blanks, signs, doubled letters and usual spellings dropped. Other scripts stay letters."""
    text = unicodedata.normalize("NFKC", name).casefold()
    letters = "".join(sign for sign in text if sign.isalnum() or unicodedata.category(sign) in ("Mn", "Mc"))
    for several, one in _SAME:
        letters = letters.replace(several, one)
    return re.sub(r"([^\W\d_])\1+", r"\1", letters)


def words(text: str) -> list[tuple[str, int, int]]:
    """The words of a text with their places."""
    return [(found[0], found.start(), found.end()) for found in re.finditer(r"[\w\u200c\u200d]+", text)]


def find_name(text: str, name: str) -> tuple[int, int] | None:
    """Where a name stands in a text, spelled in any usual way; whole words only. The last place counts."""
    wanted, count = folded(name), max(1, len(words(name)))
    if len(wanted) < 3:
        return None
    there = words(text)
    for size in dict.fromkeys((count, count + 1, max(1, count - 1))):
        for first in range(len(there) - size, -1, -1):
            start, end = there[first][1], there[first + size - 1][2]
            if folded(text[start:end]) == wanted:
                return start, end
    return None
