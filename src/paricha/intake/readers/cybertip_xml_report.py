"""One ESP report (tipline 1.3) as a tip: which element of the tree becomes which leaf."""

from __future__ import annotations

import re

from paricha.intake.document import Leaf, Noted, Person, Source, TipDocument
from paricha.intake.readers.cybertip_xml_files import file_number, read_file
from paricha.intake.readers.cybertip_xml_parts import read_capture, read_flags
from paricha.intake.readers.cybertip_xml_people import read_contacts, read_person
from paricha.intake.readers.cybertip_xml_walk import At, Walk
from paricha.intake.xml_bytes import Element
from paricha.intake.xml_places import local_of

ROLES = {"personOrUserReported": "suspect", "intendedRecipient": "recipient", "victim": "victim"}
# What only a report holds.
PARTS = frozenset(("incidentSummary", "internetDetails", "reporter", "lawEnforcement", "batchedReport", *ROLES))
_TOP = PARTS | {"reportId", "additionalInfo", "fileDetails", "reportAnnotations"}
_SUMMARY = frozenset(
    "incidentType platform escalateToHighPriority reportAnnotations incidentDateTime incidentDateTimeDescription".split()
)
INCIDENTS = frozenset(
    "webPageIncident emailIncident newsgroupIncident chatImIncident onlineGamingIncident cellPhoneIncident "
    "nonInternetIncident peer2peerIncident".split()
)
_REPORTER = frozenset("reportingPerson contactPerson companyTemplate termsOfService legalURL".split())
_CONTACT = frozenset("firstName middleName lastName phone email address age dateOfBirth".split())
_HEADERS = re.compile(r"[A-Za-z][A-Za-z0-9-]*:[^\n]*(?:\n(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*|[ \t][^\n]*))*")


class Found:
    """A report as read: its tip, the number elements it names at the first level and deeper, and files of other reports."""

    def __init__(self, source: Source, path: str) -> None:
        self.tip = TipDocument([source], "ncmec", path)
        self.numbers: list[At] = []
        self.deeper: list[At] = []
        self.files: list[At] = []
        self.foreign: list[tuple[Leaf, At]] = []


def read_report(walk: Walk, element: Element, path: str, source: Source) -> Found:
    """The report at an element, all but its number and its files, which wait for the number."""
    found = Found(source, path)
    _Report(walk, found).level(element, path, 0)
    return found


def read_files(walk: Walk, found: Found) -> None:
    """The report's files, now that its number is known; a `fileDetails` that names another report is set aside."""
    number = found.tip.report_number
    for at in found.files:
        named = file_number(walk.steps, at)
        if named is not None and number is not None and named.value != number.value:
            found.foreign.append((named, at))
        else:
            read_file(walk, found.tip, at)


