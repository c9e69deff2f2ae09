"""What a file is by its first bytes, and whether it is media, which is hashed and never kept. Pure."""

from __future__ import annotations

HEAD = 4096  # bytes of a file that `is_media` wants to see

# (offset, bytes, media type): published file signatures of pictures, films and sound.
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"II+\0", "image/tiff"),
    (0, b"MM\0+", "image/tiff"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (0, b"\xff\x4f\xff\x51", "image/jp2"),
    (0, b"\xff\x0a", "image/jxl"),
    (0, b"\x00\x00\x00\x0cJXL \r\n\x87\n", "image/jxl"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (0, b"\x00\x00\x01\xba", "video/mpeg"),
    (0, b"\x00\x00\x01\xb3", "video/mpeg"),
    (0, b"OggS\0", "audio/ogg"),
    (0, b"ID3\x02", "audio/mpeg"),
    (0, b"ID3\x03", "audio/mpeg"),
    (0, b"ID3\x04", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"MThd\0\0\0\x06", "audio/midi"),
    (0, b".RMF", "video/vnd.rn-realvideo"),
    (0, b"caff\x00\x01", "audio/x-caf"),
)
_RIFF = {b"WEBP": "image/webp", b"AVI ": "video/x-msvideo", b"WAVE": "audio/wav", b"ACON": "image/gif"}
_FTYP_PICTURES = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
_NOT_MEDIA = (  # certain by their first bytes, so that no name can call them media
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
)


def media_type_of(head: bytes) -> str:
    """The media type by content: `image/…`, `video/…`, `audio/…` for media, else what it is or ""."""
    for offset, signature, kind in _SIGNATURES:
        if head.startswith(signature, offset):
            return kind
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "")
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "audio/aiff"
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide") and min(head[:4]) < 0x20:  # a length, not letters
        return "image/heif" if head[8:12] in _FTYP_PICTURES else "video/mp4"
    if _transport_stream(head):
        return "video/mp2t"
    if _mpeg_audio(head):
        return "audio/mpeg"
    if _bitmap(head):
        return "image/bmp"
    for signature, kind in _NOT_MEDIA:
        if head.startswith(signature):
            return kind
    if b"<svg" in head[:1024].lower():
        return "image/svg+xml"
    return _text_type(head)


def is_media(head: bytes, name: str = "") -> bool:
    """Whether a file with this head (its first `HEAD` bytes) is a picture, a film or sound.

    Content decides. A name that says media counts only where the bytes say nothing at all (no text, no known format):
    then the file is taken for media, because keeping it would be the worse mistake.
    """
    kind = media_type_of(head)
    if kind:
        return kind.startswith(("image/", "video/", "audio/"))
    return bool(head) and name.lower().rpartition(".")[2] in _MEDIA_NAMES


_MEDIA_NAMES = frozenset(
    "jpg jpeg jpe jfif png gif bmp tif tiff webp heic heif avif jp2 jxl psd raw cr2 nef arw dng ico "
    "mp4 m4v mov avi mkv webm flv wmv mpg mpeg 3gp 3g2 ts mts m2ts vob ogv rm rmvb asf "
    "mp3 m4a aac wav ogg oga opus flac wma amr aiff mid".split()
)


def _transport_stream(head: bytes) -> bool:
    for first, step in ((0, 188), (4, 192)):  # plain packets, and packets with a time code before each
        if len(head) > first + 3 * step and all(head[first + step * i] == 0x47 for i in range(4)):
            return True
    return False


def _mpeg_audio(head: bytes) -> bool:
    """A frame header of MPEG audio or ADTS AAC (11 or 12 sync bits, sensible fields)."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    if head[:2] in (b"\xff\xfe", b"\xff\xff"):  # UTF-16 byte-order mark; filler
        return False
    if head[1] & 0xF6 == 0xF0:
        return True  # ADTS
    layer, rate, sampling = (head[1] >> 1) & 3, head[2] >> 4, (head[2] >> 2) & 3
    return layer != 0 and rate not in (0, 15) and sampling != 3


def _bitmap(head: bytes) -> bool:
    return (
        head[:2] == b"BM" and len(head) > 18 and int.from_bytes(head[14:18], "little") in (12, 40, 52, 56, 64, 108, 124)
    )


def _text_type(head: bytes) -> str:
    """text/plain where the head reads as UTF-8 or UTF-16 text, else ""."""
    if not head:
        return "application/x-empty"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "text/plain"
    if b"\0" in head:
        return ""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:  # a character cut at the head's end is no mistake
            return "" if sum(byte < 9 or 13 < byte < 32 for byte in head) else "text/plain"
    return "application/json" if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else "text/plain"
