"""The files of the vault: append-only packs, a slot file beside each, and the cut to the journal's end.

`HOME/vault/pack-NAME.bin` holds sealed originals one after the other, `pack-NAME.keys` one slot each. A pack is
written by one process at a time (it holds a lock on the file), and only up to what the journal (`Pack.end`, in the
transaction of the rows) says it counts: whatever a killed process or an undone transaction left beyond is cut.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from paricha.grounds.refusals import Refused
from paricha.vault.sealing import SLOT_BYTES, Wrapper

MAGIC = b"PARICHA1"
HEADER_BYTES = 24  # magic and the installation's id
FULL = 1 << 30  # a pack of this size is closed and another one begun


def folder() -> Path:
    return Path(settings.HOME) / "vault"


def _installation() -> bytes:
    return bytes.fromhex(settings.PARICHA.installation or "00" * 16)


_wrappers: dict[Path, Wrapper] = {}


def wrapper() -> Wrapper:
    """The unit's key, read once a process. Raises `Refused` HOUSE-NOT-INITIALISED."""
    home = settings.HOME
    known = _wrappers.get(home)
    return known if known is not None else _read_wrapper(home)


def _read_wrapper(home: Path) -> Wrapper:
    file = Path(home) / "keys" / "unit.key"
    try:
        text = file.read_text().strip()
    except OSError as error:
        raise Refused("HOUSE-NOT-INITIALISED", _("The unit's key is missing."), _("Run `paricha init`, or restore a backup."),
                      file=str(file)) from error  # fmt: skip
    made = _wrappers[home] = Wrapper(bytes.fromhex(text))
    return made


class OpenPack:
    """A pack and its slot file, open for appending and locked by this process."""

    def __init__(self, name: str, data: BinaryIO, keys: BinaryIO) -> None:
        self.name, self.data, self.keys, self.pid = name, data, keys, os.getpid()

    def cut(self, end: int, slots: int) -> None:
        """Let the files end where the journal says; a file the journal does not know begins anew."""
        if end == 0:
            self.data.truncate(0)
            self.data.seek(0)
            self.data.write(MAGIC + _installation())
            self.data.flush()
        elif os.fstat(self.data.fileno()).st_size > end:
            self.data.truncate(end)
        if os.fstat(self.keys.fileno()).st_size > slots * SLOT_BYTES:
            self.keys.truncate(slots * SLOT_BYTES)
        self.data.seek(0, os.SEEK_END)
        self.keys.seek(0, os.SEEK_END)

    def append(self, sealed: list[bytes], slots: list[bytes]) -> None:
        """Write and flush to the disk. Raises OSError; the journal then still ends before."""
        self.data.write(b"".join(sealed))
        self.keys.write(b"".join(slots))
        self.sync()

    def sync(self) -> None:
        for file in (self.data, self.keys):
            file.flush()
            os.fdatasync(file.fileno())

    @property
    def size(self) -> int:
        return self.data.tell()

    def close(self) -> None:
        self.data.close()
        self.keys.close()


def paths(name: str) -> tuple[Path, Path]:
    """The pack's file and its slot file."""
    return folder() / f"pack-{name}.bin", folder() / f"pack-{name}.keys"


def open_locked(name: str) -> OpenPack | None:
    """Open a pack for writing; None when another process holds it. Raises `Refused` VAULT-FOREIGN-PACK."""
    folder().mkdir(mode=0o700, exist_ok=True)
    file, slot_file = paths(name)
    data = os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")
    try:
        fcntl.flock(data, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        data.close()
        return None
    head = data.read(HEADER_BYTES)
    if len(head) == HEADER_BYTES and head != MAGIC + _installation():
        data.close()
        raise Refused("VAULT-FOREIGN-PACK", _("The pack {name} belongs to another installation.").format(name=file.name),
                      _("Move it out of the vault's folder; if this is a restored copy, restore it with `paricha restore`."),
                      file=str(file))  # fmt: skip
    keys = os.fdopen(os.open(slot_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")
    return OpenPack(name, data, keys)


def new_name() -> str:
    return secrets.token_hex(8)


def names() -> list[str]:
    """Packs that lie in the folder."""
    return sorted(file.name[5:-4] for file in folder().glob("pack-*.bin")) if folder().is_dir() else []


def remove(name: str) -> None:
    for file in paths(name):
        file.unlink(missing_ok=True)


def read_slot(name: str, slot: int) -> bytes:
    """The 72 bytes of a slot; fewer when the file is cut. Raises OSError."""
    with paths(name)[1].open("rb") as file:
        return os.pread(file.fileno(), SLOT_BYTES, slot * SLOT_BYTES)


def read_sealed(name: str, offset: int, length: int) -> bytes:
    """The sealed bytes of an original. Raises OSError."""
    with paths(name)[0].open("rb") as file:
        return os.pread(file.fileno(), length, offset)


@contextmanager
def sealed_reader(name: str, offset: int, length: int) -> Iterator[Callable[[int], bytes]]:
    """A `read(n)` over the sealed bytes of one original."""
    with paths(name)[0].open("rb") as file:
        file.seek(offset)
        left = length

        def read(wanted: int) -> bytes:
            nonlocal left
            found = file.read(min(wanted, left))
            left -= len(found)
            return found

        yield read


def destroy_slot(name: str, slot: int) -> bool:
    """Zero a slot in place and flush it; False when it was zero already."""
    with paths(name)[1].open("r+b") as file:
        if not any(os.pread(file.fileno(), SLOT_BYTES, slot * SLOT_BYTES)):
            return False
        os.pwrite(file.fileno(), bytes(SLOT_BYTES), slot * SLOT_BYTES)
        os.fdatasync(file.fileno())
    return True


@contextmanager
def deletion_gate(kind: int) -> Iterator[None]:
    """`LOCK_EX` while keys are destroyed, `LOCK_SH` while a backup takes database and slots, so that they fit."""
    folder().mkdir(mode=0o700, exist_ok=True)
    gate = os.open(folder() / "deletions.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(gate, kind)
        yield
    finally:
        os.close(gate)


@contextmanager
def disk_full_is_refused() -> Iterator[None]:
    """A full disk while writing becomes `Refused` HOUSE-DISK-FULL; nothing of the work counts."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise Refused("HOUSE-DISK-FULL", _("The disk of the data folder is full; nothing of this file was kept."),
                      _("Make room on the disk, then bring the file again."), file=str(folder())) from error  # fmt: skip
