"""The officer's own page: what he may, his keys, his tokens, his sign-in, break-glass; and what a supervisor must see of it."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from paricha.access.enrol import fresh_sign_in
from paricha.access.models import BreakGlass, Compartment, Unit
from paricha.access.pages import officer_page
from paricha.access.queries import key_of, not_here, token_of
from paricha.access.rights import Right, Role
from paricha.access.verbs.glass import LONGEST_HOURS, break_glass, glass_to_see, see_glass
from paricha.access.verbs.keys import enrol_key_file, revoke_key
from paricha.access.verbs.officers import give_up_roles
from paricha.access.verbs.tokens import make_token, revoke_token


def _home() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("access:me"))


@officer_page
def me(request: HttpRequest) -> HttpResponse:
    """Who I am here, what I may, and with what I sign."""
    officer = request.officer  # type: ignore[attr-defined]
    shown = {
        "keys": officer.keys.order_by("-enrolled_at"),
        "tokens": officer.tokens.order_by("-made_at"),
        "roles": sorted(officer.roles),
        "rights": sorted(officer.rights),
        "ways": set(Authenticator.objects.filter(user=officer.user).values_list("type", flat=True)),
        "now": timezone.now(),
    }
    return render(request, "access/me.html", shown)


@officer_page
@require_POST
def give_up(request: HttpRequest) -> HttpResponse:
    """Give up roles of one's own."""
    known = set(Role)
    chosen = [Role(name) for name in request.POST.getlist("role") if name in known]
    give_up_roles(request.officer, chosen)  # type: ignore[attr-defined]
    return _home()


@officer_page
@require_POST
def add_key(request: HttpRequest) -> HttpResponse:
    """Enrol the public half of one's own key file, after a fresh sign-in."""
    fresh_sign_in(request)
    officer = request.officer  # type: ignore[attr-defined]
    enrol_key_file(officer, officer, request.POST.get("public", ""), request.POST.get("label", ""))
    return _home()


@officer_page
@require_POST
def end_key(request: HttpRequest, key: bytes) -> HttpResponse:
    """Revoke a key with a reason."""
    officer = request.officer  # type: ignore[attr-defined]
    ended = revoke_key(officer, key_of(officer, key), request.POST.get("reason", ""))
    if ended.officer.pk == officer.pk:
        return _home()
    return HttpResponseRedirect(reverse("access:officer", args=[ended.officer.id16]))


@officer_page
@require_POST
def add_token(request: HttpRequest) -> HttpResponse:
    """Make an API token, after a fresh sign-in; its text is shown this once."""
    fresh_sign_in(request)
    officer = request.officer  # type: ignore[attr-defined]
    known = set(Right)
    days = request.POST.get("days", "")
    made, text = make_token(
        officer,
        label=request.POST.get("label", ""),
        scopes=[Right(name) for name in request.POST.getlist("right") if name in known],
        days=int(days) if days.isdecimal() else 0,
    )
    return render(request, "access/token.html", {"token": made, "text": text})


@officer_page
@require_POST
def end_token(request: HttpRequest, token: bytes) -> HttpResponse:
    """Revoke a token."""
    officer = request.officer  # type: ignore[attr-defined]
    revoke_token(officer, token_of(officer, token))
    return _home()


class GlassForm(forms.Form):
    """What is opened, why, and for how long."""

    what = forms.ChoiceField(label=gettext_lazy("What you need to see"))
    reason = forms.CharField(
        label=gettext_lazy("Why you need it now"),
        help_text=gettext_lazy("Your supervisor is told, and the reason is kept for ever."),
        min_length=20,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    hours = forms.IntegerField(label=gettext_lazy("Hours"), min_value=1, max_value=LONGEST_HOURS, initial=2)

    def __init__(self, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*args, **kwargs)
        units = [(f"unit {unit.id16.hex()}", unit.name) for unit in Unit.objects.order_by("path")]
        closed = [(f"compartment {one.id16.hex()}", one.name) for one in Compartment.objects.order_by("name")]
        self.fields["what"].choices = [(_("Units"), units), (_("Compartments"), closed)]  # type: ignore[attr-defined]


@officer_page(Right.BREAK_GLASS)
def glass(request: HttpRequest) -> HttpResponse:
    """Open another unit's or compartment's rows with a reason."""
    officer = request.officer  # type: ignore[attr-defined]
    form = GlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kind, _blank, named = form.cleaned_data["what"].partition(" ")
        table = Unit if kind == "unit" else Compartment
        chosen = {kind: table.objects.filter(id16=bytes.fromhex(named)).first()}
        break_glass(officer, reason=form.cleaned_data["reason"], hours=form.cleaned_data["hours"], **chosen)
        return HttpResponseRedirect(reverse("access:glass"))
    mine = (
        BreakGlass.objects.filter(officer=officer).select_related("unit", "compartment", "seen_by").order_by("-since")
    )
    shown = {"form": form, "mine": mine[:50], "now": timezone.now(), "waiting": glass_to_see(officer)}
    return render(request, "access/glass.html", shown)


@officer_page
def glass_seen(request: HttpRequest) -> HttpResponse:
    """Break-glass of one's officers that nobody has acknowledged yet."""
    return render(request, "access/glass_seen.html", {"waiting": glass_to_see(request.officer)})  # type: ignore[attr-defined]


@officer_page
@require_POST
def see(request: HttpRequest, glass: bytes) -> HttpResponse:
    """The supervisor saw it."""
    found = BreakGlass.objects.filter(id=glass).first()
    if found is None:
        raise not_here()
    see_glass(request.officer, found)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("access:glass_seen"))
