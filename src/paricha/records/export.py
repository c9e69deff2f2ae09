"""The exact line of `paricha tips export --jsonl` (interfaces.md "Tips"). Pure: a merged tip and its judgement in, JSON out.

Every leaf is a reading with its locator, or null; a missing list is `[]`; no key is ever left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paricha.intake.document import (
    Account,
    Device,
    FileSeen,
    Leaf,
    Noted,
    Person,
    PlaceSaid,
    Seen,
    TipDocument,
    When,
    plain_reading,
)
from paricha.records.merging import Merged

SCHEMA = 1
NOT_JUDGED: dict[str, Any] = {
    "axes": {"child_at_risk": None, "solvability": None, "seriousness": None, "history_access": None},
    "completeness": None,
    "rank": None,
    "rules_version": None,
    "reasons": [],
}


def tip_line(
    id16: bytes, tip: Merged, *, members: Sequence[str] = (), triage: dict[str, Any] | None = None
) -> dict[str, Any]:
    """One line. `members`: report numbers of the tips folded into this one; `triage`: as `triage` gives it."""
    doc = tip.document

    def leaf(one: Leaf | When | None) -> dict[str, Any] | None:
        return plain_reading(doc, one)

    prior = list(doc.prior_reports)
    for person in doc.people:
        prior += person.prior_reports
    return {
        "schema": SCHEMA,
        "tip": id16.hex(),
        "report_number": leaf(doc.report_number),
        "forms": sorted({source.form for source in doc.sources}),
        "version": tip.standing.version,
        "received_at": leaf(doc.received_at),
        "made_available_at": leaf(doc.made_available_at),
        "incident": {
            "type": leaf(doc.incident_type),
            "at": leaf(doc.incident_at),
            "description": leaf(doc.incident_description),
        },
        "reporter": {"name": leaf(doc.reporter_name)},
        "priority": {"stated": leaf(doc.priority_stated)},
        "people": [_person(doc, person) for person in doc.people],
        "sightings": [_seen(doc, seen) for seen in doc.sightings],
        "files": [_file(doc, file) for file in doc.files],
        "places": [_place(doc, place) for place in doc.places],
        "prior_reports": _leaves(doc, _once(prior)),
        "members": list(members),
        "conflicts": [
            {
                "field": one.field,
                "readings": [leaf(reading) for reading in one.readings],
                "leading": one.leading,
                "rule": one.rule,
            }
            for one in tip.conflicts
        ],
        "triage": triage or NOT_JUDGED,
    }


def _once(many: list[Leaf]) -> list[Leaf]:
    return list({str(one.value): one for one in reversed(many)}.values())[::-1]


def _leaves(doc: TipDocument, many: list[Leaf]) -> list[dict[str, Any] | None]:
    return [plain_reading(doc, one) for one in many]


def _named(doc: TipDocument, node: Account | Device | FileSeen | PlaceSaid | Seen, *names: str) -> dict[str, Any]:
    return {name: plain_reading(doc, getattr(node, name)) for name in names}


def _person(doc: TipDocument, person: Person) -> dict[str, Any]:
    return {
        "role": person.role,
        "number": person.number,
        "names": _leaves(doc, person.names),
        "ages": _leaves(doc, person.ages),
        "accounts": [
            {
                **_named(doc, account, "service", "user_id", "screen_name"),
                "display_names": _leaves(doc, account.display_names),
                "profile_urls": _leaves(doc, account.profile_urls),
            }
            for account in person.accounts
        ],
        "phones": _leaves(doc, person.phones),
        "emails": _leaves(doc, person.emails),
        "addresses": _leaves(doc, person.addresses),
        "devices": [_named(doc, device, "id_type", "value") for device in person.devices],
    }


def _seen(doc: TipDocument, seen: Seen) -> dict[str, Any]:
    return {
        "of": seen.of,
        "who": seen.who,
        **_named(doc, seen, "address", "port", "event", "at", "possible_proxy"),
    }


def _file(doc: TipDocument, file: FileSeen) -> dict[str, Any]:
    return {
        **_named(doc, file, "name", "original_name"),
        "hashes": [{"algorithm": one.algorithm, "value": plain_reading(doc, one.value)} for one in file.hashes],
        **_named(doc, file, "viewed_by_reporter", "public", "classification"),
        "annotations": _leaves(doc, file.annotations),
    }


def _place(doc: TipDocument, place: PlaceSaid) -> dict[str, Any]:
    return {**_named(doc, place, "address", "country", "region", "city", "organisation"), "said_by": place.said_by}


def noted(doc: TipDocument, many: list[Noted]) -> list[dict[str, Any]]:
    """Known fields without a place of their own in the line, for pages: field and reading."""
    return [{"field": one.field, "reading": plain_reading(doc, one.leaf)} for one in many]
