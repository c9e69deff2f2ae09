"""What is out, what is due, what came back."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

from paricha.access.models import Officer
from paricha.access.scope import CaseQuerySet
from paricha.dispatch.enclosures import enclosed_facts
from paricha.dispatch.models import Dispatch, State
from paricha.records.models import Tip
from paricha.records.queries import document_of

OPEN = [State.SENT, State.ACKNOWLEDGED]


def today() -> date:
    """The day it is now in the unit's zone; due dates are days of that zone."""
    return timezone.now().astimezone(ZoneInfo(settings.PARICHA.zone)).date()


def dispatches(officer: Officer) -> CaseQuerySet:
    """All that the officer may see, with the receiving unit."""
    return Dispatch.objects.visible_to(officer).select_related("unit", "sent_by")


def waiting(officer: Officer) -> int | None:
    """How many are open for this officer's units; None when there are none."""
    return dispatches(officer).filter(state__in=OPEN).count() or None


def overdue(officer: Officer, on: date | None = None) -> CaseQuerySet:
    """Open ones past their due date, the oldest first."""
    day = on or today()
    return dispatches(officer).filter(state__in=OPEN, due_on__lt=day).order_by("due_on")


def pending_by_unit(officer: Officer) -> list[dict[str, object]]:
    """One row a unit: open, overdue, reported, returned."""
    day = today()
    return list(
        Dispatch.objects.visible_to(officer)
        .values("unit__name")
        .annotate(
            open=Count("id", filter=Q(state__in=OPEN)),
            overdue=Count("id", filter=Q(state__in=OPEN, due_on__lt=day)),
            reported=Count("id", filter=Q(state=State.REPORTED)),
            returned=Count("id", filter=Q(state=State.RETURNED)),
        )
        .order_by("unit__name")
    )


def enclosed(dispatch: Dispatch) -> list[tuple[object, list[tuple[str, object]]]]:
    """The enclosed facts as the tip states them now, with their places; [] when the tip was deleted by an order."""
    tip = Tip.objects.filter(id16=dispatch.tip).first()
    return enclosed_facts(document_of(tip), dispatch.enclosed.split()) if tip else []
