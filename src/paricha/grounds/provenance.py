"""Where a value stands: locators and readings (interfaces: "locator", "reading")."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from paricha.grounds.instants import Instant


class LocatorKind(StrEnum):
    JSON_POINTER = "json_pointer"  # at: RFC 6901 text; in JSON lines [line, pointer]
    XPATH = "xpath"
    PAGE_RECT = "page_rect"  # [page from 1, x0, y0, x1, y1] in PDF points
    CELL = "cell"  # ["Sheet1", "C7"]; CSV: ["", "C7"]
    LINE = "line"  # from 1
    BYTES = "bytes"  # [start, end)
    MESSAGE = "message"  # id in a chat export
    ROW = "row"  # [table, key]
    ENTRY = "entry"  # [officer, instant]: typed by an officer


Place = str | int | list[Any]


class Locator(msgspec.Struct, frozen=True, gc=False):
    """Where in which original a value stands. `original` is the SHA-256 in hex; None only for `row` and `entry`."""

    original: str | None
    kind: LocatorKind
    at: Place

    def to_plain(self) -> dict[str, Any]:
        return {"original": self.original, "kind": self.kind.value, "at": self.at}


Value = str | int | float | bool | Instant


class Reading(msgspec.Struct, frozen=True, gc=False):
    """A value as written, the place where it stands, and the reader that read it (`cybertip-json/1`)."""

    value: Value
    locator: Locator
    reader: str

    def to_plain(self) -> dict[str, Any]:
        value = self.value.to_plain() if isinstance(self.value, Instant) else self.value
        return {"value": value, "locator": self.locator.to_plain(), "reader": self.reader}


NOT_STATED_WORDS = frozenset({"", "n/a"})


def stated(text: object) -> bool:
    """Whether a leaf says something: null, blank and "N/A" mean not stated (interfaces: "nothing stated")."""
    if text is None:
        return False
    return not (isinstance(text, str) and text.strip().casefold() in NOT_STATED_WORDS)
