"""What each form of a report states, as single facts: `[who, field, value]`, for measuring readers (`truth/forms.jsonl`).

`who`: `tip`, a person (`suspect 1`), or a file (`file 2`). An instant is its UTC second and precision (`2026-05-01T10:00:00Z
second`), or its text as written where no UTC can be known. A sighting's facts carry its address and instant, so that a port at
the wrong address is a wrong fact; so do an account's its service. Values are strings, numbers, booleans, or lists of these.
"""

from datetime import datetime
from typing import Any

from paricha.synthetic.leases import utc_text
from paricha.synthetic.people import Subject
from paricha.synthetic.reports import Report, Sighting, Written, places_said
from paricha.synthetic.sheets import CSV_HEADINGS, DIM_HEADINGS, ODS_HEADINGS, XLSX_HEADINGS, SheetReport
from paricha.synthetic.tips_json import PROVIDER_MAIL, address_parts, free_text
from paricha.synthetic.tips_pdf import made_at
from paricha.synthetic.tips_xml import annotations_of

Fact = list[Any]
TIP = "tip"


def instant(at: Written | datetime | None) -> str | None:
    """An instant as a fact's value."""
    if at is None:
        return None
    if isinstance(at, datetime):
        return f"{utc_text(at)} second"
    return f"{at.utc} {at.precision}" if at.utc else at.as_written


def facts_of(seed: int, report: Report, form: str) -> list[Fact]:
    """The facts of a report's `json`, `xml` or `pdf`."""
    made: list[Fact] = [*_tip(seed, report, form), *_reporter(report, form)]
    for who, subject in report.people:
        made += [[who, "person", True], *([] if report.free_text else _person(report, who, subject, form))]
    for number, age in enumerate(report.victims, start=1):
        made += [[f"victim {number}", "person", True], [f"victim {number}", "age", age]]
    if not report.free_text:
        for seen in report.sightings:
            made += sighting_facts(seen.who, seen.address, instant(seen.at), _rest(seen, form))
    made += _files(seed, report, form)
    return [fact for fact in made if fact[2] is not None]


def _tip(seed: int, report: Report, form: str) -> list[Fact]:
    made: list[Fact] = [
        [TIP, "report_number", report.number],
        [TIP, "incident.type", report.incident_type],
        [TIP, "incident.at", instant(report.incident_at)],
        [TIP, "incident.description", report.incident_note],
        [TIP, "escalation", report.escalation],
        *([TIP, "prior", number] for number in ([] if report.free_text and form != "pdf" else report.prior)),
    ]
    if form in ("json", "pdf"):
        made += [
            [TIP, "received_at", instant(report.received)],
            [TIP, "made_available_at", instant(report.made_available)],
            [TIP, "processed_at", instant(report.made_available if form == "json" else made_at(report))],
            [TIP, "priority", report.priority],
            [TIP, "reporter", report.company],
            *([TIP, "free text", text] for text in free_text(report)),
        ]
    if form == "json":
        made.append([TIP, "informational", report.informational])
    if form == "xml":
        made += [[TIP, "mark", name] for name in annotations_of(seed, report)[0]]
        made += (
            [[TIP, "mark", "batched"], [TIP, "mark", "viral"]] if report.batched else []
        )  # its first file says viral
    for place in places_said(report):
        if form == "json" or place["said_by"] == {"pdf": "ncmec", "xml": "esp"}[form]:
            made.append(
                [TIP, "place", [place[k] for k in ("said_by", "address", "country", "region", "city", "organisation")]]
            )
    return made


def _reporter(report: Report, form: str) -> list[Fact]:
    contact = report.esp if report.company != report.esp else None
    return [["reporter 1", "person", True], ["reporter 1", "name", contact], ["reporter 1", "email", PROVIDER_MAIL]]


