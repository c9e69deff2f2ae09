"""What a team can report, and what each report must say. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from paricha.grounds.selectors import imei


class Kind(StrEnum):
    OPENED = "opened"  # receipt: the package was opened
    AT_THE_PLACE = "at-the-place"
    ENTERED = "entered"
    EXHIBIT_TAKEN = "exhibit-taken"
    NOTHING_FOUND = "nothing-found"
    PERSON_ARRESTED = "person-arrested"
    LEFT = "left"
    STOP_ACKNOWLEDGED = "stop-acknowledged"
    SOMETHING_WRONG = "something-wrong"


ON_A_SITE = frozenset(Kind) - {Kind.OPENED, Kind.STOP_ACKNOWLEDGED}


class Exhibit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`number`: P1, P2 … within the site. Photos by hash only. `imei` is checked; a failing one is kept as `serial`."""

    number: str
    type: str
    room: str
    seized_by: str
    seal_number: str
    make: str = ""
    model: str = ""
    colour: str = ""
    serial: str = ""
    imei: str = ""
    power: str = ""
    witnesses: tuple[str, ...] = ()
    photo_sha256: tuple[str, ...] = ()
    hash_value: str = ""
    hash_algorithm: str = ""
    copy_given: bool | None = None
    recording: str = ""  # eSakshya SID, 16 digits
    words: str = ""


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: str


class Arrest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    age: int | None = None
    grounds: str = ""
    told: bool | None = None  # grounds and rights told


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: str = ""


PAYLOADS: dict[Kind, type[msgspec.Struct]] = {
    Kind.OPENED: Words,
    Kind.AT_THE_PLACE: Words,
    Kind.ENTERED: Words,
    Kind.EXHIBIT_TAKEN: Exhibit,
    Kind.NOTHING_FOUND: Nothing,
    Kind.PERSON_ARRESTED: Arrest,
    Kind.LEFT: Words,
    Kind.STOP_ACKNOWLEDGED: Words,
    Kind.SOMETHING_WRONG: Words,
}


def read_payload(kind: Kind, given: Any) -> tuple[msgspec.Struct | None, str]:
    """The payload as its record, or None with the fault in words."""
    try:
        payload = msgspec.convert(given, PAYLOADS[kind])
    except msgspec.ValidationError as error:
        return None, str(error)
    if isinstance(payload, Exhibit):
        for name in ("number", "type", "room", "seized_by", "seal_number"):
            if not getattr(payload, name).strip():
                return None, f"`{name}` is empty"
        if payload.imei and imei(payload.imei) is None:
            return None, "`imei` is no IMEI: scan it again, or write it as serial"
        if payload.recording and not (payload.recording.isdecimal() and len(payload.recording) == 16):
            return None, "`recording` is 16 digits"
    if isinstance(payload, Nothing) and not payload.words.strip():
        return None, "`words` is empty: say what was looked at"
    if isinstance(payload, Arrest) and not payload.name.strip():
        return None, "`name` is empty"
    return payload, ""


ONCE_A_SITE = frozenset({Kind.AT_THE_PLACE, Kind.ENTERED, Kind.NOTHING_FOUND, Kind.LEFT})


def same_thing(kind: Kind | str, payload: dict[str, Any]) -> str | None:
    """By what two reports of a kind, team and site tell of the same thing; None when only a human can say so.

    An exhibit is known by its mark, an arrest by the name, a stop by its id, what happens once a site by its kind.
    """
    if kind in ONCE_A_SITE:
        return str(kind)
    name = {Kind.EXHIBIT_TAKEN: "number", Kind.PERSON_ARRESTED: "name", Kind.STOP_ACKNOWLEDGED: "words"}.get(Kind(kind))
    told = " ".join(str(payload.get(name) or "").split()).casefold() if name else ""
    return told or None
