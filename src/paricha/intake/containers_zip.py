"""What a ZIP holds, member by member, without unpacking anything to a disk. Pure: bytes in, pieces of members out.

    found = zip_contents(data)
    for member in found.members:
        for piece in member.pieces(): ...

The directory at the end is read here and not by `zipfile`, because a hostile archive lies in ways that library does not
tell apart: two headers that differ, members that overlap, names in no encoding, an end that is missing. `data` may be a
memory map, so that memory stays flat. A member's bytes are believed only when length and CRC are as stated.
"""

from __future__ import annotations

import bz2
import stat
import struct
import zlib
from collections import Counter
from collections.abc import Iterator

import msgspec

from paricha.intake.containers import REFUSED, Contents, Damaged, Data, Found, Why, leads_out, shown_name

MOST_MEMBERS = 200_000
DECODED = 1 << 30  # bytes all members may decode to, or `HONEST` times the archive where that is more
HONEST = 8
LARGE, RATIO = 8 << 20, 300  # a member of more bytes than LARGE that grew more than RATIO times is a bomb
PIECE = 1 << 18
_STORED, _DEFLATE, _BZIP2, _AES = 0, 8, 12, 99
_ENCRYPTED, _SIZES_FOLLOW, _UTF8, _MASKED = 1, 8, 0x800, 0x2000
_LOCAL, _CENTRAL = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_OFFICE = (b"xl/", b"word/", b"ppt/", b"_rels/.rels", b"visio/")


