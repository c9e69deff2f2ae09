"""Each request acts as the officer who signed in, or as a token's: `request.officer`, None before sign-in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from django.http import HttpRequest, HttpResponse

from paricha.access.acting import acting
from paricha.access.models import Officer
from paricha.access.scope import looking_once
from paricha.access.tokens import bearer, officer_of_token


class OfficerMiddleware:
    """Sets `request.officer`, `request.token` (None on screens) and the means `screen` or `api` for the request.

    A request that carries a token is that token's alone: a session beside it counts for nothing, and because no
    browser sends the header by itself it needs no form token.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        text = bearer(request)
        if text is None:
            request.officer, request.token = _signed_in(request), None  # type: ignore[attr-defined]
        else:
            request.officer, request.token = officer_of_token(text) or (None, None)  # type: ignore[attr-defined]
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        once = looking_once() if request.method in ("GET", "HEAD") else nullcontext()
        with acting("screen" if text is None else "api"), once:
            return self.get_response(request)


def _signed_in(request: HttpRequest) -> Officer | None:
    if not request.user.is_authenticated:
        return None
    return Officer.objects.select_related("unit", "user").filter(user=request.user, active=True).first()
