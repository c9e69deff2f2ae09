"""A page of a PDF in the viewer: drawn anew or in its words, the place marked, unread blocks outlined, pages turned.

No colour, size or script stands inline: the drawing is one SVG whose shapes the stylesheet colours.
"""

from __future__ import annotations

import base64
import json
import math
from typing import Any
from urllib.parse import urlencode

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paricha.screens.pdf_pages import PageShown, page_of
from paricha.screens.viewer_text import CannotShow, frame, visible

NOTHING = mark_safe("")
MOST_PAGES = 100_000  # beyond this a number is no page
MARGIN_PT = 1.5  # around the marked place, so that its frame cuts no letter
Rect = tuple[float, float, float, float]


class PageShut(CannotShow):
    """A page that is not shown, with the way to the pages beside it."""

    def __init__(self, words: str, turn: SafeString) -> None:
        super().__init__(words)
        self.turn = turn


def is_pdf(data: bytes) -> bool:
    """Whether the file says so in its first kilobyte, where readers look for it."""
    return b"%PDF-" in data[:1024]


def reason_words(code: str) -> str:
    """Why a page is not drawn anew."""
    return {
        "encrypted": _("This PDF is encrypted. Ask whoever sent it for one that is not."),
        "damaged": _("This PDF is damaged and can’t be opened."),
        "no page": _("This PDF has no such page."),
        "limits": _("The page took too much memory or time to draw."),
        "font": _("The page uses a font that could hide a picture, or that can’t be read."),
        "glyphs": _("Letters of the page are drawings that could hide a picture."),
        "paths": _("The page has so many lines that they could draw a picture."),
        "depth": _("The page is nested too deep."),
        "forms": _("The page repeats its parts too often."),
        "bytes": _("The page’s content is too large."),
        "size": _("The page’s size can’t be shown."),
        "second check": _("Something that may be a picture was left after the page was made anew."),
    }.get(code, _("The page’s content can’t be read safely."))


def document(data: bytes, at: Any, unread: list[Any], address: str = "") -> tuple[SafeString, bool, str, SafeString]:
    """The page of `at` (`[page, x0, y0, x1, y1]`, or `[page]`): HTML, whether the place was found, words, the page turner.

    `address`: of the original's own page, under which `page/N.png` gives the drawing; without it the drawing is inline.
    Raises `PageShut` where not even words can be shown.
    """
    known = place_of(at)
    number, place = known or (1, None)
    page = page_of(data, number)
    if page.kind == "shut":
        raise PageShut(_shut_words(page), turner(page, address))
    others = [one for one in map(place_of, unread) if one is not None and one[0] == number]
    found = known is not None and (place is None or _inside(page, place))
    label = _("Page {n} of {all}").format(n=page.number, all=page.pages)
    html = frame(_leaf(page, place if found else None, [box for _number, box in others if box], address, label), label)
    return html, found, words_of(page), turner(page, address)


def place_of(at: Any) -> tuple[int, Rect | None] | None:
    """Page and rectangle of a locator; None where it is no place of a page."""
    known = at if isinstance(at, list | tuple) else [at]
    if not known or isinstance(known[0], bool) or not str(known[0]).isdecimal() or not 1 <= int(known[0]) <= MOST_PAGES:
        return None
    try:
        ends = [float(end) for end in known[1:]]
    except (TypeError, ValueError):
        ends = []
    if len(ends) != 4 or not all(math.isfinite(end) and abs(end) < 1e6 for end in ends):
        return int(known[0]), None
    return int(known[0]), (ends[0], ends[1], ends[2], ends[3])


def _inside(page: PageShown, place: Rect) -> bool:
    x, y, width, height = page.seen(*place)
    return x < page.size[0] and y < page.size[1] and x + width > 0 and y + height > 0


def _leaf(page: PageShown, place: Rect | None, others: list[Rect], address: str, label: str) -> SafeString:
    width, height = page.size
    drawn = _picture(page, address) if page.kind == "drawn" else _said(page)
    return format_html(
        '<svg class="leaf" viewBox="0 0 {0} {1}" role="img" aria-label="{2}">'
        '<rect class="paper" width="{0}" height="{1}"/>{3}{4}{5}</svg>',
        f"{width:.1f}",
        f"{height:.1f}",
        label,
        drawn,
        format_html_join("", "{}", ((_box(page, box, "unread", _("unread block")),) for box in others)),
        _box(page, place, "at", _("the place")) if place else NOTHING,
    )


def _box(page: PageShown, place: Rect, kind: str, words: str) -> SafeString:
    x, y, width, height = page.seen(*place)
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="1.5"><title>{}</title></rect>',
        kind,
        f"{x - MARGIN_PT:.1f}",
        f"{y - MARGIN_PT:.1f}",
        f"{width + 2 * MARGIN_PT:.1f}",
        f"{height + 2 * MARGIN_PT:.1f}",
        words,
    )


