"""A typed tip, as the page “Enter a tip” keeps it: every value located at `entry [officer, instant]`."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from paricha.grounds.instants import read_instant
from paricha.grounds.provenance import LocatorKind
from paricha.intake.document import Account, Leaf, Noted, Person, Seen, Source, TipDocument, When, when
from paricha.intake.entry import MARK, NOT_STATED, Entry, TypedPerson, entry_of, people_of, written
from paricha.intake.originals import Head, Original, Reader, Yielded

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

    def _leaf(self, text: str, field: str) -> Leaf | None:
        if not text.strip():
            return None
        self.read.add(field)
        return Leaf(text.strip(), self.at)

    def _leaves(self, texts: list[str], field: str) -> list[Leaf]:
        return [leaf for text in texts if (leaf := self._leaf(text, field))]

    def _when(self, text: str, zone: str, field: str) -> When | None:
        if not text:
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
        tip.marks = [Noted("entered as", Leaf(entry.form, self.at))]
        if entry.child_in_danger != NOT_STATED:
            self.read.add("child_in_danger")
            tip.marks.append(Noted("child in danger", Leaf(entry.child_in_danger == "yes", self.at)))
        for typed, who in zip(entry.persons, people_of(entry), strict=True):
            tip.people.append(self._person(typed, int(who.rpartition(" ")[2])))
        for seen in entry.sightings:
            of = "report" if seen.who == "report" else "person"
            port = Leaf(int(seen.port), self.at) if seen.port else None
            at = self._when(seen.at, seen.zone, "sighting.at")
            event = self._leaf(seen.event, "sighting.event")
            tip.sightings.append(Seen(of, seen.who, self._leaf(seen.address, "sighting.address"), port, event, at))
            if port:
                self.read.add("sighting.port")
        tip.other = [Noted("attached", Leaf(sha256, self.at)) for sha256 in entry.attached]
        tip.expected, tip.read = len(FIELDS), len(self.read)
        return tip

    def _person(self, typed: TypedPerson, number: int) -> Person:
        person = Person(typed.role, number)
        person.names = self._leaves([typed.name], "person.names")
        if typed.age:
            self.read.add("person.ages")
            person.ages = [Leaf(int(typed.age), self.at)]
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
