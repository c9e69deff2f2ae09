"""A morning for tests: doors that two officers signed, two districts, teams with phones, by the verbs of the work."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests.attribution.conftest import DAY, Road, as_json, seen, told

LATER = DAY + timedelta(days=9, hours=3)
STATIONS = b"station,kind,district\nExample North,station,Kallar\nExample South,station,Puzha\n"
DISTRICTS = b"code,district\nKLL,Kallar\nPZH,Puzha\n"


class Morning:
    """`commander` plans, seals and signs first, `second` signs second; a chief and people in each of two districts."""

    def __init__(self, road, make_officer, acting_as, tmp_path):
        from paricha.access.models import UnitKind
        from paricha.access.rights import Role
        from paricha.access.verbs import add_unit
        from paricha.places.verbs import load_table

        self.road, self.acting_as, self.commander, self.second = road, acting_as, road.first, road.second
        self.make_officer, self.folder = make_officer, tmp_path
        load_table(self.commander, STATIONS, name="stations.csv")
        load_table(self.commander, DISTRICTS, name="districts.csv")
        self.kallar = add_unit(self.commander, "Kallar", under=self.commander.unit, kind=UnitKind.DISTRICT)
        self.puzha = add_unit(self.commander, "Puzha", under=self.commander.unit, kind=UnitKind.DISTRICT)
        self.chiefs = {
            unit.pk: make_officer(f"Chief of {unit.name}", Role.DISTRICT, unit=unit)
            for unit in (self.kallar, self.puzha)
        }
        self.controller = make_officer("Control Room", Role.CONTROL_ROOM)
        self.phones = {}

    def doors(self, north=2, south=1):
        """Doors that are ready for a package; returns their 16-byte ids by number."""
        from paricha.attribution.queries import door_named, doors_ready_for_site
        from paricha.attribution.verbs.doors import confirm_station, sign_door
        from paricha.attribution.verbs.enquiries import add_enquiry

        rows = []
        for n in range(1, north + south + 1):
            about = {"address": f"198.18.4.{n}", "activity": f"peer-{n}"}
            rows += [seen(DAY, f"o-{n}a", **about), seen(LATER, f"o-{n}b", port=51000 + n, **about)]
        self.road.observe(*rows)
        request = self.road.signed()
        numbers = {json.loads(one.asked)["reference"]: one.row for one in request.rows.all()}
        self.request = request
        self.answers = [
            told(request.number, numbers[row["reference"]], row, Subscriber_ID=f"S-{at // 2 + 1}", Subscriber_Name=f"Person {at // 2 + 1}",
                 Address=f"Lakeview {at // 2 + 1}/4, Ward 11, Made-up Town, PIN 671124")
            for at, row in enumerate(rows)
        ]  # fmt: skip
        self.road.reply(request, self.answers)
        for n, line in enumerate(self.road.doors()):
            door = door_named(self.commander, line["number"])
            add_enquiry(
                self.commander, door,
                data=as_json({"officer": "T. Basheer", "at": "2026-06-02T12:10:00Z", "lives_here": [door.subscriber],
                              "floors": 1, "others_use_line": False, "premises": "house", "remarks": "one gate"}),
            )  # fmt: skip
            confirm_station(self.commander, door, station="Example North" if n < north else "Example South")
            for who in (self.commander, self.second):
                with self.acting_as(who):
                    sign_door(who, door)
        return [now.id for now in doors_ready_for_site(self.commander)]

    def operation(self, doors, *, opens_in=timedelta(0)):
        from paricha.operations.verbs.planning import choose_site, let_in, make_operation

        now = timezone.now()
        made = make_operation(
            self.commander, "Quiet Lamp", entry_at=now + opens_in + timedelta(hours=1), release_at=now + opens_in,
            until=now + opens_in + timedelta(hours=12),
        )  # fmt: skip
        for member in (self.second, self.controller):
            let_in(self.commander, made, member)
        for door in doors:
            choose_site(self.commander, made, door)
        return made

    def people(self, district, count=1):
        """Lines of a nomination: three officers a team, the first of each with an account and a phone to be."""
        from paricha.access.rights import Role
        from paricha.operations.verbs.nomination import Named

        found = []
        for n in range(1, count + 1):
            leader = self.make_officer(f"Leader {district.name} {n}", Role.TEAM, unit=district)
            found += [
                Named(leader.name, "Inspector of Police", True, False, True, bytes(leader.id16)),
                Named(f"Constable {district.name} {n}", "Civil Police Officer", False, True, False),
            ]
        return found

    def teams(self, operation):
        """Demand, nomination, acceptance and a team in each district with sites; the plan is frozen."""
        from paricha.access.models import Unit
        from paricha.operations.models import Demand
        from paricha.operations.verbs.nomination import accept, form_teams, nominate, send_demand
        from paricha.operations.verbs.packages import freeze_plan

        for district in Unit.objects.filter(pk__in=operation.sites.values("district")).order_by("name"):
            demand = send_demand(self.commander, operation, district, teams=1)
            chief = self.chiefs[district.pk]
            with self.acting_as(chief):
                nominate(chief, Demand.objects.get_visible(chief, id=demand.id), self.people(district))
            demand.refresh_from_db()
            accept(self.commander, demand)
            form_teams(self.commander, demand)
        freeze_plan(self.commander, operation)
        return list(operation.teams.order_by("name"))

    def enrol(self, team, **more):
        """A phone of the team's leader, enrolled by the real protocol."""
        from paricha.field.player import FieldPhone
        from paricha.operations.verbs.devices import invite_device

        member = team.members.filter(officer__isnull=False).first()
        _row, code = invite_device(self.commander, member.officer)
        phone = FieldPhone(label=f"phone of {team.name}", **more)
        phone.enrol(code)
        self.phones[team.name] = phone
        return phone

    def sealed(self, *, opens_in=timedelta(0), north=2, south=1):
        """An operation with sealed packages: (operation, teams)."""
        from paricha.operations.verbs.packages import seal_packages

        operation = self.operation(self.doors(north, south), opens_in=opens_in)
        teams = self.teams(operation)
        for team in teams:
            self.enrol(team)
        seal_packages(self.commander, operation)
        return operation, teams

    def sign_both(self, operation):
        from paricha.operations.queries import sealed_digest
        from paricha.operations.verbs.release import sign_release

        for who in (self.commander, self.second):
            with self.acting_as(who):
                sign_release(who, operation, digest=sealed_digest(operation))

    def released(self, **more):
        from paricha.operations.verbs.release import release

        operation, teams = self.sealed(**more)
        self.sign_both(operation)
        with self.acting_as(self.second):
            release(self.second, operation)
        return operation, teams

    def another_subscriber(self, number):
        """A later reply names somebody else for the first sighting of the door: the door freezes."""
        row = self.answers[(number - 1) * 2]
        other = {**row, "Subscriber ID": "S-999", "Subscriber Name": "Another", "Address": "Elsewhere 2, PIN 671315"}
        self.road.reply(self.request, [other], name="again.csv")


@pytest.fixture
def morning(officer, make_officer, acting_as, tmp_path: Path) -> Morning:
    from paricha.access.rights import Role

    second = make_officer("Basil Thomas", Role.SIGNATORY, Role.SUPERVISOR)
    road = Road(officer, second, acting_as, tmp_path)
    road.operators()
    return Morning(road, make_officer, acting_as, tmp_path)
