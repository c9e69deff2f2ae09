"""The history of an operation, site or package in words, from the log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from paricha.access.models import Officer
from paricha.audit.log import history
from paricha.grounds.instants import from_epoch_ns
from paricha.operations.events import Event

WORDS = {
    Event.MADE: _("Operation made"),
    Event.TIMES_SET: _("Times set"),
    Event.LET_IN: _("An officer was let in"),
    Event.SITE_CHOSEN: _("Site chosen"),
    Event.SITE_CHANGED: _("Site described"),
    Event.SITE_DROPPED: _("Site dropped"),
    Event.SITE_SEEN: _("House seen"),
    Event.SITE_MOVED: _("Site given to a team"),
    Event.DEMAND_SENT: _("Demand sent to a district"),
    Event.TEAMS_FORMED: _("Teams formed"),
    Event.MEMBER_MOVED: _("A member was moved"),
    Event.FROZEN: _("Plan frozen"),
    Event.SEALED: _("Sealed"),
    Event.REVOKED: _("Revoked"),
    Event.RELEASE_SIGNED: _("Release signed"),
    Event.RELEASED: _("Released"),
    Event.STOPPED: _("Stopped"),
    Event.URGENT: _("Opened on the urgent road"),
    Event.CLOSED: _("Closed"),
    "field:package:fetched": _("Fetched by a phone"),
    "field:event:stored": _("The team reported"),
    "field:event:entered": _("Entered by telephone"),
}


def told(thing: bytes, last: int = 40) -> list[dict[str, Any]]:
    """What happened to a thing, newest first; who only looked is left to the audit log."""
    rows = [row for row in history(thing) if row.event in {str(name) for name in WORDS}][-last:]
    names = dict(
        Officer.objects.filter(id16__in={row.officer for row in rows if row.officer}).values_list("id16", "name")
    )
    words = {str(name): said for name, said in WORDS.items()}
    return [
        {
            "at": from_epoch_ns(row.at_ns),
            "words": words[row.event],
            "by": names.get(bytes(row.officer), "") if row.officer else "",
        }
        for row in reversed(rows)
    ]
