"""The figures of the brief: each a definition and the rows that it counts. A figure is the count of its own rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paricha.access.models import Officer
from paricha.attribution.queries import doors_of
from paricha.cases import queries as cases
from paricha.cases.models import CaseKind, NotSearched
from paricha.dispatch.queries import dispatches
from paricha.exhibits.queries import exhibits
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


class Group(StrEnum):
    """What a figure is counted over."""

    UNIT = "unit"  # all that the officer sees, of any operation
    OPERATION = "operation"
    OUTCOME = "outcome"


@dataclass(frozen=True)
class Figure:
    """`find(officer, operation)`: the rows that are counted, and nothing else; `show` names one of them."""

    key: str
    group: Group
    label: Any
    definition: Any
    find: Callable[[Officer, Operation], QuerySet[Any]]
    show: Callable[[Any], Row]

    def rows(self, officer: Officer, operation: Operation) -> list[Row]:
        """Every counted row, named."""
        return [self.show(thing) for thing in self.find(officer, operation)]


def address(name: str, *ids: bytes) -> str:
    """Where a thing is opened; empty where this build has no page for it."""
    try:
        return reverse(name, args=ids)
    except NoReverseMatch:
        return ""


def _tips(officer: Officer, operation: Operation) -> QuerySet[Any]:
    return Tip.objects.visible_to(officer).order_by("id")


def _dispatches(officer: Officer, operation: Operation) -> QuerySet[Any]:
    return dispatches(officer).order_by("sent_at", "id")


def _doors(officer: Officer, operation: Operation) -> QuerySet[Any]:
    return doors_of(officer).order_by("number", "id")


def _sites(officer: Officer, operation: Operation) -> QuerySet[Any]:
    found = Site.objects.visible_to(officer).filter(operation=operation)
    return found.select_related("district", "operation").order_by("number")


def _searched(officer: Officer, operation: Operation) -> QuerySet[Any]:
    return _sites(officer, operation).filter(pk__in=cases.entered())


def _not_searched(officer: Officer, operation: Operation) -> QuerySet[Any]:
    return cases.with_end(_sites(officer, operation).exclude(pk__in=cases.entered()))


def _teams(officer: Officer, operation: Operation) -> QuerySet[Any]:
    return Team.objects.visible_to(officer).filter(operation=operation).select_related("district").order_by("name")


def _released(officer: Officer, operation: Operation) -> QuerySet[Any]:
    found = Package.objects.visible_to(officer).filter(operation=operation, state=PackageState.RELEASED)
    return found.select_related("team").order_by("team__name", "version")


def _exhibits(officer: Officer, operation: Operation) -> QuerySet[Any]:
    return exhibits(officer).filter(site__operation=operation).order_by("number", "id")


def _events(officer: Officer, operation: Operation) -> QuerySet[Any]:
    found = FieldEvent.objects.visible_to(officer).filter(operation=operation, confirmed_by__isnull=True)
    return found.select_related("team", "site__operation").order_by("at", "id")


def _arrests(officer: Officer, operation: Operation) -> QuerySet[Any]:
    return _events(officer, operation).filter(kind=Kind.PERSON_ARRESTED)


def _cases_of(kind: CaseKind) -> Callable[[Officer, Operation], QuerySet[Any]]:
    return lambda officer, operation: (
        cases.cases(officer).filter(site__operation=operation, kind=kind).order_by("number", "id")
    )


def _without_outcome(officer: Officer, operation: Operation) -> QuerySet[Any]:
    return cases.without_outcome(officer).filter(operation=operation)


def _tip(tip: Any) -> Row:
    return Row(str(tip), address("records:tip", tip.id16), tip.forms)


def _dispatch(row: Any) -> Row:
    return Row(row.number, address("dispatch:one", row.id), f"{row.unit.name}: {row.get_state_display()}")


def _door(door: Any) -> Row:
    return Row(door.number, address("attribution:door", door.id), door.get_state_display())


def _site(site: Any) -> Row:
    return Row(str(site), address("operations:site", site.id), site.district.name)


def _unsearched(site: Any) -> Row:
    reason = cases.reason_of(site)
    words = NotSearched(reason).label if reason else _("No reason given yet")
    return Row(str(site), address("operations:site", site.id), str(words))


def _team(team: Any) -> Row:
    return Row(team.name, address("operations:team", team.id), team.district.name)


def _package(package: Any) -> Row:
    return Row(f"{package.team.name} v{package.version}", address("operations:package", package.id))


def _exhibit(row: Any) -> Row:
    return Row(row.number, address("exhibits:one", row.id), f"{row.mark} {row.type}")


def _event(event: Any) -> Row:
    where = str(event.site) if event.site else event.team.name
    return Row(f"{event.team.name}, {where}", address("field:event", event.id), event.kind)


def _case(case: Any) -> Row:
    return Row(case.number, address("cases:one", case.id), f"{case.station} {case.reference}".strip())


S = gettext_lazy
FIGURES: list[Figure] = [
    Figure("tips", Group.UNIT, S("Tips received"), S("Reports of the unit, each counted once whatever forms it came in."), _tips, _tip),
    Figure("dispatches", Group.UNIT, S("Tips sent to districts"), S("Dispatches made, returned ones included."), _dispatches, _dispatch),
    Figure("doors", Group.UNIT, S("Doors identified"),
           S("Places that strands reach, in any state; joined ones count once."), _doors, _door),
    Figure("sites", Group.OPERATION, S("Sites of the operation"), S("Doors chosen, dropped ones included."), _sites, _site),
    Figure("teams", Group.OPERATION, S("Teams"), S("Teams formed, with or without a package."), _teams, _team),
    Figure("packages", Group.OPERATION, S("Packages released"),
           S("Packages whose key was published by two officers."), _released, _package),
    Figure("events", Group.OPERATION, S("Field events"),
           S("What teams reported; a confirmed telephone entry counts once."), _events, _event),
    Figure("searched", Group.OPERATION, S("Sites searched"), S("Sites that a team reports to have entered."), _searched, _site),
    Figure("not_searched", Group.OPERATION, S("Sites not searched"),
           S("Sites nobody entered, each with its reason or marked open."), _not_searched, _unsearched),
    Figure("exhibits", Group.OPERATION, S("Exhibits seized"),
           S("Things on a seizure list; told by telephone and by phone count once."), _exhibits, _exhibit),
    Figure("arrests", Group.OPERATION, S("Persons arrested"),
           S("Arrests reported by teams; told by telephone and by phone count once."), _arrests, _event),
    Figure("fir", Group.OUTCOME, S("FIRs registered"),
           S("Standing outcomes of kind FIR; corrected ones don’t count."), _cases_of(CaseKind.FIR), _case),
    Figure("s106", Group.OUTCOME, S("Reports under BNSS s.106"),
           S("Searches after which a device is held and no FIR stands yet."), _cases_of(CaseKind.S106), _case),
    Figure("nothing", Group.OUTCOME, S("Nothing found"), S("Searches that ended with nothing found."), _cases_of(CaseKind.NOTHING), _case),
    Figure("open", Group.OUTCOME, S("Searched, outcome not yet said"), S("Searched sites without an outcome."), _without_outcome, _site),
]  # fmt: skip
BY_KEY = {figure.key: figure for figure in FIGURES}


def group_words(group: Group) -> str:
    """What a group of figures is counted over."""
    return {
        Group.UNIT: _("Of the unit, all that came so far"),
        Group.OPERATION: _("Of this operation"),
        Group.OUTCOME: _("What its searches became"),
    }[group]


def counted(officer: Officer, operation: Operation) -> list[tuple[Figure, int]]:
    """Every figure with its number, counted now."""
    return [(figure, figure.find(officer, operation).count()) for figure in FIGURES]
