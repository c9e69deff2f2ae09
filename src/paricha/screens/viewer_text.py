"""Originals as text: decoding, visible direction marks, numbered lines around a place."""

from __future__ import annotations

import re
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

AROUND = 200  # lines on each side of the place
LONGEST = 4000  # characters of one line or value that are shown
# Marks that turn the writing direction could make a value read as another; joiners stay, Malayalam needs them.
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class CannotShow(Exception):
    """Why an original is not shown, in words for the officer."""


def looks_like_text(data: bytes) -> bool:
    """Whether the first 64 kB hold text: UTF-8 or a single-byte code without control bytes, or UTF-16 with its mark."""
    head = data[:65536]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    if b"\0" in head:
        return False
    odd = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return odd * 200 <= len(head)


def encoding_of(data: bytes) -> str:
    """The mark at the start decides, else UTF-8, else Latin-1, which gives every byte a letter."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "utf-8-sig" if error.start > len(data) - 4 else "latin-1"  # a file may be cut inside its last letter
    return "utf-8-sig"


def decode(data: bytes, encoding: str = "") -> str:
    """Text of `data`; what the encoding cannot hold becomes a replacement sign."""
    return data.decode(encoding or encoding_of(data), errors="replace")


def visible(text: str) -> str:
    """`text` with marks that turn the direction, and control characters, written out as `⟦U+202E⟧`."""
    text = TURNS.sub(lambda found: f"⟦U+{ord(found[0]):04X}⟧", text)
    return CONTROLS.sub(lambda found: f"⟦U+{ord(found[0]):04X}⟧", text)


def cut(text: str) -> str:
    """At most `LONGEST` characters, with the number left out."""
    if len(text) <= LONGEST:
        return visible(text)
    return visible(text[:LONGEST]) + " " + _("… and {count} more characters").format(count=f"{len(text) - LONGEST:,}")


def gap(words: str) -> SafeString:
    """A line that says what is not shown."""
    return format_html('<li class="gap">{}</li>', words)


def frame(inner: SafeString, label: str) -> SafeString:
    """The sheet of paper around an original; it scrolls by itself, and takes the keyboard."""
    return format_html(
        '<div class="original" data-original tabindex="0" role="region" aria-label="{}">{}</div>', label, inner
    )


def lines(data: bytes, kind: str, at: Any, unread: list[Any]) -> tuple[SafeString, bool, str]:
    """Numbered lines around line `at` or bytes `[start, end)`; the first lines where no place is asked."""
    text = decode(data)
    rows = text.split("\n")
    first, last, columns = _span(data, text, kind, at)
    found = 1 <= first <= len(rows)
    middle = first if found else 1
    start, end = max(1, middle - AROUND), min(len(rows), (last if found else 1) + AROUND)
    shown = [gap(_("{count} lines above are not shown").format(count=f"{start - 1:,}"))] if start > 1 else []
    odd = {int(line) for line in unread if str(line).isdecimal()}
    for number in range(start, end + 1):
        shown.append(
            _line(
                number,
                rows[number - 1].rstrip("\r"),
                found and first <= number <= last,
                columns,
                number == first,
                number in odd,
            )
        )
    if end < len(rows):
        shown.append(gap(_("{count} lines below are not shown").format(count=f"{len(rows) - end:,}")))
    inner = format_html("<ol>{}</ol>", mark_safe("".join(shown)))
    return frame(inner, _("Original as text")), found and bool(kind), ""


def _span(data: bytes, text: str, kind: str, at: Any) -> tuple[int, int, tuple[int, int] | None]:
    """First and last line of the place, and its columns where it lies within one line."""
    if kind == "line" and str(at).isdecimal():
        return int(at), int(at), None
    if (
        kind == "bytes"
        and isinstance(at, list | tuple)
        and len(at) == 2
        and all(isinstance(end, int) and end >= 0 for end in at)
    ):
        code = encoding_of(data)
        begin, end = len(decode(data[: at[0]], code)) if at[0] else 0, len(decode(data[: at[1]], code))
        if at[0] >= len(data):
            return 0, 0, None
        first, last = text.count("\n", 0, begin) + 1, text.count("\n", 0, max(begin, end - 1)) + 1
        if first == last:
            line_start = text.rfind("\n", 0, begin) + 1
            return first, last, (begin - line_start, end - line_start)
        return first, last, None
    return 0, 0, None


def _line(number: int, text: str, here: bool, columns: tuple[int, int] | None, first: bool, odd: bool) -> SafeString:
    name = mark_safe(' id="at"') if first else ""
    if here and columns:
        inner = format_html(
            "{}<mark{}>{}</mark>{}",
            cut(text[: columns[0]]),
            name,
            cut(text[columns[0] : columns[1]]),
            cut(text[columns[1] :]),
        )
    elif here:
        inner = format_html("<mark{}>{}</mark>", name, cut(text))
    elif odd:
        inner = format_html('<mark class="unread">{}</mark>', cut(text))
    else:
        inner = escape(cut(text))
    return format_html('<li data-n="{}"><span>{}</span></li>', number, inner)