def _person(report: Report, who: str, subject: Subject, form: str) -> list[Fact]:
    first, *others = report.accounts[who]
    named = report.writing % 7 == 0
    made: list[Fact] = [[who, "name", subject.name.given if named else subject.name.full]]
    if form == "json":
        made.append([who, "name", subject.preferred_name])
    made += [[who, "phone", phone] for phone in subject.phones]
    made += [[who, "email", mail] for mail in subject.emails]
    made.append([who, "age", subject.age if report.writing % 4 == 0 else None])
    if subject.stated_address:
        made.append([who, "address", ", ".join(part for part in address_parts(subject.stated_address) if part)])
    made += [[who, "device", [kind, value]] for kind, value in subject.devices]
    made += account_facts(who, first.service, first.user_id, first.screen_name)
    made += [[who, "display_name", first.display_name], [who, "profile_url", first.profile_url]]
    if form != "pdf" and report.writing % 5 == 1:
        said = [other.screen_name for other in others]
        if form == "json":  # a list of names: one that is said again says nothing more
            said = [name for name in dict.fromkeys(said) if name != first.screen_name]
        made += [fact for name in said for fact in account_facts(who, None, None, name)]
    return made


def account_facts(who: str, service: str | None, user_id: str | None, screen_name: str | None) -> list[Fact]:
    """An account as one fact a stated part, each with the part that names it best."""
    key = user_id or screen_name
    return [
        [who, f"account.{name}", [key, value]]
        for name, value in (("service", service), ("user_id", user_id), ("screen_name", screen_name))
        if value is not None
    ]


def _rest(seen: Sighting, form: str) -> dict[str, Any]:
    event = seen.event if form == "json" else seen.event.title()
    return {"port": seen.port, "event": event, "possible_proxy": seen.possible_proxy}


def sighting_facts(who: str, address: str, at: str | None, rest: dict[str, Any]) -> list[Fact]:
    """A sighting as one fact a stated part, each with address and instant."""
    made: list[Fact] = [[who, "seen", [address, at]]]
    return made + [[who, f"seen.{name}", [address, at, value]] for name, value in rest.items() if value is not None]


def _files(seed: int, report: Report, form: str) -> list[Fact]:
    made: list[Fact] = []
    annotated = annotations_of(seed, report)[1]
    for number, file in enumerate(report.files, start=1):
        who = f"file {number}"
        made += [
            [who, "name", file.name],
            [who, "original_name", file.original_name],
            [who, "hash", ["md5", file.verification_hash]],
            [who, "hash", ["sha1", file.sha1]] if file.sha1 else [who, "hash", None],
            [who, "viewed", file.viewed],
            [who, "public", file.public],
            [who, "classification", file.classification],
        ]
        tags = {"json": file.tags, "xml": annotated[number - 1], "pdf": []}[form]
        made += [[who, "annotation", tag] for tag in tags]
    return made


HEADINGS = {"xlsx": XLSX_HEADINGS, "csv": CSV_HEADINGS, "ods": ODS_HEADINGS}
CELLS = {  # field of a mapping -> who, field of a fact; those of sightings, accounts and files go together
    "report_number": (TIP, "report_number"),
    "received_at": (TIP, "received_at"),
    "priority.stated": (TIP, "priority"),
    "reporter.name": (TIP, "reporter"),
    "incident.type": (TIP, "incident.type"),
    "incident.at": (TIP, "incident.at"),
    "person.names": ("suspect 1", "name"),
    "person.phones": ("suspect 1", "phone"),
    "person.emails": ("suspect 1", "email"),
}


def facts_of_sheet(sheet: SheetReport) -> list[Fact]:
    """The facts of a report's rows in a sheet, each said once."""
    dim = sheet.file.endswith("ambiguous.csv")
    headings = DIM_HEADINGS if dim else HEADINGS[sheet.form]
    made: list[Fact] = [["suspect 1", "person", True]]
    for number, cells in enumerate(sheet.rows, start=1):
        for _, cell, field in headings:
            value = cells.get(cell)
            if field in CELLS and value is not None:
                who, name = CELLS[field]
                made.append([who, name, instant(value) if isinstance(value, datetime) else value])
        made += account_facts("suspect 1", cells["service"], cells["user_id"], None if dim else cells["screen_name"])
        if not dim and cells.get("file"):
            made += [[f"file {number}", "name", cells["file"]], [f"file {number}", "hash", ["md5", cells["md5"]]]]
    for seen in sheet.sightings:
        said = seen["at"]
        at = f"{said['utc']} {said['precision']}" if said["utc"] else said["as_written"]
        made += sighting_facts(seen["who"], seen["address"], at, {"port": seen["port"], "event": seen["event"]})
    once: list[Fact] = []
    for fact in made:
        if fact not in once or fact[1].startswith("seen"):
            once.append(fact)
    return once
