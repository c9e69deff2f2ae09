"""A mapping of a sheet: which heading is which field, and the zone and date order that the file itself lacks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import msgspec

from paricha.grounds.instants import DateOrder, named_zone
from paricha.grounds.refusals import Refused
from paricha.intake import registers_fields as registers

FIELDS = (
    "report_number received_at made_available_at priority.stated reporter.name incident.type incident.at person.names "
    "person.phones person.emails account.service account.user_id account.screen_name sighting.address sighting.port "
    "sighting.event sighting.at file.name file.md5 file.sha1 file.sha256"
).split()
INSTANTS = frozenset({"received_at", "made_available_at", "incident.at", "sighting.at"}) | registers.DATES
LONGEST_NAME = 120  # letters of a mapping's name
_PERSON = re.compile(r"(suspect|recipient|victim) ([1-9]\d{0,2})")


class Mapping(msgspec.Struct, frozen=True):
    """As the officer saves it (interfaces: "A mapping"). `header_row` counts from 1; `columns`: heading → field.

    `zone` and `date_order` are used only where heading and cell state none. Beyond the promised keys: `giver` says who
    gave the report numbers; `encoding` declares that of a CSV without a mark; `headings_in_order` are all headings of
    the layout, as the mapping screen saves them: a file whose headings or their order differ has drifted.
    `kind` “register” with its `register` makes a sheet one of the unit's own registers instead of tips; its header row
    may be left out (0): then it is the row that holds the headings.
    """

    name: str
    header_row: int = 0
    columns: dict[str, str] = {}
    person: str = "suspect 1"
    zone: str | None = None
    date_order: DateOrder | None = None
    giver: str = "ncmec"
    encoding: str | None = None
    headings_in_order: list[str] | None = None
    kind: str = "tips"
    register: str | None = None
    schema: int = 1

    def to_plain(self) -> dict[str, Any]:
        """As JSON; the keys beyond the promised ones only where they say something."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        silents = {"giver": "ncmec", "encoding": None, "headings_in_order": None, "kind": "tips", "register": None}
        for key, silent in silents.items():
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
    if mapping.kind not in ("tips", "register") or (mapping.kind == "register") != (mapping.register is not None):
        raise _wrong(file, "A mapping is of tips, or of kind “register” with the name of its register.")
    if mapping.register is not None and mapping.register not in registers.REGISTERS:
        raise _wrong(file, f"There is no register “{mapping.register}”; there are {', '.join(registers.REGISTERS)}.")
    if not mapping.name.strip() or mapping.header_row < (mapping.register is None) or not mapping.columns:
        raise _wrong(file, "The mapping lacks its name, its header row (from 1) or its columns.")
    if len(mapping.name) > LONGEST_NAME or not mapping.name.isprintable():
        raise _wrong(
            file, f"The name of the mapping has more than {LONGEST_NAME} letters, or signs that cannot be shown."
        )
    unknown = [field for field in mapping.columns.values() if base_field(field) not in fields_of(mapping.register)]
    if unknown:
        what = f"The mapping names the field “{unknown[0]}”, which does not exist."
        raise _wrong(file, what, fields_of(mapping.register))
    if mapping.zone is not None and named_zone(mapping.zone) is None:
        raise _wrong(file, f"The zone “{mapping.zone}” is unknown.")
    if mapping.encoding not in (None, "utf-8", "latin-1", "cp1252", "utf-16"):
        raise _wrong(file, f"The encoding “{mapping.encoding}” is unknown.")
    if not _PERSON.fullmatch(mapping.person):
        raise _wrong(file, f"“{mapping.person}” is no person of a tip, such as “suspect 1”.")
    return mapping


def fields_of(register: str | None) -> Sequence[str]:
    """The fields that a column may be: those of tips, or of a register."""
    return FIELDS if register is None else registers.FIELDS


def _wrong(file: str | None, what: str, fields: Sequence[str] = FIELDS) -> Refused:
    return Refused("INTAKE-MAPPING", what, f"Correct the mapping; fields are {', '.join(fields)}.", file=file)
