"""Secrets of code apps and recovery codes lie sealed in the database, under a key that lies in the data folder only."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings


def _box() -> Fernet:
    key = bytes.fromhex((Path(settings.HOME) / "keys" / "unit.key").read_text().strip())
    return Fernet(base64.urlsafe_b64encode(hashlib.blake2b(b"sign-in secrets", key=key, digest_size=32).digest()))


class SealedSecrets(DefaultMFAAdapter):
    """allauth's hooks for its secrets."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()
