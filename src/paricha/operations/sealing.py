"""Sealing a package twice: AES-256-GCM under the release key inside, age to the team's devices outside.

The outer lock keeps other teams out for ever, the inner one keeps the right team out until two officers release. A new
version gets a new key, so that a kept copy of a replaced version stays shut.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


def release_root(folder: Path, operation: bytes) -> bytes:
    """The operation's root secret (32 bytes), made on first use, 0600 in the data folder. Whoever is root can read it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / f"{operation.hex()}.key"
    if not file.exists():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(os.urandom(32))
    return file.read_bytes()


def release_key(root: bytes, team: bytes, version: int) -> bytes:
    """32 bytes for one team's package of one version."""
    return hmac.new(root, b"paricha-release/1|" + team + version.to_bytes(2, "big"), hashlib.sha256).digest()


def commitment(key: bytes) -> bytes:
    """What may be known of a key before release."""
    return hashlib.sha256(b"paricha-release-commitment/1|" + key).digest()


def seal(content: bytes, key: bytes, package: bytes, recipients: list[str]) -> bytes:
    """The sealed bytes. `package` (16 bytes) is bound into the inner lock. Raises ValueError without recipients."""
    if not recipients:
        raise ValueError("no recipient")
    nonce = os.urandom(NONCE_BYTES)
    inner = nonce + AESGCM(key).encrypt(nonce, content, package)
    return bytes(pyrage.encrypt(inner, [pyrage.x25519.Recipient.from_str(one) for one in recipients]))


def open_sealed(sealed: bytes, key: bytes, package: bytes, identity: str) -> bytes:
    """Open with a device's age identity and the release key: for tests and for a printed cover at headquarters.

    Raises ValueError when either lock does not open.
    """
    try:
        inner = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)])
        return AESGCM(key).decrypt(inner[:NONCE_BYTES], inner[NONCE_BYTES:], package)
    except (pyrage.DecryptError, InvalidTag) as error:
        raise ValueError("a lock does not open") from error
