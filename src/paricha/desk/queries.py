"""What changed, where one left, what one was told: read from the log, shown only where the thing may be seen."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from paricha.access.models import Officer
from paricha.audit.models import AuditRow
from paricha.desk.events import Event
from paricha.desk.models import Notice
from paricha.desk.words import WORDS, place_of, words_of

READS_OF_A_THING = (
    "records:tip:read", "attribution:door:read", "attribution:request:read", "dispatch:tip:read",
    "operations:operation:read", "exhibits:exhibit:read", "cases:case:read",
)  # fmt: skip


def here_before(officer: Officer) -> datetime | None:
    """When the officer last looked at Home, half an hour or more ago; None on the first day."""
    before = int((timezone.now() - timedelta(minutes=30)).timestamp() * 1e9)
    row = AuditRow.objects.filter(officer=officer.id16, event=Event.HOME_READ, at_ns__lt=before).order_by("-at_ns").first()
    return datetime.fromtimestamp(row.at_ns / 1e9, tz=UTC) if row else None


def left_at(officer: Officer) -> dict[str, object] | None:
    """The thing the officer looked at last: words, place, when."""
    row = AuditRow.objects.filter(officer=officer.id16, event__in=READS_OF_A_THING).order_by("-at_ns").first()
    if row is None:
        return None
    for kind, thing in json.loads(row.touched):
        url = place_of(kind, bytes.fromhex(thing))
        if url:
            return {"kind": kind, "url": url, "at": datetime.fromtimestamp(row.at_ns / 1e9, tz=UTC)}
    return None


def changed(officer: Officer, since: datetime | None, limit: int = 12) -> list[dict[str, object]]:
    """What others of the officer's units did since: words and place; pages behind it check who may see."""
    units = Officer.objects.filter(unit__path__startswith=officer.unit.path).exclude(pk=officer.pk)
    ids = [bytes(one) for one in units.values_list("id16", flat=True)]
    rows = AuditRow.objects.filter(event__in=list(WORDS), officer__in=ids)
    if since is not None:
        rows = rows.filter(at_ns__gte=int(since.timestamp() * 1e9))
    names = dict(Officer.objects.filter(id16__in=ids).values_list("id16", "name"))
    return [
        {
            "at": datetime.fromtimestamp(row.at_ns / 1e9, tz=UTC),
            "words": words_of(row.event),
            "by": names.get(bytes(row.officer or b""), ""),
            "url": next((url for kind, thing in json.loads(row.touched) if (url := place_of(kind, bytes.fromhex(thing)))), ""),
        }
        for row in rows.order_by("-at_ns")[:limit]
    ]


def notices(officer: Officer, *, unseen: bool = False) -> list[Notice]:
    """The officer's notices, newest first."""
    rows = Notice.objects.filter(officer=officer)
    if unseen:
        rows = rows.filter(seen_at__isnull=True)
    return list(rows.order_by("-at", "-id")[:200])


def shown(notice: Notice) -> dict[str, object]:
    """A notice as the history list shows it."""
    return {"at": notice.at, "words": words_of(notice.event), "url": place_of(notice.kind, notice.thing)}
