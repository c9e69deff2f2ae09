"""What is told by its first bytes and not read: media, and formats that this release refuses by name."""

from __future__ import annotations

from paricha.grounds.refusals import Refusal
from paricha.intake import containers_known
from paricha.intake.containers_known import LOOKED_AT, may_be_container
from paricha.intake.originals import Head, Original
from paricha.intake.xml_bytes import is_html
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
    if containers_known.is_outlook_message(original):
        return _not_yet(original, "an e-mail as Outlook saves it (.msg)", "Save it as .eml and bring that in.")
    if may_be_container(head.raw[:LOOKED_AT]) and not is_workbook(original.data):
        refusal = containers_known.refusal_of(original)
        if refusal is not None:
            return refusal
    if head.opening == "<" and is_html(head.text):
        return _not_yet(original, "HTML", "Ask for JSON, XML or a sheet.")
    if head.starts(b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x1f\x8b"):
        return _not_yet(original, "a packed archive", "Unpack it and bring in the files inside.")
    return None


def is_workbook(data: bytes) -> bool:
    """Whether a ZIP holds an Excel workbook: its parts are named in the central directory at the end."""
    tail = data[-262_144:]
    return b"xl/workbook" in tail or b"xl/workbook" in data[:65_536] or b"xl/worksheets" in tail + data[:65_536]


def _not_yet(original: Original, what: str, remedy: str) -> Refusal:
    return original.refusal("INTAKE-NOT-YET", f"This is {what}, which this release does not read yet.", remedy)
