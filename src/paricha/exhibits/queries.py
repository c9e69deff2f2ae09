"""Exhibits, custody and clocks as officers see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from paricha.access.models import Officer
from paricha.access.scope import CaseQuerySet, units_seen
from paricha.exhibits.clocks import Standing, standing
from paricha.exhibits.models import Clock, Custody, Exhibit
from paricha.grounds.instants import utc_text
from paricha.operations.models import Site


def exhibits(officer: Officer) -> CaseQuerySet:
    """Exhibits the officer may see."""
    return Exhibit.objects.visible_to(officer).select_related("site__operation", "unit").prefetch_related("moves__to")


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
    return found.select_related("site__operation", "site__district", "done_by").distinct().order_by("done_at", "due_at")


def late(officer: Officer, now: datetime | None = None) -> list[Clock]:
    """Clocks past their limit and not done."""
    moment = now or timezone.now()
    return [clock for clock in clocks(officer).filter(done_at__isnull=True) if clock_standing(clock, moment) is Standing.LATE]


def clock_standing(clock: Clock, now: datetime) -> Standing:
    """How a clock stands now."""
    return standing(clock.due_at, clock.done_at, now)


def waiting(officer: Officer) -> int | None:
    """Moves to confirm and late clocks; None when there are none."""
    return to_confirm(officer).count() + len(late(officer)) or None


def of_site(site: Site) -> list[Exhibit]:
    """A site's exhibits by mark."""
    return sorted(Exhibit.objects.filter(site=site), key=lambda one: (len(one.mark), one.mark))


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
        "holder": holder(exhibit),
        "custody": [
            {
                "from": move.giver.name if move.giver else None,
                "to": move.to.name,
                "given_at": utc_text(move.given_at),
                "received_at": utc_text(move.received_at) if move.received_at else None,
                "purpose": move.purpose,
                "seal_found": move.seal_found or None,
            }
            for move in exhibit.moves.select_related("giver", "to")
        ],
    }
