"""What the reading of an XML report stands on: children by local name, and leaves born with their XPath."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from lxml import etree

from paricha.grounds.instants import Precision, ZoneSource, read_instant
from paricha.grounds.provenance import NOT_STATED_WORDS
from paricha.intake.document import Leaf, Noted, Unread, When
from paricha.intake.readers.json_walk import MOST_NOTED_DEPTH, sound
from paricha.intake.xml_bytes import DAMAGED_SIGN, Element
from paricha.intake.xml_places import Steps

At = tuple[Element, str]  # an element and its path
Facts = dict[str, list[At]]  # local name → the children that bear it, in order
_MACHINERY = ("{http://www.w3.org/2001/XMLSchema-instance}", "{http://www.w3.org/XML/1998/namespace}")
_TRUTH = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
_NONE: list[At] = []


@lru_cache(maxsize=65_536)
def _moment(text: str) -> tuple[int | None, Precision | None, ZoneSource]:
    found = read_instant(text)
    return (int(found.utc.timestamp()) if found.utc else None, found.precision, found.zone_source)


# Asked of a whole unit at once, in C: most units have neither, and asking each element in turn takes a third of the time.
_BETWEEN = etree.XPath("boolean(descendant-or-self::*[*]/text()[normalize-space()])", regexp=False)
_ATTRIBUTED = etree.XPath("descendant-or-self::*/@*/..", regexp=False)


class Walk:
    """One unit being read: collects its unread blocks, and makes leaves. `element`: the unit, which holds all that is asked."""

    def __init__(self, steps: Steps, element: Element) -> None:
        self.steps = steps
        self.unread: list[Unread] = []
        self._text_between = bool(_BETWEEN(element))
        self.attributed: frozenset[Element] = frozenset(_ATTRIBUTED(element))

    def leave(self, path: str, why: str) -> None:
        """Count a block as unread."""
        self.unread.append(Unread(path, why))

    def facts(
        self, element: Element, path: str, known: frozenset[str], attributes: frozenset[str] = frozenset()
    ) -> Facts:
        """The known children by name; all others, text between them and unknown attributes are unread blocks."""
        found: Facts = {}
        for local, child, at in self.steps.children(element, path):
            if local not in known:
                self.unknown(child, at)
            elif local in found:
                found[local].append((child, at))
            else:
                found[local] = [(child, at)]
        self.between(element, path)
        if element in self.attributed:
            self.attributes(element, path, attributes)
        return found

    def between(self, element: Element, path: str) -> None:
        """Text that stands beside the children of an element, where none belongs."""
        if not self._text_between:
            return
        text = element.text
        if text and not text.isspace():
            self.leave(path, "text between elements")
            return
        for child in element:
            tail = child.tail
            if tail and not tail.isspace():
                self.leave(path, "text between elements")
                return

    def unknown(self, element: Element, path: str) -> None:
        """An element nobody knows: an unread block, unless nothing is stated there."""
        if type(element.tag) is not str:
            self.leave(path.rpartition("/")[0], "entity, not resolved")
        elif says(element):
            self.leave(path, "unknown tag")

    def attributes(self, element: Element, path: str, known: Iterable[str] = ()) -> None:
        """Unknown attributes as unread blocks; what only serves XML itself is none."""
        for name, value in element.items():
            if (
                name not in known
                and not name.startswith(_MACHINERY)
                and value.strip().casefold() not in NOT_STATED_WORDS
            ):
                self.leave(self.steps.attribute(name, element, path), "unknown attribute")

    # ---- leaves

    def written(self, element: Element, path: str) -> str | None:
        """The text of a leaf element, ends trimmed; None where nothing is stated or it cannot be kept."""
        if len(element):
            entity = any(type(child.tag) is not str for child in element)
            self.leave(path, "entity, not resolved" if entity else "not a text")
            return None
        words = (element.text or "").strip()
        if len(words) < 5 and (words.casefold() in NOT_STATED_WORDS or words == "null"):
            if words == "null":
                self.leave(path, "null as a word")
            return None
        if DAMAGED_SIGN in words or not ((words.isascii() and "\0" not in words) or sound(words)):
            self.leave(path, "broken characters")
            return None
        return words

    def text(self, at: At, attributes: Iterable[str] = ()) -> Leaf | None:
        """A text leaf."""
        element, path = at
        if element in self.attributed:
            self.attributes(element, path, attributes)
        words = self.written(element, path)
        return None if words is None else Leaf(words, path)

    def attribute(self, name: str, element: Element, path: str) -> Leaf | None:
        """The leaf of an attribute."""
        value = element.get(name) if element in self.attributed else None
        if value is None or value.strip().casefold() in NOT_STATED_WORDS:
            return None
        if DAMAGED_SIGN in value or not sound(value):
            self.leave(f"{path}/@{name}", "broken characters")
            return None
        return Leaf(value.strip(), f"{path}/@{name}")

    def one(self, facts: Facts, name: str) -> At | None:
        """The only child of that name. Where several say different things none is used: which is true cannot be known."""
        found = facts.get(name)
        if not found:
            return None
        if len(found) > 1:
            stating = [at for at in found if says(at[0])]
            if len({_said(element) for element, _ in stating}) > 1:
                for _element, path in stating:
                    self.leave(path, "stands twice with different values")
                return None
            found = stating or found
        return found[0]

    def only(self, facts: Facts, name: str) -> Leaf | None:
        """The text of the only child of that name."""
        found = facts.get(name)
        if found is None:
            return None
        at = found[0] if len(found) == 1 else self.one(facts, name)
        return None if at is None else self.text(at)

    def whole(self, at: At | None, least: int, most: int, why: str) -> Leaf | None:
        """A whole number between bounds, or an unread block with `why`."""
        leaf = None if at is None else self.text(at)
        if leaf is None:
            return None
        words = str(leaf.value)
        if words.isascii() and words.isdigit() and len(words) < 19 and least <= int(words) <= most:
            return Leaf(int(words), leaf.at)
        self.leave(str(leaf.at), why)
        return None

    def truth(self, at: At | None) -> Leaf | None:
        """A yes or no; not stated is neither."""
        leaf = None if at is None else self.text(at)
        if leaf is None:
            return None
        said = _TRUTH.get(str(leaf.value).casefold())
        if said is None:
            self.leave(str(leaf.at), "not yes or no")
            return None
        return Leaf(said, leaf.at)

    def flag(self, at: At) -> Leaf | None:
        """Yes for an empty tag (`<viral/>`), else what its text says."""
        element, path = at
        if not len(element) and not (element.text or "").strip() and not _nil(element):
            if element in self.attributed:
                self.attributes(element, path)
            return Leaf(True, path)
        return self.truth(at)

    def when(self, at: At | None) -> When | None:
        """An instant; a text that is none keeps its writing."""
        leaf = None if at is None else self.text(at)
        if leaf is None:
            return None
        words = str(leaf.value)
        utc, precision, source = _moment(words)
        return When(words, leaf.at, utc, precision, source)

    def note(self, field: str, at: At, into: list[Noted], depth: int = 0) -> None:
        """Every stated value at and below an element that is known but has no field of its own; attributes too."""
        element, path = at
        for name in element.keys() if element in self.attributed else ():
            if not name.startswith("{"):
                leaf = self.attribute(name, element, path)
                if leaf:
                    into.append(Noted(f"{field}.{name}", leaf))
            elif not name.startswith(_MACHINERY):
                self.leave(self.steps.attribute(name, element, path), "unknown attribute")
        if not len(element):
            words = self.written(element, path)
            if words is not None:
                into.append(Noted(field, Leaf(words, path)))
        elif depth > MOST_NOTED_DEPTH:
            self.leave(path, "nested too deep")
        else:
            self.between(element, path)
            for local, child, inner in self.steps.children(element, path):
                if local:
                    self.note(f"{field}.{local}", (child, inner), into, depth + 1)
                else:
                    self.leave(path, "entity, not resolved")

    def note_all(self, facts: Facts, names: Iterable[str], prefix: str, into: list[Noted]) -> None:
        """All children of these names, noted under their names."""
        for name in names:
            for at in facts.get(name, _NONE):
                self.note(prefix + name, at, into)


def _nil(element: Element) -> bool:
    return bool(element.get("{http://www.w3.org/2001/XMLSchema-instance}nil") in ("true", "1"))


def _said(element: Element) -> str:
    """All that an element says, to tell whether two say the same."""
    if not len(element) and not element.attrib:
        return (element.text or "").strip()
    inner = "".join(f"<{child.tag}>{_said(child)}" for child in element)
    return f"{sorted(element.items())}{(element.text or '').strip()}{inner}"


def says(element: Element) -> bool:
    """Whether an element, or anything in it, states something."""
    for each in element.iter():
        if type(each.tag) is not str:
            return True
        for words in (each.text, each.tail if each is not element else None, *each.values()):
            if words and words.strip().casefold() not in NOT_STATED_WORDS:
                return True
    return False
