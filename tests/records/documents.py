"""Small documents made by hand, as a reader would yield them: made-up names, documentation addresses."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from paricha.grounds.instants import Precision, ZoneSource, from_utc_text
from paricha.grounds.provenance import LocatorKind
from paricha.intake.document import Account, FileSeen, Hash, Leaf, Person, Seen, Source, TipDocument, When


def when(text: str | None, at: str = "/at", precision: Precision = Precision.SECOND) -> When | None:
    """`2026-05-01T10:00:00Z`, or a writing without a zone, which has no instant."""
    if text is None:
        return None
    try:
        utc = int(from_utc_text(text).timestamp())
    except ValueError:
        return When(text, at, None, None, ZoneSource.NONE)
    return When(text, at, utc, precision, ZoneSource.STATED)


def leaf(value, at: str = "/x") -> Leaf | None:
    return None if value is None else Leaf(value, at)


def seen(
    address: str, at: str | None = None, port: int | None = None, event: str | None = None, who: str = "suspect 1"
) -> Seen:
    return Seen("person", who, leaf(address), leaf(port), leaf(event), when(at))


def file(name: str | None = None, md5: str | None = None, **given) -> FileSeen:
    hashes = [Hash("md5", Leaf(md5, "/hash"))] if md5 else []
    return FileSeen(name=leaf(name), hashes=hashes, **{field: leaf(value) for field, value in given.items()})


def suspect(number: int = 1, *, handle=None, user_id=None, service=None, names=(), phones=(), emails=()) -> Person:
    account = Account(leaf(service), leaf(user_id), leaf(handle))
    return Person(
        "suspect", number, [Leaf(name, "/name") for name in names],
        accounts=[account] if handle or user_id or service else [],
        phones=[Leaf(phone, "/phone") for phone in phones], emails=[Leaf(email, "/email") for email in emails],
    )  # fmt: skip


def tip(number: str | None = "990000001", form: str = "json", original: str | None = None, **given) -> TipDocument:
    """A tip's document; `original`: a word of which the hash is made, else of form and number."""
    sha256 = hashlib.sha256((original or f"{form}{number}").encode()).hexdigest()
    kind = LocatorKind.JSON_POINTER if form == "json" else LocatorKind.CELL
    return TipDocument(
        sources=[Source(form, f"made-{form}/1", sha256, kind)], giver="ncmec", place=f"/{number}",
        report_number=leaf(number), **given,
    )  # fmt: skip


def report(number: int, *, handle: str = "kite_fly_88", phone: str = "+91 00000 00417", address: str = "203.0.113.47",
           at: str = "2026-05-01T13:34:11Z", priority: str = "2", made: str = "2026-05-03T08:00:00Z", **more) -> dict:  # fmt: skip
    """A report as law enforcement gets it in JSON (reference tipline 2.2), with few fields."""
    return {
        "reportId": number,
        "dateReceived": "2026-05-02T08:00:00Z",
        "dateMadeAvailable": made,
        "reportedInformation": {
            "reportingEsp": {"espName": "Example Share"},
            "incidentSummary": {"incidentType": "Upload", "incidentDateTime": at, **more.get("summary", {})},
            "reportedPeople": {
                "reportedPersons": [
                    {
                        "firstName": "അനുമോദ്", "lastName": "കെ", "espUserId": str(70_000_000 + number),
                        "screenName": {"value": handle}, "phones": [{"value": phone}],
                        "sourceInformation": {"sourceCaptures": [
                            {"captureType": "IP Address", "value": address, "eventName": "UPLOAD", "dateTime": at, "port": 51820}
                        ]},
                    }
                ]
            },
            "uploadedFiles": [{"filename": "holiday_plan.bin", "verificationHash": f"{number:032x}"}],
        },
        "additionalNcmecInformation": {"priority": {"priorityId": priority}},
    }  # fmt: skip


def write_reports(folder: Path, *numbers: int, **given) -> Path:
    """One file a report."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        (folder / f"report-{number}.json").write_text(json.dumps(report(number, **given), ensure_ascii=False))
    return folder
