"""What an event is called on a screen."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "intake:batch:opened": _("A batch was brought in"),
    "intake:tip:entered": _("A tip was entered"),
    "records:tips:stored": _("Tips came in"),
    "records:conflict:decided": _("A conflict was decided"),
    "records:tip:handed": _("A tip was handed on"),
    "linking:link:decided": _("A link was decided"),
    "triage:tip:taken": _("A tip was taken"),
    "triage:tip:decided": _("A tip was decided"),
    "operators:snapshot:imported": _("Operators’ addresses were imported"),
    "attribution:requests:made": _("Requests were made"),
    "attribution:request:signed": _("A request was signed"),
    "attribution:replies:read": _("A reply was read"),
    "attribution:door:made": _("A door was made"),
    "attribution:door:changed": _("A door changed"),
    "attribution:door:frozen": _("A door was frozen"),
    "attribution:door:signed": _("A door was signed"),
    "attribution:enquiry:recorded": _("An enquiry came back"),
    "attribution:hold:decided": _("A hold was decided"),
    "dispatch:tip:sent": _("A tip went to a district"),
    "dispatch:report:received": _("A district reported back"),
    "dispatch:tip:returned": _("A district returned a tip"),
    "operations:demand:sent": _("Headquarters asks for teams"),
    "operations:demand:nominated": _("A district nominated"),
    "operations:package:sealed": _("Packages were sealed"),
    "operations:package:released": _("Packages were released"),
    "operations:package:held-back": _("A package was held back"),
    "operations:site:stopped": _("A site was stopped"),
    "exhibits:mark:clashed": _("Two exhibits carry one mark"),
    "cases:case:opened": _("A search got its outcome"),
    "access:glass:broken": _("Somebody broke the glass"),
}

# What is told to everyone who touched the thing before.
TOLD = (
    "dispatch:report:received",
    "dispatch:tip:returned",
    "attribution:door:frozen",
    "cases:case:opened",
    "operations:site:stopped",
    "access:glass:broken",
)


def words_of(event: str) -> str:
    """The event's sentence, or its name where it has none."""
    return str(WORDS.get(event, event))
