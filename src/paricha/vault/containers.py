"""A ZIP (so also XLSX, ODS, DOCX) that carries media is kept without it: members' hashes and sizes, and a ZIP of the rest.

Pure. The rest is written anew with fixed dates, so the same container always gives the same bytes. A bundle (a ZIP of
files, an e-mail) is taken apart by `intake` instead: its members are originals of their own, and its `Manifest` says so.
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


class Member(msgspec.Struct, frozen=True, omit_defaults=True):
    """`name` as in the container, `size` decoded, `sha256` in hex, whether its bytes are `kept`.

    `refused`: the code for which it is not read, or empty. A member that could not be opened has no hash of its own:
    `lies_in` is that of the original in which its bytes are kept as they lay.
    """

    name: str
    size: int
    sha256: str
    kept: bool
    refused: str = ""
    lies_in: str = ""
    media: bool = False


class Said(msgspec.Struct, frozen=True):
    """What is wrong with a whole container: the parts of a refusal."""

    code: str
    what: str
    remedy: str
    place: str | None = None


class Manifest(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a container held, as it is kept with its row. `reader`: who took it apart (`zip/1`), empty for one that only
    lost its media; `unread`: lines of an e-mail's words, which only a person can take up."""

    reader: str = ""
    members: list[Member] = []
    said: Said | None = None
    unread: list[int] = []


def manifest_of(text: str) -> Manifest:
    """The manifest as it stands with a row; an empty one where there is none."""
    if not text:
        return Manifest()
    if text.startswith("["):  # a sheet or document that was kept without its media
        return Manifest(members=msgspec.json.decode(text, type=list[Member]))
    return msgspec.json.decode(text, type=Manifest)


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
