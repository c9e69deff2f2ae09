"""A backup back into an empty folder: opened, set up, deletions replayed, every original verified.

The folder is filled beside its place and moved there whole. Setting up runs as a process of its own, because Django's
settings belong to one data folder: `python -m paricha.vault.restoring` in the new one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import threading
from pathlib import Path
from typing import Any

import pyrage
from django.utils.translation import gettext as _

from paricha.grounds.refusals import Refused
from paricha.vault.packs import disk_full_is_refused

MANIFEST = "manifest.json"
_ALLOWED = ("manifest.json", "paricha.toml", "keys", "tls", "pack", "database", "vault")


def restore(file: Path, home: Path, identities: list[Path], tombstones: Path | None = None) -> dict[str, Any]:
    """Restore `file` into the empty folder `home`, and on PostgreSQL into the empty database of PARICHA_DATABASE_URL.

    `identities`: files with an age identity or an SSH key; without one the key beside the backup (`FILE.key`).
    Raises `Refused` VAULT-RESTORE-NOT-EMPTY, VAULT-BACKUP-UNREADABLE, VAULT-RESTORE-DATABASE, VAULT-RESTORE-FAILED.
    """
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise Refused("VAULT-RESTORE-NOT-EMPTY", _("The folder is not empty."), _("Name a new folder."), file=str(home))
    keys = [identity_of(path) for path in identities or [file.with_name(file.name + ".key")]]
    partial = home.with_name(home.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        with disk_full_is_refused():
            partial.mkdir(parents=True, mode=0o700)
            _open(file, partial, keys)
        manifest = _manifest(partial, file)
        _place_database(partial, manifest)
        if home.exists():
            home.rmdir()
        os.replace(partial, home)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return {"schema": 1, "home": str(home), **_set_up(home, tombstones)}


def identity_of(file: Path) -> Any:
    """An age identity or an SSH private key. Raises `Refused` VAULT-BACKUP-UNREADABLE."""
    try:
        text = file.read_text()
        if "PRIVATE KEY" in text:
            return pyrage.ssh.Identity.from_buffer(text.encode())
        lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
        return pyrage.x25519.Identity.from_str(lines[0] if lines else "")
    except (OSError, pyrage.IdentityError, UnicodeDecodeError) as error:
        raise Refused("VAULT-BACKUP-UNREADABLE", _("The key to open the backup cannot be read: {why}.").format(why=error),
                      _("Name the key of a recipient with --identity."), file=str(file)) from error  # fmt: skip


def _open(file: Path, folder: Path, keys: list[Any]) -> None:
    """age into tar through a pipe; only plain files and folders of the names we wrote are taken out."""
    read_end, write_end = os.pipe()
    fault: list[BaseException] = []

    def unpack() -> None:
        try:
            with os.fdopen(read_end, "rb") as pipe:
                with tarfile.open(fileobj=pipe, mode="r|") as tar:
                    for member in tar:
                        _take_out(tar, member, folder)
                while pipe.read(1 << 16):
                    pass  # padding after the archive's end
        except BaseException as error:  # noqa: BLE001  carried over to the thread that waits
            fault.append(error)

    reader = threading.Thread(target=unpack, name="restore-tar")
    reader.start()
    try:
        try:
            with file.open("rb") as sealed, os.fdopen(write_end, "wb") as pipe:
                pyrage.decrypt_io(sealed, pipe, keys)
        finally:
            reader.join()
    except (OSError, pyrage.DecryptError) as error:
        if not fault or isinstance(fault[0], tarfile.TarError):
            raise _unreadable(file, str(error)) from error
    if fault:
        if isinstance(fault[0], tarfile.TarError):
            raise _unreadable(file, str(fault[0])) from fault[0]
        raise fault[0]


def _take_out(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    parts = Path(member.name).parts
    if not parts or parts[0] not in _ALLOWED or ".." in parts or not (member.isfile() or member.isdir()):
        raise tarfile.TarError(f"unexpected member {member.name!r}")
    target = folder.joinpath(*parts)
    if member.isdir():
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    source = tar.extractfile(member)
    assert source is not None
    mode = 0o644 if parts[0] == "tls" else 0o600
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
        shutil.copyfileobj(source, out, 1 << 20)
        out.flush()
        os.fsync(out.fileno())


def _unreadable(file: Path, why: str) -> Refused:
    return Refused("VAULT-BACKUP-UNREADABLE", _("The backup does not open: {why}.").format(why=why),
                   _("Check the key with --identity; if it fits, the file is damaged: take another backup."), file=str(file))  # fmt: skip


def _manifest(folder: Path, file: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise _unreadable(file, "no manifest") from error
    if found.get("schema") != 1:
        raise _unreadable(file, f"schema {found.get('schema')}")
    return found


def _place_database(folder: Path, manifest: dict[str, Any]) -> None:
    url = os.environ.get("PARICHA_DATABASE_URL", "")
    if (manifest["database"] == "postgresql") != bool(url):
        raise Refused(
            "VAULT-RESTORE-DATABASE", _("The backup is of {kind}.").format(kind=manifest["database"]),
            _("Set PARICHA_DATABASE_URL to an empty PostgreSQL database.") if not url
            else _("Unset PARICHA_DATABASE_URL; SQLite lies in the folder."),
        )  # fmt: skip
    if manifest["database"] == "sqlite":
        os.replace(folder / "database" / "paricha.sqlite3", folder / "paricha.sqlite3")
        shutil.rmtree(folder / "database")


def _set_up(home: Path, tombstones: Path | None) -> dict[str, Any]:
    """Run `main` below in the new folder; on a fault the folder goes again."""
    environment = dict(os.environ) | {"PARICHA_HOME": str(home), "DJANGO_SETTINGS_MODULE": "paricha.site.settings"}
    words = [sys.executable, "-m", "paricha.vault.restoring", *([str(tombstones.absolute())] if tombstones else [])]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, cwd=home, stdin=subprocess.DEVNULL)
    if done.returncode == 0:
        return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]
    shutil.rmtree(home, ignore_errors=True)
    if done.returncode == 4:
        refusal = json.loads(done.stdout.splitlines()[-1])
        raise Refused(refusal["code"], refusal["what"], refusal["remedy"], file=refusal["file"])
    lines = done.stderr.strip().splitlines() or ["no words"]
    last = next((line for line in reversed(lines) if "Error" in line or "Refused" in line), lines[-1])
    raise Refused("VAULT-RESTORE-FAILED", _("The restored copy did not come up: {why}").format(why=last[:300]),
                  _("If the backup is newer than this program, update the program; then restore again."))  # fmt: skip


def set_up_here(tombstones: list[str]) -> dict[str, Any]:
    """In the new folder: fill and migrate the database, replay deletions, verify. Raises `Refused`."""
    from django.conf import settings
    from django.db import transaction

    from paricha.audit.feed import consume_due
    from paricha.audit.log import record_alone
    from paricha.audit.models import AuditRow
    from paricha.audit.stamp import current_head, stamp_all
    from paricha.vault import snapshot, store, upgrading, verbs
    from paricha.vault.events import Event
    from paricha.vault.verifying import verify_originals

    home = Path(settings.HOME)
    manifest = json.loads((home / MANIFEST).read_text())
    if manifest["database"] == "postgresql":
        if not snapshot.is_empty():
            raise Refused(
                "VAULT-RESTORE-NOT-EMPTY", "The database is not empty.", "Make an empty database for the copy."
            )
        snapshot.load(home / "database", manifest["migrations"])
        shutil.rmtree(home / "database")
    upgraded = upgrading.migrate()
    head, rows = current_head(), AuditRow.objects.count()
    with transaction.atomic():
        store.lock()
        store.cut_left_overs()
    replayed = verbs.replay_tombstones(tombstones)
    found = verify_originals()
    record_alone(Event.RESTORED, officer=None, via="cli", facts={"originals": found["originals"], "replayed": replayed})
    stamp_all()
    consume_due()
    (home / MANIFEST).unlink()
    return {
        "originals": found["originals"], "good": found["good"], "bad": found["bad"], "audit_rows": rows, "head": head,
        "made_at": manifest["made_at"], "replayed": replayed, "upgraded": upgraded,
    }  # fmt: skip


def main(words: list[str]) -> int:
    """Print one object; 4 with a refusal as the object."""
    import django

    django.setup()
    try:
        lines = Path(words[0]).read_text(encoding="utf-8").splitlines() if words else []
        print(json.dumps(set_up_here([line for line in lines if line.strip()])))
    except Refused as refused:
        print(json.dumps(refused.refusal.to_plain()))
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
