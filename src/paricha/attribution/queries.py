"""Reads of attribution: requests, doors as they stand, what operations may know of a door.

Other rooms: `door_state`, `doors_ready_for_site`, `package_facts`, `door_counts`, `doors_of_tip`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.attribution import checks_of_a_door, facts
from paricha.attribution.asking import days_left
from paricha.attribution.finished import day_here
from paricha.attribution.models import (
    Door,
    DoorState,
    EnquiryReturn,
    HoldDecision,
    ObservedSighting,
    ReplyFile,
    Request,
    RequestRow,
    StrandRow,
)
from paricha.grounds.refusals import Refused
from paricha.places import queries as places
from paricha.records.models import Sighting, Tip

NUMBER = re.compile(r"[A-Z]-\d{4,}")


# --- for pages and commands ----------------------------------------------------------------------------------------


def request_named(officer: Officer, reference: str) -> Request:
    """The newest request of that number that the officer sees. Raises `Refused` REQUESTS-UNKNOWN."""
    found = Request.objects.visible_to(officer).filter(number=reference.strip().upper()).order_by("-made_at").first()
    if found is None:
        raise Refused(
            "REQUESTS-UNKNOWN",
            _("There is no request {number}.").format(number=reference),
            _("`paricha requests make` lists them."),
        )
    return found


def door_named(officer: Officer, word: str) -> Door:
    """A door by its number or its 32 hex digits. Raises `Refused` DOORS-UNKNOWN."""
    rows = Door.objects.visible_to(officer)
    text = word.strip()
    found = (
        rows.filter(id=bytes.fromhex(text)).first()
        if re.fullmatch(r"[0-9a-f]{32}", text)
        else rows.filter(number=text.upper()).order_by("-made_at").first()
    )
    if found is None:
        raise Refused(
            "DOORS-UNKNOWN",
            _("There is no door {number} here, or it is not for you to see.").format(number=word),
            _("Check the number."),
        )
    return found


def doors_of(officer: Officer) -> QuerySet[Door]:
    """The doors the officer sees, joined ones left out."""
    return Door.objects.visible_to(officer).filter(joined_to=None)


def decisions_of(officer: Officer) -> QuerySet[HoldDecision]:
    """Every hold that an officer took on himself, of the doors the officer sees; newest first."""
    return HoldDecision.objects.visible_to(officer).select_related("door", "officer").order_by("-at", "-id")


def in_force(decisions: Iterable[HoldDecision]) -> set[bytes]:
    """Ids of the decisions that still stand; new facts open a hold again."""
    rows = list(decisions)
    doors = {row.door_id: row.door for row in rows}
    looked = facts.look_at_doors(list(doors.values()), day_here(timezone.now()))
    standing = {
        (door, run.code, facts.hold_ground(doors[door], run))
        for door, now in looked.items()
        for run in now.runs
        if run.decided_by
    }
    return {row.id for row in rows if (row.door_id, row.code, row.ground) in standing}


def waiting(officer: Officer) -> int:
    """How many doors wait for somebody: held, blocked or frozen."""
    return doors_of(officer).exclude(state=DoorState.HOLDS).count()


def door_counts(officer: Officer) -> dict[str, int]:
    """Doors the officer sees by state, every state named."""
    counted = dict(doors_of(officer).values_list("state").annotate(n=Count("id")).values_list("state", "n"))
    return {state: counted.get(state, 0) for state in DoorState.values}


def looked_at(door: Door) -> facts.Looked:
    """A door judged as of today."""
    return facts.look_at_doors([door], day_here(timezone.now()))[door.id]


def shown_with_source(officer: Officer, unrequested: Sequence[tuple[str, str, str]]) -> list[dict[str, Any]]:
    """Each sighting nobody is asked about with its address and the tip or observation it stands in, for a page."""
    ids = [bytes.fromhex(identity) for identity, _code, _words in unrequested]
    found: dict[bytes, dict[str, Any]] = {}
    for start in range(0, len(ids), 300):
        part = ids[start : start + 300]
        for row in Sighting.objects.visible_to(officer).filter(id16__in=part).select_related("selector", "tip"):
            shown = f"{row.selector.normal_form} {row.port or ''}".strip()
            found[row.id16] = {
                "shown": shown,
                "source": str(row.tip),
                "tip": reverse("records:tip", args=[row.tip.id16]),
            }
        for seen in ObservedSighting.objects.visible_to(officer).filter(id16__in=part):
            found[seen.id16] = {"shown": seen.address, "source": seen.reference, "tip": ""}
    return [
        {"code": code, "words": words, **found.get(bytes.fromhex(identity), {"shown": "", "source": "", "tip": ""})}
        for identity, code, words in unrequested
    ]


def waiting_requests(officer: Officer) -> list[dict[str, Any]]:
    """Requests without an answer, by operator: sightings, days left of the oldest, requests."""
    rows = (
        Request.objects.visible_to(officer).filter(replies=None).values("operator", "operator_name")
        .annotate(requests=Count("id", distinct=True), sightings=Count("rows", distinct=True), oldest=Min("oldest_at")).order_by("oldest")
    )  # fmt: skip
    now = timezone.now()
    return [{**row, "days_left": days_left(row["oldest"], now)} for row in rows]


# --- export --------------------------------------------------------------------------------------------------------


def export_lines(officer: Officer) -> list[dict[str, Any]]:
    """Every door the officer sees, as `doors export --jsonl` prints it."""
    doors = list(doors_of(officer).order_by("made_at", "number", "id"))
    looked = facts.look_at_doors(doors, day_here(timezone.now()))
    return [door_line(door, looked[door.id]) for door in doors]


def door_line(door: Door, looked: facts.Looked) -> dict[str, Any]:
    """One door in the promised shape (interfaces: "Doors")."""
    parts, proposals = places.look_at(door.address)
    enquiry = looked.facts.enquiry
    station = looked.facts.confirmed_station
    return {
        "schema": 1,
        "door": door.id.hex(),
        "number": door.number,
        "state": looked.state,
        "address": {
            "text": door.address or None,
            "kind": door.address_kind or None,
            "pin": parts.pin.value if parts.pin else None,
            "post_office": parts.post_office.value if parts.post_office else None,
            "local_body": parts.local_body.value if parts.local_body else None,
            "station": station,
        },
        "strands": [
            {
                "kind": strand.kind.value,
                "sighting": strand.sighting.id,
                "reference": strand.sighting.reference,
                "activity": strand.sighting.activity,
                "operator": strand.operator.code,
                "request": strand.request.number,
                "reply_row": strand.answer.number,
                "subscriber": strand.answer.subscriber.id or strand.answer.subscriber.name,
            }
            for strand in looked.facts.strands
        ],
        "checks": [run.to_plain() for run in looked.runs],
        "enquiry": None if enquiry is None else enquiry_plain(enquiry),
        "jurisdiction": {
            "station": station,
            "confirmed_by": looked.facts.confirmed_by,
            "district": places.district_of_station(station) if station else proposals.district,
            "proposals": [
                {"station": one.station, "district": one.district, "basis": list(one.basis), "km": one.km}
                for one in proposals.stations
            ],
            "warnings": list(proposals.warnings),
        },
    }


def enquiry_plain(enquiry: Any) -> dict[str, Any]:
    """An enquiry's return as it was given."""
    return {
        "officer": enquiry.officer,
        "at": enquiry.at.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(enquiry.at, datetime) else None,
        "lives_here": list(enquiry.lives_here),
        "floors": enquiry.floors,
        "others_use_line": enquiry.others_use_line,
        "premises": enquiry.premises,
        "user_in_fact": enquiry.user_in_fact,
        "remarks": enquiry.remarks or None,
    }


