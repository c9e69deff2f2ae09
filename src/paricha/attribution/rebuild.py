"""Make what is derived in `attribution` anew: observed sightings, corroborations, reply rows, strands.

Requests, signatures, doors and their numbers, decisions and enquiries stand; doors find their strands again by their keys.
"""

from __future__ import annotations

import hashlib

from paricha.access.models import Officer
from paricha.attribution import calls
from paricha.attribution.calls import Given
from paricha.attribution.models import (
    Corroboration,
    Door,
    ObservationFile,
    ObservedSighting,
    ReplyFile,
    ReplyRow,
    Request,
    StrandRow,
)
from paricha.attribution.verbs import doors, observing, replies
from paricha.grounds.progress import Progress, Report
from paricha.vault.store import read as original_bytes


def forget() -> None:
    """Empty what is derived."""
    for table in (StrandRow, ReplyRow, ObservedSighting, Corroboration):
        table.objects.all().delete()


def again(report: Report) -> None:
    """Read every file anew, in the order in which it came."""
    for file in ObservationFile.objects.order_by("imported_at", "id"):
        data = original_bytes(file.original)
        if file.kind == "observations":
            observing.store(file, observing.judge_all(data, name=file.name, now=file.imported_at))
        else:
            observing.store_corroborations(file, observing.corroborations_in(data, file.name)[0])
    order = list(ReplyFile.objects.order_by("call", "order").values_list("call", "request_id"))
    groups = list(dict.fromkeys(order))
    for done, (call_id, request_id) in enumerate(groups, 1):
        files = list(ReplyFile.objects.filter(call=call_id).order_by("order"))
        request = Request.objects.get(id=request_id)
        given = [Given(file.name, original_bytes(file.original)) for file in files]
        call = calls.read_call(given, request.number, replies.asked_of(request), replies.today_of(files[0]))
        rows = replies.store_rows(request, call, call_id)
        first = Officer.objects.get(pk=files[0].read_by_id)
        doors.place_strands(rows, officer=first, tell=False)
        report(Progress(done, len(groups), "replies", "attribution"))


def digest() -> str:
    """SHA-256 over sightings, strands and doors, independent of integers and of the order of rows."""
    lines = [f"o|{row.id16.hex()}|{row.outcome}|{row.code}" for row in ObservedSighting.objects.all()]
    lines += [
        f"c|{row.activity}|{row.kind}|{row.normal_form}|{row.source_reference}" for row in Corroboration.objects.all()
    ]
    lines += [
        f"s|{row.id16.hex()}|{row.door_id.hex() if row.door_id else ''}|{row.subscriber_key}|{row.address_key}"
        for row in StrandRow.objects.all()
    ]
    lines += [f"d|{row.id.hex()}|{row.state}|{row.open_codes}|{row.address}" for row in Door.objects.all()]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
