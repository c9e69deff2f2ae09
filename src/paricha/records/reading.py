"""A chunk of files read and made ready to be written: originals hashed and sealed, documents packed, rows derived."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from paricha.access.models import Unit
from paricha.grounds.refusals import Refusal, Refused
from paricha.intake.document import GroupDocument, TipDocument
from paricha.intake.mapping import Mapping
from paricha.intake.reading import Coverage, FileReading, open_bytes
from paricha.records import groups, packing, storing
from paricha.records.files import Item
from paricha.records.verbs import FileDone, Part
from paricha.vault import store as vault

PART_TIPS = 500  # tips in one transaction


MappingsFor = Callable[[Item], tuple[Mapping | None, list[Mapping]]]


class ChunkReader:
    """Reads chunks for one batch, in one process. `mappings_for`: the named mapping of a file, and those to choose from."""

    def __init__(self, batch: bytes, unit: Unit, mappings_for: MappingsFor) -> None:
        self.batch, self.unit, self.mappings_for = batch, unit, mappings_for
        self.region = settings.PARICHA.region
        self.dictionary = packing.current()

    def parts(self, chunk: int, items: list[Item]) -> Iterator[Part]:
        """The parts of a chunk; the last one says so.

        A part ends after so many tips; where depends on nothing but the files, so that a killed chunk is cut alike.
        """
        if not self.dictionary:
            self.dictionary = packing.current()
        part, read = Part(self.batch, chunk, 0), _Read([], [])
        for item, data, done, original in self._opened(items):
            if data is None:
                part.files.append(done) if done.kept is not None else part.refusals.extend(done.reading.refusals)
                continue
            if original is not None:
                done.prepared = len(part.originals)
                part.originals.append(original)
            named, saved = self.mappings_for(item)
            stream = open_bytes(
                data, name=item.name, sha256=done.reading.coverage.original, mapping=named, mappings=saved
            )
            for document in stream:
                read.add(document, item.position)
                if len(read.tips) >= PART_TIPS:
                    yield self._filled(part, read)
                    part, read = Part(self.batch, chunk, part.number + 1), _Read([], [])
                    self._kept_before(done)
            done.reading = stream.reading
            part.files.append(done)
        part.last = True
        yield self._filled(part, read)

    def _filled(self, part: Part, read: _Read) -> Part:
        part.tips = storing.prepare_many([document for document, _file in read.tips], self.region, self.dictionary)
        for one, (_document, position) in zip(part.tips, read.tips, strict=True):
            one.file = position
        part.groups = [groups.prepare(document, self.region, self.dictionary) for document in read.groups]
        return part

    def _kept_before(self, done: FileDone) -> None:
        """The file's original went with the part before."""
        if done.prepared is not None:
            done.prepared = None
            done.kept = vault.row_of(done.reading.coverage.original).pk

    def _opened(self, items: list[Item]) -> Iterator[_Opened]:
        """All files of the chunk opened, hashed and sealed before the first is read.

        Each step on all of a chunk, then the next step: a third less time than file by file, because code and tables
        stay in the processor's cache (measured). A chunk is some megabytes, or one large file.
        """
        opened = [(item, *self._open(item)) for item in items]
        new = [one for one in opened if one[1] is not None and one[2].kept is None]
        sealed = vault.prepare(vault.ToKeep(data or b"", item.name, self.unit) for item, data, _ in new)
        originals = {item.position: original for (item, _, _), original in zip(new, sealed, strict=True)}
        for item, data, done in opened:
            original = originals.get(item.position)
            if original is not None:
                done.reading.coverage.original = original.sha256.hex()
            yield _Opened(item, data, done, original)

    def _open(self, item: Item) -> tuple[bytes | None, FileDone]:
        """The file's bytes; None when it cannot be opened, which is told in its refusals."""
        done = FileDone(item.position, FileReading(Coverage(item.name, item.sha256 or "")))
        try:
            if item.sha256 is not None:
                row = vault.row_of(item.sha256)
                done.kept = row.pk
                return vault.read_row(row), done
            if item.size > vault.WHOLE_UP_TO:
                row = vault.keep(Path(os.fsdecode(item.path or b"")), name=item.name, unit=self.unit)
                done.kept, done.reading.coverage.original = row.pk, row.hex
            with open(item.path or b"", "rb", buffering=0) as file:
                return file.readall(), done
        except OSError as error:
            done.kept = None
            done.reading.refusals.append(_unreadable(item, error))
        except Refused as refused:
            if refused.refusal.code == "HOUSE-DISK-FULL":
                raise
            done.reading.refusals.append(msgspec.structs.replace(refused.refusal, file=item.name))
        return None, done


class _Opened(NamedTuple):
    """`data`: None where the file cannot be opened; `original`: sealed, None where it is kept already."""

    item: Item
    data: bytes | None
    done: FileDone
    original: vault.Prepared | None


class _Read(NamedTuple):
    """Documents of one part, tips with the position of their file."""

    tips: list[tuple[TipDocument, int]]
    groups: list[GroupDocument]

    def add(self, document: TipDocument | GroupDocument, position: int) -> None:
        if isinstance(document, TipDocument):
            self.tips.append((document, position))
        else:
            self.groups.append(document)


def _unreadable(item: Item, error: OSError) -> Refusal:
    return Refusal(
        item.name, None, _("The file cannot be opened: {why}.").format(why=error.strerror),
        _("Check that it is there and readable, then bring it again."), "RECORDS-NOT-A-PATH",
    )  # fmt: skip
