"""Who acts in the demo: units from the made-up pack, officers with their own keys."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from paricha.access.acting import acting
from paricha.access.keys import officer_of, signer_of
from paricha.access.models import Officer, Unit, UnitKind
from paricha.access.rights import Role
from paricha.access.verbs import add_officer, add_unit

KEYS = Path("keys") / "officers"

STATE_CAST: list[tuple[str, str, list[Role]]] = [
    ("Intake analyst", "Sub-Inspector", [Role.ANALYST]),
    ("Legal desk", "Inspector", [Role.LEGAL_DESK]),
    ("First signatory", "Superintendent", [Role.SIGNATORY]),
    ("Second signatory", "Superintendent", [Role.SIGNATORY]),
    ("Supervisor", "Superintendent", [Role.SUPERVISOR]),
    ("Commander", "Inspector General", [Role.COMMANDER]),
    ("Control room", "Inspector", [Role.CONTROL_ROOM]),
    ("Custodian", "Sub-Inspector", [Role.CUSTODIAN]),
    ("Second custodian", "Sub-Inspector", [Role.CUSTODIAN]),
    ("Auditor", "Superintendent", [Role.AUDITOR]),
]


class Cast:
    """The officers by name, and how to act as one of them."""

    def __init__(self, first: Officer) -> None:
        self.first = first

    def __getitem__(self, name: str) -> Officer:
        return Officer.objects.select_related("unit").get(name=name)

    @contextmanager
    def acting(self, name: str) -> Iterator[Officer]:
        """Act as the officer with his own key file, as a command line does."""
        officer, enrolled, private = officer_of(key_file(name))
        with acting("cli", signer_of(enrolled, private)):
            yield officer


def key_file(name: str) -> Path:
    """Where the demo keeps an officer's key; only a made-up folder holds keys of others."""
    home: Path = settings.HOME
    if name == Officer.objects.get(first=True).name:
        return home / KEYS / "first.key"
    return home / KEYS / f"{name.casefold().replace(' ', '-')}.key"


def make_units(first: Officer, pack: Path) -> None:
    """Districts and stations of the pack under the State."""
    state = Unit.objects.get(under__isnull=True)
    for row in _rows(pack / "districts.csv"):
        if not Unit.objects.filter(name=row["district"]).exists():
            add_unit(first, row["district"], under=state, kind=UnitKind.DISTRICT)
    for row in _rows(pack / "stations.csv"):
        if not Unit.objects.filter(name=row["station"]).exists():
            add_unit(first, row["station"], under=Unit.objects.get(name=row["district"]), kind=UnitKind.STATION)


def make_officers(first: Officer, pack: Path) -> Cast:
    """The State's officers, and of each district its chief and those who lead teams."""
    state = Unit.objects.get(under__isnull=True)
    for name, rank, roles in STATE_CAST:
        _add(first, name, rank, state, roles)
    for district in Unit.objects.filter(kind=UnitKind.DISTRICT).order_by("name"):
        _add(first, f"Chief of {district.name}", "District Chief", district, [Role.DISTRICT])
        _add(first, f"Enquiry officer {district.name}", "Sub-Inspector", district, [Role.DISTRICT])
        _add(first, f"Investigator {district.name}", "Inspector", district, [Role.INVESTIGATOR])
        _add(first, f"Custodian {district.name}", "Sub-Inspector", district, [Role.CUSTODIAN])
    for row in named_by_districts(pack):
        if row["leads"]:
            _add(first, row["name"], row["rank"], Unit.objects.get(name=row["district"]), [Role.TEAM])
    return Cast(first)


def named_by_districts(pack: Path) -> list[dict[str, str]]:
    """Whom the districts will name: rows of officers.csv below the chief; the higher ranks of each get an account."""
    found = []
    for district in sorted({row["district"] for row in _rows(pack / "officers.csv")}):
        rows = [
            row
            for row in _rows(pack / "officers.csv")
            if row["district"] == district and row["rank"] != "District Chief"
        ]
        for index, row in enumerate(rows[:18]):
            found.append(row | {"name": f"{row['name']} ({row['officer']})", "leads": "yes" if index < 9 else ""})
    return found


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def _add(first: Officer, name: str, rank: str, unit: Unit, roles: list[Role]) -> None:
    if not Officer.objects.filter(name=name).exists():
        add_officer(first, name, rank=rank, unit=unit, roles=roles, key_out=key_file(name))
