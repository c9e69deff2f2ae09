"""XML bytes to elements without danger: nothing is resolved, fetched or expanded, and a large file is never held whole.

    for unit in Units(data): ...          # each report, and each fileDetails outside of one, as soon as it is closed

The letters are turned to UTF-8 before the parser sees them, so that a declaration that lies changes nothing. What XML
forbids (control characters, broken UTF-8) becomes U+FFFD, and the reader leaves such a value unread: one bad letter
does not cost the file. Any declared entity refuses the file, whatever it would expand to.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from paricha.intake.originals import encoding_of

Element = Any  # lxml's own classes carry no types
CHUNK_BYTES = 262_144
HEAD_BYTES = 65_536
DAMAGED_SIGN = "\ufffd"
LIKE_UTF8 = frozenset({"utf-8", "utf8", "ascii", "us-ascii"})
_SINGLE_BYTE = re.compile(r"iso8859-\d+|cp125\d|koi8-[ru]")
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13))
_FORBIDDEN = re.compile(b"[" + re.escape(_CONTROLS) + rb"]|\xef\xbf[\xbe\xbf]")
_REFERENCE = re.compile(rb"&#(?:x([0-9A-Fa-f]+)|([0-9]+));")
_SIGN = DAMAGED_SIGN.encode()
_NOTES = re.compile(r"<!--.*?-->|<\?.*?\?>", re.S)
_ROOT = re.compile(r"<([^!?\s>/][^\s>/]*)")
_PLAIN_START = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?<([^!?\s>/][^\s>/]*)")
_BLANK = b" \t\r\n"


class Torn(Exception):
    """The XML cannot be read on. `kind`: cut, broken, depth, entity, encoding; `what`: words; `place`: line and column."""

    def __init__(self, kind: str, what: str, place: str | None = None) -> None:
        super().__init__(what)
        self.kind, self.what, self.place = kind, what, place


# ---- letters ----------------------------------------------------------------------------------------------------
def encoding_written(data: bytes) -> tuple[str, int]:
    """The encoding the bytes are in, and the length of their mark. Raises `Torn` (encoding).

    The mark decides, then the first bytes, then whether all of it is UTF-8; only then what is declared.
    """
    encoding, mark = encoding_of(data[:4])
    if mark:
        return encoding, mark
    for start, found in ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"),
                         (b"\0<", "utf-16-be")):  # fmt: skip
        if data.startswith(start):
            return found, 0
    if _is_utf8(data):
        return "utf-8", 0
    declared = declared_encoding(data)
    if declared is None or declared in LIKE_UTF8 or declared.startswith(("utf", "ucs")):
        return "utf-8", 0  # broken somewhere: what is damaged is left unread
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        name = ""
    if not _SINGLE_BYTE.fullmatch(name):
        raise Torn("encoding", f"The file says its letters are “{declared}”, which cannot be read.")
    return name, 0


def declared_encoding(data: bytes) -> str | None:
    """What the XML declaration says, in lower case."""
    found = _DECLARED.match(data[:512].lstrip(_BLANK))
    return found[1].decode("ascii").casefold() if found else None


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(data), CHUNK_BYTES):
            decoder.decode(data[at : at + CHUNK_BYTES])
    except UnicodeDecodeError:
        return False
    return True  # an end in the middle of a letter is a cut, which the parser tells


def utf8_chunks(data: bytes) -> Iterator[bytes]:
    """The file in UTF-8, in pieces that end after a `>` where there is one. Raises `Torn` (encoding)."""
    encoding, mark = encoding_written(data)
    references = b"<![CDATA[" not in data  # there `&#1;` would be plain text
    for piece in _pieces(_turned(data, encoding, mark)):
        if len(piece.translate(None, _CONTROLS)) != len(piece) or b"\xef\xbf" in piece:
            piece = _FORBIDDEN.sub(_SIGN, piece)
        yield _REFERENCE.sub(_sound_reference, piece) if references and b"&#" in piece else piece


def _turned(data: bytes, encoding: str, mark: int) -> Iterator[bytes]:
    sound = encoding == "utf-8" and _is_utf8(data)
    plain = encoding == "utf-8"
    start = mark
    while plain and data[start : start + 1] in (b" ", b"\t", b"\r", b"\n"):
        start += 1
    if sound:
        for at in range(start, len(data), CHUNK_BYTES):
            yield data[at : at + CHUNK_BYTES]
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for at in range(start, len(data), CHUNK_BYTES):
        text = decoder.decode(data[at : at + CHUNK_BYTES], at + CHUNK_BYTES >= len(data))
        yield text.encode("utf-8", "replace")


def _pieces(chunks: Iterator[bytes]) -> Iterator[bytes]:
    held = b""
    for chunk in chunks:
        chunk = held + chunk
        end = chunk.rfind(b">") + 1
        if not end and len(chunk) < 4 * CHUNK_BYTES:
            held = chunk
            continue
        end = end or len(chunk)
        held = chunk[end:]
        yield chunk[:end]
    if held:
        yield held


def _sound_reference(found: re.Match[bytes]) -> bytes:
    digits = (found[1] or found[2])[:12]
    code = int(digits, 16 if found[1] else 10)
    allowed = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
    return found[0] if allowed else _SIGN


# ---- what stands before the root --------------------------------------------------------------------------------
def root_name(head: str) -> str | None:
    """The name of the first element of a text, without its prefix; None where the text opens no element."""
    if not head.lstrip().startswith("<"):
        return None
    found = _ROOT.search(_NOTES.sub("", head[:HEAD_BYTES]))
    return found[1].rpartition(":")[2] if found else None


def is_html(head: str) -> bool:
    """Whether a text that opens with `<` is a page of HTML."""
    plain = _PLAIN_START.match(head)
    if plain:
        return plain[1].casefold().rpartition(":")[2] in ("html", "body")
    start = _NOTES.sub("", head[:4096]).lstrip().casefold()
    return start.startswith(("<!doctype html", "<html")) or (root_name(head) or "").casefold() in ("html", "body")


def refuse_entities(start: bytes) -> None:
    """Raises `Torn` (entity) when an entity is declared before the root. `start`: the first piece of the file."""
    if b"<!" not in start:
        return
    text = _NOTES.sub("", start.decode("utf-8", "replace"))
    root = _ROOT.search(text)
    if "<!ENTITY" in text[: root.start() if root else len(text)]:
        raise Torn("entity", "The file declares entities of its own (DTD).")


def _declares(element: Element) -> bool:
    """As the parser saw it: nothing hides from it."""
    dtd = element.getroottree().docinfo.internalDTD
    return dtd is not None and next(dtd.iterentities(), None) is not None


# ---- parsing ----------------------------------------------------------------------------------------------------
def safe_parser(**more: Any) -> dict[str, Any]:
    """What every parser of ours is told. The depth (256) and the length of one text (10 MB) stay limited.

    Never `collect_ids=False`: with it libxml2 loads an external DTD, whatever else is said (lxml 6.1).
    """
    return {
        "resolve_entities": False, "no_network": True, "load_dtd": False, "dtd_validation": False,
        "attribute_defaults": False, "huge_tree": False, "remove_comments": True, "remove_pis": True,
        "recover": False, "encoding": "utf-8", **more,
    }  # fmt: skip


class Units:
    """A file as its units: each innermost `report`, and each `fileDetails` outside of one; cleared after its turn.

    Iterate for (kind, element): `report`, `file`, or `torn` (the report that was open where the file tears; what stands
    last in it may be cut). Then `root` is what is left of the tree, with the units emptied, and `torn` says what ended it.
    """

    def __init__(self, data: bytes, *, clear: bool = True) -> None:
        self.data, self.clear = data, clear
        self.root: Element | None = None
        self.torn: Torn | None = None
        self._tree: Element | None = None
        self._open: list[Element] = []
        self._holds_report: list[bool] = []

    def __iter__(self) -> Iterator[tuple[str, Element]]:
        tags = ("{*}report", "{*}fileDetails")
        parser = etree.XMLPullParser(events=("start", "end"), tag=tags, **safe_parser())
        ending = False
        try:
            for number, piece in enumerate(utf8_chunks(self.data)):
                if not number:
                    refuse_entities(piece)
                parser.feed(piece)
                yield from self._closed(parser)
            ending = True
            self.root = parser.close()
            yield from self._closed(parser)
        except etree.XMLSyntaxError as error:
            self.torn = _torn(error, ending)
            yield from self._closed(parser)
            yield from self._left_open()
        except Torn as torn:
            self.torn = torn
        if self.root is not None and _declares(self.root):
            self.torn = Torn("entity", "The file declares entities of its own (DTD).")

    def _closed(self, parser: Any) -> Iterator[tuple[str, Element]]:
        """Units that are closed by now. An event may name an element that holds only part of its children yet."""
        for event, element in parser.read_events():
            is_report = element.tag.endswith("report")  # the other is fileDetails
            if event == "start":
                if self._tree is None:
                    self._tree = element.getroottree()
                    if _declares(element):
                        raise Torn("entity", "The file declares entities of its own (DTD).")
                if is_report and self._open:
                    self._holds_report[-1] = True
                self._open.append(element)
                self._holds_report.append(False)
                continue
            self._open.pop()
            holds = self._holds_report.pop()
            if is_report and holds:
                continue
            if not is_report and self._open:
                continue
            yield ("report" if is_report else "file"), element
            if self.clear:
                element.clear(keep_tail=True)

    def _left_open(self) -> Iterator[tuple[str, Element]]:
        """The report that was open where the file tears."""
        self.root = self._tree.getroot() if self._tree is not None else None
        if self._open and self._open[0].tag.endswith("report") and not any(self._holds_report):
            yield "torn", self._open[0]
            if self.clear:
                self._open[0].clear(keep_tail=True)


def _torn(error: etree.XMLSyntaxError, ending: bool) -> Torn:
    line, column = error.position
    place = f"line {line}, column {column}"
    words = str(error.msg or "").partition(", line ")[0]
    if "amplification" in words or "ntity loop" in words or "recursive entity" in words:
        return Torn("entity", "The file declares entities that grow without end.", place)
    if "depth" in words:
        return Torn("depth", "The elements are nested deeper than 256 levels.", place)
    if ending:
        return Torn("cut", "The file ends in the middle of an element.", place)
    return Torn("broken", f"The XML breaks off: {words}.", place)


def parsed(data: bytes) -> Element | None:
    """The whole tree of a small file, or None where it cannot be read to its end."""
    parser = etree.XMLParser(**safe_parser())
    try:
        for number, piece in enumerate(utf8_chunks(data)):
            if not number:
                refuse_entities(piece)
            parser.feed(piece)
        root = parser.close()
    except (etree.XMLSyntaxError, Torn):
        return None
    return None if _declares(root) else root
