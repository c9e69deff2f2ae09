"""A ZIP (so also XLSX, ODS, DOCX) that carries media is kept without it: members' hashes and sizes, and a ZIP of the rest.

Pure. The rest is written anew with fixed dates, so the same container always gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib

import msgspec

from paricha.vault.media import HEAD, is_media

LARGEST = 256 << 20  # bytes of a container that is looked into
DECODED = 1 << 30  # bytes all its members may decode to
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, OverflowError)


class Member(msgspec.Struct, frozen=True):
    """`name` as in the container, `size` decoded, `sha256` in hex, whether its bytes are `kept`."""

    name: str
    size: int
    sha256: str
    kept: bool


class Stripped(msgspec.Struct, frozen=True):
    """`data`: the container without its media; `members`: every one of them."""

    data: bytes
    members: list[Member]


def is_zip(head: bytes) -> bool:
    return head[:4] == b"PK\x03\x04"


def without_media(data: bytes) -> Stripped | None:
    """The container without its media; None when it carries none, or is no ZIP that can be looked into.

    An encrypted or broken one, or one that decodes to more than `DECODED`, is not looked into.
    """
    if not is_zip(data):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            if sum(info.file_size for info in box.infolist()) > DECODED:
                return None
            members = [_looked_at(box, info) for info in box.infolist() if not info.is_dir()]
            if all(member.kept for member in members):
                return None
            return Stripped(_rest(box, members), members)
    except _BROKEN:
        return None


def _looked_at(box: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    digest, size, head = hashlib.sha256(), 0, b""
    with box.open(info) as opened:
        while piece := opened.read(1 << 18):
            head = head or piece[:HEAD]
            size += len(piece)
            if size > info.file_size:
                raise zipfile.BadZipFile("a member is longer than it says")
            digest.update(piece)
    return Member(info.filename, size, digest.hexdigest(), not is_media(head, info.filename))


def _rest(box: zipfile.ZipFile, members: list[Member]) -> bytes:
    kept = {member.name for member in members if member.kept}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as rest:
        for info in box.infolist():
            if info.filename in kept and not info.is_dir():
                rest.writestr(
                    zipfile.ZipInfo(info.filename, (1980, 1, 1, 0, 0, 0)), box.read(info), zipfile.ZIP_DEFLATED
                )
    return written.getvalue()
