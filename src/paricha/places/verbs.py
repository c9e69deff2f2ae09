"""What can be done with places: load the unit's own tables. The newest of a kind is in force."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, verb
from paricha.grounds.refusals import Refusal, Refused
from paricha.places import queries
from paricha.places.events import Event
from paricha.places.models import District, LocalBody, OfficeArea, PlaceFile, PlaceKind, Station
from paricha.vault.store import keep

HEADERS: dict[str, tuple[str, ...]] = {  # the columns a file must have; further ones are kept in the original
    PlaceKind.DISTRICTS: ("code", "district"),
    PlaceKind.STATIONS: ("station", "kind", "district"),
    PlaceKind.LOCAL_BODIES: ("local_body", "kind", "district", "station"),
    PlaceKind.POST_OFFICES: ("pin", "post_office", "local_body", "district", "station"),
}
FILES = {kind: f"{kind}.csv" for kind in PlaceKind.values}


@verb(may=Right.OPERATORS, event=Event.LOADED)
def load_table(officer: Officer, data: bytes, *, name: str) -> tuple[PlaceFile, list[Refusal]]:
    """Load districts, stations, local bodies or post offices by their header; replaces the table in force of that kind."""
    rows, header = _rows(data, name)
    kind = _kind(header, name)
    refusals = [
        Refusal(name, _("line {line}").format(line=line), _("{column} is empty.").format(column=column),
                _("Fill it and load the file again."), "PLACES-ROW")
        for line, row in rows for column in HEADERS[kind] if not row.get(column)
    ]  # fmt: skip
    good = [row for _line, row in rows if all(row.get(column) for column in HEADERS[kind])]
    keep(data, name=name, unit=officer.unit)
    PlaceFile.objects.filter(kind=kind, in_force=True).update(in_force=False)
    file = PlaceFile.objects.create(
        kind=kind, original=hashlib.sha256(data).hexdigest(), name=name, rows=len(good), loaded_by=officer
    )
    put_rows(kind, good)
    note_facts(kind=str(kind), rows=len(good))
    return file, refusals


def load_pack(folder: Path, *, officer: Officer) -> tuple[list[PlaceFile], list[Refusal]]:
    """Load every place file of a folder (an override of the State pack). Raises `Refused` PLACES-EMPTY."""
    found = [folder / name for name in FILES.values() if (folder / name).is_file()]
    if not found:
        raise Refused(
            "PLACES-EMPTY", _("The folder holds none of {names}.").format(names=", ".join(FILES.values())),
            _("Name the folder of the unit's own files."), file=str(folder),
        )  # fmt: skip
    files, refusals = [], []
    for file in found:
        loaded, bad = load_table(officer, file.read_bytes(), name=file.name)
        files.append(loaded)
        refusals += bad
    return files, refusals


def put_rows(kind: str, rows: list[dict[str, str]]) -> None:
    """Put a table's rows in place of those there; called by the verb and by rebuild."""
    if kind == PlaceKind.DISTRICTS:
        District.objects.all().delete()
        District.objects.bulk_create(
            [
                District(code=r["code"], name=r["district"], name_ml=r.get("district_ml", ""),
                         headquarters=r.get("headquarters", ""))
                for r in rows
            ]
        )  # fmt: skip
    elif kind == PlaceKind.STATIONS:
        Station.objects.all().delete()
        Station.objects.bulk_create(
            [
                Station(name=r["station"], name_ml=r.get("station_ml", ""), kind=r["kind"], district=r["district"],
                        lat=_number(r.get("latitude")), lon=_number(r.get("longitude")))
                for r in rows
            ]
        )  # fmt: skip
    elif kind == PlaceKind.LOCAL_BODIES:
        LocalBody.objects.all().delete()
        LocalBody.objects.bulk_create(
            [
                LocalBody(name=r["local_body"], name_ml=r.get("local_body_ml", ""), kind=r["kind"],
                          district=r["district"], station=r["station"])
                for r in rows
            ]
        )  # fmt: skip
    else:
        OfficeArea.objects.all().delete()
        OfficeArea.objects.bulk_create(
            [
                OfficeArea(pin=r["pin"], post_office=r["post_office"], local_body=r["local_body"], district=r["district"],
                           station=r["station"])
                for r in rows
            ]
        )  # fmt: skip
    queries._tables.cache_clear()


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _rows(data: bytes, name: str) -> tuple[list[tuple[int, dict[str, str]]], list[str]]:
    try:
        reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        header = [cell.strip() for cell in next(reader, [])]
        rows = [
            (reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=False)))
            for cells in reader
            if any(cell.strip() for cell in cells)
        ]
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(
            "PLACES-FILE-UNREADABLE", _("The file is no CSV in UTF-8."), _("Save it as CSV, UTF-8."), file=name
        ) from error
    return rows, header


def _kind(header: list[str], name: str) -> str:
    for kind in (PlaceKind.POST_OFFICES, PlaceKind.LOCAL_BODIES, PlaceKind.STATIONS, PlaceKind.DISTRICTS):
        if set(HEADERS[kind]) <= set(header):
            return kind
    raise Refused(
        "PLACES-FILE-UNKNOWN", _("The header “{header}” is no place table.").format(header=",".join(header)[:200]),
        _("The first line needs {columns}.").format(columns=" · ".join(",".join(c) for c in HEADERS.values())), file=name,
    )  # fmt: skip
