"""API tokens: made for a client with some of an officer's rights and an end, shown once, revoked."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.events import Event
from paricha.access.models import ApiToken, Officer
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.grounds.refusals import Refused

LONGEST_DAYS = 365


@verb(may=None, event=Event.TOKEN_MADE)
def make_token(officer: Officer, *, label: str, scopes: list[Right], days: int = 90) -> tuple[ApiToken, str]:
    """A token that acts as the officer with `scopes` only, rights he holds himself. Its text is shown this once.

    Raises `Refused` ACCESS-TOKEN for no right, a right not held, or an end beyond a year.
    """
    missing = sorted(right for right in scopes if not officer.may(right))
    if not scopes or missing or not 1 <= days <= LONGEST_DAYS:
        raise Refused(
            "ACCESS-TOKEN",
            _("A token holds some of your own rights and ends within a year."),
            _("Not yours: {rights}.").format(rights=", ".join(missing)) if missing else _("Choose rights and an end."),
        )
    text = "par_" + secrets.token_urlsafe(32)
    made = ApiToken.objects.create(
        officer=officer, label=label.strip()[:120] or _("token"), digest=digest_of(text),
        scopes=" ".join(sorted(set(scopes))), until=timezone.now() + timedelta(days=days),
    )  # fmt: skip
    note_facts(scopes=sorted(set(scopes)), days=days)
    touch("officer", officer)
    return made, text


def digest_of(text: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(text.encode()).digest()


@verb(may=None, event=Event.TOKEN_REVOKED)
def revoke_token(officer: Officer, token: ApiToken) -> ApiToken:
    """End a token, one's own or, as administrator, another's."""
    if token.officer.pk != officer.pk and not officer.may(Right.ADMIN):
        raise Refused("ACCESS-NOT-YOURS", _("This token is another officer’s."), _("Ask the administrator."))
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    touch("officer", token.officer)
    token.refresh_from_db()
    return token
