"""A district's nomination as a sheet: CSV with the columns of `officers.csv`. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import msgspec

from paricha.grounds.refusals import Refusal

NEEDED = ("name", "rank", "woman", "cyber", "technical")
YES = {"yes": True, "y": True, "1": True, "true": True, "ഉണ്ട്": True, "അതെ": True}
NO = {"no": False, "n": False, "0": False, "false": False, "ഇല്ല": False, "അല്ല": False}
MAX_LINES = 5000


class Line(msgspec.Struct, frozen=True):
    """One named officer: `name` and `rank` as written, skills as stated."""

    name: str
    rank: str
    woman: bool
    cyber: bool
    technical: bool


def read_nomination(data: bytes, *, file: str, district: str) -> tuple[list[Line], list[Refusal]]:
    """The good lines and, for each bad one, a refusal with line and column (OPERATION-NOMINATION).

    Needs a header with name, rank, woman, cyber, technical (yes or no); further columns are allowed. A line whose
    `district` names another district is refused: an officer is nominated by his own.
    """

    def refuse(what: str, remedy: str, place: str | None = None) -> Refusal:
        return Refusal(file, place, what, remedy, "OPERATION-NOMINATION")

    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        header = [(cell or "").strip().casefold() for cell in reader.fieldnames or []]
        missing = [name for name in NEEDED if name not in header]
        if missing:
            return [], [
                refuse(f"The first line lacks {', '.join(missing)}.", f"Its columns are {', '.join(NEEDED)}.", "line 1")
            ]
        reader.fieldnames = header
        lines: list[Line] = []
        refusals: list[Refusal] = []
        for row in reader:
            if reader.line_num > MAX_LINES:
                refusals.append(refuse(f"More than {MAX_LINES} lines.", "Send the rest in a second sheet."))
                break
            _read_row(row, reader.line_num, district, lines, refusals, refuse)
    except (UnicodeDecodeError, csv.Error) as error:
        return [], [refuse(f"This is no CSV in UTF-8: {error}.", "Save the sheet as CSV, UTF-8.")]
    return lines, refusals


def _read_row(
    row: dict[str | Any, str | Any],
    number: int,
    district: str,
    lines: list[Line],
    refusals: list[Refusal],
    refuse: Callable[..., Refusal],
) -> None:
    told = {
        name: (value or "").strip()
        for name, value in row.items()
        if isinstance(name, str) and not isinstance(value, list)
    }
    if not any(told.values()):
        return
    place = f"line {number}"
    for name in ("name", "rank"):
        if not told.get(name):
            refusals.append(refuse(f"{name} is empty.", "Fill it in.", f"{place}, {name}"))
            return
    skills = {}
    for name in ("woman", "cyber", "technical"):
        word = told.get(name, "").casefold()
        if word not in YES and word not in NO:
            refusals.append(
                refuse(f"“{told.get(name, '')}” is neither yes nor no.", "Write yes or no.", f"{place}, {name}")
            )
            return
        skills[name] = YES.get(word, False)
    if told.get("district") and told["district"].casefold() != district.casefold():
        refusals.append(
            refuse(f"{told['name']} is of {told['district']}.", "His own district names him.", f"{place}, district")
        )
        return
    lines.append(Line(told["name"][:200], told["rank"][:60], **skills))
