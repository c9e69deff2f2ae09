"""Whose an address was: reads the files that hold on a day. Operators' files are no case data."""

from __future__ import annotations

import ipaddress
from datetime import date, datetime
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from paricha.operators import asof, store
from paricha.operators.bogons import unwrapped
from paricha.operators.models import FileKind, OperatorFile, TableLine
from paricha.operators.ranges import NOWHERE


def whose(address: str, at: datetime) -> asof.Whose:
    """Whose the address was at an instant: sources, table line, exits. Raises ValueError when it is no address."""
    day, asked = asof.day_of(at), unwrapped(ipaddress.ip_address(address))
    said = []
    for file in files_holding(FileKind.SNAPSHOT, day):
        row = store.opened(file.id, file.original, file.kind).row_of(asked)
        if row is not None:
            line, prefix, asn, as_name, country = row
            said.append(asof.Said(file.source, file.as_of, file.id.hex(), line, prefix, asn, as_name, country))  # type: ignore[arg-type]
    exits = []
    for file in files_holding(FileKind.EXITS, day):
        row = store.opened(file.id, file.original, file.kind).row_of(asked)
        if row is not None:
            _line, prefix, kind, name = row
            exits.append(asof.Listed(str(name), str(kind), file.source, file.as_of, str(prefix)))
    return asof.weigh(address, day, said, table_lines(), exits)


def files_holding(kind: str, day: date) -> list[OperatorFile]:
    """The file of each source that holds on a day; of two with one date the one imported last."""
    newest: dict[str, OperatorFile] = {}
    for file in OperatorFile.objects.filter(kind=kind, as_of__lte=day).order_by("as_of", "imported_at", "id"):
        newest[file.source] = file
    return [newest[source] for source in sorted(newest)]


def table_lines() -> list[asof.OperatorLine]:
    """The curated table: the newest file of each source; its rows carry their own days."""
    newest: dict[str, bytes] = {}
    for file in OperatorFile.objects.filter(kind=FileKind.TABLE).order_by("as_of", "imported_at", "id"):
        newest[file.source] = file.id
    return list(_lines(tuple(newest[source] for source in sorted(newest))))


@lru_cache(maxsize=8)
def _lines(files: tuple[bytes, ...]) -> tuple[asof.OperatorLine, ...]:
    return tuple(
        asof.OperatorLine(
            row.operator,
            row.name,
            row.asn,
            row.since,
            row.until,
            row.kind,
            row.shared_ipv4,
            row.ipv6_prefix,
            row.layout,
        )
        for row in TableLine.objects.filter(file_id__in=files).order_by("file_id", "line")
    )


def asn_many_v4(addresses: NDArray[np.uint32], day: date) -> dict[str, NDArray[np.int64]]:
    """For each source that holds on a day the AS number of each IPv4 address; 0 where the source abstains."""
    answers = {}
    for file in files_holding(FileKind.SNAPSHOT, day):
        kept = store.opened(file.id, file.original, file.kind)
        numbers = np.array([row[2] for row in kept.rows], dtype=np.int64)
        rows = kept.ranges.rows_v4(addresses)
        answers[file.source] = np.where(rows == NOWHERE, 0, numbers[np.maximum(rows, 0)] if len(numbers) else 0)
    return answers


def operator_named(word: str) -> str | None:
    """The code of the operator whose code or name is exactly that, or None."""
    for line in table_lines():
        if word.strip().casefold() in (line.operator.casefold(), line.name.casefold()):
            return line.operator
    return None
