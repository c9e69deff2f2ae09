"""The choice of language and light, and the sheet of all components in all states (made-up folders only)."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from paricha.screens import samples, unit

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
