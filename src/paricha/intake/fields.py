"""Coverage: which fields a reader of a form expects in a report, and how many of them stood there."""

from __future__ import annotations

from collections.abc import Callable

from paricha.intake.document import TipDocument

Seen = Callable[[TipDocument], object]

# In the order of the export; a field counts once, wherever in the tip it stands.
FIELDS: dict[str, Seen] = {
    "report_number": lambda tip: tip.report_number,
    "received_at": lambda tip: tip.received_at,
    "made_available_at": lambda tip: tip.made_available_at,
    "processed_at": lambda tip: tip.processed_at,
    "incident.type": lambda tip: tip.incident_type,
    "incident.at": lambda tip: tip.incident_at,
    "incident.description": lambda tip: tip.incident_description,
    "reporter.name": lambda tip: tip.reporter_name,
    "priority.stated": lambda tip: tip.priority_stated,
    "escalation": lambda tip: tip.escalation,
    "informational": lambda tip: tip.marks,
    "person.names": lambda tip: any(person.names for person in tip.people if person.role != "reporter"),
    "person.ages": lambda tip: any(person.ages for person in tip.people),
    "person.phones": lambda tip: any(person.phones for person in tip.people if person.role != "reporter"),
    "person.emails": lambda tip: any(person.emails for person in tip.people if person.role != "reporter"),
    "person.addresses": lambda tip: any(person.addresses for person in tip.people if person.role != "reporter"),
    "person.devices": lambda tip: any(person.devices for person in tip.people),
    "person.prior_reports": lambda tip: tip.prior_reports,
    "person.circumstances": lambda tip: any(person.other for person in tip.people),
    "reporter.contact": lambda tip: any(person.role == "reporter" for person in tip.people),
    "account.service": lambda tip: any(account.service for person in tip.people for account in person.accounts),
    "account.user_id": lambda tip: any(account.user_id for person in tip.people for account in person.accounts),
    "account.screen_name": lambda tip: any(account.screen_name for person in tip.people for account in person.accounts),
    "account.display_names": lambda tip: any(
        account.display_names for person in tip.people for account in person.accounts
    ),
    "account.profile_urls": lambda tip: any(
        account.profile_urls for person in tip.people for account in person.accounts
    ),
    "sighting.address": lambda tip: any(seen.address for seen in tip.sightings),
    "sighting.port": lambda tip: any(seen.port for seen in tip.sightings),
    "sighting.event": lambda tip: any(seen.event for seen in tip.sightings),
    "sighting.at": lambda tip: any(seen.at for seen in tip.sightings),
    "sighting.possible_proxy": lambda tip: any(seen.possible_proxy for seen in tip.sightings),
    "file.name": lambda tip: any(file.name for file in tip.files),
    "file.original_name": lambda tip: any(file.original_name for file in tip.files),
    "file.hashes": lambda tip: any(file.hashes for file in tip.files),
    "file.viewed_by_reporter": lambda tip: any(file.viewed_by_reporter for file in tip.files),
    "file.public": lambda tip: any(file.public for file in tip.files),
    "file.classification": lambda tip: any(file.classification for file in tip.files),
    "file.annotations": lambda tip: any(file.annotations for file in tip.files),
    "places": lambda tip: tip.places,
}

_ALL = tuple(FIELDS.values())


def count_fields(tip: TipDocument, form: str) -> tuple[int, int]:
    """How many fields a report of this form may state, and how many this one does.

    A sheet states what its mapping names (`sheets` counts those itself); JSON may state all.
    """
    return len(_ALL), sum(1 for seen in _ALL if seen(tip))
