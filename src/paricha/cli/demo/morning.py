"""The operation of the demo: 12 doors, 6 teams, sealed twice, released by two; the morning through real phones."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from paricha.access.models import Officer, Unit
from paricha.attribution.queries import doors_ready_for_site
from paricha.cli.demo.cast import Cast, named_by_districts
from paricha.cli.demo.road import Say, lines
from paricha.cli.frame import do_what_is_due
from paricha.field.kinds import Kind
from paricha.field.player import FieldPhone
from paricha.field.verbs import enter_for_team
from paricha.operations.models import Demand, Operation, Site, Team
from paricha.operations.queries import sealed_digest
from paricha.operations.verbs.devices import invite_device
from paricha.operations.verbs.nomination import Named, accept, form_teams, nominate, send_demand
from paricha.operations.verbs.packages import freeze_plan, seal_packages
from paricha.operations.verbs.planning import choose_site, let_in, make_operation
from paricha.operations.verbs.release import release, sign_release
from paricha.operations.verbs.stops import stop

SITES, TEAMS = 12, 6


def plan(cast: Cast, pack: Path, say: Say) -> Operation:
    """Choose the sites, ask the districts, form the teams, enrol a phone each, seal, sign by two, release."""
    now = timezone.now()
    with cast.acting("Commander") as officer:
        operation = make_operation(
            officer,
            "Monsoon Lamp",
            entry_at=now + timedelta(minutes=2),
            release_at=now,
            until=now + timedelta(hours=36),
        )
        let_in(officer, operation, cast.first)
        let_in(officer, operation, cast["Supervisor"])
        let_in(officer, operation, cast["Control room"])
        _choose(officer, operation)
        districts = Unit.objects.filter(pk__in=operation.sites.values("district")).order_by("name")
        demands = [send_demand(officer, operation, district, teams=TEAMS // len(districts)) for district in districts]
    for demand in demands:
        _nominate(cast, demand, pack)
    with cast.acting("Commander") as officer:
        for demand in demands:
            accept(officer, Demand.objects.get(pk=demand.pk))
            form_teams(officer, Demand.objects.get(pk=demand.pk))
        freeze_plan(officer, operation)
    do_what_is_due()
    say(f"  {operation.sites.count()} sites, {operation.teams.count()} teams in {len(districts)} districts")
    return operation


def _choose(officer: Officer, operation: Operation) -> None:
    """Two thirds of the sites from the district with more ready doors, the rest from the other."""
    by_district: dict[str, list[Any]] = {}
    for door in doors_ready_for_site(officer):
        by_district.setdefault(door.district or "", []).append(door)
    ordered = sorted(by_district.values(), key=len, reverse=True)
    chosen = ordered[0][: SITES - min(4, len(ordered[1]) if len(ordered) > 1 else 0)]
    chosen += ordered[1][: SITES - len(chosen)] if len(ordered) > 1 else []
    for index, door in enumerate(chosen[:SITES]):
        choose_site(officer, operation, door.id, wave=1 if index % 3 else 2, priority=1 if index < 3 else 2)


def _nominate(cast: Cast, demand: Demand, pack: Path) -> None:
    accounts = dict(Officer.objects.values_list("name", "id16"))
    people = [
        Named(row["name"], row["rank"], row["woman"] == "yes", row["cyber"] == "yes", row["technical"] == "yes",
              bytes(accounts[row["name"]]) if row["name"] in accounts else None)
        for row in named_by_districts(pack) if row["district"] == demand.unit.name
    ]  # fmt: skip
    with cast.acting(f"Chief of {demand.unit.name}") as chief:
        nominate(chief, demand, people)


def play(cast: Cast, operation: Operation, state: Path, say: Say) -> None:
    """Enrol, seal, release; then each team's phone reports its morning, some answers lost, one team by telephone."""
    phones = _enrol(cast, operation)
    with cast.acting("Commander") as officer:
        packages = seal_packages(officer, Operation.objects.get(pk=operation.pk))
    for name in ("Commander", "Supervisor"):
        with cast.acting(name) as officer:
            sign_release(officer, operation, digest=sealed_digest(operation))
    with cast.acting("Supervisor") as officer:
        released = release(officer, Operation.objects.get(pk=operation.pk))
    do_what_is_due()
    say(f"  {len(packages)} packages sealed, {len(released)} released by two officers")
    mornings = {row["dwelling"]: row for row in lines(state / "truth" / "mornings.jsonl")}
    dwellings = {row["address"]: row["dwelling"] for row in lines(state / "truth" / "doors.jsonl")}
    by_phone = 0
    for number, (team, phone) in enumerate(phones.items()):
        package = next(one for one in phone.packages() if one["team"] == team.name)
        content = phone.open(package["package"])
        for site in content["sites"]:
            if number == 1 and site is content["sites"][-1]:
                by_phone += _by_telephone(cast, team, site)
                continue
            if number == 2 and site is content["sites"][-1]:
                with cast.acting("Commander") as officer:
                    row = Site.objects.get(pk=bytes.fromhex(site["id"]))
                    stop(officer, operation, site=row, reason="The occupant moved away last week; the district called.")
                continue
            _one_site(phone, site, mornings.get(dwellings.get(site["address"], "")) or {}, content)
        phone.send(lose_answers=number % 2 == 0)
        phone.send()
    do_what_is_due()
    say(f"  {len(phones)} phones reported; {by_phone} events entered by telephone; one site stopped")


