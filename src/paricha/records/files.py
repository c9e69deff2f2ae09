"""The files of a batch: folders walked in the byte order of their paths, cut into chunks, and the list kept on disk.

The list is written once, so that a killed intake goes on with the same chunks. One line a file: JSON of its name as
given and its path, or the hash of the original that is kept already.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from paricha.grounds.refusals import Refused, path_text

CHUNK_FILES = 250
CHUNK_BYTES = 4 << 20


class Item(msgspec.Struct, frozen=True, array_like=True):
    """One file: `name` as given; `path` to read it from, or `sha256` (hex) of the original that is kept already.

    `position`: from 0 in its batch. A path is bytes, because a file's name may be no text in any encoding.
    """

    name: str
    size: int
    position: int = 0
    path: bytes | None = None
    sha256: str | None = None


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
    count = size = 0
    with (folder / name).open("wb") as file:
        for item in items:
            file.write(msgspec.json.encode(item) + b"\n")
            count, size = count + 1, size + item.size
        file.flush()
        os.fsync(file.fileno())
    return name, count, size


def listed(name: str) -> list[Item]:
    """The files of a list."""
    with (settings.HOME / "spool" / name).open("rb") as file:
        return [msgspec.structs.replace(_ITEM.decode(line), position=number) for number, line in enumerate(file)]


_ITEM = msgspec.json.Decoder(Item)


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
    (settings.HOME / "spool" / name).unlink(missing_ok=True)
