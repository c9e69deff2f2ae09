"""People and captures of a law-enforcement report (tipline 2.2): every member of every list, in its order."""

from __future__ import annotations

from typing import Any

from paricha.grounds import selectors
from paricha.intake.document import Account, Device, Leaf, Noted, Person, PlaceSaid, Seen, TipDocument
from paricha.intake.readers.json_walk import Node, Walk, nothing, stated_of

AGE_MOST, PORT_MOST = 150, 65_535

# Known, without a field of their own in the tip: kept by name with their leaf.
NOTED_OF_PERSON = frozenset(
    "id gender dateOfBirth physicalDescription occupation vehicleDescription vehicleTagNumber relationshipToReporter "
    "relationshipToChildVictim accessToChildVictim accessToChildren accessToFirearms convictedSexOffender awareOfReport "
    "gangAffiliation additionalContactInformation languages races disabilities accountTemporarilyDisabled "
    "accountPermanentlyDisabled associationsEntityType profileBio additionalInformations schoolName compromisedAccount "
    "groupIdentifier ageAssertionDiscrepancy".split()
)
OWN_OF_PERSON = frozenset(
    "firstName middleName lastName preferredName approximateAge espService espUserId screenName screenNames displayNames "
    "emails phones addresses sourceInformation ipAddress espEstimatedLocations priorCybertipReports".split()
)
ADDRESS_PARTS = ("street1", "street2", "city", "state", "postalCode", "country")
NAME_PARTS = ("firstName", "middleName", "lastName")
_KINDS = {
    "ip address": "address", "ip": "address", "device id": "device", "profile url": "profile", "url": "url",
    "phone": "phone", "phone number": "phone", "mobile phone": "phone", "email": "email", "e-mail": "email",
    "email address": "email", "e-mail address": "email", "screen name": "screen name", "user name": "screen name",
}  # fmt: skip
_CAPTURE_KEYS = frozenset("captureType valueType value eventName dateTime possibleProxy port id".split())


def read_person(walk: Walk, tip: TipDocument, value: Any, node: Node, role: str, number: int) -> None:
    """Add the person at a node to the tip, with the sightings and places said of him."""
    person = Person(role, number)
    tip.people.append(person)
    facts = stated_of(walk.object(value, node))
    for key, item in facts.items():
        if key in OWN_OF_PERSON:
            continue
        if key in NOTED_OF_PERSON:
            walk.note(key, item, node[key], person.other)
        else:
            walk.unknown(key, item, node)
    get = facts.get
    read_names(walk, person, facts, node)
    if "approximateAge" in facts:
        age = walk.whole(facts["approximateAge"], node["approximateAge"], 0, AGE_MOST, "not an age")
        person.ages += [age] if age else []
    _read_accounts(walk, person, facts, node)
    read_contacts(walk, person, facts, node)
    if "ipAddress" in facts:
        address = read_address(walk, facts["ipAddress"], node["ipAddress"])
        if address:
            tip.sightings.append(Seen("person", person.who, address))
    if get("sourceInformation"):
        captures = Captures(walk, tip, "person", person.who, person.other, person)
        captures.read(facts["sourceInformation"], node["sourceInformation"])
    if get("espEstimatedLocations"):
        _read_estimates(walk, tip, person, facts["espEstimatedLocations"], node["espEstimatedLocations"])
    if get("priorCybertipReports"):
        for leaf in prior_reports(walk, facts["priorCybertipReports"], node["priorCybertipReports"]):
            person.prior_reports.append(leaf)
            tip.prior_reports.append(leaf)


def read_names(walk: Walk, person: Person, facts: dict[str, Any], node: Node) -> None:
    """The parts of the name as one reading, at the smallest node that holds them; the preferred name as another."""
    whole = joined(walk, facts, node, NAME_PARTS, " ")
    if whole:
        person.names.append(whole)
    if "preferredName" in facts:
        preferred = walk.text(facts["preferredName"], node["preferredName"])
        person.names += [preferred] if preferred else []


def joined(walk: Walk, facts: dict[str, Any], node: Node, parts: tuple[str, ...], between: str) -> Leaf | None:
    """Texts of one object joined to one reading: located at the part where it is one, else at the object."""
    leaves = [leaf for part in parts if part in facts and (leaf := walk.text(facts[part], node[part]))]
    if len(leaves) < 2:
        return leaves[0] if leaves else None
    return Leaf(between.join(str(leaf.value) for leaf in leaves), walk.place(node.pointer))


