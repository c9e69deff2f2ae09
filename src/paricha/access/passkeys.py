"""Passkeys (WebAuthn): enrolled once, then they open a session or sign an act. Verified by fido2; no attestation asked."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from django.http import HttpRequest
from django.utils.translation import gettext as _
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.webauthn import (
    Aaguid,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from paricha.access.models import KeyKind, Officer, OfficerKey
from paricha.grounds.refusals import Refused

ALGORITHMS = (-7, -8, -257)  # ES256, Ed25519, RS256: those that the stand-alone verifier checks too


def server(request: HttpRequest) -> Fido2Server:
    """The relying party is the host name in the address bar; a passkey made under another name does not fit."""
    host = request.get_host().rsplit(":", 1)[0]
    made = Fido2Server(PublicKeyCredentialRpEntity(name="Paricha", id=host))
    made.allowed_algorithms = [known for known in made.allowed_algorithms if known.alg in ALGORITHMS]
    return made


def registration_options(request: HttpRequest, officer: Officer) -> tuple[str, Any]:
    """(options as JSON for the browser, state to keep in the session)."""
    options, state = server(request).register_begin(
        PublicKeyCredentialUserEntity(name=officer.name, id=officer.id16, display_name=officer.name),
        credentials=[credential(key) for key in passkeys_of(officer)],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return json.dumps(dict(options)), state


def registered(request: HttpRequest, state: Any, answer: str) -> tuple[bytes, bytes, int]:
    """(credential id, COSE public key, counter) of a new passkey. Raises `Refused` ACCESS-SIGN-IN."""
    try:
        found = server(request).register_complete(state or {}, json.loads(answer))
    except (ValueError, KeyError, TypeError) as error:
        raise _wrong(error) from error
    assert found.credential_data is not None
    cose = dict(found.credential_data.public_key)
    if cose.get(3) not in ALGORITHMS:
        raise _wrong(ValueError("algorithm"))
    return found.credential_data.credential_id, cbor.encode(cose), found.counter


def assertion_options(
    request: HttpRequest, keys: Iterable[OfficerKey] = (), challenge: bytes | None = None
) -> tuple[str, Any]:
    """(options as JSON, state). Without `keys` any passkey of this site may answer; `challenge` binds a statement."""
    options, state = server(request).authenticate_begin(
        [credential(key) for key in keys] or None, UserVerificationRequirement.REQUIRED, challenge
    )
    return json.dumps(dict(options)), state


def asserted(
    request: HttpRequest, state: Any, answer: str, keys: Iterable[OfficerKey] | None = None
) -> tuple[OfficerKey, dict[str, str]]:
    """The enrolled passkey that answered, and the assertion in hex (`authenticator`, `client`, `signature`).

    Raises `Refused` ACCESS-SIGN-IN for a wrong, foreign, revoked or copied passkey.
    """
    try:
        said = AuthenticationResponse.from_dict(json.loads(answer))
        key = _enrolled(said.raw_id, keys)
        server(request).authenticate_complete(state or {}, [credential(key)], said)
    except (ValueError, KeyError, TypeError) as error:
        raise _wrong(error) from error
    data = said.response.authenticator_data
    if data.counter and data.counter <= key.sign_count:
        raise _wrong(ValueError("the counter went back: the passkey may have been copied"))
    key.sign_count = data.counter  # kept by `verbs.sessions.keep_count`
    return key, {
        "authenticator": bytes(data).hex(),
        "client": bytes(said.response.client_data).hex(),
        "signature": said.response.signature.hex(),
    }


def _enrolled(credential_id: bytes, keys: Iterable[OfficerKey] | None) -> OfficerKey:
    wanted = OfficerKey.objects.filter(
        kind=KeyKind.PASSKEY, credential=credential_id, revoked_at__isnull=True, officer__active=True
    ).select_related("officer", "officer__unit", "officer__user")
    key = wanted.first()
    if key is None or (keys is not None and key.id not in {known.id for known in keys}):
        raise ValueError("this passkey is not enrolled here")
    return key


def passkeys_of(officer: Officer) -> list[OfficerKey]:
    """The officer's passkeys in force."""
    return list(officer.keys.filter(kind=KeyKind.PASSKEY, revoked_at__isnull=True).order_by("enrolled_at"))


def credential(key: OfficerKey) -> AttestedCredentialData:
    """An enrolled passkey as fido2 takes it."""
    return AttestedCredentialData.create(
        Aaguid.NONE, bytes(key.credential or b""), CoseKey.parse(cbor.decode(bytes(key.public)))
    )


def public_key(cose: bytes) -> PublicKeyTypes:
    """The public key of COSE bytes (RFC 9053 labels), as the `cryptography` library has it."""
    key = cbor.decode(cose)
    if key[1] == 1:  # OKP
        return Ed25519PublicKey.from_public_bytes(key[-2])
    if key[1] == 2:  # EC2
        numbers = ec.EllipticCurvePublicNumbers(
            int.from_bytes(key[-2], "big"), int.from_bytes(key[-3], "big"), ec.SECP256R1()
        )
        return numbers.public_key()
    return rsa.RSAPublicNumbers(int.from_bytes(key[-2], "big"), int.from_bytes(key[-1], "big")).public_key()


def _wrong(error: Exception) -> Refused:
    return Refused(
        "ACCESS-SIGN-IN",
        _("This passkey was not accepted."),
        _("Use the passkey that you enrolled here, under this page's own name; load the page again first."),
        place=str(error)[:120] or None,
    )