def _picture(page: PageShown, address: str) -> SafeString:
    source = f"{address}page/{page.number}.png" if address else f"data:image/png;base64,{_inline(page.png)}"
    width, height = page.size
    return format_html('<image href="{}" width="{}" height="{}"/>', source, f"{width:.1f}", f"{height:.1f}")


def _inline(png: bytes) -> str:
    return base64.b64encode(png).decode()


def _said(page: PageShown) -> SafeString:
    """The words of the text layer in our own fonts, each stretched to its box, and the thin rules."""
    lines = format_html_join(
        "",
        '<path d="M{} {}H{}V{}H{}Z"/>',
        (
            (f"{x:.1f}", f"{y:.1f}", f"{x + wide:.1f}", f"{y + high:.1f}", f"{x:.1f}")
            for x, y, wide, high in (page.seen(*rule) for rule in page.rules)
        ),
    )
    words = format_html_join("", "{}", ((_word(page.seen(*box), text),) for text, *box in page.words))
    return format_html('<g class="rules">{}</g><g class="said">{}</g>', lines, words)


def _word(box: Rect, text: str) -> SafeString:
    x, y, wide, high = box
    if high > 1.6 * wide and len(text) > 2:  # it stands upright
        return format_html(
            '<text font-size="{}" textLength="{}" lengthAdjust="spacingAndGlyphs" transform="translate({} {}) rotate(-90)">{}</text>',
            f"{max(2.0, wide * 0.9):.1f}", f"{max(1.0, high):.1f}", f"{x + wide * 0.8:.1f}", f"{y + high:.1f}", visible(text),
        )  # fmt: skip
    return format_html(
        '<text x="{}" y="{}" font-size="{}" textLength="{}" lengthAdjust="spacingAndGlyphs">{}</text>',
        f"{x:.1f}", f"{y + high * 0.8:.1f}", f"{max(2.0, min(high * 0.95, 60.0)):.1f}", f"{max(1.0, wide):.1f}", visible(text),
    )  # fmt: skip


def words_of(page: PageShown) -> str:
    """What is not drawn, in words."""
    gone = _gone(page)
    if page.kind == "words":
        first = _("Only the words of this page’s text layer are shown, in our own letters.")
        return " ".join(filter(None, [reason_words(page.reason), first, gone]))
    first = _(
        "Drawn anew from letters and rules in one ink. Colours and fills are not drawn; hidden text becomes visible."
    )
    return " ".join(filter(None, [first, gone]))


def _gone(page: PageShown) -> str:
    """`Left out: 3 pictures, 2 annotations.`"""
    count = page.left_out
    said = {
        "images": lambda n: ngettext("{n} picture", "{n} pictures", n),
        "annotations": lambda n: ngettext("{n} annotation", "{n} annotations", n),
        "shadings": lambda n: ngettext("{n} shading", "{n} shadings", n),
        "masks": lambda n: ngettext("{n} mask", "{n} masks", n),
        "curves": lambda n: ngettext("{n} curved drawing", "{n} curved drawings", n),
        "slanted lines": lambda n: ngettext("{n} slanted line", "{n} slanted lines", n),
        "small boxes": lambda n: ngettext("{n} small box", "{n} small boxes", n),
        "other things": lambda n: ngettext("{n} thing of an unknown kind", "{n} things of an unknown kind", n),
    }
    parts = [words(count[kind]).format(n=count[kind]) for kind, words in said.items() if count.get(kind)]
    return _("Left out: {things}.").format(things=", ".join(parts)) if parts else ""


def _shut_words(page: PageShown) -> str:
    return " ".join([reason_words(page.reason), _("It is kept and hashed, and this page is not shown.")])


def turner(page: PageShown, address: str) -> SafeString:
    """`page 4 of 11` with the way to the page before and after, also by the keys [ and ]."""
    if not page.pages:
        return NOTHING
    words = _("page {n} of {all}").format(n=page.number, all=page.pages)
    if not address or page.pages < 2:
        return format_html('<span class="quiet">{}</span>', words)
    ways = [
        ("page-before", page.number - 1, "[", _("Page before"), "←"),
        ("page-after", page.number + 1, "]", _("Page after"), "→"),
    ]
    before, after = (_way(page, address, *way) for way in ways)
    return format_html(
        '<nav class="turn" aria-label="{}" hx-boost="true" hx-target="closest section" hx-swap="outerHTML"'
        ' hx-push-url="false">{}<span class="quiet">{}</span>{}</nav>',
        _("Pages"), before, words, after,
    )  # fmt: skip


def _way(page: PageShown, address: str, name: str, number: int, key: str, words: str, sign: str) -> SafeString:
    if not 1 <= number <= page.pages:
        return format_html('<span class="btn small off" aria-hidden="true">{}</span>', sign)
    query = urlencode({"kind": "page_rect", "at": json.dumps([number])})
    return format_html(
        '<a class="btn small" id="{}" href="{}?{}" data-key="{}" aria-label="{}">{} <kbd>{}</kbd></a>',
        name, address, query, key, words, sign, key,
    )  # fmt: skip
