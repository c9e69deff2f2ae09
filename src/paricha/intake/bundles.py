"""Bundles taken apart: a ZIP's or e-mail's members kept each as an original of its own, and read like files.

    kept = take_apart(data, name="in/bundle.zip", unit=unit)
    for one in kept or []: ...                 # the container itself, then its members in their order

A container keeps its hash and its manifest; members that are documents are originals with it as their parent; media is
hashed and counted. What could not be opened is kept as it lay, so that nothing is lost. Each step may be repeated: known
bytes add nothing, so a killed intake takes the same bundle apart again.
"""

from __future__ import annotations

import hashlib
import mmap
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import FileIO
from typing import NamedTuple

import msgspec

from paricha.access.models import Unit
from paricha.grounds.provenance import Locator, LocatorKind
from paricha.grounds.refusals import Refusal
from paricha.intake.containers import Contents, Damaged, Data, Found
from paricha.intake.containers_known import LOOKED_AT, contents_of, may_be_container, words_of
from paricha.intake.containers_zip import DECODED, HONEST, MOST_MEMBERS, archive_of
from paricha.intake.reading import Coverage, FileReading
from paricha.vault import packs, store
from paricha.vault.containers import LARGEST, Manifest, Member, Said, Stripped, manifest_of
from paricha.vault.media import HEAD, is_media
from paricha.vault.models import Original, Sealing
from paricha.vault.sealing import seal_whole

DEPTH = 2  # a container in a container; what is a container in those two is refused
AT_ONCE_BYTES, AT_ONCE = 4 << 20, 250  # members kept in one go
TYPES = {"zip/1": "application/zip", "mail/1": "message/rfc822", "mbox/1": "application/mbox"}


class Kept(NamedTuple):
    """A file of the batch that is kept: its name (`bundle.zip!/a.json`), size and hash; `member`: it came in a container."""

    name: str
    key: int
    size: int
    sha256: str
    media: bool
    member: bool


def keep_all(files: list[tuple[str, bytes]], unit: Unit) -> list[Kept]:
    """Keep files at hand (name as given, bytes) in their order, the members of containers behind each."""
    opened = [take_apart(data, name=name, unit=unit) for name, data in files]
    whole = [file for file, kept in zip(files, opened, strict=True) if kept is None]
    rows = iter(store.keep_many([store.ToKeep(data, name, unit) for name, data in whole]))
    brought: list[Kept] = []
    for (name, _data), kept in zip(files, opened, strict=True):
        brought += [kept_as(name, next(rows))] if kept is None else kept
    return brought


IN_MEMORY = 64 << 20  # bytes of a container; a larger one is mapped


@contextmanager
def container_in(file: FileIO, size: int) -> Iterator[Data | None]:
    """An open file's bytes, where it may be a container: in memory, or mapped when it is large."""
    if size < 22 or not may_be_container(os.pread(file.fileno(), LOOKED_AT, 0)):  # an empty ZIP has 22 bytes
        yield None
    elif size <= IN_MEMORY:
        yield file.readall()
    else:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data


def keep_file(file: FileIO, size: int, *, name: str, unit: Unit) -> list[Kept]:
    """Keep an open file; of a container itself and what it held. Raises `Refused` HOUSE-DISK-FULL, VAULT-UNREADABLE."""
    with container_in(file, size) as data:
        kept = take_apart(data, name=name, unit=unit) if data is not None else None
    if kept is None:
        file.seek(0)
        kept = [kept_as(name, store.keep(file, name=name, unit=unit))]
    return kept


def kept_as(name: str, row: Original) -> Kept:
    """A file that is kept and no container."""
    return Kept(name, row.pk, row.size, row.hex, row.sealing == Sealing.NOT_KEPT and not row.manifest, False)


def take_apart(data: Data, *, name: str, unit: Unit, tell: Callable[[], None] = lambda: None) -> list[Kept] | None:
    """Keep a container and its members; None for what is no container, or one that is refused as a whole.

    `tell` is called between members. Raises `Refused` HOUSE-DISK-FULL; then it can be done again.
    """
    if len(data) < 22 or not may_be_container(data[:LOOKED_AT]):
        return None
    return _Taking(unit, len(data), tell).container(data, name, None, 1, frozenset())


class _Line(msgspec.Struct):
    """A member on its way: what the manifest will say, and what comes to the batch."""

    found: Found
    refused: str
    size: int
    sha256: str = ""
    kept: bool = False
    media: bool = False
    lies_in: str = ""
    deleted: bool = False  # by order, before it came again
    brought: list[Kept] = []


class _TooMuch(Exception):
    """All members together decode to more than anybody sends."""


