"""Identity: content-derived ids for what is read, UUIDv7 for what a human makes. All ids are 16 bytes."""

from __future__ import annotations

import hashlib
import os
import time
from datetime import datetime

from paricha.grounds.instants import utc_text

ID_BYTES = 16


def derived_id(kind: str, *parts: str | bytes | None) -> bytes:
    """16 bytes from a kind and its parts; None and "" differ, and parts cannot run into each other."""
    held = bytearray()
    for part in parts:
        if part is None:
            held += b"\xff\xff\xff\xff"
            continue
        raw = part.encode() if isinstance(part, str) else part
        held += len(raw).to_bytes(4, "big") + raw
    return hashlib.blake2b(held, digest_size=ID_BYTES, person=kind.encode()[:16]).digest()


def tip_id(source: str, report_number: str) -> bytes:
    """A tip is who gave the number + the number, whatever form it came in."""
    return derived_id("tip", source, report_number)


def unnumbered_tip_id(original_sha256: str, place: str) -> bytes:
    """A report without a number: its original and its place there."""
    return derived_id("tip-unnumbered", original_sha256, place)


def sighting_id(tip: bytes, who: str, kind: str, normal_form: str, at: datetime | None) -> bytes:
    """A sighting is tip + who + normal form + instant (to the second; None when not stated)."""
    return derived_id("sighting", tip, who, kind, normal_form, utc_text(at) if at else None)


def selector_id(kind: str, normal_form: str) -> bytes:
    return derived_id("selector", kind, normal_form)


def uuid7(now_ms: int | None = None) -> bytes:
    """A UUIDv7 (RFC 9562) as 16 bytes: milliseconds, then random bits."""
    stamp = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    raw = bytearray(stamp.to_bytes(6, "big") + os.urandom(10))
    raw[6] = 0x70 | (raw[6] & 0x0F)
    raw[8] = 0x80 | (raw[8] & 0x3F)
    return bytes(raw)


def short_number(letter: str, count: int) -> str:
    """What people say aloud: `D-0417`."""
    return f"{letter}-{count:04d}"


def id_named(text: str) -> bytes:
    """The id that a form or an address names in 32 hex digits; for anything else one that no row has."""
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        return bytes(16)
    return raw if len(raw) == 16 else bytes(16)
