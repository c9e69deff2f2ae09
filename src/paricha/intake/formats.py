"""What is told by its first bytes and not read: media, and formats that this release refuses by name."""

from __future__ import annotations

from paricha.grounds.refusals import Refusal
from paricha.intake.originals import Head, Original
from paricha.vault.media import HEAD, judged


def media_of(head: Head, name: str) -> str | None:
    """The media type of a picture, film or sound, as the vault tells it (it keeps none of their bytes); else None."""
    kind, media = judged(head.raw[:HEAD], name)
    return kind if media else None


def refused_format(original: Original, head: Head) -> Refusal | None:
    """A refusal for the formats that are known and not read, and for a file without bytes."""
    if not original.data[:256].strip() and not original.data.strip():
        return original.refusal(
            "INTAKE-EMPTY", "The file is empty.", "Ask the sender for the file again; the name alone says nothing."
        )
    if head.starts(b"%PDF"):
        return _not_yet(original, "a PDF", "Bring in the same report as JSON or sheet, or type it in.")
    if head.starts(b"PK\x03\x04") and not is_workbook(original.data):
        return _not_yet(original, "a ZIP archive", "Unpack it and bring in the files inside.")
    if head.opening == "<":
        return _not_yet(original, "XML or HTML", "Ask for JSON or a sheet.")
    if head.starts(b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x1f\x8b"):
        return _not_yet(original, "a packed archive", "Unpack it and bring in the files inside.")
    return None


def is_workbook(data: bytes) -> bool:
    """Whether a ZIP holds an Excel workbook: its parts are named in the central directory at the end."""
    tail = data[-262_144:]
    return b"xl/workbook" in tail or b"xl/workbook" in data[:65_536] or b"xl/worksheets" in tail + data[:65_536]


def _not_yet(original: Original, what: str, remedy: str) -> Refusal:
    return original.refusal("INTAKE-NOT-YET", f"This is {what}, which this release does not read yet.", remedy)
