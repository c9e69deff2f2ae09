"""Read one file: find its reader by content, collect documents, refusals and what was covered. Pure: no tables, no clock.

    reading = read_bytes(data, name="tips/report.json", sha256=digest)
    for document in reading.documents: ...

`open_bytes` is the same as a stream, for files of many reports: documents come one by one, and refusals and coverage
are complete when it ends. `read_bytes` drains it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from paricha.grounds.refusals import Refusal
from paricha.intake import refusals as _codes  # noqa: F401  registers the codes
from paricha.intake.document import GroupDocument, TipDocument, Unread
from paricha.intake.formats import media_of, refused_format
from paricha.intake.mapping import Mapping
from paricha.intake.originals import Head, Original, Reader
from paricha.intake.readers import reader_for


class Coverage(msgspec.Struct):
    """The line that every read file gets. `expected_fields` and `read_fields` are sums over its documents."""

    file: str
    original: str
    reader: str | None = None
    tips: int = 0
    groups: int = 0
    expected_fields: int = 0
    read_fields: int = 0
    unread_blocks: int = 0

    def to_plain(self) -> dict[str, Any]:
        """As `paricha intake` prints it."""
        return {
            "file": self.file, "original": self.original, "reader": self.reader, "tips": self.tips,
            "expected_fields": self.expected_fields, "read_fields": self.read_fields,
            "unread_blocks": self.unread_blocks,
        }  # fmt: skip


class FileReading(msgspec.Struct):
    """What one file gave. `media`: a picture, film or sound, which is only hashed and counted.

    `unread`: blocks outside any document. `read`: the file got a coverage line (it may have refusals too).
    """

    coverage: Coverage
    documents: list[TipDocument | GroupDocument] = []
    refusals: list[Refusal] = []
    unread: list[Unread] = []
    media: str | None = None
    read: bool = False


class FileStream:
    """A file being read: iterate for its documents; `reading` fills as they come (its own `documents` stay empty)."""

    def __init__(self, original: Original, mapping: Mapping | None, mappings: list[Mapping]) -> None:
        self.original = original
        self.reading = FileReading(Coverage(original.name, original.sha256))
        self.reader: Reader | None = None
        self._mapping, self._mappings = mapping, mappings

    def __iter__(self) -> Iterator[TipDocument | GroupDocument]:
        made, head = self.reading, Head(self.original.data)
        made.media = media_of(head, self.original.name)
        if made.media:
            return
        refusal = refused_format(self.original, head)
        if refusal:
            made.refusals.append(refusal)
            return
        self.reader = reader_for(head)
        if self.reader is None:
            made.refusals.append(_unknown(self.original))
            return
        yield from self._documents(self.reader)

    def _documents(self, reader: Reader) -> Iterator[TipDocument | GroupDocument]:
        made, line = self.reading, self.reading.coverage
        line.reader = reader.label
        for item in reader.read_mapped(self.original, self._mapping, self._mappings):
            if isinstance(item, Refusal):
                made.refusals.append(item)
            elif isinstance(item, Unread):
                made.unread.append(item)
                line.unread_blocks += 1
            else:
                line.tips += isinstance(item, TipDocument)
                line.groups += isinstance(item, GroupDocument)
                line.expected_fields += item.expected
                line.read_fields += item.read
                line.unread_blocks += len(item.unread)
                yield item
        made.read = bool(line.tips or line.groups or not made.refusals)


def open_bytes(
    data: bytes, *, name: str, sha256: str, mapping: Mapping | None = None, mappings: list[Mapping] | None = None
) -> FileStream:
    """Read a file as a stream of documents. `mapping`: named for this file; `mappings`: the saved ones to choose from."""
    return FileStream(Original(data, name, sha256), mapping, mappings or [])


def read_bytes(
    data: bytes, *, name: str, sha256: str, mapping: Mapping | None = None, mappings: list[Mapping] | None = None
) -> FileReading:
    """Read a whole file. Never raises on content."""
    stream = open_bytes(data, name=name, sha256=sha256, mapping=mapping, mappings=mappings)
    documents = list(stream)
    stream.reading.documents = documents
    return stream.reading


def _unknown(original: Original) -> Refusal:
    return original.refusal(
        "INTAKE-UNKNOWN-FORMAT",
        "The content is in no format that this program reads.",
        "Bring in JSON, XLSX, CSV or a Telegram export; type letters and calls on the page “Enter a tip”.",
    )
