"""A difference as an officer reads it: which thing, which field, what stood there and what stands there now."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paricha.intake.document import Person, TipDocument
from paricha.records.differences import differences, plain_change
from paricha.records.facts import key_words, role_words

FIELDS = {
    "report_number": gettext_lazy("Report number"),
    "received_at": gettext_lazy("Received"),
    "made_available_at": gettext_lazy("Made available"),
    "processed_at": gettext_lazy("Processed"),
    "incident.type": gettext_lazy("Type of incident"),
    "incident.at": gettext_lazy("Time of incident"),
    "incident.description": gettext_lazy("Incident described"),
    "reporter.name": gettext_lazy("Reporter"),
    "priority.stated": gettext_lazy("Priority"),
    "escalation": gettext_lazy("Escalated by the reporter"),
    "prior_reports": gettext_lazy("Prior reports"),
    "names": gettext_lazy("Name"),
    "ages": gettext_lazy("Age"),
    "phones": gettext_lazy("Phone"),
    "emails": gettext_lazy("E-mail"),
    "addresses": gettext_lazy("Address"),
    "service": gettext_lazy("Service"),
    "user_id": gettext_lazy("User id"),
    "screen_name": gettext_lazy("Screen name"),
    "display_names": gettext_lazy("Display name"),
    "profile_urls": gettext_lazy("Profile"),
    "devices": gettext_lazy("Device"),
    "sightings": gettext_lazy("Seen"),
    "name": gettext_lazy("Name"),
    "original_name": gettext_lazy("Original name"),
    "viewed_by_reporter": gettext_lazy("Viewed by the reporter"),
    "public": gettext_lazy("Publicly available"),
    "classification": gettext_lazy("Classification"),
    "annotations": gettext_lazy("Annotation"),
    "md5": "MD5",
    "sha1": "SHA-1",
    "sha256": "SHA-256",
}


def thing_words(path: str) -> str:
    """What a path speaks of: `Suspect 1`, `File plan.bin`, `The report`."""
    head, bar, _field = path.rpartition("/")
    if not bar:
        return _("The report")
    role, _blank, number = head.rpartition(" ")
    if role in ("suspect", "recipient", "victim", "reporter") and number.isdecimal():
        return role_words(Person(role, int(number)))
    if head == "places":
        return _("Place said by NCMEC") if _field == "ncmec" else _("Place said by the reporter")
    if head == "report":
        return _("The report")
    return _("File {name}").format(name=head[5:]) if head.startswith("file ") else head


def field_words(path: str) -> str:
    """Which field of it."""
    head, _bar, field = path.rpartition("/")
    if head == "places":
        return _("Whole place")
    known = FIELDS.get(path) or FIELDS.get(field)
    return str(known) if known else key_words(field)


def shown(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Plain changes with their words, for a page: `thing`, `field`, `kind`, `before`, `now`."""
    return [{**one, "thing": thing_words(one["path"]), "field": field_words(one["path"])} for one in told]


def between(before: TipDocument, now: TipDocument) -> list[dict[str, Any]]:
    """What two documents say differently, with words."""
    return shown([plain_change(before, now, one) for one in differences(before, now)])
