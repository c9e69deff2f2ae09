"""Operations as officers see them: the list, one operation with its shortfalls, what a release would publish."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.access.scope import CaseQuerySet
from paricha.grounds.instants import utc_text
from paricha.operations.models import (
    Demand,
    DemandState,
    Operation,
    OperationState,
    Package,
    PackageState,
    SiteState,
    Team,
)
from paricha.operations.ranks import rank_order
from paricha.operations.teams import Person, Shortfall, TeamPlan, shortfalls


def operations(officer: Officer) -> CaseQuerySet:
    """Operations whose compartment the officer is in, newest first."""
    return Operation.objects.visible_to(officer).order_by("-made_at")


def demands_for(officer: Officer) -> CaseQuerySet:
    """What is asked of the officer's own district or one below it, newest first."""
    found = Demand.objects.visible_to(officer).filter(unit__path__startswith=officer.unit.path)
    return found.select_related("operation", "unit").order_by("-sent_at")


def waiting(officer: Officer) -> int | None:
    """What waits for the officer: demands to answer, nominations to accept, releases to sign."""
    found = 0
    if officer.may(Right.NOMINATE):
        open_ones = demands_for(officer).filter(state__in=[DemandState.SENT, DemandState.RETURNED])
        found += open_ones.exclude(operation__state=OperationState.CLOSED).count()
    mine = operations(officer)
    if officer.may(Right.PLAN):
        found += Demand.objects.filter(operation__in=mine, state=DemandState.NOMINATED).count()
    if officer.may(Right.RELEASE):
        found += mine.filter(state=OperationState.SEALED).count()
    return found or None


def newest_packages(operation: Operation) -> list[Package]:
    """The newest version of each team's package, by team name."""
    newest: dict[bytes, Package] = {}
    for package in operation.packages.select_related("team__district").order_by("team__name", "version"):
        newest[package.team_id] = package
    return list(newest.values())


def sealed_digest(operation: Operation) -> str:
    """SHA-256 (hex) of what a release would publish: the newest version of each package and the set time.

    Two officers sign this. A package sealed again, or another time, is another digest, which nobody has signed yet.
    """
    said = {
        "operation": operation.id.hex(),
        "release_at": utc_text(operation.release_at),
        "packages": sorted(
            [package.team_id.hex(), package.version, bytes(package.commitment).hex(), bytes(package.sealed).hex()]
            for package in newest_packages(operation)
        ),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def package_counts(operation: Operation) -> dict[str, int]:
    """Newest packages by state, every state named."""
    counted = dict.fromkeys(PackageState.values, 0)
    for package in newest_packages(operation):
        counted[package.state] += 1
    return counted


def teams_of(operation: Operation) -> list[Team]:
    """Teams with district, members and sites, by name."""
    found = operation.teams.select_related("district").prefetch_related("members__officer", "sites", "packages")
    return list(found.order_by("name"))


def plain_times(operation: Operation) -> dict[str, Any]:
    """The three times as UTC texts."""
    return {name: utc_text(getattr(operation, name)) for name in ("release_at", "entry_at", "until")}


LACKS: dict[str, str | Promise] = {
    "people": _("{team}: nobody"),
    "leader": _("{team}: nobody to lead it"),
    "woman": _("{team}: no woman officer"),
    "cyber": _("{team}: nobody of the cyber cell"),
    "technical": _("{team}: no technical officer"),
}


def lack_words(lack: Shortfall) -> str:
    """A shortfall as the plan says it: `KLR-07: no woman officer`."""
    return str(LACKS[lack.lack]).format(team=lack.team)


def shortfalls_of(teams: list[Team]) -> list[Shortfall]:
    """What each team lacks, judged from its members as they stand."""
    people: dict[str, Person] = {}
    plans = []
    for team in teams:
        members = list(team.members.all())
        people |= {
            one.id.hex(): Person(one.id.hex(), rank_order(one.rank), one.woman, one.cyber, one.technical)
            for one in members
        }
        plans.append(TeamPlan(team.name, None, [one.id.hex() for one in members], []))
    return shortfalls(plans, list(people.values()))


def plan_of(operation: Operation) -> dict[str, Any]:
    """The plan by district: sites, teams, skills asked and named, shortfalls in words, the demand's state; and totals."""
    teams = teams_of(operation)
    demands = {one.unit_id: one for one in operation.demands.select_related("unit").prefetch_related("nominees")}
    sites = list(operation.sites.select_related("district", "team").order_by("number"))
    chosen = [site for site in sites if site.state == SiteState.CHOSEN]
    units = {one.district.pk: one.district for one in [*chosen, *teams]} | {
        one.unit_id: one.unit for one in demands.values()
    }
    districts = []
    for unit in sorted(units.values(), key=lambda one: one.name):
        demand = demands.get(unit.pk)
        named = list(demand.nominees.all()) if demand else []
        own = [team for team in teams if team.district_id == unit.pk]
        lacks = shortfalls_of(own)
        districts.append(
            {
                "unit": unit,
                "demand": demand,
                "sites": sum(site.district_id == unit.pk for site in chosen),
                "teams": own,
                "named": len(named),
                "skills": [
                    {
                        "asked": getattr(demand, column) if demand else 0,
                        "have": sum(getattr(one, skill) for one in named),
                    }
                    for column, skill in (("women", "woman"), ("cyber", "cyber"), ("technical", "technical"))
                ],
                "reserve": [one for one in named if one.team_id is None] if own else [],
                "shortfalls": [lack_words(lack) for lack in lacks],
            }
        )
    return {
        "districts": districts,
        "sites": sites,
        "chosen": len(chosen),
        "teams": teams,
        "short": len({lack.split(":")[0] for district in districts for lack in district["shortfalls"]}),
        "waves": sorted(
            (wave, sum(site.wave == wave for site in chosen)) for wave in {site.wave for site in chosen}
        ),
    }  # fmt: skip
