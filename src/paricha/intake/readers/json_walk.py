"""What every reader of JSON reports stands on: nodes with interned pointers, and leaves born with their place.

A node is a pointer and its children, made once a run: most reports share the same few hundred pointers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from paricha.grounds.instants import Precision, ZoneSource, read_instant
from paricha.grounds.provenance import NOT_STATED_WORDS, Place
from paricha.intake.document import Leaf, Noted, Unread, When
from paricha.intake.json_bytes import DAMAGED, Written, pointer_part

MOST_CHILDREN = 1_024  # a hostile file must not fill memory with pointers
MOST_NOTED_DEPTH = 24


class Node(dict[str | int, "Node"]):
    """A place in a report: its pointer from the report's root, and the places below it, made when first asked for."""

    __slots__ = ("pointer",)

    def __init__(self, pointer: str = "") -> None:
        self.pointer = pointer

    def __missing__(self, key: str | int) -> Node:
        found = Node(self.pointer + pointer_part(key))
        if len(self) < MOST_CHILDREN:
            self[key] = found
        return found


ROOT = Node()
_TRUTH = {"true": True, "false": False, "yes": True, "no": False}


@lru_cache(maxsize=65_536)
def _moment(text: str) -> tuple[int | None, Precision | None, ZoneSource]:
    found = read_instant(text)
    return (int(found.utc.timestamp()) if found.utc else None, found.precision, found.zone_source)


def sound(text: str) -> bool:
    """Whether the text can be kept: no lone surrogate, no NUL (which no database keeps)."""
    if "\0" in text:
        return False
    return text.isascii() or text.isprintable() or not any("\ud800" <= sign <= "\udfff" for sign in text)


class Walk:
    """One report being read: collects its unread blocks, and makes leaves. `place` turns a pointer into a locator's `at`."""

    def __init__(self, place: Callable[[str], Place]) -> None:
        self.place = place
        self.unread: list[Unread] = []

    def leave(self, node: Node, why: str) -> None:
        """Count a block as unread."""
        self.unread.append(Unread(self.place(node.pointer), why))

    def unknown(self, key: Any, value: Any, node: Node) -> None:
        """A key nobody knows: an unread block, unless nothing is stated there."""
        if nothing(value):
            return
        if sound(key):
            self.unread.append(Unread(self.place(node.pointer + pointer_part(key)), "unknown key"))
        else:
            self.leave(node, "broken characters")

    def text(self, value: Any, node: Node) -> Leaf | None:
        """A text leaf: a text, a number as written, or the `value` of an object that holds only that."""
        kind = type(value)
        if kind is str:
            words = value.strip()
            if len(words) < 4 and words.casefold() in NOT_STATED_WORDS:
                return None
            if (words.isascii() and "\0" not in words) or sound(words):
                return Leaf(words, self.place(node.pointer))
            self.leave(node, "broken characters")
            return None
        if value is None:
            return None
        if kind is int or kind is Written:
            return Leaf(str(value), self.place(node.pointer))
        if kind is dict:
            for key in value:
                if key != "value":
                    self.unknown(key, value[key], node)
            inner = value.get("value")
            if type(inner) is not dict:
                return self.text(inner, node["value"])
            self._refuse(inner, node["value"])
            return None
        self._refuse(value, node)
        return None

    def _refuse(self, value: Any, node: Node) -> None:
        if not nothing(value):
            self.leave(node, "not a number" if value is DAMAGED else "not a text")

    def whole(self, value: Any, node: Node, least: int, most: int, why: str) -> Leaf | None:
        """A whole number between bounds, or an unread block with `why`."""
        number = int(value) if type(value) is str and value.strip().isdecimal() and len(value.strip()) < 19 else value
        if type(number) is int and least <= number <= most:
            return Leaf(number, self.place(node.pointer))
        if not nothing(value):
            self.leave(node, why)
        return None

    def truth(self, value: Any, node: Node) -> Leaf | None:
        """A yes or no; not stated is neither."""
        if type(value) is bool:
            return Leaf(value, self.place(node.pointer))
        if type(value) is str and (said := _TRUTH.get(value.strip().casefold())) is not None:
            return Leaf(said, self.place(node.pointer))
        if not nothing(value):
            self.leave(node, "not yes or no")
        return None

    def when(self, value: Any, node: Node) -> When | None:
        """An instant; a text that is none keeps its writing."""
        if value is None:
            return None
        if type(value) is not str:
            if not nothing(value):
                self.leave(node, "not a date")
            return None
        words = value.strip()
        if words.casefold() in NOT_STATED_WORDS:
            return None
        if not sound(words):
            self.leave(node, "broken characters")
            return None
        utc, precision, source = _moment(words)
        return When(words, self.place(node.pointer), utc, precision, source)

    def note(self, field: str, value: Any, node: Node, into: list[Noted], depth: int = 0) -> None:
        """Every stated value at and below a node that is known but has no field of its own."""
        kind = type(value)
        if value is None:
            return
        if depth > MOST_NOTED_DEPTH:
            self.leave(node, "nested too deep")
        elif kind is bool or (kind is int and -(2**63) <= value < 2**63):
            into.append(Noted(field, Leaf(value, self.place(node.pointer))))
        elif kind is dict:
            for key, item in value.items():
                if not sound(key):
                    self.leave(node, "broken characters")
                elif item is not None:
                    self.note(field if key == "value" else f"{field}.{key}", item, node[key], into, depth + 1)
        elif kind is list:
            for index, item in enumerate(value):
                self.note(field, item, node[index], into, depth + 1)
        else:
            leaf = self.text(value, node)
            if leaf is not None:
                into.append(Noted(field, leaf))

    def members(self, value: Any, name: str, node: Node) -> Iterator[tuple[Any, Node]]:
        """The members of a list in any of its shapes: flat, inside an object under `name`, or one lone object."""
        if type(value) is dict and name in value:
            for key in value:
                if key != name:
                    self.unknown(key, value[key], node)
            value, node = value[name], node[name]
        if type(value) is list:
            for index, item in enumerate(value):
                if item is not None:
                    yield item, node[index]
        elif type(value) is dict:
            if value:
                yield value, node
        elif not nothing(value):
            self.leave(node, "not a list")

    def object(self, value: Any, node: Node) -> dict[str, Any]:
        """The object at a node; an empty one where nothing is stated or something else stands."""
        if type(value) is dict:
            return value
        if not nothing(value):
            self.leave(node, "not an object")
        return {}


def nothing(value: Any) -> bool:
    """Whether a value of any shape states nothing. Walks without recursion: unknown blocks may be nested deep."""
    if value is None:
        return True
    if type(value) is str:
        return value.strip().casefold() in NOT_STATED_WORDS
    open_ones = [value]
    while open_ones:
        node = open_ones.pop()
        if type(node) is dict:
            open_ones += node.values()
        elif type(node) is list:
            open_ones += node
        elif node is not None and not (type(node) is str and node.strip().casefold() in NOT_STATED_WORDS):
            return False
    return True


def stated_of(facts: dict[str, Any]) -> dict[str, Any]:
    """The members of an object that are not plainly unstated: most keys of a report are null."""
    return {key: item for key, item in facts.items() if not (item is None or item == "" or item == "N/A")}
