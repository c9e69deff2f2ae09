"""Bring in observations of other units and observers, and corroborations."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import datetime
from typing import Any

import msgspec
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.attribution.events import Event
from paricha.attribution.models import Corroboration, ObservationFile, ObservedSighting
from paricha.attribution.observations import Judged, judge
from paricha.grounds import selectors
from paricha.grounds.refusals import Refusal, Refused
from paricha.intake.readers import observations_paricha1 as reader
from paricha.vault.store import keep

PROFILES = ("paricha-1",)
CORROBORATION_COLUMNS = ("activity", "kind", "value", "source", "source_reference")
CORROBORATION_KINDS = ("phone", "email", "imei", "name", "address", "payment")


@verb(may=Right.LEGAL, event=Event.OBSERVATIONS_IMPORTED)
def import_observations(officer: Officer, data: bytes, *, name: str, profile: str) -> list[Judged]:
    """Read a list of observations row by row; a row is taken, held or refused. The same file again adds nothing."""
    if profile not in PROFILES:
        raise Refused(
            "OBSERVATIONS-PROFILE", _("There is no profile “{profile}”.").format(profile=profile),
            _("Profiles: {names}. Other layouts need a saved profile.").format(names=", ".join(PROFILES)), file=name,
        )  # fmt: skip
    judged = judge_all(data, name=name, now=timezone.now())
    keep(data, name=name, unit=officer.unit)
    file, _new = ObservationFile.objects.get_or_create(
        kind="observations", profile=profile, original=hashlib.sha256(data).hexdigest(), unit=officer.unit,
        defaults={"name": name, "imported_by": officer},
    )  # fmt: skip
    store(file, judged)
    touch("observationfile", file)
    note_facts(
        rows=len(judged), **{word: sum(row.outcome == word for row in judged) for word in ("taken", "held", "refused")}
    )
    return judged


def judge_all(data: bytes, *, name: str, now: datetime) -> list[Judged]:
    """Every row judged. Raises `Refused` when the file is no list of this profile."""
    try:
        header, rows = reader.read(data)
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(
            "OBSERVATIONS-UNREADABLE", _("The file is no CSV in UTF-8."), _("Save it as CSV, UTF-8."), file=name
        ) from error
    if tuple(header) != reader.COLUMNS:
        missing = ", ".join(column for column in reader.COLUMNS if column not in header)
        raise Refused(
            "OBSERVATIONS-HEADER",
            _("The header is not that of the profile; missing: {missing}.").format(
                missing=missing or _("nothing, but the order differs")
            ),
            _("The first line must be {header}.").format(header=",".join(reader.COLUMNS)), file=name, place=_("line 1"),
        )  # fmt: skip
    sha256 = hashlib.sha256(data).hexdigest()
    return [
        judge(row, sha256, now=now, synthetic=settings.PARICHA.synthetic, columns=len(reader.COLUMNS)) for row in rows
    ]


def store(file: ObservationFile, judged: list[Judged]) -> None:
    """Keep the rows that were taken or held; one sighting once, whatever file it came in."""
    wanted = {bytes.fromhex(row.facts.id): row for row in judged if row.facts is not None}
    known = set(ObservedSighting.objects.filter(id16__in=list(wanted)).values_list("id16", flat=True))
    ObservedSighting.objects.bulk_create(
        [
            ObservedSighting(
                id16=identity, file=file, unit=file.unit, compartment=file.compartment, row=row.row,
                reference=row.reference[:200], activity=row.facts.activity[:200], outcome=row.outcome, code=row.code,
                address=row.facts.address, at=int(row.facts.at.timestamp()), facts=msgspec.json.encode(row.facts).decode(),
            )
            for identity, row in wanted.items()
            if identity not in known and row.facts is not None and row.facts.at is not None
        ],
        batch_size=200,
    )  # fmt: skip


@verb(may=Right.LEGAL, event=Event.CORROBORATIONS_IMPORTED)
def import_corroborations(officer: Officer, data: bytes, *, name: str) -> dict[str, Any]:
    """Keep what other sources say of an activity. The same file again adds nothing."""
    rows, refusals = corroborations_in(data, name)
    keep(data, name=name, unit=officer.unit)
    file, new = ObservationFile.objects.get_or_create(
        kind="corroborations", profile="paricha-1", original=hashlib.sha256(data).hexdigest(), unit=officer.unit,
        defaults={"name": name, "imported_by": officer},
    )  # fmt: skip
    if new:
        store_corroborations(file, rows)
    touch("observationfile", file)
    note_facts(rows=len(rows))
    return {"rows": len(rows), "new": len(rows) if new else 0, "refusals": refusals}


def store_corroborations(file: ObservationFile, rows: list[tuple[int, dict[str, str]]]) -> None:
    """The rows as read; called by the verb and by rebuild."""
    Corroboration.objects.bulk_create(
        [
            Corroboration(
                file=file, unit=file.unit, compartment=file.compartment, line=line, activity=row["activity"],
                kind=row["kind"], value=row["value"], normal_form=normal(row["kind"], row["value"])[:300],
                source=row["source"], source_reference=row["source_reference"],
            )
            for line, row in rows
        ],
        batch_size=200,
    )  # fmt: skip


def corroborations_in(data: bytes, name: str) -> tuple[list[tuple[int, dict[str, str]]], list[Refusal]]:
    """The rows with their line, and those that cannot be read. Raises `Refused` for another header."""
    try:
        lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(
            "OBSERVATIONS-UNREADABLE", _("The file is no CSV in UTF-8."), _("Save it as CSV, UTF-8."), file=name
        ) from error
    if not lines or tuple(cell.strip() for cell in lines[0]) != CORROBORATION_COLUMNS:
        raise Refused(
            "CORROBORATIONS-HEADER", _("The header is not that of corroborations."),
            _("The first line must be {header}.").format(header=",".join(CORROBORATION_COLUMNS)), file=name, place=_("line 1"),
        )  # fmt: skip
    rows, refusals = [], []
    for number, cells in enumerate(lines[1:], 2):
        row = dict(zip(CORROBORATION_COLUMNS, (cell.strip() for cell in cells), strict=False))
        if not any(row.values()):
            continue
        if (
            len(cells) != len(CORROBORATION_COLUMNS)
            or row["kind"] not in CORROBORATION_KINDS
            or not row["activity"]
            or not row["value"]
        ):
            refusals.append(
                Refusal(name, _("line {line}").format(line=number), _("The row names no activity, no value, or no kind that we know."),
                        _("Kinds: {kinds}.").format(kinds=" ".join(CORROBORATION_KINDS)), "CORROBORATIONS-ROW")
            )  # fmt: skip
            continue
        rows.append((number, row))
    return rows, refusals


def normal(kind: str, value: str) -> str:
    """The form in which two sources' values compare: phones by their last ten digits, mail folded, names by words."""
    if kind == "phone":
        return "".join(sign for sign in value if sign.isdecimal())[-10:]
    if kind == "email":
        return selectors.email(value) or value.casefold()
    if kind == "imei":
        return "".join(sign for sign in value if sign.isdecimal())
    return " ".join(value.casefold().split())
