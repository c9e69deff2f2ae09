"""Sessions: signing in and out, wrong tries, and setting up the first sign-in. Each is a row of the log."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import login, logout
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.events import Event
from paricha.access.models import Enrolment, Officer, OfficerKey
from paricha.access.verbs.officers import enrolment_digest
from paricha.access.verbs_of_the_house import touch, verb
from paricha.audit.log import record_alone
from paricha.grounds.refusals import Refused

HOW, SINCE = "paricha_how", "paricha_since"


def open_session(request: HttpRequest, officer: Officer, how: str, key: OfficerKey | None = None) -> None:
    """Sign the officer in. `how`: passkey, code, recovery, enrolment or demo."""
    with transaction.atomic():
        if key is not None:
            OfficerKey.objects.filter(pk=key.pk).update(sign_count=key.sign_count)
        record_alone(
            Event.SIGNED_IN, officer=officer.id16, via="screen", touched=[("officer", officer.id16)],
            facts={"how": how, "machine": _machine(request)},
        )  # fmt: skip
    assert officer.user is not None
    request.session.cycle_key()
    login(request, officer.user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[HOW], request.session[SINCE] = how, timezone.now().timestamp()
    request.officer = officer  # type: ignore[attr-defined]


def close_session(request: HttpRequest) -> None:
    """Sign out."""
    officer: Officer | None = getattr(request, "officer", None)
    if officer is not None:
        record_alone(
            Event.SIGNED_OUT, officer=officer.id16, via="screen", touched=[("officer", officer.id16)],
            facts={"machine": _machine(request)},
        )  # fmt: skip
    logout(request)


def note_wrong_try(request: HttpRequest, officer: Officer | None, how: str) -> None:
    """A wrong try goes to the log: whose sign-in, if that officer exists; never what was typed."""
    record_alone(
        Event.SIGN_IN_FAILED, officer=None, via="screen",
        touched=[("officer", officer.id16)] if officer else [],
        facts={"how": how, "machine": _machine(request)},
    )  # fmt: skip


def _machine(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def enrolment_of(code: str) -> Enrolment:
    """The one-time code in force. Raises `Refused` ACCESS-ENROLMENT."""
    found = (
        Enrolment.objects.select_related("officer", "officer__user", "officer__unit")
        .filter(digest=enrolment_digest(code), used_at__isnull=True, until__gt=timezone.now(), officer__active=True)
        .first()
    )
    if found is None:
        raise enrolment_over()
    return found


def enrolment_over() -> Refused:
    return Refused(
        "ACCESS-ENROLMENT",
        _("This one-time code is unknown, used or over."),
        _("Ask the administrator for a new one: Officers, your name, new code."),
    )


@verb(may=None, event=Event.ENROLLED)
def use_enrolment(officer: Officer, enrolment: Enrolment) -> Enrolment:
    """Spend the one-time code, once. Raises `Refused` ACCESS-ENROLMENT."""
    now = timezone.now()
    spent = Enrolment.objects.filter(pk=enrolment.pk, officer=officer, used_at__isnull=True, until__gt=now).update(
        used_at=now
    )
    if spent != 1:
        raise enrolment_over()
    touch("officer", officer)
    return enrolment


@verb(may=None, event=Event.CODES_MADE)
def set_password_and_code(officer: Officer, password: str, secret: str) -> Officer:
    """Set one's own password and the secret of one's code app; earlier ones are over. Raises `Refused` ACCESS-PASSWORD."""
    user: Any = officer.user
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(
            "ACCESS-PASSWORD", " ".join(error.messages), _("Take a sentence of four or more words.")
        ) from error
    user.set_password(password)
    user.save()
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(user, secret)
    return officer


@verb(may=None, event=Event.CODES_MADE)
def make_recovery_codes(officer: Officer) -> list[str]:
    """Ten new recovery codes, each good once; earlier ones are over. Shown once."""
    user: Any = officer.user
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes = RecoveryCodes.activate(user)
    codes.mark_as_viewed()
    touch("officer", officer)
    return codes.generate_codes()
