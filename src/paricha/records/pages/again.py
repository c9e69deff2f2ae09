"""Reading again with a newer reader: asked for, shown as a difference, and only then counted by an officer's decision."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.intake.models import Batch
from paricha.intake.words import reader_words
from paricha.jobs.models import Job
from paricha.records import reread, verbs
from paricha.records.difference_words import shown
from paricha.records.events import Event
from paricha.records.models import Reread, RereadFile, RereadState, RereadTip, Tip
from paricha.screens import shapes
from paricha.screens.lists import Column, Empty, ListPage
from paricha.screens.places import original_url

TIPS_A_PAGE = 25
FILES_SHOWN = 100


def state_of(asked: Any) -> Any:
    """How a reading anew stands, as a shape."""
    if asked.state == RereadState.READING:
        return shapes.state(_("Reading"), "live", "dot")
    if asked.state == RereadState.READY:
        return shapes.state(_("Wants a decision"), "hold", "hold")
    if asked.state == RereadState.COUNTED:
        return shapes.state(_("Counted"), "good", "ok")
    return shapes.state(_("Left as it was"), "neutral", "none")


def differs_words(asked: Any) -> str:
    """`12 tips differ`."""
    return ngettext("{n} tip differs", "{n} tips differ", asked.tips).format(n=asked.tips)


REREADS = ListPage(
    name="read-again",
    title=gettext_lazy("Read again"),
    columns=[
        Column("batch", gettext_lazy("Batch"), lambda row: row.number, link=lambda row: reverse("records:again", args=[row.id])),
        Column("asked_at", gettext_lazy("Asked"), sort="asked_at"),
        Column("files", gettext_lazy("Files"), number=True, sort="files"),
        Column("tips", gettext_lazy("Tips that differ"), number=True, sort="tips"),
        Column("added", gettext_lazy("Values added"), number=True),
        Column("changed", gettext_lazy("Values changed"), number=True),
        Column("lost", gettext_lazy("Values gone"), number=True),
        Column("state", gettext_lazy("State"), show=state_of, export=lambda row: row.get_state_display()),
    ],
    order="-asked_at",
    empty=Empty(
        gettext_lazy("Nothing was read again yet."),
        gettext_lazy("A batch offers it when a newer reader or mapping would read its files otherwise."),
        "/intake/", gettext_lazy("Open Intake"),
    ),
    on_read=lambda request, rows, how: read(request.officer, Event.REREADS_LISTED, how=how),
)  # fmt: skip


@require_GET
@officer_page(Right.INTAKE)
def all_again(request: HttpRequest) -> HttpResponseBase:
    """Every reading anew of the officer's units."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    number = Batch.objects.filter(pk=OuterRef("batch")).values("number")[:1]
    return REREADS.answer(request, reread.rereads(officer).annotate(number=Subquery(number)))


