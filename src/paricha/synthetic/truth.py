"""The truth files: what a perfect reader, linker and attributor would know, in plain values."""

from pathlib import Path
from typing import Any

from paricha.synthetic.leases import Leases, utc_text
from paricha.synthetic.morning import Dwelling, activity_of, for_a_human
from paricha.synthetic.output import write_jsonl
from paricha.synthetic.people import DOOR_LANES, People, Subject
from paricha.synthetic.reports import Report, Sighting, places_said
from paricha.synthetic.sheets import SheetReport
from paricha.synthetic.tips_json import PROVIDER_MAIL, address_parts, free_text


def sighting_row(sighting: Sighting) -> dict[str, Any]:
    """A sighting as the JSON form says it, and who truly stood behind it."""
    return {
        "who": sighting.who,
        "address": sighting.address,
        "port": sighting.port,
        "event": sighting.event,
        "at": sighting.at.as_truth(),
        "true_utc": utc_text(sighting.at.true_at),
        "possible_proxy": sighting.possible_proxy,
        "operator": sighting.operator,
        "subject": sighting.subject,
        "customer": sighting.lease.customer if sighting.lease else None,
    }


def person_row(report: Report, who: str, subject: Subject) -> dict[str, Any]:
    """A person as the JSON form says him."""
    role, number = who.split()
    if report.free_text:
        return {
            "role": role,
            "number": int(number),
            "subject": subject.key,
            "names": [],
            "ages": [],
            "accounts": [],
            "phones": [],
            "emails": [],
            "addresses": [],
            "devices": [],
            "other_screen_names": [],
        }
    first, *others = report.accounts[who]
    name = subject.name.given if report.writing % 7 == 0 else subject.name.full
    return {
        "role": role,
        "number": int(number),
        "subject": subject.key,
        "names": [name] + ([subject.preferred_name] if subject.preferred_name and report.json else []),
        "ages": [subject.age] if report.json and report.writing % 4 == 0 else [],
        "accounts": [
            {
                "service": first.service,
                "user_id": first.user_id,
                "screen_name": first.screen_name,
                "display_names": [first.display_name] if first.display_name and report.json else [],
                "profile_urls": [first.profile_url] if first.profile_url and report.json else [],
            }
        ],
        "phones": subject.phones if report.json else subject.phones[:1],
        "emails": subject.emails,
        "addresses": [
            ", ".join(p for p in address_parts(a) if p) for a in [subject.stated_address] if a and report.json
        ],
        "devices": devices_row(subject) if report.json else [],
        "other_screen_names": [a.screen_name for a in others] if report.json and report.writing % 5 == 1 else [],
    }


def devices_row(subject: Subject) -> list[dict[str, str]]:
    """The devices a tip names."""
    return [{"id_type": kind, "value": value} for kind, value in subject.devices]


def others_rows(report: Report) -> list[dict[str, Any]]:
    """The provider's contact, and children told by age only."""
    nothing: dict[str, Any] = {
        "subject": None,
        "accounts": [],
        "phones": [],
        "addresses": [],
        "devices": [],
        "other_screen_names": [],
    }
    contact = [report.esp] if report.company != report.esp else []
    rows = [{"role": "reporter", "number": 1, "names": contact, "ages": [], "emails": [PROVIDER_MAIL], **nothing}]
    for number, age in enumerate(report.victims, start=1):
        rows.append({"role": "victim", "number": number, "names": [], "ages": [age], "emails": [], **nothing})
    return rows


