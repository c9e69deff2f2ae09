"""What an e-mail holds: its attachments as members, its headers and words as what is kept of itself. Pure.

The parts are found by their boundaries as ranges of the file, so that a large mail is never held twice; `email` of the
standard library reads the headers. A mailbox (mbox) is a container of e-mails. No attachment is decoded leniently: what
does not decode cleanly is refused.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterator
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser

import msgspec

from paricha.intake.containers import Contents, Damaged, Data, Found, Why, shown_name
from paricha.vault.media import is_media

MOST_PARTS = 5_000
MOST_NESTED = 30  # multiparts in multiparts
LARGEST = 256 << 20
HEADER_BYTES = 1 << 20
_KNOWN = re.compile(
    rb"(?im)^(from|to|cc|subject|date|message-id|mime-version|received|return-path|delivered-to|content-type|reply-to)[ \t]*:"
)
_FIELD = re.compile(rb"[!-9;-~]{1,76}[ \t]*:")
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n|\r\r")
_ENVELOPE = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{3,200}\r?\n(?=[!-9;-~]{1,76}:)")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
_BAD_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t]*\Z)")
_TNEF = b"\x78\x9f\x3e\x22"
_SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")


def is_mail(head: bytes) -> bool:
    """Whether the first bytes are headers of an e-mail: fields only, and those that make a mail among them."""
    block = _BLANK_LINE.split(head.lstrip(b"\r\n"), maxsplit=1)[0]
    lines = [line for line in block.splitlines() if line]
    if len(lines) < 2 or not all(_FIELD.match(line) or line[:1] in b" \t" for line in lines[:-1]):
        return False
    known = {found.lower() for found in _KNOWN.findall(block)}
    return b"from" in known and bool(known & {b"date", b"message-id", b"mime-version", b"received"}) and len(known) >= 3


def is_mailbox(head: bytes) -> bool:
    """Whether the first bytes are the envelope line of a mailbox and headers behind it."""
    found = _ENVELOPE.match(head)
    return found is not None and is_mail(head[found.end() :])


class _Part(msgspec.Struct):
    """A leaf: its headers, and where its body lies. `cut`: nothing shows that it ends there."""

    headers: Message
    start: int
    end: int
    kind: str  # media type, lower case
    cut: bool = False


def mailbox_contents(data: Data) -> Contents:
    """The e-mails of a mailbox."""
    starts = [(found.start(), found.end()) for found in _ENVELOPE.finditer(data)]
    if len(starts) > 100 * MOST_PARTS:
        return Contents("mbox/1", why=_too_many("e-mails"))
    contents = Contents("mbox/1")
    for number, (envelope, begins) in enumerate(starts, 1):
        ends = starts[number][0] if number < len(starts) else len(data)
        contents.members.append(
            Found(f"message {number}.eml", ends - begins, _plain(data, begins, ends), "", (envelope, ends))
        )
    return contents


def mail_contents(data: Data) -> Contents:
    """The attachments of an e-mail in their order. What is kept is the e-mail without those that were opened."""
    if len(data) > LARGEST:
        what = f"The e-mail has {len(data):,} bytes, more than this program takes apart."
        return Contents("mail/1", why=Why("INTAKE-MAIL-TOO-LARGE", what, "Save its attachments and bring those in."))
    parts: list[_Part] = []
    if not _split(data, 0, len(data), parts, 0):
        return Contents("mail/1", why=_too_many("parts"))
    contents, cut, names, words = Contents("mail/1"), [], _Names(), []
    for number, part in enumerate(parts, 1):
        if part.cut:
            contents.why = _CUT
        if _is_words(part):
            if data[part.start : part.end].strip():
                words.append(part.start)
            continue
        if part.kind in _SIGNATURES:
            continue
        found = _member(data, part, names(_name(part.headers), number, part.kind))
        contents.members.append(found)
        if found.pieces is not None or _may_be_media(data, part, found.name):
            cut.append((part.start, part.end))
            found.lies = (0, 0)  # not in what is kept of the e-mail
    contents.kept = _without(data, cut)
    contents.unread = [
        _without(data[:start], [one for one in cut if one[1] <= start]).count(b"\n") + 1 for start in words
    ]
    return contents


_CUT = Why(
    "INTAKE-MAIL-BROKEN", "The e-mail is cut: its last part has no end, and was not read.",
    "Ask for the e-mail again, or save the attachments where it is whole and bring those in.",
)  # fmt: skip


def _too_many(what: str) -> Why:
    return Why(
        "INTAKE-MAIL-BROKEN", f"It holds more {what} than any e-mail.", "Save the attachments and bring those in."
    )


def _split(data: Data, start: int, end: int, parts: list[_Part], depth: int) -> bool:
    """Add the leaves between two places; False when there are too many."""
    body, headers = _headers(data, start, end)
    kind = headers.get_content_type().lower()
    if not kind.startswith("multipart/") or depth >= MOST_NESTED:
        parts.append(_Part(headers, body, end, kind))
        return len(parts) <= MOST_PARTS
    if kind == "multipart/encrypted":
        parts.append(_Part(headers, body, end, kind))
        return True
    boundary = _boundary(headers)
    marks = _marks(data, body, end, boundary) if boundary else []
    if not marks:  # a multipart without its boundary: nothing says where its parts are
        parts.append(_Part(headers, body, end, "multipart/broken"))
        return True
    for number, (_mark, begins, closes) in enumerate(marks):
        if closes:
            return True
        ends = marks[number + 1][0] if number + 1 < len(marks) else end
        if not _split(data, begins, max(begins, ends), parts, depth + 1):
            return False
        if len(parts) > MOST_PARTS:
            return False
    parts[-1].cut = True
    return True


def _headers(data: Data, start: int, end: int) -> tuple[int, Message]:
    """Where the body begins, and the headers before it."""
    block = data[start : min(end, start + HEADER_BYTES)]
    if block[:1] in (b"\n", b"\r"):  # no headers at all
        return start + (2 if block[:2] == b"\r\n" else 1), Message()
    found = _BLANK_LINE.search(block)
    stop = found.end() if found else len(block)
    try:
        return start + stop, BytesHeaderParser().parsebytes(bytes(block[:stop]))
    except (MessageError, ValueError, LookupError):
        return start + stop, Message()


def _boundary(headers: Message) -> bytes:
    try:
        stated = headers.get_boundary()
    except (MessageError, ValueError, LookupError, TypeError):
        return b""
    return stated.encode("ascii", "replace") if stated and len(stated) < 400 else b""


def _marks(data: Data, start: int, end: int, boundary: bytes) -> list[tuple[int, int, bool]]:
    """(end of the part before, start of the part behind, whether it closes) of each boundary line."""
    line = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|\Z)")
    found: list[tuple[int, int, bool]] = []
    place = max(0, start - 2)
    while len(found) <= MOST_PARTS + 1 and (mark := line.search(data, place, end)) is not None:
        found.append((mark.start(), mark.end(), mark[1] is not None))
        place = mark.end() - (
            1 if data[mark.end() - 1 : mark.end()] == b"\n" else 0
        )  # an empty part: two lines in a row
        if mark[1] is not None:
            break
        place = max(place, mark.start() + 1)
    return found


def _is_words(part: _Part) -> bool:
    """What somebody wrote, and not a file: text without a name that is not called an attachment."""
    if part.kind not in ("text/plain", "text/html", "text/enriched", "text/richtext", "text/calendar"):
        return False
    return _name(part.headers) == "" and not _says(part.headers, "content-disposition").startswith("attachment")


def _says(headers: Message, field: str) -> str:
    return str(headers.get(field, "")).strip().lower()


def _name(headers: Message) -> str:
    """The attachment's name by RFC 2231, or RFC 2047 as many programs write it; the last step of a path; may be empty."""
    try:
        text = headers.get_filename("") or ""
        if "=?" in text:
            text = "".join(
                piece if isinstance(piece, str) else piece.decode(charset or "ascii", "backslashreplace")
                for piece, charset in decode_header(text)
            )
    except (HeaderParseError, MessageError, ValueError, LookupError, TypeError):
        return "(name that cannot be decoded)"
    last = re.split(r"[/\\]", text.replace("\0", "").strip())[-1]
    return shown_name(last.encode("utf-8", "surrogateescape"))[:200] if last.strip(". ") else ""


