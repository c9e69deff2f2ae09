"""A typed tip, as the page “Enter a tip” keeps it: every value located at `entry [officer, instant]`."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from paricha.grounds import selectors
from paricha.grounds.instants import read_instant
from paricha.grounds.provenance import LocatorKind
from paricha.intake.document import Account, Leaf, Noted, Person, Seen, Source, TipDocument, Unread, When, when
from paricha.intake.entry import MARK, NOT_STATED, Entry, TypedPerson, entry_of, people_of, written
from paricha.intake.originals import Head, Original, Reader, Yielded
from paricha.intake.readers.cybertip_people import AGE_MOST, PORT_MOST
from paricha.intake.readers.json_walk import sound

FIELDS = (
    "giver giver_number received_at child_in_danger description person.names person.ages person.phones person.emails "
    "person.addresses account sighting.address sighting.port sighting.event sighting.at"
).split()


class EntryJson(Reader):
    """What an officer typed; one tip."""

    name, version, form = "entry", 1, "entry"

    def sniff(self, head: Head) -> bool:
        return head.starts(MARK.encode())

    def read(self, original: Original) -> Iterator[Yielded]:
        try:
            original.data.decode()  # msgspec looks at no letters of keys that it skips
            entry = entry_of(original.data)
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError):
            yield original.refusal(
                "INTAKE-ENTRY", "The typed tip cannot be read back.", "Restore the original from a backup."
            )
            return
        source = Source(self.form, self.label, original.sha256, LocatorKind.ENTRY)
        yield _Entered(entry, source).tip()


class _Entered:
    def __init__(self, entry: Entry, source: Source) -> None:
        self.entry, self.source = entry, source
        self.at = [entry.officer, entry.entered_at]
        self.read: set[str] = set()
        self.unread: list[Unread] = []

    def _leaf(self, text: str, field: str) -> Leaf | None:
        if not text.strip():
            return None
        if not sound(text):
            self._leave("broken characters")
            return None
        self.read.add(field)
        return Leaf(text.strip(), self.at)

    def _leaves(self, texts: list[str], field: str) -> list[Leaf]:
        return [leaf for text in texts if (leaf := self._leaf(text, field))]

    def _leave(self, why: str) -> None:
        self.unread.append(Unread(self.at, why))

    def _number(self, text: str, least: int, most: int, why: str, field: str) -> Leaf | None:
        """A whole number between bounds. The page takes no other; a file that only looks like a typed tip may hold one."""
        if not text:
            return None
        plain = text.strip()
        if plain.isdecimal() and len(plain) < 19 and least <= int(plain) <= most:
            self.read.add(field)
            return Leaf(int(plain), self.at)
        self._leave(why)
        return None

    def _when(self, text: str, zone: str, field: str) -> When | None:
        if not text:
            return None
        if not (sound(text) and sound(zone)):
            self._leave("broken characters")
            return None
        self.read.add(field)
        return when(read_instant(written(text, zone)), self.at)

    def tip(self) -> TipDocument:
        entry = self.entry
        tip = TipDocument([self.source], entry.giver.strip(), self.at)
        tip.report_number = self._leaf(entry.giver_number, "giver_number")
        tip.reporter_name = self._leaf(entry.giver, "giver")
        tip.received_at = self._when(entry.received_at, entry.received_zone, "received_at")
        tip.incident_description = self._leaf(entry.description, "description")
        tip.marks = [Noted("entered as", Leaf(entry.form, self.at))] if sound(entry.form) else []
        if entry.child_in_danger in ("yes", "no"):
            self.read.add("child_in_danger")
            tip.marks.append(Noted("child in danger", Leaf(entry.child_in_danger == "yes", self.at)))
        elif entry.child_in_danger != NOT_STATED:
            self._leave("not yes or no")
        for typed, who in zip(entry.persons, people_of(entry), strict=True):
            tip.people.append(self._person(typed, int(who.rpartition(" ")[2])))
        for seen in entry.sightings:
            of = "report" if seen.who == "report" else "person"
            port = self._number(seen.port, 1, PORT_MOST, "not a port", "sighting.port")
            at = self._when(seen.at, seen.zone, "sighting.at")
            event = self._leaf(seen.event, "sighting.event")
            if selectors.address(seen.address) is None:
                self._leave("not an address")
                continue
            tip.sightings.append(Seen(of, seen.who, self._leaf(seen.address, "sighting.address"), port, event, at))
        tip.other = [Noted("attached", Leaf(sha256, self.at)) for sha256 in entry.attached]
        tip.unread = self.unread
        tip.expected, tip.read = len(FIELDS), len(self.read)
        return tip

    def _person(self, typed: TypedPerson, number: int) -> Person:
        person = Person(typed.role, number)
        person.names = self._leaves([typed.name], "person.names")
        age = self._number(typed.age, 0, AGE_MOST, "not an age", "person.ages")
        person.ages = [age] if age else []
        person.phones = self._leaves(typed.phones, "person.phones")
        person.emails = self._leaves(typed.emails, "person.emails")
        person.addresses = self._leaves(typed.addresses, "person.addresses")
        for account in typed.accounts:
            person.accounts.append(
                Account(
                    self._leaf(account.service, "account"),
                    self._leaf(account.user_id, "account"),
                    self._leaf(account.screen_name, "account"),
                    profile_urls=self._leaves([account.profile_url], "account"),
                )
            )
        return person