def is_zip(head: bytes) -> bool:
    """Whether the first bytes are those of a ZIP, an empty one too."""
    return head[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def is_office(data: Data) -> bool:
    """Whether a ZIP is a document of an office program (XLSX, DOCX, ODS …) and so one file, not a bundle."""
    if data[30:38] == b"mimetype" and b"application/" in data[38:120]:
        return True
    listed = _directory(data)
    names = b"\n".join(entry.raw for entry in listed.entries)
    if listed.why is not None:  # cut or damaged: as far as its first and last bytes tell
        names += data[:65_536] + data[-262_144:]
    return b"[Content_Types].xml" in names and any(part in names for part in _OFFICE)


def zip_contents(data: Data) -> Contents:
    """The members of a ZIP in the byte order of their names. With `why` and no members nothing of it can be read."""
    listed = _directory(data)
    contents = Contents("zip/1", why=listed.why, tail=listed.tail)
    if listed.why is not None and not listed.entries:
        return contents
    entries = [entry for entry in listed.entries if not (entry.raw.endswith(b"/") and not entry.size)]
    too_much = _too_much(data, entries)
    if too_much is not None:
        contents.why = too_much
        return contents
    _judge(data, entries, listed.start)
    entries.sort(key=lambda entry: (entry.raw, entry.offset))
    contents.members = [_found(data, entry) for entry in entries]
    if entries and all(entry.refused == "INTAKE-ZIP-ENCRYPTED" for entry in entries):
        contents.why = Why("INTAKE-ZIP-ENCRYPTED", "The archive is encrypted.", REFUSED["INTAKE-ZIP-ENCRYPTED"][1])
    return contents


class _Entry(msgspec.Struct):
    """A member as the directory states it; `at` and `end`: its packed bytes once the header before them was read."""

    raw: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int = 0
    at: int = 0
    end: int = 0
    refused: str = ""


class _Directory(msgspec.Struct):
    entries: list[_Entry]
    start: int = 0  # of the directory: members end before it
    why: Why | None = None
    tail: int | None = None


_ASK_AGAIN = "Ask the sender for a whole copy."


def _directory(data: Data) -> _Directory:
    """The directory at the end; where there is none, the members that stand whole before the cut."""
    end = _end_record(data)
    if end is None:
        return _salvaged(data)
    at, count, size, start = end
    broken = Why("INTAKE-ZIP-BROKEN", "The archive’s directory cannot be read.", _ASK_AGAIN, f"byte {start}")
    if start + size != at:
        what = "The archive is one of several parts, is damaged, or stands in a file of something else."
        return _Directory([], why=Why("INTAKE-ZIP-BROKEN", what, _ASK_AGAIN, f"byte {at}"))
    if count > MOST_MEMBERS:
        return _Directory([], why=_bomb(f"{count:,} members"))
    entries: list[_Entry] = []
    place = start
    for _number in range(count):
        entry, place = _central(data, place, at)
        if entry is None:
            return _Directory([], why=broken)
        entries.append(entry)
    return _Directory(entries, start) if place == at else _Directory([], why=broken)


def _end_record(data: Data) -> tuple[int, int, int, int] | None:
    """(place of what ends the directory, members, bytes of the directory, its start); None without one."""
    lowest = max(0, len(data) - _END.size - 65_535)
    at = len(data)
    while (at := data.rfind(b"PK\x05\x06", lowest, at)) >= 0:
        if len(data) - at >= _END.size:
            _mark, disk, first, here, count, size, start, comment = _END.unpack(data[at : at + _END.size])
            if at + _END.size + comment == len(data):
                if disk not in (0, 0xFFFF) or first not in (0, 0xFFFF) or here != count:
                    return at, 0, 0, -1
                return (
                    _end64(data, at)
                    if 0xFFFF in (count, disk) or 0xFFFFFFFF in (size, start)
                    else (at, count, size, start)
                )
    return None


def _end64(data: Data, at: int) -> tuple[int, int, int, int]:
    """The same from the records of large archives."""
    if data[at - 20 : at - 16] != b"PK\x06\x07":
        return at, *struct.unpack("<H2L", data[at + 10 : at + 20])
    (place,) = struct.unpack("<Q", data[at - 12 : at - 4])
    record = data[place : place + 56]
    if len(record) < 56 or record[:4] != b"PK\x06\x06":
        return at, 0, 0, -1
    count, size, start = struct.unpack("<3Q", record[32:56])
    return place, count, size, start


def _central(data: Data, place: int, limit: int) -> tuple[_Entry | None, int]:
    """The entry at a place of the directory, and the place of the next."""
    if place + _CENTRAL.size > limit:
        return None, place
    (mark, made, _needs, flags, method, _time, _day, crc, packed, size, names, extras, comments, _disk, _inner, outer,
     offset) = _CENTRAL.unpack(data[place : place + _CENTRAL.size])  # fmt: skip
    after = place + _CENTRAL.size + names + extras + comments
    if mark != b"PK\x01\x02" or after > limit:
        return None, place
    start = place + _CENTRAL.size
    name = data[start : start + names]
    size, packed, offset = _long(data[start + names : start + names + extras], size, packed, offset)
    mode = outer >> 16 if made >> 8 == 3 else 0  # 3: made on a system that has links
    return _Entry(bytes(name), flags, method, crc, packed, size, offset, mode), after


def _long(extra: bytes, *values: int) -> list[int]:
    """Sizes and offset, taken from the extra field of large archives where they did not fit."""
    found = list(values)
    while len(extra) >= 4:
        kind, length = struct.unpack("<2H", extra[:4])
        body, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == 1:
            for number, value in enumerate(found):
                if value == 0xFFFFFFFF and len(body) >= 8:
                    found[number], body = int.from_bytes(body[:8], "little"), body[8:]
    return found


def _too_much(data: Data, entries: list[_Entry]) -> Why | None:
    """The refusal of a whole archive that states more than anybody sends."""
    total = sum(entry.size for entry in entries)
    if total > max(DECODED, HONEST * len(data)):
        return _bomb(f"{total:,} bytes")
    return None


def _bomb(how_much: str) -> Why:
    return Why(
        "INTAKE-ZIP-BOMB", f"The archive unpacks to {how_much}, which is more than a real delivery; it was not unpacked.",
        "Ask the sender what it is; divide a real one into smaller archives.",
    )  # fmt: skip


def _judge(data: Data, entries: list[_Entry], limit: int) -> None:
    """Set `at`, `end` and what a member is refused for."""
    before: _Entry | None = None
    doubles = Counter(entry.raw for entry in entries)
    for entry in sorted(entries, key=lambda one: one.offset):
        entry.refused = _header_differs(data, entry, limit) or _refused_by_itself(entry)
        if before is not None and entry.offset < before.end:
            entry.refused = before.refused = "INTAKE-ZIP-BOMB"
        if before is None or entry.end > before.end:
            before = entry
        if doubles[entry.raw] > 1 and not entry.refused:
            entry.refused = "INTAKE-ZIP-DOUBLE"


def _refused_by_itself(entry: _Entry) -> str:
    if entry.flags & (_ENCRYPTED | _MASKED) or entry.method == _AES:
        return "INTAKE-ZIP-ENCRYPTED"
    if entry.method not in (_STORED, _DEFLATE, _BZIP2):
        return "INTAKE-ZIP-METHOD"
    if entry.size > LARGE and entry.size > RATIO * entry.packed:
        return "INTAKE-ZIP-BOMB"
    if entry.mode and stat.S_ISLNK(entry.mode):
        return "INTAKE-ZIP-LINK"
    return "INTAKE-ZIP-PATH" if leads_out(shown_name(entry.raw)) else ""


def _header_differs(data: Data, entry: _Entry, limit: int) -> str:
    """The header before the bytes must say what the directory says."""
    if entry.offset + _LOCAL.size > limit:
        return "INTAKE-ZIP-BROKEN"
    mark, _needs, flags, method, _time, _day, crc, packed, size, names, extras = _LOCAL.unpack(
        data[entry.offset : entry.offset + _LOCAL.size]
    )
    start = entry.offset + _LOCAL.size
    entry.at = start + names + extras
    entry.end = entry.at + entry.packed
    if mark != b"PK\x03\x04" or entry.end > limit:
        return "INTAKE-ZIP-BROKEN"
    same = (
        data[start : start + names] == entry.raw and method == entry.method and not (flags ^ entry.flags) & _ENCRYPTED
    )
    if same and not flags & _SIZES_FOLLOW:
        size, packed = _long(data[start + names : entry.at], size, packed)
        same = (crc, packed, size) == (entry.crc, entry.packed, entry.size)
    return "" if same else "INTAKE-ZIP-HEADERS"


def _found(data: Data, entry: _Entry) -> Found:
    closed = ("INTAKE-ZIP-ENCRYPTED", "INTAKE-ZIP-METHOD", "INTAKE-ZIP-BOMB", "INTAKE-ZIP-BROKEN", "INTAKE-ZIP-HEADERS")

    def pieces() -> Iterator[bytes]:
        return _decoded(data, entry)

    opens = entry.refused not in closed
    return Found(
        shown_name(entry.raw),
        entry.size,
        pieces if opens else None,
        entry.refused,
        (entry.offset, entry.end or entry.at),
    )


def _decoded(data: Data, entry: _Entry) -> Iterator[bytes]:
    """The member's bytes; the end raises `Damaged` unless length and CRC are as stated."""
    done = crc = 0
    for piece in _unpacked(data, entry):
        done += len(piece)
        if done > entry.size:
            raise Damaged
        crc = zlib.crc32(piece, crc)
        yield piece
    if done != entry.size or crc != entry.crc:
        raise Damaged


def _unpacked(data: Data, entry: _Entry) -> Iterator[bytes]:
    places = range(entry.at, entry.end, PIECE)
    packed = (data[place : min(place + PIECE, entry.end)] for place in places)
    if entry.method == _STORED:
        yield from packed
    elif entry.method == _DEFLATE:
        inflater = zlib.decompressobj(-15)
        try:
            for piece in packed:
                while piece:
                    yield inflater.decompress(piece, PIECE)
                    piece = inflater.unconsumed_tail
        except zlib.error as error:
            raise Damaged from error
        if not inflater.eof:
            raise Damaged
    else:
        unzipper = bz2.BZ2Decompressor()
        try:
            for piece in packed:
                yield unzipper.decompress(piece, PIECE)
                while not unzipper.needs_input and not unzipper.eof:
                    yield unzipper.decompress(b"", PIECE)
        except (OSError, EOFError) as error:
            raise Damaged from error


def _salvaged(data: Data) -> _Directory:
    """Members of an archive without an end, one after the other from its start, as far as each stands whole."""
    entries: list[_Entry] = []
    place = 0
    while data[place : place + 4] == b"PK\x03\x04" and len(entries) < MOST_MEMBERS:
        entry = _local(data, place)
        if entry is None:
            break
        entries.append(entry)
        place = entry.end
    what = "The archive is cut: its directory is missing. Only the members that stand whole before the cut were read."
    return _Directory(entries, len(data), Why("INTAKE-ZIP-BROKEN", what, _ASK_AGAIN, f"byte {place}"), place)


def _local(data: Data, place: int) -> _Entry | None:
    """The member whose header stands at a place, if its length is stated there and it is not cut."""
    if place + _LOCAL.size > len(data):
        return None
    _mark, _needs, flags, method, _time, _day, crc, packed, size, names, extras = _LOCAL.unpack(
        data[place : place + _LOCAL.size]
    )
    start = place + _LOCAL.size
    at = start + names + extras
    size, packed = _long(data[start + names : at], size, packed)
    if flags & _SIZES_FOLLOW or at + packed > len(data) or not names:
        return None
    return _Entry(bytes(data[start : start + names]), flags, method, crc, packed, size, place, 0, at, at + packed)


def archive_of(data: Data, members: list[Found]) -> bytes:
    """A ZIP of some members with their bytes as they lie: so members that could not be opened are kept, and nothing else."""
    written = bytearray()
    directory = bytearray()
    for member in members:
        start, end = member.lies
        header = data[start : start + _LOCAL.size]
        if end <= start or len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
            continue
        _mark, needs, flags, method, time, day, crc, packed, size, names, extras = _LOCAL.unpack(header)
        name = data[start + _LOCAL.size : start + _LOCAL.size + names]
        packed = end - start - _LOCAL.size - names - extras
        directory += _CENTRAL.pack(b"PK\x01\x02", 20, needs, flags, method, time, day, crc, packed & 0xFFFFFFFF,
                                   size, names, 0, 0, 0, 0, 0, len(written) & 0xFFFFFFFF) + name  # fmt: skip
        written += data[start:end]
    count = min(len(members), 0xFFFF)
    return (
        bytes(written + directory + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), len(written), 0))
        if written
        else b""
    )
