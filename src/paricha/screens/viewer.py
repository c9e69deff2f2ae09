"""The document viewer: an original as safe HTML with one place marked. Pure: bytes and a locator in, HTML out.

Nothing of an original is executed, fetched or drawn: text is escaped, writing-direction tricks are made visible, and what is
not text, JSON or a sheet is named with its size and left shut. Big files are shown around the place only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from paricha.screens import places, viewer_json, viewer_sheet, viewer_text
from paricha.screens.moments import part
from paricha.screens.viewer_text import CannotShow, decode, looks_like_text

FORMS = ("json", "jsonl", "sheet", "csv", "text", "entry", "shut")


@dataclass(frozen=True)
class Shown:
    """An original as it can be shown: `html`, whether the place was `found`, the `form`, what was left out, in words."""

    html: SafeString
    found: bool
    form: str
    note: str = ""


def form_of(data: bytes, kind: str = "", at: Any = None) -> str:
    """How these bytes are shown, told by content and by the kind of locator: one of `FORMS`."""
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06") or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return "sheet" if viewer_sheet.is_workbook(data) else "shut"
    if not looks_like_text(data):
        return "shut"
    if kind == "cell":
        return "csv"
    if kind == "json_pointer":
        return "jsonl" if isinstance(at, list | tuple) else "json"
    if kind == "entry":
        return "entry"
    if kind in ("line", "bytes"):
        return "text"
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] in (b"{", b"["):
        return "jsonl" if kind != "message" and viewer_json.is_lines(data) else "json"
    first = decode(data[:4096]).splitlines()[:1]
    return "csv" if first and max(first[0].count(mark) for mark in ",;\t|") >= 2 else "text"


def show(data: bytes, locator: Any = None, *, form: str = "", unread: Iterable[Any] = ()) -> Shown:
    """The original `data` with the place of `locator` marked, and the places `unread` outlined.

    `locator`, and each of `unread`: a Locator or its dict (`kind`, `at`); `at` may be JSON text as it stands in an address.
    `form`: one of `FORMS` where the caller knows it. What cannot be shown is said in words; nothing is raised on content.
    """
    kind = places.kind_of(locator) if locator is not None else ""
    at = address_to_at(part(locator, "at")) if locator is not None else None
    known = form or form_of(data, kind, at)
    others = [(places.kind_of(each), address_to_at(part(each, "at"))) for each in unread]
    try:
        html, found, note = _drawn(data, known, kind, at, others)
    except CannotShow as reason:
        return Shown(shut(data, str(reason)), False, "shut", str(reason))
    if locator is not None and not found and kind != "entry":
        note = " ".join(filter(None, [_("The place was not found in this original."), note]))
    return Shown(html, found, known, note)


def address_to_at(at: Any) -> Any:
    """`at` as a locator carries it, also where it came as JSON text in an address."""
    if isinstance(at, str) and at[:1] == "[":
        try:
            return json.loads(at)
        except ValueError:
            return at
    return at


def _drawn(data: bytes, form: str, kind: str, at: Any, unread: list[tuple[str, Any]]) -> tuple[SafeString, bool, str]:
    if form == "shut":
        raise CannotShow(_("This original is not text, JSON or a sheet. It is kept and hashed, and not shown."))
    if form in ("sheet", "csv"):
        cells = [place for kind_of, place in unread if kind_of == "cell"]
        draw = viewer_sheet.workbook if form == "sheet" else viewer_sheet.separated
        return draw(data, at if kind == "cell" else None, cells)
    pointers = [place for kind_of, place in unread if kind_of == "json_pointer"]
    if form == "jsonl":
        return viewer_json.lines(data, at if kind == "json_pointer" else None, pointers)
    if form in ("json", "entry") and data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        pointer = viewer_json.message_pointer(data, at) if kind == "message" else at if kind == "json_pointer" else None
        return viewer_json.document(data, pointer, pointers)
    lines = [place for kind_of, place in unread if kind_of == "line"]
    return viewer_text.lines(data, kind, at, lines)


def shut(data: bytes, reason: str) -> SafeString:
    """What stands in place of an original that is not shown."""
    return format_html(
        '<div class="empty"><b>{}</b><span>{}</span></div>',
        reason,
        _("{size} bytes").format(size=f"{len(data):,}"),
    )
