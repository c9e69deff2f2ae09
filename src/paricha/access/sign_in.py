"""Pages before an officer is known: sign in by passkey, by password and code, by recovery code; sign out; made-up folders."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from paricha.access.house import made_up
from paricha.access.limits import count_try
from paricha.access.models import Officer
from paricha.access.pages import refused_page
from paricha.access.passkeys import asserted, assertion_options
from paricha.access.verbs.sessions import close_session, note_wrong_try, open_session
from paricha.grounds.refusals import Refused

PASSKEY_STATE = "paricha_passkey"


class CodeForm(forms.Form):
    """Password and the six digits of the officer's app."""

    name = forms.CharField(
        label=gettext_lazy("Your name, as the administrator wrote it"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "username webauthn", "autofocus": True}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    code = forms.CharField(
        label=gettext_lazy("Six digits from your app"),
        max_length=12,
        widget=forms.TextInput(attrs={"class": "code", "inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class RecoveryForm(CodeForm):
    """Password and one of the codes that were written down."""

    code = forms.CharField(
        label=gettext_lazy("One of your recovery codes"),
        max_length=24,
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "off"}),
    )


def onward(request: HttpRequest) -> str:
    """Where the officer wanted to go, if it is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else "/"


@never_cache
@sensitive_post_parameters("password", "code")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; a post carries password and code."""
    if request.method != "POST":
        return _page(request, CodeForm())
    return _by_code(request, CodeForm(request.POST), Authenticator.Type.TOTP, "access/sign_in.html")


@never_cache
@sensitive_post_parameters("password", "code")
def recover(request: HttpRequest) -> HttpResponse:
    """Sign in with password and a recovery code."""
    if request.method != "POST":
        return render(request, "access/recover.html", {"form": RecoveryForm(), "next": onward(request)})
    return _by_code(request, RecoveryForm(request.POST), Authenticator.Type.RECOVERY_CODES, "access/recover.html")


def _by_code(request: HttpRequest, form: CodeForm, kind: Authenticator.Type, template: str) -> HttpResponse:
    try:
        if form.is_valid():
            officer = _whose(request, form.cleaned_data, kind)
            open_session(request, officer, "code" if kind == Authenticator.Type.TOTP else "recovery")
            return HttpResponseRedirect(onward(request))
        status = 200
    except Refused as refused:
        form.add_error(None, f"{refused.refusal.what} {refused.refusal.remedy}")
        status = 429 if refused.refusal.code == "ACCESS-SLOW-DOWN" else 403
    if template == "access/sign_in.html":
        return _page(request, form, status)
    return render(request, template, {"form": form, "next": onward(request)}, status=status)


def _whose(request: HttpRequest, given: dict[str, str], kind: Authenticator.Type) -> Officer:
    """The officer whose name, password and code these are. Every try is counted before it is judged."""
    tried = count_try(request, "sign-in")
    officer = Officer.objects.select_related("unit", "user").filter(name=given["name"], active=True).first()
    user = authenticate(request, username=given["name"], password=given["password"])
    if user is not None and officer is not None and officer.user_id == user.pk:
        tried_code = count_try(request, "code", key=f"{kind}:{officer.pk}")
        second = Authenticator.objects.filter(user=user, type=kind).first()
        if second is not None and second.wrap().validate_code(given["code"].replace(" ", "")):
            tried.rollback()
            tried_code.rollback()
            return officer
    note_wrong_try(request, officer, str(kind))
    raise Refused(
        "ACCESS-SIGN-IN",
        _("Name, password and code do not fit together."),
        _("A code is good once and for thirty seconds: wait for the next one."),
    )


def _page(request: HttpRequest, form: CodeForm, status: int = 200) -> HttpResponse:
    options, request.session[PASSKEY_STATE] = assertion_options(request)
    shown: dict[str, Any] = {"form": form, "options": options, "next": onward(request), "host": settings.PARICHA.host}
    if made_up():
        shown["demo_officers"] = Officer.objects.filter(active=True).select_related("unit").order_by("-first", "name")
    return render(request, "access/sign_in.html", shown, status=status)


@never_cache
@require_POST
def sign_in_by_passkey(request: HttpRequest) -> HttpResponse:
    """A post carries the browser's answer to the challenge on the sign-in page."""
    try:
        tried = count_try(request, "sign-in")
        key, _assertion = asserted(
            request, request.session.pop(PASSKEY_STATE, None), request.POST.get("credential", "")
        )
    except Refused as refused:
        note_wrong_try(request, None, "passkey")
        return refused_page(request, refused.refusal, 429 if refused.refusal.code == "ACCESS-SLOW-DOWN" else 403)
    tried.rollback()
    open_session(request, key.officer, "passkey", key)
    return HttpResponseRedirect(onward(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Close the session."""
    close_session(request)
    return HttpResponseRedirect(reverse("access:sign_in"))


@never_cache
@require_POST
def demo(request: HttpRequest) -> HttpResponse:
    """Made-up folders only: act as the chosen officer. Also switches from one to another."""
    if not made_up():
        refused = Refused(
            "ACCESS-ONLY-SYNTHETIC",
            _("Officers can be chosen only in a folder of made-up data."),
            _("Sign in with your passkey, or with password and code."),
        )
        return refused_page(request, refused.refusal)
    chosen = request.POST.get("officer", "")
    officer = Officer.objects.select_related("unit", "user").filter(
        pk=int(chosen) if chosen.isdecimal() else 0, active=True
    ).first()  # fmt: skip
    if officer is None:
        refused = Refused("ACCESS-UNKNOWN-OFFICER", _("There is no such officer."), _("Choose one from the list."))
        return refused_page(request, refused.refusal)
    open_session(request, officer, "demo")
    return HttpResponseRedirect(onward(request))
