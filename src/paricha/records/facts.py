"""A tip's document as labelled facts for pages and the printed note: label and readings, in the order of work."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from paricha.grounds.instants import slip_between
from paricha.intake.document import Leaf, Person, TipDocument, When, locator, plain_reading
from paricha.records.merging_parts import address_key

Fact = tuple[str, Any]


def report_facts(doc: TipDocument) -> list[Fact]:
    """What the report says of itself."""
    return [
        (_("Report number"), plain_reading(doc, doc.report_number)),
        (_("Received by the giver"), plain_reading(doc, doc.received_at)),
        (_("Made available"), plain_reading(doc, doc.made_available_at)),
        (_("Reporter"), plain_reading(doc, doc.reporter_name)),
        (_("Priority stated"), plain_reading(doc, doc.priority_stated)),
        (_("Escalated by the reporter"), plain_reading(doc, doc.escalation)),
        (_("Incident"), plain_reading(doc, doc.incident_type)),
        (_("Incident at"), plain_reading(doc, doc.incident_at)),
        (_("Incident described"), plain_reading(doc, doc.incident_description)),
        (_("Prior reports"), _all(doc, doc.prior_reports)),
        *((key_words(noted.field), plain_reading(doc, noted.leaf)) for noted in [*doc.marks, *doc.other]),
    ]


def _all(doc: TipDocument, leaves: list[Leaf]) -> Any:
    """One reading as it is, several as a list, none as not stated."""
    shown = [plain_reading(doc, leaf) for leaf in leaves]
    return shown[0] if len(shown) == 1 else shown


def role_words(person: Person) -> str:
    """`Suspect 1`."""
    words = {
        "suspect": _("Suspect {n}"),
        "recipient": _("Recipient {n}"),
        "victim": _("Victim {n}"),
        "reporter": _("Reporter {n}"),
    }
    return words.get(person.role, person.role + " {n}").format(n=person.number)


def path_words(path: str, doc: TipDocument) -> str:
    """`Suspect 1: screen name`, `File 2: classification`, `Incident: type`; a number only where there are several."""
    steps = re.findall(r"([a-z_]+)(?:\[(\d+)\])?", path)
    if not steps:
        return path
    (first, place), rest = steps[0], steps[1:]
    if first == "people" and place and int(place) < len(doc.people):
        person = doc.people[int(place)]
        head = role_words(person)
        if rest and rest[0][0] == "accounts" and len(person.accounts) < 2:
            rest = rest[1:]
    elif place:
        head = {"files": _("File {n}"), "sightings": _("Sighting {n}"), "places": _("Place {n}")}.get(
            first, first + " {n}"
        ).format(n=int(place) + 1)
    else:
        head = key_words(first)
    tail = ", ".join(key_words(name).lower() + (f" {int(at) + 1}" if at else "") for name, at in rest)
    return _("{thing}: {field}").format(thing=head, field=tail) if tail else head


def key_words(name: str) -> str:
    """A key as it is read aloud: `contacts.dateOfBirth` → `Date of birth (contacts)`. What it names stays the giver's word."""
    *above, last = [re.sub(r"(?<=[a-z\d])(?=[A-Z])|_", " ", part) for part in name.split(".") if part] or [name]
    words = last if last.isupper() else last[:1].upper() + last[1:].lower()
    return f"{words} ({above[-1].lower()})" if above else words


def person_facts(doc: TipDocument, person: Person) -> list[Fact]:
    """What is said of a person; the usual questions stand there unanswered too."""
    facts: list[Fact] = [(_("Name"), _all(doc, person.names))]
    for account in person.accounts:
        facts += [
            (_("Service"), plain_reading(doc, account.service)),
            (_("Screen name"), plain_reading(doc, account.screen_name)),
            (_("User id"), plain_reading(doc, account.user_id)),
            (_("Display name"), _all(doc, account.display_names)),
            (_("Profile"), _all(doc, account.profile_urls)),
        ]
    facts += [
        (_("Phone"), _all(doc, person.phones)),
        (_("E-mail"), _all(doc, person.emails)),
        (_("Age"), _all(doc, person.ages)),
        (_("Address"), _all(doc, person.addresses)),
    ]
    for device in person.devices:
        kind = str(device.id_type.value) if device.id_type is not None else _("Device")
        facts.append((kind, plain_reading(doc, device.value)))
    if person.prior_reports:
        facts.append((_("Prior reports"), _all(doc, person.prior_reports)))
    return facts + [(key_words(noted.field), plain_reading(doc, noted.leaf)) for noted in person.other]


def stated_of(facts: list[Fact]) -> str:
    """`5 of 7 fields stated`."""
    stated = sum(bool(value) for _label, value in facts)
    return _("{n} of {all} fields stated").format(n=stated, all=len(facts))


def place_facts(doc: TipDocument) -> list[dict[str, Any]]:
    """Where somebody says an address or person is."""
    return [
        {
            "said_by": _("said by NCMEC") if one.said_by == "ncmec" else _("said by the reporter"),
            "facts": [
                (_("Address"), plain_reading(doc, one.address)),
                (_("Country"), plain_reading(doc, one.country)),
                (_("Region"), plain_reading(doc, one.region)),
                (_("City"), plain_reading(doc, one.city)),
                (_("Organisation"), plain_reading(doc, one.organisation)),
            ],
        }
        for one in doc.places
    ]


def slips(doc: TipDocument) -> list[str]:
    """Sightings of two forms that look like one with a slip in its instant or a changed digit: for an officer to judge.

    They stay two sightings: nothing is guessed.
    """
    found = []
    for place, first in enumerate(doc.sightings):
        for second in doc.sightings[place + 1 :]:
            words = _slip(doc, first, second)
            if words:
                found.append(words)
    return found


def _slip(doc: TipDocument, first: Any, second: Any) -> str | None:
    forms = {doc.sources[one.address.form].form for one in (first, second) if one.address is not None}
    if len(forms) != 2 or first.who != second.who or first.at is None or second.at is None:
        return None
    one, other = first.at.instant().utc, second.at.instant().utc
    if one is None or other is None:
        return None
    first_address, second_address = address_key(first), address_key(second)
    if first_address == second_address:
        slip = slip_between(one, other) if one != other else None
        return slip and _("{who}, {address}: two forms state {first} and {second}; the gap looks like {slip}.").format(
            who=first.who, address=first_address, first=first.at.as_written, second=second.at.as_written, slip=slip
        )
    if one == other and _one_digit(first_address, second_address):
        return _("{who}: two forms state {first} and {second} at the same second; one digit differs.").format(
            who=first.who, first=first_address, second=second_address
        )
    return None


def _one_digit(first: str, second: str) -> bool:
    if abs(len(first) - len(second)) > 1:
        return False
    if len(first) == len(second):
        return sum(a != b for a, b in zip(first, second, strict=True)) == 1
    short, long = sorted((first, second), key=len)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def unread_places(doc: TipDocument) -> list[dict[str, Any]]:
    """Blocks that the readers could not place: where, why."""
    return [{"why": one.why, "locator": locator(doc, one).to_plain()} for one in doc.unread]


def lead_locator(doc: TipDocument) -> dict[str, Any] | None:
    """The place that the page shows first."""
    leaf: Leaf | When | None = doc.report_number or doc.received_at
    return None if leaf is None else locator(doc, leaf).to_plain()
