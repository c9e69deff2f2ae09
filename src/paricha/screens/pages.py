"""The choice of language and light, and the sheet of all components in all states (made-up folders only)."""

from __future__ import annotations

import logging
import secrets

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from paricha.screens import samples, unit

log = logging.getLogger(__name__)
YEAR = 365 * 24 * 3600


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Keep the officer's language and light in cookies, and go back to where he was. No case data is touched."""
    onward = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        onward, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        onward = "/"
    response = HttpResponseRedirect(onward)
    secure = request.is_secure()
    language = request.POST.get("language", "")
    if language in unit.languages():
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax", secure=secure)
    light = request.POST.get("light", "")
    if light in ("dark", "light"):
        response.set_cookie("paricha_light", light, max_age=YEAR, samesite="Lax", secure=secure)
    return response


def states(request: HttpRequest) -> HttpResponse:
    """Every component in every state, from made-up values; not there in a real folder."""
    if not unit.is_synthetic():
        raise Http404
    return render(request, "screens/states.html", samples.everything())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """For `handler404`: says that nothing stands at this address, or that it is not for this officer; never which of the two."""
    title = _("Nothing stands at this address")
    todo = _("The address is wrong, or what stood there is not yours to see. Search for it, or go to Home.")
    return render(request, "screens/nothing_here.html", {"title": title, "todo": todo}, status=404)


def not_allowed(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """For `handler403` and `CSRF_FAILURE_VIEW`: the form was too old or came from elsewhere; nothing was kept."""
    title = _("This was not sent from a page of ours")
    todo = _(
        "The page was open too long, or you signed in anew meanwhile. Nothing was kept: go back, load the page again and repeat it."
    )
    return render(request, "screens/nothing_here.html", {"title": title, "todo": todo}, status=403)


def fault(request: HttpRequest) -> HttpResponse:
    """For `handler500`: our own fault, with a number that stands in the log beside what happened."""
    reference = secrets.token_hex(4).upper()
    log.error("fault %s at %s", reference, request.path, exc_info=True)
    return render(
        request,
        "screens/fault.html",
        {"reference": reference, "again": request.path if request.method == "GET" else "/"},
        status=500,
    )
