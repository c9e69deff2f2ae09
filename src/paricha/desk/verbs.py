"""Notices: told by the feed, seen by their officer."""

from __future__ import annotations

from django.utils import timezone

from paricha.access.models import Officer
from paricha.access.verbs_of_the_house import verb
from paricha.audit.feed import FeedEvent
from paricha.audit.models import AuditRow
from paricha.desk.events import Event
from paricha.desk.models import Notice
from paricha.desk.things import KINDS
from paricha.grounds.instants import from_epoch_ns
from paricha.records.events import Event as Records

# Who brings a thousand tips in has none of them in hand.
IN_BULK = (Records.TIPS_STORED, Records.TIPS_REMERGED, Records.GROUP_STORED)


def tell(events: list[FeedEvent]) -> None:
    """Feed consumer: everyone who acted on one of the things before hears what came of it, once an event."""
    for event in events:
        at = from_epoch_ns(event.at_ns)
        told: dict[int, tuple[str, bytes]] = {}
        for kind, thing in _in_order(event):
            for officer in _who_acted(thing, event):
                told.setdefault(officer, (kind, thing))
        for officer, (kind, thing) in told.items():
            Notice.objects.get_or_create(
                officer_id=officer,
                row=event.id,
                defaults={"event": event.event, "kind": kind, "thing": thing, "at": at},
            )


def _in_order(event: FeedEvent) -> list[tuple[str, bytes]]:
    """The event's things that a notice can name, the one that says most first."""
    order = list(KINDS)
    return sorted((one for one in event.touched if one[0] in KINDS), key=lambda one: (order.index(one[0]), one[1]))


def _who_acted(thing: bytes, event: FeedEvent) -> list[int]:
    """Integer keys of the officers who did something to the thing before; who only looked is told nothing."""
    rows = AuditRow.objects.filter(touches__thing=thing, at_ns__lt=event.at_ns, officer__isnull=False)
    rows = rows.exclude(event__in=IN_BULK)
    for looked in (":read", ":listed", ":exported"):
        rows = rows.exclude(event__endswith=looked)
    ids = [bytes(one) for one in rows.order_by().values_list("officer", flat=True).distinct()]
    found = Officer.objects.filter(id16__in=ids, active=True).exclude(id16=event.officer or b"")
    return list(found.order_by("pk").values_list("pk", flat=True))


@verb(may=None, event=Event.NOTICE_SEEN)
def seen(officer: Officer, notices: list[Notice]) -> list[Notice]:
    """The officer has read these notices; only his own count."""
    mine = [notice for notice in notices if notice.officer_id == officer.pk and notice.seen_at is None]
    for notice in mine:
        notice.seen_at = timezone.now()
        notice.save(update_fields=["seen_at"])
    return mine