def tip_row(report: Report, sheet: SheetReport | None, where: str | None) -> dict[str, Any]:
    """One line of `tips.jsonl`."""
    subject = report.people[0][1]
    people = report.people if report.json else report.people[:1]
    spoken = [sighting_row(s) for s in report.sightings]
    return {
        "report_number": report.number,
        "forms": (["json"] if report.json else []) + ([sheet.form] if sheet else []),
        "files": [f for f in (where, sheet.file if sheet else None) if f],
        "version": 1,
        "received_at": utc_text(report.received),
        "made_available_at": utc_text(report.made_available) if report.json else None,
        "incident": {
            "type": report.incident_type,
            "at": report.incident_at.as_truth(),
            "description": report.incident_note if report.json else None,
        },
        "reporter": {"name": report.company, "esp": report.esp},
        "priority": report.priority,
        "ncmec_classification": report.classification if report.json else None,
        "escalation": report.escalation if report.json else None,
        "informational": report.informational if report.json else None,
        "people": [person_row(report, who, s) for who, s in people] + (others_rows(report) if report.json else []),
        "places": places_said(report) if report.json else [],
        "sightings": spoken if report.json and not report.free_text else [],
        "free_text": free_text(report) if report.json else [],
        "free_text_sightings": spoken if report.free_text else [],
        "files_reported": [
            {
                "name": f.name,
                "original_name": f.original_name if report.json else None,
                "verification_hash": f.verification_hash,
                "sha1": f.sha1 if report.json else None,
                "viewed": f.viewed if report.json else None,
                "public": f.public if report.json else None,
                "classification": f.classification if report.json else None,
                "tags": f.tags if report.json else [],
            }
            for f in report.files
        ],
        "prior_reports": report.prior if report.json and not report.free_text else [],
        "unknown_keys": (
            [f"/{key}" for key in report.extra]
            + (["exampleScore"] if report.writing % 13 == 0 and not report.free_text else [])
        )
        if report.json
        else [],
        "message_text": ["/reportedInformation/incidentDetails/emailIncident/0/contents"]
        if report.json and report.esp == "Example Mail"
        else [],
        "sheet": sheet.as_truth() if sheet else None,
        "conflict_planted": sheet.planted if sheet else None,
        "in_state": subject.in_state,
        "lane": subject.lane,
        "subject": subject.key,
        "outcome": subject.risk,
    }


def subject_row(subject: Subject) -> dict[str, Any]:
    """One line of `subjects.jsonl`."""
    customer = subject.customer
    return {
        "subject": subject.key,
        "lane": subject.lane,
        "name": subject.name.full,
        "script": subject.name.script,
        "age": subject.age,
        "phones": subject.phones,
        "emails": subject.emails,
        "activity": activity_of(subject),
        "in_state": subject.in_state,
        "accounts": [
            {"service": a.service, "user_id": a.user_id, "screen_name": a.screen_name} for a in subject.accounts
        ],
        "devices": devices_row(subject),
        "telegram_id": subject.telegram_id,
        "tips": subject.tips,
        "outcome": subject.risk,
        "customer": customer.id if customer else None,
        "dwelling": customer.dwelling if customer else None,
    }


def door_rows(seed: int, found: list[Dwelling], reports: list[Report]) -> list[dict[str, Any]]:
    """One line a dwelling: which sound sightings lead there, and whether a door there can hold.

    `can_hold`: one account was seen there on two days, at home and not in a hostel. `clear`: besides, nothing there waits
    for a human's decision (`for_a_human`).
    """
    seen: dict[str, list[tuple[str, Sighting]]] = {}
    for report in reports:
        for sighting in [] if report.free_text else report.sightings:
            shown = report.json or (
                sighting.who == "suspect 1" and sighting.at.utc and sighting.at.precision == "second"
            )
            if sighting.lease and shown and _says_whose(report, sighting):
                seen.setdefault(sighting.lease.customer, []).append((report.number, sighting))
    rows = []
    for dwelling in found:
        all_seen = seen.get(dwelling.customer.id, [])
        sound = [
            (n, s)
            for n, s in all_seen
            if s.at.utc
            and s.at.precision == "second"
            and (s.port is not None or ":" in s.address or dwelling.customer.operator in ("tharaka", "thuramukham"))
        ]
        by_account: dict[str, set[str]] = {}
        for _, s in sound:
            by_account.setdefault(str(s.subject), set()).add(utc_text(s.at.true_at)[:10])
        days = max(map(sorted, by_account.values()), key=lambda d: (len(d), d), default=[])
        reasons = for_a_human(seed, dwelling)
        address = dwelling.customer.installation
        assert address
        shared = dwelling.customer.premises in ("hostel", "paying guest", "office")
        why_not = (["fewer than two days"] if len(days) < 2 else []) + (["shared premises"] if shared else [])
        rows.append(
            {
                "dwelling": dwelling.key,
                "customer": dwelling.customer.id,
                "subscriber_id": dwelling.customer.subscriber_id,
                "operator": dwelling.customer.operator,
                "lanes": sorted({s.lane for s in dwelling.subjects}),
                "subjects": [s.key for s in dwelling.subjects],
                "reports": sorted({n for n, _ in sound}),
                "sound_sightings": len(sound),
                "days": days,
                "address": address.text,
                "pin": address.pin,
                "post_office": address.post_office,
                "local_body": address.local_body,
                "district": address.district,
                "station": address.station,
                "premises": dwelling.customer.premises,
                "can_hold": not why_not,
                "why_not": why_not,
                "for_a_human": reasons,
                "clear": not why_not and not reasons,
            }
        )
    return rows


