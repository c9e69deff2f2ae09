"""Field events as officers see them: the board, one event, the export."""

from __future__ import annotations

import json
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.scope import CaseQuerySet
from paricha.field.board import Happened, SiteLine, silent, site_lines
from paricha.field.models import FieldEvent
from paricha.grounds.instants import utc_text
from paricha.operations.models import Device, Operation, OperationState, Package, SiteState, Stop, Team


def events(officer: Officer) -> CaseQuerySet:
    """Events the officer may see, newest first."""
    found = FieldEvent.objects.visible_to(officer).select_related(
        "operation", "team__district", "site", "device", "entered_by", "confirms"
    )
    return found.order_by("-received_at", "-id")


def live_operations(officer: Officer) -> CaseQuerySet:
    """Operations with sealed or released packages that are not closed."""
    return Operation.objects.visible_to(officer).filter(state__in=[OperationState.SEALED, OperationState.RELEASED])


def live(officer: Officer) -> int | None:
    """How many operations run now."""
    return live_operations(officer).count() or None


COUNTED = ("sites", "inside", "left", "exhibits", "arrests", "nothing")


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
    teams = list(
        operation.teams.select_related("district").prefetch_related("sites").order_by("district__name", "name")
    )
    quiet = silent([team.id.hex() for team in teams], told, timezone.now())
    opened = {event.team for event in told if event.kind == "opened"}
    packages = {package.team_id: package for package in Package.objects.filter(operation=operation).order_by("version")}
    acknowledged = {
        (event.team_id, json.loads(event.payload).get("words"))
        for event in FieldEvent.objects.filter(operation=operation, kind="stop-acknowledged")
    }
    stops = list(operation.stops.select_related("site__team", "by").order_by("-at"))
    districts: dict[str, dict[str, Any]] = {}
    for team in teams:
        sites = [site for site in team.sites.all() if site.state == SiteState.CHOSEN]
        shown = [
            (site, lines.get(site.id.hex(), SiteLine()))
            for site in sorted(sites, key=lambda one: (one.wave, one.number))
        ]
        district = districts.setdefault(
            team.district.name, {"name": team.district.name, "teams": [], **dict.fromkeys(COUNTED, 0)}
        )  # fmt: skip
        district["teams"].append(
            {
                "team": team, "sites": shown, "package": packages.get(team.pk), "opened": team.id.hex() in opened,
                "silent": quiet.get(team.id.hex()),
            }
        )  # fmt: skip
        for _one, line in shown:
            district["sites"] += 1
            district["inside"] += line.state in ("inside", "left")
            district["left"] += line.state == "left"
            district["exhibits"] += line.exhibits
            district["arrests"] += line.arrests
            district["nothing"] += line.nothing
    rows = [row for district in districts.values() for row in district["teams"]]
    states = [line.state for row in rows for _site, line in row["sites"]]
    return {
        "operation": operation,
        "districts": list(districts.values()),
        "tiles": [_tile(district) for district in districts.values()],
        "quiet": [row for row in rows if row["silent"] is not None],
        "totals": {
            "released": sum(row["package"] is not None and row["package"].state == "released" for row in rows),
            "opened": sum(row["opened"] for row in rows),
            "left": states.count("left"),
            "inside": states.count("inside"),
            "not_yet": sum(state in ("waiting", "at the place") for state in states),
            "exhibits": sum(district["exhibits"] for district in districts.values()),
            "arrests": sum(district["arrests"] for district in districts.values()),
            "nothing": sum(district["nothing"] for district in districts.values()),
        },
        "latest": list(
            FieldEvent.objects.filter(operation=operation, confirms=None)
            .select_related("team", "site", "entered_by")
            .order_by("-received_at", "-id")[:12]
        ),
        "stops": [(stop, _unheard(stop, teams, acknowledged)) for stop in stops],
        "events": len([event for event in told if not event.confirmed]),
    }


def _unheard(stop: Stop, teams: list[Team], acknowledged: set[tuple[bytes, Any]]) -> list[Team]:
    """The teams that a stop concerns and that have not said that they read it."""
    concerned = [stop.site.team] if stop.site and stop.site.team else [] if stop.site else teams
    return [team for team in concerned if (team.pk, stop.id.hex()) not in acknowledged]


def _tile(district: dict[str, Any]) -> dict[str, Any]:
    """A district in one glance: sites that were left of all, and what speaks loudest."""
    silent_ones = sum(row["silent"] is not None for row in district["teams"])
    wrong = any(line.wrong for row in district["teams"] for _site, line in row["sites"])
    if wrong:
        words, grade = _("something is wrong"), "stop"
    elif district["sites"] and district["left"] == district["sites"]:
        words, grade = _("all left"), "good"
    elif silent_ones:
        words, grade = _("{n} silent").format(n=silent_ones), "warn"
    else:
        words, grade = _("{n} inside").format(n=district["inside"] - district["left"]), ""
    return {"name": district["name"], "done": district["left"], "of": district["sites"], "words": words, "grade": grade}


def gaps(officer: Officer) -> list[dict[str, Any]]:
    """Phones of the officer's unit of whose chain an event is missing: the number that is awaited and how many came after."""
    found = []
    rows = FieldEvent.objects.visible_to(officer).filter(device__isnull=False).values_list("device_id", "seq")
    chains: dict[bytes, set[int]] = {}
    for device, seq in rows:
        chains.setdefault(device, set()).add(seq)
    labels = dict(Device.objects.filter(pk__in=chains).values_list("pk", "label"))
    for device, numbers in chains.items():
        missing = [number for number in range(1, max(numbers)) if number not in numbers]
        if missing:
            found.append({"label": labels[device], "missing": missing[:20], "last": max(numbers)})
    return sorted(found, key=lambda one: one["label"])


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
