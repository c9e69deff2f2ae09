"""Key files of the command line: Ed25519 in OpenSSH format, 0600 and one's own, with or without a passphrase."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.utils.translation import gettext as _

from paricha.access.acting import Signer
from paricha.access.models import KeyKind, Officer, OfficerKey
from paricha.access.passkeys import public_key
from paricha.audit.log import SignedAct
from paricha.grounds.refusals import Refused


def make_key_file(file: Path, passphrase: bytes | None = None) -> bytes:
    """Write a new private key; returns the 32 public bytes. The file must not exist."""
    key = Ed25519PrivateKey.generate()
    sealed = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, sealed)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(text)
    return key.public_key().public_bytes_raw()


def open_key_file(
    file: Path, passphrase: bytes | None = None, ask: Callable[[], bytes | None] | None = None
) -> Ed25519PrivateKey:
    """Read a private key; its passphrase is `passphrase`, else PARICHA_KEY_PASSPHRASE, else what `ask()` gives.

    Raises `Refused` ACCESS-KEY-UNREADABLE when it is open to others, a link, or no key.
    """

    def refuse(what: str, remedy: str) -> Refused:
        return Refused("ACCESS-KEY-UNREADABLE", what, remedy, file=str(file))

    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise refuse(
            f"The key file cannot be opened: {error.strerror}.", "Name the key file that was made for you."
        ) from error
    with os.fdopen(handle, "rb") as opened:
        state = os.fstat(opened.fileno())  # the open file, not the path
        if state.st_uid != os.geteuid() or stat.S_IMODE(state.st_mode) & 0o077:
            raise refuse("The key file is open to others.", f"chmod 600 {file}, and make it your own.")
        text = opened.read(65536)
    given = passphrase or os.environ.get("PARICHA_KEY_PASSPHRASE", "").encode() or None
    try:
        try:
            key = serialization.load_ssh_private_key(text, given)
        except TypeError:  # sealed, and no passphrase given; or given, and not sealed
            given = None if given else (ask() if ask is not None else None)
            key = serialization.load_ssh_private_key(text, given)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise refuse(
            "This is no key file, or the passphrase is wrong.", "Set PARICHA_KEY_PASSPHRASE, or name another file."
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise refuse("The key is not Ed25519.", "Have a key made with `paricha officers add`.")
    return key


def read_public_key(line: str) -> bytes:
    """The 32 raw bytes of an OpenSSH public line (`ssh-ed25519 AAAA… comment`). Raises `Refused` ACCESS-KEY-UNREADABLE."""
    try:
        key = serialization.load_ssh_public_key(line.strip().encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Refused(
            "ACCESS-KEY-UNREADABLE",
            _("This is no public key."),
            _("Paste the one line of the file that ends in .pub; it begins with ssh-ed25519."),
        ) from error
    if not isinstance(key, Ed25519PublicKey):
        raise Refused(
            "ACCESS-KEY-UNREADABLE", _("The key is not Ed25519."), _("Make one with `ssh-keygen -t ed25519`.")
        )
    return key.public_bytes_raw()


def spki(key: OfficerKey) -> bytes:
    """The public key as DER SubjectPublicKeyInfo: what the log carries and the stand-alone verifier reads."""
    raw = bytes(key.public)
    found = public_key(raw) if key.kind == KeyKind.PASSKEY else Ed25519PublicKey.from_public_bytes(raw)
    return found.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def enrolment_fact(key: OfficerKey) -> dict[str, str | bool]:
    """What the log keeps of an enrolment, so that acts signed by the key can be checked from the log alone."""
    return {
        "key": key.id.hex(),
        "officer": key.officer.id16.hex(),
        "kind": str(key.kind),
        "public": spki(key).hex(),
        "on_server": key.on_server,
    }


def officer_of(
    file: Path, ask: Callable[[], bytes | None] | None = None
) -> tuple[Officer, OfficerKey, Ed25519PrivateKey]:
    """The active officer a key file acts for. Raises `Refused` ACCESS-KEY-NOT-ENROLLED, ACCESS-KEY-UNREADABLE."""
    key = open_key_file(file, ask=ask)
    public = key.public_key().public_bytes_raw()
    enrolled = (
        OfficerKey.objects.filter(kind=KeyKind.FILE, public=public, revoked_at__isnull=True, officer__active=True)
        .select_related("officer", "officer__unit")
        .first()
    )
    if enrolled is None:
        raise Refused(
            "ACCESS-KEY-NOT-ENROLLED", "This key is not enrolled for an active officer here.",
            "Ask the administrator to enrol it.", file=str(file),
        )  # fmt: skip
    return enrolled.officer, enrolled, key


def signer_of(enrolled: OfficerKey, key: Ed25519PrivateKey) -> Signer:
    """A signer for `acting`."""

    def sign(act: str) -> SignedAct:
        return SignedAct(act, enrolled.id, key.sign(act.encode()))

    return Signer(sign, (enrolled.id,))


def demo_signer(officer: Officer) -> Signer | None:
    """In a made-up folder: the signer of the officer's key file that lies there (`keys/officers/*.key`), if any."""
    if not settings.PARICHA.synthetic:
        return None
    lying_here = {
        bytes(key.public): key
        for key in officer.keys.filter(kind=KeyKind.FILE, on_server=True, revoked_at__isnull=True)
    }
    for file in sorted((Path(settings.HOME) / "keys" / "officers").glob("*.key")):
        private = open_key_file(file)
        enrolled = lying_here.get(private.public_key().public_bytes_raw())
        if enrolled is not None:
            return signer_of(enrolled, private)
    return None
