"""Pages of the log: its rows with filters, one row, the history of a thing, stamps and the head of the day on paper."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typst
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from paricha.access.history import by, event_words, facts_of, names_of, told_of, via_words
from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.queries import not_here
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.audit.events import Event
from paricha.audit.models import AuditRow, Position, Stamp
from paricha.audit.stamp import public_key
from paricha.grounds.instants import from_epoch_ns

PER_PAGE = 100


def _chosen(request: HttpRequest) -> tuple[QuerySet[AuditRow], dict[str, str]]:
    """The rows that the filters leave, and the filters as they were given."""
    given = {name: request.GET.get(name, "").strip() for name in ("officer", "event", "thing", "from", "until")}
    rows = AuditRow.objects.all()
    if given["officer"]:
        rows = rows.filter(officer__in=Officer.objects.filter(name__icontains=given["officer"]).values("id16"))
    if given["event"]:
        rows = rows.filter(event__contains=given["event"])
    if given["thing"]:
        raw = _id(given["thing"])
        rows = rows.filter(touches__thing=raw) if raw is not None else rows.none()
    zone = ZoneInfo(settings.PARICHA.zone)
    day, last = parse_date(given["from"] or "x"), parse_date(given["until"] or "x")
    if day:
        rows = rows.filter(at_ns__gte=_ns(datetime.combine(day, time.min, zone)))
    if last:
        rows = rows.filter(at_ns__lt=_ns(datetime.combine(last, time.max, zone)) + 1_000_000_000)
    return rows, given


def _id(text: str) -> bytes | None:
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        return None
    return raw if len(raw) == 16 else None


def _ns(at: datetime) -> int:
    """The second's first nanosecond; a day that no row can have (before 1700, after 2262) is the nearest that fits."""
    return max(-(2**62), min(2**62 + 2**61, int(at.timestamp()) * 1_000_000_000))


