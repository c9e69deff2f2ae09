"""Field events as officers see them: the board, one event, the export."""

from __future__ import annotations

import json
from typing import Any

from django.utils import timezone

from paricha.access.models import Officer
from paricha.access.scope import CaseQuerySet
from paricha.field.board import Happened, SiteLine, silent, site_lines
from paricha.field.models import FieldEvent
from paricha.grounds.instants import utc_text
from paricha.operations.models import Operation, OperationState, Package, SiteState


def events(officer: Officer) -> CaseQuerySet:
    """Events the officer may see, newest first."""
    found = FieldEvent.objects.visible_to(officer).select_related(
        "operation", "team__district", "site", "device", "entered_by", "confirms"
    )
    return found.order_by("-received_at", "-id")


def live_operations(officer: Officer) -> CaseQuerySet:
    """Operations with sealed or released packages that are not closed."""
    return Operation.objects.visible_to(officer).filter(
        state__in=[OperationState.SEALED, OperationState.RELEASED]
    )


def live(officer: Officer) -> int | None:
    """How many operations run now."""
    return live_operations(officer).count() or None


def happened(operation: Operation) -> list[Happened]:
    """All events of an operation as the board counts them."""
    rows = FieldEvent.objects.filter(operation=operation).values_list(
        "team_id", "site_id", "kind", "at", "confirmed_by__id"
    )
    return [
        Happened(team.hex(), site.hex() if site else None, kind, at, confirmed is not None)
        for team, site, kind, at, confirmed in rows
    ]


def board_of(operation: Operation) -> dict[str, Any]:
    """Districts and teams with their sites, what is silent, who has opened, what was stopped: counted from rows."""
    told = happened(operation)
    lines = site_lines(told)
    teams = list(operation.teams.select_related("district").prefetch_related("sites").order_by("district__name", "name"))
    quiet = silent([team.id.hex() for team in teams], told, timezone.now())
    opened = {event.team for event in told if event.kind == "opened"}
    packages = {
        package.team_id: package for package in Package.objects.filter(operation=operation).order_by("version")
    }
    acknowledged = {
        (event.team_id, json.loads(event.payload).get("words"))
        for event in FieldEvent.objects.filter(operation=operation, kind="stop-acknowledged")
    }
    stops = list(operation.stops.select_related("site__team", "by").order_by("-at"))
    districts: dict[str, dict[str, Any]] = {}
    for team in teams:
        sites = [site for site in team.sites.all() if site.state == SiteState.CHOSEN]
        shown = [(site, lines.get(site.id.hex(), SiteLine())) for site in sorted(sites, key=lambda one: (one.wave, one.number))]
        district = districts.setdefault(
            team.district.name, {"name": team.district.name, "teams": [], "sites": 0, "inside": 0, "left": 0, "exhibits": 0, "arrests": 0, "nothing": 0}
        )  # fmt: skip
        district["teams"].append(
            {
                "team": team, "sites": shown, "package": packages.get(team.pk), "opened": team.id.hex() in opened,
                "silent": quiet.get(team.id.hex()),
            }
        )  # fmt: skip
        for _site, line in shown:
            district["sites"] += 1
            district["inside"] += line.state in ("inside", "left")
            district["left"] += line.state == "left"
            district["exhibits"] += line.exhibits
            district["arrests"] += line.arrests
            district["nothing"] += line.nothing
    return {
        "operation": operation,
        "districts": list(districts.values()),
        "stops": [
            (stop, bool(stop.site and stop.site.team_id and (stop.site.team_id, stop.id.hex()) in acknowledged))
            for stop in stops
        ],
        "events": len([event for event in told if not event.confirmed]),
    }


def plain_event(event: FieldEvent) -> dict[str, Any]:
    """One line of `paricha events export`."""
    return {
        "schema": 1,
        "event": event.id.hex(),
        "operation": event.operation.number,
        "team": event.team.name,
        "site": event.site.id.hex() if event.site else None,
        "kind": event.kind,
        "at": utc_text(event.at),
        "at_device": utc_text(event.at_device) if event.at_device else None,
        "received_at": utc_text(event.received_at),
        "clock_off_s": event.clock_off_s,
        "payload": json.loads(event.payload),
        "device": event.device.id.hex() if event.device else None,
        "seq": event.seq,
        "signed": bool(event.signature),
        "entered_by": event.entered_by.name if event.entered_by else None,
        "caller": event.caller or None,
        "told_at": utc_text(event.told_at) if event.told_at else None,
        "confirms": event.confirms.id.hex() if event.confirms else None,
    }
