"""What can be done with keys: enrol a key file's public half or a passkey, revoke. Each stands in the log with its public half."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.events import Event
from paricha.access.keys import enrolment_fact, read_public_key
from paricha.access.models import KeyKind, Officer, OfficerKey
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import add_fact, touch, verb
from paricha.grounds.refusals import Refused


def keep_key(
    officer: Officer, *, kind: KeyKind, public: bytes, label: str, credential: bytes | None = None,
    on_server: bool = False, sign_count: int = 0,
) -> OfficerKey:  # fmt: skip
    """Keep a public key inside a running verb, whose event then carries it, so that the verifier can check its acts.

    `public`: 32 raw Ed25519 bytes (file, phone) or COSE bytes (passkey). Raises `Refused` ACCESS-EXISTS.
    """
    if OfficerKey.objects.filter(public=public).exists():
        raise Refused(
            "ACCESS-EXISTS", _("This key was enrolled before."), _("Make a new key: a revoked one never comes back.")
        )
    key = OfficerKey.objects.create(
        officer=officer, kind=kind, public=public, label=label[:120], credential=credential, on_server=on_server,
        sign_count=sign_count,
    )  # fmt: skip
    add_fact("enrolled", enrolment_fact(key))
    touch("officerkey", key)
    touch("officer", officer)
    return key


@verb(may=None, event=Event.KEY_ENROLLED)
def enrol_key_file(officer: Officer, owner: Officer, public_line: str, label: str) -> OfficerKey:
    """Enrol the public half (`ssh-ed25519 AAAA…`) of a key file, for oneself or, as administrator, for another."""
    _own_or_administrator(officer, owner)
    return keep_key(owner, kind=KeyKind.FILE, public=read_public_key(public_line), label=label or _("key file"))


@verb(may=None, event=Event.KEY_ENROLLED)
def enrol_passkey(officer: Officer, *, credential: bytes, public: bytes, sign_count: int, label: str) -> OfficerKey:
    """Enrol one's own passkey, from now on good for signing in and for signing acts."""
    return keep_key(
        officer, kind=KeyKind.PASSKEY, public=public, label=label or _("passkey"), credential=credential,
        sign_count=sign_count,
    )  # fmt: skip


@verb(may=None, event=Event.KEY_REVOKED)
def revoke_key(officer: Officer, key: OfficerKey, reason: str) -> OfficerKey:
    """Take a key out of force for good, one's own or, as administrator, another's. What it signed stays signed."""
    _own_or_administrator(officer, key.officer)
    if not reason.strip():
        raise Refused(
            "ACCESS-REASON-NEEDED", _("Why is the key revoked?"), _("Lost, replaced, left: say it in a word.")
        )
    changed = OfficerKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    if changed:
        add_fact("revoked", key.id.hex())
    touch("officer", key.officer)
    key.refresh_from_db()
    return key


def _own_or_administrator(officer: Officer, owner: Officer) -> None:
    if officer.pk != owner.pk and not officer.may(Right.ADMIN):
        raise Refused(
            "ACCESS-NOT-YOURS",
            _("This key would be {name}’s, not yours.").format(name=owner.name),
            _("Ask the administrator."),
        )
