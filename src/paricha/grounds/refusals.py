"""Refusals: what could not be done, where, and what to do about it. Codes are stable and listed in docs."""

from __future__ import annotations

import os

import msgspec


class Refusal(msgspec.Struct, frozen=True):
    """One thing that was refused (interfaces: "refusal").

    `file` is the path as given (members as `bundle.zip!/name`) or None; `place` is words or a pointer in it, or None;
    `what` is what is wrong; `remedy` is what the officer can do; `code` is one of `CODES`.
    """

    file: str | None
    place: str | None
    what: str
    remedy: str
    code: str

    def to_plain(self) -> dict[str, str | None]:
        return {
            "file": self.file,
            "place": self.place,
            "what": self.what,
            "remedy": self.remedy,
            "code": self.code,
        }


class Refused(Exception):
    """The world is not as needed; the officer sees `refusal` in his language. Not a fault of ours."""

    def __init__(self, code: str, what: str, remedy: str, *, file: str | None = None, place: str | None = None):
        if code not in CODES:
            raise KeyError(f"refusal code {code} is not registered; add it with `register` in its room's refusals")
        super().__init__(f"{code}: {what} {remedy}")
        self.refusal = Refusal(file, place, what, remedy, code)


def path_text(path: str | bytes | os.PathLike[str]) -> str:
    """A path as text that every database and screen can hold: bytes that are no UTF-8 stand as `\\xff`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


CODES: dict[str, str] = {}


def register(**codes: str) -> None:
    """Add a room's codes with one sentence each for docs: `register(ACCESS_RIGHT="…")` gives `ACCESS-RIGHT`."""
    for name, meaning in codes.items():
        CODES[name.replace("_", "-")] = meaning


register(
    HOUSE_NOT_INITIALISED="The data folder has not been made yet; `paricha init` makes it.",
    HOUSE_DATABASE="The database cannot be opened.",
    FILE_UNUSABLE="A file or folder that was named cannot be opened, made or written.",
    HOUSE_FOLDER="The data folder cannot be made, opened or written.",
    HOUSE_DISK_FULL="The disk is full; nothing of the piece of work was kept half.",
    HOUSE_SETTINGS="The settings file has a mistake; the line is named.",
)
