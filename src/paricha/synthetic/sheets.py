"""Registers as the national bureau passes them on: the same reports again as rows, some with a planted contradiction.

`register-national.xlsx`: title rows, header in row 3, merged cells, real date cells and text dates, a second page of
the register and a page of notes; its mapping says UTC. `register-national.csv`: dates dd/mm/yyyy, headings say IST.
`register-ambiguous.csv`: no date decides between day and month, and the mapping does not either: no instant is known.
Each has its mapping in `files/mappings/`, named as the sheet; header rows count from 1 as an officer sees them.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from paricha.synthetic.chance import stream
from paricha.synthetic.leases import utc_text
from paricha.synthetic.output import workbook, write_csv, write_json
from paricha.synthetic.reports import IST, Report, Sighting

PLANTS = ("time 5 h 30", "changed digit", "other screen name", "other incident time")
SLIP = timedelta(hours=5, minutes=30)


@dataclass
class SheetReport:
    """One report as the register shows it: its rows, and what the truth may expect of them."""

    report: Report
    file: str
    form: str
    only_here: bool
    planted: str | None
    rows: list[dict[str, Any]] = field(default_factory=list)
    sightings: list[dict[str, Any]] = field(default_factory=list)
    text_dates: bool = True

    def written(self, at: datetime) -> str | None:
        """An instant as the sheet's cell shows it; None for a real date cell."""
        if self.form == "csv":
            return at.astimezone(IST).strftime("%d/%m/%Y %H:%M:%S")
        return at.strftime("%Y-%m-%d %H:%M:%S") if self.text_dates else None

    def as_truth(self) -> dict[str, Any]:
        """What the sheet says of the report."""
        return {
            "file": self.file,
            "form": self.form,
            "only_here": self.only_here,
            "planted": self.planted,
            "rows": len(self.rows),
            "sightings": self.sightings,
        }


def changed_digit(address: str) -> str:
    """The address with its last digit changed, still in the same documentation network."""
    last = address[-1]
    return address[:-1] + ("3" if last in "12" else "1" if last.isdecimal() and last != "1" else "2")


def usable(report: Report) -> list[Sighting]:
    """Sightings of suspect 1 that a register can show: instant known to the second."""
    return [s for s in report.sightings if s.who == "suspect 1" and s.at.utc and s.at.precision == "second"]


