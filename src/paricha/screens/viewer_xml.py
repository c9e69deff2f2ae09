"""XML originals as indented tags that know their place; text stands as written, no entity is looked up, nothing is resolved.

The file need not be whole: it is scanned as text, and where it tears the last line says so. Of a large file only the
child of the root that holds the place is shown.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from lxml import etree

from paricha.screens.viewer_text import AROUND, cut, decode, frame, gap

DEEPEST = 300  # levels of nesting that are shown; no honest file has more
WHOLE = 2_000_000  # characters up to which a file is scanned from its start
FED = 1 << 18
TOKEN = re.compile(
    r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(?P<plain>.*?)\]\]>|<!DOCTYPE(?:[^\[<>\"']|\"[^\"]*\"|'[^']*')*(?:\[.*?\]\s*)?>"
    r"|</(?P<close>[^\s>/]+)\s*>"
    r"|<(?P<open>[^\s<>/!?][^\s<>/]*)(?P<said>(?:\s+[^\s=>/]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(?P<empty>/?)>"
    r"|(?P<text>[^<]+)",
    re.S,
)
ATTRIBUTE = re.compile(r"([^\s=>/]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.S)
STEP = re.compile(r"/(?:(@)?(?:([^\W\d][\w.-]*):)?([^\W\d][\w.-]*)|\*)(?:\[(\d{1,9})\])?")
XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"


def is_xml(data: bytes) -> bool:
    """Whether a text opens as XML does; a page of HTML is shown as text."""
    head = decode(data[:4096]).lstrip("\ufeff \t\r\n")
    root = re.search(r"<([^\s>/!?]+)", head)
    return head[:1] == "<" and root is not None and root[1].casefold() not in ("html", "head", "body")


@dataclass
class Place:
    """Places that were asked for, as a tree of steps. `wanted`, `odd`: this element is one; by attribute in `attributes`."""

    steps: dict[tuple[Any, int], Place] = field(default_factory=dict)
    wanted: bool = False
    odd: bool = False
    attributes: dict[str, bool] = field(default_factory=dict)  # name as written → whether it is the wanted one


@dataclass
class Line:
    """One shown line: an element that opens, closes or stands on one line, or text beside elements; `torn`, `deep`."""

    depth: int
    kind: str  # open, close, leaf, text, note, torn, deep
    name: str = ""
    said: str = ""
    text: str = ""
    path: str = ""
    places: tuple[Place, ...] = ()
    inside: bool = False

    @property
    def here(self) -> bool:
        return any(place.wanted or any(place.attributes.values()) for place in self.places)


@dataclass
class _Open:
    name: str
    path: str
    spaces: dict[str, str]
    places: tuple[Place, ...]
    inside: bool
    count: int = 0
    counts: dict[Any, int] = field(default_factory=dict)


def places_of(wanted: Any, unread: Iterable[Any], spaces: dict[str, str]) -> Place:
    """The tree of all places asked for. `spaces`: what the root declares, by prefix."""
    root = Place()
    for path, is_wanted in [(wanted, True), *((one, False) for one in unread)]:
        if isinstance(path, str) and path.startswith("/"):
            _add(root, path, is_wanted, spaces)
    return root


def _add(root: Place, path: str, wanted: bool, spaces: dict[str, str]) -> None:
    node, at = root, 0
    while at < len(path):
        found = STEP.match(path, at)
        if found is None:
            return
        at = found.end()
        sign, prefix, local, number = found.groups()
        if sign:
            node.attributes[f"{prefix}:{local}" if prefix else local] = wanted
            return
        key = "*" if local is None else (spaces.get(prefix, "") if prefix else "", local)
        node = node.steps.setdefault((key, int(number or 1)), Place())
    node.wanted, node.odd = node.wanted or wanted, node.odd or not wanted


def root_spaces(text: str) -> dict[str, str]:
    """The prefixes that the root declares."""
    found = TOKEN.match(text)
    while found is not None and found["open"] is None:
        found = TOKEN.match(text, found.end())
    return _spaces({}, found["said"]) if found is not None else {}


def _spaces(outer: dict[str, str], said: str) -> dict[str, str]:
    if "xmlns" not in said:
        return outer
    inner = dict(outer)
    for name, double, single in ATTRIBUTE.findall(said):
        if name == "xmlns" or name.startswith("xmlns:"):
            inner[name.partition(":")[2]] = double or single
    return inner


def scan(text: str, places: tuple[Place, ...]) -> Iterator[Line]:
    """The lines of an XML text; ends with a `torn` line where it tears. Keeps its own stack."""
    stack = [_Open("", "", {"xml": XML_NAMESPACE}, places, False)]
    at, held = 0, None  # an element that opened and may turn out to stand on one line
    while at < len(text):
        found = TOKEN.match(text, at)
        if found is None:
            if held:
                yield held
            yield Line(len(stack) - 1, "torn", text=text[at : at + 400])
            return
        at = found.end()
        kind = found.lastgroup
        if found["open"] is not None:
            if held:
                yield held
            held = None
            line = _opened(stack, found["open"], found["said"])
            if found["empty"]:
                line.kind = "leaf"
                stack.pop()
                yield line
            elif len(stack) > DEEPEST:
                yield Line(len(stack) - 2, "deep", text=f"<{found['open']}")
                return
            else:
                held = line
        elif found["close"] is not None:
            if len(stack) < 2 or stack[-1].name != found["close"]:
                if held:
                    yield held
                yield Line(len(stack) - 1, "torn", text=found[0])
                return
            closed = stack.pop()
            if held:
                held.kind = "leaf"
                yield held
                held = None
            else:
                yield Line(len(stack) - 1, "close", closed.name, path=closed.path, inside=closed.inside)
        else:
            words = found["plain"] if found["plain"] is not None else found[0] if kind == "text" else ""
            if held and (kind in ("text", "plain")):
                held.text += words if kind == "plain" else unescaped(words)
                continue
            if held and words == "" and kind is None:
                continue  # a comment inside a leaf
            shown = words.strip() or (found[0] if kind is None else "")
            if shown:
                yield Line(len(stack) - 1, "text" if words else "note", text=unescaped(shown) if words else shown)
    if held:
        yield held
    if len(stack) > 1:
        yield Line(len(stack) - 1, "torn")


def _opened(stack: list[_Open], name: str, said: str) -> Line:
    above = stack[-1]
    spaces = _spaces(above.spaces, said)
    prefix, _sign, local = name.rpartition(":")
    key = (spaces.get(prefix, ""), local)
    above.count += 1
    above.counts[key] = number = above.counts.get(key, 0) + 1
    places = tuple(
        inner
        for place in above.places
        for (step, wanted), inner in place.steps.items()
        if (step == key and wanted == number) or (step == "*" and wanted == above.count)
    )
    path = f"{above.path}/{name}" + (f"[{number}]" if len(stack) > 1 else "")
    line = Line(len(stack) - 1, "open", name, said.strip(), "", path, places)
    line.inside = above.inside or any(place.wanted for place in places)
    stack.append(_Open(name, path, spaces, places, line.inside))
    return line


def unescaped(text: str) -> str:
    """Text with the five names and the numbers of letters read; what else stands for something stays as written."""
    if "&" not in text:
        return text
    names = {"lt": "<", "gt": ">", "quot": '"', "apos": "'"}

    def letter(found: re.Match[str]) -> str:
        if found[1]:
            return names.get(found[1], found[0])
        code = int(found[2] or found[3], 16 if found[2] else 10)
        return chr(code) if 0 < code < 0xD800 or 0xE000 <= code < 0x110000 else found[0]

    text = re.sub(r"&(?:(lt|gt|quot|apos)|#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7}));", letter, text)
    return text.replace("&amp;", "&")


# ---- large files -------------------------------------------------------------------------------------------------
def child_of_root(data: bytes, path: str) -> tuple[str, str] | None:
    """Of a large file the child of the root that holds the place, as text, and the rest of the path from there."""
    first = STEP.match(path)
    second = STEP.match(path, first.end()) if first else None
    if first is None or second is None or second[1]:
        return None
    wanted, number, root = int(second[4] or 1), 0, None
    parser = etree.XMLPullParser(
        events=("start",), tag="{*}" + (first[3] or "*"), resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8",
    )  # fmt: skip
    try:
        for piece in _utf8(data):
            parser.feed(piece)
            for _event, element in parser.read_events():
                root = element.getroottree().getroot() if root is None else root
            if root is None or not len(root):
                continue
            last = root[-1]  # it may still be open
            while (child := root[0]) is not last:
                number += _is(child, second, root)
                if number == wanted and _is(child, second, root):
                    return etree.tostring(child, encoding="unicode", with_tail=False), path[second.end() :]
                root.remove(child)
        root = parser.close()
    except etree.XMLSyntaxError:
        return None
    for child in root:
        number += _is(child, second, root)
        if number == wanted and _is(child, second, root):
            return etree.tostring(child, encoding="unicode", with_tail=False), path[second.end() :]
    return None


def _is(child: Any, step: re.Match[str], root: Any) -> bool:
    if step[3] is None:
        return True
    space = root.nsmap.get(step[2]) if step[2] else None
    return bool(child.tag == (f"{{{space}}}{step[3]}" if space else step[3]))


def _utf8(data: bytes) -> Iterator[bytes]:
    plain = data[:4].lstrip(b"\xef\xbb\xbf")[:1] == b"<" and data[1:2] != b"\0"
    start = len(data) - len(data.removeprefix(b"\xef\xbb\xbf"))
    if not plain:
        data, start = decode(data).encode("utf-8", "replace"), 0
    for at in range(start, len(data), FED):
        yield data[at : at + FED]


# ---- shown -------------------------------------------------------------------------------------------------------
def document(data: bytes, path: Any, unread: Iterable[Any]) -> tuple[SafeString, bool, str]:
    """An XML file around a place, or its first lines."""
    wanted = path if isinstance(path, str) and path.startswith("/") else None
    part = child_of_root(data, wanted) if wanted and len(data) > WHOLE else None
    if part is not None:
        text, rest = part
        rows, found, above, below = window(scan(text, (places_of("/*" + rest, (), root_spaces(text)),)), True)
        above = below = True
    else:
        text = decode(data[: 8 * WHOLE]).lstrip("\ufeff")[: 4 * WHOLE]
        tree = places_of(wanted, unread, root_spaces(text))
        rows, found, above, below = window(scan(text, (tree,)), wanted is not None)
    shown = [gap(_("What stands above is not shown"))] if above else []
    shown += [_drawn(line, first) for line, first in rows]
    shown += [gap(_("What stands below is not shown"))] if below else []
    return frame(format_html("<ol>{}</ol>", mark_safe("".join(shown))), _("Original as XML")), found, ""


def window(lines: Iterable[Line], wanted: bool) -> tuple[list[tuple[Line, bool]], bool, bool, bool]:
    """Lines around the place, each with whether it is the first at it; whether it was found, and what was cut."""
    before: deque[tuple[Line, bool]] = deque(maxlen=AROUND if wanted else None)
    rows: list[tuple[Line, bool]] = []
    found = above = False
    left = AROUND
    for line in lines:
        if line.here and not found:
            found = True
            rows = [*before, (line, True)]
            continue
        if found:
            rows.append((line, False))
            left -= 0 if line.inside and len(rows) < 4 * AROUND else 1
            if left <= 0:
                return rows, True, above, True
            continue
        above = above or len(before) == before.maxlen
        before.append((line, False))
        if not wanted and len(before) >= 5 * AROUND:
            return list(before), False, False, True
    return (rows, True, above, False) if found else (list(before), False, above, False)


def _drawn(line: Line, first: bool) -> SafeString:
    odd = any(place.odd for place in line.places)
    own = any(place.wanted for place in line.places)
    if line.kind == "torn":
        words = _("The file tears here; what follows was not read.")
        shown = format_html('<mark class="unread">{}</mark> {}', cut(line.text), words)
    elif line.kind == "deep":
        shown = format_html('<mark class="unread">{}</mark> {}', line.text, _("Nested too deeply to be shown further."))
    elif line.kind in ("text", "note"):
        shown = format_html('<span class="{}">{}</span>', "s" if line.kind == "text" else "n", cut(line.text))
    elif line.kind == "close":
        shown = format_html('<span class="k">&lt;/{}&gt;</span>', cut(line.name))
    else:
        shown = _element(line, own and first, odd)
    return format_html(
        '<li title="{}"{}><span>{}{}</span></li>',
        line.path,
        mark_safe(' class="in"') if line.inside else "",
        "  " * min(line.depth, 40),
        shown,
    )


def _element(line: Line, own: bool, odd: bool) -> SafeString:
    said = mark_safe("".join(_attribute(line, *found) for found in ATTRIBUTE.findall(line.said)))
    text = line.text.strip()
    ends = "/" if line.kind == "leaf" and not text else ""
    tag = format_html('<span class="k">&lt;{}</span>{}<span class="k">{}&gt;</span>', cut(line.name), said, ends)
    words = format_html('<span class="s">{}</span>', cut(text)) if text else mark_safe("")
    if own or odd:
        kind = mark_safe('id="at"') if own else mark_safe('class="unread"')
        if text:
            words = format_html("<mark {}>{}</mark>", kind, words)
        else:
            tag = format_html("<mark {}>{}</mark>", kind, tag)
    end = format_html('<span class="k">&lt;/{}&gt;</span>', cut(line.name)) if line.kind == "leaf" and text else ""
    return format_html("{}{}{}", tag, words, end)


def _attribute(line: Line, name: str, double: str, single: str) -> SafeString:
    value = format_html('<span class="s">{}</span>', cut(unescaped(double or single)))
    for place in line.places:
        if name in place.attributes:
            kind = mark_safe('id="at"') if place.attributes[name] else mark_safe('class="unread"')
            value = format_html("<mark {}>{}</mark>", kind, value)
            break
    return format_html(' <span class="n">{}</span>="{}"', cut(name), value)
