"""Screens of `trends`: the brief of an operation, and the rows behind each figure."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.grounds.refusals import Refused
from paricha.operations.models import Operation
from paricha.screens.lists import Column, Empty, ListPage
from paricha.trends.brief import brief_data, brief_pdf
from paricha.trends.events import Event
from paricha.trends.figures import BY_KEY

OPERATIONS = ListPage(
    name="briefs",
    title=gettext_lazy("Evening briefs"),
    columns=[
        Column("number", gettext_lazy("Operation"), lambda row: str(row),
               link=lambda row: reverse("trends:brief", args=[row.id]), sort="number"),
        Column("entry_at", gettext_lazy("Entry"), sort="entry_at"),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display()),
    ],
    search=("number", "name"),
    order="-entry_at",
    empty=Empty(gettext_lazy("No operation yet."), gettext_lazy("A brief belongs to an operation; plan one first.")),
    on_read=lambda request, rows, how: read(request.officer, Event.BRIEF_READ, *(rows if how == "screen" else ()), how=how),
)  # fmt: skip

ROWS = ListPage(
    name="figure",
    title="",
    columns=[],  # by the figure
    empty=Empty(gettext_lazy("Nothing is counted here."), gettext_lazy("The figure is 0.")),
    template="trends/figure.html",
)


@officer_page(Right.BRIEF)
def list_page(request: HttpRequest) -> HttpResponse:
    """Operations with their briefs."""
    return OPERATIONS.answer(request, Operation.objects.visible_to(request.officer))  # type: ignore[attr-defined]


@officer_page(Right.BRIEF)
def brief(request: HttpRequest, operation: bytes) -> HttpResponse:
    """The brief on screen: every figure opens its rows."""
    officer = request.officer  # type: ignore[attr-defined]
    row = Operation.objects.get_visible(officer, id=operation)
    read(officer, Event.BRIEF_READ, row)
    told = brief_data(officer, row)
    head = [told["head"][start : start + 16] for start in range(0, len(told["head"]), 16)]  # so that it wraps
    return render(request, "trends/brief.html", told | {"operation": row, "head": head})


@officer_page(Right.BRIEF)
def figure(request: HttpRequest, operation: bytes, key: str) -> HttpResponse:
    """The rows that one figure counts."""
    officer = request.officer  # type: ignore[attr-defined]
    row = Operation.objects.get_visible(officer, id=operation)
    one = BY_KEY.get(key)
    if one is None:
        raise Refused("ACCESS-NOT-VISIBLE", _("There is no such figure."), _("Open the brief."))
    found = one.find(officer, row)
    page = replace(
        ROWS,
        columns=[
            Column("label", _("Counted"), lambda thing: one.show(thing).label, link=lambda thing: one.show(thing).url),
            Column("words", _("Words"), lambda thing: one.show(thing).words),
        ],
        on_read=lambda request, rows, how: read(officer, Event.FIGURE_READ, row, figure=key, rows=len(rows), how=how),
    )
    title = _("{figure}: {n}").format(figure=one.label, n=found.count())
    return page.answer(request, found, title=title, definition=one.definition, operation=row)


def _language(request: HttpRequest) -> str:
    """The language asked for, else that of the screen; the brief is complete in Malayalam and English."""
    asked = request.GET.get("language") or get_language() or "en"
    return asked if asked in ("ml", "en") else "en"


@officer_page(Right.BRIEF)
def paper(request: HttpRequest, operation: bytes) -> HttpResponse:
    """The brief as PDF, in the language of the screen."""
    officer = request.officer  # type: ignore[attr-defined]
    row = Operation.objects.get_visible(officer, id=operation)
    read(officer, Event.BRIEF_MADE, row)
    pdf = brief_pdf(officer, row, at=timezone.now(), language=_language(request))
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{row.number}-brief.pdf"'
    return answer
