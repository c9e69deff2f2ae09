"""Home, notices, and the way to search."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.verbs_of_the_house import read
from paricha.desk import queries, verbs
from paricha.desk.events import Event
from paricha.desk.waits import running, waits



def _officer(request: HttpRequest) -> Officer:
    officer: Officer = request.officer  # type: ignore[attr-defined]
    return officer


@officer_page
def home(request: HttpRequest) -> HttpResponse:
    """What waits, what runs out, what changed, where one left."""
    officer = _officer(request)
    since = queries.here_before(officer)
    context = {
        "waits": waits(officer),
        "running": running(officer),
        "changed": queries.changed(officer, since),
        "since": since,
        "left": queries.left_at(officer),
        "told": [queries.shown(notice) for notice in queries.notices(officer, unseen=True)],
    }
    read(officer, Event.HOME_READ)
    return render(request, "desk/home.html", context)


@officer_page
def notices(request: HttpRequest) -> HttpResponse:
    """All notices of the officer."""
    officer = _officer(request)
    read(officer, Event.NOTICES_READ)
    rows = [(notice, queries.shown(notice)) for notice in queries.notices(officer)]
    return render(request, "desk/notices.html", {"rows": rows})


@require_POST
@officer_page
def notices_seen(request: HttpRequest) -> HttpResponse:
    """All read."""
    officer = _officer(request)
    verbs.seen(officer, queries.notices(officer, unseen=True))
    return redirect("desk:home")


@officer_page
def search(request: HttpRequest) -> HttpResponse:
    """Search of the whole record stands in Records."""
    return redirect(f"{reverse('records:search')}?{urlencode({'q': request.GET.get('q', '')})}")
