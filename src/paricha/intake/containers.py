"""What a container (a ZIP, an e-mail, a mailbox) holds, as its reader tells it, and why members are not read. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from mmap import mmap

import msgspec

Data = bytes | mmap


class Damaged(Exception):
    """A member's bytes are not what the archive says of them."""


class Why(msgspec.Struct, frozen=True):
    """Why a container or member is not read: `place` in the container, or None."""

    code: str
    what: str
    remedy: str
    place: str | None = None


class Found(msgspec.Struct):
    """A member: `name` as shown, `size` as stated (decoded), `refused`: code for which it is not read, or empty.

    `pieces` decodes it and raises `Damaged`; None where nothing here can decode it. `lies`: its bytes in the container,
    its header included.
    """

    name: str
    size: int
    pieces: Callable[[], Iterator[bytes]] | None
    refused: str = ""
    lies: tuple[int, int] = (0, 0)


class Contents(msgspec.Struct):
    """What a container holds. `reader`: its label; `why`: what is wrong with the whole, though members may be sound.

    `kept`: the container's own bytes that are kept with it (an e-mail's headers and words); None: it has none of its own.
    `unread`: lines of words that only a person can take up. `tail`: where what could not be taken apart begins.
    """

    reader: str
    members: list[Found] = []
    why: Why | None = None
    kept: bytes | None = None
    unread: list[int] = []
    tail: int | None = None


REFUSED: dict[str, tuple[str, str]] = {
    "INTAKE-ZIP-ENCRYPTED": (
        "It is encrypted.",
        "Ask the sender for it without a password, or unpack it where the password is known and bring in the files.",
    ),
    "INTAKE-ZIP-BOMB": (
        "It unpacks to far more than it is, shares its bytes with another member, or holds itself: it is not unpacked.",
        "Ask the sender what it is; a sound file can be brought in by itself.",
    ),
    "INTAKE-ZIP-DEPTH": (
        "It is an archive or e-mail inside two others; deeper than that nothing is opened, and it was not kept.",
        "Take it out of the inner one and bring it in by itself.",
    ),
    "INTAKE-ZIP-PATH": (
        "Its name leads out of the archive (a full path, or a way up); it was kept and not read.",
        "Ask the sender why it is named so; bring the file in by itself if it is what you expect.",
    ),
    "INTAKE-ZIP-LINK": (
        "It is a link to another file, not a file; it was not followed.",
        "Ask the sender for the file that it leads to.",
    ),
    "INTAKE-ZIP-DOUBLE": (
        "Several members have this name and different content: which is meant cannot be known; none was read.",
        "All of them are kept; ask the sender, then bring the right one in by itself.",
    ),
    "INTAKE-ZIP-HEADERS": (
        "The archive says two different things of it, in the directory and before its bytes; it was not read.",
        "Ask the sender to pack it again.",
    ),
    "INTAKE-ZIP-BROKEN": (
        "Its bytes are damaged or cut: they do not decode to what the archive states.",
        "Ask the sender for a whole copy.",
    ),
    "INTAKE-ZIP-METHOD": (
        "It is packed in a way that this program does not unpack.",
        "Ask the sender to pack it as an ordinary ZIP, or bring the file in by itself.",
    ),
    "INTAKE-MAIL-BROKEN": (
        "The attachment’s encoding is damaged; what it decodes to would not be what was sent.",
        "Ask the sender for the file again.",
    ),
    "INTAKE-MAIL-ENCRYPTED": (
        "This part of the e-mail is encrypted.",
        "Open the e-mail where its key is, save the attachments and bring those in.",
    ),
    "INTAKE-MAIL-TNEF": (
        "This is a winmail.dat, in which Outlook hides attachments; this release does not open it.",
        "Ask the sender to send the attachments as plain ones, or save them from Outlook and bring those in.",
    ),
}


_JOINERS = "\u200c\u200d"  # letters of Malayalam are written with them


def leads_out(name: str) -> bool:
    """Whether a name is an absolute path, or goes up."""
    parts = name.replace("\\", "/").split("/")
    return parts[0] == "" or re.match(r"[A-Za-z]:", name) is not None or ".." in parts


def shown_name(raw: bytes) -> str:
    """A member's name as text: UTF-8 whether it is declared or not; bytes that are none stand as `\\xff`, as do controls."""
    text = raw.decode("utf-8", "backslashreplace")
    shown = (sign if sign.isprintable() or sign in _JOINERS else f"\\u{ord(sign):04x}" for sign in text)
    return "".join(shown) or "(no name)"
