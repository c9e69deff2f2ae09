"""What a reader yields: a tip or a group as a tree of leaves, each with its place in the original.

One document is one report as one original states it. A merged tip (made by `records`) has the same shape with several
`sources`; a leaf's `form` is the index of its source. So pages, exports, rules and merging all read one shape.
`TipDocument.prior_reports` already holds those of the people (each person's own stand in `Person.prior_reports` too).
A text leaf never holds NUL or a lone surrogate; other control characters stay as written.
Compact on purpose: a leaf packs to a few bytes, and 100,000 tips are read at more than 1,500 a second.
"""

from __future__ import annotations

from typing import Any

import msgspec

from paricha.grounds.instants import Instant, Precision, ZoneSource, from_epoch
from paricha.grounds.provenance import Locator, LocatorKind, Place, Reading


class Leaf(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A value as written (ends trimmed) and where it stands in its source."""

    value: str | int | float | bool
    at: Place
    form: int = 0


class When(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An instant leaf. `utc`: seconds since 1970, or None when the zone is not stated or the text cannot be read."""

    as_written: str
    at: Place
    utc: int | None
    precision: Precision | None
    zone_source: ZoneSource
    form: int = 0

    def instant(self) -> Instant:
        moment = from_epoch(self.utc) if self.utc is not None else None
        return Instant(moment, self.precision, self.as_written, self.zone_source)


class Source(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Which original, read by which reader, as which form (`json xlsx csv entry …`), with which kind of locator."""

    form: str
    reader: str
    original: str
    kind: LocatorKind


class Noted(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A known field that has no place of its own in the tip (`accessToChildren`, `gender`): its name and leaf."""

    field: str
    leaf: Leaf


class Unread(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A block that the reader could not place: where, and why in a word (`unknown key`, `not a number`)."""

    at: Place
    why: str
    form: int = 0


class Account(msgspec.Struct, gc=False):
    service: Leaf | None = None
    user_id: Leaf | None = None
    screen_name: Leaf | None = None
    display_names: list[Leaf] = []
    profile_urls: list[Leaf] = []


class Device(msgspec.Struct, gc=False):
    id_type: Leaf | None = None
    value: Leaf | None = None


class Person(msgspec.Struct, gc=False):
    """`role`: suspect, recipient, victim, reporter; `number` from 1 within the role, as in the original."""

    role: str
    number: int
    names: list[Leaf] = []
    ages: list[Leaf] = []
    accounts: list[Account] = []
    phones: list[Leaf] = []
    emails: list[Leaf] = []
    addresses: list[Leaf] = []
    devices: list[Device] = []
    prior_reports: list[Leaf] = []
    other: list[Noted] = []

    @property
    def who(self) -> str:
        return f"{self.role} {self.number}"


class Seen(msgspec.Struct, gc=False):
    """A sighting of an address. `of`: person, file, report; `who`: "suspect 1", "file 2" or "report"."""

    of: str
    who: str
    address: Leaf | None = None
    port: Leaf | None = None
    event: Leaf | None = None
    at: When | None = None
    possible_proxy: Leaf | None = None


class Hash(msgspec.Struct, gc=False):
    algorithm: str
    value: Leaf


class FileSeen(msgspec.Struct, gc=False):
    name: Leaf | None = None
    original_name: Leaf | None = None
    hashes: list[Hash] = []
    viewed_by_reporter: Leaf | None = None
    public: Leaf | None = None
    classification: Leaf | None = None
    annotations: list[Leaf] = []
    other: list[Noted] = []


class PlaceSaid(msgspec.Struct, gc=False):
    """Where somebody says the address or person is. `said_by`: ncmec or esp."""

    said_by: str
    address: Leaf | None = None
    country: Leaf | None = None
    region: Leaf | None = None
    city: Leaf | None = None
    organisation: Leaf | None = None


class TipDocument(msgspec.Struct, gc=False):
    """One report. `giver`: who gave the number (`ncmec`, a partner's name); `place`: of the report in its original.

    `processed_at` decides which version is newest. `marks`: batched, viral, meme, informational as stated (leaves).
    `expected` and `read`: fields the reader knows for such a report, and how many of them stood there.
    """

    sources: list[Source]
    giver: str
    place: Place
    report_number: Leaf | None = None
    received_at: When | None = None
    made_available_at: When | None = None
    processed_at: When | None = None
    incident_type: Leaf | None = None
    incident_at: When | None = None
    incident_description: Leaf | None = None
    reporter_name: Leaf | None = None
    priority_stated: Leaf | None = None
    escalation: Leaf | None = None
    people: list[Person] = []
    sightings: list[Seen] = []
    files: list[FileSeen] = []
    places: list[PlaceSaid] = []
    prior_reports: list[Leaf] = []
    marks: list[Noted] = []
    other: list[Noted] = []
    unread: list[Unread] = []
    expected: int = 0
    read: int = 0


class Member(msgspec.Struct, gc=False):
    """A member of a group and why we believe it, one a basis, at the first place that shows it.

    `basis`: posted joined created invited removed reacted named contact roster. `invited` and `removed` carry a name
    only, `contact` a name and phone that somebody shared: lower grades than an id.
    """

    basis: str
    user_id: Leaf | None = None
    name: Leaf | None = None
    phone: Leaf | None = None
    at: When | None = None
    added_by: Leaf | None = None


class GroupDocument(msgspec.Struct, gc=False):
    """A group or channel with its members by basis; no message text."""

    sources: list[Source]
    service: str
    place: Place
    group_id: Leaf | None = None
    title: Leaf | None = None
    group_type: Leaf | None = None
    members: list[Member] = []
    messages: int = 0
    first_at: When | None = None
    last_at: When | None = None
    unread: list[Unread] = []
    expected: int = 0
    read: int = 0
    repairs: list[tuple[int, str]] = []  # byte place and what stood there, where the file was no valid JSON


Document = TipDocument | GroupDocument


def locator(document: Document, leaf: Leaf | When | Unread) -> Locator:
    """Where the leaf stands."""
    source = document.sources[leaf.form]
    return Locator(source.original, source.kind, leaf.at)


def reading(document: Document, leaf: Leaf | When) -> Reading:
    """The leaf as the reading that commands print and screens show."""
    source = document.sources[leaf.form]
    value = leaf.instant() if isinstance(leaf, When) else leaf.value
    return Reading(value, Locator(source.original, source.kind, leaf.at), source.reader)


def plain_reading(document: Document, leaf: Leaf | When | None) -> dict[str, Any] | None:
    """The reading as plain JSON; None where nothing is stated."""
    return None if leaf is None else reading(document, leaf).to_plain()


def leaves(node: Any) -> list[Leaf | When]:
    """Every leaf below a node, in the order of the fields: for `locate` checks and coverage."""
    if isinstance(node, (Leaf, When)):
        return [node]
    if isinstance(node, list):
        return [leaf for item in node for leaf in leaves(item)]
    if isinstance(node, msgspec.Struct) and not isinstance(node, (Source, Unread)):
        return [leaf for name in node.__struct_fields__ for leaf in leaves(getattr(node, name))]
    return []


encode = msgspec.msgpack.Encoder().encode
decode_tip = msgspec.msgpack.Decoder(TipDocument).decode
decode_group = msgspec.msgpack.Decoder(GroupDocument).decode


def when(instant: Instant, at: Place) -> When:
    """An instant leaf from an instant read by `grounds.instants.read_instant`."""
    utc = int(instant.utc.timestamp()) if instant.utc else None
    return When(instant.as_written, at, utc, instant.precision, instant.zone_source)