class _Names:
    """A name a member: without one by its number, and a number behind one that was there already."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def __call__(self, name: str, number: int, kind: str) -> str:
        name = name or ("message" if kind == "message/rfc822" else f"part {number}")
        shown, again = name, 1
        while shown in self._taken:
            again += 1
            stem, dot, ending = name.rpartition(".")
            shown = f"{stem} ({again}).{ending}" if dot else f"{name} ({again})"
        self._taken.add(shown)
        return shown


def _member(data: Data, part: _Part, name: str) -> Found:
    size, lies = part.end - part.start, (part.start, part.end)
    if part.kind in ("application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"):
        return Found(name, size, None, "INTAKE-MAIL-ENCRYPTED", lies)
    if part.kind == "multipart/broken" or part.cut:
        return Found(name, size, None, "INTAKE-MAIL-BROKEN", lies)
    encoding = _says(part.headers, "content-transfer-encoding").split(";")[0].strip()
    decode = _DECODERS.get(encoding)
    if decode is None:
        return Found(name, size, None, "INTAKE-MAIL-BROKEN", lies)
    pieces = decode(data, part.start, part.end)
    try:  # small enough to be sure at once; cut or damaged encodings stay with the e-mail
        head = next(iter(pieces()), b"")
        size = sum(len(piece) for piece in pieces())
    except Damaged:
        return Found(name, size, None, "INTAKE-MAIL-BROKEN", lies)
    refused = "INTAKE-MAIL-TNEF" if head[:4] == _TNEF else ""
    return Found(name, size, pieces, refused, lies)


def _may_be_media(data: Data, part: _Part, name: str) -> bool:
    """Whether an attachment that does not decode says that it is a picture, film or sound, or begins like one."""
    start = data[part.start : min(part.end, part.start + 5_600)]
    try:
        head = binascii.a2b_base64(start)
    except binascii.Error:
        head = b"\0"
    return part.kind.startswith(("image/", "video/", "audio/")) or is_media(head, name)


Pieces = Callable[[], Iterator[bytes]]


def _plain(data: Data, start: int, end: int) -> Pieces:
    def pieces() -> Iterator[bytes]:
        for place in range(start, end, 1 << 18):
            yield data[place : min(end, place + (1 << 18))]

    return pieces


def _base64(data: Data, start: int, end: int) -> Pieces:
    def pieces() -> Iterator[bytes]:
        held, ended = b"", False
        for place in range(start, end, 1 << 18):
            block = data[place : min(end, place + (1 << 18))]
            signs = b"".join(block.split())
            if _NOT_BASE64.search(signs) or (ended and signs):
                raise Damaged
            held += signs
            whole = len(held) - len(held) % 4
            now, held = held[:whole], held[whole:]
            ended = ended or b"=" in now
            yield _strict(now)
        if held:
            raise Damaged

    return pieces


def _strict(signs: bytes) -> bytes:
    try:
        return binascii.a2b_base64(signs, strict_mode=True) if signs else b""
    except binascii.Error as error:
        raise Damaged from error


def _quoted(data: Data, start: int, end: int) -> Pieces:
    def pieces() -> Iterator[bytes]:
        block = data[start:end]
        if _BAD_ESCAPE.search(block):
            raise Damaged
        yield binascii.a2b_qp(block)

    return pieces


_DECODERS: dict[str, Callable[[Data, int, int], Pieces]] = {
    "base64": _base64,
    "quoted-printable": _quoted,
    "": _plain,
    "7bit": _plain,
    "8bit": _plain,
    "binary": _plain,
}


def _without(data: Data, cut: list[tuple[int, int]]) -> bytes:
    """The e-mail without those ranges."""
    kept, place = [], 0
    for start, end in sorted(cut):
        kept.append(data[place:start])
        place = max(place, end)
    kept.append(data[place : len(data)])
    return b"".join(kept)