def _read_accounts(walk: Walk, person: Person, facts: dict[str, Any], node: Node) -> None:
    """One account per service and id; what has no id of its own joins the person's only account."""

    def text(key: str) -> Leaf | None:
        return walk.text(facts[key], node[key]) if key in facts else None

    service, user_id, screen_name = text("espService"), text("espUserId"), text("screenName")
    displayed = _texts(walk, facts.get("displayNames"), "displayNames", node["displayNames"])
    others = _texts(walk, facts.get("screenNames"), "screenNames", node["screenNames"])
    if service or user_id or screen_name or displayed:
        person.accounts.append(Account(service, user_id, screen_name, displayed))
    for leaf in others:
        add_screen_name(person, leaf)


def add_screen_name(person: Person, leaf: Leaf) -> None:
    """A further screen name: of the only account that lacks one, else an account of its own; a repeated one adds none."""
    for account in person.accounts:
        if account.screen_name and account.screen_name.value == leaf.value:
            return
    if len(person.accounts) == 1 and person.accounts[0].screen_name is None:
        person.accounts[0].screen_name = leaf
    else:
        person.accounts.append(Account(screen_name=leaf))


def _texts(walk: Walk, value: Any, name: str, node: Node) -> list[Leaf]:
    if not value:
        return []
    if type(value) is str:
        leaf = walk.text(value, node)
        return [leaf] if leaf else []
    return [leaf for item, at in walk.members(value, name, node) if (leaf := walk.text(item, at))]


def read_contacts(walk: Walk, person: Person, facts: dict[str, Any], node: Node) -> None:
    """E-mails, phones and addresses; whether the provider verified them is noted at its own place."""
    for name, into in (("emails", person.emails), ("phones", person.phones)):
        value = facts.get(name)
        if not value:
            continue
        for item, at in _listed(walk, value, name, node[name]):
            leaf = _contact(walk, item, at, name, person.other)
            if leaf:
                into.append(leaf)
    if facts.get("addresses"):
        for item, at in _listed(walk, facts["addresses"], "addresses", node["addresses"]):
            _read_postal(walk, person, item, at)


def _listed(walk: Walk, value: Any, name: str, node: Node) -> Any:
    return [(value, node)] if type(value) is str else walk.members(value, name, node)


def _contact(walk: Walk, item: Any, node: Node, name: str, other: list[Noted]) -> Leaf | None:
    if type(item) is not dict:
        return walk.text(item, node)
    for key, value in item.items():
        if key in ("verified", "verificationDate", "type", "countryCallingCode", "extension"):
            walk.note(f"{name}.{key}", value, node[key], other)
        elif key != "value":
            walk.unknown(key, value, node)
    return walk.text(item.get("value"), node["value"])


def _read_postal(walk: Walk, person: Person, item: Any, node: Node) -> None:
    if type(item) is not dict:
        leaf = walk.text(item, node)
    else:
        for key, value in item.items():
            if key == "type":
                walk.note("addresses.type", value, node[key], person.other)
            elif key not in ADDRESS_PARTS:
                walk.unknown(key, value, node)
        leaf = joined(walk, item, node, ADDRESS_PARTS, ", ")
    if leaf:
        person.addresses.append(leaf)


def read_address(walk: Walk, value: Any, node: Node) -> Leaf | None:
    """An IP address as written; what is none is an unread block, never a sighting."""
    leaf = walk.text(value, node) if value is not None else None
    if leaf is not None and selectors.address(str(leaf.value)) is None:
        walk.leave(node, "not an address")
        return None
    return leaf


def _read_estimates(walk: Walk, tip: TipDocument, person: Person, value: Any, node: Node) -> None:
    if not value:
        return
    for item, at in walk.members(value, "espEstimatedLocations", node):
        facts = walk.object(item, at)
        place = PlaceSaid(
            "esp",
            country=walk.text(facts.get("countryCode"), at["countryCode"]),
            region=walk.text(facts.get("region"), at["region"]),
            city=walk.text(facts.get("city"), at["city"]),
        )
        for key, inner in facts.items():
            if key in ("verified", "timestamp"):
                walk.note(f"espEstimatedLocations.{key}", inner, at[key], person.other)
            elif key not in ("countryCode", "region", "city"):
                walk.unknown(key, inner, at)
        if place.country or place.region or place.city:
            tip.places.append(place)


