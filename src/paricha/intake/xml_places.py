"""Places in an XML file as XPaths that select exactly one node: made step by step while reading, and opened again.

A step is `name` where no other child bears it, else `name[n]`; with the document's prefix where the root declares it;
`*[n]` where a namespace has no prefix. An attribute ends it: `/@name`. Above a report every step has its number, since
what follows is not read yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from lxml import etree

from paricha.intake.xml_bytes import Element, Units, parsed

WHOLE_UP_TO = 8 << 20  # bytes up to which a file is opened as one tree
HOLD_NAMES = ("fileAnnotations", "reportAnnotations")  # their children say it by their name
SAY_BY_NAME = ("potentialMeme",)
MOST_NAMES = 4_096  # a hostile file must not fill memory with names
MOST_SPACES = 64
_TAUGHT: dict[tuple[tuple[str, str], ...], dict[str, tuple[str, str | None]]] = {}  # by what the root declares
_PLAIN: dict[Any, tuple[str, str | None]] = {}  # names without a namespace are one step in every document
XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
_NAME = re.compile(r"[^\W\d][\w.-]*")
_STEP = re.compile(r"/(?:(@)?(?:([^\W\d][\w.-]*):)?([^\W\d][\w.-]*)|\*)(?:\[([1-9]\d{0,8})\])?")


def local_of(tag: Any) -> str:
    """The local name of a tag; what is no element (an entity that stays unresolved) has none."""
    return tag.rpartition("}")[2] if type(tag) is str else ""


class Steps:
    """The steps of one document: names and prefixes are looked up once."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, str | None]] = {}
        self._prefixes: dict[str, str] | None = None

    def children(self, parent: Element, path: str) -> list[tuple[str, Element, str]]:
        """(local name, element, path) of each child, in order."""
        kids = list(parent)
        tags = [kid.tag for kid in kids]
        known = self._known
        numbered = len(set(tags)) != len(tags)
        counts: dict[Any, int] = {}
        found = []
        for place, tag in enumerate(tags):
            kid = kids[place]
            local, step = _PLAIN.get(tag) or known.get(tag) or self.learn(tag, kid)
            if step is None:
                found.append((local, kid, f"{path}/*[{place + 1}]"))
            elif numbered and tags.count(tag) > 1:
                counts[tag] = number = counts.get(tag, 0) + 1
                found.append((local, kid, f"{path}/{step}[{number}]"))
            else:
                found.append((local, kid, f"{path}/{step}"))
        return found

    def learn(self, tag: Any, element: Element) -> tuple[str, str | None]:
        """The local name of a tag, and its step; None where only its number can name it."""
        if type(tag) is not str:
            return "", None
        if tag[0] == "{" and self._prefixes is None:
            self._bind(element)
            if tag in self._known:
                return self._known[tag]
        made: tuple[str, str | None] = (tag, tag if _NAME.fullmatch(tag) else None)
        if tag[0] == "{":
            namespace, _, local = tag[1:].partition("}")
            made = (local, self.prefixed(namespace, local, element))
        known = self._known if tag[0] == "{" else _PLAIN
        if len(known) < MOST_NAMES:
            known[tag] = made
        return made

    def _bind(self, element: Element) -> None:
        """The prefixes of the document, and what earlier documents with the same ones taught."""
        names = element.getroottree().getroot().nsmap
        self._prefixes = {uri: prefix for prefix, uri in names.items() if prefix}
        spaces = tuple(self._prefixes.items())
        if spaces in _TAUGHT or len(_TAUGHT) < MOST_SPACES:
            self._known = _TAUGHT.setdefault(spaces, self._known)

    def prefixed(self, namespace: str, local: str, element: Element) -> str | None:
        """`p:local` where the root declares a prefix of this namespace."""
        if namespace == XML_NAMESPACE and _NAME.fullmatch(local):
            return f"xml:{local}"
        if self._prefixes is None:
            self._bind(element)
        prefix = (self._prefixes or {}).get(namespace)
        return f"{prefix}:{local}" if prefix and _NAME.fullmatch(prefix) and _NAME.fullmatch(local) else None

    def attribute(self, name: str, element: Element, path: str) -> str:
        """The place of an attribute; the element's own where its namespace has no prefix at the root."""
        if name[0] != "{":
            return f"{path}/@{name}" if _NAME.fullmatch(name) else path
        namespace, _, local = name[1:].partition("}")
        step = self.prefixed(namespace, local, element)
        return f"{path}/@{step}" if step else path


