"""Screens of `field`: the live board, one event, the control room's entry."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.field import queries, verbs
from paricha.field.events import Event
from paricha.field.forms import CHOICES, EnterForm
from paricha.field.kinds import Kind
from paricha.field.models import FieldEvent, RefusedEvent
from paricha.grounds.identity import id_named
from paricha.grounds.refusals import Refused
from paricha.operations.models import Operation, Stop, Team
from paricha.screens.list_filters import Choice
from paricha.screens.lists import Column, Empty, ListPage, View

BOARD_RIGHTS = (Right.CONTROL_ROOM, Right.PLAN, Right.STOP)


WHAT = {str(kind): words for kind, words in CHOICES} | {
    Kind.OPENED.value: gettext_lazy("The package was opened"),
    Kind.STOP_ACKNOWLEDGED.value: gettext_lazy("The stop was read"),
}


def what_words(kind: str) -> str:
    """What a kind of event says, in words."""
    return str(WHAT.get(kind, kind))


def _officer(request: HttpRequest) -> Officer:
    officer: Officer = request.officer  # type: ignore[attr-defined]
    return officer


EVENTS = ListPage(
    name="events",
    title=gettext_lazy("Field events"),
    columns=[
        Column("at", gettext_lazy("When"), link=lambda row: reverse("field:event", args=[row.id]), sort="at"),
        Column("team", gettext_lazy("Team"), "team.name", sort="team__name"),
        Column("site", gettext_lazy("Site"), "site.number", number=True),
        Column("kind", gettext_lazy("What"), lambda row: what_words(row.kind)),
        Column("how", gettext_lazy("How it came"), lambda row: (
            _("entered by {name}, told by {caller}").format(name=row.entered_by.name, caller=row.caller)
            if row.entered_by else _("signed by the team’s phone"))),
        Column("received_at", gettext_lazy("Received"), sort="received_at"),
    ],
    filters=[Choice("kind", gettext_lazy("What"), CHOICES)],
    views=[
        View("all", gettext_lazy("All")),
        View("entered", gettext_lazy("By telephone"), {"entered_by__isnull": False}),
        View("unconfirmed", gettext_lazy("By telephone, not confirmed"), {"entered_by__isnull": False, "confirmed_by": None}),
    ],
    search=("team__name", "caller"),
    order="-received_at",
    empty=Empty(gettext_lazy("Nothing was reported yet."), gettext_lazy("They come from the teams' phones, or by telephone.")),
)  # fmt: skip


@officer_page(any_of=BOARD_RIGHTS)
def index(request: HttpRequest) -> HttpResponse:
    """The running operation's board; a choice where several run; words where none does."""
    officer = _officer(request)
    running = list(queries.live_operations(officer).order_by("-entry_at"))
    if len(running) == 1:
        return redirect("field:board", operation=running[0].id)
    read(officer, Event.BOARD_READ)
    return render(request, "field/index.html", {"operations": running})


@officer_page(any_of=BOARD_RIGHTS)
def board(request: HttpRequest, operation: bytes) -> HttpResponse:
    """The live board; its changing part for htmx."""
    officer = _officer(request)
    row = Operation.objects.get_visible(officer, id=operation)
    part = request.headers.get("HX-Request")
    if not part:
        read(officer, Event.BOARD_READ, row)
    shown = queries.board_of(row)
    told = [
        {
            "at": event.received_at,
            "words": f"{event.team.name}{f' · {event.site.number}' if event.site else ''}: {what_words(event.kind)}",
            "by": _("telephone") if event.entered_by_id else "",
            "url": reverse("field:event", args=[event.id]),
        }
        for event in shown["latest"]
    ]
    context = shown | {
        "events_url": reverse("field:events"),
        "told": told,
        "may_enter": officer.may(Right.CONTROL_ROOM),
        "may_stop": officer.may(Right.STOP),
    }
    return render(request, "field/board_part.html" if part else "field/board.html", context)


@officer_page(any_of=BOARD_RIGHTS)
def events(request: HttpRequest) -> HttpResponse:
    """All events, newest first."""
    officer = _officer(request)
    read(officer, Event.BOARD_READ)
    return EVENTS.answer(request, queries.events(officer))


