"""The shapes that `paricha intake` and `paricha tips export` print (interfaces: "Tips"): types, so that the code that
builds them and the JSON Schemas in docs/reference/schemas cannot differ.

A missing leaf is null, a missing list `[]`; no key is ever left out.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from paricha.grounds.plain import PlainLocator, PlainReading, PlainRefusal

Leaf = PlainReading | None


class IncidentLine(TypedDict):
    """`type`: the ESP's own, never NCMEC's classification."""

    type: Leaf
    at: Leaf
    description: Leaf


class ReporterLine(TypedDict):
    """`name`: the company; its contact is the person `reporter 1`."""

    name: Leaf


class PriorityLine(TypedDict):
    """`stated`: the code as written."""

    stated: Leaf


class AccountLine(TypedDict):
    """One account; `service` is null unless stated."""

    service: Leaf
    user_id: Leaf
    screen_name: Leaf
    display_names: list[PlainReading]
    profile_urls: list[PlainReading]


class DeviceLine(TypedDict):
    """A device's identifier as stated."""

    id_type: Leaf
    value: Leaf


class PersonLine(TypedDict):
    """A person by role, numbered from 1 within it as in the original."""

    role: str
    number: int
    names: list[PlainReading]
    ages: list[PlainReading]
    accounts: list[AccountLine]
    phones: list[PlainReading]
    emails: list[PlainReading]
    addresses: list[PlainReading]
    devices: list[DeviceLine]


class SightingLine(TypedDict):
    """An address seen at an instant. `who`: `suspect 1`, `file 2` or `report`."""

    of: str
    who: str
    address: Leaf
    port: Leaf
    event: Leaf
    at: Leaf
    possible_proxy: Leaf


class HashLine(TypedDict):
    """A stated hash of a file."""

    algorithm: str
    value: PlainReading


class FileLine(TypedDict):
    """A file that the tip names; metadata only."""

    name: Leaf
    original_name: Leaf
    hashes: list[HashLine]
    viewed_by_reporter: Leaf
    public: Leaf
    classification: Leaf
    annotations: list[PlainReading]


class PlaceLine(TypedDict):
    """Where somebody says an address or a person is. `said_by`: `ncmec` or `esp`."""

    address: Leaf
    country: Leaf
    region: Leaf
    city: Leaf
    organisation: Leaf
    said_by: str


class ConflictLine(TypedDict):
    """Distinct readings of one field; the leaf shows `readings[leading]`, chosen by `rule`."""

    field: str
    readings: list[PlainReading]
    leading: int
    rule: str


class AxesLine(TypedDict):
    """Each 0 to 100; null where the tip was not ranked yet."""

    child_at_risk: int | None
    solvability: int | None
    seriousness: int | None
    history_access: int | None


class ReasonLine(TypedDict):
    """Why an axis has points."""

    axis: str
    points: int
    words: str
    locators: list[PlainLocator]


class TriageLine(TypedDict):
    """The rank and its reasons, as they stand now."""

    axes: AxesLine
    completeness: int | None
    rank: int | None
    rules_version: str | int | None
    reasons: list[ReasonLine]


class TipLine(TypedDict):
    """A line of `paricha tips export --jsonl`: one tip from all its forms."""

    schema: Literal[1]
    tip: str
    report_number: Leaf
    forms: list[str]
    version: int
    received_at: Leaf
    made_available_at: Leaf
    incident: IncidentLine
    reporter: ReporterLine
    priority: PriorityLine
    people: list[PersonLine]
    sightings: list[SightingLine]
    files: list[FileLine]
    places: list[PlaceLine]
    prior_reports: list[PlainReading]
    members: list[str]
    conflicts: list[ConflictLine]
    triage: TriageLine


class CountsLine(TypedDict):
    """What became of a batch's tips."""

    new: int
    merged: int
    versions: int
    folded: int
    known: int


class CoverageLine(TypedDict):
    """What was read of one file or document member; sums over its reports."""

    file: str
    original: str
    reader: str | None
    tips: int
    expected_fields: int
    read_fields: int
    unread_blocks: int
    earlier: NotRequired[int]  # rows of the unit's own registers, where the file is one


class MediaLine(TypedDict):
    """Pictures, films and sounds: hashed and counted, none kept."""

    members: int
    kept: int


class BatchLine(TypedDict):
    """The object that `paricha intake --json` prints."""

    schema: Literal[1]
    batch: str
    files: int
    tips: CountsLine
    coverage: list[CoverageLine]
    media: MediaLine
    refusals: list[PlainRefusal]
