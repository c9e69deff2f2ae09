"""One law-enforcement report (tipline 2.2) as a tip: which key of the tree becomes which leaf."""

from __future__ import annotations

import re
from typing import Any

from paricha.intake.document import FileSeen, Hash, Leaf, Noted, Person, PlaceSaid, Source, TipDocument
from paricha.intake.fields import count_fields
from paricha.intake.readers.cybertip_people import (
    Captures,
    read_address,
    read_contacts,
    read_names,
    read_person,
)
from paricha.intake.readers.json_walk import ROOT, Node, Walk, nothing, stated_of

KNOWN_ROOTS = frozenset(
    "reportId reportedInformation automatedInformation additionalNcmecInformation lawEnforcementContactInformation "
    "dateReceived dateMadeAvailable".split()
)
ROLES = {"reportedPersons": "suspect", "intendedRecipients": "recipient", "childVictims": "victim"}
INCIDENTS = frozenset(
    "chatIncident emailIncident webpageIncident webPageIncident peerToPeerIncident gamingIncident cellPhoneIncident "
    "newsgroupIncident otherInternetIncident internetIncident nonInternetIncident".split()
)
MESSAGE_TEXT = frozenset({"contents", "content"})  # what people wrote is located, never copied
_HEADERS = re.compile(r"[A-Za-z][A-Za-z0-9-]*:[^\n]*(?:\n(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*|[ \t][^\n]*))*")
_BY_LENGTH = {32: "md5", 40: "sha1", 64: "sha256"}
_ALGORITHMS = {"md5": "md5", "sha1": "sha1", "sha256": "sha256", "pdq": "pdq", "photodna": "photodna"}
_FILE_KEYS = frozenset(
    "filename originalFilename verificationHash viewedByEsp publiclyAvailable industryClassification ncmecTags "
    "espMetadata sourceInformation".split()
)
_FILE_NOTED = frozenset("submittalId id additionalInformations exifViewedByEsp fileRelevance locationOfFile".split())
_GEO_KEYS = frozenset({"ipAddress", "country", "region", "city", "organization"})
_GEO_NOTED = frozenset("postalCode latitude longitude metropolitanCode areaCode esp types".split())
_GEO_KNOWN = _GEO_KEYS | _GEO_NOTED
_LOOKUPS = ("reportedPersonGeoLookups", "childVictimGeoLookups", "imageGeoLookups", "internetGeoLookups")


def read_report(walk: Walk, report: dict[str, Any], source: Source, place: Any) -> TipDocument:
    """The tip of one report object. `place` is the report's own locator in its original."""
    tip = TipDocument([source], "ncmec", place)
    _Report(walk, tip).read(report)
    tip.unread = walk.unread
    tip.expected, tip.read = count_fields(tip)
    return tip