def choose(seed: int, reports: list[Report]) -> list[SheetReport]:
    """About 15 % of the reports; a quarter of those stand in the sheet only (their `json` is set to False)."""
    rng = stream(seed, "sheets")
    fit = [r for r in reports if not r.free_text and usable(r)]
    count = min(len(fit), max(6, round(len(reports) * 0.15)))
    chosen = sorted(rng.sample(fit, count), key=lambda r: r.number)
    ambiguous = [r for r in chosen if any(_ambiguous(s.at.true_at.astimezone(IST)) for s in usable(r))]
    ambiguous = ambiguous[: max(1, count // 8)]
    rest, sheets = [r for r in chosen if r not in ambiguous], []
    for place, report in enumerate(rest):
        xlsx = place % 3 != 2
        only_here, planted = place % 4 == 1, PLANTS[(place // 4) % 4] if place % 4 == 3 else None
        if only_here:
            report.json, planted = False, None
            report.accounts = {"suspect 1": report.accounts["suspect 1"]}
        name = "register-national.xlsx" if xlsx else "register-national.csv"
        sheets.append(SheetReport(report, f"sheets/{name}", "xlsx" if xlsx else "csv", only_here, planted))
    return sheets + [SheetReport(r, "sheets/register-ambiguous.csv", "csv", False, None) for r in ambiguous]


def _ambiguous(at: datetime) -> bool:
    return at.day <= 12 and at.day != at.month


def fill(sheet: SheetReport) -> None:
    """Work out the rows: two sightings and one file a row, the report's own cells on each."""
    report, dim = sheet.report, sheet.file.endswith("ambiguous.csv")
    seen = [s for s in usable(report) if not dim or _ambiguous(s.at.true_at.astimezone(IST))]
    count = max((len(seen) + 1) // 2, len(report.files), 1)
    subject, account = report.people[0][1], report.accounts["suspect 1"][0]
    for row in range(count):
        cells: dict[str, Any] = {
            "number": report.number,
            "received": report.received,
            "priority": report.priority,
            "esp": report.company,
            "type": report.incident_type,
            "incident": datetime.fromisoformat(report.incident_at.utc) if report.incident_at.utc else None,
            "name": subject.name.full if report.writing % 7 else subject.name.given,
            "phone": subject.phones[0] if subject.phones else None,
            "email": subject.emails[0] if subject.emails else None,
            "service": account.service,
            "user_id": account.user_id,
            "screen_name": account.screen_name,
        }
        if sheet.planted == "other screen name":
            cells["screen_name"] = account.screen_name + "x"
        if sheet.planted == "other incident time" and cells["incident"]:
            cells["incident"] += SLIP
        for place, sighting in enumerate(seen[row * 2 : row * 2 + 2], start=1):
            address, at = sighting.address, sighting.at.true_at
            if sheet.planted == "time 5 h 30" and row == 0 and place == 1:
                at = at + SLIP
            if sheet.planted == "changed digit" and row == 0 and place == 1:
                address = changed_digit(address)
            cells.update(
                {
                    f"address {place}": address,
                    f"port {place}": sighting.port,
                    f"event {place}": sighting.event.title(),
                    f"at {place}": at,
                }
            )
            sheet.sightings.append(
                {
                    "who": "suspect 1",
                    "address": address,
                    "port": sighting.port,
                    "event": None if dim else sighting.event.title(),
                    "at": {
                        "as_written": sheet.written(at),
                        "utc": None if dim else utc_text(at),
                        "precision": None if dim else "second",
                        "zone_source": "none" if dim else "column" if sheet.form == "csv" else "profile",
                    },
                }
            )
        if row < len(report.files):
            cells.update({"file": report.files[row].name, "md5": report.files[row].verification_hash})
        sheet.rows.append(cells)


XLSX_HEADINGS = [  # heading, cell of `fill`, field of the mapping (None: nobody maps it)
    ("Sl. No.", "serial", None),
    ("Tipline No.", "number", "report_number"),
    ("Received On", "received", "received_at"),
    ("Priority", "priority", "priority.stated"),
    ("ESP", "esp", "reporter.name"),
    ("Type of Incident", "type", "incident.type"),
    ("Date of Incident", "incident", "incident.at"),
    ("Name of Suspect", "name", "person.names"),
    ("Mobile No.", "phone", "person.phones"),
    ("E-mail", "email", "person.emails"),
    ("Service", "service", "account.service"),
    ("User ID", "user_id", "account.user_id"),
    ("Screen Name", "screen_name", "account.screen_name"),
    ("IP Address 1", "address 1", "sighting.address"),
    ("Port 1", "port 1", "sighting.port"),
    ("Event 1", "event 1", "sighting.event"),
    ("Date and Time 1", "at 1", "sighting.at"),
    ("IP Address 2", "address 2", "sighting.address"),
    ("Port 2", "port 2", "sighting.port"),
    ("Event 2", "event 2", "sighting.event"),
    ("Date and Time 2", "at 2", "sighting.at"),
    ("File Name", "file", "file.name"),
    ("MD5", "md5", "file.md5"),
    ("Remarks of the Bureau", "remark", None),
]
CSV_HEADINGS = [
    (
        h.replace("Date and Time", "Date and Time (IST)")
        if "Date and Time" in h
        else {"Received On": "Received On (IST)", "Date of Incident": "Date of Incident (IST)"}.get(h, h),
        c,
        f,
    )
    for h, c, f in XLSX_HEADINGS
]
DIM_HEADINGS: list[tuple[str, str, str | None]] = [
    ("Tipline Number", "number", "report_number"),
    ("Provider", "esp", "reporter.name"),
    ("Account Service", "service", "account.service"),
    ("Account ID", "user_id", "account.user_id"),
    ("IP 1", "address 1", "sighting.address"),
    ("Port 1", "port 1", "sighting.port"),
    ("Date/Time 1", "at 1", "sighting.at"),
    ("IP 2", "address 2", "sighting.address"),
    ("Port 2", "port 2", "sighting.port"),
    ("Date/Time 2", "at 2", "sighting.at"),
]


def mapping(
    name: str, headings: list[tuple[str, str, str | None]], header_row: int, zone: str | None, order: str | None
) -> dict[str, Any]:
    """The mapping of a sheet in the published shape."""
    return {
        "schema": 1,
        "name": name,
        "header_row": header_row,
        "columns": {h: f for h, _, f in headings if f},
        "person": "suspect 1",
        "zone": zone,
        "date_order": order,
    }


def write_sheets(seed: int, sheets: list[SheetReport], files: Path) -> int:
    """Write the registers and their mappings; gives the number of rows below the headers."""
    rng = stream(seed, "sheet cells")
    for sheet in sheets:
        sheet.text_dates = rng.random() < 0.4
        fill(sheet)
    by_file = {
        name: [s for s in sheets if s.file == f"sheets/{name}"]
        for name in ("register-national.xlsx", "register-national.csv", "register-ambiguous.csv")
    }
    _write_xlsx(by_file["register-national.xlsx"], files / "sheets" / "register-national.xlsx")
    _write_csv(by_file["register-national.csv"], CSV_HEADINGS, files / "sheets" / "register-national.csv")
    _write_csv(by_file["register-ambiguous.csv"], DIM_HEADINGS, files / "sheets" / "register-ambiguous.csv")
    folder = files / "mappings"
    write_json(folder / "register-national-xlsx.json", mapping("register-national-xlsx", XLSX_HEADINGS, 3, "UTC", None))
    write_json(folder / "register-national-csv.json", mapping("register-national-csv", CSV_HEADINGS, 1, None, "dmy"))
    write_json(folder / "register-ambiguous.json", mapping("register-ambiguous", DIM_HEADINGS, 1, "Asia/Kolkata", None))
    return sum(len(sheet.rows) for sheet in sheets)


def _write_csv(sheets: list[SheetReport], headings: list[tuple[str, str, str | None]], path: Path) -> None:
    rows, serial = [], 0
    for sheet in sheets:
        for cells in sheet.rows:
            serial += 1
            row = []
            for _, cell, _ in headings:
                value = serial if cell == "serial" else "as received" if cell == "remark" else cells.get(cell)
                row.append(sheet.written(value) if isinstance(value, datetime) else value)
            rows.append(row)
    write_csv(path, [h for h, _, _ in headings], rows)


def _write_xlsx(sheets: list[SheetReport], path: Path) -> None:
    book = workbook(path)
    dates = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
    bold = book.add_format({"bold": True})
    half = (len(sheets) + 1) // 2
    for title, part in (("Register 1", sheets[:half]), ("Register 2", sheets[half:])):
        page = book.add_worksheet(title)
        page.merge_range(0, 0, 0, 6, "Register of tips passed on by the national bureau (made up)", bold)
        page.write_string(1, 0, "All times as the providers gave them.")
        for column, (heading, _, _) in enumerate(XLSX_HEADINGS):
            page.write_string(2, column, heading, bold)
        line = 3
        for serial, sheet in enumerate(part, start=1):
            line = _write_block(page, sheet, serial, line, dates)
    notes = book.add_worksheet("Notes")
    notes.write_string(0, 0, "Rows of one report belong together; the number is merged over them.")
    notes.write_string(1, 0, "Questions: national.bureau@example.com")
    book.close()


def _write_block(page: Any, sheet: SheetReport, serial: int, line: int, dates: Any) -> int:
    last = line + len(sheet.rows) - 1
    for column, (_, cell, _) in enumerate(XLSX_HEADINGS):
        shared = cell in (
            "serial",
            "number",
            "received",
            "priority",
            "esp",
            "type",
            "incident",
            "name",
            "phone",
            "email",
            "service",
            "user_id",
            "screen_name",
        )
        if shared and last > line and cell in ("serial", "number", "esp"):
            value = str(serial) if cell == "serial" else sheet.rows[0][cell]
            page.merge_range(line, column, last, column, value)
            continue
        for row, cells in enumerate(sheet.rows, start=line):
            value = serial if cell == "serial" else cells.get(cell)
            if value is None:
                continue
            if isinstance(value, datetime):
                text = sheet.written(value)
                if text is None:
                    page.write_datetime(row, column, value.replace(tzinfo=None), dates)
                else:
                    page.write_string(row, column, text)
            elif isinstance(value, int):
                page.write_number(row, column, value)
            else:
                page.write_string(row, column, value)
    return last + 1
