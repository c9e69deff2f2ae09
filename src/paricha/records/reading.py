"""A chunk of files read and made ready to be written: originals hashed and sealed, documents packed, rows derived."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from paricha.access.models import Unit
from paricha.grounds.refusals import Refusal, Refused
from paricha.intake.document import TipDocument
from paricha.intake.mapping import Mapping
from paricha.intake.reading import FileReading, open_bytes
from paricha.records import groups, packing, storing
from paricha.records.files import Item
from paricha.records.verbs import Part
from paricha.vault import store as vault

PART_TIPS = 500  # tips in one transaction


class ChunkReader:
    """Reads chunks for one batch, in one process."""

    def __init__(self, batch: bytes, unit: Unit, mapping: Mapping | None, mappings: list[Mapping]) -> None:
        self.batch, self.unit, self.mapping, self.mappings = batch, unit, mapping, mappings
        self.region = settings.PARICHA.region
        self.dictionary = packing.current()

    def parts(self, chunk: int, number: int, items: list[Item]) -> Iterator[Part]:
        """The parts of a chunk; the last one says so. `number`: of the chunk's first file in the batch.

        A part ends after so many tips; where depends on nothing but the files, so that a killed chunk is cut alike.
        """
        if not self.dictionary:
            self.dictionary = packing.current()
        part, count = self._empty(chunk, 0), 0
        for place, item in enumerate(items, number):
            data = self._keep(item, place, part)
            if data is None:
                continue
            stream = open_bytes(data[0], name=item.name, sha256=data[1], mapping=self.mapping, mappings=self.mappings)
            for document in stream:
                if isinstance(document, TipDocument):
                    part.tips.append(storing.prepare(document, self.region, self.dictionary))
                else:
                    part.groups.append(groups.prepare(document, self.region, self.dictionary))
                if len(part.tips) >= PART_TIPS:
                    yield part
                    count += 1
                    part = self._empty(chunk, count)
            _tell(part, stream.reading, data[1])
        part.last = True
        yield part

    def _empty(self, chunk: int, number: int) -> Part:
        told: dict[str, Any] = {"coverage": [], "refusals": [], "media": 0}
        return Part(self.batch, chunk, number, False, [], [], [], [], told)

    def _keep(self, item: Item, number: int, part: Part) -> tuple[bytes, str] | None:
        """The file's bytes and hash, made ready to be kept; None when it cannot be opened, which is told."""
        try:
            if item.sha256 is not None:
                part.arrivals.append((number, item.name, bytes.fromhex(item.sha256)))
                return vault.read(item.sha256), item.sha256
            path = Path(item.path or "")
            if item.size > vault.WHOLE_UP_TO:
                kept = vault.keep(path, name=item.name, unit=self.unit)
                part.arrivals.append((number, item.name, bytes(kept.sha256)))
                return path.read_bytes(), kept.hex
            data = path.read_bytes()
        except OSError as error:
            part.arrivals.append((number, item.name, None))
            part.told["refusals"].append(_unreadable(item, error).to_plain())
            return None
        except Refused as refused:
            if refused.refusal.code == "HOUSE-DISK-FULL":
                raise
            part.told["refusals"].append({**refused.refusal.to_plain(), "file": item.name})
            return None
        prepared = vault.prepare([vault.ToKeep(data, item.name, self.unit)])[0]
        part.originals.append(prepared)
        part.arrivals.append((number, item.name, prepared.sha256))
        return data, prepared.sha256.hex()


def _unreadable(item: Item, error: OSError) -> Refusal:
    return Refusal(
        item.name, None, _("The file cannot be opened: {why}.").format(why=error.strerror),
        _("Check that it is there and readable, then bring it again."), "RECORDS-NOT-A-PATH",
    )  # fmt: skip


def _tell(part: Part, reading: FileReading, sha256: str) -> None:
    if reading.media:
        part.told["media"] += 1
        part.told.setdefault("members", []).append({"file": reading.coverage.file, "original": sha256})
    elif reading.read:
        part.told["coverage"].append({**reading.coverage.to_plain(), "groups": reading.coverage.groups})
    part.told["refusals"] += [one.to_plain() for one in reading.refusals]
