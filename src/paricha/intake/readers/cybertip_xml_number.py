"""Which number a report has: its own `reportId`, else the nearest one around it that stands in no `fileDetails`."""

from __future__ import annotations

from collections.abc import Iterator

from paricha.intake.document import Leaf
from paricha.intake.readers.cybertip_xml_report import Found
from paricha.intake.readers.cybertip_xml_walk import Walk, says
from paricha.intake.xml_bytes import Element
from paricha.intake.xml_places import Places, local_of


class Numbers:
    """The number of the report that was read last. Nearer levels go before farther ones, what precedes before what follows.

    A number between two reports belongs to one of them: whoever takes it first.
    """

    def __init__(self, places: Places) -> None:
        self.places = places
        self.settled = False
        self._leaf: Leaf | None = None
        self._around: list[tuple[Element, Leaf | None]] = []  # inner level first: the element, and what precedes it
        self._deeper: Leaf | None = None
        self._seen: list[tuple[Element, Leaf | None]] = []  # the same, of the unit that arrives
        self._taken: Element = None

    def opened(self, element: Element, found: Found, walk: Walk) -> None:
        """A report was read. `settled` when it names its number itself, or names two."""
        self._leaf = self._deeper = None
        self._around = []
        stating = [at for at in found.numbers if says(at[0])]
        if stating:
            self.settled = True
            self._leaf = _agreed(walk, stating)
            return
        self.settled = False
        deeper = [at for at in found.deeper if says(at[0])]
        self._deeper = _agreed(walk, deeper) if deeper else None
        self._around, self._seen = self._seen, []

    def arrived(self, element: Element | None) -> None:
        """The next unit is there, or the end of the file: what follows the open report is known now.

        Looks first for its number, then for what precedes the new unit, in the order of the document.
        """
        if self._around and self._leaf is None:
            self._leaf = self._nearest()
        self._around = []
        self._seen = []
        if element is None or local_of(element.tag) != "report" or element.find("{*}reportId") is not None:
            return
        levels = [element, *element.iterancestors()][:-1]
        for level in reversed(levels):
            node = next(_ids(_before(level)), None)
            free = node is not None and node is not self._taken
            self._seen.insert(0, (level, self._made(node) if free else None))

    def take(self) -> Leaf | None:
        """The number of the report that was open, or None."""
        leaf = self._leaf or self._deeper
        self._leaf = self._deeper = None
        self.settled = False
        return leaf

    def _nearest(self) -> Leaf | None:
        for level, before in self._around:
            if before is not None:
                return before
            node = next(_ids(_after(level)), None)
            if node is not None:
                self._taken = node
                return self._made(node)
        return None

    def _made(self, node: Element) -> Leaf:
        return Leaf(node.text.strip(), self.places.of(node))


def _agreed(walk: Walk, found: list[tuple[Element, str]]) -> Leaf | None:
    leaves = [leaf for at in found if (leaf := walk.text(at))]
    if len({leaf.value for leaf in leaves}) > 1:
        for leaf in leaves:
            walk.leave(str(leaf.at), "stands twice with different values")
        return None
    return leaves[0] if leaves else None


def _holds_report(element: Element) -> bool:
    return local_of(element.tag) == "report" or element.find(".//{*}report") is not None


def _before(level: Element) -> Iterator[Element]:
    for sibling in level.itersiblings(preceding=True):
        if _holds_report(sibling):
            return
        yield sibling


def _after(level: Element) -> Iterator[Element]:
    for sibling in level.itersiblings():
        if _holds_report(sibling):
            return
        yield sibling


def _ids(siblings: Iterator[Element]) -> Iterator[Element]:
    """The elements that state a report's number, in siblings of a level, but for those in a `fileDetails`."""
    for sibling in siblings:
        if local_of(sibling.tag) == "fileDetails":
            continue
        for node in [sibling] if local_of(sibling.tag) == "reportId" else sibling.iter("{*}reportId"):
            inside = any(local_of(above.tag) == "fileDetails" for above in node.iterancestors())
            if not inside and not len(node) and says(node):
                yield node
