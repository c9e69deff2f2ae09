"""A chunk of files read and made ready to be written: originals hashed and sealed, documents packed, rows derived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

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
        part = Part(self.batch, chunk, 0)
        for item in items:
            opened = self._open(item, part)
            if opened is None:
                continue
            data, done = opened
            named, saved = self.mappings_for(item)
            stream = open_bytes(data, name=item.name, sha256=done.reading.coverage.original, mapping=named, mappings=saved)
            for document in stream:
                self._add(part, document, item)
                if len(part.tips) >= PART_TIPS:
                    yield part
                    part = Part(self.batch, chunk, part.number + 1)
                    self._kept_before(done)
            done.reading = stream.reading
            part.files.append(done)
        part.last = True
        yield part

    def _add(self, part: Part, document: TipDocument | GroupDocument, item: Item) -> None:
        if isinstance(document, TipDocument):
            one = storing.prepare(document, self.region, self.dictionary)
            one.file = item.position
            part.tips.append(one)
        else:
            part.groups.append(groups.prepare(document, self.region, self.dictionary))

    def _kept_before(self, done: FileDone) -> None:
        """The file's original went with the part before."""
        if done.prepared is not None:
            done.prepared = None
            done.kept = vault.row_of(done.reading.coverage.original).pk

    def _open(self, item: Item, part: Part) -> tuple[bytes, FileDone] | None:
        """The file's bytes, made ready to be kept; None when it cannot be opened, which is told."""
        done = FileDone(item.position, FileReading(Coverage(item.name, item.sha256 or "")))
        try:
            if item.sha256 is not None:
                row = vault.row_of(item.sha256)
                done.kept = row.pk
                return vault.read_row(row), done
            if item.size > vault.WHOLE_UP_TO:
                row = vault.keep(Path(item.path or ""), name=item.name, unit=self.unit)
                done.kept, done.reading.coverage.original = row.pk, row.hex
            with open(item.path or "", "rb") as file:
                data = file.read()
            if done.kept is not None:
                return data, done
        except OSError as error:
            part.refusals.append(_unreadable(item, error))
            return None
        except Refused as refused:
            if refused.refusal.code == "HOUSE-DISK-FULL":
                raise
            done.reading.refusals.append(msgspec.structs.replace(refused.refusal, file=item.name))
            part.files.append(done) if done.kept is not None else part.refusals.extend(done.reading.refusals)
            return None
        done.prepared = len(part.originals)
        part.originals.append(vault.prepare([vault.ToKeep(data, item.name, self.unit)])[0])
        done.reading.coverage.original = part.originals[-1].sha256.hex()
        return data, done


def _unreadable(item: Item, error: OSError) -> Refusal:
    return Refusal(
        item.name, None, _("The file cannot be opened: {why}.").format(why=error.strerror),
        _("Check that it is there and readable, then bring it again."), "RECORDS-NOT-A-PATH",
    )  # fmt: skip
