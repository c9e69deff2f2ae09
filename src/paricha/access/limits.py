"""Wrong tries slow down the machine they come from, in every process at once (one cache in the database).

A machine that guesses rests; an officer whose password is known to someone has his code's way in rest too, because
six digits can be guessed from many machines. A passkey is never slowed by another's guesses.
"""

from __future__ import annotations

from allauth.core.internal.ratelimit import RateLimitUsage, consume
from django.http import HttpRequest
from django.utils.translation import gettext as _

from paricha.grounds.refusals import Refused

# allauth's notation: amount/duration/whose. `ip`: the machine; `key`: the officer.
RATES = {
    "sign-in": "10/m/ip,30/15m/ip",
    "code": "10/5m/key,30/h/key",
    "enrolment": "10/5m/ip",
}


def count_try(request: HttpRequest, action: str, key: str | None = None) -> RateLimitUsage:
    """Count one try of `action` (a name in `RATES`); take it back with `.rollback()` when it was right.

    Raises `Refused` ACCESS-SLOW-DOWN when there were too many.
    """
    usage = consume(request, app="paricha.access", action=action, config=RATES, key=key, limit_get=True)
    if usage is None:
        raise Refused(
            "ACCESS-SLOW-DOWN",
            _("There were too many wrong tries."),
            _("Wait fifteen minutes, or sign in with your passkey."),
        )
    return usage
