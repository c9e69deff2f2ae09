"""Plan: make an operation, choose and drop sites, say who has seen the house."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Compartment, Officer
from paricha.access.numbers import next_number
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import touch, verb
from paricha.attribution.finished import day_here
from paricha.audit.fields import new_id
from paricha.grounds.refusals import Refused
from paricha.operations.doors import district_unit, door_of, house_seen_of, must_be_ready
from paricha.operations.events import Event
from paricha.operations.models import Operation, OperationState, PackageState, Site, SiteState, Team


def in_state(operation: Operation, *states: OperationState) -> None:
    """Raise `Refused` OPERATION-STATE unless the operation is in one of the states: read anew, its row locked to the end."""
    operation.refresh_from_db(from_queryset=Operation.objects.select_for_update())
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
    officer: Officer, name: str, *, entry_at: datetime, release_at: datetime, until: datetime, urgent: bool = False,
    began_at: datetime | None = None,
) -> Operation:  # fmt: skip
    """The operation's row and its compartment, with its maker inside. Called by verbs only."""
    times_in_order(release_at, entry_at, until)
    if not name.strip():
        raise Refused("OPERATION-NAME", _("The operation has no name."), _("Give it a word that tells nothing of it."))
    number = next_number("O", officer.unit)
    compartment = Compartment.objects.create(name=f"{number} {name} {new_id().hex()[-6:]}")
    compartment.members.add(officer)
    return Operation.objects.create(
        number=number, name=name.strip(), unit=officer.unit, compartment=compartment, entry_at=entry_at,
        release_at=release_at, until=until, urgent=urgent, began_at=began_at, made_by=officer, made_at=timezone.now(),
    )  # fmt: skip


def times_in_order(release_at: datetime, entry_at: datetime, until: datetime) -> None:
    """Raise `Refused` OPERATION-TIMES unless the package opens before entry and is valid beyond it."""
    if not release_at <= entry_at < until:
        raise Refused(
            "OPERATION-TIMES", _("Release, entry and end do not follow one another."), _("Put the times in order.")
        )


@verb(may=Right.PLAN, event=Event.MADE)
def make_operation(
    officer: Officer, name: str, *, entry_at: datetime, release_at: datetime, until: datetime
) -> Operation:
    """A new operation, closed to everyone but its members. Raises `Refused` OPERATION-TIMES."""
    return make(officer, name, entry_at=entry_at, release_at=release_at, until=until)


@verb(may=Right.PLAN, event=Event.TIMES_SET)
def set_times(
    officer: Officer, operation: Operation, *, entry_at: datetime, release_at: datetime, until: datetime
) -> Operation:
    """Other times, until something was released. What was sealed is to be sealed again; signatures fall away."""
    in_state(operation, OperationState.PLANNING, OperationState.FROZEN, OperationState.SEALED)
    times_in_order(release_at, entry_at, until)
    sealed_says_otherwise = (entry_at, until) != (operation.entry_at, operation.until)
    operation.entry_at, operation.release_at, operation.until = entry_at, release_at, until
    operation.save(update_fields=["entry_at", "release_at", "until"])
    if sealed_says_otherwise:
        hold_sealed(operation, None, str(_("The times were changed: seal again.")))
    return operation


@verb(may=Right.PLAN, event=Event.LET_IN)
def let_in(officer: Officer, operation: Operation, member: Officer) -> Operation:
    """Let another officer into the operation's compartment."""
    assert operation.compartment is not None
    operation.compartment.members.add(member)
    touch("officer", member)
    return operation


@verb(may=Right.PLAN, event=Event.SITE_CHOSEN)
def choose_site(officer: Officer, operation: Operation, door: bytes, *, wave: int = 1, priority: int = 2) -> Site:
    """Make a door a site. Raises `Refused` OPERATION-DOOR with the door's own reason unless it is ready for a package."""
    in_state(operation, OperationState.PLANNING)
    row = door_of(officer, door)
    now = must_be_ready(door)
    if operation.sites.filter(door=door).exists():
        raise Refused(
            "OPERATION-DOOR-TAKEN", _("Door {number} is a site already.").format(number=now.number),
            _("Change the site instead."),
        )  # fmt: skip
    number = (operation.sites.aggregate(last=Max("number"))["last"] or 0) + 1
    seen = house_seen_of(officer, row)
    touch("door", door)
    touch("operation", operation)
    return Site.objects.create(
        operation=operation, number=number, door=door, district=district_unit(now), wave=wave, priority=priority,
        seen_by=seen.by if seen else "", seen_on=seen.on if seen else None,
    )  # fmt: skip


@verb(may=Right.PLAN, event=Event.SITE_CHANGED)
def describe_site(
    officer: Officer, site: Site, *, wave: int, priority: int, children_expected: bool | None, expect: str
) -> Site:
    """What the plan says of a site: its wave, its priority, whether a child is expected (None: not known), what to expect."""
    in_state(site.operation, OperationState.PLANNING, OperationState.FROZEN)
    if wave < 1 or not 1 <= priority <= 3:
        raise Refused("OPERATION-TIMES", _("Waves count from 1, priorities from 1 to 3."), _("Correct the number."))
    site.wave, site.priority, site.children_expected, site.expect = wave, priority, children_expected, expect.strip()
    site.save(update_fields=["wave", "priority", "children_expected", "expect"])
    return site


@verb(may=Right.PLAN, event=Event.SITE_DROPPED)
def drop_site(officer: Officer, site: Site, *, reason: str) -> Site:
    """Leave a site out, with the reason that the evening's figures need. A sealed package with it is held back."""
    in_state(
        site.operation, OperationState.PLANNING, OperationState.FROZEN, OperationState.SEALED, OperationState.RELEASED
    )
    if not reason.strip():
        raise Refused("ACCESS-REASON-NEEDED", _("Say why the site is dropped."), _("Write the reason."))
    if any(
        site.id.hex() in one.site_ids.split() for one in site.operation.packages.filter(state=PackageState.RELEASED)
    ):
        raise Refused(
            "OPERATION-STATE", _("The package with site {number} is released already.").format(number=site.number),
            _("Stop the site: the team is told at once."),
        )  # fmt: skip
    site.state, site.why_not, site.team = SiteState.DROPPED, reason.strip(), None
    site.save(update_fields=["state", "why_not", "team"])
    hold_sealed(site.operation, site, str(_("Site {number} was dropped: seal again.").format(number=site.number)))
    if site.door:
        touch("door", site.door)
    return site


def hold_sealed(operation: Operation, site: Site | None, why: str) -> int:
    """Hold back the operation's sealed packages, or only those with the site. Returns how many. Called by verbs only."""
    held = 0
    for package in operation.packages.filter(state=PackageState.SEALED):
        if site is None or site.id.hex() in package.site_ids.split():
            package.state, package.why = PackageState.HELD, why
            package.save(update_fields=["state", "why"])
            held += 1
    return held


@verb(may=Right.PLAN, event=Event.SITE_SEEN)
def house_seen(officer: Officer, site: Site, *, by: str, on: date) -> Site:
    """Who has seen the house, and when: a gate before sealing."""
    in_state(site.operation, OperationState.PLANNING, OperationState.FROZEN)
    if on > day_here(timezone.now()) or not by.strip():
        raise Refused(
            "OPERATION-TIMES", _("The day lies ahead, or nobody is named."), _("Say who saw the house, and when.")
        )
    site.seen_by, site.seen_on = by.strip(), on
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
