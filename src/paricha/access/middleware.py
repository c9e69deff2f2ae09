"""Each request acts as the officer who signed in: `request.officer`, None before sign-in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from paricha.access.acting import acting
from paricha.access.models import Officer


class OfficerMiddleware:
    """Sets `request.officer` and the means `screen` for the time of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        officer = None
        if request.user.is_authenticated:
            officer = Officer.objects.select_related("unit").filter(user=request.user, active=True).first()
        request.officer = officer  # type: ignore[attr-defined]
        with acting("screen"):
            return self.get_response(request)
