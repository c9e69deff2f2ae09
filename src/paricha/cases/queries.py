"""Cases, outcomes and the evening's sums, counted from rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from paricha.access.models import Officer
from paricha.access.scope import CaseQuerySet, units_seen
from paricha.cases.law import LawLine, read_lines
from paricha.cases.models import Case, NotSearched, WhyNot
from paricha.cases.sums import DoorEnd, Sums, add_up
from paricha.exhibits.models import Exhibit
from paricha.field.kinds import Kind
from paricha.field.models import FieldEvent
from paricha.operations.models import Operation, OperationState, Site, SiteState, Stop
from paricha.places.pack import pack_rows


def law_lines() -> list[LawLine]:
    """The law table of the State pack, as the unit overrides it."""
    return _law_lines(settings.PARICHA.pack_override)


@lru_cache(maxsize=4)
def _law_lines(_override: str | None) -> list[LawLine]:
    return read_lines(pack_rows("sections.csv"))


def cases(officer: Officer) -> CaseQuerySet:
    """Standing cases (corrected ones no longer count) that the officer may see."""
    return (
        Case.objects.visible_to(officer)
        .filter(corrected_by__isnull=True)
        .select_related("site__operation", "unit", "by")
    )


def sites_of(officer: Officer) -> QuerySet[Site]:
    """Sites whose outcome the officer may say or read: those of operations he is in; of his own districts those where
    teams have gone in or that were released. Before that, nobody outside the operation learns of a site."""
    own = Site.objects.filter(district__in=units_seen(officer))
    begun = own.filter(pk__in=entered()) | own.filter(
        operation__state__in=[OperationState.RELEASED, OperationState.CLOSED]
    )
    return (Site.objects.visible_to(officer) | begun).select_related("operation", "district")


def entered() -> QuerySet[FieldEvent]:
    """The sites that somebody entered, as a subquery of keys."""
    return FieldEvent.objects.filter(kind=Kind.ENTERED, site__isnull=False).values("site_id")


def waiting(officer: Officer) -> int | None:
    """Searched sites that nobody has said the outcome of, and sites not searched without a reason; None for none."""
    return without_outcome(officer).count() or None


def without_outcome(officer: Officer) -> QuerySet[Site]:
    """Searched sites without an outcome."""
    done = Case.objects.filter(corrected_by__isnull=True).values("site_id")
    return sites_of(officer).filter(pk__in=entered()).exclude(pk__in=done).order_by("operation__number", "number")


def without_reason(officer: Officer) -> list[Site]:
    """Sites of released or closed operations that nobody entered and of which nobody said why not."""
    over = sites_of(officer).filter(operation__state__in=[OperationState.RELEASED, OperationState.CLOSED])
    left = with_end(over.exclude(pk__in=entered())).order_by("operation__number", "number")
    return [site for site in left if reason_of(site) is None]


def was_searched(site: Site) -> bool:
    """Whether somebody entered the site."""
    return site.events.filter(kind=Kind.ENTERED).exists()


def facts_of_a_site(site: Site) -> frozenset[str]:
    """Facts that the law table asks about: `fir` (always), `device`, `arrest`, `material`, `child`."""
    found = {"fir"}
    exhibits = Exhibit.objects.filter(site=site, joined_to=None)
    if exhibits.exists():
        found.add("device")
    if exhibits.filter(sem=True).exists():
        found.add("material")
    if site.events.filter(kind=Kind.PERSON_ARRESTED).exists():
        found.add("arrest")
    if site.children_expected:
        found.add("child")
    return frozenset(found)


def with_end(sites: QuerySet[Site]) -> QuerySet[Site]:
    """Sites with how they ended beside: `searched`, `said` (the newest reason why not), `stopped`."""
    here = OuterRef("pk")
    newest = WhyNot.objects.filter(site=here).order_by("-at", "-id").values("reason")[:1]
    stops = Stop.objects.filter(Q(site=here) | Q(site=None), operation=OuterRef("operation"))
    went_in = FieldEvent.objects.filter(site=here, kind=Kind.ENTERED)
    return sites.annotate(searched=Exists(went_in), said=Subquery(newest), stopped=Exists(stops))


def reason_of(site: Any) -> str | None:
    """Why a site of `with_end` was not searched: as said, else dropped or stopped; None when nobody has said."""
    if site.said:
        return str(site.said)
    if site.state == SiteState.DROPPED:
        return NotSearched.DROPPED.value
    return NotSearched.STOPPED.value if site.stopped else None


def ends_of(operation: Operation) -> list[DoorEnd]:
    """How each site's door of an operation ended."""
    return [
        DoorEnd(site.door.hex() if site.door else f"site {site.number}", site.searched, reason_of(site), site.pk)
        for site in with_end(operation.sites.order_by("number"))
    ]


def sums_of(operation: Operation) -> Sums:
    """Identified, searched, not searched by reason, and what nobody has said yet."""
    return add_up(ends_of(operation))


def plain_case(case: Case) -> dict[str, Any]:
    """One line of `paricha cases export`."""
    return {
        "schema": 1,
        "case": case.id.hex(),
        "number": case.number,
        "kind": case.kind,
        "operation": case.site.operation.number,
        "site": case.site.number,
        "door": case.site.door.hex() if case.site.door else None,
        "district": case.unit.name,
        "station": case.station,
        "reference": case.reference or None,
        "on": case.on.isoformat(),
        "sections": [
            {"act": one.act, "section": one.section, "proposed": one.proposed, "out": one.out}
            for one in sorted(case.sections.all(), key=lambda one: (one.act, one.section))
        ],
        "corrects": case.corrects.number if case.corrects else None,
    }


def plain_sites(sites: Iterable[Site]) -> Iterator[dict[str, Any]]:
    """Lines of `paricha sites export`, an operation at a time."""
    by_operation: dict[bytes, list[Site]] = {}
    for site in sites:
        by_operation.setdefault(site.operation.pk, []).append(site)
    for some in by_operation.values():
        yield from _of_operation(some)


def _of_operation(sites: list[Site]) -> Iterator[dict[str, Any]]:
    operation = sites[0].operation
    ends = {end.site: end for end in ends_of(operation)}
    standing = Case.objects.filter(site__operation=operation, corrected_by__isnull=True)
    outcomes = dict(standing.values_list("site_id", "kind"))
    exhibits = _counted(Exhibit.objects.filter(site__operation=operation, joined_to=None))
    arrested = FieldEvent.objects.filter(operation=operation, kind=Kind.PERSON_ARRESTED, confirmed_by__isnull=True)
    arrests = _counted(arrested)
    for site in sites:
        yield {
            "schema": 1,
            "site": site.id.hex(),
            "number": site.number,
            "operation": operation.number,
            "door": site.door.hex() if site.door else None,
            "district": site.district.name,
            "team": site.team.name if site.team else None,
            "wave": site.wave,
            "state": site.state,
            "searched": ends[site.pk].searched,
            "outcome": outcomes.get(site.pk),
            "why_not": None if ends[site.pk].searched else ends[site.pk].reason,
            "exhibits": exhibits.get(site.pk, 0),
            "arrests": arrests.get(site.pk, 0),
        }


def _counted(rows: QuerySet[Any]) -> dict[bytes, int]:
    return dict(rows.order_by().values_list("site_id").annotate(n=Count("id")))
