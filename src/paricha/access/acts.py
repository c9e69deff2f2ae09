"""What is signed is the act itself: one statement of who does what to what, when, after which head of the log."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import msgspec
from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext as _

from paricha.access.acting import means
from paricha.access.keys import spki
from paricha.access.models import Officer, OfficerKey
from paricha.audit.audit_verifier import check_signature
from paricha.audit.log import SignedAct
from paricha.audit.stamp import current_head, knows_head
from paricha.grounds.instants import utc_text
from paricha.grounds.refusals import Refused

PREFIX = "paricha-act/1"
FRESH = timedelta(minutes=10)
SLACK = timedelta(minutes=1)  # a clock that was set back between preparing and signing


def argument_hash(arguments: dict[str, Any]) -> str:
    """SHA-256 (hex) of a verb's arguments in canonical JSON; database rows stand by kind and id."""
    text = json.dumps(_plain(arguments), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return [value._meta.label_lower, thing_id(value).hex()]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, msgspec.Struct):
        return _plain(msgspec.structs.asdict(value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _plain(dataclasses.asdict(value))
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, models.QuerySet)):
        items = [_plain(item) for item in value]
        return sorted(items, key=str) if isinstance(value, (set, frozenset)) else items
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)


def thing_id(row: models.Model) -> bytes:
    """The 16-byte id of a row: `id16` beside an integer key, else its key, else a derived id of label and key."""
    beside = getattr(row, "id16", None)
    if isinstance(beside, bytes):
        return beside
    if isinstance(row.pk, bytes) and len(row.pk) == 16:
        return row.pk
    return hashlib.blake2b(f"{row._meta.label_lower}|{row.pk}".encode(), digest_size=16).digest()


def statement(officer: Officer, verb: str, arguments: dict[str, Any], keys: Iterable[bytes]) -> str:
    """The exact text that a key signs; `keys` are the ids of the enrolled keys that may."""
    return json.dumps(
        {
            "prefix": PREFIX,
            "installation": settings.PARICHA.installation,
            "officer": officer.id16.hex(),
            "keys": sorted(key.hex() for key in keys),
            "verb": verb,
            "arguments": argument_hash(arguments),
            "at": utc_text(datetime.now(UTC)),
            "nonce": os.urandom(16).hex(),
            "head": current_head(),
        },
        sort_keys=True,
        separators=(",", ":"),
    )


def signed_by_key(officer: Officer, verb: str, arguments: dict[str, Any]) -> tuple[SignedAct, OfficerKey]:
    """Have the officer's own key sign this act, and check what it signed.

    Raises `Refused` ACCESS-SIGNATURE-NEEDED when no key is at hand, ACCESS-SIGNATURE-WRONG when it does not fit.
    """
    signer = means().signer
    if signer is None:
        raise Refused(
            "ACCESS-SIGNATURE-NEEDED",
            _("This act is signed by the officer’s own key, and none is at hand."),
            _("Give the key file with --key, or sign with your passkey."),
        )
    text = signer.prepared or statement(officer, verb, arguments, signer.keys)
    act = signer.sign(text)
    return act, verify_act(officer, verb, arguments, act)


def verify_act(officer: Officer, verb: str, arguments: dict[str, Any], act: SignedAct) -> OfficerKey:
    """The enrolled key that signed this very act, just now, once. Must stand in the transaction of the act.

    Checks key, officer, verb, arguments, age (`FRESH`), the log's head and the nonce, which is spent.
    Raises `Refused` ACCESS-SIGNATURE-WRONG with what does not fit.
    """
    # The lock keeps a revocation from passing between the check and the commit.
    key = (
        OfficerKey.objects.select_for_update(of=("self",)).select_related("officer")
        .filter(id=act.key, revoked_at__isnull=True).first()
    )  # fmt: skip
    if key is None or key.officer.pk != officer.pk or not key.officer.active:
        raise _wrong(_("the key is not an enrolled key of this officer"))
    try:
        said = json.loads(act.statement)
        fits = {
            "prefix": PREFIX,
            "installation": settings.PARICHA.installation,
            "officer": officer.id16.hex(),
            "verb": verb,
            "arguments": argument_hash(arguments),
        }
        different = [name for name, value in fits.items() if said[name] != value]
        age = datetime.now(UTC) - datetime.fromisoformat(said["at"])
        if different:
            raise _wrong(_("it was made for something else: {what}").format(what=", ".join(different)))
        if key.id.hex() not in said["keys"]:
            raise _wrong(_("it was made for another key"))
        if not -SLACK <= age <= FRESH:
            raise _wrong(_("it is not of these ten minutes"))
        nonce, head = str(said["nonce"]), str(said["head"])
    except (ValueError, KeyError, TypeError) as error:
        raise _wrong(_("the statement cannot be read")) from error
    if not knows_head(head):
        raise _wrong(_("it was made after a head that this log never had"))
    if not check_signature(spki(key), act.statement, act.signature):
        raise _wrong(_("the signature is not this key’s"))
    _spend(nonce)
    return key


def _spend(nonce: str) -> None:
    """One statement for both databases: a second use finds the row there and inserts nothing."""
    now = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_spentnonce WHERE at < %s", [now - 10 * FRESH])
        cursor.execute(
            "INSERT INTO access_spentnonce (nonce, at) VALUES (%s, %s) ON CONFLICT (nonce) DO NOTHING", [nonce, now]
        )
        if cursor.rowcount != 1:
            raise _wrong(_("it was used before"))


def _wrong(why: str) -> Refused:
    return Refused(
        "ACCESS-SIGNATURE-WRONG",
        _("The signature was not taken: {why}.").format(why=why),
        _("Do the act again from its page or command, and sign what is shown then."),
    )
