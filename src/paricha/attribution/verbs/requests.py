"""Requests: made of what waits, written as letter and sheet, read back and signed by two."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import msgspec
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.numbers import next_number
from paricha.access.rights import Right
from paricha.access.second_key import key_now, require_two
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.attribution import asking, finished
from paricha.attribution.events import Event
from paricha.attribution.law import law_on
from paricha.attribution.layouts import layouts
from paricha.attribution.models import Request, RequestRow, RequestSignature
from paricha.attribution.sheets import ReadBack
from paricha.attribution.sightings import Offered, unasked
from paricha.attribution.strand import OperatorFacts
from paricha.grounds.refusals import Refused
from paricha.operators.models import OperatorFile
from paricha.operators.queries import operator_named, whose
from paricha.vault.store import keep

ROWS_OF_A_REQUEST = 500


class Made(msgspec.Struct):
    """What `make_requests` brought: the new requests, and every sighting nobody is asked about, with why."""

    requests: list[Request]
    unrequested: list[tuple[str, str, str]]  # sighting, code, words


@verb(may=Right.LEGAL, event=Event.REQUESTS_MADE)
def make_requests(officer: Officer, *, operator: str | None = None) -> Made:
    """Group what waits by operator and by urgency. Run again it adds only new sightings. Raises `Refused` REQUESTS-OPERATOR."""
    code = operator_named(operator) if operator else None
    if operator and code is None:
        raise Refused(
            "REQUESTS-OPERATOR", _("No operator “{name}” stands in the table.").format(name=operator),
            _("Import the operator table, or write the name as it stands there."),
        )  # fmt: skip
    now = timezone.now()
    groups, unrequested = _sorted_by_operator(officer, now)
    made = []
    for key, rows in sorted(groups.items()):
        if code is None or key[0] == code:
            for start in range(0, len(rows), ROWS_OF_A_REQUEST):
                made.append(_request(officer, rows[start : start + ROWS_OF_A_REQUEST]))
    for request in made:
        touch("request", request)
    note_facts(requests=len(made), unrequested=len(unrequested))
    return Made(made, unrequested)


Group = list[tuple[Offered, OperatorFacts, str]]


def _sorted_by_operator(
    officer: Officer, now: datetime
) -> tuple[dict[tuple[str, int, int], Group], list[tuple[str, str, str]]]:
    """What waits, by (operator, less urgent, compartment); and what nobody is asked about."""
    groups: dict[tuple[str, int, int], Group] = {}
    unrequested: list[tuple[str, str, str]] = []
    known = set(layouts())
    originals = {file.id.hex(): file.original for file in OperatorFile.objects.filter(kind="snapshot")}
    for offered in unasked(officer):
        facts = offered.facts
        stop = asking.before_asking(facts, offered.who, offered.held_code, now, synthetic=settings.PARICHA.synthetic)
        if stop is None:
            assert facts.at is not None
            found = whose(facts.address, facts.at)
            answer = asking.whom_to_ask(facts, found, known)
            if isinstance(answer, OperatorFacts):
                answer = msgspec.structs.replace(answer, locators=asking.snapshot_places(found, originals))
                later = int(asking.days_left(facts.at, now) > asking.URGENT_DAYS)
                assert found.line is not None
                groups.setdefault((answer.code, later, offered.compartment_id or 0), []).append(
                    (offered, answer, found.line.layout)
                )
                continue
            stop = answer
        unrequested.append((facts.id, stop.code, stop.words))
    for rows in groups.values():
        rows.sort(key=lambda row: (row[0].facts.at, row[0].facts.id))
    return groups, unrequested


def _request(officer: Officer, rows: Group) -> Request:
    first, operator, layout = rows[0]
    request = Request.objects.create(
        unit=officer.unit, compartment_id=first.compartment_id, number=next_number("R", officer.unit),
        operator=operator.code, operator_name=operator.name, layout=layout, made_by=officer, oldest_at=first.facts.at,
    )  # fmt: skip
    RequestRow.objects.bulk_create(
        [
            RequestRow(
                request=request, row=number, sighting=bytes.fromhex(offered.facts.id), source=offered.facts.source,
                activity=offered.facts.activity[:200], asked=msgspec.json.encode(offered.facts).decode(),
                operator=msgspec.json.encode(facts).decode(),
            )
            for number, (offered, facts, _layout) in enumerate(rows, 1)
        ],
        batch_size=200,
    )  # fmt: skip
    return request


@verb(may=Right.LEGAL, event=Event.REQUEST_WRITTEN)
def write_request(officer: Officer, request: Request, *, folder: Path | None = None, law: str | None = None) -> Request:
    """Write letter and sheet into a folder (default: the unit's own). May be repeated. Raises `Refused`.

    The law is the one in force on the day of writing; a superseded one is refused.
    """
    at = timezone.now()
    chosen, template = law_on(finished.day_here(at), law)
    target = folder or settings.HOME / "requests" / request.id.hex()
    target.mkdir(parents=True, exist_ok=True)
    _only_ours(target, request)
    files = finished.make(request, template, chosen, at)
    for name, data in files.files.items():
        (target / name).write_bytes(data)
    request.law, request.written_at, request.written_by = chosen.id, at, officer
    request.folder, request.written = str(target.absolute()), json.dumps(files.note())
    request.save(update_fields=["law", "written_at", "written_by", "folder", "written"])
    note_facts(rows=len(files.rows), law=chosen.id)
    return request


def _only_ours(folder: Path, request: Request) -> None:
    ours = set(json.loads(request.written).get("files", {})) | set(finished.names(request))
    strange = sorted(
        file.name
        for file in folder.iterdir()
        if file.suffix.lower() in (".pdf", ".xlsx", ".csv", ".txt") and file.name not in ours
    )
    if strange:
        raise Refused(
            "REQUESTS-FOLDER", _("The folder holds {names} already.").format(names=", ".join(strange[:4])),
            _("Name an empty folder: letter and sheet must be the only files of their kind."), file=str(folder),
        )  # fmt: skip


@verb(may=Right.SIGN_REQUEST, event=Event.REQUEST_SIGNED, signed=True)
def sign_request(officer: Officer, request: Request, *, folder: Path | None = None) -> RequestSignature:
    """Read the written files back, compare them field by field with the record, and sign (C17).

    The second signature needs another officer and another key. Raises `Refused` with the differing fields.
    """
    signed = list(request.signatures.select_related("officer").order_by("at", "id"))
    if len(signed) >= 2:
        raise Refused(
            "REQUESTS-SIGNED-TWICE", _("{number} carries its two signatures already.").format(number=request.number),
            _("It can be sent."),
        )  # fmt: skip
    if signed:
        require_two(signed[0].officer, signed[0].key)
    where = Path(folder) if folder else Path(request.folder) if request.folder else None
    back, files = finished.read_back(request, where)
    refuse_differences(request, back)
    finished.refuse_changed(request, files)
    if signed:
        for name, data in files.items():
            keep(data, name=name, unit=request.unit)
    note_facts(fields=back.equal, signature=len(signed) + 1)
    touch("request", request)
    return RequestSignature.objects.create(request=request, officer=officer, key=key_now().id, fields_equal=back.equal)


def refuse_differences(request: Request, back: ReadBack) -> None:
    """Raise `Refused` REQUESTS-READ-BACK naming the differing fields (the first six)."""
    if not back.differences:
        return
    named = "; ".join(difference.words() for difference in back.differences[:6])
    more = len(back.differences) - 6
    if more > 0:
        named += "; " + _("and {count} more").format(count=more)
    raise Refused(
        "REQUESTS-READ-BACK", _("{number} can't be signed: {fields}.").format(number=request.number, fields=named),
        _("Write the request again; nothing has been sent."), file=back.differences[0].file, place=back.differences[0].place,
    )  # fmt: skip