class _Taking:
    def __init__(self, unit: Unit, size: int, tell: Callable[[], None]) -> None:
        self.unit, self.tell = unit, tell
        self.bytes_left, self.members_left = 2 * max(DECODED, HONEST * size), MOST_MEMBERS

    def container(
        self, data: Data, name: str, parent: Original | None, depth: int, above: frozenset[bytes]
    ) -> list[Kept] | None:
        contents = contents_of(data)
        if contents is None or contents.why is not None and not contents.members:
            return None
        row = self._itself(data, name, parent, contents)
        itself = Kept(name, row.pk, row.size, row.hex, False, parent is not None)
        if row.deleted_at is not None:  # by order: neither it nor what it held comes back
            return [itself]
        lines: list[_Line] = []
        waiting: list[tuple[_Line, store.ToKeep]] = []
        for found in contents.members:
            self.members_left -= 1
            line = _Line(found, found.refused, found.size)
            lines.append(line)
            self._member(line, waiting, name, row, depth, above | {bytes(row.sha256)})
            if len(waiting) >= AT_ONCE or sum(len(one.data) for _line, one in waiting) >= AT_ONCE_BYTES:
                self._keep(waiting)
            self.tell()
        self._keep(waiting)
        _settle_doubles(lines)
        self._keep_unopened(data, contents, name, row, lines)
        _write_manifest(row, contents, lines)
        return [itself, *(one for line in lines if not line.refused for one in line.brought)]

    def _itself(self, data: Data, name: str, parent: Original | None, contents: Contents) -> Original:
        """The row of the container: its own words where it has any, else its hash alone."""
        digest = hashlib.sha256()
        for piece in _slices(data):
            digest.update(piece)
        sealed, slot, stripped = None, b"", None
        if contents.kept is not None:
            stripped = Stripped(contents.kept, [])
            sealed, slot = seal_whole(contents.kept, hashlib.sha256(contents.kept).digest(), packs.wrapper())
        item = store.ToKeep(data, name, self.unit, parent)  # type: ignore[arg-type]  only its length is asked for
        return store.keep_prepared(
            [store.Prepared(item, digest.digest(), TYPES[contents.reader], sealed, slot, stripped)]
        )[0]

    def _member(
        self, line: _Line, waiting: list[tuple[_Line, store.ToKeep]], outer: str, parent: Original, depth: int,
        above: frozenset[bytes],
    ) -> None:  # fmt: skip
        """Decode a member and keep it, now or with the next lot."""
        found, name = line.found, f"{outer}!/{line.found.name}"
        if self.members_left < 0 or self.bytes_left < 0:
            line.refused = line.refused or "INTAKE-ZIP-BOMB"
            return
        if found.pieces is None:
            return
        stream = _Stream(found.pieces(), self._spend)
        try:
            data = stream.read(store.WHOLE_UP_TO + 1)
            if may_be_container(data[:LOOKED_AT]):
                data += stream.read(LARGEST + 1 - len(data))
                if len(data) <= LARGEST and self._inner(line, data, name, parent, depth, above):
                    return
            if len(data) <= store.WHOLE_UP_TO:
                waiting.append((line, store.ToKeep(data, name, self.unit, parent)))
            else:
                stream.back(data)
                _note(line, name, store.keep(stream, name=name, unit=self.unit, parent=parent))  # type: ignore[arg-type]
        except Damaged:
            broken = "INTAKE-MAIL-BROKEN" if TYPES["mail/1"] == parent.media_type else "INTAKE-ZIP-BROKEN"
            line.refused, line.media = line.refused or broken, is_media(stream.head, found.name)
        except _TooMuch:
            line.refused = "INTAKE-ZIP-BOMB"

    def _inner(
        self, line: _Line, data: bytes, name: str, parent: Original, depth: int, above: frozenset[bytes]
    ) -> bool:
        """A member that is a container itself: taken apart too, or refused; False when it is none after all."""
        contents = contents_of(data)
        if contents is None:
            return False
        sha256 = hashlib.sha256(data).digest()
        line.size, line.sha256 = len(data), sha256.hex()
        if sha256 in above:
            line.refused = "INTAKE-ZIP-BOMB"
        elif depth >= DEPTH:
            line.refused = line.refused or "INTAKE-ZIP-DEPTH"
        if line.refused:
            return True
        inside = self.container(data, name, parent, depth + 1, above)
        if inside is None:
            return False
        line.kept, line.brought = True, inside
        return True

    def _spend(self, size: int) -> None:
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise _TooMuch

    def _keep(self, waiting: list[tuple[_Line, store.ToKeep]]) -> None:
        for (line, item), row in zip(waiting, store.keep_many(item for _line, item in waiting), strict=True):
            _note(line, item.name, row)
        waiting.clear()

    def _keep_unopened(
        self, data: Data, contents: Contents, name: str, row: Original, lines: list[_Line]
    ) -> None:  # fmt: skip
        """What could not be opened is kept as it lies in the archive, but for what is or calls itself media."""
        shut = [line for line in lines if not line.sha256 and not line.media and not is_media(b"\0", line.found.name)]
        if contents.kept is not None:
            for line in shut:
                if line.found.lies[1]:
                    line.kept, line.lies_in = True, row.hex
            return
        size = sum(line.found.lies[1] - line.found.lies[0] for line in shut)
        if shut and contents.reader == "zip/1" and size <= min(len(data), LARGEST):
            rest = archive_of(data, [line.found for line in shut])
            if rest:
                where = store.keep(rest, name=f"{name}!/(not opened)", unit=self.unit, parent=row).hex
                for line in shut:
                    line.kept, line.lies_in = True, where
        if contents.tail is not None and 0 < len(data) - contents.tail <= store.WHOLE_UP_TO:
            store.keep(data[contents.tail : len(data)], name=f"{name}!/(behind the cut)", unit=self.unit, parent=row)


