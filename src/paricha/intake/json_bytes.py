"""JSON bytes to values without losing anything: numbers as written, duplicate keys found, damage kept to its value.

Well-formed JSON goes the fast way (msgspec). What msgspec refuses (lone surrogates, NaN, broken UTF-8) goes the
tolerant way, where a damaged value becomes `DAMAGED` or a text with a lone surrogate, which readers leave unread.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from paricha.intake.originals import encoding_of

MAX_DEPTH = 200  # a report has 8; a parser's own limit would depend on the stack it happens to stand on
MAX_DIGITS = 400


class Written(str):
    """A number that is not a whole one, exactly as written (`1.10`, `1e400`)."""

    __slots__ = ()


class Damaged:
    """The value of what stands in the file as NaN or Infinity, or as a number of absurd length."""


DAMAGED = Damaged()
BLANK = b" \t\r\n"


class Broken(Exception):
    """The text is no JSON. `kind`: cut, broken, depth, duplicate, encoding; `at`: byte or character; `what`: words."""

    def __init__(self, kind: str, what: str, at: int = 0) -> None:
        super().__init__(what)
        self.kind, self.what, self.at = kind, what, at


_decode = msgspec.json.Decoder(float_hook=Written).decode
_split = msgspec.json.Decoder(list[msgspec.Raw]).decode
_encode = msgspec.json.Encoder(enc_hook=str).encode
_hidden = re.compile(rb"\\u00(?:22|3[aA])")


def as_utf8(data: bytes) -> bytes:
    """The bytes after the byte order mark, in UTF-8; UTF-16 and UTF-32 are turned. Raises `Broken` (encoding)."""
    encoding, mark = encoding_of(data)
    if encoding == "utf-8":
        return data[mark:] if mark else data
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    try:
        text = decoder.decode(data[mark:])  # a last half character is left out: then the text is cut anyway
    except UnicodeDecodeError as error:
        raise Broken("encoding", f"The letters cannot be read as {encoding.upper()}.", error.start) from error
    return text.encode("utf-8", "surrogatepass")


def refuse_depth(value: Any) -> None:
    """Raises `Broken` (depth) for values nested deeper than 200 levels."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise Broken("depth", f"The values are nested deeper than {MAX_DEPTH} levels.")
        inner = [item for node in level for item in (node.values() if type(node) is dict else node)]
        level = [item for item in inner if type(item) is dict or type(item) is list]


def decode(data: bytes) -> Any:
    """One JSON value from UTF-8 bytes. Raises `Broken`.

    Duplicate keys are found by counting: a quote and a colon stand after every key of the text, and after every key of
    what was decoded, written anew. Texts that hold such a pair count alike in both, unless quote or colon stand there
    as an escape. So equal counts mean that nothing was dropped; else a parser looks that sees each pair.
    """
    try:
        value = _decode(data)
        count = _encode(value).count(b'":')
    except RecursionError as error:
        raise Broken("depth", f"The values are nested deeper than {MAX_DEPTH} levels.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
        return decode_tolerant(data)
    if count != _keys_in(data) or (b"\\u00" in data and _hidden.search(data)):
        decode_tolerant(data)  # raises when a key stands twice with different values
    return value


def _keys_in(data: bytes) -> int:
    """How often a quote stands before a colon, blanks between them or not: two passes where a pattern takes ten."""
    return data.translate(None, BLANK).count(b'":')


def decode_tolerant(data: bytes) -> Any:
    """As `decode`, by the standard library: damaged values are kept apart instead of ending the reading."""
    text = data.decode("utf-8", "surrogateescape")
    try:
        value, end = _tolerant.raw_decode(text, _skip(text, 0))
    except json.JSONDecodeError as error:
        raise _broken(text, error) from error
    except RecursionError as error:
        raise Broken("depth", f"The values are nested deeper than {MAX_DEPTH} levels.") from error
    if _skip(text, end) != len(text):
        raise Broken("broken", "After the end of the value more text follows.", end)
    if type(value) is dict or type(value) is list:
        refuse_depth(value)
    return value


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _broken(text: str, error: json.JSONDecodeError) -> Broken:
    """Whether the text ends too early or is wrong in its midst."""
    rest = text[error.pos :].strip()
    ends = error.msg.startswith("Unterminated string") or not rest or (len(rest) < 6 and rest in "true false null")
    if ends and text.strip():
        return Broken("cut", "The file ends in the middle of a value.", len(text))
    return Broken("broken", f"{error.msg} in line {error.lineno}.", error.pos)


def _whole_number(text: str) -> Any:
    return int(text) if len(text) <= MAX_DIGITS else DAMAGED


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen and not _same(seen[key], value):
            raise Broken("duplicate", f"The key “{key[:80]}” stands twice in one object, with different values.")
        seen[key] = value
    return made


def _same(one: Any, other: Any) -> bool:
    """Equal in kind too: 1, true and "1" are three values."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


_tolerant = json.JSONDecoder(
    object_pairs_hook=_pairs,
    parse_float=Written,
    parse_int=_whole_number,
    parse_constant=lambda _: DAMAGED,
    strict=False,  # bare control characters in texts are kept; readers leave the worst of them unread
)


def split_list(data: bytes) -> list[Any] | None:
    """The bytes of each member of a list, or None when the list as a whole cannot be split the fast way."""
    try:
        return _split(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
        return None


_token = re.compile(rb'["\[\]{},]')
_text_end = re.compile(rb'(?:[^"\\]|\\.)*"', re.DOTALL)


def split_damaged_list(data: bytes) -> Iterator[tuple[bytes, bool]]:
    """The bytes of each member of a list that is damaged somewhere, and whether the member came to its end."""
    at = data.index(b"[") + 1
    start, depth = at, 0
    while True:
        found = _token.search(data, at)
        if found is None:
            if data[start:].strip(BLANK):
                yield data[start:], False
            return
        sign, at = found[0], found.end()
        if sign == b'"':
            closed = _text_end.match(data, at)
            if closed is None:
                yield data[start:], False
                return
            at = closed.end()
        elif sign in b"[{":
            depth += 1
        elif sign == b"," and depth == 0:
            yield data[start : at - 1], True
            start = at
        elif sign in b"]}":
            if depth == 0:
                if data[start : at - 1].strip(BLANK):
                    yield data[start : at - 1], True
                return
            depth -= 1


def pointer_part(key: str | int) -> str:
    """One step of an RFC 6901 pointer, escaped, with its slash."""
    return "/" + str(key).replace("~", "~0").replace("/", "~1")


def at_pointer(value: Any, pointer: str) -> Any:
    """What stands at an RFC 6901 pointer. Raises LookupError."""
    if pointer == "":
        return value
    if not pointer.startswith("/"):
        raise LookupError(pointer)
    for step in pointer[1:].split("/"):
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value[key]
        elif isinstance(value, list) and key.isdecimal():
            value = value[int(key)]
        else:
            raise LookupError(pointer)
    return value
