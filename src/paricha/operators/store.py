"""A snapshot's arrays and rows in the data folder, made from its original, memory-mapped, made anew where they are gone."""

from __future__ import annotations

import ipaddress
import json
import os
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from paricha.intake.readers import operator_tables as reader
from paricha.operators.ranges import NOWHERE, Ranges


class Kept:
    """One file's ranges and the rows they point to (`Announced` or `Exit`)."""

    def __init__(self, ranges: Ranges, rows: list[list[object]]):
        self.ranges, self.rows = ranges, rows

    def row_of(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[object] | None:
        place = self.ranges.row_of(address)
        return None if place == NOWHERE else self.rows[place]


def folder_of(file_id: bytes) -> Path:
    return settings.HOME / "operators" / file_id.hex()


def write(file_id: bytes, rows: list[reader.Announced] | list[reader.Exit]) -> None:
    """Make the arrays of a file; the folder appears whole or not at all."""
    ranges = Ranges.build([(ipaddress.ip_network(row.prefix), number) for number, row in enumerate(rows)])
    target = folder_of(file_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(dir=target.parent, prefix="making-"))
    ranges.save(making)
    plain = [[getattr(row, name) for name in row.__struct_fields__] for row in rows]
    (making / "rows.json").write_text(json.dumps(plain), encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    os.rename(making, target)
    opened.cache_clear()


@lru_cache(maxsize=64)
def opened(file_id: bytes, original: str, kind: str) -> Kept:
    """The file's arrays; read again from the original where the folder is gone (a restore, a rebuild)."""
    folder = folder_of(file_id)
    if not (folder / "rows.json").exists():
        from paricha.vault.store import read as original_bytes

        write(file_id, good_rows(original_bytes(original), kind)[0])
    return Kept(Ranges.load(folder), json.loads((folder / "rows.json").read_text(encoding="utf-8")))


def good_rows(data: bytes, kind: str) -> tuple[list, list[tuple[int, str, str]]]:  # type: ignore[type-arg]
    """The rows that count, and (line, code, what) of those that do not.

    A prefix with two AS numbers in one snapshot is left out: the source does not say whose it is.
    """
    good, bad = [], []
    for row in reader.read(data, kind):
        if isinstance(row, reader.BadRow):
            bad.append((row.line, "OPERATORS-ROW", row.what))
        else:
            good.append(row)
    if kind == "table":
        return good, bad
    by_prefix: dict[str, list] = {}  # type: ignore[type-arg]
    for row in good:
        by_prefix.setdefault(row.prefix, []).append(row)
    kept = []
    for prefix, rows in by_prefix.items():
        if kind == "snapshot" and len({row.asn for row in rows}) > 1:
            bad += [(row.line, "OPERATORS-TWICE", f"{prefix} stands with more than one AS number") for row in rows]
            continue
        kept.append(rows[0])
    return kept, bad
