"""The request's sheet and the annex of its letter: written from the record, and read back from the finished files."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import xlsxwriter
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from paricha.attribution.strand import SightingFacts
from paricha.grounds.instants import IST_OFFSET
from paricha.intake.readers.operator_reply_generic import column_letter

IST = timezone(IST_OFFSET, "IST")
ANNEX_FIELDS = "row type address port protocol from_ist to_ist from_utc to_utc destination destination_port".split()
_TIME = r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}"
ANNEX_LINE = re.compile(
    rf"(\d+) (IPV4|IPV6) ([0-9a-fA-F.:]+) (\d+|-) ([A-Z0-9]+|-) ({_TIME}) ({_TIME}) ({_TIME}) ({_TIME}) ([0-9a-fA-F.:]+|-) (\d+|-)(?= |$)"
)


class Difference(msgspec.Struct, frozen=True):
    """A field of a finished file that is not what is recorded."""

    file: str
    place: str
    field: str
    stands: str
    recorded: str

    def words(self) -> str:
        return _("{file}, {place}: {field} stands as “{stands}”, recorded is “{recorded}”").format(
            file=self.file, place=self.place, field=self.field, stands=self.stands, recorded=self.recorded
        )


class ReadBack(msgspec.Struct, frozen=True):
    """The comparison of finished files with the record, field by field."""

    equal: int
    total: int
    differences: tuple[Difference, ...]


def fields_of(number: str, row: int, sighting: SightingFacts, times: str) -> dict[str, str]:
    """The values of one sheet row by field name. The window is the observed second, or the minute stated (C10)."""
    assert sighting.at is not None and sighting.until is not None
    first, last = sighting.at, sighting.until
    return {
        "request": number,
        "row": str(row),
        "type": "IPV6" if ":" in sighting.address else "IPV4",
        "address": sighting.address,
        "port": str(sighting.port) if sighting.port is not None else "",
        "protocol": sighting.protocol or "",
        "from_ist": in_zone(first, IST, times),
        "to_ist": in_zone(last, IST, times),
        "from_utc": in_zone(first, UTC, times),
        "to_utc": in_zone(last, UTC, times),
        "destination": sighting.observer_address or "",
        "destination_port": str(sighting.observer_port) if sighting.observer_port is not None else "",
    }


def in_zone(at: datetime, zone: timezone, times: str) -> str:
    """The instant in a zone, written and read again: the two must be equal (C08)."""
    written = at.astimezone(zone).strftime(times)
    if datetime.strptime(written, times).replace(tzinfo=zone) - at >= timedelta(seconds=1):
        raise ValueError(f"{written} does not lead back to {at}")
    return written


def write_xlsx(columns: list[tuple[str, str]], rows: list[dict[str, str]], made_at: datetime) -> bytes:
    """The sheet as xlsx, every cell text, so that no program rewrites a number or a date."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False})
    book.set_properties({"created": made_at.replace(tzinfo=None), "title": rows[0]["request"] if rows else ""})
    sheet = book.add_worksheet("Request")
    as_text = book.add_format({"num_format": "@"})
    for place, (heading, _field) in enumerate(columns):
        sheet.write_string(0, place, heading)
    for line, row in enumerate(rows, 1):
        for place, (_heading, field) in enumerate(columns):
            if row[field]:
                sheet.write_string(line, place, row[field], as_text)
    sheet.set_column(0, len(columns) - 1, 20)
    book.close()
    return out.getvalue()


def write_csv(columns: list[tuple[str, str]], rows: list[dict[str, str]]) -> bytes:
    """The sheet as CSV, UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([heading for heading, _field in columns])
    writer.writerows([[row[field] for _heading, field in columns] for row in rows])
    return out.getvalue().encode()


def annex_line(row: dict[str, str]) -> str:
    """A row as one line of the letter's annex; a dash where nothing is stated."""
    return " ".join(row[field] or "-" for field in ANNEX_FIELDS)


def read_sheet(data: bytes, name: str) -> list[list[str]]:
    """The cells of a finished sheet as text. Raises ValueError when it cannot be opened."""
    if name.endswith(".xlsx"):
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            cells = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
        except (CalamineError, OSError, IndexError) as error:
            raise ValueError(str(error)) from error
        return [[_text(value) for value in line] for line in cells]
    return [line for line in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))]


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return "" if value is None else str(value)


def compare_sheet(
    name: str, cells: list[list[str]], columns: list[tuple[str, str]], rows: list[dict[str, str]]
) -> ReadBack:
    """Every heading and every cell of the finished sheet against the record."""
    wanted = [[heading for heading, _field in columns]] + [[row[field] for _heading, field in columns] for row in rows]
    names = [heading for heading, _field in columns]
    equal, differences = 0, []
    for line in range(max(len(wanted), len(cells))):
        there = cells[line] if line < len(cells) else []
        recorded = wanted[line] if line < len(wanted) else []
        for place in range(max(len(names), len(there))):
            stands = there[place].strip() if place < len(there) else ""
            record = recorded[place] if place < len(recorded) else ""
            if stands == record:
                equal += place < len(recorded)
                continue
            heading = names[place] if place < len(names) else _("a column too many")
            differences.append(
                Difference(
                    name, _("cell {cell}").format(cell=f"{column_letter(place)}{line + 1}"), heading, stands, record
                )
            )
    total = sum(len(line) for line in wanted)
    return ReadBack(equal, total, tuple(differences))


def compare_letter(name: str, pages: list[str], head: dict[str, str], rows: list[dict[str, str]]) -> ReadBack:
    """The letter's head (values that must stand in it) and each line of its annex against the record."""
    whole = " ".join(" ".join(pages).split())
    squeezed = whole.replace(" ", "")
    equal, differences = 0, []
    for field, value in head.items():
        if "".join(value.split()) in squeezed:
            equal += 1
        else:
            differences.append(Difference(name, _("first page"), field, _("not found"), value))
    found = [list(hit.groups()) for hit in ANNEX_LINE.finditer(whole)]
    by_row = {line[0]: line for line in found}
    for row in rows:
        line = by_row.pop(row["row"], [])
        for place, field in enumerate(ANNEX_FIELDS):
            stands, record = line[place] if line else _("not found"), row[field] or "-"
            if stands == record:
                equal += 1
            else:
                differences.append(
                    Difference(name, _("annex, row {row}").format(row=row["row"]), field, stands, record)
                )
    for extra, line in by_row.items():
        differences.append(
            Difference(name, _("annex, row {row}").format(row=extra), _("a row too many"), " ".join(line), "")
        )
    if len(found) != len(by_row) + len(rows) and not differences:
        differences.append(Difference(name, _("annex"), _("rows"), str(len(found)), str(len(rows))))
    return ReadBack(equal, len(head) + len(rows) * len(ANNEX_FIELDS), tuple(differences))


def added(parts: list[ReadBack]) -> ReadBack:
    """Several comparisons as one."""
    return ReadBack(
        sum(part.equal for part in parts), sum(part.total for part in parts),
        tuple(difference for part in parts for difference in part.differences),
    )  # fmt: skip
