"""Home, notices, and the way to search."""

from __future__ import annotations

from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.verbs_of_the_house import read
from paricha.desk import queries, verbs
from paricha.desk.events import Event
from paricha.desk.running import running
from paricha.desk.waits import waits
from paricha.screens import moments
from paricha.screens.lists import Column, Empty, ListPage
from paricha.screens.shapes import state


def _officer(request: HttpRequest) -> Officer:
    officer: Officer = request.officer  # type: ignore[attr-defined]
    return officer


@officer_page
def home(request: HttpRequest) -> HttpResponse:
    """What waits, what runs out, what changed, where one left."""
    officer = _officer(request)
    since = queries.here_before(officer)
    today = timezone.now().astimezone(ZoneInfo(settings.PARICHA.zone))
    context = {
        "today": dateformat.format(today, "l, j F"),
        "waits": waits(officer),
        "running": running(officer),
        "changed": queries.changed(officer, since),
        "since": moments.short_words(since) if since else "",
        "left": queries.left_at(officer),
        "told": queries.notices_shown(officer, queries.notices(officer, unseen=True)[:8]),
    }
    read(officer, Event.HOME_READ)
    return render(request, "desk/home.html", context)


NOTICES = ListPage(
    name="notices",
    title=gettext_lazy("Notices"),
    columns=[
        Column("at", gettext_lazy("When")),
        Column("words", gettext_lazy("What"), link=lambda row: row["url"]),
        Column("seen_at", gettext_lazy("Read"), show=lambda row: row["seen_at"] or state(_("New"), "warn")),
    ],
    empty=Empty(gettext_lazy("No notice yet."), gettext_lazy("What came of things you had in hand is told here.")),
    on_read=lambda request, rows, how: read(request.officer, Event.NOTICES_READ, how=how),
)


@officer_page
def notices(request: HttpRequest) -> HttpResponse:
    """All notices of the officer."""
    officer = _officer(request)
    return NOTICES.answer(request, queries.notices_shown(officer, queries.notices(officer)))


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
