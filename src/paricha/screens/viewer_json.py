"""JSON originals as indented lines that know their pointer; values stand as written, the file need not be whole."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from paricha.screens.viewer_text import AROUND, cut, decode, frame, gap

DEEPEST = 500  # levels of nesting that are shown; no honest file has more
WHOLE = 2_000_000  # characters up to which a file is scanned from its start
TOKEN = re.compile(r'[ \t\r\n]*(?:("(?:[^"\\]|\\.)*")|([{}\[\],:])|([^\s{}\[\],:"]+))', re.S)


@dataclass(frozen=True)
class Line:
    """One shown line: depth, key token, text of value or bracket, the value's pointer, whether it opens or closes."""

    depth: int
    key: str
    text: str
    pointer: str
    kind: str  # value, open, close, broken, deep


def escape_pointer(key: str) -> str:
    """One step of an RFC 6901 pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def unquoted(token: str) -> str:
    """The text of a string token; the token itself where it is broken."""
    try:
        return json.loads(token, strict=False)
    except ValueError:
        return token


class _Open:
    """An object or list that is open: its bracket, pointer and the place of its next child."""

    def __init__(self, bracket: str, pointer: str) -> None:
        self.bracket, self.pointer, self.index, self.key, self.wants_key = bracket, pointer, 0, "", bracket == "{"

    def child(self) -> str:
        return f"{self.pointer}/{escape_pointer(unquoted(self.key)) if self.bracket == '{' else self.index}"


def scan(text: str, start: int = 0, pointer: str = "", depth: int = 0) -> Iterator[Line]:
    """The lines of the value at `start`, whose pointer is `pointer`; ends after it, or with a `broken` line where it tears.

    Keeps its own stack, so that nesting cannot exhaust Python's; stops with a `deep` line below `DEEPEST`.
    """
    stack: list[_Open] = []
    place = start
    while True:
        found = TOKEN.match(text, place)
        if not found:
            rest = text[place:].strip()
            if rest or stack:
                yield Line(depth + len(stack), "", rest[:400], "", "broken")
            return
        place = found.end()
        string, sign, word = found.groups()
        top = stack[-1] if stack else None
        if sign == ":":
            continue
        if sign == ",":
            if top:
                top.index, top.wants_key = top.index + 1, top.bracket == "{"
            continue
        if top and top.wants_key and string is not None:
            top.key, top.wants_key = string, False
            continue
        if sign in ("}", "]"):
            if not stack:
                yield Line(depth, "", sign, "", "broken")
                return
            closed = stack.pop()
            yield Line(depth + len(stack), "", sign, closed.pointer, "close")
        else:
            key = top.key if top and top.bracket == "{" else ""
            here = top.child() if top else pointer
            if sign in ("{", "["):
                if len(stack) >= DEEPEST:
                    yield Line(depth + len(stack), "", sign, "", "deep")
                    return
                yield Line(depth + len(stack), key, sign, here, "open")
                stack.append(_Open(sign, here))
                continue
            yield Line(depth + len(stack), key, string if string is not None else word, here, "value")
        if not stack:
            return


def seek(text: str, pointer: str) -> list[tuple[str, int, int]]:
    """(pointer, start, end) of every value on the way to `pointer`, outermost first; stops where the way ends.

    Skips siblings with the C decoder, so that the millionth tip of a file is reached at once.
    """
    decoder = json.JSONDecoder(strict=False)
    way: list[tuple[str, int, int]] = []
    place = _blank(text, 0)
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    here = ""
    while True:
        end = len(text)
        if way:  # the whole file need not be decoded to know where it ends
            try:
                _value, end = decoder.raw_decode(text, place)
            except (ValueError, RecursionError):
                pass
        way.append((here, place, end))
        if not steps:
            return way
        step = steps.pop(0)
        found = _child(text, place, step, decoder)
        if found is None:
            return way
        place, here = found, f"{here}/{escape_pointer(step)}"


def _blank(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t\r\n\ufeff":
        place += 1
    return place


def _child(text: str, place: int, step: str, decoder: json.JSONDecoder) -> int | None:
    """Where the child `step` of the object or list at `place` starts."""
    bracket, place, index = text[place : place + 1], _blank(text, place + 1), 0
    if bracket not in ("{", "["):
        return None
    while place < len(text) and text[place] not in "}]":
        name = str(index)
        try:
            if bracket == "{":
                name, place = decoder.raw_decode(text, place)
                place = _blank(text, _blank(text, place) + 1)
            if name == step:
                return place
            _value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            return None
        place = _blank(text, place)
        if text[place : place + 1] == ",":
            place = _blank(text, place + 1)
        index += 1
    return None


def is_lines(data: bytes) -> bool:
    """Whether `data` is JSON lines: the first two lines that are not empty are values of their own."""
    start = [line for line in decode(data[:65536]).split("\n")[:50] if line.strip()][:2]
    if len(start) < 2:
        return False
    try:
        return all(isinstance(json.loads(line), dict | list) for line in start)
    except (ValueError, RecursionError):
        return False


def message_pointer(data: bytes, number: Any) -> str | None:
    """The pointer of the message with this id in a chat export: `messages` at the top, or in one of `chats.list`."""
    try:
        whole = json.loads(decode(data))
    except (ValueError, RecursionError):
        return None
    if not isinstance(whole, dict):
        return None
    chats = [("", whole)]
    listed = whole.get("chats", {})
    if isinstance(listed, dict) and isinstance(listed.get("list"), list):
        chats += [(f"/chats/list/{index}", chat) for index, chat in enumerate(listed["list"]) if isinstance(chat, dict)]
    for lead, chat in chats:
        messages = chat.get("messages")
        for index, message in enumerate(messages if isinstance(messages, list) else ()):
            if isinstance(message, dict) and str(message.get("id")) == str(number):
                return f"{lead}/messages/{index}"
    return None


def document(data: bytes, pointer: Any, unread: Iterable[Any]) -> tuple[SafeString, bool, str]:
    """A JSON file around `pointer`, or its first lines."""
    text = decode(data)
    wanted = pointer if isinstance(pointer, str) else None
    odd = {place for place in unread if isinstance(place, str)}
    if wanted and len(text) > WHOLE:
        start, lead, depth = _near(text, wanted)
    else:
        start, lead, depth = _blank(text, 0), "", 0
    rows, found, cut_above, cut_below = window(scan(text, start, lead, depth), wanted)
    shown = [gap(_("What stands above is not shown"))] if cut_above or depth else []
    shown += [_drawn(line, wanted, odd, first) for line, first in rows]
    if cut_below or depth:
        shown.append(gap(_("What stands below is not shown")))
    return frame(format_html("<ol>{}</ol>", mark_safe("".join(shown))), _("Original as JSON")), found, ""


def _near(text: str, pointer: str) -> tuple[int, str, int]:
    """The outermost value on the way to `pointer` that is small enough to scan: start, pointer, depth."""
    way = seek(text, pointer)
    for depth, (here, start, end) in enumerate(way):
        if depth and end - start <= WHOLE // 4:
            return start, here, depth
    return way[-1][1], way[-1][0], len(way) - 1


def window(lines: Iterable[Line], wanted: str | None) -> tuple[list[tuple[Line, bool]], bool, bool, bool]:
    """Lines around the wanted pointer, each with whether it is the place; whether it was found, and what was cut."""
    before: deque[tuple[Line, bool]] = deque(maxlen=AROUND if wanted is not None else None)
    rows: list[tuple[Line, bool]] = []
    found = cut_above = False
    left = AROUND
    for line in lines:
        here = wanted is not None and line.pointer == wanted and line.kind in ("value", "open")
        if here and not found:
            found = True
            rows = list(before)
        if found:
            inside = line.pointer == wanted or line.pointer.startswith(f"{wanted}/")
            rows.append((line, here))
            left -= 0 if inside and len(rows) < 4 * AROUND else 1
            if left <= 0:
                return rows, True, cut_above, True
            continue
        cut_above = cut_above or len(before) == before.maxlen
        before.append((line, False))
        if wanted is None and len(before) >= 5 * AROUND:
            return list(before), False, False, True
    return (rows, True, cut_above, False) if found else (list(before), False, cut_above, False)


def _drawn(line: Line, wanted: str | None, odd: set[str], here: bool) -> SafeString:
    key = format_html('<span class="k">{}</span>: ', _string(line.key)) if line.key else ""
    shown = _value(line.text)
    if line.kind == "broken":
        shown = format_html(
            '<mark class="unread">{}</mark> {}', cut(line.text), _("The file tears here; what follows was not read.")
        )
    elif line.kind == "deep":
        shown = format_html('<mark class="unread">{}</mark> {}', line.text, _("Nested too deeply to be shown further."))
    elif here:
        shown = format_html('<mark id="at">{}</mark>', shown)
    elif line.kind in ("value", "open") and line.pointer in odd:
        shown = format_html('<mark class="unread">{}</mark>', shown)
    inside = wanted is not None and (line.pointer == wanted or line.pointer.startswith(f"{wanted}/"))
    return format_html(
        '<li title="{}"{}><span>{}{}{}</span></li>',
        line.pointer,
        mark_safe(' class="in"') if inside else "",
        "  " * min(line.depth, 40),
        key,
        shown,
    )


def _string(token: str) -> str:
    text = unquoted(token)
    return cut(json.dumps(text, ensure_ascii=False)) if "\\u" in token else cut(token)


def _value(token: str) -> SafeString:
    if token.startswith('"'):
        return format_html('<span class="s">{}</span>', _string(token))
    if token in ("{", "[", "}", "]"):
        return format_html("{}", token)
    return format_html('<span class="n">{}</span>', cut(token))


def lines(data: bytes, at: Any, unread: Iterable[Any]) -> tuple[SafeString, bool, str]:
    """JSON lines: the line `at[0]` opened to its pointer `at[1]`, its neighbours as they stand."""
    rows = decode(data).split("\n")
    number = int(at[0]) if isinstance(at, list | tuple) and len(at) == 2 and str(at[0]).isdecimal() else 0
    pointer = str(at[1]) if number else None
    odd = {
        str(place[1]) for place in unread if isinstance(place, list | tuple) and len(place) == 2 and place[0] == number
    }
    middle = number if 1 <= number <= len(rows) else 1
    start, end = max(1, middle - 20), min(len(rows), middle + (20 if number else AROUND))
    shown, found = [], False
    for each in range(start, end + 1):
        if each != number:
            shown.append(format_html('<li data-n="{}"><span>{}</span></li>', each, cut(rows[each - 1][:400])))
            continue
        opened, found, *_cuts = window(scan(rows[each - 1]), pointer)
        shown.append(gap(_("Line {number}").format(number=each)))
        shown += [_drawn(line, pointer, odd, here) for line, here in opened]
    if end < len(rows):
        shown.append(gap(_("{count} lines below are not shown").format(count=f"{len(rows) - end:,}")))
    return frame(format_html("<ol>{}</ol>", mark_safe("".join(shown))), _("Original as JSON lines")), found, ""
