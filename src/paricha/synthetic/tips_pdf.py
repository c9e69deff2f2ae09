"""Tips as CyberTipline-like PDF (tipline reference 2.3): what the paper says, and the paper made of it by Typst
(and by ReportLab: `tips_pdf_lines`).

    paper = paper_of(report)          # facts → headings, labels with values, tables
    data = typst_pdf(paper, style=0)  # the same paper, same bytes for the same paper and style
    truth = said_by(report)           # what a perfect reader finds in it, in plain values

Three styles stand for producers that differ: labels and values in ruled tables, in open columns, in running lines.
No picture is ever embedded. Labels come from open parsers of the real form; the wording of Section D is made up.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from paricha.synthetic.people import Subject
from paricha.synthetic.reports import Report, ReportedFile, Sighting, Written, geo_place, organisation
from paricha.synthetic.tips_json import PROVIDER_MAIL, address_parts, free_text
from paricha.synthetic.tips_pdf_lines import FONTS, reportlab_pdf

HERE = Path(__file__).parent
TEMPLATE = HERE / "tips_pdf.typ"
STYLES = 3
NOT_PROVIDED = "Information Not Provided"
VIEWED = "Did Reporting ESP view entire contents of uploaded file?"
PUBLIC = "Were entire contents of uploaded file publicly available?"
GEO_HEADINGS = ("IP Address", "Country", "Region", "City", "Postal Code", "Lat/Long", "ISP/Organization", "Type")
_lock = Lock()  # a compiler keeps the inputs of its last call


@dataclass(frozen=True)
class Element:
    """One part of a paper. `kind`: section, heading, pairs, lines, text, table, page."""

    kind: str
    text: str = ""
    rows: list[list[str]] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Paper:
    """A report as a paper says it. `made_at`: when the PDF was generated."""

    number: str
    made_at: datetime
    elements: list[Element]


def clock(at: datetime) -> str:
    """An instant as the form prints it: `2026-03-02 01:30:00 UTC`."""
    return at.strftime("%Y-%m-%d %H:%M:%S UTC")


def printed(at: Written) -> str | None:
    """A reported instant as the form prints it: in UTC where its zone is known, else word for word."""
    if at.utc is None:
        return at.as_written
    text = at.utc.removesuffix("Z").replace("T", " ")
    return (text[:16] if at.precision == "minute" else text) + " UTC"


def made_at(report: Report) -> datetime:
    """When the PDF was generated: two hours after the report was made available."""
    return (report.made_available + timedelta(hours=2)).replace(microsecond=0)


def paper_of(report: Report, *, changed: dict[str, Any] | None = None) -> Paper:
    """What the paper of a report says. `changed` may hold `priority`, `classification` and `made_at`, as for JSON."""
    changed = changed or {}
    at = changed.get("made_at") or made_at(report)
    parts = [*_overview(report, at, changed), Element("page"), *_section_a(report)]
    parts += [Element("page"), *_section_b(report), *_section_c(report, changed), *_section_d()]
    return Paper(report.number, at, parts)


def _overview(report: Report, at: datetime, changed: dict[str, Any]) -> list[Element]:
    summary = f"{len(report.files)} files reported by {report.esp}."
    return [
        Element("heading", f"CyberTipline Report {report.number}"),
        Element("pairs", rows=[
            ["Priority Level:", changed.get("priority", report.priority)],
            ["Received by NCMEC on", clock(report.received)],
            ["Made Available to Law Enforcement on", clock(report.made_available)],
            ["Date PDF Generated:", clock(at)],
            ["Total Uploaded Files:", str(len(report.files))],
            ["Summary of ESP Reported Child Victim Information:", "Verified" if report.victims else NOT_PROVIDED],
        ]),
        Element("heading", "Executive Summary"),
        Element("text", summary),
    ]  # fmt: skip


def _section_a(report: Report) -> list[Element]:
    parts = [
        Element("section", "Section A: Reported Information"),
        Element("heading", "Reporting Electronic Service Provider"),
        Element("pairs", rows=[
            ["Submitter:", report.company],
            ["Contact Name:", report.esp if report.company != report.esp else NOT_PROVIDED],
            ["Business Email:", PROVIDER_MAIL],
        ]),
        Element("heading", "Incident Information"),
        Element("pairs", rows=_stated([
            ["Primary Incident Type:", report.incident_type],
            ["Incident Date/Time:", printed(report.incident_at)],
            ["Description of Incident Date/Time:", report.incident_note],
            ["Escalated to High Priority:", report.escalation],
        ])),
    ]  # fmt: skip
    for who, subject in report.people:
        role, number = who.split()
        parts += [Element("heading", f"{role.title()} {number}"), *_person(report, who, subject)]
    for place, age in enumerate(report.victims, start=1):
        parts += [
            Element("heading", f"Victim {place}"),
            Element("pairs", rows=[["Name:", NOT_PROVIDED], ["Approximate Age:", str(age)]]),
        ]
    for place, file in enumerate(report.files, start=1):
        parts += [Element("heading", f"Uploaded File {place}"), Element("pairs", rows=_file(file))]
        parts += _sightings(report, f"file {place}")
    texts = free_text(report)
    if texts:
        parts += [Element("heading", "Additional Information"), *(Element("text", text) for text in texts)]
    return [*parts, Element("text", "This concludes Section A")]


def _stated(rows: Sequence[Sequence[str | None]]) -> list[list[str]]:
    """Rows as the form prints them: what is not stated says so."""
    return [[str(label), value if value else NOT_PROVIDED] for label, value in rows]


def _person(report: Report, who: str, subject: Subject) -> list[Element]:
    if report.free_text:
        return [Element("pairs", rows=_stated([["Name:", None], ["Screen/User Name:", None]]))]
    account = report.accounts[who][0]
    address = subject.stated_address
    rows: list[list[str | None]] = [["Name:", name_said(report, subject)]]
    rows += [["Mobile Phone:", phone] for phone in subject.phones]
    rows += [["Email Address:", mail] for mail in subject.emails]
    rows += [
        ["Approximate Age:", str(subject.age) if report.writing % 4 == 0 else None],
        ["Screen/User Name:", account.screen_name],
        ["ESP User ID:", account.user_id],
        ["ESP Service:", account.service],
    ]
    rows += [["Display Name:", account.display_name]] if account.display_name else []
    rows += [["Profile URL:", account.profile_url]] if account.profile_url else []
    rows += [["Address:", ", ".join(part for part in address_parts(address) if part)]] if address else []
    rows += [[f"Device ID ({kind}):", value] for kind, value in subject.devices]
    return [Element("pairs", rows=_stated(rows)), *_sightings(report, who)]


def name_said(report: Report, subject: Subject) -> str:
    """The name as the other forms of the report state it."""
    return subject.name.given if report.writing % 7 == 0 else subject.name.full


def _sightings(report: Report, who: str) -> list[Element]:
    """Each sighting as its lines: address and event, port, instant."""
    return [Element("lines", rows=[_sighting(one) for one in report.sightings if one.who == who])]


def _sighting(sighting: Sighting) -> list[str]:
    lines = [f"IP Address: {sighting.address} ({sighting.event.title()})"]
    lines += [f"Port: {sighting.port}"] if sighting.port is not None else []
    lines += (
        ["Possible Proxy: " + ("Yes" if sighting.possible_proxy else "No")]
        if sighting.possible_proxy is not None
        else []
    )
    at = printed(sighting.at)
    return lines + ([at] if at else [])


def _file(file: ReportedFile) -> list[list[str]]:
    said = {True: "Yes", False: "No", None: None}
    rows: list[list[str | None]] = [["Filename:", file.name], ["MD5:", file.verification_hash]]
    rows += [["SHA1:", file.sha1]] if file.sha1 else []
    rows += [["Original Filename:", file.original_name]] if file.original_name else []
    rows += [[VIEWED, said[file.viewed]], [PUBLIC, said[file.public]]]
    rows += [["Image Categorization by ESP:", file.classification]]
    return _stated(rows)


def _section_b(report: Report) -> list[Element]:
    parts = [Element("section", "Section B: Automated Information Added by NCMEC Systems")]
    subjects = {subject.key: subject for _, subject in report.people}
    for title, whos in _groups(report):
        rows = [_geo_row(one, subjects.get(one.subject or "")) for one in report.sightings if one.who in whos]
        if rows and not report.free_text:
            parts += [
                Element("heading", f"IP Geo-Lookup ({title})"),
                Element("table", rows=rows, headings=list(GEO_HEADINGS)),
            ]
    if report.prior:
        parts.append(Element("heading", "Deconfliction"))
        parts.append(Element("lines", rows=[[f"CyberTipline Report {number}" for number in report.prior]]))
    return parts


def _groups(report: Report) -> list[tuple[str, list[str]]]:
    people = [(who.title(), [who]) for who, _ in report.people]
    return [*people, ("Uploaded Files", [f"file {n}" for n in range(1, len(report.files) + 1)])]


def _geo_row(sighting: Sighting, subject: Subject | None) -> list[str]:
    place = geo_place(sighting, subject)
    said = [
        sighting.address,
        place["country"],
        place["region"],
        place["city"],
        None,
        None,
        organisation(sighting),
        "ISP",
    ]
    return [part or "N/A" for part in said]


def _section_c(report: Report, changed: dict[str, Any]) -> list[Element]:
    return [
        Element("section", "Section C: Additional Information Provided by NCMEC"),
        Element("pairs", rows=[
            ["NCMEC Classification:", changed.get("classification", report.classification)],
            ["International Country:", "India"],
            ["NCMEC Note:", "Made-up tip of a made-up State."],
        ]),
    ]  # fmt: skip


def _section_d() -> list[Element]:
    return [
        Element("section", "Section D: Law Enforcement Contact Information"),
        Element("pairs", rows=[["Agency:", "Kadalnadu Police"], ["Referral Type:", "International"]]),
    ]


def said_by(report: Report, *, changed: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the paper of a report states, in plain values; an instant as its text on the paper and its UTC."""
    changed = changed or {}
    free = report.free_text
    contact = [report.esp] if report.company != report.esp else []
    people: list[dict[str, Any]] = [{"who": "reporter 1", "names": contact, "emails": [PROVIDER_MAIL], "phones": [], "ages": [],
               "addresses": [], "devices": [], "accounts": []}]  # fmt: skip
    people += [_person_said(report, who, subject) for who, subject in report.people]
    for number, age in enumerate(report.victims, start=1):
        people.append({"who": f"victim {number}", "names": [], "emails": [], "phones": [], "ages": [age],
                       "addresses": [], "devices": [], "accounts": []})  # fmt: skip
    subjects = {subject.key: subject for _, subject in report.people}
    order = {who: place for place, (_, whos) in enumerate(_groups(report)) for who in whos}
    seen = [] if free else sorted(report.sightings, key=lambda one: order[one.who])
    return {
        "report_number": report.number,
        "received_at": clock(report.received),
        "made_available_at": clock(report.made_available),
        "processed_at": clock(changed.get("made_at") or made_at(report)),
        "priority": changed.get("priority", report.priority),
        "incident_type": report.incident_type,
        "incident_at": printed(report.incident_at),
        "incident_description": report.incident_note,
        "escalation": report.escalation,
        "reporter_name": report.company,
        "people": people,
        "sightings": [
            {"who": one.who, "address": one.address, "port": one.port, "event": one.event.title(),
             "at": printed(one.at), "possible_proxy": one.possible_proxy}
            for one in seen
        ],
        "files": [
            {"name": one.name, "original_name": one.original_name, "viewed": one.viewed, "public": one.public,
             "hashes": sorted([one.verification_hash] + ([one.sha1] if one.sha1 else [])),
             "classification": one.classification}
            for one in report.files
        ],
        "places": [
            {"address": one.address, **geo_place(one, subjects.get(one.subject or "")), "organisation": organisation(one)}
            for one in seen
        ],
        "prior_reports": list(report.prior),
    }  # fmt: skip


