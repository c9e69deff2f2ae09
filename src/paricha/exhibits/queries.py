"""Exhibits, custody and clocks as officers see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from paricha.access.models import Officer
from paricha.access.scope import CaseQuerySet, units_seen
from paricha.exhibits.clocks import Standing, standing
from paricha.exhibits.models import Clock, Custody, Exhibit
from paricha.grounds.instants import utc_text
from paricha.grounds.refusals import Refused
from paricha.operations.models import Site


def exhibits(officer: Officer) -> CaseQuerySet:
    """Exhibits the officer may see: his units', his compartments', and those that were handed to him."""
    handed = Custody.objects.filter(to=officer).values("exhibit_id")
    found = Exhibit.objects.visible_to(officer) | Exhibit.objects.filter(pk__in=handed)
    return (
        found.filter(joined_to=None)
        .select_related("site__operation", "unit")
        .prefetch_related("moves__to", "moves__giver")
    )


def exhibit_seen(officer: Officer, exhibit: bytes) -> Exhibit:
    """One of them. Raises `Refused` ACCESS-NOT-VISIBLE, which tells nothing about whether it exists."""
    row: Exhibit | None = exhibits(officer).filter(pk=exhibit).first()
    if row is None:
        raise Refused(
            "ACCESS-NOT-VISIBLE", gettext("There is no such exhibit for you."), gettext("Go to the register.")
        )
    return row


def holder(exhibit: Exhibit) -> str:
    """In whose hands it is: the last who confirmed, else the seizing team."""
    confirmed = [move for move in exhibit.moves.all() if move.received_at]
    return confirmed[-1].to.name if confirmed else exhibit.seized_by


def open_move(exhibit: Exhibit) -> Custody | None:
    """The move that waits for its second hand."""
    return next((move for move in exhibit.moves.all() if move.received_at is None), None)


def to_confirm(officer: Officer) -> CaseQuerySet:
    """Moves that wait for this officer's hand."""
    return Custody.objects.filter(to=officer, received_at__isnull=True).select_related("exhibit", "giver")


def clocks(officer: Officer) -> CaseQuerySet:
    """Clocks of the sites in the officer's districts or compartments, the most pressing first."""
    found = Clock.objects.filter(site__district_id__in=units_seen(officer)) | Clock.objects.visible_to(officer)
    order = (F("done_at").asc(nulls_first=True), F("due_at").asc(nulls_last=True), "id")
    return found.select_related("site__operation", "site__district", "done_by").order_by(*order)


def late(officer: Officer, now: datetime | None = None) -> list[Clock]:
    """Clocks past their limit and not done."""
    return list(clocks(officer).filter(done_at__isnull=True, due_at__lt=now or timezone.now()))


def clock_standing(clock: Clock, now: datetime) -> Standing:
    """How a clock stands now."""
    return standing(clock.due_at, clock.done_at, now)


def waiting(officer: Officer) -> int | None:
    """Moves to confirm and late clocks; None when there are none."""
    return to_confirm(officer).count() + len(late(officer)) or None


def of_site(site: Site) -> list[Exhibit]:
    """A site's exhibits by mark."""
    return sorted(Exhibit.objects.filter(site=site, joined_to=None), key=lambda one: (len(one.mark), one.mark))


def plain_exhibit(exhibit: Exhibit) -> dict[str, Any]:
    """One line of `paricha exhibits export`."""
    return {
        "schema": 1,
        "exhibit": exhibit.id.hex(),
        "number": exhibit.number,
        "operation": exhibit.site.operation.number,
        "site": exhibit.site.id.hex(),
        "mark": exhibit.mark,
        "clash": exhibit.clash,
        "type": exhibit.type,
        "make": exhibit.make or None,
        "model": exhibit.model or None,
        "serial": exhibit.serial or None,
        "imei": exhibit.imei or None,
        "room": exhibit.room,
        "seized_by": exhibit.seized_by,
        "seized_at": utc_text(exhibit.seized_at),
        "seal_number": exhibit.seal_number,
        "sem": exhibit.sem,
        "holder": holder(exhibit),
        "custody": [
            {
                "from": move.giver.name,
                "to": move.to.name,
                "given_at": utc_text(move.given_at),
                "received_at": utc_text(move.received_at) if move.received_at else None,
                "purpose": move.purpose,
                "place": move.place,
                "seal_found": move.seal_found or None,
                "seal_words": move.seal_words or None,
            }
            for move in exhibit.moves.all()
        ],
    }
