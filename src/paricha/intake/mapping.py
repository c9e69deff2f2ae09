"""A mapping of a sheet: which heading is which field, and the zone and date order that the file itself lacks."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import msgspec

from paricha.grounds.instants import DateOrder, named_zone
from paricha.grounds.refusals import Refused

FIELDS = (
    "report_number received_at made_available_at priority.stated reporter.name incident.type incident.at person.names "
    "person.phones person.emails account.service account.user_id account.screen_name sighting.address sighting.port "
    "sighting.event sighting.at file.name file.md5 file.sha1 file.sha256"
).split()
INSTANTS = frozenset({"received_at", "made_available_at", "incident.at", "sighting.at"})
_PERSON = re.compile(r"(suspect|recipient|victim) ([1-9]\d{0,2})")


class Mapping(msgspec.Struct, frozen=True):
    """As the officer saves it (interfaces: "A mapping"). `header_row` counts from 1; `columns`: heading → field.

    `zone` and `date_order` are used only where heading and cell state none. Beyond the promised keys: `giver` says who
    gave the report numbers; `encoding` declares that of a CSV without a mark; `headings_in_order` are all headings of
    the layout, as the mapping screen saves them: a file whose headings or their order differ has drifted.
    """

    name: str
    header_row: int
    columns: dict[str, str]
    person: str = "suspect 1"
    zone: str | None = None
    date_order: DateOrder | None = None
    giver: str = "ncmec"
    encoding: str | None = None
    headings_in_order: list[str] | None = None
    schema: int = 1

    def to_plain(self) -> dict[str, Any]:
        """As JSON; the keys beyond the promised ones only where they say something."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        for key, silent in (("giver", "ncmec"), ("encoding", None), ("headings_in_order", None)):
            if plain[key] == silent:
                del plain[key]
        return plain

    @property
    def headings(self) -> frozenset[str]:
        """The mapped headings as they are compared."""
        return frozenset(map(plain_heading, self.columns))


def plain_heading(text: str) -> str:
    """A heading as it is compared: width, case and blanks do not matter."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def base_field(field: str) -> str:
    """The field without its number: `sighting.address 2` → `sighting.address`."""
    return re.sub(r" [1-9]\d?$", "", field)


def read_mapping(data: bytes | dict[str, Any], *, file: str | None = None) -> Mapping:
    """A mapping from its JSON. Raises `Refused` INTAKE-MAPPING with what is wrong in it."""
    try:
        plain = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf")) if isinstance(data, bytes) else data
        mapping = msgspec.convert(plain, Mapping)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise _wrong(file, f"The mapping cannot be read: {error}.") from error
    if mapping.schema != 1:
        raise _wrong(file, f"The mapping has schema {mapping.schema}; this release knows 1.")
    if not mapping.name.strip() or mapping.header_row < 1 or not mapping.columns:
        raise _wrong(file, "The mapping lacks its name, its header row (from 1) or its columns.")
    unknown = [field for field in mapping.columns.values() if base_field(field) not in FIELDS]
    if unknown:
        raise _wrong(file, f"The mapping names the field “{unknown[0]}”, which does not exist.")
    if mapping.zone is not None and named_zone(mapping.zone) is None:
        raise _wrong(file, f"The zone “{mapping.zone}” is unknown.")
    if mapping.encoding not in (None, "utf-8", "latin-1", "cp1252", "utf-16"):
        raise _wrong(file, f"The encoding “{mapping.encoding}” is unknown.")
    if not _PERSON.fullmatch(mapping.person):
        raise _wrong(file, f"“{mapping.person}” is no person of a tip, such as “suspect 1”.")
    return mapping


def _wrong(file: str | None, what: str) -> Refused:
    return Refused("INTAKE-MAPPING", what, f"Correct the mapping; fields are {', '.join(FIELDS)}.", file=file)
