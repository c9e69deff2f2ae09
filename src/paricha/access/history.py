"""What happened to a thing, in words and with names: for the history that pages show, from the log itself."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from paricha.access.acts import thing_id
from paricha.access.models import Officer
from paricha.audit.models import AuditRow
from paricha.grounds.instants import from_epoch_ns


def told_of(thing: models.Model | bytes, limit: int = 50, *, looks: bool = True) -> list[dict[str, Any]]:
    """The newest events that touched a thing, for `{% told %}`: `at`, `words`, `by`. The page itself checks who may see it.

    Without `looks` who only looked is left out: the log has him.
    """
    raw = thing if isinstance(thing, bytes) else thing_id(thing)
    found = AuditRow.objects.filter(touches__thing=raw)
    if not looks:
        found = found.exclude(event__endswith=":read")
    rows = list(found.order_by("-at_ns", "-id")[:limit])
    names = names_of(row.officer for row in rows)
    return [{"at": from_epoch_ns(row.at_ns), "words": event_words(row.event), "by": by(row, names)} for row in rows]


def names_of(officers: Iterable[bytes | None]) -> dict[bytes, str]:
    """The names behind officers' ids, in one query."""
    wanted = {one for one in officers if one is not None}
    return {bytes(key): name for key, name in Officer.objects.filter(id16__in=wanted).values_list("id16", "name")}


def by(row: AuditRow, names: dict[bytes, str]) -> str:
    """Who did it; a row without officer is the program's own or a sign-in that failed."""
    return names.get(row.officer, row.officer.hex()) if row.officer else _("nobody signed in")


def event_words(event: str) -> str:
    """`access:officer:added` in words: `officer added`."""
    _room, _colon, rest = event.partition(":")
    return _(rest.replace(":", " ").replace("-", " "))


def via_words(via: str) -> str:
    """By what means an act came."""
    return {
        "screen": _("on a screen"),
        "cli": _("by the command line"),
        "api": _("by an API client"),
        "job": _("by a job"),
        "phone": _("on a phone"),
    }.get(via, via)


def facts_of(row: AuditRow) -> list[tuple[str, str]]:
    """Counts, codes and ids of a row, for `{% facts %}`."""
    return [
        (name, value if isinstance(value, str) else json.dumps(value)) for name, value in json.loads(row.facts).items()
    ]