class _Stream:
    """Pieces as a stream: `read` gives as many bytes as asked for, fewer only at the end."""

    def __init__(self, pieces: Iterator[bytes], spend: Callable[[int], None]) -> None:
        self._pieces, self._spend, self.head = pieces, spend, b""
        self._held, self._at = b"", 0  # bytes at hand, and how many of them are given out

    def read(self, size: int) -> bytes:
        given = [self._held[self._at : self._at + size]]
        self._at += len(given[0])
        missing = size - len(given[0])
        while missing > 0 and (piece := next(self._pieces, None)) is not None:
            self._spend(len(piece))
            self.head = self.head if len(self.head) >= HEAD else (self.head + piece)[:HEAD]
            given.append(piece[:missing])
            self._held, self._at = piece, len(given[-1])
            missing -= len(given[-1])
        return b"".join(given)

    def back(self, data: bytes) -> None:
        """What was read too early."""
        self._held, self._at = data + self._held[self._at :], 0


def _note(line: _Line, name: str, row: Original) -> None:
    line.size, line.sha256 = row.size, row.hex
    line.media = row.sealing == Sealing.NOT_KEPT
    line.deleted = row.deleted_at is not None
    line.kept = not line.media and not line.deleted
    line.brought = [Kept(name, row.pk, row.size, row.hex, line.media, True)]


def _settle_doubles(lines: list[_Line]) -> None:
    """Members of one name: with the same bytes they are one; else none is read."""
    named: dict[str, list[_Line]] = {}
    for line in lines:
        if line.refused == "INTAKE-ZIP-DOUBLE":
            named.setdefault(line.found.name, []).append(line)
    for same in named.values():
        if len({line.sha256 for line in same}) == 1 and same[0].sha256:
            for number, line in enumerate(same):
                line.refused, line.brought = "", [] if number else line.brought


def _write_manifest(row: Original, contents: Contents, lines: list[_Line]) -> None:
    members = [
        Member(
            "" if line.deleted else line.found.name,
            line.size,
            line.sha256,
            line.kept,
            line.refused,
            line.lies_in,
            line.media,
        )
        for line in lines
    ]
    why = contents.why
    said = Said(why.code, why.what, why.remedy, why.place) if why else None
    manifest = Manifest(contents.reader, members, said, contents.unread)
    store.keep_manifest(row, manifest, TYPES[contents.reader])


def words_left(row: Original) -> list[Locator]:
    """Where in an e-mail stands what only a person can take up: its words, by their first lines."""
    return [Locator(row.hex, LocatorKind.LINE, line) for line in manifest_of(row.manifest).unread]


def _slices(data: Data) -> Iterator[bytes]:
    for place in range(0, len(data), 1 << 20):
        yield data[place : place + (1 << 20)]


def reading_of(row: Original, name: str) -> FileReading | None:
    """What the batch tells of a file whose bytes are not read: media, and a container by its manifest. Else None."""
    line = Coverage(name, row.hex)
    manifest = manifest_of(row.manifest)
    if not manifest.reader:
        kept = row.deleted_at is not None or row.sealing != Sealing.NOT_KEPT
        return None if kept else FileReading(line, media=row.media_type or "application/x-unknown-media")
    line.reader, line.unread_blocks = manifest.reader, len(manifest.unread)
    refusals = []
    if manifest.said is not None:
        one = manifest.said
        refusals.append(Refusal(name, one.place, one.what, one.remedy, one.code))
    for member in manifest.members:
        if member.refused:
            what, remedy = words_of(member.refused)
            refusals.append(Refusal(f"{name}!/{member.name}", None, what, remedy, member.refused))
    opened = any(not member.refused for member in manifest.members) or bool(manifest.unread)
    return FileReading(line, refusals=refusals, read=opened or not refusals)
