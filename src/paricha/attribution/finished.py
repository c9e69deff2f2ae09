"""The finished files of a request: made from the record, and read back from the disk to be compared with it."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pypdfium2
from django.conf import settings
from django.utils.translation import gettext as _

from paricha.attribution import sheets
from paricha.attribution.asking import days_left
from paricha.attribution.law import Law, laws
from paricha.attribution.layouts import Layout, layouts
from paricha.attribution.models import Request
from paricha.attribution.sightings import as_recorded
from paricha.grounds.refusals import Refused
from paricha.places.pack import pack_file
from paricha.screens import papers


class Files(msgspec.Struct):
    """Finished files by name (the letter first), the rows they say, and how many fields are compared."""

    files: dict[str, bytes]
    letter: str
    rows: list[dict[str, str]]
    fields: int

    def note(self) -> dict[str, Any]:
        """What is kept of them beside the request."""
        return {
            "letter": self.letter,
            "files": {name: hashlib.sha256(data).hexdigest() for name, data in self.files.items()},
            "fields": self.fields,
        }


def names(request: Request) -> tuple[str, str]:
    """The names of letter and sheet."""
    return f"{request.number}.pdf", f"{request.number}.xlsx"


def day_here(at: datetime) -> date:
    """The day it is in the unit's zone."""
    return at.astimezone(ZoneInfo(settings.PARICHA.zone)).date()


def rows_of(request: Request) -> tuple[Layout, list[dict[str, str]]]:
    """The rows as the record has them now. Raises `Refused` when a sighting is gone or was corrected beyond asking."""
    layout = layouts()[request.layout]
    asked = list(request.rows.order_by("row"))
    recorded = as_recorded(row.sighting for row in asked)
    rows = []
    for row in asked:
        facts = recorded.get(row.sighting)
        if facts is None or facts.at is None:
            raise Refused(
                "REQUESTS-READ-BACK", _("The sighting of row {row} does not stand in the record any more.").format(row=row.row),
                _("Make a new request without it."),
            )  # fmt: skip
        rows.append(sheets.fields_of(request.number, row.row, facts, layout.times))
    return layout, rows


def head_of(request: Request, law_name: str, count: int) -> dict[str, str]:
    """What the letter's head must say."""
    return {
        _("request number"): request.number, _("operator"): request.operator_name, _("law"): law_name,
        _("end of annex"): f"End of annex: {count} rows.",
    }  # fmt: skip


def make(request: Request, template: Path, law: Law, at: datetime) -> Files:
    """Letter (PDF) and sheet (xlsx), compared with the record before anybody sees them."""
    layout, rows = rows_of(request)
    sheet = sheets.write_xlsx(layout.columns, rows, at)
    pdf = papers.render_pdf(
        template, letter_data(request, law, rows, at, hashlib.sha256(sheet).hexdigest()), lang="en", at=at,
        marked_synthetic=settings.PARICHA.synthetic,
    )  # fmt: skip
    letter_name, sheet_name = names(request)
    files = {letter_name: pdf, sheet_name: sheet}
    back = compare(request, files, layout, rows, law.name)
    if back.differences:
        raise RuntimeError(f"the finished letter of {request.number} differs: {back.differences[0].words()}")
    return Files(files, letter_name, rows, back.total)


def letter_data(request: Request, law: Law, rows: list[dict[str, str]], at: datetime, sheet_sha: str) -> dict[str, Any]:
    """What the letter's template gets."""
    return {
        "number": request.number,
        "operator": request.operator_name,
        "to": nodal_officer(request.operator, request.operator_name),
        "unit": settings.PARICHA.unit_name,
        "law": law.name,
        "day": day_here(at).strftime("%d %b %Y"),
        "count": len(rows),
        "days_left": days_left(request.oldest_at, at),
        "lines": [sheets.annex_line(row) for row in rows],
        "digest": f"sheet sha256 {sheet_sha[:8]}…{sheet_sha[-4:]}",
    }


def nodal_officer(operator: str, name: str) -> list[str]:
    """To whom the letter goes: the pack's nodal officers, else the operator's name alone."""
    file = pack_file("nodal_officers.csv")
    if file is not None:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                if row.get("operator") == operator:
                    return [row.get("name") or name, row.get("address") or name, row.get("email") or ""]
    return [_("The nodal officer"), name]


def compare(
    request: Request, files: dict[str, bytes], layout: Layout, rows: list[dict[str, str]], law_name: str
) -> sheets.ReadBack:
    """Every file against the record, field by field."""
    parts = []
    for name, data in files.items():
        if name.endswith(".pdf"):
            try:
                pages = papers.text_of(data)
            except pypdfium2.PdfiumError:
                pages = []
            parts.append(sheets.compare_letter(name, pages, head_of(request, law_name, len(rows)), rows))
        else:
            try:
                cells = sheets.read_sheet(data, name)
            except (ValueError, csv.Error):
                cells = []
            parts.append(sheets.compare_sheet(name, cells, layout.columns, rows))
    return sheets.added(parts)


def read_back(request: Request, folder: Path | None) -> tuple[sheets.ReadBack, dict[str, bytes]]:
    """The written files as they lie in the folder now, compared with the record. Raises `Refused` REQUESTS-NOT-WRITTEN."""
    note = json.loads(request.written)
    if not note.get("files") or folder is None:
        raise Refused(
            "REQUESTS-NOT-WRITTEN", _("{number} has not been written yet.").format(number=request.number),
            _("Write it first: `paricha requests write`."),
        )  # fmt: skip
    files = {}
    for name in note["files"]:
        try:
            files[name] = (folder / name).read_bytes()
        except OSError as error:
            raise Refused(
                "REQUESTS-NOT-WRITTEN", _("{name} is not in the folder any more.").format(name=name),
                _("Write the request again."), file=str(folder / name),
            ) from error  # fmt: skip
    layout, rows = rows_of(request)
    law_name = next((law.name for law in laws() if law.id == request.law), request.law)
    return compare(request, files, layout, rows, law_name), files


def refuse_changed(request: Request, files: dict[str, bytes]) -> None:
    """Raise `Refused` REQUESTS-CHANGED when a file's bytes are not those written, though every field reads equal."""
    note = json.loads(request.written)["files"]
    for name, data in files.items():
        if hashlib.sha256(data).hexdigest() != note[name]:
            raise Refused(
                "REQUESTS-CHANGED", _("{name} was changed after it was written, though every field reads equal.").format(name=name),
                _("Write the request again; nothing has been sent."), file=name,
            )  # fmt: skip
