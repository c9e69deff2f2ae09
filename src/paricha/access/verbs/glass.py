"""Break-glass: an officer opens what is not his, with a reason, for some hours; his supervisors are told and say they saw it."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.events import Event
from paricha.access.models import BreakGlass, Compartment, Officer, Unit
from paricha.access.rights import Right, Role
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.grounds.refusals import Refused

LONGEST_HOURS = 12
LEAST_LETTERS = 20


@verb(may=Right.BREAK_GLASS, event=Event.GLASS_BROKEN)
def break_glass(
    officer: Officer, *, unit: Unit | None = None, compartment: Compartment | None = None, reason: str, hours: int
) -> BreakGlass:
    """Open a unit's rows, or a compartment's, for up to twelve hours.

    The event names the supervisors (fact `supervisors`, ids in hex): whoever makes notices reads it from the feed.
    Raises `Refused` ACCESS-REASON-NEEDED, ACCESS-GLASS.
    """
    if len(reason.strip()) < LEAST_LETTERS:
        raise Refused(
            "ACCESS-REASON-NEEDED",
            _("The reason is kept for ever and read by your supervisor."),
            _("Say in at least {letters} letters why you need it now.").format(letters=LEAST_LETTERS),
        )
    if (unit is None) == (compartment is None) or not 1 <= hours <= LONGEST_HOURS:
        raise Refused(
            "ACCESS-GLASS",
            _("Break-glass opens one unit or one compartment, for one to twelve hours."),
            _("Choose one, and an end."),
        )
    now = timezone.now()
    made = BreakGlass.objects.create(
        officer=officer, unit=unit, compartment=compartment, reason=reason.strip(), since=now,
        until=now + timedelta(hours=hours),
    )  # fmt: skip
    touch("officer", officer)
    touch("unit", unit) if unit is not None else touch("compartment", compartment)  # type: ignore[arg-type]
    note_facts(hours=hours, supervisors=[one.id16.hex() for one in supervisors_of(officer)])
    return made


def supervisors_of(officer: Officer) -> list[Officer]:
    """Who must hear of it: supervisors of his unit and of those above, never himself."""
    above = [int(part) for part in officer.unit.path.strip("/").split("/") if part]
    found = Officer.objects.filter(active=True, unit_id__in=above, role_names__contains=Role.SUPERVISOR).exclude(
        pk=officer.pk
    )
    return [one for one in found.order_by("name") if Role.SUPERVISOR in one.roles]


def glass_to_see(officer: Officer) -> list[BreakGlass]:
    """Break-glass below this supervisor that nobody has acknowledged yet."""
    if Role.SUPERVISOR not in officer.roles:
        return []
    waiting = BreakGlass.objects.filter(seen_by__isnull=True).exclude(officer=officer)
    below = Q(officer__unit__path__startswith=officer.unit.path)
    return list(waiting.filter(below).select_related("officer", "unit", "compartment").order_by("since"))


@verb(may=None, event=Event.GLASS_SEEN)
def see_glass(officer: Officer, glass: BreakGlass) -> BreakGlass:
    """The supervisor says that he saw it. Raises `Refused` ACCESS-NOT-YOURS."""
    if glass.id not in {one.id for one in glass_to_see(officer)}:
        raise Refused(
            "ACCESS-NOT-YOURS",
            _("This is not for you to acknowledge, or somebody did."),
            _("A supervisor of the officer’s unit or of one above does."),
        )
    BreakGlass.objects.filter(pk=glass.pk, seen_by__isnull=True).update(seen_by=officer, seen_at=timezone.now())
    touch("officer", glass.officer)
    glass.refresh_from_db()
    return glass
