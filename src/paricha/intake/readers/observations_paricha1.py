"""Observations in the layout `paricha-1` (interfaces: "Observations"): plain rows with their line and cells."""

from __future__ import annotations

import csv
import io

import msgspec

NAME, VERSION = "observations-paricha-1", 1
READER = f"{NAME}/{VERSION}"
COLUMNS = tuple(
    "reference,activity,provenance,address,port,protocol,at,zone,precision,observer_address,observer_port,direction,"
    "clock_source,clock_offset_ms,infohash_echoed,pieces_claimed,pieces_total,entry,address_again,at_again,authority".split(
        ","
    )
)


class ObservedCells(msgspec.Struct, frozen=True):
    """One row as written. `row` counts from 1 under the header; `line` is the file's."""

    row: int
    line: int
    values: dict[str, str]
    columns: int

    def at(self, column: str) -> list[str]:
        place, letters = COLUMNS.index(column) + 1, ""
        while place:
            place, rest = divmod(place - 1, 26)
            letters = chr(65 + rest) + letters
        return ["", f"{letters}{self.line}"]


def read(data: bytes) -> tuple[list[str], list[ObservedCells]]:
    """The header and the rows. Raises UnicodeDecodeError, csv.Error."""
    reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    header = [cell.strip() for cell in next(reader, [])]
    rows: list[ObservedCells] = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        values = dict(zip(COLUMNS, (cell.strip() for cell in [*cells, *[""] * len(COLUMNS)]), strict=False))
        rows.append(ObservedCells(len(rows) + 1, reader.line_num, values, len(cells)))
    return header, rows