class Places:
    """Paths of units in the order of the document, at the cost of one look at each element between two of them."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self._levels: list[_Level] = []

    def of(self, element: Element) -> str:
        """The path of an element that stands after (or around) those asked for before."""
        chain = [element, *element.iterancestors()][::-1]
        _local, step = self.steps.learn(chain[0].tag, chain[0])
        path = f"/{step or '*[1]'}"
        for depth, (parent, child) in enumerate(pairwise(chain)):
            if depth == len(self._levels):
                self._levels.append(_Level())
            path = f"{path}/{self._levels[depth].step(parent, child, self.steps)}"
        return path


class _Level:
    def __init__(self) -> None:
        self.parent: Element = None
        self.last: Element = None
        self.number = 0
        self.counts: dict[Any, int] = {}

    def step(self, parent: Element, child: Element, steps: Steps) -> str:
        if parent is not self.parent:
            self.parent, self.last, self.number, self.counts = parent, None, 0, {}
        if child is not self.last:
            sibling = self.last.getnext() if self.last is not None else parent[0]
            while sibling is not None:
                self.number += 1
                self.counts[sibling.tag] = self.counts.get(sibling.tag, 0) + 1
                self.last = sibling
                if sibling is child:
                    break
                sibling = sibling.getnext()
        same, number = self.counts[child.tag], self.number
        back = self.last  # the child itself, unless it stands before one that was asked for
        while back is not child:
            same, number = same - (back.tag == child.tag), number - 1
            back = back.getprevious()
        _local, name = steps.learn(child.tag, child)
        return f"{name}[{same}]" if name else f"*[{number}]"


class Passed:
    """Forgets what stands before a unit, so that a file of any length leaves no tree behind.

    Each element that goes is first given to `look` with its path. `Places` may still be asked for later units.
    """

    def __init__(self, steps: Steps, look: Callable[[Element, str], None]) -> None:
        self.steps, self.look = steps, look
        self._levels: list[tuple[Element, dict[Any, int]]] = []

    def before(self, element: Element, path: str) -> None:
        """Forget all that precedes an element at its own level and above; `path` is where it stands."""
        parts = path.split("/")
        chain = [element, *element.iterancestors()][::-1]
        for depth, (parent, child) in enumerate(pairwise(chain)):
            self._empty(depth, parent, "/".join(parts[: depth + 2]), child)

    def all(self, root: Element) -> None:
        """Forget the rest of the tree."""
        self._empty(0, root, self.root_path(root), None)

    def root_path(self, root: Element) -> str:
        """Where the root stands."""
        return f"/{self.steps.learn(root.tag, root)[1] or '*[1]'}"

    def _empty(self, depth: int, parent: Element, path: str, until: Element | None) -> None:
        if depth == len(self._levels):
            self._levels.append((parent, {}))
        if self._levels[depth][0] is not parent:
            self._levels[depth] = (parent, {})
            del self._levels[depth + 1 :]
        counts = self._levels[depth][1]
        while len(parent) and (child := parent[0]) is not until:
            counts[child.tag] = counts.get(child.tag, 0) + 1
            _local, step = self.steps.learn(child.tag, child)
            number = counts[child.tag] if step else sum(counts.values())
            at = f"{path}/{step or '*'}[{number}]"
            if depth + 1 < len(self._levels) and self._levels[depth + 1][0] is child:
                self._empty(depth + 1, child, at, None)  # part of it went before
            self.look(child, at)
            parent.remove(child)


# ---- opened again -----------------------------------------------------------------------------------------------
def node_at(root: Element, path: str) -> Element | str | None:
    """The element, or the text of the attribute, that a path of ours selects; None where it selects none or several."""
    node: Element = None
    at = 0
    while at < len(path):
        found = _STEP.match(path, at)
        if found is None:
            return None
        at = found.end()
        sign, prefix, local, number = found.groups()
        tag = _tag(root, prefix, local)
        if sign:
            return node.get(tag) if node is not None and tag and at == len(path) else None
        if tag is False:
            return None
        node = _child(root, node, tag, int(number) if number else 0)
        if node is None:
            return None
    return node


def _tag(root: Element, prefix: str | None, local: str | None) -> Any:
    """The tag of a step as lxml writes it; None for any, False where the prefix is not declared."""
    if local is None:
        return None
    if prefix is None:
        return local
    namespace = XML_NAMESPACE if prefix == "xml" else root.nsmap.get(prefix)
    return f"{{{namespace}}}{local}" if namespace else False


def _child(root: Element, node: Element, tag: Any, number: int) -> Element | None:
    if node is None:
        same = [root] if tag is None or root.tag == tag else []
    else:
        same = list(node) if tag is None else [child for child in node if child.tag == tag]
    if number:
        return same[number - 1] if number <= len(same) else None
    return same[0] if len(same) == 1 else None


def text_of(node: Element | str) -> str:
    """What a node says: a leaf its text with ends trimmed; what says it by its name, or holds others, its markup."""
    if isinstance(node, str):
        return node.strip()
    text = (node.text or "").strip()
    parent = node.getparent()
    named = local_of(node.tag) in SAY_BY_NAME or (parent is not None and local_of(parent.tag) in HOLD_NAMES)
    if len(node) or not text or named:
        return str(etree.tostring(node, encoding="unicode", with_tail=False)).strip()
    return text


def _in_torn(unit: Element, path: str) -> tuple[Element, Element | str] | None:
    """In a report that the file's tear left open: its values were numbered without its last part, which may be cut."""
    root = unit.getroottree().getroot()
    last = unit[-1] if len(unit) else None
    if last is not None:
        unit.remove(last)
    node = node_at(root, path)
    if node is None and last is not None:
        unit.append(last)
        node = node_at(root, path)
    return None if node is None else (unit, node)


def open_at(data: bytes, path: str) -> tuple[Element, Element | str] | None:
    """The root of what was opened, and the node at the path; of a large or torn file only as much as is needed."""
    if len(data) <= WHOLE_UP_TO:
        root = parsed(data)
        if root is not None:
            node = node_at(root, path)
            return None if node is None else (root, node)
    units = Units(data)
    places = Places(Steps())
    for kind, unit in units:
        here = places.of(unit)
        if kind == "torn" and path.startswith(here + "/"):
            return _in_torn(unit, path)
        if path == here:
            return unit, unit
        if path.startswith(here + "/") or unit.getparent() is None:
            node = node_at(unit.getroottree().getroot(), path)
            return None if node is None else (unit, node)
    if units.root is None or (units.torn is not None and units.torn.kind == "entity"):
        return None
    node = node_at(units.root, path)
    return None if node is None else (units.root, node)
