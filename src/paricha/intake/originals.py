"""What a reader is given, and what a reader is: bytes with a name and a hash in, documents and refusals out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import cached_property

import msgspec

from paricha.grounds.refusals import Refusal
from paricha.intake.document import GroupDocument, TipDocument, Unread
from paricha.intake.mapping import Mapping

HEAD_BYTES = 65_536


class Original(msgspec.Struct, frozen=True):
    """The bytes of a file, its path as given (members as `bundle.zip!/name`) and its SHA-256 in hex."""

    data: bytes
    name: str
    sha256: str

    def refusal(self, code: str, what: str, remedy: str, place: str | None = None) -> Refusal:
        return Refusal(self.name, place, what, remedy, code)


class Head:
    """The first 64 KiB of an original, decoded by their byte order mark: enough to tell a format by content."""

    def __init__(self, data: bytes, size: int | None = None) -> None:
        self.raw = data[:HEAD_BYTES]
        self.size = len(data) if size is None else size

    def starts(self, *magic: bytes) -> bool:
        return self.raw.startswith(magic)

    @cached_property
    def text(self) -> str:
        """The head as text; broken letters become U+FFFD."""
        encoding, mark = encoding_of(self.raw)
        return self.raw[mark:].decode(encoding, "replace")

    @cached_property
    def opening(self) -> str:
        """The first character that is no blank, or an empty string."""
        encoding, mark = encoding_of(self.raw)
        start = (
            self.raw[mark:].lstrip(b" \t\r\n\0")[:4] if encoding != "utf-8" else self.raw[mark : mark + 256].lstrip()
        )
        return start.lstrip(b"\0")[:1].decode("latin-1")


def encoding_of(raw: bytes) -> tuple[str, int]:
    """The encoding that the first bytes show, and how many bytes its mark takes. UTF-8 where they show none."""
    marks = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\0\0", "utf-32-le"), (b"\0\0\xfe\xff", "utf-32-be"),
             (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))  # fmt: skip
    for mark, encoding in marks:
        if raw.startswith(mark):
            return encoding, len(mark)
    return "utf-8", 0


Yielded = TipDocument | GroupDocument | Refusal | Unread


class Reader(ABC):
    """One format. `name` and `version` stand in every reading (`cybertip-json/1`); `form` is what its documents are.

    Readers know no tables, officers or clocks.
    """

    name: str
    version: int
    form: str

    @property
    def label(self) -> str:
        return f"{self.name}/{self.version}"

    @abstractmethod
    def sniff(self, head: Head) -> bool:
        """Whether the content is of this format: cheap and certain, never by the file's extension."""

    @abstractmethod
    def read(self, original: Original) -> Iterator[Yielded]:
        """Yield what stands there; what cannot be read is a refusal or an unread block. Never raises on content."""

    def read_mapped(self, original: Original, mapping: Mapping | None, mappings: list[Mapping]) -> Iterator[Yielded]:
        """As `read`, for formats that need a mapping: `mapping` is named for the file, `mappings` are the saved ones."""
        return self.read(original)
