"""Run inside a house: a tip that came as JSON and as a PDF of 11 pages, a second that shares its handle, and a crowded third.

The documents are stored as readers yield them, so that the page is tried without a reader's help. Prints the tips' ids.
"""

import io
import json
from pathlib import Path

from django.conf import settings
from django.db import transaction
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from paricha.access.acting import acting
from paricha.access.keys import officer_of, signer_of
from paricha.access.verbs import FIRST_KEY
from paricha.audit.fields import new_id
from paricha.grounds.instants import Precision, ZoneSource
from paricha.grounds.provenance import LocatorKind
from paricha.intake.document import Account, FileSeen, Hash, Leaf, Person, Seen, Source, TipDocument, Unread, When
from paricha.records import packing, storing
from paricha.records.models import Tip
from paricha.vault import store

MD5 = "0f343b0931126a20f133d67c2b018a3b"
REPORT = {
    "reportId": 990000417, "priority": "2",
    "person": {"handle": "kite_fly_88", "id": "70014418", "name": "അനുമോദ് കെ."},
    "addresses": [{"ip": "203.0.113.47", "port": 51820, "at": "2026-05-01T13:34:11Z"}],
    "file": {"name": "plan.bin", "md5": MD5, "class": "B1"},
}  # fmt: skip
SIGHTINGS = [("203.0.113.47", "51820", "2026-05-01 13:34:11 UTC"), ("198.51.100.9", "40112", "2026-05-01 19:04:11 UTC")]


class Paper:
    """The report as a PDF, and where each named text stands on it: `[page, x0, y0, x1, y1]`."""

    def __init__(self) -> None:
        self.places: dict[str, list[float]] = {}
        self.written = io.BytesIO()
        self.page = canvas.Canvas(self.written, pagesize=A4, invariant=1)
        for number in range(1, 12):
            self.put(f"head{number}", 56, 790, "CyberTipline Report 990000417", 14)
            self.page.drawString(500, 30, f"{number} / 11")
            {3: self.suspect, 4: self.addresses}.get(number, lambda: None)()
            self.page.showPage()
        self.page.save()

    def put(self, name: str, x: float, y: float, text: str, size: int = 10) -> None:
        self.page.setFont("Helvetica", size)
        self.page.drawString(x, y, text)
        width = self.page.stringWidth(text, "Helvetica", size)
        self.places[name] = [self.page.getPageNumber(), x - 1, y - 3, x + width + 1, y + size]

    def suspect(self) -> None:
        self.put("label", 56, 740, "Screen Name:")
        self.put("handle", 130, 740, "kite_fly_88")
        self.put("label2", 56, 724, "Phone:")
        self.put("phone", 130, 724, "+91 00000 00417")
        self.page.setFillColorRGB(0.8, 0.9, 1)
        self.page.rect(56, 560, 200, 120, fill=1)
        self.page.setFillColorRGB(0, 0, 0)
        self.put("odd", 60, 660, "Stamp of an office that no reader knows")

    def addresses(self) -> None:
        for row, (address, port, at) in enumerate(SIGHTINGS):
            y = 700 - 20 * row
            for name, x, text in (("address", 60, address), ("port", 200, port), ("at", 300, at)):
                self.put(f"{name}{row}", x, y, text)
            self.page.line(56, y - 6, 500, y - 6)
        self.put("class", 60, 600, "A1")


def when(text: str, at, utc: int) -> When:
    return When(text, at, utc, Precision.SECOND, ZoneSource.STATED)


def by_json(sha256: str) -> TipDocument:
    seen = when("2026-05-01 13:34:11 UTC", "/addresses/0/at", 1777642451)
    account = Account(None, Leaf("70014418", "/person/id"), Leaf("kite_fly_88", "/person/handle"))
    return TipDocument(
        [Source("json", "cybertip-json/1", sha256, LocatorKind.JSON_POINTER)], "ncmec", "",
        Leaf("990000417", "/reportId"), seen, priority_stated=Leaf("2", "/priority"),
        people=[Person("suspect", 1, [Leaf("അനുമോദ് കെ.", "/person/name")], accounts=[account])],
        sightings=[Seen("person", "suspect 1", Leaf("203.0.113.47", "/addresses/0/ip"), Leaf(51820, "/addresses/0/port"), None, seen)],
        files=[FileSeen(Leaf("plan.bin", "/file/name"), hashes=[Hash("md5", Leaf(MD5, "/file/md5"))],
                        classification=Leaf("B1", "/file/class"))],
        expected=38, read=31,
    )  # fmt: skip