class _Report:
    def __init__(self, walk: Walk, found: Found) -> None:
        self.walk, self.found, self.tip = walk, found, found.tip

    def level(self, element: Element, path: str, depth: int) -> None:
        """The parts of a report, also inside wrappers whose names nobody knows."""
        walk = self.walk
        if element in walk.attributed:
            walk.attributes(element, path)
        walk.between(element, path)
        for local, child, at in walk.steps.children(element, path):
            if local in _TOP:
                self._part(local, (child, at), depth)
            elif local and depth < 20 and len(child) and _holds_parts(child):
                self.level(child, at, depth + 1)
            else:
                walk.unknown(child, at)

    def _part(self, local: str, at: At, depth: int) -> None:
        tip, walk = self.tip, self.walk
        if local == "reportId":
            (self.found.deeper if depth else self.found.numbers).append(at)
        elif local == "fileDetails":
            self.found.files.append(at)
        elif local == "incidentSummary":
            self._summary(at)
        elif local == "internetDetails":
            self._details(at)
        elif local in ROLES:
            read_person(walk, tip, at, ROLES[local])
        elif local == "reporter":
            self._reporter(at)
        elif local == "batchedReport":
            self._batched(at)
        elif local == "reportAnnotations":
            self._annotations(at)
        else:  # lawEnforcement, additionalInfo
            walk.note(local, at, tip.other)

    def _summary(self, at: At) -> None:
        walk, tip = self.walk, self.tip
        if tip.incident_type or tip.incident_at or tip.incident_description:
            walk.leave(at[1], "a second one in the same report")
            return
        facts = walk.facts(*at, _SUMMARY)
        tip.incident_type = walk.only(facts, "incidentType")
        tip.incident_at = walk.when(walk.one(facts, "incidentDateTime"))
        tip.incident_description = walk.only(facts, "incidentDateTimeDescription")
        urgent = walk.one(facts, "escalateToHighPriority")
        if urgent is not None:
            tip.escalation = self._escalation(urgent)
        walk.note_all(facts, ("platform",), "", tip.other)
        for one in facts.get("reportAnnotations", ()):
            self._annotations(one)

    def _escalation(self, at: At) -> Leaf | None:
        """Its presence escalates: the reason as text, else yes."""
        text = (at[0].text or "").strip()
        if not text or text.casefold() in ("true", "false"):
            return self.walk.flag(at)
        return self.walk.text(at)

    def _annotations(self, at: At) -> None:
        tip = self.tip
        denied: list[Noted] = []
        for name, path in read_flags(self.walk, at, "reportAnnotations", denied):
            tip.marks.append(Noted(name, Leaf(True, path)))
        for noted in denied:
            if noted.field == "reportAnnotations.informational":
                tip.marks.append(Noted("informational", noted.leaf))
            else:
                tip.other.append(noted)

    def _batched(self, at: At) -> None:
        """One report that stands for many users: its reason is the leaf, else that it stands there."""
        walk, (element, path) = self.walk, at
        reason = walk.attribute("reason", element, path)
        walk.attributes(element, path, ("reason",))
        leaf = walk.text((element, path), ("reason",)) if len(element) or (element.text or "").strip() else None
        if leaf is not None and str(leaf.value).casefold() in ("false", "no", "0"):
            self.tip.other.append(Noted("batchedReport", Leaf(False, path)))
            return
        self.tip.marks.append(Noted("batched", reason or leaf or Leaf(True, path)))

    def _reporter(self, at: At) -> None:
        """The company's people; no element of this form states the company's name."""
        walk, tip = self.walk, self.tip
        facts = walk.facts(*at, _REPORTER)
        made: list[Person] = []
        for name in ("reportingPerson", "contactPerson"):
            for element, path in facts.get(name, ()):
                person = Person("reporter", len(made) + 1)
                inner = walk.facts(element, path, _CONTACT)
                read_contacts(walk, person, inner, path)
                walk.note_all(inner, ("age", "dateOfBirth"), "", person.other)
                if person.names or person.emails or person.phones or person.addresses:
                    made.append(person)
        tip.people[:0] = made
        walk.note_all(facts, ("companyTemplate", "termsOfService", "legalURL"), "reporter.", tip.other)

    def _details(self, at: At) -> None:
        for kind, incident in self.walk.facts(*at, INCIDENTS).items():
            for one in incident:
                self._incident(kind, one)

    def _incident(self, kind: str, at: At) -> None:
        """What an incident block says: captures are sightings of the report, what people wrote is located and not copied."""
        walk, tip, (element, path) = self.walk, self.tip, at
        for name in ("thirdPartyHostedContent", "type"):
            leaf = walk.attribute(name, element, path)
            if leaf:
                tip.other.append(Noted(f"{kind}.{name}", leaf))
        if element in walk.attributed:
            walk.attributes(element, path, ("thirdPartyHostedContent", "type"))
        walk.between(element, path)
        for local, child, inner in walk.steps.children(element, path):
            if local == "ipCaptureEvent":
                read_capture(walk, tip, (child, inner), "report", "report")
            elif local == "content":
                text = (child.text or "").strip()
                if not len(child) and _HEADERS.fullmatch(text):
                    walk.note(f"{kind}.{local}", (child, inner), tip.other)
                elif len(child) or text:
                    walk.leave(inner, "message text, not copied")
            elif local:
                walk.note(f"{kind}.{local}", (child, inner), tip.other)
            else:
                walk.leave(path, "entity, not resolved")


def _holds_parts(element: Element) -> bool:
    """Whether a part of a report, or its number, stands somewhere below."""
    return any(local_of(each.tag) in _TOP for each in element.iterdescendants())
