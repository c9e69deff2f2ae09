"""Read replies: files are kept, judged row by row, and what holds water becomes strands that lead to doors."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.attribution import calls, facts
from paricha.attribution.calls import CallRead, Given
from paricha.attribution.events import Event
from paricha.attribution.finished import day_here
from paricha.attribution.matching import Asked
from paricha.attribution.models import ReplyFile, ReplyRow, Request, RequestRow, StrandRow
from paricha.attribution.strand import OperatorFacts, SightingFacts, subscriber_key
from paricha.attribution.verbs.doors import place_strands
from paricha.audit.fields import new_id
from paricha.grounds.identity import derived_id
from paricha.grounds.refusals import Refusal, Refused
from paricha.vault.store import keep

SIGNATURES = 2


class Read(msgspec.Struct):
    """What a call printed: rows as plain dicts, counts, refusals."""

    rows: list[dict[str, Any]]
    no_records: int
    footers: int
    refusals: list[Refusal]


@verb(may=Right.LEGAL, event=Event.REPLIES_READ)
def read_replies(officer: Officer, request: Request, files: list[tuple[str, bytes]]) -> Read:
    """Read the files of one call for a request. The same file again adds nothing; what it said is told again.

    Raises `Refused` REPLIES-NOT-SIGNED. A whole file is refused alone; the others are still read.
    """
    touch("request", request)
    if request.signatures.count() < SIGNATURES:
        raise Refused(
            "REPLIES-NOT-SIGNED", _("{number} does not carry two signatures.").format(number=request.number),
            _("Replies are read only for a request that two officers signed."),
        )  # fmt: skip
    given = [Given(name, data) for name, data in files]
    for one in given:
        keep(one.data, name=one.name, unit=request.unit)
    known = {
        row.original: row
        for row in ReplyFile.objects.filter(request=request, original__in=[one.sha256 for one in given])
    }
    told = [_told_again(known[sha]) for sha in dict.fromkeys(one.sha256 for one in given if one.sha256 in known)]
    fresh = list({one.sha256: one for one in given if one.sha256 not in known}.values())
    call_id = new_id()
    call = calls.read_call(fresh, request.number, asked_of(request), day_here(timezone.now()))
    store_files(request, call, call_id, officer=officer)
    rows = store_rows(request, call, call_id)
    note_facts(
        rows=len(call.rows), no_records=call.no_records, footers=call.footers, refusals=len(call.refusals),
        strands=len(rows), files=len(fresh),
    )  # fmt: skip
    place_strands(rows, officer=officer)
    return Read(
        [row for one in told for row in one.rows] + [row.to_plain() for row in call.rows],
        sum(one.no_records for one in told) + call.no_records,
        sum(one.footers for one in told) + call.footers,
        call.refusals,
    )


def asked_of(request: Request) -> list[Asked]:
    """What the request asked, as the rules see it."""
    known = facts.request_facts([request])[request.id]
    return [
        Asked(
            msgspec.json.decode(row.asked, type=SightingFacts), msgspec.json.decode(row.operator, type=OperatorFacts),
            msgspec.structs.replace(known, row=row.row),
        )
        for row in request.rows.order_by("row")
    ]  # fmt: skip


def store_files(request: Request, call: CallRead, call_id: bytes, *, officer: Officer) -> None:
    """The decision which originals answer this request; refused files are none."""
    for order, one in enumerate(call.opened):
        ReplyFile.objects.create(
            unit=request.unit, compartment=request.compartment, request=request, original=one.given.sha256,
            name=one.given.name[:255], kind=one.table.kind, call=call_id, order=order, footers=len(one.table.footers),
            read_by=officer,
        )  # fmt: skip


def store_rows(request: Request, call: CallRead, call_id: bytes) -> list[StrandRow]:
    """Rows and strands of a call; called by the verb and by rebuild. Strands lead to no door yet."""
    files = {row.original: row for row in ReplyFile.objects.filter(call=call_id)}
    asked = {row.row: row for row in request.rows.all()}
    by_number: dict[int, list[calls.JudgedRow]] = {}
    for judged in call.rows:
        by_number.setdefault(judged.answer.number, []).append(judged)
    made = []
    for number, several in sorted(by_number.items()):
        answer = several[0].answer
        reply = ReplyRow.objects.create(
            file=files[answer.file], number=number, outcome=_worst(several), answer=msgspec.json.encode(answer).decode(),
            judged=json.dumps([one.to_plain() for one in several], ensure_ascii=False),
        )  # fmt: skip
        made += [
            _strand(request, one, reply, asked[one.row], call_id)
            for one in several
            if one.row and one.outcome != "refused"
        ]
    first = next((row for row in files.values() if row.kind == "reply"), None)
    if first is not None:
        ReplyRow.objects.bulk_create(
            [ReplyRow(file=first, number=number, outcome="none", answer="{}", judged="[]") for number in call.silent]
        )
    return made


def _strand(request: Request, judged: calls.JudgedRow, reply: ReplyRow, asked: RequestRow, call_id: bytes) -> StrandRow:
    answer = judged.answer
    operator = msgspec.json.decode(asked.operator, type=OperatorFacts)
    mobile = (answer.subscriber.connection or operator.kind) == "mobile"
    identity = derived_id("strand", asked.sighting, bytes.fromhex(answer.file), str(answer.number))
    return StrandRow.objects.create(
        id16=identity, unit=request.unit, compartment=request.compartment, sighting=asked.sighting, request_row=asked,
        reply_row=reply, call=call_id, activity=asked.activity, operator=operator.code,
        subscriber_key=subscriber_key(operator.code, answer.subscriber)[:300],
        address_key=calls.address_key(answer, mobile)[:400],
    )  # fmt: skip


def _worst(several: list[calls.JudgedRow]) -> str:
    outcomes = {one.outcome for one in several}
    return next(word for word in ("refused", "held", "accepted") if word in outcomes)


def _told_again(file: ReplyFile) -> Read:
    """What a file that was read before said."""
    rows = [entry for row in file.rows.exclude(outcome="none") for entry in json.loads(row.judged)]
    return Read(rows, file.rows.filter(outcome="none").count(), file.footers, [])


def today_of(file: ReplyFile) -> date:
    """The day on which a file was read: rebuild judges as of it."""
    return day_here(file.read_at)
