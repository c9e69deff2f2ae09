"""Need to know: `visible_to(officer)` on every table of case data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from paricha.access.models import BreakGlass, Compartment, Officer, Unit
from paricha.grounds.refusals import Refused

_looked_up: ContextVar[dict[tuple[str, int], list[int]] | None] = ContextVar("paricha_looked_up", default=None)


@contextmanager
def looking_once() -> Iterator[None]:
    """For what only reads (a page asked for by GET): units and compartments are looked up once, not for each list."""
    token = _looked_up.set({})
    try:
        yield
    finally:
        _looked_up.reset(token)


def _once(what: str, officer: Officer, ask: Callable[[Officer], list[int]]) -> list[int]:
    known = _looked_up.get()
    if known is None:
        return ask(officer)
    if (what, officer.pk) not in known:
        known[what, officer.pk] = ask(officer)
    return known[what, officer.pk]


def units_seen(officer: Officer) -> list[int]:
    """Integer keys of the units whose rows the officer sees: his own and those below, and any opened by break-glass."""
    return _once("units", officer, _units_seen)


def _units_seen(officer: Officer) -> list[int]:
    now = timezone.now()
    opened = BreakGlass.objects.filter(officer=officer, unit__isnull=False, since__lte=now, until__gt=now)
    seen = Q(path__startswith=officer.unit.path)
    for path in opened.values_list("unit__path", flat=True):
        seen |= Q(path__startswith=path)
    return list(Unit.objects.filter(seen).values_list("id", flat=True))


def compartments_seen(officer: Officer) -> list[int]:
    """Integer keys of the compartments the officer is in, or opened by break-glass."""
    return _once("compartments", officer, _compartments_seen)


def _compartments_seen(officer: Officer) -> list[int]:
    now = timezone.now()
    own = set(officer.compartments.values_list("id", flat=True))
    opened = BreakGlass.objects.filter(officer=officer, compartment__isnull=False, since__lte=now, until__gt=now)
    return sorted(own | set(opened.values_list("compartment_id", flat=True)))


def scope(officer: Officer, prefix: str = "", *, assigned: str | None = None) -> Q:
    """The condition for rows reached by `prefix` (`"door__"`).

    A row of no compartment is seen by the officers of its unit and of those above; a row of a compartment by its
    members alone, of whatever unit. `assigned` names a foreign key to Officer whose holder sees the row wherever it is.
    """
    if not officer.active:
        return Q(pk__in=[])
    open_rows = Q(**{f"{prefix}compartment_id__isnull": True, f"{prefix}unit_id__in": units_seen(officer)})
    seen = open_rows
    if closed := compartments_seen(officer):
        seen = seen | Q(**{f"{prefix}compartment_id__in": closed})
    return seen | Q(**{f"{prefix}{assigned}": officer}) if assigned else seen


class CaseQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows of case data; `visible_to` is the only way in for pages, exports, counts and suggestions."""

    def visible_to(self, officer: Officer) -> Self:
        model: Any = self.model
        return self.filter(scope(officer, model.scope_prefix, assigned=model.scope_assigned))

    def get_visible(self, officer: Officer, **where: Any) -> Any:
        """One row, or `Refused` ACCESS-NOT-VISIBLE that tells nothing about whether it exists."""
        found = self.visible_to(officer).filter(**where).first()
        if found is None:
            raise Refused(
                "ACCESS-NOT-VISIBLE",
                "There is no such thing here, or it is not for you to see.",
                "Check the number; break-glass opens another unit's rows with a reason.",
            )
        return found


class CaseData(models.Model):
    """Base of tables that hold case data and own their place: `unit`, and `compartment` where closed.

    A child table does not inherit this; it sets `objects = CaseQuerySet.as_manager()`, `scope_prefix = "tip__"` and
    `scope_assigned = None` so that it is seen exactly as its parent is.
    """

    scope_prefix: ClassVar[str] = ""
    scope_assigned: ClassVar[str | None] = None
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    compartment = models.ForeignKey(Compartment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    objects = CaseQuerySet.as_manager()

    class Meta:
        abstract = True
