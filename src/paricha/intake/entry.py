"""A tip that an officer types: a letter, a telephone call, a partner's memo. What is typed is the original.

The canonical JSON of an entry is kept like any file; the reader `entry/1` reads it, and every value stands at
`entry [officer, instant]`. A zone is chosen, never assumed; "not stated" is an answer.
"""

from __future__ import annotations

import re
from datetime import datetime

import msgspec

from paricha.grounds import selectors
from paricha.grounds.instants import named_zone, read_instant
from paricha.grounds.refusals import Refused

FORMS = ("letter", "phone call", "partner memo", "walk-in")
ROLES = ("suspect", "recipient", "victim")
NOT_STATED = "not stated"
MARK = '{"paricha_entry":1,'


class TypedAccount(msgspec.Struct, frozen=True, omit_defaults=True):
    service: str = ""
    user_id: str = ""
    screen_name: str = ""
    profile_url: str = ""


class TypedPerson(msgspec.Struct, frozen=True, omit_defaults=True):
    """`age`: digits or empty. Texts are as the officer wrote them; empty means not stated."""

    role: str = "suspect"
    name: str = ""
    age: str = ""
    phones: list[str] = []
    emails: list[str] = []
    addresses: list[str] = []
    accounts: list[TypedAccount] = []


class TypedSighting(msgspec.Struct, frozen=True, omit_defaults=True):
    """An internet address as told. `at`: `YYYY-MM-DD HH:MM[:SS]` or empty; `zone`: chosen whenever `at` is there.

    `who`: `suspect 1` and so on, or `report`.
    """

    address: str
    who: str = "report"
    port: str = ""
    event: str = ""
    at: str = ""
    zone: str = ""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A typed tip. `child_in_danger`: yes, no or not stated. `received_at` needs `received_zone` as a sighting does.

    `officer`, `entered_at` and `attached` (hashes) are set when it is taken.
    """

    form: str
    giver: str
    giver_number: str = ""
    received_at: str = ""
    received_zone: str = ""
    child_in_danger: str = NOT_STATED
    description: str = ""
    persons: list[TypedPerson] = []
    sightings: list[TypedSighting] = []
    officer: str = ""
    entered_at: str = ""
    attached: list[str] = []


def entry_bytes(entry: Entry) -> bytes:
    """The canonical JSON: keys in their order, no blanks, UTF-8, with the mark in front."""
    return (MARK + msgspec.json.encode(entry).decode()[1:]).encode()


def entry_of(data: bytes) -> Entry:
    """The inverse of `entry_bytes`. Raises msgspec.ValidationError or DecodeError."""
    return msgspec.json.decode(data, type=Entry)


def check_entry(entry: Entry, now: datetime) -> None:
    """Raises `Refused` INTAKE-ENTRY at the first thing that cannot be taken. `now`: for what lies in the future."""
    if entry.form not in FORMS:
        raise _lacks("form", "The form of the tip is none of: " + ", ".join(FORMS) + ".")
    if not entry.giver.strip():
        raise _lacks("giver", "Who gave the tip is missing; write “not named” if the giver did not say.")
    if entry.child_in_danger not in ("yes", "no", NOT_STATED):
        raise _lacks("child in danger", "Whether a child is in danger is yes, no or not stated.")
    if not (entry.description.strip() or entry.persons or entry.sightings):
        raise _lacks("description", "The tip says nothing yet: no words, no person, no address.")
    _check_moment("received", entry.received_at, entry.received_zone, now)
    for number, person in enumerate(entry.persons, 1):
        _check_person(f"person {number}", person)
    people = people_of(entry)
    for number, sighting in enumerate(entry.sightings, 1):
        place = f"address {number}"
        if selectors.address(sighting.address) is None:
            raise _lacks(place, f"“{sighting.address}” is no internet address.")
        if sighting.port and not (sighting.port.isdecimal() and 1 <= int(sighting.port) <= 65_535):
            raise _lacks(place, f"The port “{sighting.port}” is not between 1 and 65535.")
        if sighting.who != "report" and sighting.who not in people:
            raise _lacks(place, f"“{sighting.who}” is not among the persons of the tip.")
        _check_moment(place, sighting.at, sighting.zone, now)


def people_of(entry: Entry) -> list[str]:
    """`suspect 1`, `victim 1` and so on, in the order typed."""
    counts: dict[str, int] = {}
    found = []
    for person in entry.persons:
        counts[person.role] = counts.get(person.role, 0) + 1
        found.append(f"{person.role} {counts[person.role]}")
    return found


def _check_person(place: str, person: TypedPerson) -> None:
    if person.role not in ROLES:
        raise _lacks(place, "The role is suspect, recipient or victim.")
    if person.age and not (person.age.isdecimal() and int(person.age) <= 150):
        raise _lacks(place, f"“{person.age}” is no age in years.")
    for phone in person.phones:
        if selectors.phone(phone) is None:
            raise _lacks(place, f"“{phone}” has too few or too many digits for a telephone number.")
    for email in person.emails:
        if selectors.email(email) is None:
            raise _lacks(place, f"“{email}” is no e-mail address.")
    if not any((person.name, person.age, person.phones, person.emails, person.addresses, person.accounts)):
        raise _lacks(place, "Nothing is said of this person.")


def _check_moment(place: str, text: str, zone: str, now: datetime) -> None:
    if not text:
        return
    if named_zone(zone) is None:
        raise _lacks(place, "Choose the zone of the time; none is assumed.")
    found = read_instant(written(text, zone))
    if found.utc is None or not re.match(r"\d{4}-", text):
        raise _lacks(place, f"“{text}” is no date, or its order is not clear; write it as 2026-05-01 14:30.")
    if found.utc > now:
        raise _lacks(place, f"{text} {zone} lies in the future.")


def written(text: str, zone: str) -> str:
    """The instant as one text with its zone: `2026-05-01 14:30 IST`."""
    name = "IST" if zone == "Asia/Kolkata" else zone
    return f"{text.strip()} {name}"


def _lacks(place: str, what: str) -> Refused:
    return Refused("INTAKE-ENTRY", what, "Correct it and send again; nothing was kept.", place=place)