def _says_whose(report: Report, sighting: Sighting) -> bool:
    """Whether the tip says which suspect's doing a sighting is: his own, or a file's where there is one suspect only."""
    suspects = sum(who.startswith("suspect") for who, _ in report.people)
    return sighting.who.startswith("suspect") or (sighting.who.startswith("file") and suspects == 1)


def customer_rows(people: People) -> list[dict[str, Any]]:
    """The operators' customer files."""
    return [
        {
            "customer": c.id,
            "operator": c.operator,
            "subscriber_id": c.subscriber_id,
            "name": c.name,
            "contact": c.contact,
            "email": c.email,
            "connection_type": c.connection_type,
            "allocation": c.allocation,
            "premises": c.premises,
            "activated_on": c.activated_on,
            "installation_address": c.installation.text if c.installation else None,
            "billing_address": c.billing.text,
            "address_since": c.address_since,
            "address_until": c.address_until,
            "imei": c.imei,
            "dwelling": c.dwelling,
            "neighbour": c.neighbour,
            "district": c.installation.district if c.installation else None,
            "pin": c.installation.pin if c.installation else None,
        }
        for c in people.customers
    ]


def write_truth(
    seed: int,
    truth: Path,
    people: People,
    leases: Leases,
    reports: list[Report],
    sheets: list[SheetReport],
    found: list[Dwelling],
    where: dict[str, str],
) -> dict[str, int]:
    """Write tips, subjects, customers, leases and doors; gives totals counted from the rows."""
    by_number = {sheet.report.number: sheet for sheet in sheets}
    tips = [tip_row(r, by_number.get(r.number), where.get(r.number)) for r in reports]
    doors = door_rows(seed, found, reports)
    write_jsonl(truth / "tips.jsonl", tips)
    write_jsonl(truth / "subjects.jsonl", [subject_row(s) for s in people.subjects])
    write_jsonl(truth / "customers.jsonl", customer_rows(people))
    write_jsonl(truth / "doors.jsonl", doors)
    held = write_jsonl(truth / "leases.jsonl", [lease.as_truth() for lease in leases.rows])
    return {
        "tips": len(tips),
        "tips_json": sum("json" in t["forms"] for t in tips),
        "tips_in_sheets": sum(bool(t["sheet"]) for t in tips),
        "tips_only_in_sheets": sum("json" not in t["forms"] for t in tips),
        "conflicts_planted": sum(bool(t["conflict_planted"]) for t in tips),
        "tips_in_state": sum(t["in_state"] for t in tips),
        "sightings": sum(len(t["sightings"]) for t in tips),
        "files_reported": sum(len(t["files_reported"]) for t in tips),
        "subjects": len(people.subjects),
        "customers": len(people.customers),
        "leases": held,
        "dwellings": len(doors),
        "doors_can_hold": sum(d["can_hold"] for d in doors),
        "doors_clear": sum(d["clear"] for d in doors),
        "door_subjects": sum(s.lane in DOOR_LANES for s in people.subjects),
    }
