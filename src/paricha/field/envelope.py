"""The signed envelope of one field event: its exact text, its chain, its signature. Pure.

A phone writes `text` (JSON), signs `paricha-field/1|` + text with its Ed25519 key, and chains each event to the SHA-256
of the text before it, so that leaving out, altering or reordering one shows.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

from paricha.field.kinds import Kind
from paricha.grounds.instants import from_utc_text

PREFIX = b"paricha-field/1|"
START = "0" * 64
MAX_TEXT = 65_536
FARTHEST_CLOCK_S = 10 * 366 * 86_400  # a phone that was set back to its first day
YEARS = (1970, 2200)

Seq = Annotated[int, msgspec.Meta(ge=1, le=2**53)]
Offset = Annotated[int, msgspec.Meta(ge=-FARTHEST_CLOCK_S, le=FARTHEST_CLOCK_S)]


class Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`id` 32 hex; `seq` from 1 a device; `previous` SHA-256 hex of the text before, or 64 zeros.

    `at`: the device's clock, UTC to the second. `offset_s`: how far the device's clock was ahead of the server's at the
    last contact, None before the first. `site` is None only for receipts.
    """

    id: str
    device: str
    seq: Seq
    previous: str
    kind: Kind
    at: str
    payload: dict[str, object]
    site: str | None = None
    package: str | None = None
    offset_s: Offset | None = None


def read_envelope(text: str) -> tuple[Envelope | None, str]:
    """The envelope, or None with the fault in words."""
    if len(text) > MAX_TEXT:
        return None, f"longer than {MAX_TEXT} characters"
    try:
        envelope = msgspec.json.decode(text.encode(), type=Envelope)
        for name in ("id", "device", "site", "package"):
            value = getattr(envelope, name)
            if value is not None and (len(value) != 32 or bytes.fromhex(value).hex() != value):
                return None, f"`{name}` is not 32 hex digits"
        if len(envelope.previous) != 64 or bytes.fromhex(envelope.previous).hex() != envelope.previous:
            return None, "`previous` is not 64 hex digits"
        if not YEARS[0] <= from_utc_text(envelope.at).year <= YEARS[1]:
            return None, "`at` is no year that a phone can live in"
    except (msgspec.DecodeError, ValueError, RecursionError) as error:  # UnicodeEncodeError is a ValueError
        return None, str(error)
    return envelope, ""


def text_hash(text: str) -> str:
    """What the next event's `previous` names."""
    return hashlib.sha256(text.encode()).hexdigest()


def signed_by(public: bytes, text: str, signature: bytes) -> bool:
    """Whether the device's key signed exactly this text."""
    try:
        VerifyKey(public).verify(PREFIX + text.encode(), signature)
    except (CryptoError, ValueError, TypeError):
        return False
    return True


def likely_at(envelope: Envelope) -> datetime:
    """The moment by the server's clock: the device's time less its known offset."""
    moment = from_utc_text(envelope.at)
    return moment - timedelta(seconds=envelope.offset_s or 0)
