"""Notices: told by the feed, seen by their officer."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone

from paricha.access.models import Officer
from paricha.access.verbs_of_the_house import verb
from paricha.audit.feed import FeedEvent
from paricha.audit.models import AuditRow
from paricha.desk.events import Event
from paricha.desk.models import Notice


def tell(events: list[FeedEvent]) -> None:
    """Feed consumer: everyone who acted on the thing before hears what came of it, once."""
    for event in events:
        at = datetime.fromtimestamp(event.at_ns / 1e9, tz=UTC)
        for kind, thing in event.touched:
            if kind in ("officer", "unit", "officerkey"):
                continue
            for officer in _who_touched(thing, event):
                Notice.objects.get_or_create(
                    officer=officer, row=event.id, thing=thing,
                    defaults={"event": event.event, "kind": kind, "at": at},
                )  # fmt: skip


def _who_touched(thing: bytes, event: FeedEvent) -> list[Officer]:
    ids = (
        AuditRow.objects.filter(touches__thing=thing, at_ns__lt=event.at_ns, officer__isnull=False)
        .exclude(event__endswith=":read")
        .values_list("officer", flat=True)
        .distinct()
    )
    return list(Officer.objects.filter(id16__in=[bytes(one) for one in ids], active=True).exclude(id16=event.officer or b""))


@verb(may=None, event=Event.NOTICE_SEEN)
def seen(officer: Officer, notices: list[Notice]) -> list[Notice]:
    """The officer has read these notices; only his own count."""
    mine = [notice for notice in notices if notice.officer_id == officer.pk and notice.seen_at is None]
    for notice in mine:
        notice.seen_at = timezone.now()
        notice.save(update_fields=["seen_at"])
    return mine