# --- for operations ------------------------------------------------------------------------------------------------


class DoorNow(msgspec.Struct, frozen=True):
    """A door as a package must know it. `ready`: it holds, its station confirmed, two signed, an enquiry was made.

    `open`: (code, words) of everything that stands in the way; `lacks`: in words, what `ready` still needs.
    """

    id: bytes
    number: str
    state: str
    ready: bool
    open: tuple[tuple[str, str], ...]
    lacks: tuple[str, ...]
    station: str | None
    district: str | None
    unit_id: int


def door_state(door_id16: bytes, *, lock: bool = True) -> DoorNow | None:
    """The door judged now, its row locked in the caller's transaction; None where there is none.

    For a release or a sealing, which read it again in their own transaction. The caller has seen to who may act.
    """
    rows = Door.objects.select_for_update() if lock else Door.objects
    door = rows.filter(id=door_id16).first()
    return None if door is None else _now(door, looked_at(door))


def _now(door: Door, looked: facts.Looked) -> DoorNow:
    against = tuple((run.code, run.words) for run in looked.runs if run.open)
    lacks = [words for code, words in against if code in checks_of_a_door.GUARD_THE_PACKAGE]
    if looked.facts.enquiry is None:
        lacks.append(_("Nobody has seen the place: a site of an operation needs an enquiry."))
    station = looked.facts.confirmed_station
    return DoorNow(
        door.id, door.number, looked.state, looked.state == DoorState.HOLDS and not against and not lacks, against,
        tuple(lacks), station, places.district_of_station(station) if station else None, door.unit_id,
    )  # fmt: skip


