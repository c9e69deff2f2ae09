"""Words of Indian scripts in files made by Chromium: poppler's `pdftotext`, a process, asked beside pdfium.

There pdfium puts blanks inside words and may say a syllable once for each of its glyphs. Where both agree on the letters
of a line, poppler's words stand; where they do not, or poppler is not installed, the words are marked `unsure`, and a
reader must not take them for a value.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from html import unescape
from itertools import pairwise

from paricha.intake.pdf.sheets import Page, Word, indic

SECONDS = 20
MOST_PRINTED = 64 << 20
_PAGE = re.compile(r"<page [^>]*>(.*?)</page>", re.DOTALL)
_WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>')


def recut(data: bytes, pages: list[Page]) -> None:
    """Cut the words of Indian letters as poppler does, on the pages that hold some."""
    asked = [page for page in pages if _holds(page.words)]
    if not asked:
        return
    first, last = asked[0].number, asked[-1].number
    printed = _printed(data, first, last)
    for page in asked:
        theirs = printed[page.number - first] if page.number - first < len(printed) else []
        left, top = page.box[0], page.box[3]
        turned = [Word(w.text, left + w.x0, top - w.y1, left + w.x1, top - w.y0) for w in theirs]
        widths = _blanks(turned)
        kept: list[Word] = []
        for line in _lines(page.words):
            kept += _agreed(line, turned, widths) if _holds(line) else line
        page.words = kept


def _holds(line: Iterable[Word]) -> bool:
    return any(indic(letter) for word in line for letter in word.text)


def _lines(words: list[Word]) -> list[list[Word]]:
    lines: list[list[Word]] = []
    for word in words:
        for line in reversed(lines[-6:]):
            if abs(line[0].middle - word.middle) <= 0.5 * max(line[0].height, word.height):
                line.append(word)
                break
        else:
            lines.append([word])
    return lines


def _agreed(line: list[Word], theirs: list[Word], widths: list[float]) -> list[Word]:
    """Runs of Indian words in a line, each replaced by poppler's words where the letters are the same."""
    kept: list[Word] = []
    run: list[Word] = []
    for word in [*line, None]:
        if word is not None and any(indic(letter) for letter in word.text):
            if run and word.x0 - run[-1].x1 > 2.5 * word.height:  # another column
                kept += _run(run, theirs, widths)
                run = []
            run.append(word)
            continue
        kept += _run(run, theirs, widths)
        run = []
        if word is not None:
            kept.append(word)
    return kept


def _run(run: list[Word], theirs: list[Word], widths: list[float]) -> list[Word]:
    if not run:
        return []
    left, right = min(word.x0 for word in run), max(word.x1 for word in run)
    low, high = min(word.y0 for word in run), max(word.y1 for word in run)
    letters = "".join(word.text for word in run)
    near = [word for word in theirs if low <= word.middle <= high and word.x1 > left - 2 and word.x0 < right + 2]
    near.sort(key=lambda word: word.x0)
    sure = all(_is_blank(other.x0 - one.x1, widths) for one, other in pairwise(near))
    if near and sure and _same_letters(letters, "".join(word.text for word in near)):
        return [Word(word.text, word.x0, low, max(word.x1, word.x0), high) for word in near]
    for word in run:
        word.unsure = True
    return run


def _blanks(words: list[Word]) -> list[float]:
    """How wide the blanks of a page are: gaps between two words of other letters, and gaps that two Indian words share.

    Poppler too parts a word now and then, but never by exactly such a gap.
    """
    plain: list[float] = []
    theirs: dict[int, set[str]] = {}
    for one, other in pairwise(words):
        if abs(one.y0 - other.y0) > 0.5 * one.height or not 0.3 < other.x0 - one.x1 < one.height:
            continue
        gap = other.x0 - one.x1
        if _holds((one,)) or _holds((other,)):
            theirs.setdefault(round(gap * 50), set()).add(one.text)
        else:
            plain.append(gap)
    return sorted({round(gap, 2) for gap in plain} | {key / 50 for key, texts in theirs.items() if len(texts) > 2})


def _is_blank(gap: float, widths: list[float]) -> bool:
    return any(abs(gap - width) <= 0.03 * width for width in widths)


def _same_letters(ours: str, theirs: str) -> bool:
    """Whether pdfium says the same letters, but for syllables that it says again for each of their glyphs."""
    if ours == theirs:
        return True
    if not len(theirs) < len(ours) <= 6 * len(theirs) or len(theirs) > 400:
        return False
    places = {0}  # of `theirs`, that can stand after so many of `ours`
    at: dict[int, set[int]] = {0: places}
    for place in range(len(ours)):
        for known in at.get(place, ()):
            if known < len(theirs) and ours[place] == theirs[known]:
                at.setdefault(place + 1, set()).add(known + 1)
            for length in range(1, min(8, known, len(ours) - place) + 1):
                if ours[place : place + length] == theirs[known - length : known]:
                    at.setdefault(place + length, set()).add(known)
    return len(theirs) in at.get(len(ours), ())


def _printed(data: bytes, first: int, last: int) -> list[list[Word]]:
    """The words of each page as poppler prints them; empty where it is not installed or fails."""
    program = shutil.which("pdftotext")
    if program is None:
        return []
    try:
        done = subprocess.run(
            [program, "-bbox", "-enc", "UTF-8", "-f", str(first), "-l", str(last), "-", "-"],
            input=data, capture_output=True, timeout=SECONDS, check=False, env={"PATH": "/usr/bin:/bin"},
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return []
    if done.returncode != 0 or len(done.stdout) > MOST_PRINTED:
        return []
    pages = _PAGE.findall(done.stdout.decode("utf-8", "replace"))
    return [
        [
            Word(unescape(word), float(x0), float(y0), float(x1), float(y1))
            for x0, y0, x1, y1, word in _WORD.findall(body)
        ]
        for body in pages
    ]