@require_POST
@officer_page(Right.INTAKE)
def ask(request: HttpRequest, batch: bytes) -> HttpResponse:
    """Have a batch's files read anew, or (`?file=`) one of them."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    row = Batch.objects.get_visible(officer, pk=batch)
    wanted = request.GET.get("file", "")
    position = int(wanted) if wanted.isdecimal() and wanted.isascii() and len(wanted) < 9 else None
    asked = verbs.ask_reread(officer, row, position=position)
    return redirect("records:again", asked.id)


@require_GET
@officer_page(Right.INTAKE)
def again(request: HttpRequest, reread_id: bytes) -> HttpResponse:
    """One reading anew: how far it is, what differs by tip, and the decision."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    asked = Reread.objects.get_visible(officer, pk=reread_id)
    batch = Batch.objects.get_visible(officer, pk=asked.batch)
    read(officer, Event.REREAD_READ, asked, tips=asked.tips)
    files = (
        RereadFile.objects.visible_to(officer).filter(reread=asked).select_related("file").order_by("file__position")
    )
    tips = reread.tips_of(officer, asked)
    page = request.GET.get("page", "1")
    number = max(1, int(page)) if page.isdecimal() and page.isascii() and len(page) < 7 else 1
    start = (number - 1) * TIPS_A_PAGE
    some = list(tips[start : start + TIPS_A_PAGE + 1])
    here = {one.id16: one for one in Tip.objects.visible_to(officer).filter(id16__in=[row.tip for row in some])}
    by = {one.id16: one.name for one in Officer.objects.filter(id16__in=[asked.officer, asked.decided_by or b""])}
    response = render(
        request,
        "records/again.html",
        {
            "asked": asked,
            "batch": batch,
            "state": state_of(asked),
            "by": by.get(asked.officer, ""),
            "decided_by": by.get(asked.decided_by, "") if asked.decided_by else "",
            "job": Job.objects.filter(once=asked.id.hex()).order_by("-made_at").first(),
            "reading": asked.state == RereadState.READING,
            "may_decide": asked.state == RereadState.READY and officer.may(Right.DECIDE_TIPS),
            "may_leave": asked.state in (RereadState.READY, RereadState.READING) and officer.may(Right.DECIDE_TIPS),
            "stale": asked.state == RereadState.READY and asked.readers != reread.readers_now(batch.unit),
            "files": [_file_line(batch, one) for one in files[:FILES_SHOWN]],
            "refused_now": files.filter(now="").count(),
            "tips": [_tip_line(batch, row, here) for row in some[:TIPS_A_PAGE]],
            "first": start + 1,
            "all_tips": tips.count(),
            "further": f"?page={number + 1}" if len(some) > TIPS_A_PAGE else "",
            "back": f"?page={number - 1}" if number > 1 else "",
        },
    )
    if request.headers.get("HX-Request") and asked.state != RereadState.READING:
        response["HX-Refresh"] = "true"  # what waited for the work now offers the decision, above and beside it
    return response


def _file_line(batch: Batch, row: RereadFile) -> dict[str, Any]:
    refusals = json.loads(row.refusals)
    return {
        "row": row,
        "url": reverse("intake:file", args=[batch.id, row.file.position]),
        "before": reader_words(row.before) if row.before else _("refused then"),
        "codes": ", ".join(refusals),
    }


def _tip_line(batch: Batch, row: RereadTip, here: dict[bytes, Tip]) -> dict[str, Any]:
    known = here.get(row.tip)
    words = {
        "new": _("New tip"),
        "gone": _("Not given by this file any more"),
        "other": ngettext("{n} value differs", "{n} values differ", row.added + row.changed + row.lost).format(
            n=row.added + row.changed + row.lost
        ),
    }
    told = shown(reread.told_of(row))
    return {
        "row": row,
        "number": row.number or row.tip.hex()[:8],
        "url": reverse("records:tip", args=[known.id16]) if known is not None else "",
        "words": words[row.kind],
        "told": told,
        "more": row.added + row.changed + row.lost - len(told) if row.kind != "gone" else 0,
        "original": _place_url(row),
        "file": row.file.file.name,
    }


def _place_url(row: RereadTip) -> str:
    """The report in its original."""
    told = json.loads(row.told)
    sides = (one[side] for one in told for side in ("now", "before"))
    return next((original_url(side["reading"]["locator"]) for side in sides if side is not None), "")


@require_POST
@officer_page(Right.INTAKE)
def count(request: HttpRequest, reread_id: bytes) -> HttpResponse:
    """Let the difference count."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    asked = Reread.objects.get_visible(officer, pk=reread_id)
    verbs.count_reread(officer, asked, reason=request.POST.get("reason", ""))
    return HttpResponseRedirect(reverse("records:again", args=[reread_id]))


@require_POST
@officer_page(Right.INTAKE)
def leave(request: HttpRequest, reread_id: bytes) -> HttpResponse:
    """Leave the record as it is."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    asked = Reread.objects.get_visible(officer, pk=reread_id)
    verbs.leave_reread(officer, asked, reason=request.POST.get("reason", ""))
    return HttpResponseRedirect(reverse("records:again", args=[reread_id]))
