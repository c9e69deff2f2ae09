"""What a file is by its first bytes, and whether it is media, which is hashed and never kept. Pure."""

from __future__ import annotations

HEAD = 4096  # bytes of a file that `is_media` wants to see

# (first bytes, media type): published file signatures of pictures, films and sound.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"II+\0", "image/tiff"),
    (b"MM\0+", "image/tiff"),
    (b"8BPS", "image/vnd.adobe.photoshop"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"\xff\x4f\xff\x51", "image/jp2"),
    (b"\xff\x0a", "image/jxl"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "image/jxl"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"FLV\x01", "video/x-flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x00\x00\x01\xb3", "video/mpeg"),
    (b"OggS\0", "audio/ogg"),
    (b"ID3\x02", "audio/mpeg"),
    (b"ID3\x03", "audio/mpeg"),
    (b"ID3\x04", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
    (b"MThd\0\0\0\x06", "audio/midi"),
    (b".RMF", "video/vnd.rn-realvideo"),
    (b"caff\x00\x01", "audio/x-caf"),
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


# By first byte: of a thousand tips a second each is asked, and none begins like a picture.
_BY_FIRST: dict[int, list[tuple[bytes, str]]] = {}
for _signature, _kind in _SIGNATURES:
    _BY_FIRST.setdefault(_signature[0], []).append((_signature, _kind))


def media_type_of(head: bytes) -> str:
    """The media type by content: `image/…`, `video/…`, `audio/…` for media, else what it is or ""."""
    for signature, kind in _BY_FIRST.get(head[0], ()) if head else ():
        if head.startswith(signature):
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
    return judged(head, name)[1]


def judged(head: bytes, name: str = "") -> tuple[str, bool]:
    """`media_type_of` and `is_media` together; media of no known format is `application/x-unknown-media`."""
    kind = media_type_of(head)
    if kind:
        return kind, kind.startswith(("image/", "video/", "audio/"))
    if head and name.lower().rpartition(".")[2] in _MEDIA_NAMES:
        return "application/x-unknown-media", True
    return kind, False


_MEDIA_NAMES = frozenset(
    "jpg jpeg jpe jfif png gif bmp tif tiff webp heic heif avif jp2 jxl psd raw cr2 nef arw dng ico "
    "mp4 m4v mov avi mkv webm flv wmv mpg mpeg 3gp 3g2 ts mts m2ts vob ogv rm rmvb asf "
    "mp3 m4a aac wav ogg oga opus flac wma amr aiff mid".split()
)


def _transport_stream(head: bytes) -> bool:
    for first, step in ((0, 188), (4, 192)):  # plain packets, and packets with a time code before each
        if head[first : first + 1] == b"G" and head[first : first + 3 * step + 1 : step] == b"GGGG":
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