def _person_said(report: Report, who: str, subject: Subject) -> dict[str, Any]:
    if report.free_text:
        return {"who": who, "names": [], "emails": [], "phones": [], "ages": [], "addresses": [], "devices": [],
                "accounts": []}  # fmt: skip
    account, address = report.accounts[who][0], subject.stated_address
    return {
        "who": who,
        "names": [name_said(report, subject)],
        "emails": list(subject.emails),
        "phones": list(subject.phones),
        "ages": [subject.age] if report.writing % 4 == 0 else [],
        "addresses": [", ".join(part for part in address_parts(address) if part)] if address else [],
        "devices": [[kind, value] for kind, value in subject.devices],
        "accounts": [
            {
                "service": account.service,
                "user_id": account.user_id,
                "screen_name": account.screen_name,
                "display_names": [account.display_name] if account.display_name else [],
                "profile_urls": [account.profile_url] if account.profile_url else [],
            }
        ],
    }


@cache
def _compiler() -> typst.Compiler:
    """The compiler, kept: loading fonts costs more than a paper."""
    if not any(FONTS.glob("*.ttf")):
        raise RuntimeError(f"no fonts in {FONTS}; run tools/build_front.py")
    return typst.Compiler(input=str(TEMPLATE), root=str(HERE), font_paths=[str(FONTS)], ignore_system_fonts=True)


def typst_pdf(paper: Paper, style: int = 0) -> bytes:
    """The paper as PDF. `style`: 0 ruled tables, 1 open columns, 2 running lines."""
    parts = [{"kind": e.kind, "text": e.text, "rows": e.rows, "headings": e.headings} for e in paper.elements]
    at = paper.made_at
    stamp = [at.year, at.month, at.day, at.hour, at.minute, at.second]
    data = {"number": paper.number, "made_at": clock(at), "stamp": stamp, "style": style % STYLES, "parts": parts}
    with _lock:
        made = _compiler().compile(
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False, sort_keys=True)},
            timestamp=int(at.timestamp()),
        )
    assert isinstance(made, bytes)
    return made


def report_pdf(report: Report, *, changed: dict[str, Any] | None = None) -> bytes:
    """A report as PDF by the producer and in the style that it draws: what the State's output writes.

    ReportLab joins no letters of Malayalam and Hindi, so it writes those of Latin names only.
    """
    paper = paper_of(report, changed=changed)
    if report.writing % 4 == 3 and all(subject.name.script == "latin" for _, subject in report.people):
        return reportlab_pdf(paper)
    return typst_pdf(paper, report.writing % STYLES)
