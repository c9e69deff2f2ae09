"""Plan: make an operation, choose and drop sites, say who has seen the house."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Compartment, Officer, Unit
from paricha.access.numbers import next_number
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import touch, verb
from paricha.attribution.queries import door_for_site
from paricha.grounds.refusals import Refused
from paricha.operations.events import Event
from paricha.operations.models import Operation, OperationState, Site, SiteState, Team


def in_state(operation: Operation, *states: OperationState) -> None:
    """Raise `Refused` OPERATION-STATE unless the operation is in one of the states (read anew, under the transaction)."""
    operation.refresh_from_db()
    if operation.state not in states:
        wanted = ", ".join(str(state.label) for state in states)
        raise Refused(
            "OPERATION-STATE",
            _("{number} is “{state}”; this step needs “{wanted}”.").format(
                number=operation.number, state=operation.get_state_display(), wanted=wanted
            ),
            _("Go to the step that stands before it."),
        )


def make(
    officer: Officer, name: str, *, entry_at: datetime, release_at: datetime, until: datetime, urgent: bool = False
) -> Operation:
    """The operation's row and its compartment, with its maker inside. Called by verbs only."""
    if not release_at <= entry_at < until:
        raise Refused(
            "OPERATION-TIMES", _("Release, entry and end do not follow one another."), _("Put the times in order.")
        )
    number = next_number("O", officer.unit, timezone.localdate().year)
    compartment = Compartment.objects.create(name=f"{number} {name}")
    compartment.members.add(officer)
    return Operation.objects.create(
        number=number, name=name, unit=officer.unit, compartment=compartment, entry_at=entry_at, release_at=release_at,
        until=until, urgent=urgent, made_by=officer, made_at=timezone.now(),
    )  # fmt: skip


@verb(may=Right.PLAN, event=Event.MADE)
def make_operation(
    officer: Officer, name: str, *, entry_at: datetime, release_at: datetime, until: datetime
) -> Operation:
    """A new operation, closed to everyone but its members. Raises `Refused` OPERATION-TIMES."""
    return make(officer, name, entry_at=entry_at, release_at=release_at, until=until)


@verb(may=Right.PLAN, event=Event.MADE)
def let_in(officer: Officer, operation: Operation, member: Officer) -> Operation:
    """Let another officer into the operation's compartment."""
    assert operation.compartment is not None
    operation.compartment.members.add(member)
    touch("officer", member)
    return operation


@verb(may=Right.PLAN, event=Event.SITE_CHOSEN)
def choose_site(
    officer: Officer, operation: Operation, door: bytes, *, wave: int = 1, priority: int = 2
) -> Site:
    """Make a door that holds a site. Raises `Refused` with the door's own reason when it does not hold."""
    in_state(operation, OperationState.PLANNING)
    facts = door_for_site(officer, door)  # state, district; locks the door's row
    if facts.state != "holds":
        raise Refused(
            "OPERATION-DOOR", _("Door {number} is {state}: {why}").format(
                number=facts.number, state=facts.state, why=facts.why),
            _("Open the door's page and settle what is open."),
        )  # fmt: skip
    if not facts.enquired:
        raise Refused(
            "OPERATION-ENQUIRY", _("Nobody has looked at door {number} on the spot.").format(number=facts.number),
            _("Task an enquiry to the district first."),
        )  # fmt: skip
    if operation.sites.filter(door=door).exists():
        raise Refused(
            "OPERATION-DOOR-TAKEN", _("Door {number} is a site already.").format(number=facts.number),
            _("Change the site instead."),
        )  # fmt: skip
    number = (operation.sites.aggregate(last=Max("number"))["last"] or 0) + 1
    touch("door", door)
    touch("operation", operation)
    return Site.objects.create(
        operation=operation, number=number, door=door, district=facts.district, wave=wave, priority=priority,
        children_expected=facts.children_expected, expect=facts.expect, seen_by=facts.seen_by, seen_on=facts.seen_on,
    )  # fmt: skip


@verb(may=Right.PLAN, event=Event.SITE_DROPPED)
def drop_site(officer: Officer, site: Site, *, reason: str) -> Site:
    """Leave a site out, with the reason that the evening's figures need."""
    if not reason.strip():
        raise Refused("ACCESS-REASON-NEEDED", _("Say why the site is dropped."), _("Write the reason."))
    site.state, site.why_not, site.team = SiteState.DROPPED, reason, None
    site.save(update_fields=["state", "why_not", "team"])
    if site.door:
        touch("door", site.door)
    return site


@verb(may=Right.PLAN, event=Event.SITE_SEEN)
def house_seen(officer: Officer, site: Site, *, by: str, on: date) -> Site:
    """Who has seen the house, and when: a gate before sealing."""
    if on > timezone.localdate():
        raise Refused("OPERATION-TIMES", _("The day lies ahead."), _("Give the day on which the house was seen."))
    site.seen_by, site.seen_on = by, on
    site.save(update_fields=["seen_by", "seen_on"])
    return site


@verb(may=Right.PLAN, event=Event.SITE_MOVED)
def move_site(officer: Officer, site: Site, team: Team) -> Site:
    """Give a site to another team of its own district."""
    in_state(site.operation, OperationState.PLANNING, OperationState.FROZEN)
    if team.operation_id != site.operation_id or team.district_id != site.district_id:
        raise Refused(
            "OPERATION-TEAM-OTHER-DISTRICT", _("{team} is a team of another district.").format(team=team.name),
            _("Choose a team of {district}.").format(district=site.district.name),
        )  # fmt: skip
    site.team = team
    site.save(update_fields=["team"])
    touch("team", team)
    return site


def districts_of(operation: Operation) -> list[Unit]:
    """The districts in which the operation has sites."""
    return list(
        Unit.objects.filter(
            pk__in=operation.sites.filter(state=SiteState.CHOSEN).values_list("district_id", flat=True)
        ).order_by("name")
    )
