"""Coverage: which fields a reader of the JSON expects in a report, and how many of them stood there."""

from __future__ import annotations

from paricha.intake.document import Person, TipDocument

# A field counts once, wherever in the tip it stands.
OF_TIP = (
    "report_number received_at made_available_at processed_at incident_type incident_at incident_description "
    "reporter_name priority_stated escalation marks prior_reports places"
).split()
OF_PERSON = "names ages phones emails addresses devices other".split()
OF_ACCOUNT = "service user_id screen_name display_names profile_urls".split()
OF_SIGHTING = "address port event at possible_proxy".split()
OF_FILE = "name original_name hashes viewed_by_reporter public classification annotations".split()
EXPECTED = (
    len(OF_TIP) + len(OF_PERSON) + len(OF_ACCOUNT) + len(OF_SIGHTING) + len(OF_FILE) + 1
)  # the reporter's contact


def count_fields(tip: TipDocument) -> tuple[int, int]:
    """How many fields a JSON report may state, and how many this one does."""
    seen = {name for name in OF_TIP if getattr(tip, name)}
    for person in tip.people:
        if person.role == "reporter":
            seen.add("contact")
        else:
            _of_person(person, seen)
    for sighting in tip.sightings:
        for name in OF_SIGHTING:
            if getattr(sighting, name) is not None:
                seen.add("sighting " + name)
    for file in tip.files:
        for name in OF_FILE:
            value = getattr(file, name)
            if value is not None and value != []:
                seen.add("file " + name)
    return EXPECTED, len(seen)


def _of_person(person: Person, seen: set[str]) -> None:
    for name in OF_PERSON:
        if getattr(person, name):
            seen.add("person " + name)
    for account in person.accounts:
        for name in OF_ACCOUNT:
            if getattr(account, name):
                seen.add("account " + name)
