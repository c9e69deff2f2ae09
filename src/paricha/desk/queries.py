"""What changed, where one left, what one was told: read from the log, shown only where the thing may be seen."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.utils import timezone

from paricha.access.models import Officer
from paricha.audit.log import Thing
from paricha.audit.models import AuditRow
from paricha.desk.events import Event
from paricha.desk.models import Notice
from paricha.desk.things import KINDS, Named, first_of, named
from paricha.desk.words import WORDS, words_of
from paricha.grounds.instants import from_epoch_ns
from paricha.screens.moments import short_words

READS_OF_A_THING = (
    "records:tip:read", "attribution:door:read", "attribution:request:read", "dispatch:tip:read",
    "operations:operation:read", "exhibits:exhibit:read", "cases:case:read",
)  # fmt: skip
LOOKED_AT = 60  # rows of the log that are looked through for what the officer may see


def here_before(officer: Officer) -> datetime | None:
    """When the officer last looked at Home, half an hour or more ago; None on the first day."""
    before = int((timezone.now() - timedelta(minutes=30)).timestamp() * 1e9)
    row = (
        AuditRow.objects.filter(officer=officer.id16, event=Event.HOME_READ, at_ns__lt=before)
        .order_by("-at_ns")
        .first()
    )
    return _at(row) if row else None


def _at(row: AuditRow) -> datetime:
    return from_epoch_ns(row.at_ns)


def _things(row: AuditRow) -> list[Thing]:
    return [(kind, bytes.fromhex(thing)) for kind, thing in json.loads(row.touched)]


def left_at(officer: Officer) -> dict[str, object] | None:
    """The thing the officer looked at last and still may see: words, place, when."""
    rows = AuditRow.objects.filter(officer=officer.id16, event__in=READS_OF_A_THING).order_by("-at_ns")[:5]
    for row in rows:
        things = _things(row)
        found = first_of(things, named(officer, things))
        if found is not None and found.url:
            return {"words": found.words, "url": found.url, "since": short_words(_at(row))}
    return None


def changed(officer: Officer, since: datetime | None, limit: int = 12) -> list[dict[str, object]]:
    """What others of the officer's units did since, as far as he may see the things that they did it to."""
    units = Officer.objects.filter(unit__path__startswith=officer.unit.path).exclude(pk=officer.pk)
    names = {bytes(id16): name for id16, name in units.values_list("id16", "name")}
    rows = AuditRow.objects.filter(event__in=list(WORDS), officer__in=list(names))
    if since is not None:
        rows = rows.filter(at_ns__gte=int(since.timestamp() * 1e9))
    told = [(row, _things(row)) for row in rows.order_by("-at_ns")[:LOOKED_AT]]
    known = named(officer, {thing for _row, things in told for thing in things})
    shown = [
        _shown(row, first_of(things, known), names)
        for row, things in told
        if not any(kind in KINDS for kind, _thing in things) or first_of(things, known) is not None
    ]
    return shown[:limit]


def _shown(row: AuditRow, thing: Named | None, names: dict[bytes, str]) -> dict[str, object]:
    words = words_of(row.event)
    return {
        "at": _at(row),
        "words": f"{words}: {thing.words}" if thing else words,
        "url": thing.url if thing else "",
        "by": names.get(bytes(row.officer or b""), ""),
    }


def notices(officer: Officer, *, unseen: bool = False) -> list[Notice]:
    """The officer's notices, newest first."""
    rows = Notice.objects.filter(officer=officer)
    if unseen:
        rows = rows.filter(seen_at__isnull=True)
    return list(rows.order_by("-at", "-id")[:200])


def notices_shown(officer: Officer, rows: list[Notice]) -> list[dict[str, object]]:
    """Notices as the history list shows them; the thing is named only where the officer still may see it."""
    known = named(officer, {(row.kind, row.thing) for row in rows})
    found = []
    for row in rows:
        thing = known.get((row.kind, row.thing))
        words = words_of(row.event)
        found.append(
            {"at": row.at, "words": f"{words}: {thing.words}" if thing else words, "url": thing.url if thing else "",
             "seen_at": row.seen_at}
        )  # fmt: skip
    return found
