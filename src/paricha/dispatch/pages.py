"""Screens of `dispatch`: what is out, one dispatch, sending, reporting back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.audit.log import history
from paricha.dispatch import queries, verbs
from paricha.dispatch.events import Event
from paricha.dispatch.forms import ReportForm, SendForm
from paricha.dispatch.letter import covering_letter
from paricha.dispatch.models import Dispatch, Outcome, State
from paricha.grounds.identity import id_named
from paricha.grounds.instants import from_epoch_ns
from paricha.grounds.refusals import Refused
from paricha.records.models import Tip
from paricha.screens import moments
from paricha.screens.list_filters import Choice
from paricha.screens.lists import Column, Empty, ListPage, View
from paricha.screens.shapes import state

GRADES = {State.SENT: "warn", State.ACKNOWLEDGED: "neutral", State.REPORTED: "good", State.RETURNED: "hold"}


TOLD = {
    Event.SENT: gettext_lazy("Sent"),
    Event.ACKNOWLEDGED: gettext_lazy("The receiver has it"),
    Event.REPORTED: gettext_lazy("Reported back"),
    Event.RETURNED: gettext_lazy("Returned: not ours"),
    Event.LETTER_READ: gettext_lazy("The letter was opened"),
}


def left_words(row: Dispatch) -> str:
    """How many days are left, or over."""
    days = row.days_left(queries.today())
    if days < 0:
        return ngettext("{days} day over", "{days} days over", -days).format(days=-days)
    return ngettext("{days} day", "{days} days", days).format(days=days)


def _left(row: Dispatch) -> object:
    if not row.is_open:
        return ""
    days = row.days_left(queries.today())
    return state(left_words(row), "stop" if days < 0 else "warn" if days < 4 else "neutral")


LIST = ListPage(
    name="dispatch",
    title=gettext_lazy("Dispatch"),
    columns=[
        Column(
            "number", gettext_lazy("Number"), link=lambda row: reverse("dispatch:one", args=[row.id]), sort="number"
        ),
        Column("unit", gettext_lazy("With"), "unit.name", sort="unit__name"),
        Column("sent_at", gettext_lazy("Sent"), sort="sent_at"),
        Column("due_on", gettext_lazy("Due"), sort="due_on", show=lambda row: moments.day(row.due_on)),
        Column("left", gettext_lazy("Left"), _left, export=lambda row: row.days_left(queries.today())),
        Column(
            "state", gettext_lazy("State"), "state", show=lambda row: state(row.get_state_display(), GRADES[row.state])
        ),
        Column("by", gettext_lazy("Sent by"), "sent_by.name"),
    ],
    filters=[Choice("state", gettext_lazy("State"), State.choices)],
    views=[
        View("open", gettext_lazy("Open"), {"state__in": queries.OPEN}),
        View(
            "late",
            gettext_lazy("Past their date"),
            lambda rows: rows.filter(state__in=queries.OPEN, due_on__lt=queries.today()),
        ),
        View("all", gettext_lazy("All")),
    ],
    search=("number", "unit__name"),
    order="due_on",
    empty=Empty(gettext_lazy("Nothing is out."), gettext_lazy("A tip is handed to a district from its page.")),
    template="dispatch/list.html",
    on_read=lambda request, rows, how: read(request.officer, Event.LISTED, *(rows if how == "screen" else ()), how=how),
)


@officer_page(any_of=(Right.READ_RECORDS, Right.DISPATCH, Right.REPORT_BACK))
def list_page(request: HttpRequest) -> HttpResponse:
    """What is out, with whom, until when."""
    officer = request.officer  # type: ignore[attr-defined]
    return LIST.answer(request, queries.dispatches(officer), units=queries.pending_by_unit(officer))


@officer_page(any_of=(Right.READ_RECORDS, Right.DISPATCH, Right.REPORT_BACK))
def one(request: HttpRequest, dispatch: bytes) -> HttpResponse:
    """One dispatch: what is enclosed, its history, its report."""
    officer = request.officer  # type: ignore[attr-defined]
    row = Dispatch.objects.get_visible(officer, id=dispatch)
    read(officer, Event.READ, row)
    return render(request, "dispatch/one.html", _context(request, row, ReportForm()))


def _parts(row: Dispatch, tip: Tip | None) -> list[tuple[object, list[tuple[str, object]]]]:
    """What is enclosed; who does not see the tip reads where a value stands, but no way into the original."""
    found = queries.enclosed(row)
    if tip is not None:
        return found
    return [(heading, [(label, _closed(reading)) for label, reading in rows]) for heading, rows in found]


def _closed(reading: Any) -> dict[str, object]:
    locator = reading["locator"]
    return {"value": reading["value"], "locator": {"kind": locator["kind"], "at": locator["at"]}}


def _told(row: Dispatch) -> list[dict[str, object]]:
    """Its history, newest first, with names."""
    rows = [event for event in reversed(history(row.id)) if event.event in TOLD]
    names = dict(
        Officer.objects.filter(id16__in={one.officer for one in rows if one.officer}).values_list("id16", "name")
    )
    return [
        {"at": from_epoch_ns(one.at_ns), "words": TOLD[Event(one.event)],
         "by": names.get(bytes(one.officer), "") if one.officer else ""}
        for one in rows
    ]  # fmt: skip


def _context(request: HttpRequest, row: Dispatch, form: ReportForm, refusal: object = None) -> dict[str, object]:
    officer = request.officer  # type: ignore[attr-defined]
    mine = row.unit.path.startswith(officer.unit.path) and officer.may(Right.REPORT_BACK)
    tip = Tip.objects.visible_to(officer).filter(id16=row.tip).first()
    return {
        "tip": tip,
        "refusal": refusal,
        "may_correct": mine and row.state == State.REPORTED,
        "dispatch": row,
        "state_grade": GRADES[State(row.state)],
        "left": _left(row),
        "parts": _parts(row, tip),
        "reports": row.reports.select_related("by").order_by("-at"),
        "form": form,
        "may_report": mine and row.is_open,
        "may_acknowledge": mine and row.state == State.SENT,
        "told": _told(row),
    }


@officer_page(Right.DISPATCH)
def send(request: HttpRequest, tip: bytes) -> HttpResponse:
    """Choose the receiver, the due date and what is enclosed."""
    officer = request.officer  # type: ignore[attr-defined]
    found = Tip.objects.get_visible(officer, id16=tip)
    form = SendForm(officer, request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            sent = verbs.send_tip(
                officer, found, to=given["to"], due_on=given["due_on"], enclosed=given["enclosed"],
                words=given["words"], language=given["language"],
            )  # fmt: skip
            return redirect("dispatch:one", dispatch=sent.id)
        except Refused as refused:
            refusal = refused.refusal
    read(officer, Event.READ, found)
    status = 409 if refusal else 200
    return render(request, "dispatch/send.html", {"tip": found, "form": form, "refusal": refusal}, status=status)


@require_POST
@officer_page(Right.REPORT_BACK)
def acknowledge(request: HttpRequest, dispatch: bytes) -> HttpResponse:
    """The receiver has it."""
    officer = request.officer  # type: ignore[attr-defined]
    verbs.acknowledge(officer, Dispatch.objects.get_visible(officer, id=dispatch))
    return redirect("dispatch:one", dispatch=dispatch)


@require_POST
@officer_page(Right.REPORT_BACK)
def report(request: HttpRequest, dispatch: bytes) -> HttpResponse:
    """The action-taken report."""
    officer = request.officer  # type: ignore[attr-defined]
    row = Dispatch.objects.get_visible(officer, id=dispatch)
    form = ReportForm(request.POST)
    if not form.is_valid():
        return render(request, "dispatch/one.html", _context(request, row, form), status=422)
    given = form.cleaned_data
    corrects = row.reports.filter(pk=id_named(request.POST.get("corrects", ""))).first()
    try:
        verbs.report_back(
            officer, row, outcome=Outcome(given["outcome"]), words=given["words"], case_number=given["case_number"],
            corrects=corrects,
        )  # fmt: skip
    except Refused as refused:
        return render(request, "dispatch/one.html", _context(request, row, form, refused.refusal), status=409)
    return redirect("dispatch:one", dispatch=dispatch)


@require_POST
@officer_page(Right.REPORT_BACK)
def give_back(request: HttpRequest, dispatch: bytes) -> HttpResponse:
    """Not ours."""
    officer = request.officer  # type: ignore[attr-defined]
    verbs.return_tip(officer, Dispatch.objects.get_visible(officer, id=dispatch), reason=request.POST.get("reason", ""))
    return redirect("dispatch:one", dispatch=dispatch)


@officer_page(any_of=(Right.DISPATCH, Right.REPORT_BACK))
def letter(request: HttpRequest, dispatch: bytes) -> HttpResponse:
    """The covering letter with its enclosure, as PDF."""
    officer = request.officer  # type: ignore[attr-defined]
    row = Dispatch.objects.get_visible(officer, id=dispatch)
    read(officer, Event.LETTER_READ, row)
    answer = HttpResponse(covering_letter(row), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    return answer
