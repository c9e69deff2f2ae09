"""Two signatures are two officers with two keys, and the server alone can never give both."""

from __future__ import annotations

from django.utils.translation import gettext as _

from paricha.access.house import made_up
from paricha.access.models import Officer, OfficerKey
from paricha.access.verbs_of_the_house import signing_key
from paricha.grounds.refusals import Refused


def key_now() -> OfficerKey:
    """The key that signs the running verb. Raises RuntimeError in a verb that is not `signed=True`."""
    key = signing_key()
    if key is None:
        raise RuntimeError("a signature was asked for in a verb that is not signed")
    return key


def require_two(first_officer: Officer | bytes, first_key: OfficerKey | bytes) -> OfficerKey:
    """Call it in the verb of the second signature: refuses the first one's officer and the first one's key.

    `first_officer`, `first_key`: who signed first and with what (rows, or their 16 bytes as the first verb kept them).
    At least one of the two keys must not live on the server, except in made-up folders. Returns the second key.
    Raises `Refused` ACCESS-SAME-OFFICER, ACCESS-SERVER-KEY.
    """
    second = key_now()
    officer_id = first_officer.id16 if isinstance(first_officer, Officer) else bytes(first_officer)
    first = first_key if isinstance(first_key, OfficerKey) else OfficerKey.objects.filter(id=bytes(first_key)).first()
    if officer_id == second.officer.id16 or first is None or first.officer.pk == second.officer.pk:
        raise Refused(
            "ACCESS-SAME-OFFICER",
            _("{name} signed this already.").format(name=second.officer.name),
            _("The second signature comes from another officer, with a key of his own."),
        )
    if first.id == second.id or bytes(first.public) == bytes(second.public):
        raise Refused("ACCESS-SAME-OFFICER", _("Both signatures are of one key."), _("Sign with a key of your own."))
    if first.on_server and second.on_server and not made_up():
        raise _on_the_server()
    return second


def require_key_elsewhere() -> OfficerKey:
    """Call it in a signed verb that one officer decides alone (an override): its key must not live on the server.

    Raises `Refused` ACCESS-SERVER-KEY, except in made-up folders.
    """
    key = key_now()
    if key.on_server and not made_up():
        raise _on_the_server()
    return key


def _on_the_server() -> Refused:
    return Refused(
        "ACCESS-SERVER-KEY",
        _("The key that signs this lies on the server, where whoever holds the machine can use it."),
        _("Sign with a passkey, or with a key file that you carry."),
    )
