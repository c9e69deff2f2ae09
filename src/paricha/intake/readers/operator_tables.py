"""The three operator files by their header: snapshot, table, exits (interfaces: "Operators"). Yields plain rows with their line."""

from __future__ import annotations

import csv
import io
import ipaddress
from collections.abc import Callable, Iterator
from datetime import date

import msgspec

KINDS = {
    "snapshot": ("prefix", "asn", "as_name", "country"),
    "table": ("operator", "name", "asn", "from", "until", "kind", "shared_ipv4", "ipv6_prefix", "request_layout"),
    "exits": ("prefix", "kind", "list"),
}
LINE_KINDS = ("mobile", "fixed", "cable", "business", "hosting")
EXIT_KINDS = ("vpn", "hosting", "tor", "relay", "satellite", "anycast")


class Announced(msgspec.Struct, frozen=True):
    """A snapshot's row: who announces a prefix."""

    line: int
    prefix: str
    asn: int
    as_name: str
    country: str


class Line(msgspec.Struct, frozen=True):
    """A row of the operator table. `until` None: still so. `ipv6_prefix`: the length that names one customer."""

    line: int
    operator: str
    name: str
    asn: int
    since: date
    until: date | None
    kind: str
    shared_ipv4: bool
    ipv6_prefix: int | None
    layout: str


class Exit(msgspec.Struct, frozen=True):
    """A row of an exits list."""

    line: int
    prefix: str
    kind: str
    list: str


class BadRow(msgspec.Struct, frozen=True):
    """A row that cannot be read: its line and what is wrong."""

    line: int
    what: str


def rows_of(data: bytes) -> tuple[str | None, list[str]]:
    """The kind that the header names (None: none of the three), and the header. Raises UnicodeDecodeError, csv.Error."""
    reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    header = [cell.strip() for cell in next(reader, [])]
    kind = next((name for name, columns in KINDS.items() if tuple(header) == columns), None)
    return kind, header


def read(data: bytes, kind: str) -> Iterator[Announced | Line | Exit | BadRow]:
    """Each row under the header of a file whose kind `rows_of` named."""
    reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    columns = KINDS[kind]
    next(reader, None)
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        if len(cells) != len(columns):
            yield BadRow(reader.line_num, f"{len(cells)} columns instead of {len(columns)}")
            continue
        try:
            yield _READ[kind](reader.line_num, row)
        except ValueError as error:
            yield BadRow(reader.line_num, str(error))


def _announced(line: int, row: dict[str, str]) -> Announced:
    return Announced(line, _prefix(row["prefix"]), _asn(row["asn"]), row["as_name"], row["country"].upper())


def _line(line: int, row: dict[str, str]) -> Line:
    if not row["operator"]:
        raise ValueError("no operator code")
    if row["kind"] not in LINE_KINDS:
        raise ValueError(f"kind “{row['kind']}” is none of {' '.join(LINE_KINDS)}")
    if row["shared_ipv4"] not in ("yes", "no"):
        raise ValueError(f"shared_ipv4 “{row['shared_ipv4']}” is neither yes nor no")
    length = int(row["ipv6_prefix"].lstrip("/")) if row["ipv6_prefix"] else None
    if length is not None and not 1 <= length <= 128:
        raise ValueError(f"ipv6_prefix {length} is no prefix length")
    since, until = date.fromisoformat(row["from"]), date.fromisoformat(row["until"]) if row["until"] else None
    if until is not None and until < since:
        raise ValueError("until lies before from")
    return Line(
        line, row["operator"], row["name"] or row["operator"], _asn(row["asn"]), since, until, row["kind"],
        row["shared_ipv4"] == "yes", length, row["request_layout"] or "generic",
    )  # fmt: skip


def _exit(line: int, row: dict[str, str]) -> Exit:
    if row["kind"] not in EXIT_KINDS:
        raise ValueError(f"kind “{row['kind']}” is none of {' '.join(EXIT_KINDS)}")
    return Exit(line, _prefix(row["prefix"]), row["kind"], row["list"])


def _prefix(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text, strict=True))
    except ValueError as error:
        raise ValueError(f"“{text}” is no prefix") from error


def _asn(text: str) -> int:
    number = int(text.upper().removeprefix("AS"))
    if not 0 < number < 1 << 32:
        raise ValueError(f"AS number {number} is out of range")
    return number


_READ: dict[str, Callable[[int, dict[str, str]], Announced | Line | Exit]] = {
    "snapshot": _announced,
    "table": _line,
    "exits": _exit,
}
