"""The label of an exhibit: its id and an 8-digit check that only this installation can make. No personal data."""

from __future__ import annotations

import hashlib
import hmac

PREFIX = "paricha-exhibit/1"


def check_of(digest_key: bytes, exhibit: bytes) -> str:
    """8 hex digits over the exhibit's id under the installation's digest key."""
    return hmac.new(digest_key, PREFIX.encode() + exhibit, hashlib.sha256).hexdigest()[:8]


def label_text(digest_key: bytes, exhibit: bytes) -> str:
    """What the QR code says."""
    return f"{PREFIX}:{exhibit.hex()}:{check_of(digest_key, exhibit)}"


def read_label(digest_key: bytes, text: str) -> bytes | None:
    """The exhibit's id, or None when the label is torn, foreign or made up."""
    parts = text.strip().split(":")
    if len(parts) != 3 or parts[0] != PREFIX or len(parts[1]) != 32:
        return None
    try:
        exhibit = bytes.fromhex(parts[1])
    except ValueError:
        return None
    return exhibit if hmac.compare_digest(check_of(digest_key, exhibit), parts[2]) else None
