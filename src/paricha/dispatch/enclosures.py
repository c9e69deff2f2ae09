"""What of a tip may be enclosed, by need to know: named parts, each a list of labelled readings."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paricha.intake.document import Leaf, TipDocument, When, plain_reading
from paricha.records.facts import role_words

PARTS: dict[str, Any] = {
    "report": gettext_lazy("The report: number, dates, kind"),
    "people": gettext_lazy("Persons and their accounts, phones and mails"),
    "sightings": gettext_lazy("Addresses with port and time"),
    "files": gettext_lazy("Files by name and hash"),
    "places": gettext_lazy("Places named by the sender"),
}


def enclosed_facts(document: TipDocument, parts: list[str]) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """(heading, [(label, reading)]) for each chosen part, in the order of `PARTS`. Nothing outside them."""
    builders = {"report": _report, "people": _people, "sightings": _sightings, "files": _files, "places": _places}
    return [(PARTS[part], builders[part](document)) for part in PARTS if part in parts]


def _facts(document: TipDocument, *pairs: tuple[str, Leaf | When | None]) -> list[tuple[str, Any]]:
    return [(label, plain_reading(document, leaf)) for label, leaf in pairs if leaf is not None]


def who_words(who: str) -> str:
    """`suspect 1`, `file 2`, `report` of a sighting, as an officer reads it."""
    role, _blank, number = who.partition(" ")
    words = {
        "suspect": _("Suspect {n}"), "recipient": _("Recipient {n}"), "victim": _("Victim {n}"),
        "reporter": _("Reporter {n}"), "file": _("File {n}"), "report": _("The report"),
    }  # fmt: skip
    return words.get(role, who).format(n=number)


def said_by_words(who: str) -> str:
    """Who named a place."""
    return {"ncmec": "NCMEC", "esp": _("The platform")}.get(who, who)


def _report(document: TipDocument) -> list[tuple[str, Any]]:
    return _facts(
        document,
        (_("Report number"), document.report_number),
        (_("Received"), document.received_at),
        (_("Made available"), document.made_available_at),
        (_("Reported by"), document.reporter_name),
        (_("Kind of incident"), document.incident_type),
        (_("Time of incident"), document.incident_at),
        (_("Stated priority"), document.priority_stated),
    )


def _people(document: TipDocument) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for person in document.people:
        if person.role == "reporter":
            continue
        pairs: list[tuple[str, Leaf | None]] = []
        pairs += [(_("Name"), leaf) for leaf in person.names]
        for account in person.accounts:
            pairs += [
                (_("Service"), account.service),
                (_("User id"), account.user_id),
                (_("Screen name"), account.screen_name),
            ]
        pairs += [(_("Phone"), leaf) for leaf in person.phones]
        pairs += [(_("E-mail"), leaf) for leaf in person.emails]
        pairs += [(_("Address"), leaf) for leaf in person.addresses]
        rows += [(f"{role_words(person)}: {label}", value) for label, value in _facts(document, *pairs)]
    return rows


def _sightings(document: TipDocument) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for number, seen in enumerate(document.sightings, 1):
        pairs = (
            (_("Address"), seen.address),
            (_("Port"), seen.port),
            (_("Event"), seen.event),
            (_("Time"), seen.at),
        )
        rows += [(f"{number}. {who_words(seen.who)}: {label}", value) for label, value in _facts(document, *pairs)]
    return rows


def _files(document: TipDocument) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for number, file in enumerate(document.files, 1):
        pairs = [(_("Name"), file.name), (_("Classification"), file.classification)]
        pairs += [(one.algorithm.upper(), one.value) for one in file.hashes]
        rows += [(f"{number}. {label}", value) for label, value in _facts(document, *pairs)]
    return rows


def _places(document: TipDocument) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for number, place in enumerate(document.places, 1):
        pairs = (
            (_("Country"), place.country),
            (_("Region"), place.region),
            (_("City"), place.city),
            (_("Organisation"), place.organisation),
        )
        rows += [
            (f"{number}. {said_by_words(place.said_by)}: {label}", value) for label, value in _facts(document, *pairs)
        ]
    return rows
