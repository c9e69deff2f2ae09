"""Statements that wait for a passkey's signature: prepared by a page, taken once."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer, OfficerKey, PreparedAct
from paricha.grounds.refusals import Refused

WAITS = timedelta(minutes=5)


def keep_prepared(officer: Officer, verb: str, statement: str) -> PreparedAct:
    """Keep a statement for five minutes; those long over go."""
    now = timezone.now()
    PreparedAct.objects.filter(until__lt=now - timedelta(days=1)).delete()
    return PreparedAct.objects.create(officer=officer, verb=verb, statement=statement, until=now + WAITS)


def take_prepared(officer: Officer, named: str, verb: str) -> PreparedAct:
    """The prepared act of that id (hex), once. Raises `Refused` ACCESS-SIGNATURE-WRONG."""
    now = timezone.now()
    try:
        wanted = PreparedAct.objects.filter(id=bytes.fromhex(named), officer=officer, verb=verb)
        taken = wanted.filter(used_at__isnull=True, until__gt=now).update(used_at=now)
    except ValueError:
        taken = 0
    if taken != 1:
        raise Refused(
            "ACCESS-SIGNATURE-WRONG",
            _("What you signed was prepared too long ago, or was used before."),
            _("Do the act again from its page, and sign within five minutes."),
        )
    return wanted.get()


def keep_count(key: OfficerKey) -> None:
    """Keep a passkey's own counter."""
    OfficerKey.objects.filter(pk=key.pk).update(sign_count=key.sign_count)
