"""One consistent set of database, originals and keys, sealed to named recipients as it is written.

The database is taken first, at one moment; packs are append-only, so what they held at that moment is still there.
Slots (the wrapped keys) are taken with the database while no deletion can pass; nothing unsealed outlives the command.
"""

from __future__ import annotations

import fcntl
import io
import json
import os
import shutil
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

import pyrage
from django.conf import settings
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, require, verb
from paricha.audit.models import AuditRow
from paricha.audit.stamp import current_head
from paricha.grounds.instants import utc_text
from paricha.grounds.progress import Progress, Report, silent
from paricha.grounds.refusals import Refused
from paricha.vault import packs, snapshot
from paricha.vault.events import Event
from paricha.vault.models import Original, Pack

SCHEMA = 1
MANIFEST = "manifest.json"


def make_backup(officer: Officer, to: Path, recipients: list[str], report: Report = silent) -> dict[str, Any]:
    """Write a sealed backup to `to`, which must not exist. Gives the object that the command prints.

    Without recipients a key is made for this backup and written beside it (`FILE.key`): it opens the backup alone.
    Raises `Refused` ACCESS-RIGHT, VAULT-BACKUP-EXISTS, VAULT-RECIPIENT, HOUSE-DISK-FULL.
    """
    require(officer, Right.ADMIN, "vault.make_backup")
    if to.exists():
        raise Refused("VAULT-BACKUP-EXISTS", _("A file stands there already."), _("Name a new file."), file=str(to))
    chosen = [recipient_of(text) for text in recipients]
    own_key = None
    if not chosen:
        identity = pyrage.x25519.Identity.generate()
        own_key = _write_key(to.with_name(to.name + ".key"), str(identity))
        chosen = [identity.to_public()]
    partial = to.with_name(to.name + ".partial")
    with packs.disk_full_is_refused(), _scratch() as scratch:
        try:
            manifest = _take(scratch, report)
            _seal(scratch, manifest, partial, chosen, report)
            os.replace(partial, to)
        finally:
            partial.unlink(missing_ok=True)
    _note_backup(officer, manifest["originals"], len(recipients))
    return {
        "schema": SCHEMA, "file": str(to), "bytes": to.stat().st_size, "originals": manifest["originals"],
        "audit_rows": manifest["audit_rows"], "head": manifest["head"], "database": manifest["database"],
        "recipients": recipients, "key": str(own_key) if own_key else None,
    }  # fmt: skip


@verb(may=Right.ADMIN, event=Event.BACKUP_MADE)
def _note_backup(officer: Officer, originals: int, recipients: int) -> None:
    note_facts(originals=originals, recipients=recipients)


def recipient_of(text: str) -> Any:
    """An age key (`age1…`) or an SSH public key. Raises `Refused` VAULT-RECIPIENT."""
    try:
        if text.startswith("ssh-"):
            return pyrage.ssh.Recipient.from_str(text)
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise Refused("VAULT-RECIPIENT", _("“{text}” is no recipient: {why}.").format(text=text[:24], why=error),
                      _("Give an age key (age1…) or an SSH public key.")) from error  # fmt: skip


def _write_key(file: Path, text: str) -> Path:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(text + "\n")
    return file


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder of our own inside the data folder, so that nothing unsealed leaves the disk it lies on anyway."""
    folder = Path(tempfile.mkdtemp(prefix="backup-", dir=settings.HOME))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _take(scratch: Path, report: Report) -> dict[str, Any]:
    """Database and slots into the scratch folder; the manifest says up to where the packs count."""
    report(Progress(0, None, "", _("Copying the database")))
    (scratch / "database").mkdir()
    (scratch / "vault").mkdir()
    with packs.deletion_gate(fcntl.LOCK_SH):
        # What the manifest counts is read before: packs only grow, and the restore checks against the copy itself.
        ends = {pack.name: (pack.end, pack.slots) for pack in Pack.objects.all()}
        taken = snapshot.take(scratch / "database")
        ends |= {pack.name: (pack.end, pack.slots) for pack in Pack.objects.all()}
        for name in ends:
            slot_file = packs.paths(name)[1]
            if slot_file.exists():
                shutil.copyfile(slot_file, scratch / "vault" / slot_file.name)
    return {
        "schema": SCHEMA, "made_at": utc_text(datetime.now(UTC)), "version": version("paricha"),
        "installation": settings.PARICHA.installation, "originals": Original.objects.count(),
        "audit_rows": AuditRow.objects.count(), "head": current_head(),
        "packs": {name: end for name, (end, _slots) in ends.items()}, **taken,
    }  # fmt: skip


def _seal(scratch: Path, manifest: dict[str, Any], to: Path, recipients: list[Any], report: Report) -> None:
    """tar through a pipe into age: flat memory, and no unsealed archive on any disk."""
    read_end, write_end = os.pipe()
    fault: list[BaseException] = []

    def write() -> None:
        try:
            with (
                os.fdopen(write_end, "wb") as pipe,
                tarfile.open(fileobj=pipe, mode="w|", format=tarfile.PAX_FORMAT) as tar,
            ):
                _add_all(tar, scratch, manifest, report)
        except BrokenPipeError:
            pass  # the reader has failed and says why
        except BaseException as error:  # noqa: BLE001  carried over to the thread that waits
            fault.append(error)

    writer = threading.Thread(target=write, name="backup-tar")
    writer.start()
    try:
        with os.fdopen(read_end, "rb") as pipe, _new_file(to) as out:
            pyrage.encrypt_io(pipe, out, recipients)
            out.flush()
            os.fsync(out.fileno())
    finally:
        writer.join()
    if fault:
        raise fault[0]


def _new_file(file: Path) -> BinaryIO:
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _add_all(tar: tarfile.TarFile, scratch: Path, manifest: dict[str, Any], report: Report) -> None:
    _add_bytes(tar, MANIFEST, json.dumps(manifest).encode())
    home = Path(settings.HOME)
    for name in ("paricha.toml", "keys", "tls", "pack"):
        if (home / name).exists():
            tar.add(home / name, arcname=name)
    tar.add(scratch / "database", arcname="database")
    for file in sorted((scratch / "vault").iterdir()):
        tar.add(file, arcname=f"vault/{file.name}")
    for number, (name, end) in enumerate(sorted(manifest["packs"].items()), 1):
        file = packs.paths(name)[0]
        if file.exists() and end:
            _add_start(tar, file, end)
        report(Progress(number, len(manifest["packs"]), "packs", _("Sealing the originals")))


def _add_start(tar: tarfile.TarFile, file: Path, end: int) -> None:
    """The first `end` bytes of a pack; it may have grown meanwhile."""
    info = tarfile.TarInfo(f"vault/{file.name}")
    info.size, info.mode = end, 0o600
    with file.open("rb") as source:
        tar.addfile(info, source)


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), 0o600
    tar.addfile(info, io.BytesIO(data))
