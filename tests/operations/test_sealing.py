"""A package stays shut before release, to another team, and after its version was replaced."""

import pyrage
import pytest

from paricha.operations.sealing import commitment, open_sealed, release_key, release_root, seal

TEAM, OTHER, PACKAGE = b"t" * 16, b"o" * 16, b"p" * 16


@pytest.fixture
def root(tmp_path):
    return release_root(tmp_path / "release", b"x" * 16)


def test_the_team_opens_it_with_the_released_key(root):
    mine = pyrage.x25519.Identity.generate()
    key = release_key(root, TEAM, 1)
    sealed = seal(b"two sites", key, PACKAGE, [str(mine.to_public())])
    assert b"two sites" not in sealed
    assert open_sealed(sealed, key, PACKAGE, str(mine)) == b"two sites"


def test_before_release_the_right_device_alone_does_not_open_it(root):
    mine = pyrage.x25519.Identity.generate()
    sealed = seal(b"two sites", release_key(root, TEAM, 1), PACKAGE, [str(mine.to_public())])
    with pytest.raises(ValueError, match="lock"):
        open_sealed(sealed, commitment(release_key(root, TEAM, 1)), PACKAGE, str(mine))


def test_another_teams_device_does_not_open_it_even_with_the_key(root):
    mine, theirs = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    key = release_key(root, TEAM, 1)
    sealed = seal(b"two sites", key, PACKAGE, [str(mine.to_public())])
    with pytest.raises(ValueError, match="lock"):
        open_sealed(sealed, key, PACKAGE, str(theirs))


def test_a_kept_copy_of_a_replaced_version_stays_shut(root):
    mine = pyrage.x25519.Identity.generate()
    old = seal(b"two sites", release_key(root, TEAM, 1), PACKAGE, [str(mine.to_public())])
    with pytest.raises(ValueError, match="lock"):
        open_sealed(old, release_key(root, TEAM, 2), PACKAGE, str(mine))


def test_keys_of_teams_and_versions_differ_and_the_root_is_kept(root, tmp_path):
    keys = {release_key(root, team, version) for team in (TEAM, OTHER) for version in (1, 2)}
    assert len(keys) == 4
    assert release_root(tmp_path / "release", b"x" * 16) == root


def test_nothing_is_sealed_to_nobody(root):
    with pytest.raises(ValueError, match="recipient"):
        seal(b"two sites", release_key(root, TEAM, 1), PACKAGE, [])
