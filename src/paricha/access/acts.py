"""What is signed is the act itself: one statement of who does what to what, when, after which head of the log."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import msgspec
from django.conf import settings
from django.db import models

from paricha.access.acting import means
from paricha.access.models import Officer
from paricha.audit.log import SignedAct
from paricha.audit.stamp import current_head
from paricha.grounds.instants import utc_text
from paricha.grounds.refusals import Refused

PREFIX = "paricha-act/1"


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


def statement(officer: Officer, verb: str, arguments: dict[str, Any]) -> str:
    """The exact text that a key signs."""
    return json.dumps(
        {
            "prefix": PREFIX,
            "installation": settings.PARICHA.installation,
            "officer": officer.id16.hex(),
            "verb": verb,
            "arguments": argument_hash(arguments),
            "at": utc_text(datetime.now(UTC)),
            "nonce": os.urandom(12).hex(),
            "head": current_head(),
        },
        sort_keys=True,
        separators=(",", ":"),
    )


def signed_by_key(officer: Officer, verb: str, arguments: dict[str, Any]) -> SignedAct:
    """Have the officer's own key sign this act. Raises `Refused` ACCESS-SIGNATURE-NEEDED when no key is at hand."""
    signer = means().signer
    if signer is None:
        raise Refused(
            "ACCESS-SIGNATURE-NEEDED",
            "This act is signed by the officer's own key, and none is at hand.",
            "Give the key file with --key, or sign with your passkey.",
        )
    return signer(statement(officer, verb, arguments))
