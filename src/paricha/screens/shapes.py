"""Shapes: icons drawn in the page, states that are a shape and a word, bars that need no inline style."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

GRADES = ("", "good", "warn", "hold", "stop", "live")
GRADE_ICON = {"": "none", "good": "ok", "warn": "warn", "hold": "hold", "stop": "stop", "live": "dot"}
_ICONS = Path(__file__).parent / "static" / "screens" / "icons.svg"


@cache
def drawings() -> dict[str, str]:
    """Icon name → its SVG elements, read once from `static/screens/icons.svg`."""
    root = ElementTree.parse(_ICONS).getroot()
    space = "{http://www.w3.org/2000/svg}"
    found = {}
    for symbol in root.iter(f"{space}symbol"):
        parts = []
        for node in symbol:
            attributes = "".join(f' {name}="{value}"' for name, value in node.attrib.items())
            parts.append(f"<{node.tag.removeprefix(space)}{attributes}/>")
        found[symbol.attrib["id"]] = "".join(parts)
    return found


def icon(name: str, label: str = "") -> SafeString:
    """The icon `name`; with `label` it speaks for itself, without it is hidden from screen readers.

    Raises KeyError for a name that is not in `icons.svg`.
    """
    inner = mark_safe(drawings()[name])
    if label:
        return format_html('<svg class="i" viewBox="0 0 16 16" role="img" aria-label="{}">{}</svg>', label, inner)
    return format_html('<svg class="i" viewBox="0 0 16 16" aria-hidden="true">{}</svg>', inner)


def grade_of(grade: str) -> str:
    """`grade` if it is one of ours; "neutral" and None count as no grade. Raises ValueError for any other word."""
    word = "" if grade in (None, "neutral") else str(grade)
    if word not in GRADES:
        raise ValueError(f"no such grade: {grade!r}; one of good, warn, hold, stop, live, neutral")
    return word


def state(word: str, grade: str = "", shape: str = "") -> SafeString:
    """A state: shape, word, then colour."""
    known = grade_of(grade)
    return format_html('<span class="state {}">{}{}</span>', known, icon(shape or GRADE_ICON[known]), word)


def bar(done: float | None, of: float = 100, grade: str = "", *, big: bool = False) -> SafeString:
    """A bar filled to `done` of `of`; the number stands beside it, so the bar is hidden from screen readers."""
    share = 0.0 if not done or not of else max(0.0, min(100.0, 100.0 * float(done) / float(of)))
    return format_html(
        '<svg class="bar {}{}" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width="{}" height="1"/></svg>',
        grade_of(grade),
        " big" if big else "",
        f"{share:.1f}",
    )


def not_stated() -> SafeString:
    """The words for a value nobody gave."""
    return format_html('<span class="quiet">{}</span>', _("not stated"))
