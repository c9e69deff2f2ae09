"""API clients: `Authorization: Bearer par_…` acts as the token's officer, with the token's rights only, by means `api`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import ApiToken, Officer
from paricha.access.pages import STATUS
from paricha.access.rights import Right
from paricha.access.verbs.tokens import digest_of
from paricha.access.verbs_of_the_house import require
from paricha.grounds.refusals import Refusal, Refused


def bearer(request: HttpRequest) -> str | None:
    """The token that the request carries, or None."""
    kind, _blank, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if kind.lower() == "bearer" else None


def officer_of_token(text: str) -> tuple[Officer, ApiToken] | None:
    """The officer a token acts as, limited to its rights; None when it is unknown, revoked or over."""
    token = (
        ApiToken.objects.select_related("officer", "officer__unit")
        .filter(digest=digest_of(text), revoked_at__isnull=True, until__gt=timezone.now(), officer__active=True)
        .first()
    )
    if token is None:
        return None
    officer = token.officer
    known = set(Right)
    officer.limited_to = frozenset(Right(name) for name in token.scopes.split() if name in known)
    return officer, token


def token_page(right: Right) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A JSON view for API clients whose token holds `right`: 401 without a token, 403 without the right, refusals as JSON."""

    def wrap(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        name = f"{page.__module__.removeprefix('paricha.')}.{page.__name__}"

        @functools.wraps(page)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                require(_acting(request), right, name)
                return page(request, *args, **kwargs)
            except Refused as refused:
                return refused_json(refused.refusal)

        run.page_rights = (right,)  # type: ignore[attr-defined]
        return run

    return wrap


class TokenAuth:
    """The same for django-ninja: `@api.get("/tips", auth=TokenAuth(Right.READ_RECORDS))`; `request.auth` is the officer."""

    def __init__(self, right: Right) -> None:
        self.right = right

    def __call__(self, request: HttpRequest) -> Officer | None:
        if getattr(request, "token", None) is None:
            return None
        officer: Officer = request.officer  # type: ignore[attr-defined]
        return officer if officer.may(self.right) else None


def _acting(request: HttpRequest) -> Officer:
    if getattr(request, "token", None) is None:
        raise Refused(
            "ACCESS-TOKEN",
            _("This address takes a token in the header Authorization: Bearer."),
            _("Make one on your own page, with the right that this needs."),
        )
    return request.officer  # type: ignore[attr-defined,no-any-return]


def refused_json(refusal: Refusal) -> JsonResponse:
    """A refusal as every command prints it, with its status."""
    return JsonResponse({"schema": 1, "refusals": [refusal.to_plain()]}, status=STATUS.get(refusal.code, 409))
