"""The officer's own page: what he may, his keys, his tokens, his sign-in; and the switcher of made-up folders."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from paricha.access.models import BreakGlass
from paricha.access.pages import officer_page
from paricha.access.rights import Role


@officer_page
def me(request: HttpRequest) -> HttpResponse:
    """Who I am here, what I may, and with what I sign."""
    officer = request.officer  # type: ignore[attr-defined]
    shown = {
        "keys": officer.keys.order_by("revoked_at", "-enrolled_at"),
        "tokens": officer.tokens.order_by("revoked_at", "-made_at"),
        "roles": sorted(officer.roles),
        "rights": sorted(officer.rights),
        "ways": set(Authenticator.objects.filter(user=officer.user).values_list("type", flat=True)),
        "glass": BreakGlass.objects.filter(officer=officer)
        .select_related("unit", "compartment")
        .order_by("-since")[:10],
        "all_roles": list(Role),
    }
    return render(request, "access/me.html", shown)
