"""Closing one original under a key of its own, and the slot that holds this key wrapped by the unit's. Pure.

A slot is 72 bytes: nonce of the wrapping (12), wrapped key (48), nonce of the sealing (12). A zeroed slot is a
destroyed key: nothing opens the original any more.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl import bindings as sodium
from nacl.exceptions import CryptoError

SLOT_BYTES = 72
CHUNK = 1 << 20  # plain bytes of one secretstream message
_HEADER = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_OVERHEAD = sodium.crypto_secretstream_xchacha20poly1305_ABYTES
_FINAL = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_MESSAGE = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE


class Unopened(Exception):
    """The seal does not open: a wrong key, a destroyed slot, or changed bytes."""


class Wrapper:
    """The unit's key, 32 bytes: wraps and unwraps the keys of originals."""

    def __init__(self, unit_key: bytes) -> None:
        self._gcm = AESGCM(unit_key)

    def slot(self, key: bytes, sha256: bytes, nonce: bytes) -> bytes:
        """The slot for a key: bound to the original's hash, so that slots can't be exchanged."""
        outer = os.urandom(12)
        return outer + self._gcm.encrypt(outer, key, sha256) + nonce

    def key(self, slot: bytes, sha256: bytes) -> tuple[bytes, bytes]:
        """The key and the nonce of a slot. Raises `Unopened`."""
        if len(slot) != SLOT_BYTES or not any(slot):
            raise Unopened("the key was destroyed" if len(slot) == SLOT_BYTES else "the slot is cut")
        try:
            return self._gcm.decrypt(slot[:12], slot[12:60], sha256), slot[60:]
        except InvalidTag as error:
            raise Unopened("the unit's key does not open this slot") from error


def seal_whole(data: bytes, sha256: bytes, wrapper: Wrapper) -> tuple[bytes, bytes]:
    """(sealed bytes, slot) under a fresh key; the hash is the additional data."""
    secret = os.urandom(44)
    key, nonce = secret[:32], secret[32:]
    return AESGCM(key).encrypt(nonce, data, sha256), wrapper.slot(key, sha256, nonce)


def open_whole(sealed: bytes, sha256: bytes, slot: bytes, wrapper: Wrapper) -> bytes:
    """The original. Raises `Unopened`."""
    key, nonce = wrapper.key(slot, sha256)
    try:
        return AESGCM(key).decrypt(nonce, sealed, sha256)
    except InvalidTag as error:
        raise Unopened("the sealed bytes were changed") from error


class StreamSeal:
    """Seals a file of any size chunk by chunk, hashing as it goes; memory stays at two chunks."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._key = os.urandom(32)
        self._state = sodium.crypto_secretstream_xchacha20poly1305_state()
        self._write = write
        self._hash = hashlib.sha256()
        self._waiting: bytes | None = None
        self.size = 0
        write(sodium.crypto_secretstream_xchacha20poly1305_init_push(self._state, self._key))

    def feed(self, chunk: bytes) -> None:
        """Take the next `CHUNK` bytes; only the last one may be shorter."""
        if self._waiting is not None:
            self._push(self._waiting, b"", _MESSAGE)
        self._waiting = chunk
        self.size += len(chunk)
        self._hash.update(chunk)

    def end(self, wrapper: Wrapper) -> tuple[bytes, bytes]:
        """(SHA-256, slot); the hash is bound to the last chunk."""
        sha256 = self._hash.digest()
        self._push(self._waiting or b"", sha256, _FINAL)
        return sha256, wrapper.slot(self._key, sha256, bytes(12))

    def _push(self, chunk: bytes, bound: bytes, tag: int) -> None:
        self._write(sodium.crypto_secretstream_xchacha20poly1305_push(self._state, chunk, bound, tag))


def open_stream(read: Callable[[int], bytes], sha256: bytes, slot: bytes, wrapper: Wrapper) -> Iterator[bytes]:
    """The original chunk by chunk. `read(n)` gives the next n sealed bytes. Raises `Unopened`, also at a cut end."""
    key, _ = wrapper.key(slot, sha256)
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    try:
        sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, read(_HEADER), key)
        chunk = read(CHUNK + _OVERHEAD)
        if not chunk:
            raise Unopened("the sealed bytes were cut")
        while chunk:
            following = read(CHUNK + _OVERHEAD)
            plain, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, chunk, b"" if following else sha256)
            if (tag == _FINAL) != (not following):
                raise Unopened("the sealed bytes were cut")
            yield plain
            chunk = following
    except CryptoError as error:
        raise Unopened("the sealed bytes were changed") from error
