"""The records the checks look at. Frozen; every value that came from a file has its place beside it.

A strand of issue 4 is an *address* strand; `kind` bears `phone` and `account`, whose sighting and operator are None.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from paricha.grounds.instants import Precision
from paricha.grounds.provenance import Locator

SPAN = {
    Precision.SECOND: timedelta(0),
    Precision.MINUTE: timedelta(seconds=59),
    Precision.HOUR: timedelta(seconds=3599),
    Precision.DAY: timedelta(seconds=86399),
}


class StrandKind(StrEnum):
    ADDRESS = "address"
    PHONE = "phone"
    ACCOUNT = "account"


class SightingFacts(msgspec.Struct, frozen=True):
    """An address seen at an instant, from a tip or an observer: one kind for both.

    `id`: 16 bytes in hex. `activity`: whose doing it is, as far as the source says (see `activities`). `direct`: seen
    by the one who tells of it. `at` is None where no zone is stated. `locators`: address, port, at.
    """

    id: str
    source: str  # "tip" or "observation"
    reference: str
    activity: str
    provenance: str
    direct: bool
    address: str
    port: int | None
    protocol: str | None
    at: datetime | None
    precision: Precision | None
    zone_source: str
    observer_address: str | None = None
    observer_port: int | None = None
    strength: str = ""
    locators: tuple[Locator, ...] = ()

    @property
    def until(self) -> datetime | None:
        """The last second the stated precision may mean."""
        return self.at + SPAN[self.precision] if self.at and self.precision else None


class OperatorFacts(msgspec.Struct, frozen=True):
    """Whose address it was that day, as found when the request was made."""

    code: str
    name: str
    asn: int
    kind: str
    shared_ipv4: bool
    ipv6_prefix: int | None
    sources: tuple[str, ...]  # "kadal-registry as of 2026-01-10"
    locators: tuple[Locator, ...] = ()


class RequestFacts(msgspec.Struct, frozen=True):
    """The request a sighting was asked in: its number, the row, what was read back, who signed."""

    number: str
    row: int
    asked_rows: int
    fields_equal: int
    fields_total: int
    signed_by: tuple[str, ...]


class Subscriber(msgspec.Struct, frozen=True):
    """Whom the operator names. Empty text is None: not stated."""

    id: str | None
    name: str | None
    address: str | None
    address_kind: str | None
    contact: str | None
    email: str | None
    connection: str | None
    premises: str | None
    allocation: str | None
    activated_on: date | None
    since: date | None
    until: date | None
    imei: str | None


class Answer(msgspec.Struct, frozen=True):
    """One row of a reply, its values read; `faults` are (code, words) of values that cannot be read.

    `number` counts rows through all files of the call; `places` holds the locator of each column.
    """

    number: int
    file: str
    request: str | None
    row: int | None
    address: str | None
    port: int | None
    start: datetime | None
    end: datetime | None
    zone: str | None
    start_text: str
    end_text: str
    address_text: str
    destination_address: str | None
    destination_port: int | None
    subscriber: Subscriber
    remarks: str | None
    places: dict[str, Locator]
    faults: tuple[tuple[str, str], ...] = ()
    more_addresses: tuple[str, ...] = ()  # further installation addresses that the details give the same user id

    def at(self, *columns: str) -> tuple[Locator, ...]:
        return tuple(self.places[column] for column in columns if column in self.places)


class Strand(msgspec.Struct, frozen=True):
    """One sighting with the answer to it.

    `others`: further subscribers that the same call names for this sighting. `contradicted`: a later call's row that
    names another (C29). `today`: the day on which the question is asked.
    """

    sighting: SightingFacts
    operator: OperatorFacts
    request: RequestFacts
    answer: Answer
    today: date
    kind: StrandKind = StrandKind.ADDRESS
    others: tuple[Answer, ...] = ()
    contradicted: tuple[Answer, ...] = ()
    other_addresses: tuple[str, ...] = ()

    @property
    def mobile(self) -> bool:
        return (self.answer.subscriber.connection or self.operator.kind) == "mobile"

    @property
    def subscriber_key(self) -> str:
        return subscriber_key(self.operator.code, self.answer.subscriber)


class Enquiry(msgspec.Struct, frozen=True):
    """What an officer saw on the spot; None where he could not tell."""

    officer: str
    at: datetime
    lives_here: tuple[str, ...]
    floors: int | None
    others_use_line: bool | None
    premises: str | None
    user_in_fact: str | None
    remarks: str
    locators: tuple[Locator, ...] = ()


class Elsewhere(msgspec.Struct, frozen=True):
    """A sighting of the same activity whose answer names another subscriber."""

    activity: str
    operator: str
    subscriber: str
    sighting: str
    locators: tuple[Locator, ...] = ()


class DoorFacts(msgspec.Struct, frozen=True):
    """A door: its strands, what others of the same activity name, the enquiry, who confirmed and signed."""

    strands: tuple[Strand, ...]
    elsewhere: tuple[Elsewhere, ...]
    enquiry: Enquiry | None
    confirmed_station: str | None
    confirmed_by: str | None
    signed_by: tuple[str, ...]
    today: date


def subscriber_key(operator: str, subscriber: Subscriber) -> str:
    """One subscriber of one operator: by his id there; without one by name and contact as written, folded."""
    if subscriber.id:
        return f"{operator}|{subscriber.id.strip().casefold()}"
    name = " ".join((subscriber.name or "").casefold().split())
    contact = "".join(sign for sign in subscriber.contact or "" if sign.isdecimal())[-10:]
    return f"{operator}||{name}|{contact}"
