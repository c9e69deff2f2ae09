"""Setting up one's sign-in: with the one-time code at first, later from one's own page after a fresh sign-in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import segno
from allauth.mfa.totp.internal.auth import generate_totp_secret, validate_totp_code
from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from paricha.access.limits import count_try
from paricha.access.models import Enrolment, Officer
from paricha.access.pages import officer_page, refused_page
from paricha.access.passkeys import registered, registration_options
from paricha.access.sign_in import PASSKEY_STATE
from paricha.access.verbs.keys import enrol_passkey
from paricha.access.verbs.sessions import (
    SINCE,
    enrolment_of,
    enrolment_over,
    make_recovery_codes,
    open_session,
    set_password_and_code,
    use_enrolment,
)
from paricha.grounds.refusals import Refused

ENROLLING, SECRET = "paricha_enrolling", "paricha_secret"
FRESH = timedelta(minutes=15)


class OneTimeForm(forms.Form):
    """The code that the administrator handed over."""

    code = forms.CharField(
        label=gettext_lazy("Your one-time code"),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "one-time-code", "autofocus": True}),
    )


class SetUpForm(forms.Form):
    """A password, twice, and the first six digits of the code app."""

    password = forms.CharField(
        label=gettext_lazy("A new password"),
        help_text=gettext_lazy("At least twelve signs; a sentence is best."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("The same again"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    code = forms.CharField(
        label=gettext_lazy("Six digits that your app shows now"),
        max_length=12,
        widget=forms.TextInput(attrs={"class": "code", "inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("password") != given.get("again"):
            self.add_error("again", _("The two passwords differ."))
        return given


@never_cache
@sensitive_post_parameters("code")
def enrol(request: HttpRequest) -> HttpResponse:
    """A new officer enters his one-time code."""
    form = OneTimeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            tried = count_try(request, "enrolment")
            found = enrolment_of(form.cleaned_data["code"])
            tried.rollback()
            request.session.cycle_key()
            request.session[ENROLLING] = [found.id.hex(), timezone.now().timestamp()]
            return HttpResponseRedirect(reverse("access:set_up"))
        except Refused as refused:
            form.add_error("code", f"{refused.refusal.what} {refused.refusal.remedy}")
            status = 429 if refused.refusal.code == "ACCESS-SLOW-DOWN" else 403
    return render(request, "access/enrol.html", {"form": form}, status=status)


def _who(request: HttpRequest) -> tuple[Officer, Enrolment | None]:
    """The officer who sets up his sign-in: by a one-time code entered just now, or by a fresh session."""
    known, since = request.session.get(ENROLLING, (None, 0.0))
    if known is not None and timezone.now().timestamp() - since < FRESH.total_seconds():
        enrolment = Enrolment.objects.select_related("officer", "officer__user", "officer__unit").filter(
            id=known, used_at__isnull=True, until__gt=timezone.now(), officer__active=True
        ).first()  # fmt: skip
        if enrolment is not None:
            return enrolment.officer, enrolment
    officer = getattr(request, "officer", None)
    if officer is None:
        raise enrolment_over()
    fresh_sign_in(request)
    return officer, None


def fresh_sign_in(request: HttpRequest) -> None:
    """Raises `Refused` ACCESS-SIGN-IN when the session is older than fifteen minutes: before keys and tokens are made."""
    if timezone.now().timestamp() - request.session.get(SINCE, 0.0) > FRESH.total_seconds():
        raise Refused(
            "ACCESS-SIGN-IN",
            _("Your sign-in is older than fifteen minutes."),
            _("Sign out, sign in again, and come back: so nobody sets up your keys at a desk you left."),
        )


def _finished(request: HttpRequest, officer: Officer, enrolment: Enrolment | None) -> None:
    for name in (ENROLLING, SECRET, PASSKEY_STATE):
        request.session.pop(name, None)
    if enrolment is not None:
        open_session(request, officer, "enrolment")


@never_cache
@sensitive_post_parameters("password", "again", "code")
def set_up(request: HttpRequest) -> HttpResponse:
    """Choose: a passkey, or a password with a code app. A post carries the second."""
    try:
        officer, enrolment = _who(request)
        form = SetUpForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            if validate_totp_code(request.session.get(SECRET, ""), form.cleaned_data["code"].replace(" ", "")):
                return _kept(request, officer, enrolment, form)
            form.add_error("code", _("The app shows another code: look again, and check that its clock is right."))
    except Refused as refused:
        return refused_page(request, refused.refusal)
    return _set_up_page(request, officer, form)


def _kept(request: HttpRequest, officer: Officer, enrolment: Enrolment | None, form: SetUpForm) -> HttpResponse:
    try:
        with transaction.atomic():
            if enrolment is not None:
                use_enrolment(officer, enrolment)
            set_password_and_code(officer, form.cleaned_data["password"], request.session[SECRET])
            codes = make_recovery_codes(officer)
    except Refused as refused:
        if refused.refusal.code != "ACCESS-PASSWORD":
            raise
        form.add_error("password", f"{refused.refusal.what} {refused.refusal.remedy}")
        return _set_up_page(request, officer, form)
    _finished(request, officer, enrolment)
    if enrolment is None:  # the password changed, so the session is made anew
        open_session(request, officer, "code")
    return render(request, "access/codes.html", {"codes": codes})


def _set_up_page(request: HttpRequest, officer: Officer, form: SetUpForm) -> HttpResponse:
    secret = request.session.setdefault(SECRET, generate_totp_secret())
    options, request.session[PASSKEY_STATE] = registration_options(request, officer)
    address = f"otpauth://totp/{quote(f'Paricha:{officer.name}')}?secret={secret}&issuer=Paricha"
    shown = {
        "form": form,
        "who": officer,
        "options": options,
        "qr": segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="#fff"),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    }
    return render(request, "access/set_up.html", shown)


@never_cache
@require_POST
def set_up_passkey(request: HttpRequest) -> HttpResponse:
    """A post carries the browser's new passkey."""
    try:
        officer, enrolment = _who(request)
        state = request.session.pop(PASSKEY_STATE, None)
        credential, public, count = registered(request, state, request.POST.get("credential", ""))
        with transaction.atomic():
            if enrolment is not None:
                use_enrolment(officer, enrolment)
            enrol_passkey(
                officer, credential=credential, public=public, sign_count=count, label=request.POST.get("label", "")
            )
    except Refused as refused:
        return refused_page(request, refused.refusal)
    _finished(request, officer, enrolment)
    return HttpResponseRedirect(reverse("access:me"))


@officer_page
@require_POST
def new_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown once."""
    officer, _enrolment = _who(request)
    return render(request, "access/codes.html", {"codes": make_recovery_codes(officer)})
