"""Key files: 0600, own, no link, passphrase; the public half of one made elsewhere."""

import subprocess

import pytest

from paricha.access.keys import make_key_file, officer_of, open_key_file
from paricha.access.models import OfficerKey
from paricha.access.rights import Role
from paricha.access.verbs.keys import enrol_key_file, revoke_key
from paricha.grounds.refusals import Refused


def refused(code):
    return pytest.raises(Refused, match=code)


def test_a_key_file_open_to_others_is_refused_and_a_link_too(tmp_path):
    file = tmp_path / "a.key"
    make_key_file(file)
    open_key_file(file)
    (tmp_path / "link.key").symlink_to(file)
    with refused("ACCESS-KEY-UNREADABLE"):
        open_key_file(tmp_path / "link.key")
    file.chmod(0o640)
    with refused("open to others"):
        open_key_file(file)
    with refused("ACCESS-KEY-UNREADABLE"):
        open_key_file(tmp_path / "none.key")


def test_a_passphrase_opens_the_file_by_argument_variable_or_prompt(tmp_path, monkeypatch):
    file = tmp_path / "a.key"
    make_key_file(file, b"made-up phrase")
    for wrong in (None, b"another"):
        with refused("passphrase is wrong"):
            open_key_file(file, wrong)
    open_key_file(file, b"made-up phrase")
    open_key_file(file, ask=lambda: b"made-up phrase")
    monkeypatch.setenv("PARICHA_KEY_PASSPHRASE", "made-up phrase")
    open_key_file(file)
    other = tmp_path / "b.key"
    make_key_file(other)
    open_key_file(other)  # a variable set for another file does no harm


def test_a_key_is_never_written_over_another(tmp_path):
    make_key_file(tmp_path / "a.key")
    with pytest.raises(FileExistsError):
        make_key_file(tmp_path / "a.key")


def test_a_key_made_with_ssh_keygen_is_enrolled_by_its_public_line(officer, make_officer, tmp_path):
    file = tmp_path / "own"
    made = subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file], capture_output=True)
    if made.returncode:
        pytest.skip("no ssh-keygen on this machine")
    basil = make_officer("Basil", Role.ANALYST)
    key = enrol_key_file(basil, basil, file.with_suffix(".pub").read_text(), "own")
    assert officer_of(file)[:2] == (basil, key) and not key.on_server
    with refused("ACCESS-EXISTS"):
        enrol_key_file(officer, officer, file.with_suffix(".pub").read_text(), "stolen")
    revoke_key(basil, key, "lost")
    with refused("ACCESS-KEY-NOT-ENROLLED"):
        officer_of(file)
    with refused("never comes back"):
        enrol_key_file(basil, basil, file.with_suffix(".pub").read_text(), "again")


@pytest.mark.parametrize("line", ["", "ssh-rsa AAAA", "ssh-ed25519 not-base64", "-----BEGIN OPENSSH PRIVATE KEY-----"])
def test_what_is_no_public_line_is_refused_with_a_remedy(officer, line):
    with refused("ACCESS-KEY-UNREADABLE"):
        enrol_key_file(officer, officer, line, "x")


def test_only_the_owner_and_an_administrator_touch_a_key(officer, make_officer):
    basil, celine = make_officer("Basil", Role.ANALYST), make_officer("Celine", Role.ANALYST)
    key = OfficerKey.objects.get(officer=basil)
    with refused("ACCESS-NOT-YOURS"):
        revoke_key(celine, key, "mischief")
    with refused("ACCESS-REASON-NEEDED"):
        revoke_key(basil, key, " ")
    assert revoke_key(officer, key, "left the unit").revoked_at is not None