@officer_page(any_of=(*BOARD_RIGHTS, Right.CASES, Right.BRIEF))
def event(request: HttpRequest, event: bytes) -> HttpResponse:
    """One event: what was said, by whom, when by which clock, and the signed text itself."""
    officer = _officer(request)
    row: FieldEvent = FieldEvent.objects.get_visible(officer, id=event)
    read(officer, Event.EVENT_READ, row)
    said = [(name, value) for name, value in json.loads(row.payload).items() if value not in ("", None, [])]
    context = {"event": row, "said": said, "what": what_words(row.kind),
               "entries": _entries(officer, row)}  # fmt: skip
    return render(request, "field/event.html", context)


def _entries(officer: Officer, event: FieldEvent) -> list[FieldEvent]:
    """Entries by telephone that this event may be, where no rule could tell."""
    if event.entered_by_id is not None or event.confirms_id is not None or not officer.may(Right.CONTROL_ROOM):
        return []
    found = FieldEvent.objects.filter(
        team=event.team, site=event.site, kind=event.kind, entered_by__isnull=False, confirmed_by=None
    )
    return list(found.order_by("at"))


@require_POST
@officer_page(Right.CONTROL_ROOM)
def same(request: HttpRequest, event: bytes) -> HttpResponse:
    """The event and an entry by telephone are one."""
    officer = _officer(request)
    row: FieldEvent = FieldEvent.objects.get_visible(officer, id=event)
    word = request.POST.get("entry", "")
    entry: FieldEvent = FieldEvent.objects.get_visible(officer, id=id_named(word))
    verbs.say_same(officer, row, entry)
    return redirect("field:event", event=row.id)


@officer_page(any_of=(Right.CONTROL_ROOM, Right.SEAL))
def refused(request: HttpRequest) -> HttpResponse:
    """What phones sent and the server did not take, kept as it came."""
    officer = _officer(request)
    read(officer, Event.BOARD_READ)
    rows = RefusedEvent.objects.filter(device__officer__unit__path__startswith=officer.unit.path)
    context = {
        "rows": rows.select_related("device__officer").order_by("-received_at")[:200],
        "gaps": queries.gaps(officer),
    }
    return render(request, "field/refused.html", context)


@officer_page(Right.CONTROL_ROOM)
def enter(request: HttpRequest, operation: bytes) -> HttpResponse:
    """Enter what a team says by telephone."""
    officer = _officer(request)
    row = Operation.objects.get_visible(officer, id=operation)
    with timezone.override(ZoneInfo(settings.PARICHA.zone)):
        form = EnterForm(officer, row, request.POST or None)
        refusal = None
        if request.method == "POST" and form.is_valid():
            given: dict[str, Any] = form.cleaned_data
            try:
                verbs.enter_for_team(
                    officer, given["site"].team, site=given["site"], kind=Kind(given["kind"]), payload=form.payload(),
                    caller=given["caller"], happened_at=given["happened_at"], told_at=given["told_at"],
                )  # fmt: skip
                return redirect("field:board", operation=row.id)
            except Refused as refused_one:
                refusal = refused_one.refusal
        context = {"operation": row, "form": form, "refusal": refusal, "zone": settings.PARICHA.zone}
        return render(request, "field/enter.html", context, status=409 if refusal else 200)


@require_POST
@officer_page(Right.CONTROL_ROOM)
def heard(request: HttpRequest, operation: bytes) -> HttpResponse:
    """A team was told of a stop by telephone and has understood."""
    officer = _officer(request)
    row = Operation.objects.get_visible(officer, id=operation)
    stop, team = (request.POST.get(name, "") for name in ("stop", "team"))
    found = Team.objects.get_visible(officer, id=id_named(team), operation=row)
    told: Stop = Stop.objects.get_visible(officer, id=id_named(stop), operation=row)
    now = timezone.now()
    verbs.enter_for_team(
        officer, found, site=None, kind=Kind.STOP_ACKNOWLEDGED, payload={"words": told.id.hex()},
        caller=request.POST.get("caller", "")[:120], happened_at=now, told_at=now,
    )  # fmt: skip
    return redirect("field:board", operation=row.id)


def manifest(request: HttpRequest) -> HttpResponse:
    """So that a phone can put the app on its home screen."""
    return JsonResponse(
        {
            "name": "Paricha", "short_name": "Paricha", "start_url": "/field/app/", "scope": "/field/app/",
            "display": "standalone", "background_color": "#0c1116", "theme_color": "#0c1116",
            "icons": [{"src": "/static/screens/icon.svg", "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
    )  # fmt: skip
