"""A unit's own registers of past drives: cases, accused, devices and accounts as workbooks, as units keep them.

Titles above the headings, numbers of the columns below them, merged case numbers, several accused in one cell, totals,
Malayalam headings and digits, a hidden sheet of an older year. A third of the rows name subjects whom the State's tips
name again; the others are made up here. Each workbook has its mapping in `mappings/`, and its truth, row by row.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from paricha.synthetic.chance import imei, stream
from paricha.synthetic.geography import STATIONS
from paricha.synthetic.names import Name, draw_name, in_script, mail, phone
from paricha.synthetic.output import workbook, write_json, write_jsonl
from paricha.synthetic.people import SERVICES, People, Subject

DRIVES = ("Drive of March 2019", "Drive of June 2020", "Drive of October 2021")
FIRST_NUMBER = 30_000_000  # of telephones that no tip names
STAGES = ("Under investigation", "Charge sheet filed", "Pending trial", "Disposed")
DEVICES = (("Mobile phone", "Example Mobile A1"), ("Laptop", "Example Book 14"), ("Pen drive", "Example Stick 32 GB"))
KEPT = ("Station strong room", "District cyber cell", "Examiner's laboratory")
HEADINGS: dict[str, list[tuple[str, str | None]]] = {
    "cases": [
        ("Sl. No.", None), ("Crime No.", "case.number"), ("Police Station", "case.station"),
        ("Section of Law", "case.sections"), ("Date of Registration (dd/mm/yyyy)", "case.registered_on"),
        ("Present Stage", "case.stage"), ("Name of Drive", "drive"), ("Remarks", "remarks"),
    ],
    "accused": [
        ("Sl. No.", None), ("FIR No.", "case.number"), ("P.S.", "case.station"), ("Name of Accused", "accused.name"),
        ("Father's Name", "accused.father"), ("Age", "accused.age"), ("Mobile No.", "accused.phone"),
        ("E-mail ID", "accused.email"), ("Address of Accused", "accused.address"), ("Date of Arrest", "dated"),
        ("Drive", "drive"),
    ],
    "devices": [
        ("Sl. No.", None), ("Crime No.", "case.number"), ("Police Station", "case.station"),
        ("Name of Accused", "accused.name"), ("Device", "device.kind"), ("Make/Model", "device.make"),
        ("IMEI", "device.imei"), ("Device Serial No.", "device.serial"), ("MO No.", "device.exhibit"),
        ("Date of Seizure", "device.seized_on"), ("Where Kept", "device.kept_at"),
    ],
    "accounts": [
        ("ക്രമ നമ്പർ", None), ("ക്രൈം നമ്പർ", "case.number"), ("പോലീസ് സ്റ്റേഷൻ", "case.station"),
        ("പ്രതിയുടെ പേര്", "accused.name"), ("പ്ലാറ്റ്ഫോം", "account.service"), ("യൂസർ ഐഡി", "account.user_id"),
        ("സ്ക്രീൻ നെയിം", "account.screen_name"), ("ഡ്രൈവ്", "drive"), ("കുറിപ്പ്", "remarks"),
    ],
}  # fmt: skip


@dataclass
class Accused:
    """Whom a register names: a subject of the tips, or somebody made up here."""

    name: Name
    age: int
    phone: str | None
    email: str | None
    service: str
    user_id: str
    screen_name: str
    imei: str
    subject: str | None


@dataclass
class Case:
    """A case of a past drive, with those it accuses."""

    number: str
    station: str
    registered_on: date
    drive: str
    stage: str
    accused: list[Accused] = field(default_factory=list)


def write_registers(files: Path, truth: Path, seed: int, people: People, cases: int = 40) -> dict[str, int]:
    """Write `registers/*.xlsx` with `registers/mappings/*.json` into `files`, `registers.jsonl` into `truth`; gives totals.

    Same seed, people and count, same bytes. A row of the truth is a row of a sheet: its values as written by field
    (dates by their day), or why it is no record.
    """
    made = _cases(seed, people, cases)
    told: list[dict[str, Any]] = []
    for register in HEADINGS:
        told += _Book(files / "registers", register, seed).write(made)
        columns = {heading: known for heading, known in HEADINGS[register] if known}
        write_json(
            files / "registers" / "mappings" / f"{register}.json",
            {"schema": 1, "name": f"our {register}", "kind": "register", "register": register, "columns": columns,
             "zone": "Asia/Kolkata", "date_order": "dmy"},
        )  # fmt: skip
    write_jsonl(truth / "registers.jsonl", told)
    records = [one for one in told if one["why"] is None]
    return {"registers": len(HEADINGS), "register_rows": len(records),
            "register_rows_of_subjects": sum(bool(one["subjects"]) for one in records)}  # fmt: skip


def _cases(seed: int, people: People, count: int) -> list[Case]:
    rng = stream(seed, "registers")
    known = [subject for subject in people.subjects if subject.in_state and subject.accounts]
    returning = rng.sample(known, min(len(known), max(1, count // 2)))
    made = []
    for number in range(count):
        drive = number * len(DRIVES) // count
        day = date(2019 + drive, (3, 6, 10)[drive], 1) + timedelta(days=rng.randrange(28))
        case = Case(f"{100 + number * 7}/{day.year}", rng.choice(STATIONS)[0], day, DRIVES[drive], rng.choice(STAGES))
        for place in range(rng.choices([1, 2, 3], [70, 20, 10])[0]):
            subject = returning.pop() if returning and (number + place) % 3 == 0 else None
            case.accused.append(_of_subject(rng, subject) if subject else _nobody(rng, number * 4 + place))
        made.append(case)
    return made


def _of_subject(rng: random.Random, subject: Subject) -> Accused:
    account = subject.accounts[0]
    own = [value for kind, value in subject.devices if kind == "IMEI"]
    return Accused(
        subject.name, subject.age - 4, subject.phones[0] if subject.phones else None,
        subject.emails[0] if subject.emails else None, account.service, account.user_id, account.screen_name,
        own[0] if own else imei(rng), subject.key,
    )  # fmt: skip


def _nobody(rng: random.Random, serial: int) -> Accused:
    name = draw_name(rng)
    handle = f"{in_script(name, 'latin').latin.split('.')[0]}_old{serial}"
    return Accused(
        name, rng.randrange(19, 68), phone(FIRST_NUMBER + serial) if rng.random() < 0.8 else None,
        mail(name, FIRST_NUMBER + serial) if rng.random() < 0.5 else None, rng.choice(SERVICES),
        f"{rng.randrange(10**8, 10**9)}9{serial:05d}", handle, imei(rng), None,
    )  # fmt: skip


class _Book:
    """One workbook: titles, headings, their numbers, the rows, a total; accounts of the oldest drive in a hidden sheet."""

    def __init__(self, folder: Path, register: str, seed: int) -> None:
        self.register, self.headings = register, HEADINGS[register]
        self.file = f"registers/{register}-of-drives.xlsx"
        self.path = folder / f"{register}-of-drives.xlsx"
        self.rng = stream(seed, "register", register)
        self.told: list[dict[str, Any]] = []

    def write(self, cases: list[Case]) -> list[dict[str, Any]]:
        self.book = workbook(self.path)
        self.days = self.book.add_format({"num_format": "dd/mm/yyyy"})
        old = [case for case in cases if case.drive == DRIVES[0]] if self.register == "accounts" else []
        self._sheet("Register", [case for case in cases if case not in old])
        if old:
            self._sheet("2019", old).hide()
        self.book.close()
        return self.told

    def _sheet(self, name: str, cases: list[Case]) -> Any:
        page = self.page = self.book.add_worksheet(name)
        self.sheet, self.row, self.serial = name, 4, 0
        page.merge_range(0, 0, 0, len(self.headings) - 1, f"REGISTER OF {self.register.upper()}, SPECIAL DRIVES")
        for column, (heading, _field) in enumerate(self.headings):
            page.write_string(2, column, heading)
            page.write_string(3, column, f"({column + 1})")
        self._tell(3, "numbers of the columns")
        for case in cases:
            {"cases": self._case, "accused": self._accused, "devices": self._devices, "accounts": self._accounts}[
                self.register
            ](case)
        page.write_string(self.row + 1, 0, "Total")
        page.write_number(self.row + 1, 1, self.serial)
        self._tell(self.row + 1, "a total, not a record")
        return page

    def _tell(
        self, row: int, why: str | None, values: dict[str, Any] | None = None, who: list[Accused] | None = None
    ) -> None:
        subjects = [one.subject for one in who or [] if one.subject]
        self.told.append(
            {"file": self.file, "sheet": self.sheet, "row": row + 1, "register": self.register, "why": why,
             "values": values or {}, "subjects": subjects}
        )  # fmt: skip

    def _write(self, values: dict[str, Any], who: list[Accused], *, but: tuple[str, ...] = ()) -> None:
        """One row; fields in `but` stand in a merged cell already."""
        self.serial += 1
        self.page.write_number(self.row, 0, self.serial)
        for column, (_heading, known) in enumerate(self.headings):
            value = values.get(known or "")
            if value is None or known in but:
                continue
            if isinstance(value, date):
                self.page.write_datetime(self.row, column, datetime(value.year, value.month, value.day), self.days)  # noqa: DTZ001  a cell has no zone
            else:
                self.page.write_string(self.row, column, str(value))
        written = {
            key: value
            for key, value in values.items()
            if value is not None and any(key == k for _h, k in self.headings)
        }
        plain = {key: value.isoformat() if isinstance(value, date) else str(value) for key, value in written.items()}
        self._tell(self.row, None, plain, who)
        self.row += 1

    def _of(self, case: Case) -> dict[str, Any]:
        return {"case.number": case.number, "case.station": case.station, "drive": case.drive}

    def _case(self, case: Case) -> None:
        more = {
            "case.sections": f"S. {self.rng.randrange(10, 40)}({self.rng.randrange(1, 5)}) Example Act",
            "case.registered_on": case.registered_on,
            "case.stage": case.stage,
            "remarks": self.rng.choice([None, None, "Transferred to the district", "Devices sent for examination"]),
        }
        self._write(self._of(case) | more, case.accused)

    def _accused(self, case: Case) -> None:
        """Several accused: one cell with all names in some cases, a merged case number above rows of their own in others."""
        if len(case.accused) > 1 and self.rng.random() < 0.3:
            names = " ".join(f"{place}) {one.name.full}" for place, one in enumerate(case.accused, 1))
            self._write(self._of(case) | {"accused.name": names, "dated": case.registered_on}, case.accused)
            return
        first = self.row
        for one in case.accused:
            more = {
                "accused.name": one.name.full,
                "accused.father": draw_name(self.rng, "latin", woman=False).full if self.rng.random() < 0.7 else None,
                "accused.age": one.age,
                "accused.phone": one.phone,
                "accused.email": one.email,
                "dated": case.registered_on + timedelta(days=self.rng.randrange(1, 9)),
            }
            self._write(self._of(case) | more, [one], but=("case.number",) if len(case.accused) > 1 else ())
        if len(case.accused) > 1:
            self.page.merge_range(first, 1, self.row - 1, 1, case.number)

    def _devices(self, case: Case) -> None:
        for place, one in enumerate(case.accused, 1):
            kind, make = self.rng.choices(DEVICES, [6, 2, 2])[0]
            telephone = kind == "Mobile phone"
            more = {
                "accused.name": one.name.full, "device.kind": kind, "device.make": make,
                "device.imei": one.imei if telephone else None,
                "device.serial": None if telephone else f"EX{self.rng.randrange(10**7, 10**8)}",
                "device.exhibit": f"MO-{place}", "device.seized_on": case.registered_on,
                "device.kept_at": self.rng.choice(KEPT),
            }  # fmt: skip
            self._write(self._of(case) | more, [one])

    def _accounts(self, case: Case) -> None:
        number = "".join(chr(0x0D66 + int(sign)) if sign.isdecimal() else sign for sign in case.number)
        for one in case.accused:
            more = {
                "case.number": number if self.rng.random() < 0.2 else case.number, "accused.name": one.name.full,
                "account.service": one.service, "account.user_id": one.user_id, "account.screen_name": one.screen_name,
                "remarks": self.rng.choice([None, None, "Return received from the provider"]),
            }  # fmt: skip
            self._write(self._of(case) | more, [one])
