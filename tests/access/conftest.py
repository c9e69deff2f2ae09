"""What the tests of `access` share: a real folder, and a software passkey that answers as a browser does."""

import base64
import hashlib
import json
import os

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from fido2 import cbor


@pytest.fixture(autouse=True)
def pace(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # for pace: none of it is kept


@pytest.fixture
def real_folder(settings):
    """The settings as of a folder that is not made up."""
    settings.PARICHA = msgspec.structs.replace(settings.PARICHA, synthetic=False)


def web(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Passkey:
    """An authenticator by the WebAuthn specification (level 2, sections 6.1 and 6.5), ES256 or Ed25519, written here
    from the specification so that it shares no fault with the library that checks it."""

    def __init__(self, algorithm: int = -7) -> None:
        self.credential, self.count, self.algorithm = os.urandom(32), 0, algorithm
        self.key = ec.generate_private_key(ec.SECP256R1()) if algorithm == -7 else ed25519.Ed25519PrivateKey.generate()

    def cose(self) -> bytes:
        if self.algorithm == -8:
            return cbor.encode({1: 1, 3: -8, -1: 6, -2: self.key.public_key().public_bytes_raw()})
        at = self.key.public_key().public_numbers()
        return cbor.encode({1: 2, 3: -7, -1: 1, -2: at.x.to_bytes(32, "big"), -3: at.y.to_bytes(32, "big")})

    def _data(self, more: bytes = b"", flags: int = 5) -> bytes:
        self.count += 1
        return hashlib.sha256(b"testserver").digest() + bytes([flags]) + self.count.to_bytes(4, "big") + more

    def _client(self, kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()

    def create(self, options: str, origin: str = "https://testserver") -> str:
        challenge = json.loads(options)["publicKey"]["challenge"]
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + self.cose()
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": self._data(attested, 0x45)})
        response = {"clientDataJSON": web(self._client("webauthn.create", challenge, origin)),
                    "attestationObject": web(attestation)}  # fmt: skip
        return self._answer(response)

    def get(self, options: str, origin: str = "https://testserver", flags: int = 5) -> str:
        challenge = json.loads(options)["publicKey"]["challenge"]
        data, client = self._data(flags=flags), self._client("webauthn.get", challenge, origin)
        signed = data + hashlib.sha256(client).digest()
        made = self.key.sign(signed, ec.ECDSA(hashes.SHA256())) if self.algorithm == -7 else self.key.sign(signed)
        return self._answer(
            {"clientDataJSON": web(client), "authenticatorData": web(data), "signature": web(made), "userHandle": None}
        )

    def _answer(self, response: dict) -> str:
        return json.dumps({"id": web(self.credential), "rawId": web(self.credential), "type": "public-key",
                           "response": response, "clientExtensionResults": {}})  # fmt: skip


@pytest.fixture
def make_passkey():
    return Passkey


def options_of(page: bytes) -> str:
    """The options that a page hands the browser."""
    import html
    import re

    found = re.search(r'data-options="([^"]+)"', page.decode())
    assert found, page.decode()
    return html.unescape(found[1])


@pytest.fixture
def read_options():
    return options_of


@pytest.fixture
def give_passkey():
    """Enrols a software passkey for an officer: `give_passkey(officer)`."""
    from paricha.access.verbs.keys import enrol_passkey

    def give(officer, algorithm: int = -7):
        made = Passkey(algorithm)
        key = enrol_passkey(officer, credential=made.credential, public=made.cose(), sign_count=0, label="test")
        return made, key

    return give
