"""Where a value stands: a locator in words, and the link that shows the original there."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from paricha.screens import moments, shapes
from paricha.screens.moments import part


def kind_of(locator: Any) -> str:
    """The locator's kind as plain text."""
    return str(getattr(part(locator, "kind"), "value", part(locator, "kind") or ""))


def words(locator: Any) -> str:
    """A locator as officers read it: `JSON /reportedPeople/0`, `PDF p. 4`, `Sheet1, C7`, `line 12`."""
    kind, at = kind_of(locator), part(locator, "at")
    if kind == "json_pointer":
        if isinstance(at, list | tuple):
            return _("line {line}, JSON {pointer}").format(line=at[0], pointer=at[1] or "/")
        return _("JSON {pointer}").format(pointer=at or "/")
    if kind == "cell":
        return _("{sheet}, {cell}").format(sheet=at[0], cell=at[1]) if at[0] else _("cell {cell}").format(cell=at[1])
    if kind == "page_rect":
        return _("PDF p. {page}").format(page=at[0])
    if kind == "line":
        return _("line {line}").format(line=at)
    if kind == "bytes":
        return _("bytes {start} to {end}").format(start=at[0], end=at[1])
    if kind == "message":
        return _("message {message}").format(message=at)
    if kind == "row":
        return _("{table}, row {key}").format(table=at[0], key=at[1])
    if kind == "entry":
        return _("typed by {officer}").format(officer=at[0] if isinstance(at, list | tuple) else at)
    return f"{kind} {at}"


LONG_POINTER = 30


def short_words(locator: Any) -> str:
    """The place as it stands beside a value: of a long JSON pointer the end, which names the field; its title is whole."""
    kind, at = kind_of(locator), part(locator, "at")
    pointer = at[1] if kind == "json_pointer" and isinstance(at, list | tuple) else at
    if kind != "json_pointer" or not isinstance(pointer, str) or len(pointer) <= LONG_POINTER:
        return words(locator)
    ends = pointer.split("/")
    kept = ends[-1]
    for step in reversed(ends[1:-1]):
        if len(step) + len(kept) + 1 > LONG_POINTER:
            break
        kept = f"{step}/{kept}"
    return _("JSON …/{pointer}").format(pointer=kept)


def original_url(locator: Any) -> str:
    """The page that shows the original at `locator`, or an empty string where the vault is not built or the place is no file."""
    sha = part(locator, "original")
    if not sha or kind_of(locator) in {"row"}:
        return ""
    sha = sha.hex() if isinstance(sha, bytes) else str(sha)
    at = part(locator, "at")
    query = urlencode(
        {"kind": kind_of(locator), "at": at if isinstance(at, str) else json.dumps(at, ensure_ascii=False, default=str)}
    )
    for arguments in ([sha], []):
        try:
            address = reverse("vault:original", args=arguments)
        except NoReverseMatch:
            continue
        return f"{address}?{query}" if arguments else f"{address}?{urlencode({'sha': sha})}&{query}"
    return ""


def place(locator: Any) -> SafeString:
    """A locator's words, linked to the original where it can be shown."""
    address = original_url(locator)
    if address:
        return format_html('<a class="src" href="{}" title="{}">{}</a>', address, words(locator), short_words(locator))
    return format_html('<span class="src" title="{}">{}</span>', words(locator), short_words(locator))


def is_reading(thing: Any) -> bool:
    """Whether `thing` is a reading: a dict or record with a value and a locator."""
    if isinstance(thing, dict):
        return "value" in thing and ("locator" in thing or "locators" in thing)
    return hasattr(thing, "value") and (hasattr(thing, "locator") or hasattr(thing, "locators"))


def locators_of(reading: Any) -> list[Any]:
    """The places a reading names: one under `locator`, or several under `locators`."""
    several = part(reading, "locators")
    if several:
        return list(several)
    one = part(reading, "locator")
    return [one] if one else []


def value(reading: Any, lang: str = "") -> SafeString:
    """A value and where it stands; None and a reading without value are `not stated`."""
    if reading is None or reading == "":
        return shapes.not_stated()
    if not is_reading(reading):
        return show(reading)
    inner = part(reading, "value")
    if inner is None:
        return shapes.not_stated()
    where = format_html_join(" · ", "{}", ((place(locator),) for locator in locators_of(reading)))
    if moments.is_instant(inner):
        return format_html("{} {}", moments.instant(inner), where)
    tongue = format_html(' lang="{}"', lang) if lang else mark_safe("")
    first = original_url(locators_of(reading)[0]) if locators_of(reading) else ""
    return format_html(
        '<span class="v"{}{}>{}</span> {}',
        tongue,
        format_html(' data-at="{}"', first) if first else "",
        show(inner),
        where,
    )


def show(thing: Any) -> SafeString:
    """Anything a facts list may hold: reading, instant, yes/no, number, list, text; None is `not stated`."""
    if thing is None or thing == "" or (isinstance(thing, list | tuple) and not thing):
        return shapes.not_stated()
    if isinstance(thing, SafeString):
        return thing
    if isinstance(thing, bool):
        return format_html("{}", _("yes") if thing else _("no"))
    if is_reading(thing):
        return value(thing)
    if moments.is_instant(thing) or hasattr(thing, "astimezone"):
        return moments.instant(thing)
    if isinstance(thing, list | tuple):
        return format_html_join(", ", "{}", ((show(item),) for item in thing))
    return format_html("{}", thing)