def prior_reports(walk: Walk, value: Any, node: Node) -> list[Leaf]:
    """Report numbers as texts, from a list in any shape, one number, or numbers with commas between."""
    if type(value) is not list and type(value) is not dict:
        leaf = walk.text(value, node)
        parts = [part.strip() for part in str(leaf.value).split(",")] if leaf else []
        if len(parts) > 1 and all(part.isdecimal() for part in parts):
            return [Leaf(part, leaf.at) for part in parts] if leaf else []
        return [leaf] if leaf else []
    found = []
    for item, at in walk.members(value, "priorCybertipReports", node):
        if type(item) is dict and "reportId" in item:
            for key in item:
                if key != "reportId":
                    walk.unknown(key, item[key], at)
            item, at = item["reportId"], at["reportId"]
        leaf = walk.text(item, at)
        if leaf:
            found.append(leaf)
    return found


class Captures:
    """The `sourceCaptures` of a person, a file or an incident: addresses seen, devices, profiles, phones, e-mails."""

    def __init__(
        self, walk: Walk, tip: TipDocument, of: str, who: str, other: list[Noted], person: Person | None = None
    ) -> None:
        self.walk, self.tip, self.of, self.who, self.other, self.person = walk, tip, of, who, other, person

    def read(self, value: Any, node: Node) -> None:
        """All captures of a `sourceInformation`."""
        for item, at in self._captures(value, node):
            if type(item) is not dict:
                self.walk.leave(at, "not an object")
                continue
            kind = item.get("captureType")
            known = _KINDS.get(kind.strip().casefold()) if type(kind) is str else None
            if known is None:
                self.walk.leave(at, "unknown kind of capture")
                continue
            for key in item:
                if key not in _CAPTURE_KEYS:
                    self.walk.unknown(key, item[key], at)
            if known == "address":
                self._address(item, at)
            elif self.person is None or known == "url":
                self._noted(str(kind), item, at)
            else:
                self._of_person(known, item, at, self.person)

    def _captures(self, value: Any, node: Node) -> Any:
        """`sourceInformation` is an object around `sourceCaptures`, itself in any shape, or the list at once."""
        if type(value) is dict and "sourceCaptures" in value:
            for key in value:
                if key != "sourceCaptures":
                    self.walk.unknown(key, value[key], node)
            value, node = value["sourceCaptures"], node["sourceCaptures"]
        return () if nothing(value) else self.walk.members(value, "sourceCaptures", node)

    def _address(self, item: dict[str, Any], node: Node) -> None:
        walk, get = self.walk, item.get
        address = read_address(walk, get("value"), node["value"])
        port = event = at = proxy = None
        for key, value in item.items():
            if value is None:
                continue
            if key == "eventName":
                event = walk.text(value, node[key])
            elif key == "dateTime":
                at = walk.when(value, node[key])
            elif key == "port":
                port = walk.whole(value, node[key], 1, PORT_MOST, "not a port")
            elif key == "possibleProxy":
                proxy = walk.truth(value, node[key])
        if address is not None:
            self.tip.sightings.append(Seen(self.of, self.who, address, port, event, at, proxy))
        elif event or at:
            walk.leave(node, "no address")

    def _noted(self, kind: str, item: dict[str, Any], node: Node) -> None:
        field = f"sourceCaptures.{kind.strip()}"
        self.walk.note(field, item.get("value"), node["value"], self.other)
        self._rest(field, item, node)

    def _rest(self, field: str, item: dict[str, Any], node: Node, *but: str) -> None:
        """The event, instant and the like of a capture that is no address: noted beside it."""
        for key, value in item.items():
            if key not in ("captureType", "value", *but) and key in _CAPTURE_KEYS and value is not None:
                self.walk.note(f"{field}.{key}", value, node[key], self.other)

    def _of_person(self, known: str, item: dict[str, Any], node: Node, person: Person) -> None:
        walk = self.walk
        leaf = walk.text(item.get("value"), node["value"])
        if leaf is None:
            return
        if known == "device":
            person.devices.append(Device(walk.text(item.get("valueType"), node["valueType"]), leaf))
            self._rest("sourceCaptures.Device ID", item, node, "valueType")
            return
        if known == "phone":
            person.phones.append(leaf)
        elif known == "email":
            person.emails.append(leaf)
        elif known == "screen name":
            add_screen_name(person, leaf)
        else:
            if not person.accounts:
                person.accounts.append(Account())
            person.accounts[0].profile_urls.append(leaf)
        self._rest(f"sourceCaptures.{known}", item, node)