def by_pdf(sha256: str, places: dict[str, list[float]]) -> TipDocument:
    account = Account(None, None, Leaf("kite_fly_88", places["handle"]))
    seen = when("2026-05-01 19:04:11 UTC", places["at1"], 1777662251)
    return TipDocument(
        [Source("pdf", "cybertip-pdf/1", sha256, LocatorKind.PAGE_RECT)], "ncmec", [1, 56, 780, 400, 805],
        Leaf("990000417", places["head1"]),
        people=[Person("suspect", 1, accounts=[account], phones=[Leaf("+91 00000 00417", places["phone"])])],
        sightings=[Seen("person", "suspect 1", Leaf("198.51.100.9", places["address1"]), Leaf(40112, places["port1"]), None, seen)],
        files=[FileSeen(hashes=[Hash("md5", Leaf(MD5, places["class"]))], classification=Leaf("A1", places["class"]))],
        unread=[Unread(places["odd"], "not a field")], expected=38, read=30,
    )  # fmt: skip


def sharing(sha256: str) -> TipDocument:
    account = Account(None, None, Leaf("kite_fly_88", "/person/handle"))
    return TipDocument(
        [Source("json", "cybertip-json/1", sha256, LocatorKind.JSON_POINTER)], "ncmec", "/other", Leaf("990000500", "/reportId"),
        people=[Person("suspect", 1, accounts=[account])],
    )  # fmt: skip


def crowded(sha256: str) -> TipDocument:
    """More of everything than a printed page holds."""
    long = "/reportedInformation/reportedPeople/reportedPersons/0/sourceInformation/sourceCaptures"
    people = [
        Person("suspect", number, [Leaf(f"Name {number} " + "of many words " * 40, f"{long}/{number}/name")],
               accounts=[Account(Leaf("Example Share", long), Leaf(str(number), long), Leaf(f"wide_{number}" * 12, long))],
               phones=[Leaf(f"+91 00000 0{number:04}", long)] * 5, emails=[Leaf(f"k{number}@example.com", long)] * 5,
               addresses=[Leaf("House name, street, post office, " * 12, long)])
        for number in range(1, 9)
    ]  # fmt: skip
    sightings = [
        Seen("person", f"suspect {number % 8 + 1}", Leaf(f"2001:db8:1234:5678:9abc:def0:1234:{number:x}", f"{long}/{number}/value"),
             Leaf(50000 + number, long), Leaf("Upload of a file", long), when("2026-05-01 13:34:11 UTC", long, 1777642451 + number))
        for number in range(60)
    ]  # fmt: skip
    files = [
        FileSeen(Leaf(f"holiday_plan_scan_{number:04}_final_copy_from_the_old_phone.bin", long),
                 hashes=[Hash("sha256", Leaf(f"{number:064x}", long)), Hash("sha1", Leaf(f"{number:040x}", long))] * 2,
                 classification=Leaf("A1", long))
        for number in range(40)
    ]  # fmt: skip
    return TipDocument(
        [Source("json", "cybertip-json/1", sha256, LocatorKind.JSON_POINTER)], "ncmec", "/crowd", Leaf("990000600", "/reportId"),
        incident_description=Leaf("What was told in many words. " * 60, long), people=people, sightings=sightings, files=files,
    )  # fmt: skip


paper = Paper()
home = Path(settings.HOME)
first, key, private = officer_of(home / FIRST_KEY)
with acting("cli", signer_of(key, private)):
    kept_paper = store.keep(paper.written.getvalue(), name="report-990000417.pdf", unit=first.unit).hex
    report = json.dumps(REPORT, ensure_ascii=False, indent=1).encode()
    kept_report = store.keep(report, name="report-990000417.json", unit=first.unit).hex
    dictionary = packing.current()
    for documents in (
        [by_json(kept_report), by_pdf(kept_paper, paper.places)],
        [sharing(kept_report), crowded(kept_report)],
    ):
        with transaction.atomic():
            prepared = [storing.prepare(document, "IN", dictionary) for document in documents]
            storing.store(prepared, batch=new_id(), unit=first.unit, region="IN")
print(json.dumps({tip.report_number: tip.id16.hex() for tip in Tip.objects.all()}))
