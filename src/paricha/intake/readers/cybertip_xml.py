"""ESP XML of CyberTipline reports: one report or very many, with their `fileDetails` inside, beside or in another file.

Matched by local name at any depth under any root. A report is the innermost `report`; where nothing is called so, the
element that holds one `incidentSummary`. Up to `WINDOW` reports wait for details that follow later in the file, so that
memory stays flat in the number of reports; what comes later still is a document of its own for the same report number.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from paricha.grounds.provenance import LocatorKind
from paricha.grounds.refusals import Refusal
from paricha.intake.document import Leaf, Source, TipDocument, Unread
from paricha.intake.fields import EXPECTED, OF_FILE, OF_SIGHTING, count_fields
from paricha.intake.originals import Head, Original, Reader, Yielded
from paricha.intake.readers.cybertip_xml_files import file_number, read_file
from paricha.intake.readers.cybertip_xml_join import join, same_said
from paricha.intake.readers.cybertip_xml_number import Numbers
from paricha.intake.readers.cybertip_xml_report import PARTS, Found, read_files, read_report
from paricha.intake.readers.cybertip_xml_walk import At, Walk, says
from paricha.intake.xml_bytes import Element, Torn, Units, is_html
from paricha.intake.xml_places import Passed, Places, Steps, local_of

WINDOW = 1_000
MOST_LEFT = 10_000  # blocks outside of reports that are told; a hostile file must not fill memory with them
_OF_RESPONSES = frozenset({"reportId", "responseCode", "responseDescription"})
_SEEN_OUTSIDE = PARTS | _OF_RESPONSES | {"report", "fileDetails"}
NOT_IN_XML = 5  # received_at made_available_at processed_at priority_stated reporter_name: no element states them
_REFUSED = {
    "cut": ("INTAKE-XML-CUT", "Ask the sender for the whole file and bring it in again."),
    "broken": ("INTAKE-XML-BROKEN", "Ask the sender for a sound copy; the original is kept as it came."),
    "depth": ("INTAKE-XML-DEPTH", "Ask the sender what this file is; no report is nested like this."),
    "entity": ("INTAKE-XML-ENTITY", "Ask the sender for the file without a DTD; nothing of it was used."),
    "encoding": ("INTAKE-TEXT-ENCODING", "Ask the sender for the file in UTF-8."),
}


class CyberTipXml(Reader):
    """CyberTipline reports as a company sends them in XML; every value by XPath.
    Matched by local name at any depth, in any namespace, under any root; one report or many in a file. `fileDetails` join
    their report by `reportId`, also from a file of their own. Annotations as empty tags or as true and false, unknown ones
    too. Tags and attributes nobody knows, values of the wrong kind, one field twice with different values and damaged
    letters are unread blocks at their place. Any declared entity refuses the whole file; a cut or broken file gives what
    was closed before the tear.
    """

    name, version, form = "cybertip-xml", 1, "xml"

    def sniff(self, head: Head) -> bool:
        return head.opening == "<" and not is_html(head.text)

    def read(self, original: Original) -> Iterator[Yielded]:
        yield from _Reading(self, original).documents()


class _Reading:
    def __init__(self, reader: CyberTipXml, original: Original) -> None:
        self.original = original
        self.source = Source(reader.form, reader.label, original.sha256, LocatorKind.XPATH)
        self.steps = Steps()
        self.places = Places(self.steps)
        self.numbers = Numbers(self.places)
        self.passed = Passed(self.steps, self._look)
        self.open: tuple[Found, Walk] | None = None  # the last report, which may still find its number
        self.waiting: deque[TipDocument] = deque()
        self.by_number: dict[str, list[TipDocument]] = {}
        self.loose: dict[str, TipDocument] = {}  # files whose report was not met
        self.nameless: list[TipDocument] = []  # files that name no report
        self.left: list[Unread] = []
        self.reports = self.given = 0

    def documents(self) -> Iterator[Yielded]:
        units = Units(self.original.data)
        for kind, element in units:
            self.numbers.arrived(element)
            self._name_open()
            path = self.places.of(element)
            if kind == "file":
                self._loose(element, path)
            else:
                if kind == "torn":
                    self._drop_last(element, path)
                self._report(element, path)
            if self.reports:
                self.passed.before(element, path)
            yield from self._beyond(WINDOW)
        torn = units.torn
        if torn is not None and torn.kind == "entity":
            yield self._refusal(torn)
            return
        if units.root is not None:
            self.numbers.arrived(None)
            self._name_open()
            self._rest(units.root)
        self._settle()
        yield from self._beyond(0)
        yield from self.left
        if torn is not None:
            yield self._refusal(torn)
        elif not self.given:
            yield self._nothing_known()

    # ---- reports

    def _report(self, element: Element, path: str) -> None:
        walk = Walk(self.steps, element)
        found = read_report(walk, element, path, self.source)
        if not found.files and not found.numbers and not _holds_part(element):
            self.left += [Unread(path, "unknown tag")] if says(element) else []
            return
        self.reports += 1
        self.open = (found, walk)
        self.numbers.opened(element, found, walk)
        if self.numbers.settled:
            self._name_open()

    def _name_open(self) -> None:
        """The number of the last report is known, or will never be: its files are read, and it waits for others."""
        if self.open is None:
            return
        (found, walk), self.open = self.open, None
        tip = found.tip
        tip.report_number = self.numbers.take()
        read_files(walk, found)
        tip.unread = walk.unread
        for number, at in found.foreign:
            self._loose_named(number, at, at[1])
        self._keep(tip)

    def _keep(self, tip: TipDocument) -> None:
        self.waiting.append(tip)
        if tip.report_number is not None:
            number = str(tip.report_number.value)
            self.by_number.setdefault(number, []).append(tip)
            early = self.loose.pop(number, None)
            if early is not None:
                join(tip, early)

    def _beyond(self, most: int) -> Iterator[TipDocument]:
        """The oldest of those that wait, as long as more than so many do."""
        while len(self.waiting) > most:
            tip = self.waiting.popleft()
            if tip.report_number is not None:
                same = self.by_number[str(tip.report_number.value)]
                same.remove(tip)
                if not same:
                    del self.by_number[str(tip.report_number.value)]
            tip.expected, tip.read = EXPECTED - NOT_IN_XML, count_fields(tip)[1]
            self.given += 1
            yield tip
        if len(self.loose) > most:
            for part in self.loose.values():
                yield self._alone(part)
            self.loose.clear()

    def _alone(self, part: TipDocument) -> TipDocument:
        """Files without their report: a document that says nothing else."""
        part.expected = 1 + len(OF_FILE) + len(OF_SIGHTING)
        part.read = count_fields(part)[1]
        self.given += 1
        return part

    # ---- files

    def _loose(self, element: Element, path: str) -> None:
        if not len(element):
            return
        number = file_number(self.steps, (element, path))
        if number is not None:
            self._loose_named(number, (element, path), path)
            return
        part = self._part((element, path), path)
        if part.files or part.unread:
            self.nameless.append(part)

    def _part(self, at: At, path: str) -> TipDocument:
        walk = Walk(self.steps, at[0])
        part = TipDocument([self.source], "ncmec", path)
        read_file(walk, part, at)
        part.unread = walk.unread
        return part

    def _loose_named(self, number: Leaf, at: At, path: str) -> None:
        part = self._part(at, path)
        part.report_number = number
        tips = self.by_number.get(str(number.value))
        if tips:
            for tip in tips:
                join(tip, part)
            return
        early = self.loose.setdefault(str(number.value), part)
        if early is not part and not same_said(early, part):
            join(early, part)

    def _settle(self) -> None:
        """Files that name no report belong to the only one there is; beside several, nobody can say whose they are."""
        if not self.nameless:
            return
        if self.reports == 1 and len(self.waiting) == 1 and not self.loose:
            for part in self.nameless:
                join(self.waiting[0], part)
        elif not self.reports and not self.loose:
            for part in self.nameless:
                self._keep(part)
        else:
            self.left += [Unread(part.place, "file details without a report number") for part in self.nameless]

    # ---- what is no `report`

    def _rest(self, root: Element) -> None:
        """What stood outside of units: where nothing is called `report`, the reports; then all that belongs to none."""
        if not self.reports and not self.given:
            summaries = [one for one in root.iter("{*}incidentSummary") if len(one)]
            holders = _holders(root, summaries)
            for element in holders:
                self.places = Places(self.steps)
                self.numbers = Numbers(self.places)
                self._report(element, self.places.of(element))
                self._name_open()
            for element in holders:
                element.clear(keep_tail=True)
        if self.reports or self.given or self.loose or self.nameless:
            self.passed.all(root)
            self._look(root, self.passed.root_path(root))

    def _look(self, element: Element, path: str) -> None:
        """What is passed and was in no unit: told at the outermost element that holds nothing known."""
        local = local_of(element.tag)
        if local in _OF_RESPONSES or not says(element):
            return
        if local in PARTS or local == "fileDetails":
            self._tell(path, "outside of any report")
        elif len(element) and any(local_of(each.tag) in _SEEN_OUTSIDE for each in element.iterdescendants()):
            self._attributes(element, path)
            for _local, child, at in self.steps.children(element, path):
                self._look(child, at)
        elif len(element) or (element.text or "").strip():
            self._tell(path, "unknown tag")
        else:
            self._attributes(element, path)

    def _attributes(self, element: Element, path: str) -> None:
        walk = Walk(self.steps, element)
        walk.attributes(element, path)
        for block in walk.unread:
            self._tell(str(block.at), block.why)

    def _tell(self, path: str, why: str) -> None:
        if len(self.left) < MOST_LEFT:
            self.left.append(Unread(path, why))

    def _drop_last(self, element: Element, path: str) -> None:
        """The last part of a report that is open where the file tears may be cut: it is not read."""
        if not len(element):
            return
        *_, (_local, last, at) = self.steps.children(element, path)
        self.left.append(Unread(at, "the file tears here"))
        element.remove(last)

    # ---- refusals

    def _refusal(self, torn: Torn) -> Refusal:
        code, remedy = _REFUSED[torn.kind]
        read = f" The reports before that place were read: {self.given}." if self.given else ""
        return self.original.refusal(code, torn.what + read, remedy, torn.place)

    def _nothing_known(self) -> Refusal:
        return self.original.refusal(
            "INTAKE-NOTHING-KNOWN",
            "This is XML, but no report: none of the elements of a CyberTipline report stands in it.",
            "Check that it is the right file; if it is a new layout, tell us its tags.",
        )


def _holders(root: Element, summaries: list[Element]) -> list[Element]:
    """The elements that hold one `incidentSummary` each, as high up as that is true; without one, a root that holds parts."""
    if len(summaries) < 2:
        return [root] if _holds_part(root) else []
    counts: dict[Element, int] = {}
    for summary in summaries:
        for above in summary.iterancestors():
            counts[above] = counts.get(above, 0) + 1
    holders = []
    for summary in summaries:
        holder = summary
        for above in summary.iterancestors():
            if counts[above] > 1:
                break
            holder = above
        holders.append(holder)
    return holders


def _holds_part(element: Element) -> bool:
    return any(local_of(each.tag) in PARTS for each in element.iter())
