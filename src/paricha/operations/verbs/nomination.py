"""Demand → nomination → accept, and the teams that follow from it."""

from __future__ import annotations

from typing import Any

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer, Unit
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.grounds.refusals import Refused
from paricha.operations import teams as forming
from paricha.operations.events import Event
from paricha.operations.models import (
    Demand,
    DemandState,
    Nominee,
    Operation,
    OperationState,
    PackageState,
    Site,
    SiteState,
    Team,
)
from paricha.operations.ranks import rank_order
from paricha.operations.verbs.planning import in_state
from paricha.places.models import District


class Named(msgspec.Struct, frozen=True):
    """One line of a nomination. `officer`: 16-byte id of the officer who acts in the software himself."""

    name: str
    rank: str
    woman: bool
    cyber: bool
    technical: bool
    officer: bytes | None = None


@verb(may=Right.PLAN, event=Event.DEMAND_SENT)
def send_demand(officer: Officer, operation: Operation, district: Unit, *, teams: int) -> Demand:
    """Ask a district for teams: numbers only, no address. One woman, one cyber and one technical officer a team."""
    in_state(operation, OperationState.PLANNING)
    sites = operation.sites.filter(district=district, state=SiteState.CHOSEN).count()
    demand, made = Demand.objects.get_or_create(
        operation=operation,
        unit=district,
        defaults={
            "sites": sites, "teams": teams, "women": teams, "cyber": teams, "technical": teams,
            "sent_at": timezone.now(),
        },
    )  # fmt: skip
    if not made:
        demand.sites, demand.teams, demand.women, demand.cyber, demand.technical = sites, teams, teams, teams, teams
        demand.state, demand.sent_at = DemandState.SENT, timezone.now()
        demand.save()
    touch("operation", operation)
    note_facts(sites=sites, teams=teams)
    return demand


@verb(may=Right.NOMINATE, event=Event.NOMINATED)
def nominate(officer: Officer, demand: Demand, people: list[Named]) -> Demand:
    """The district chief names his officers; a new list replaces the one before until it is accepted."""
    _open(demand)
    if not demand.unit.path.startswith(officer.unit.path) or demand.operation.state == OperationState.CLOSED:
        raise Refused("OPERATION-NOT-DEMANDED", _("Nothing is asked of you here."), _("Check the number."))
    seen: set[Any] = set()
    for one in people:
        mark = one.officer or (one.name.casefold(), one.rank.casefold())
        if mark in seen or (one.officer and _elsewhere(demand, one.officer)):
            raise Refused(
                "OPERATION-NOMINEE-TWICE", _("{name} is nominated twice.").format(name=one.name),
                _("Take one of the two lines out; another district may have named the same officer."),
            )  # fmt: skip
        seen.add(mark)
    demand.nominees.all().delete()
    for one in people:
        Nominee.objects.create(
            demand=demand, name=one.name, rank=one.rank, woman=one.woman, cyber=one.cyber, technical=one.technical,
            officer=Officer.objects.get(id16=one.officer) if one.officer else None,
        )  # fmt: skip
    demand.state = DemandState.NOMINATED
    demand.save(update_fields=["state"])
    note_facts(people=len(people))
    return demand


def _elsewhere(demand: Demand, officer: bytes) -> bool:
    others = Nominee.objects.filter(demand__operation=demand.operation_id, officer__id16=officer)
    return others.exclude(demand=demand).exists()


def _open(demand: Demand) -> None:
    demand.refresh_from_db()
    if demand.state == DemandState.ACCEPTED:
        raise Refused(
            "OPERATION-NOT-DEMANDED", _("The nomination was accepted already."), _("Ask headquarters to return it.")
        )


@verb(may=Right.PLAN, event=Event.RETURNED)
def return_nomination(officer: Officer, demand: Demand, *, reason: str) -> Demand:
    """Send a nomination back with words; the district names anew."""
    in_state(demand.operation, OperationState.PLANNING)
    if not reason.strip():
        raise Refused(
            "ACCESS-REASON-NEEDED", _("Say why it is returned."), _("Write what is missing; the district reads it.")
        )
    demand.state, demand.words = DemandState.RETURNED, reason
    demand.save(update_fields=["state", "words"])
    return demand


