"""The unit's own authority, checked by OpenSSL's own path building, not by ours."""

import ssl
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from paricha.grounds.refusals import Refused
from paricha.site import tls

NOW = datetime.now(UTC)
NAME = "paricha.north.example"


def openssl(trust, *words):
    leaf = trust.root.parent / "leaf.pem"
    leaf.write_bytes(trust.leaf().public_bytes(tls.serialization.Encoding.PEM))
    return subprocess.run(
        ["openssl", "verify", "-x509_strict", "-CAfile", trust.root, *words, leaf], capture_output=True, text=True
    )


def test_the_certificate_verifies_for_its_name_and_for_servers_only(tmp_path):
    trust = tls.make(tmp_path, NAME)
    assert openssl(trust, "-purpose", "sslserver", "-verify_hostname", NAME).returncode == 0
    assert openssl(trust, "-verify_hostname", "paricha.south.example").returncode != 0
    assert openssl(trust, "-purpose", "sslclient").returncode != 0


@pytest.mark.parametrize("other", [x509.DNSName("bank.example"), x509.IPAddress(tls.ipaddress.ip_address("192.0.2.1"))])
def test_the_authority_can_vouch_for_nothing_else(tmp_path, other, monkeypatch):
    trust = tls.make(tmp_path, NAME)
    monkeypatch.setattr(
        tls.x509, "SubjectAlternativeName", lambda _names, kind=x509.SubjectAlternativeName: kind([other])
    )
    tls._make_leaf(trust, NOW)
    refused = openssl(trust)
    assert refused.returncode != 0
    assert "permitted subtree violation" in refused.stderr or "excluded subtree violation" in refused.stderr


def test_keys_are_the_owners_alone_and_the_leaf_is_pkcs8(tmp_path):
    trust = tls.make(tmp_path, NAME)
    assert [file.stat().st_mode & 0o777 for file in (trust.key, trust.root_key)] == [0o600, 0o600]
    assert trust.key.read_text().startswith("-----BEGIN PRIVATE KEY-----")
    assert ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(trust.certificate, trust.key) is None


def test_a_certificate_is_renewed_at_two_thirds_under_the_same_root(tmp_path):
    trust = tls.make(tmp_path, NAME, NOW)
    root, first = trust.root.read_bytes(), trust.until()
    assert not tls.renew_if_due(trust, NOW + timedelta(days=59))
    assert tls.renew_if_due(trust, NOW + timedelta(days=61))
    assert trust.until() - first > timedelta(days=60)
    assert trust.root.read_bytes() == root
    assert openssl(trust, "-attime", str(int((NOW + timedelta(days=62)).timestamp()))).returncode == 0


def test_making_it_again_changes_nothing(tmp_path):
    first = tls.make(tmp_path, NAME)
    before = first.certificate.read_bytes()
    assert tls.make(tmp_path, f"{NAME.upper()}.").certificate.read_bytes() == before


@pytest.mark.parametrize("name", ["192.0.2.1", "2001:db8::1", "localhost", "paricha", "a b.example", "-x.example", ""])
def test_what_is_no_full_name_is_refused(tmp_path, name):
    with pytest.raises(Refused) as refused:
        tls.make(tmp_path, name)
    assert refused.value.refusal.code == "SITE-NAME"