def _enrol(cast: Cast, operation: Operation) -> dict[Team, FieldPhone]:
    phones: dict[Team, FieldPhone] = {}
    for team in operation.teams.order_by("name"):
        member = team.members.filter(officer__isnull=False).order_by("-leads", "name").first()
        if member is None or member.officer is None:
            continue
        with cast.acting("Supervisor") as officer:
            _invited, code = invite_device(officer, member.officer)
        phone = FieldPhone(label=f"phone of {team.name}")
        phone.enrol(code)
        phones[team] = phone
    return phones


def _one_site(phone: FieldPhone, site: dict[str, Any], truth: dict[str, Any], content: dict[str, Any]) -> None:
    leader = next((one["name"] for one in content["team"]["members"] if one["leads"]), "")
    phone.sign(Kind.AT_THE_PLACE, site=site["id"], payload={"words": ""})
    phone.sign(Kind.ENTERED, site=site["id"], payload={"words": ""})
    devices = truth.get("devices", [])
    for index, device in enumerate(devices, 1):
        phone.sign(
            Kind.EXHIBIT_TAKEN, site=site["id"],
            payload={
                "number": f"P{index}", "type": device["kind"], "make": device["make"], "model": device["model"],
                "serial": device["serial"], "imei": device["imei"] or "", "room": device["room"], "seized_by": leader,
                "seal_number": f"{content['team']['name']}-{site['number']:02d}{index:02d}",
                "witnesses": ["Made-up witness one", "Made-up witness two"], "copy_given": True,
            },
        )  # fmt: skip
    if not devices:
        phone.sign(Kind.NOTHING_FOUND, site=site["id"], payload={"words": "All rooms and the line were looked at."})
    if truth.get("person_arrested"):
        phone.sign(
            Kind.PERSON_ARRESTED, site=site["id"],
            payload={"name": truth["person"], "grounds": "Found on the device on the spot.", "told": True},
        )  # fmt: skip
    phone.sign(Kind.LEFT, site=site["id"], payload={"words": ""})


def _by_telephone(cast: Cast, team: Team, site: dict[str, Any]) -> int:
    now = timezone.now()
    row = Site.objects.get(pk=bytes.fromhex(site["id"]))
    with cast.acting("Control room") as officer:
        for kind, words in (
            (Kind.ENTERED, ""),
            (Kind.NOTHING_FOUND, "Nobody has used the line for weeks."),
            (Kind.LEFT, ""),
        ):
            enter_for_team(
                officer, team, site=row, kind=kind, payload={"words": words}, caller="Team leader",
                happened_at=now, told_at=now,
            )  # fmt: skip
    return 3
