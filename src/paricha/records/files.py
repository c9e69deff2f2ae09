"""The files of a batch: folders walked in the byte order of their paths, cut into chunks, and the list kept on disk.

The list is written once, so that a killed intake goes on with the same chunks. One line a file: JSON of its name as
given and its path, or the hash of the original that is kept already. Before anything is read, containers in it are
taken apart, and a second list holds their members behind each.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.grounds.refusals import Refused, path_text
from paricha.intake.bundles import Kept, container_in, take_apart
from paricha.intake.models import Batch
from paricha.intake.verbs import note_bundle

CHUNK_FILES = 250
CHUNK_BYTES = 4 << 20


class Item(msgspec.Struct, frozen=True, array_like=True):
    """One file: `name` as given; `path` to read it from, or `sha256` (hex) of the original that is kept already.

    `position`: from 0 in its batch. A path is bytes, because a file's name may be no text in any encoding. `member`: it
    came in a container that stands before it.
    """

    name: str
    size: int
    position: int = 0
    path: bytes | None = None
    sha256: str | None = None
    member: bool = False


def walk(paths: Iterable[Path]) -> Iterator[Item]:
    """Every file below the paths, folders in the byte order of relative paths. Links to folders are not followed.

    A link that leads nowhere and a folder that may not be entered come too: whoever reads them refuses them by name.
    Raises `Refused` RECORDS-NOT-A-PATH for a path that is not there.
    """
    for given in paths:
        if given.is_dir():
            top = os.path.join(given, "")
            shut: list[OSError] = []
            found = [
                os.path.join(folder, name)
                for folder, _folders, names in os.walk(given, onerror=shut.append)
                for name in names
            ]
            found += [error.filename for error in shut]
            for file in sorted(found, key=lambda one: os.fsencode(one[len(top) :])):
                if os.path.isfile(file):
                    yield _item(file, os.path.getsize(file))
                elif os.path.isdir(file) or os.path.islink(file) and not os.path.exists(file):
                    yield _item(file, 0)
        elif given.is_file():
            yield _item(str(given), given.stat().st_size)
        else:
            raise Refused("RECORDS-NOT-A-PATH", _("There is no file or folder {path}.").format(path=path_text(given)),
                          _("Check the path."), file=path_text(given))  # fmt: skip


def _item(file: str, size: int) -> Item:
    return Item(path_text(file), size, path=os.fsencode(os.path.abspath(file)))


def write_list(items: Iterable[Item]) -> tuple[str, int, int]:
    """Keep the list of a batch's files. Gives its name, the number of files, and their bytes."""
    folder = settings.HOME / "spool"
    folder.mkdir(mode=0o700, exist_ok=True)
    name = f"batch-{secrets.token_hex(8)}.list"
    return name, *_write(folder / name, items)


def _write(path: Path, items: Iterable[Item]) -> tuple[int, int]:
    """Write lines and have them on the disk. Gives their number, and the bytes of their files."""
    count = size = 0
    with path.open("wb") as file:
        for item in items:
            file.write(msgspec.json.encode(item) + b"\n")
            count, size = count + 1, size + item.size
        file.flush()
        os.fsync(file.fileno())
    return count, size


def listed(name: str) -> list[Item]:
    """The files of a list."""
    with (settings.HOME / "spool" / name).open("rb") as file:
        return [msgspec.structs.replace(_ITEM.decode(line), position=number) for number, line in enumerate(file)]


def opened(name: str, officer: Officer, batch: Batch, tell: Callable[[], None] = lambda: None) -> list[Item]:
    """The files of a list, the members of containers behind each: kept as originals now, at the same places ever after.

    `tell` is called between members. Raises `Refused` HOUSE-DISK-FULL; then it can be done again.
    """
    whole = settings.HOME / "spool" / f"{name}.opened"
    if not whole.exists():
        half = whole.with_suffix(".half")
        _write(half, (one for item in listed(name) for one in _with_members(item, officer, batch, tell)))
        os.replace(half, whole)
    return listed(whole.name)


def _with_members(item: Item, officer: Officer, batch: Batch, tell: Callable[[], None]) -> list[Item]:
    """The item alone; or, of a container, itself and what it held, all of it kept already."""
    kept = _taken_apart(item, batch, tell)
    if kept is None:
        return [item]
    note_bundle(officer, batch, kept)
    return [Item(one.name, 0 if number == 0 else one.size, sha256=one.sha256, member=one.member)
            for number, one in enumerate(kept)]  # fmt: skip


def _taken_apart(item: Item, batch: Batch, tell: Callable[[], None]) -> list[Kept] | None:
    if item.path is None or not _may_be_one(item.path):
        return None
    try:
        with open(item.path, "rb", buffering=0) as file, container_in(file, item.size) as data:
            return take_apart(data, name=item.name, unit=batch.unit, tell=tell) if data is not None else None
    except OSError:  # whoever reads the file refuses it by name
        return None


_ITEM = msgspec.json.Decoder(Item)


def _may_be_one(path: bytes) -> bool:
    """Whether the first bytes deserve a closer look: of 100,000 reports each is asked, so nothing but these is read."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            head = os.pread(handle, 8, 0)
        finally:
            os.close(handle)
    except OSError:  # whoever reads the file refuses it by name
        return False
    return head[:2] == b"PK" or head.lstrip()[:1].isalpha()


def chunks(items: Iterable[Item]) -> list[list[Item]]:
    """Files cut into chunks of a few hundred files or some megabytes."""
    cut: list[list[Item]] = []
    size = 0
    for item in items:
        if not cut or len(cut[-1]) >= CHUNK_FILES or size + item.size > CHUNK_BYTES:
            cut.append([])
            size = 0
        cut[-1].append(item)
        size += item.size
    return cut


def drop_list(name: str) -> None:
    """The batch is read: its list is needed no more."""
    for one in (f"{name}.opened", name):
        (settings.HOME / "spool" / one).unlink(missing_ok=True)
