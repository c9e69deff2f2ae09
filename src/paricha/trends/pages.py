"""Screens of `trends`: the brief of an operation, and the rows behind each figure."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.grounds.refusals import Refused
from paricha.operations.models import Operation
from paricha.screens.lists import Column, Empty, ListPage
from paricha.trends.brief import brief_data, brief_pdf
from paricha.trends.events import Event
from paricha.trends.figures import BY_KEY, counted

OPERATIONS = ListPage(
    name="briefs",
    title=gettext_lazy("Trends"),
    columns=[
        Column("number", gettext_lazy("Operation"), lambda row: str(row),
               link=lambda row: reverse("trends:brief", args=[row.id]), sort="number"),
        Column("entry_at", gettext_lazy("Entry"), sort="entry_at"),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display()),
    ],
    search=("number", "name"),
    order="-entry_at",
    empty=Empty(gettext_lazy("No operation yet."), gettext_lazy("A brief belongs to an operation; plan one first.")),
)  # fmt: skip

ROWS = ListPage(
    name="figure",
    title="",
    columns=[
        Column("label", gettext_lazy("Counted"), link=lambda row: row["url"]),
        Column("words", gettext_lazy("Words")),
    ],
    search=("label", "words"),
    empty=Empty(gettext_lazy("Nothing is counted here."), gettext_lazy("The figure is 0.")),
    template="trends/figure.html",
)


@officer_page(Right.BRIEF)
def list_page(request: HttpRequest) -> HttpResponse:
    """Operations with their briefs."""
    officer = request.officer  # type: ignore[attr-defined]
    read(officer, Event.BRIEF_READ)
    return OPERATIONS.answer(request, Operation.objects.visible_to(officer))


@officer_page(Right.BRIEF)
def brief(request: HttpRequest, operation: bytes) -> HttpResponse:
    """The brief on screen: every figure opens its rows."""
    officer = request.officer  # type: ignore[attr-defined]
    row = Operation.objects.get_visible(officer, id=operation)
    read(officer, Event.BRIEF_READ, row)
    figures = [
        (figure, number, reverse("trends:figure", args=[row.id, figure.key]))
        for figure, number in counted(officer, row)
    ]
    return render(request, "trends/brief.html", brief_data(officer, row) | {"operation": row, "counted": figures})


@officer_page(Right.BRIEF)
def figure(request: HttpRequest, operation: bytes, key: str) -> HttpResponse:
    """The rows that one figure counts."""
    officer = request.officer  # type: ignore[attr-defined]
    row = Operation.objects.get_visible(officer, id=operation)
    one = BY_KEY.get(key)
    if one is None:
        raise Refused("ACCESS-NOT-VISIBLE", _("There is no such figure."), _("Open the brief."))
    counted_rows = one.rows(officer, row)
    read(officer, Event.FIGURE_READ, row, figure=key, rows=len(counted_rows))
    return ROWS.answer(
        request,
        [{"label": each.label, "url": each.url, "words": each.words} for each in counted_rows],
        title=f"{one.label}: {len(counted_rows)}",
        definition=one.definition,
        operation=row,
    )


@officer_page(Right.BRIEF)
def paper(request: HttpRequest, operation: bytes) -> HttpResponse:
    """The brief as PDF, in the language of the screen."""
    officer = request.officer  # type: ignore[attr-defined]
    row = Operation.objects.get_visible(officer, id=operation)
    read(officer, Event.BRIEF_MADE, row)
    pdf = brief_pdf(officer, row, at=timezone.now(), language=get_language() or "en")
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{row.number}-brief.pdf"'
    return answer
