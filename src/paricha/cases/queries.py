"""Cases, outcomes and the evening's sums, counted from rows."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from paricha.access.models import Officer
from paricha.access.scope import CaseQuerySet
from paricha.cases.law import LawLine, read_lines
from paricha.cases.models import Case, WhyNot
from paricha.cases.sums import DoorEnd, Sums, add_up
from paricha.exhibits.models import Exhibit
from paricha.field.kinds import Kind
from paricha.field.models import FieldEvent
from paricha.operations.models import Operation, Site, SiteState
from paricha.places.pack import pack_rows


@lru_cache(maxsize=1)
def law_lines() -> list[LawLine]:
    """The law table of the State pack."""
    return read_lines(pack_rows("sections.csv"))


def cases(officer: Officer) -> CaseQuerySet:
    """Standing cases (corrected ones no longer count) that the officer may see."""
    return Case.objects.visible_to(officer).filter(corrected_by__isnull=True).select_related("site__operation", "unit", "by")


def waiting(officer: Officer) -> int | None:
    """Searched sites of the officer's units that nobody has said the outcome of."""
    return len(without_outcome(officer)) or None


def without_outcome(officer: Officer) -> list[Site]:
    """Searched sites without an outcome."""
    entered = FieldEvent.objects.visible_to(officer).filter(kind=Kind.ENTERED).values("site_id")
    done = Case.objects.filter(corrected_by__isnull=True).values("site_id")
    return list(
        Site.objects.visible_to(officer).filter(pk__in=entered).exclude(pk__in=done).select_related("operation", "district")
    )


def was_searched(site: Site) -> bool:
    """Whether somebody entered the site."""
    return site.events.filter(kind=Kind.ENTERED).exists()


def facts_of_a_site(site: Site) -> frozenset[str]:
    """Facts that the law table asks about: `fir` (always), `device`, `arrest`, `material`, `child`."""
    found = {"fir"}
    if Exhibit.objects.filter(site=site).exists():
        found.add("device")
    if Exhibit.objects.filter(site=site, sem=True).exists():
        found.add("material")
    if site.events.filter(kind=Kind.PERSON_ARRESTED).exists():
        found.add("arrest")
    if site.children_expected:
        found.add("child")
    return frozenset(found)


def ends_of(operation: Operation) -> list[DoorEnd]:
    """How each site's door of an operation ended."""
    reasons = {row.door: row.reason for row in WhyNot.objects.filter(site__operation=operation).order_by("at", "id")}
    ends = []
    for site in operation.sites.order_by("number"):
        key = site.door.hex() if site.door else f"site {site.number}"
        reason = reasons.get(site.door) if site.door else None
        if reason is None and site.state == SiteState.DROPPED:
            reason = "dropped"
        if reason is None and site.stops.exists() and not was_searched(site):
            reason = "stopped"
        ends.append(DoorEnd(key, was_searched(site), reason))
    return ends


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
            for one in case.sections.order_by("act", "section")
        ],
        "corrects": case.corrects.number if case.corrects else None,
    }


def plain_site(site: Site) -> dict[str, Any]:
    """One line of `paricha sites export`."""
    case = Case.objects.filter(site=site, corrected_by__isnull=True).first()
    why = WhyNot.objects.filter(site=site).order_by("-at", "-id").first()
    return {
        "schema": 1,
        "site": site.id.hex(),
        "number": site.number,
        "operation": site.operation.number,
        "door": site.door.hex() if site.door else None,
        "district": site.district.name,
        "team": site.team.name if site.team else None,
        "wave": site.wave,
        "state": site.state,
        "searched": was_searched(site),
        "outcome": case.kind if case else None,
        "why_not": (why.reason if why else None) or (site.why_not or None),
        "exhibits": Exhibit.objects.filter(site=site).count(),
        "arrests": site.events.filter(kind=Kind.PERSON_ARRESTED, confirmed_by__isnull=True).count(),
    }


