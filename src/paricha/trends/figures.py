"""The figures of the brief: each a definition and the rows that it counts. A figure is the length of its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from paricha.access.models import Officer
from paricha.attribution.models import Door
from paricha.cases import queries as cases
from paricha.cases.models import CaseKind
from paricha.dispatch.models import Dispatch
from paricha.exhibits.models import Exhibit
from paricha.field.kinds import Kind
from paricha.field.models import FieldEvent
from paricha.operations.models import Operation, Package, PackageState, Site, Team
from paricha.records.models import Tip


@dataclass(frozen=True)
class Row:
    """One counted thing: what it is called, where it is opened, and a few words."""

    label: str
    url: str
    words: str = ""


@dataclass(frozen=True)
class Figure:
    """`rows(officer, operation)`: the counted rows. `of_operation` False: counted over all that the officer sees."""

    key: str
    label: Any
    definition: Any
    rows: Callable[[Officer, Operation], list[Row]]
    of_operation: bool = True


def _tips(officer: Officer, operation: Operation) -> list[Row]:
    found = Tip.objects.visible_to(officer).order_by("id")
    return [Row(str(tip), reverse("records:tip", args=[tip.id16]), tip.forms) for tip in found]


def _dispatches(officer: Officer, operation: Operation) -> list[Row]:
    found = Dispatch.objects.visible_to(officer).select_related("unit").order_by("number")
    return [Row(row.number, reverse("dispatch:one", args=[row.id]), f"{row.unit.name}: {row.get_state_display()}") for row in found]


def _doors(officer: Officer, operation: Operation) -> list[Row]:
    found = Door.objects.visible_to(officer).order_by("number")
    return [Row(door.number, reverse("attribution:door", args=[door.id]), str(door.state)) for door in found]


def _site_row(site: Site) -> Row:
    return Row(str(site), reverse("operations:site", args=[site.id]), site.district.name)


def _sites(officer: Officer, operation: Operation) -> list[Row]:
    return [_site_row(site) for site in operation.sites.select_related("district", "operation").order_by("number")]


def _searched(officer: Officer, operation: Operation) -> list[Row]:
    return [
        _site_row(site)
        for site in operation.sites.select_related("district", "operation").order_by("number")
        if cases.was_searched(site)
    ]


def _not_searched(officer: Officer, operation: Operation) -> list[Row]:
    ends = {end.door: end for end in cases.ends_of(operation)}
    rows = []
    for site in operation.sites.select_related("district", "operation").order_by("number"):
        end = ends[site.door.hex() if site.door else f"site {site.number}"]
        if not end.searched:
            rows.append(Row(str(site), reverse("operations:site", args=[site.id]), end.reason or str(_("no reason yet"))))
    return rows


def _teams(officer: Officer, operation: Operation) -> list[Row]:
    found = Team.objects.visible_to(officer).filter(operation=operation).select_related("district").order_by("name")
    return [Row(team.name, reverse("operations:team", args=[team.id]), team.district.name) for team in found]


def _released(officer: Officer, operation: Operation) -> list[Row]:
    found = Package.objects.visible_to(officer).filter(operation=operation, state=PackageState.RELEASED)
    return [
        Row(f"{package.team.name} v{package.version}", reverse("operations:package", args=[package.id]))
        for package in found.select_related("team").order_by("team__name")
    ]


def _exhibits(officer: Officer, operation: Operation) -> list[Row]:
    found = Exhibit.objects.visible_to(officer).filter(site__operation=operation).order_by("number")
    return [Row(row.number, reverse("exhibits:one", args=[row.id]), f"{row.mark} {row.type}") for row in found]


def _arrests(officer: Officer, operation: Operation) -> list[Row]:
    found = FieldEvent.objects.visible_to(officer).filter(
        operation=operation, kind=Kind.PERSON_ARRESTED, confirmed_by__isnull=True
    )
    return [
        Row(f"{event.team.name}, {event.site}", reverse("field:event", args=[event.id]))
        for event in found.select_related("team", "site__operation").order_by("at")
    ]


def _cases_of(kind: CaseKind) -> Callable[[Officer, Operation], list[Row]]:
    def rows(officer: Officer, operation: Operation) -> list[Row]:
        found = cases.cases(officer).filter(site__operation=operation, kind=kind).order_by("number")
        return [Row(case.number, reverse("cases:one", args=[case.id]), f"{case.station} {case.reference}") for case in found]

    return rows


def _without_outcome(officer: Officer, operation: Operation) -> list[Row]:
    return [_site_row(site) for site in cases.without_outcome(officer) if site.operation_id == operation.pk]


def _events(officer: Officer, operation: Operation) -> list[Row]:
    found = FieldEvent.objects.visible_to(officer).filter(operation=operation, confirmed_by__isnull=True)
    return [
        Row(f"{event.team.name}: {event.kind}", reverse("field:event", args=[event.id]))
        for event in found.select_related("team").order_by("at")
    ]


FIGURES: list[Figure] = [
    Figure("tips", _("Tips received"), _("Reports of the unit, each counted once whatever forms it came in."), _tips, False),
    Figure("dispatches", _("Tips sent to districts"), _("Dispatches made, returned ones included."), _dispatches, False),
    Figure("doors", _("Doors identified"), _("Places that strands reach, in any state."), _doors, False),
    Figure("sites", _("Sites of the operation"), _("Doors chosen, dropped ones included."), _sites),
    Figure("teams", _("Teams"), _("Teams formed, with or without a package."), _teams),
    Figure("packages", _("Packages released"), _("Packages whose key was published by two officers."), _released),
    Figure("searched", _("Sites searched"), _("Sites that a team reports to have entered."), _searched),
    Figure("not_searched", _("Sites not searched"), _("Sites nobody entered, each with its reason or marked open."), _not_searched),
    Figure("exhibits", _("Exhibits seized"), _("Things on a seizure list; told by telephone and by phone count once."), _exhibits),
    Figure("arrests", _("Persons arrested"), _("Arrests reported by teams; told by telephone and by phone count once."), _arrests),
    Figure("fir", _("FIRs registered"), _("Standing outcomes of kind FIR; corrected ones don't count."), _cases_of(CaseKind.FIR)),
    Figure("s106", _("Reports under BNSS s.106"), _("Searches after which a device is held and no FIR stands yet."), _cases_of(CaseKind.S106)),
    Figure("nothing", _("Nothing found"), _("Searches that ended with nothing found."), _cases_of(CaseKind.NOTHING)),
    Figure("open", _("Searched, outcome not yet said"), _("Searched sites without an outcome."), _without_outcome),
    Figure("events", _("Field events"), _("What teams reported; a confirmed telephone entry counts once."), _events),
]
BY_KEY = {figure.key: figure for figure in FIGURES}


def counted(officer: Officer, operation: Operation) -> list[tuple[Figure, int]]:
    """Every figure with its number, counted now."""
    return [(figure, len(figure.rows(officer, operation))) for figure in FIGURES]
