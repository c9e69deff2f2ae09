"""The plain JSON of what every command and export prints; the JSON Schemas in docs are made from these types."""

from __future__ import annotations

from typing import Any, Literal, TypedDict


class PlainInstant(TypedDict):
    """A moment as an original states it. `utc` is null where no zone is stated or the text can't be read; never finer than written."""

    utc: str | None
    precision: Literal["second", "minute", "hour", "day"] | None
    as_written: str
    zone_source: Literal["stated", "column", "profile", "none"]


class PlainLocator(TypedDict):
    """Where in which original a value stands. `original`: SHA-256 in hex, null only for `row` and `entry`."""

    original: str | None
    kind: Literal["json_pointer", "xpath", "page_rect", "cell", "line", "bytes", "message", "row", "entry"]
    at: str | int | list[Any]


class PlainReading(TypedDict):
    """A value as written, where it stands, and the reader that read it (`cybertip-json/1`)."""

    value: str | int | float | bool | PlainInstant
    locator: PlainLocator
    reader: str


class PlainRefusal(TypedDict):
    """What was refused. `file`: the path as given, members as `bundle.zip!/name`; `code` is stable."""

    file: str | None
    place: str | None
    what: str
    remedy: str
    code: str
