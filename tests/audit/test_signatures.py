"""A signature is told by its length, never by its first byte: one of 256 Ed25519 signatures begins like a passkey's."""

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from paricha.audit.audit_verifier import check_signature


def test_an_ed25519_signature_that_begins_with_a_brace_is_checked_like_any_other():
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    said = next(text for n in range(20_000) if key.sign((text := f"act {n}").encode())[:1] == b"{")
    signature = key.sign(said.encode())
    assert check_signature(public, said, signature)
    assert not check_signature(public, said + " ", signature)