@officer_page(Right.AUDIT)
def log(request: HttpRequest) -> HttpResponseBase:
    """The rows of the log, newest first; as a sheet with `?export=csv`."""
    rows, given = _chosen(request)
    if request.GET.get("export") == "csv":
        read(request.officer, Event.LOG_EXPORTED, rows=rows.count())  # type: ignore[attr-defined]
        answer = StreamingHttpResponse(_sheet(rows.order_by("at_ns", "id")), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="log.csv"'
        return answer
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 20:
        rows = rows.filter(at_ns__lt=int(before))
    found = list(rows.order_by("-at_ns", "-id")[: PER_PAGE + 1])
    more, found = len(found) > PER_PAGE, found[:PER_PAGE]
    read(request.officer, Event.LOG_READ, rows=len(found))  # type: ignore[attr-defined]
    query = request.GET.copy()
    query.pop("before", None)
    shown = {
        "rows": [plain(row, names) for names in [names_of(row.officer for row in found)] for row in found],
        "given": given,
        "events": AuditRow.objects.order_by("event").values_list("event", flat=True).distinct(),
        "older": f"?{query.urlencode()}&before={found[-1].at_ns}" if more else "",
        "export": f"?{query.urlencode()}&export=csv",
    }
    return render(request, "access/log.html", shown)


def plain(row: AuditRow, names: dict[bytes, str]) -> dict[str, Any]:
    """A row in words."""
    return {
        "id": row.id,
        "at": from_epoch_ns(row.at_ns),
        "event": row.event,
        "words": event_words(row.event),
        "by": by(row, names),
        "via": via_words(row.via),
        "signed": bool(row.act),
        "touched": json.loads(row.touched),
        "facts": facts_of(row),
    }


class _Line:
    """csv wants a file to write to; each line is handed on instead."""

    def write(self, line: str) -> str:
        return line


def _sheet(rows: QuerySet[AuditRow]) -> Iterator[str]:
    out = csv.writer(_Line())
    yield out.writerow(["id", "at_utc", "event", "officer", "via", "signed", "touched", "facts"])
    for row in rows.iterator(chunk_size=1000):
        yield out.writerow(
            [row.id.hex(), from_epoch_ns(row.at_ns).isoformat(), row.event, row.officer.hex() if row.officer else "", row.via,
             "yes" if row.act else "no", row.touched, row.facts]
        )  # fmt: skip


@officer_page(Right.AUDIT)
def log_row(request: HttpRequest, row: bytes) -> HttpResponse:
    """One row: what it touched, its facts, its signature, its place and stamp."""
    found = AuditRow.objects.filter(id=row).first()
    if found is None:
        raise not_here()
    place = Position.objects.filter(row=found).values_list("position", flat=True).first()
    stamp = Stamp.objects.filter(first__lte=place, last__gte=place).first() if place is not None else None
    shown = {
        "row": plain(found, names_of([found.officer])),
        "position": place,
        "stamp": stamp,
        "head": bytes(stamp.head).hex() if stamp else "",
        "hash": bytes(found.row_hash).hex(),
        "act": json.loads(found.act) if found.act else None,
        "key": found.key.hex() if found.key else "",
    }
    read(request.officer, Event.LOG_READ, found)  # type: ignore[attr-defined]
    return render(request, "access/log_row.html", shown)


@officer_page(Right.AUDIT)
def thing(request: HttpRequest, thing: bytes) -> HttpResponse:
    """Everything that happened to a thing."""
    told = told_of(thing, 1000)
    if not told:
        raise not_here()
    read(request.officer, Event.LOG_READ, rows=len(told))  # type: ignore[attr-defined]
    return render(request, "access/log_thing.html", {"thing": thing.hex(), "told": told})


@officer_page(Right.AUDIT)
def stamps(request: HttpRequest) -> HttpResponse:
    """The stamps, newest first, with their heads."""
    before = request.GET.get("before", "")
    found = Stamp.objects.order_by("-number")
    if before.isdecimal() and len(before) < 18:
        found = found.filter(number__lt=int(before))
    rows = [_plain_stamp(stamp) for stamp in found[:PER_PAGE]]
    read(request.officer, Event.LOG_READ, stamps=len(rows))  # type: ignore[attr-defined]
    shown = {
        "rows": rows,
        "older": rows[-1]["number"] if len(rows) == PER_PAGE else None,
        "key": public_key(Path(settings.HOME)),
    }
    return render(request, "access/stamps.html", shown)


def _plain_stamp(stamp: Stamp) -> dict[str, Any]:
    return {
        "number": stamp.number,
        "first": stamp.first,
        "last": stamp.last,
        "at": from_epoch_ns(stamp.at_ns),
        "head": bytes(stamp.head).hex(),
    }


PAPER = """#let d = json(bytes(sys.inputs.data))
#set page(paper: "a4", margin: 22mm)
#set text(font: ("Inter", "Noto Sans"), size: 11pt)
#set document(title: d.title)
#text(17pt, weight: "bold", d.title)
#if d.synthetic != none { block(stroke: 1pt, inset: 6pt, text(weight: "bold", d.synthetic)) }
#for fact in d.facts { block(above: 1.1em)[#text(9pt, fill: luma(90), fact.at(0)) \\ #text(font: "JetBrains Mono", fact.at(1))] }
#v(1.5em) #d.what
#v(2.5em) #line(length: 60%, stroke: .5pt) #text(9pt, d.sign)
"""


@officer_page(Right.AUDIT)
def head_of_day(request: HttpRequest) -> HttpResponse:
    """The newest head as a page to print, sign and put into the diary (PDF)."""
    stamp = Stamp.objects.order_by("-number").first()
    if stamp is None:
        raise not_here()
    at = from_epoch_ns(stamp.at_ns)
    local = at.astimezone(ZoneInfo(settings.PARICHA.zone))
    head = bytes(stamp.head).hex()
    data = {
        "title": _("Head of the log, {day}").format(day=local.strftime("%d %B %Y")),
        "synthetic": _("Made-up data") if settings.PARICHA.synthetic else None,
        "facts": [
            [_("Unit"), settings.PARICHA.unit_name],
            [_("Installation"), settings.PARICHA.installation],
            [_("Stamp"), _("{number}, rows to {last}").format(number=stamp.number, last=stamp.last)],
            [_("At"), f"{local:%H:%M:%S} {settings.PARICHA.zone} = {at:%Y-%m-%d %H:%M:%S} UTC"],
            [_("Head"), " ".join(head[part : part + 8] for part in range(0, 64, 8))],
            [_("Stamp key"), " ".join(public_key(Path(settings.HOME))[part : part + 8] for part in range(0, 64, 8))],
        ],
        "what": _(
            "Keep this sheet away from the machine. With it, anyone can tell whether the log was later made anew or cut short."
        ),
        "sign": _("Printed by {name}, {now} UTC; signature").format(
            name=request.officer.name,  # type: ignore[attr-defined]
            now=timezone.now().strftime("%Y-%m-%d %H:%M"),
        ),
    }
    fonts = Path(__file__).resolve().parents[1] / "screens" / "fonts"
    made = typst.compile(
        PAPER.encode(), font_paths=[str(fonts)], ignore_system_fonts=True, sys_inputs={"data": json.dumps(data)}
    )
    read(request.officer, Event.LOG_READ, stamp=stamp.number)  # type: ignore[attr-defined]
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="head-{stamp.number}.pdf"'
    return answer
