"""What stands before every page: who looks, by which right, and how a refusal is shown."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import require
from paricha.grounds.refusals import Refusal, Refused

Page = Callable[..., HttpResponse]
STATUS = {
    "ACCESS-RIGHT": 403,
    "ACCESS-NOT-VISIBLE": 404,
    "ACCESS-ONLY-SYNTHETIC": 403,
    "ACCESS-TOKEN": 401,
    "ACCESS-SLOW-DOWN": 429,
}


def officer_page(right: Right | Page | None = None, *, any_of: Iterable[Right] = ()) -> Any:
    """A page for officers who are signed in and, where named, hold `right` or one of `any_of`.

    Without sign-in it leads there and back; a missing right is a page with words and remedy (403, recorded in the
    log); a `Refused` raised inside becomes its own page, or a fragment for htmx, or JSON where that was asked for
    (404 for what is not to be seen, else 409). The page is not kept in any cache.
    Use as `@officer_page`, `@officer_page(Right.LEGAL)` or `@officer_page(any_of=[Right.PLAN, Right.STOP])`.
    """
    if callable(right) and not isinstance(right, Right):
        return _guarded(right, ())
    wanted = tuple(any_of) or ((right,) if isinstance(right, Right) else ())
    return lambda page: _guarded(page, wanted)


def _guarded(page: Page, wanted: tuple[Right, ...]) -> Page:
    name = f"{page.__module__.removeprefix('paricha.')}.{page.__name__}"

    @functools.wraps(page)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        officer = getattr(request, "officer", None)
        if officer is None or getattr(request, "token", None) is not None:
            return to_sign_in(request)
        try:
            if wanted and not any(officer.may(right) for right in wanted):
                require(officer, wanted[0], name)
            response = page(request, *args, **kwargs)
        except Refused as refused:
            response = refused_page(request, refused.refusal)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    run.page_rights = wanted  # type: ignore[attr-defined]  for the walk of every URL with every role
    return run


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back again; htmx is told to load it whole, JSON gets a plain 401."""
    onward = request.get_full_path() if request.method == "GET" and not _is_htmx(request) else ""
    address = reverse("access:sign_in") + (f"?{urlencode({'next': onward})}" if onward not in ("", "/") else "")
    if _is_htmx(request):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    if wants_json(request):
        return JsonResponse({"schema": 1, "refusals": [], "sign_in": address}, status=401)
    return HttpResponseRedirect(address)


def refused_page(request: HttpRequest, refusal: Refusal, status: int | None = None) -> HttpResponse:
    """A refusal as a page, as a fragment for htmx, or as JSON; status from its code unless given."""
    code = status or STATUS.get(refusal.code, 409)
    if wants_json(request):
        return JsonResponse({"schema": 1, "refusals": [refusal.to_plain()]}, status=code)
    if _is_htmx(request):
        fragment = render(request, "access/refused_fragment.html", {"refusal": refusal}, status=code)
        fragment["HX-Retarget"], fragment["HX-Reswap"] = "#main", "afterbegin"  # at the page's top, nothing replaced
        return fragment
    back = request.META.get("HTTP_REFERER", "")
    here = back if back.startswith(request.build_absolute_uri("/")) else ""
    bare = getattr(request, "officer", None) is None
    name = "access/refused_bare.html" if bare else "screens/refused.html"
    return render(request, name, {"refusal": refusal, "back": here or "/"}, status=code)


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller asked for JSON first."""
    return request.headers.get("Accept", "").split(",")[0].strip().startswith("application/json")


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
