"""The unit's own authority for one trusted name, and the certificate the workplace is served with.

The authority may speak for this name (and names below it) only, and for no address: a stolen root key opens nothing
else on the phones that trust it. The certificate lasts 90 days and is made anew after 60.
"""

from __future__ import annotations

import ipaddress
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from paricha.grounds.refusals import Refused
from paricha.site import refusals as refusals  # registers the codes

ROOT_DAYS = 3650
LEAF_DAYS = 90
RENEW_DAYS = 60  # two thirds


class Trust(msgspec.Struct, frozen=True):
    """The files for one name. `root`: what phones install; `certificate`: leaf and root; `key`: PKCS#8, of the leaf."""

    name: str
    root: Path
    root_key: Path
    certificate: Path
    key: Path

    @property
    def stands(self) -> bool:
        return self.certificate.exists() and self.key.exists()

    def leaf(self) -> x509.Certificate:
        return x509.load_pem_x509_certificates(self.certificate.read_bytes())[0]

    def until(self) -> datetime:
        """When the certificate in use ends."""
        return self.leaf().not_valid_after_utc

    def fingerprint(self) -> str:
        """SHA-256 of the root, in pairs, as phones show it: compare it with the paper."""
        root = x509.load_pem_x509_certificate(self.root.read_bytes())
        return root.fingerprint(hashes.SHA256()).hex(":").upper()


def trust_of(home: Path, name: str) -> Trust:
    """Where the files of a name stand. Raises `Refused` SITE-NAME."""
    host = checked(name)
    public = home / "tls" / host
    return Trust(
        host, public / "root.pem", home / "keys" / f"authority-{host}.key", public / "certificate.pem",
        home / "keys" / f"tls-{host}.key",
    )  # fmt: skip


def checked(name: str) -> str:
    """A host name in lower case. Raises `Refused` SITE-NAME for an address, `localhost`, or what is no name."""
    host = name.strip().lower().rstrip(".")
    label = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    try:
        ipaddress.ip_address(host)
        is_address = True
    except ValueError:
        is_address = False
    if is_address or host == "localhost" or len(host) > 253 or not re.fullmatch(rf"{label}(\.{label})+", host):
        raise Refused(
            "SITE-NAME", f"“{name}” is no name a certificate can be made for.",
            "Give a full name such as paricha.district.example; not an address, and not localhost.",
        )  # fmt: skip
    return host


def make(home: Path, name: str, now: datetime | None = None) -> Trust:
    """Authority and certificate of a name; what stands already is kept, a certificate past its two thirds is renewed."""
    trust = trust_of(home, name)
    moment = now or datetime.now(UTC)
    trust.root.parent.mkdir(parents=True, exist_ok=True)
    trust.root_key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (trust.root.exists() and trust.root_key.exists()):
        _make_root(trust, moment)
        trust.certificate.unlink(missing_ok=True)
    renew_if_due(trust, moment)
    return trust


def renew_if_due(trust: Trust, now: datetime) -> bool:
    """Make a new certificate when none stands or the old one has a third of its time left; True when it did."""
    if trust.stands and now < trust.leaf().not_valid_before_utc + timedelta(days=RENEW_DAYS):
        return False
    _make_leaf(trust, now)
    return True


def _make_root(trust: Trust, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Paricha authority of {trust.name}"[:64])])
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    # Permitting a name leaves addresses free; they are excluded on their own.
    only_this_name = x509.NameConstraints(
        permitted_subtrees=[x509.DNSName(trust.name)],
        excluded_subtrees=[
            x509.IPAddress(ipaddress.ip_network("0.0.0.0/0")),
            x509.IPAddress(ipaddress.ip_network("::/0")),
        ],
    )
    root = (
        _begun(subject, subject, key, now, ROOT_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(only_this_name, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(trust.root_key, _pem(key), 0o600)
    _write(trust.root, root.public_bytes(serialization.Encoding.PEM), 0o644)


def _make_leaf(trust: Trust, now: datetime) -> None:
    root = x509.load_pem_x509_certificate(trust.root.read_bytes())
    root_key = serialization.load_pem_private_key(trust.root_key.read_bytes(), None)
    assert isinstance(root_key, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, trust.name[:64])])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    leaf = (
        _begun(subject, root.subject, key, now, LEAF_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(trust.name)]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    _write(trust.key, _pem(key), 0o600)
    chain = leaf.public_bytes(serialization.Encoding.PEM) + trust.root.read_bytes()
    _write(trust.certificate, chain, 0o644)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))  # a phone's clock may lag
        .not_valid_after(now + timedelta(days=days))
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(file: Path, data: bytes, mode: int) -> None:
    """Whole or not at all: beside, flushed, then in place."""
    beside = file.with_name(file.name + ".new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    os.replace(beside, file)