class _Report:
    def __init__(self, walk: Walk, tip: TipDocument) -> None:
        self.walk, self.tip = walk, tip

    def read(self, report: dict[str, Any]) -> None:
        walk, tip = self.walk, self.tip
        for key, value in report.items():
            if value is None:
                continue
            node = ROOT[key] if key in _ROOT_KEYS else None
            if node is None:
                walk.unknown(key, value, ROOT)
            elif key == "reportedInformation":
                self._reported(walk.object(value, node), node)
            elif key == "automatedInformation":
                self._automated(walk.object(value, node), node)
            elif key == "additionalNcmecInformation":
                self._ncmec(walk.object(value, node), node)
            elif key == "reportId":
                tip.report_number = report_number(walk, value, node)
            elif key == "dateReceived":
                tip.received_at = walk.when(value, node)
            elif key == "dateMadeAvailable":
                tip.made_available_at = walk.when(value, node)
            elif key == "informational":
                leaf = walk.truth(value, node)
                if leaf:
                    tip.marks.append(Noted(key, leaf))
            else:
                walk.note(key, value, node, tip.other)

    def _reported(self, facts: dict[str, Any], node: Node) -> None:
        walk, tip = self.walk, self.tip
        for key, value in facts.items():
            if value is None:
                continue
            if key == "reportingEsp":
                self._esp(walk.object(value, node[key]), node[key])
            elif key == "incidentSummary":
                self._summary(walk.object(value, node[key]), node[key])
            elif key == "incidentDetails":
                self._details(walk.object(value, node[key]), node[key])
            elif key == "reportedPeople":
                self._people(value, node[key])
            elif key in ROLES:
                self._role(key, value, node[key])
            elif key == "uploadedFiles":
                for item, at in walk.members(value, "uploadedFiles", node[key]):
                    self._file(walk.object(item, at), at)
            elif key == "additionalInformations":
                walk.note(key, value, node[key], tip.other)
            else:
                walk.unknown(key, value, node)

    def _esp(self, facts: dict[str, Any], node: Node) -> None:
        """The company, and its contact as reporter 1 where anything is said of one."""
        walk, tip = self.walk, self.tip
        tip.reporter_name = walk.text(facts.get("espName"), node["espName"])
        person = Person("reporter", 1)
        for key, value in facts.items():
            if key == "id":
                walk.note("reportingEsp.id", value, node[key], tip.other)
            elif key not in _ESP_KEYS:
                walk.unknown(key, value, node)
        read_names(walk, person, facts, node)
        read_contacts(walk, person, facts, node)
        if person.names or person.emails or person.phones or person.addresses:
            tip.people.insert(0, person)

    def _summary(self, facts: dict[str, Any], node: Node) -> None:
        walk, tip = self.walk, self.tip
        for key, value in facts.items():
            if value is None:
                continue
            if key == "incidentType":
                tip.incident_type = walk.text(value, node[key])
            elif key == "incidentDateTime":
                tip.incident_at = walk.when(value, node[key])
            elif key == "incidentDateTimeDescription":
                tip.incident_description = walk.text(value, node[key])
            elif key == "espEscalation":
                tip.escalation = (
                    walk.text(value, node[key]) if type(value) is not bool else walk.truth(value, node[key])
                )
            elif key in ("platform", "incidentDateRange", "additionalIncidentTypes"):
                walk.note(key, value, node[key], tip.other)
            else:
                walk.unknown(key, value, node)

    def _details(self, facts: dict[str, Any], node: Node) -> None:
        for kind, value in facts.items():
            if not value:
                continue
            if kind not in INCIDENTS:
                self.walk.unknown(kind, value, node)
            else:
                for item, at in self.walk.members(value, kind, node[kind]):
                    self._incident(kind, self.walk.object(item, at), at)

    def _incident(self, kind: str, facts: dict[str, Any], node: Node) -> None:
        """What an incident block says: captures are sightings of the report, message text is located and not copied."""
        for key, value in facts.items():
            if value is None:
                continue
            if key == "sourceInformation":
                Captures(self.walk, self.tip, "report", "report", self.tip.other).read(value, node[key])
            elif key in MESSAGE_TEXT:
                self._message_text(f"{kind}.{key}", value, node[key])
            else:
                self.walk.note(f"{kind}.{key}", value, node[key], self.tip.other)

    def _message_text(self, field: str, value: Any, node: Node) -> None:
        """Header lines of a mail are noted; what people wrote is left where it stands."""
        for item, at in self.walk.members(value, "contents", node) if type(value) is not str else [(value, node)]:
            text = item.get("value") if type(item) is dict else item
            if type(text) is str and _HEADERS.fullmatch(text.strip()):
                self.walk.note(field, item, at, self.tip.other)
            elif not nothing(item):
                self.walk.leave(at, "message text, not copied")

    def _people(self, value: Any, node: Node) -> None:
        """`reportedPeople` holds lists by role, or is the list of reported persons itself."""
        if type(value) is not dict:
            self._role("reportedPersons", value, node)
            return
        for key, item in value.items():
            if key in ROLES:
                self._role(key, item, node[key])
            else:
                self.walk.unknown(key, item, node)

    def _role(self, name: str, value: Any, node: Node) -> None:
        if value is None:
            return
        role = ROLES[name]
        number = sum(1 for person in self.tip.people if person.role == role)
        for item, at in self.walk.members(value, name, node):
            number += 1
            read_person(self.walk, self.tip, item, at, role, number)

    def _file(self, said: dict[str, Any], node: Node) -> None:
        facts = stated_of(said)
        walk, tip, get = self.walk, self.tip, facts.get
        file = FileSeen()
        tip.files.append(file)
        file.name = walk.text(get("filename"), node["filename"])
        if "originalFilename" in facts:
            file.original_name = walk.text(facts["originalFilename"], node["originalFilename"])
        if "industryClassification" in facts:
            file.classification = walk.text(facts["industryClassification"], node["industryClassification"])
        if "viewedByEsp" in facts:
            file.viewed_by_reporter = walk.truth(facts["viewedByEsp"], node["viewedByEsp"])
        if "publiclyAvailable" in facts:
            file.public = walk.truth(facts["publiclyAvailable"], node["publiclyAvailable"])
        stated = walk.text(get("verificationHash"), node["verificationHash"])
        if stated:
            file.hashes.append(Hash(_BY_LENGTH.get(len(str(stated.value)), "not stated"), stated))
        if get("ncmecTags"):
            self._tags(file, facts["ncmecTags"], node["ncmecTags"])
        if get("espMetadata"):
            self._metadata(file, facts["espMetadata"], node["espMetadata"])
        if get("sourceInformation"):
            captures = Captures(walk, tip, "file", f"file {len(tip.files)}", file.other)
            captures.read(get("sourceInformation"), node["sourceInformation"])
        for key, value in facts.items():
            if key in _FILE_NOTED:
                walk.note(key, value, node[key], file.other)
            elif key not in _FILE_KEYS:
                walk.unknown(key, value, node)

    def _tags(self, file: FileSeen, value: Any, node: Node) -> None:
        """Every tag of every group."""
        if not value:
            return
        for group, at in self.walk.members(value, "groups", node):
            if type(group) is not dict or "tags" not in group:
                leaf = self.walk.text(group, at)
                if leaf:
                    file.annotations.append(leaf)
                continue
            for key in group:
                if key != "tags":
                    self.walk.note(f"ncmecTags.{key}", group[key], at[key], file.other)
            for tag, place in self.walk.members(group["tags"], "tags", at["tags"]):
                leaf = self._value_of(tag, place, "ncmecTags.tags", file.other)
                if leaf:
                    file.annotations.append(leaf)

    def _value_of(self, item: Any, node: Node, field: str, other: list[Noted]) -> Leaf | None:
        """The `value` of an object, the rest of it noted."""
        if type(item) is not dict:
            return self.walk.text(item, node)
        for key in item:
            if key != "value":
                self.walk.note(f"{field}.{key}", item[key], node[key], other)
        return self.walk.text(item.get("value"), node["value"])

    def _metadata(self, file: FileSeen, value: Any, node: Node) -> None:
        """Name and value pairs: hashes by the name of their algorithm, all else noted under its name."""
        if not value:
            return
        for item, at in self.walk.members(value, "metadatas", node):
            pair = self.walk.object(item, at)
            for key in pair:
                if key not in ("name", "value"):
                    self.walk.unknown(key, pair[key], at)
            name = self.walk.text(pair.get("name"), at["name"])
            said = str(name.value) if name else ""
            algorithm = _ALGORITHMS.get(said.casefold().replace("-", "").replace("_", "").removesuffix("hash").strip())
            if algorithm:
                leaf = self.walk.text(pair.get("value"), at["value"])
                if leaf:
                    file.hashes.append(Hash(algorithm, leaf))
            else:
                self.walk.note(f"espMetadata.{said}", pair.get("value"), at["value"], file.other)

    def _automated(self, facts: dict[str, Any], node: Node) -> None:
        for key, value in facts.items():
            if value is None:
                continue
            if key != "autoGeneratedNotes":
                self.walk.unknown(key, value, node)
                continue
            for name, item in self.walk.object(value, node[key]).items():
                at = node[key][name]
                if name == "geoLookups":
                    self._lookups(item, at)
                elif name in ("phoneGeoLookups", "autoCloses", "autoRefers"):
                    self.walk.note(name, item, at, self.tip.other)
                else:
                    self.walk.unknown(name, item, node[key])

    def _lookups(self, value: Any, node: Node) -> None:
        """`geoLookups` by kind, each in any list shape, or one flat list of all."""
        if type(value) is not dict or any(key in _GEO_KEYS for key in value):
            for item, at in self.walk.members(value, "geoLookups", node) if not nothing(value) else ():
                self._lookup(self.walk.object(item, at), at)
            return
        for name, rows in value.items():
            if name not in _LOOKUPS and name != "geoLookups":
                self.walk.unknown(name, rows, node)
            elif rows:
                for item, at in self.walk.members(rows, name, node[name]):
                    self._lookup(self.walk.object(item, at), at)

    def _lookup(self, facts: dict[str, Any], node: Node) -> None:
        walk, place = self.walk, PlaceSaid("ncmec")
        for key, value in facts.items():
            if value is None:
                continue
            at = node[key] if key in _GEO_KNOWN else node
            if key == "ipAddress":
                place.address = read_address(walk, value, at)
            elif key == "country":
                place.country = walk.text(value, at)
            elif key == "region":
                place.region = walk.text(value, at)
            elif key == "city":
                place.city = walk.text(value, at)
            elif key == "organization":
                place.organisation = walk.text(value, at)
            elif key in _GEO_NOTED:
                walk.note(f"geoLookups.{key}", value, at, self.tip.other)
            else:
                walk.unknown(key, value, node)
        if place.address or place.country or place.region or place.city or place.organisation:
            self.tip.places.append(place)

    def _ncmec(self, facts: dict[str, Any], node: Node) -> None:
        walk, tip = self.walk, self.tip
        for key, value in facts.items():
            if value is None:
                continue
            if key == "priority":
                self._priority(value, node[key])
            elif key == "dateTimeProcessed":
                tip.processed_at = walk.when(value, node[key])
            elif key in _NCMEC_NOTED:
                walk.note(key, value, node[key], tip.other)
            else:
                walk.unknown(key, value, node)

    def _priority(self, value: Any, node: Node) -> None:
        if type(value) is not dict:
            self.tip.priority_stated = self.walk.text(value, node)
            return
        self.tip.priority_stated = self.walk.text(value.get("priorityId"), node["priorityId"])
        for key, item in value.items():
            if key == "value":
                self.walk.note("priority.value", item, node[key], self.tip.other)
            elif key != "priorityId":
                self.walk.unknown(key, item, node)


_ROOT_KEYS = KNOWN_ROOTS | {"informational", "additionalInformations"}
_ESP_KEYS = frozenset("espName firstName middleName lastName preferredName emails phones addresses".split())
_NCMEC_NOTED = frozenset("ncmecClassification internationalCountry sentToLawEnforcement executiveSummary notes".split())


def report_number(walk: Walk, value: Any, node: Node) -> Leaf | None:
    """The number as a text; true, 1.5 and objects are no report numbers."""
    if type(value) is int and value >= 0:
        return Leaf(str(value), walk.place(node.pointer))
    if type(value) is str:
        return walk.text(value, node)
    if not nothing(value):
        walk.leave(node, "not a report number")
    return None
