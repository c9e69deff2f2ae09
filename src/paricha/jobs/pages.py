"""The list of jobs, one job, and the fragment with its progress that other rooms' pages carry too."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.verbs_of_the_house import read
from paricha.grounds.refusals import Refused
from paricha.jobs import queries, verbs
from paricha.jobs.events import Event
from paricha.jobs.models import Job, State
from paricha.screens import shapes
from paricha.screens.list_filters import Choice
from paricha.screens.lists import Column, Empty, ListPage


def _progress_words(row: Job) -> str:
    if row.total:
        return f"{row.done:,} / {row.total:,} {row.of_what}"
    return f"{row.done:,} {row.of_what}" if row.done else ""


def _address(row: Job) -> str:
    return reverse("jobs:job", args=[row.id])


def _state(row: Job) -> Any:
    return shapes.state(queries.state_words(row.state), queries.GRADES[State(row.state)])


def _begun_by(row: Job) -> str:
    return row.officer.name if row.officer else str(_("the clock"))


JOBS = ListPage(
    name="jobs",
    title=_("Jobs"),
    columns=[
        Column("kind", _("Work"), get=lambda row: queries.title_of(row.kind), link=_address, sort="kind"),
        Column("state", _("State"), show=_state, export=lambda row: row.state, sort="state"),
        Column("progress", _("Progress"), get=_progress_words),
        Column("officer", _("Begun by"), get=_begun_by, sort="officer__name"),
        Column("made_at", _("Asked at"), sort="made_at"),
        Column("ended_at", _("Ended at"), sort="ended_at"),
    ],
    filters=[Choice("state", _("State"), options=lambda: [(s.value, queries.state_words(s)) for s in State])],
    order="-made_at",
    empty=Empty(_("No work has been asked for yet."), _("Long work, such as reading a batch, shows here while it runs.")),
    on_read=lambda request, rows, how: read(request.officer, Event.LIST_READ, rows=len(rows), how=how),  # type: ignore[attr-defined]
)  # fmt: skip


@require_GET
@officer_page
def jobs(request: HttpRequest) -> HttpResponse:
    """The jobs the officer sees."""
    return JOBS.answer(request, queries.jobs_of(_officer(request)))


@require_GET
@officer_page
def job(request: HttpRequest, id: bytes) -> HttpResponse:
    """One job: progress that moves, how it ended, stop and try again."""
    row = _found(request, id)
    read(_officer(request), Event.READ, row)
    return render(request, "jobs/job.html", _context(request, row))


@require_GET
@officer_page
def progress(request: HttpRequest, id: bytes) -> HttpResponse:
    """The moving part, asked for by itself until the job has ended; with `then` the page goes there afterwards."""
    row = _found(request, id)
    context = _context(request, row)
    response = render(request, "jobs/progress.html", context)
    onward = request.GET.get("then", "")
    if row.state == State.DONE and onward.startswith("/") and not onward.startswith("//"):
        response["HX-Redirect"] = onward
    return response


@require_POST
@officer_page
def stop(request: HttpRequest, id: bytes) -> HttpResponse:
    """Ask it to stop at its next beat."""
    verbs.cancel_job(_officer(request), _found(request, id))
    return HttpResponseRedirect(reverse("jobs:job", args=[id]))


@require_POST
@officer_page
def again(request: HttpRequest, id: bytes) -> HttpResponse:
    """Put it back in the queue."""
    verbs.try_again(_officer(request), _found(request, id))
    return HttpResponseRedirect(reverse("jobs:job", args=[id]))


def _officer(request: HttpRequest) -> Officer:
    return request.officer  # type: ignore[attr-defined,no-any-return]


def _found(request: HttpRequest, id: bytes) -> Job:
    row = queries.jobs_of(_officer(request)).filter(pk=id).first()
    if row is None:
        raise Refused("ACCESS-NOT-VISIBLE", str(_("There is no such job here, or it is not for you to see.")),
                      str(_("Look in the list of jobs.")))  # fmt: skip
    return row


def _context(request: HttpRequest, row: Job) -> dict[str, Any]:
    return {
        "job": row,
        "title": queries.title_of(row.kind),
        "shown": queries.shown(row),
        "refusal": row.refusal,
        "stops": not row.ended and not row.cancel_asked,
        "repeats": row.state in (State.FAILED, State.CANCELLED),
        "then": request.GET.get("then", ""),
    }
