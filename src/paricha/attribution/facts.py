"""From the tables to the records the checks look at: doors in bulk, with what others of the same activity name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import msgspec
from django.db.models import Q

from paricha.attribution import checks_of_a_door, checks_of_a_strand
from paricha.attribution.calls import same_address
from paricha.attribution.models import (
    Door,
    DoorSignature,
    EnquiryReturn,
    HoldDecision,
    ReplyRow,
    Request,
    RequestRow,
    StationConfirmation,
    StrandRow,
)
from paricha.attribution.outcomes import CheckRun, Result
from paricha.attribution.strand import (
    Answer,
    DoorFacts,
    Elsewhere,
    Enquiry,
    OperatorFacts,
    RequestFacts,
    SightingFacts,
    Strand,
)
from paricha.grounds.identity import derived_id
from paricha.grounds.provenance import Locator, LocatorKind

_answer = msgspec.json.Decoder(Answer).decode
_sighting = msgspec.json.Decoder(SightingFacts).decode
_operator = msgspec.json.Decoder(OperatorFacts).decode


class Looked(msgspec.Struct, frozen=True):
    """A door as it stands: facts, every built check, the state they give, the digest of the sheet that is signed."""

    facts: DoorFacts
    runs: tuple[CheckRun, ...]
    state: str
    ground: bytes

    def run(self, code: str) -> CheckRun:
        return next(run for run in self.runs if run.code == code)

    @property
    def open_codes(self) -> tuple[str, ...]:
        return tuple(run.code for run in self.runs if run.open)


def look_at_doors(doors: Sequence[Door], today: date) -> dict[bytes, Looked]:
    """Every door judged as of a day. The caller has seen to who may see them."""
    found = {}
    for start in range(0, len(doors), 100):
        part = doors[start : start + 100]
        strands = _strands(part, today)
        beside = _Beside(part)
        for door in part:
            found[door.id] = _look(door, strands, beside, today)
    return found


class _Beside:
    """What officers did with some doors, read in five queries."""

    def __init__(self, doors: Sequence[Door]):
        ids = [door.id for door in doors]
        self.returns = {
            row.door_id: row for row in EnquiryReturn.objects.filter(door__in=ids).order_by("recorded_at", "id")
        }
        self.confirmed = {
            row.door_id: row
            for row in StationConfirmation.objects.filter(door__in=ids).select_related("officer").order_by("at", "id")
        }
        self.signed: dict[bytes, list[DoorSignature]] = {}
        for row in DoorSignature.objects.filter(door__in=ids).select_related("officer").order_by("at", "id"):
            self.signed.setdefault(row.door_id, []).append(row)
        self.decided: dict[bytes, list[HoldDecision]] = {}
        for decision in HoldDecision.objects.filter(door__in=ids).select_related("officer").order_by("at", "id"):
            self.decided.setdefault(decision.door_id, []).append(decision)


Strands = list[tuple[StrandRow, Strand]]


def _strands(doors: Sequence[Door], today: date) -> Strands:
    """Strands that lead to some doors, and those of others that speak for or against them."""
    own = list(StrandRow.objects.filter(door__in=[door.id for door in doors]))
    activities = {row.activity for row in own}
    sightings = {row.sighting for row in own}
    keys = {row.subscriber_key for row in own}
    rows = {row.pk: row for row in own}
    for names, field in ((activities, "activity__in"), (sightings, "sighting__in"), (keys, "subscriber_key__in")):
        listed = sorted(names)
        for start in range(0, len(listed), 300):
            for row in StrandRow.objects.filter(Q(**{field: listed[start : start + 300]})):
                rows[row.pk] = row
    wanted = list(rows.values())
    asked = {
        row.pk: row
        for row in RequestRow.objects.filter(pk__in={row.request_row_id for row in wanted}).select_related("request")
    }
    requests = request_facts({row.request for row in asked.values()})
    answers = {}
    for reply in ReplyRow.objects.filter(pk__in={row.reply_row_id for row in wanted}):
        answers[reply.pk] = _answer(reply.answer)
    return [(row, _strand(row, asked, requests, answers, wanted, today)) for row in wanted]


def _strand(
    row: StrandRow, asked: dict[int, RequestRow], requests: dict[bytes, RequestFacts], answers: dict[int, Answer],
    beside: list[StrandRow], today: date,
) -> Strand:  # fmt: skip
    question = asked[row.request_row_id]  # type: ignore[index]
    answer = answers[row.reply_row_id]
    others, later, addresses = [], [], []
    for other in beside:
        if other.sighting == row.sighting and other.subscriber_key != row.subscriber_key:
            if other.call > row.call:
                later.append(answers[other.reply_row_id])
            else:
                others.append(answers[other.reply_row_id])
        if (
            other.subscriber_key == row.subscriber_key and row.address_key and other.address_key
            and other.address_key != row.address_key
        ):  # fmt: skip
            addresses.append(answers[other.reply_row_id].subscriber.address or "")
    addresses += [text for text in answer.more_addresses if same_address(text) != row.address_key]
    return Strand(
        _sighting(question.asked), _operator(question.operator),
        msgspec.structs.replace(requests[question.request_id], row=question.row), answer, today, others=tuple(others),
        contradicted=tuple(later), other_addresses=tuple(sorted(set(addresses))),
    )  # fmt: skip


def request_facts(requests: Iterable[Request]) -> dict[bytes, RequestFacts]:
    """Requests as the checks see them, without the row."""
    found = {}
    for request in requests:
        signed = list(request.signatures.select_related("officer").order_by("at", "id"))
        written = json.loads(request.written)
        found[request.id] = RequestFacts(
            number=request.number, row=0, asked_rows=request.rows.count(),
            fields_equal=signed[-1].fields_equal if signed else 0, fields_total=written.get("fields", 0),
            signed_by=tuple(one.officer.name for one in signed),
        )  # fmt: skip
    return found


def _look(door: Door, strands: Strands, beside: _Beside, today: date) -> Looked:
    own = sorted(
        ((row, strand) for row, strand in strands if row.door_id == door.id),
        key=lambda pair: (str(pair[1].sighting.at), pair[0].call, pair[0].sighting, pair[0].id16),
    )
    once: dict[tuple[int, bytes], tuple[StrandRow, Strand]] = {}
    for row, strand in own:
        once.setdefault(said(row, strand.answer), (row, strand))
    own = list(once.values())
    keys = {row.subscriber_key for row, _strand_ in own}
    activities = {row.activity for row, _strand_ in own}
    elsewhere = tuple(
        Elsewhere(
            row.activity,
            row.operator,
            row.subscriber_key,
            row.sighting.hex(),
            strand.answer.at("Subscriber ID", "Session Start"),
        )
        for row, strand in strands
        if row.activity in activities and row.subscriber_key not in keys and checks_of_a_strand.sound(strand)
    )
    facts = DoorFacts(
        tuple(strand for _row, strand in own), elsewhere, _enquiry(beside.returns.get(door.id)), None, None, (), today
    )
    confirmed = beside.confirmed.get(door.id)
    if confirmed is not None and confirmed.ground == address_ground(door):
        facts = msgspec.structs.replace(facts, confirmed_station=confirmed.station, confirmed_by=confirmed.officer.name)
    return _judged(door, facts, beside)


def said(row: StrandRow, answer: Answer) -> tuple[int, bytes]:
    """What an operator says to one row of a request, without the place; a later reply that repeats it adds no strand."""
    words = msgspec.json.encode(msgspec.structs.replace(answer, number=0, file="", places={}))
    return row.request_row_id, words  # type: ignore[return-value]


def _judged(door: Door, facts: DoorFacts, beside: _Beside) -> Looked:
    if not facts.strands:
        return Looked(facts, (), "held", derived_id("sheet", door.id))
    runs = [_decided(door, run, beside.decided.get(door.id, [])) for run in checks_of_a_door.run(facts)]
    ground = sheet_ground(door, runs)
    signed = tuple(dict.fromkeys(one.officer.name for one in beside.signed.get(door.id, []) if one.ground == ground))
    if signed:
        facts = msgspec.structs.replace(facts, signed_by=signed)
        outcome = checks_of_a_door.sheet_signed_by_two(facts)
        runs = [
            run if run.code != "C32" else CheckRun("C32", outcome.result, outcome.words, outcome.evidence)
            for run in runs
        ]
    return Looked(facts, tuple(runs), checks_of_a_door.state_of(runs), ground)


def _decided(door: Door, run: CheckRun, decisions: list[HoldDecision]) -> CheckRun:
    if run.result is not Result.HOLD:
        return run
    ground = hold_ground(door, run)
    for decision in reversed(decisions):
        if decision.code == run.code and decision.ground == ground:
            return msgspec.structs.replace(run, decided_by=decision.officer.name, reason=decision.reason)
    return run


def hold_ground(door: Door, run: CheckRun) -> bytes:
    """What a hold stands on: its code and the places that show it. New facts give another ground, and open it again."""
    places = sorted(json.dumps(place.to_plain(), sort_keys=True) for place in run.evidence)
    return derived_id("hold-ground", door.id, run.code, *places)


def sheet_ground(door: Door, runs: Iterable[CheckRun]) -> bytes:
    """What the sheet says, without who signed it."""
    lines = [
        f"{run.code}|{run.result.value}|{run.decided_by or ''}|{hold_ground(door, run).hex()}"
        for run in runs
        if run.code != "C32"
    ]
    return derived_id("sheet-ground", door.id, same_address(door.address), door.station, *lines)


def address_ground(door: Door) -> bytes:
    """The address that a station confirms."""
    return derived_id("address-ground", door.id, same_address(door.address))


def _enquiry(row: EnquiryReturn | None) -> Enquiry | None:
    if row is None:
        return None
    seen = json.loads(row.seen)
    where = (
        Locator(row.original, LocatorKind.JSON_POINTER, "")
        if row.original
        else Locator(None, LocatorKind.ENTRY, [row.officer_name, row.recorded_at.strftime("%Y-%m-%dT%H:%M:%SZ")])
    )
    at: datetime = row.seen_at
    return Enquiry(
        row.officer_name, at, tuple(seen.get("lives_here") or ()), seen.get("floors"), seen.get("others_use_line"),
        seen.get("premises") or None, seen.get("user_in_fact") or None, seen.get("remarks") or "", (where,),
    )  # fmt: skip
