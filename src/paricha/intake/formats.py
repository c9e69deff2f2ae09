"""What is told by its first bytes and not read: media, and formats that this release refuses by name."""

from __future__ import annotations

from paricha.grounds.refusals import Refusal
from paricha.intake.originals import Head, Original

_MEDIA: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"), (b"BM", "image/bmp"), (b"II*\0", "image/tiff"), (b"MM\0*", "image/tiff"),
    (b"ID3", "audio/mpeg"), (b"OggS", "audio/ogg"), (b"fLaC", "audio/flac"), (b"\x1aE\xdf\xa3", "video/x-matroska"),
    (b"FLV\x01", "video/x-flv"), (b"\0\0\x01\xba", "video/mpeg"), (b"\0\0\x01\xb3", "video/mpeg"),
    (b"8BPS", "image/vnd.adobe.photoshop"), (b"\xff\xfb", "audio/mpeg"), (b"\xff\xf3", "audio/mpeg"),
)  # fmt: skip
_RIFF = {b"WEBP": "image/webp", b"AVI ": "video/x-msvideo", b"WAVE": "audio/wav"}
_BRANDS = {b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heif", b"avif": "image/avif",
           b"M4A ": "audio/mp4"}  # fmt: skip


def media_of(head: Head) -> str | None:
    """The media type of a picture, film or sound by its first bytes; None for anything else."""
    raw = head.raw
    for magic, kind in _MEDIA:
        if raw.startswith(magic) and (magic != b"BM" or _is_bitmap(head)):
            return kind
    if raw[:4] == b"RIFF":
        return _RIFF.get(raw[8:12])
    if raw[4:8] == b"ftyp":
        return _BRANDS.get(raw[8:12], "video/mp4")
    return None


def _is_bitmap(head: Head) -> bool:
    """Two letters are no proof: a bitmap states its own size behind them."""
    return int.from_bytes(head.raw[2:6], "little") == head.size


def refused_format(original: Original, head: Head) -> Refusal | None:
    """A refusal for the formats that are known and not read, and for a file without bytes."""
    if not original.data or not original.data.strip():
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