def doors_ready_for_site(officer: Officer) -> list[DoorNow]:
    """The doors the officer sees that may become sites of an operation, by number."""
    doors = list(doors_of(officer).filter(state=DoorState.HOLDS).order_by("number", "id"))
    looked = facts.look_at_doors(doors, day_here(timezone.now()))
    return [now for door in doors if (now := _now(door, looked[door.id])).ready]


def package_facts(officer: Officer, door: Door) -> dict[str, Any]:
    """What one team may know of a door: address, who is expected, the reasons, what the enquiry saw.

    Nothing of the tip's source, reporter, platform, report number or other doors.
    """
    looked = looked_at(door)
    parts, proposals = places.look_at(door.address)
    enquiry = looked.facts.enquiry
    pin = places.pin_facts(parts.pin.value) if parts.pin else None
    subscriber = next((strand.answer.subscriber for strand in looked.facts.strands), None)
    return {
        "door": door.id.hex(),
        "number": door.number,
        "state": looked.state,
        "address": door.address,
        "address_kind": door.address_kind,
        "pin": parts.pin.value if parts.pin else None,
        "post_office": parts.post_office.value if parts.post_office else None,
        "local_body": parts.local_body.value if parts.local_body else None,
        "point": {
            "lat": pin.lat,
            "lon": pin.lon,
            "grade": pin.grade,
            "words": _("middle of the PIN's post offices, not the house"),
        }
        if pin and pin.lat is not None
        else None,
        "station": looked.facts.confirmed_station,
        "district": places.district_of_station(looked.facts.confirmed_station)
        if looked.facts.confirmed_station
        else proposals.district,
        "subscriber": subscriber.name if subscriber else None,
        "premises": enquiry.premises if enquiry and enquiry.premises else subscriber.premises if subscriber else None,
        "enquiry": enquiry_plain(enquiry) if enquiry else None,
        "reasons": [
            {"code": run.code, "outcome": run.result.value, "words": run.words, "decided_by": run.decided_by}
            for run in looked.runs
            if run.result.value != "not applicable"
        ],
        "sightings": len(looked.facts.strands),
        "days": sorted({str(strand.sighting.at.date()) for strand in looked.facts.strands if strand.sighting.at}),
        "signed_by": list(looked.facts.signed_by),
    }


# --- for other rooms -----------------------------------------------------------------------------------------------


def doors_of_tip(officer: Officer, tip: Tip) -> list[Door]:
    """The doors the officer sees that a tip's own sightings lead to."""
    ids = list(Sighting.objects.filter(tip=tip).values_list("id16", flat=True))
    reached = StrandRow.objects.filter(sighting__in=ids, door__isnull=False).values("door_id")
    return list(doors_of(officer).filter(id__in=reached).order_by("number"))


def strands_of_tip(officer: Officer, tip: Tip) -> list[dict[str, Any]]:
    """What became of each of a tip's sightings: asked in which request, led to which door."""
    ids = list(Sighting.objects.filter(tip=tip).order_by("number").values_list("id16", flat=True))
    asked = {
        row.sighting: row
        for row in RequestRow.objects.visible_to(officer).filter(sighting__in=ids).select_related("request")
    }
    doors: dict[bytes, Door] = {}
    for row in StrandRow.objects.visible_to(officer).filter(sighting__in=ids).select_related("door"):
        if row.door is not None:
            doors[row.sighting] = row.door
    found = []
    for identity in dict.fromkeys(ids):
        request = asked.get(identity)
        found.append(
            {
                "sighting": identity,
                "request": request.request if request else None,
                "row": request.row if request else None,
                "door": doors.get(identity),
            }
        )
    return found


def doors_waiting_for(officer: Officer) -> QuerySet[Door]:
    """Doors whose enquiry is tasked to the officer and has not come back."""
    done = EnquiryReturn.objects.values("door_id")
    return doors_of(officer).filter(tasked_to=officer).exclude(id__in=done)


def reply_files(officer: Officer, request: Request) -> QuerySet[ReplyFile]:
    """The replies read for a request, oldest first."""
    return ReplyFile.objects.visible_to(officer).filter(request=request).order_by("read_at", "order")


def echo_table(officer: Officer, request: Request) -> list[dict[str, Any]]:
    """Each row of the replies with what was judged of it, for the screen."""
    rows = []
    for file in reply_files(officer, request):
        for row in file.rows.exclude(outcome="none"):
            for judged in json.loads(row.judged):
                rows.append({"file": file, "number": row.number, "answer": facts._answer(row.answer), **judged})
    return rows


def open_holds(officer: Officer) -> QuerySet[Door]:
    """Doors with something that an officer may decide."""
    return doors_of(officer).filter(Q(state=DoorState.HELD))