@verb(may=Right.PLAN, event=Event.ACCEPTED)
def accept(officer: Officer, demand: Demand) -> Demand:
    """Accept a nomination, short or not: the shortfall stays named on the plan."""
    if demand.state != DemandState.NOMINATED:
        raise Refused("OPERATION-STATE", _("The district has not nominated yet."), _("Wait, or remind it."))
    in_state(demand.operation, OperationState.PLANNING)
    demand.state = DemandState.ACCEPTED
    demand.save(update_fields=["state"])
    return demand


@verb(may=Right.PLAN, event=Event.TEAMS_FORMED)
def form_teams(officer: Officer, demand: Demand) -> list[Team]:
    """Form the district's teams from its nominees and give them its sites. Repeating it forms them anew."""
    operation = demand.operation
    in_state(operation, OperationState.PLANNING)
    if demand.state != DemandState.ACCEPTED:
        raise Refused("OPERATION-STATE", _("The nomination is not accepted yet."), _("Accept it first."))
    sites = {site.id.hex(): site for site in operation.sites.filter(district=demand.unit, state=SiteState.CHOSEN)}
    people = {one.id.hex(): one for one in demand.nominees.all()}
    plans, lacks = forming.form(
        code_of(demand.unit),
        demand.teams,
        [forming.SitePlan(key, site.wave, site.priority) for key, site in sites.items()],
        [as_person(one) for one in people.values()],
    )
    demand.nominees.update(team=None, leads=False)
    operation.sites.filter(district=demand.unit).update(team=None)
    made = []
    for plan in plans:
        team, _new = Team.objects.get_or_create(operation=operation, name=plan.name, district=demand.unit)
        for key in plan.members:
            Nominee.objects.filter(pk=people[key].pk).update(team=team, leads=key == plan.leader)
        Site.objects.filter(pk__in=[sites[key].pk for key in plan.sites]).update(team=team)
        made.append(team)
    note_facts(teams=len(made), shortfalls=len(lacks))
    touch("operation", operation)
    return made


@verb(may=Right.PLAN, event=Event.MEMBER_MOVED)
def move_member(officer: Officer, nominee: Nominee, team: Team | None) -> Nominee:
    """Put a nominee into another team of his district, or into reserve."""
    operation = nominee.demand.operation
    in_state(operation, OperationState.PLANNING, OperationState.FROZEN, OperationState.SEALED)
    if team is not None and (team.district_id != nominee.demand.unit_id or team.operation_id != operation.pk):
        raise Refused(
            "OPERATION-TEAM-OTHER-DISTRICT", _("{team} is a team of another district.").format(team=team.name),
            _("Choose a team of {district}.").format(district=nominee.demand.unit.name),
        )  # fmt: skip
    before, nominee.team, nominee.leads = nominee.team, team, False
    nominee.save(update_fields=["team", "leads"])
    for changed in {one.pk: one for one in (before, team) if one is not None}.values():
        _lead(changed)
        touch("team", changed)
        for package in changed.packages.filter(state=PackageState.SEALED):
            package.state, package.why = PackageState.HELD, str(_("A member was moved: seal again."))
            package.save(update_fields=["state", "why"])
    return nominee


def _lead(team: Team) -> None:
    """A team without a leader is led by its highest rank."""
    members = list(team.members.all())
    if members and not any(one.leads for one in members):
        first = min(members, key=lambda one: (rank_order(one.rank), one.id))
        Nominee.objects.filter(pk=first.pk).update(leads=True)


def as_person(one: Nominee) -> forming.Person:
    """A nominee as the pure planner sees one."""
    return forming.Person(one.id.hex(), rank_order(one.rank), one.woman, one.cyber, one.technical)


def code_of(unit: Unit) -> str:
    """What a district's teams are named by: its code in the unit's tables, else its own letters and key.

    Two districts never share a code, or their teams would be one.
    """
    known = District.objects.filter(name=unit.name).values_list("code", flat=True).first()
    if known:
        return known
    letters = "".join(char for char in unit.name.upper() if char.isascii() and char.isalpha())
    return f"{letters[:3] or 'TEAM'}{unit.pk}"
