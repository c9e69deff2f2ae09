"""The PDF reader against made-up papers of three producers: nothing wrong, nothing missing, each value found at its place."""

import re
import shutil
from functools import cache
from pathlib import Path

import pytest

from paricha.intake.document import TipDocument, When, leaves
from paricha.intake.pdf.rectangles import text_in
from paricha.intake.reading import FileReading, read_bytes
from paricha.synthetic.geography import Geography
from paricha.synthetic.leases import Leases
from paricha.synthetic.people import People
from paricha.synthetic.reports import Report, Reports
from paricha.synthetic.tips_pdf import Element, Paper, made_at, paper_of, said_by, typst_pdf
from paricha.synthetic.tips_pdf_lines import reportlab_pdf
from tests.readers import pdf_layouts
from tests.readers.pdf_truth import compared

SHA = "ab" * 32


@cache
def reports() -> list[Report]:
    places = Geography(7)
    people = People(7, 40, places)
    return Reports(7, 40, people, places, Leases(7, people)).rows


def read(data: bytes) -> FileReading:
    return read_bytes(data, name="report.pdf", sha256=SHA)


def tip_of(data: bytes) -> TipDocument:
    reading = read(data)
    assert reading.refusals == []
    (tip,) = reading.documents
    assert isinstance(tip, TipDocument)
    return tip


def check_all(made: list[tuple[Report, bytes]]) -> None:
    wrong, missing, facts = [], [], 0
    for report, data in made:
        tip = tip_of(data)
        more, less, count = compared(tip, said_by(report))
        wrong, missing, facts = wrong + more, missing + less, facts + count
        opens_at_its_places(tip, data)
    assert wrong == []
    assert len(missing) <= 0.01 * facts, missing


def opens_at_its_places(tip: TipDocument, data: bytes) -> None:
    for leaf in leaves(tip):
        said = leaf.as_written if isinstance(leaf, When) else leaf.value
        text = text_in(data, leaf.at)
        assert text is not None
        if isinstance(said, bool):
            assert text.casefold() == ("yes" if said else "no")
            continue
        plain = [re.sub(r"\s+", "", str(side)) for side in (said, text)]
        assert plain[0] in plain[1], (said, text, leaf.at)
        assert len(plain[1]) <= len(plain[0]) + 60, (said, text)


@pytest.mark.parametrize("style", [0, 1, 2])
def test_every_fact_of_a_typst_paper_is_read_and_none_is_wrong(style):
    check_all([(report, typst_pdf(paper_of(report), style)) for report in reports()[style::6]])


def test_every_fact_of_a_reportlab_paper_is_read_and_none_is_wrong():
    check_all([(report, reportlab_pdf(paper_of(report))) for report in reports()[:3]])


@pytest.mark.skipif(pdf_layouts.CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext, the second reader of Indian letters, is not installed"
)
def test_every_fact_of_a_chromium_paper_is_read_and_none_is_wrong(tmp_path: Path):
    chosen = reports()[:4]
    data = pdf_layouts.chromium_pdfs([paper_of(report) for report in chosen], tmp_path)
    check_all(list(zip(chosen, data, strict=True)))


def paper(*elements: Element) -> Paper:
    return Paper("990000999", made_at(reports()[0]), list(elements))


def test_forty_two_pages_of_people_and_look_ups_are_read_whole():
    """200 addresses of 20 people in tables over page ends, 60 files: the stress case of the reference."""
    parts = [Element("heading", "CyberTipline Report 990000999"), Element("section", "Section A: Reported Information")]
    for number in range(1, 21):
        role = "Suspect" if number <= 12 else "Recipient"
        parts.append(Element("heading", f"{role} {number if number <= 12 else number - 12}"))
        parts.append(Element("pairs", rows=[["Name:", f"Person {number}"], ["Screen/User Name:", f"user_{number}"]]))
        lines = [
            [f"IP Address: 198.18.{number}.{i} (Login)", f"Port: {2000 + i}", f"2026-03-{i + 1:02d} 01:02:03 UTC"]
            for i in range(10)
        ]
        parts.append(Element("lines", rows=lines))
    for number in range(60):
        rows = [["Filename:", f"file-{number:03d}.jpg"], ["MD5:", f"{number:032x}"]]
        parts += [Element("heading", f"Uploaded File {number + 1}"), Element("pairs", rows=rows), Element("text", "—")]
        parts += [Element("page")] if number % 2 else []
    parts.append(Element("section", "Section B: Automated Information Added by NCMEC Systems"))
    parts.append(Element("heading", "IP Geo-Lookup (Suspect 1)"))
    rows = [[f"198.18.{n}.{i}", "IN", "Kadalnadu", "North Puthen Thura", "N/A", "N/A", "Tharaka Fibre", "ISP"]
            for n in range(1, 21) for i in range(10)]  # fmt: skip
    parts.append(
        Element(
            "table", rows=rows, headings=["IP", "Country", "Region", "City", "Postal Code", "Lat/Long", "ISP", "Type"]
        )
    )
    data = typst_pdf(paper(*parts), 2)
    tip = tip_of(data)
    assert len(re.findall(rb"/Type\s*/Page\b", data)) >= 42
    assert [person.who for person in tip.people][11:13] == ["suspect 12", "recipient 1"]
    assert len(tip.sightings) == 200
    assert {(s.who, s.port.value) for s in tip.sightings if s.address.value.startswith("198.18.13.")} == {
        ("recipient 1", 2000 + i) for i in range(10)
    }
    assert [file.name.value for file in tip.files] == [f"file-{number:03d}.jpg" for number in range(60)]
    assert [int(str(file.hashes[0].value.value), 16) for file in tip.files] == list(range(60))
    assert [place.address.value for place in tip.places] == [row[0] for row in rows]
    assert {place.city.value for place in tip.places} == {"North Puthen Thura"}


@pytest.mark.parametrize("style", [0, 1, 2])
def test_a_long_name_is_joined_without_a_blank_and_a_wrapped_label_is_one(style):
    name = "IMG_20260302_" + "-".join(f"part{n:02d}" for n in range(24)) + ".jpeg"
    url = "https://share.example.com/u/" + "/".join(f"folder{n:02d}" for n in range(20))
    text = "Neutral words that go on for more than a line so that they must be wrapped " * 2 + "and end here"
    data = typst_pdf(
        paper(
            Element("section", "Section A: Reported Information"),
            Element("pairs", rows=[["Priority Level:", "2"], ["Submitter:", "Example Share"]]),
            Element("heading", "Incident Information"),
            Element("pairs", rows=[["Description of Incident Date/Time:", text]]),
            Element("heading", "Suspect 1"),
            Element("pairs", rows=[["Profile URL:", url], ["Screen/User Name:", "someone"]]),
            Element("heading", "Uploaded File 1"),
            Element("pairs", rows=[
                ["Filename:", name], ["MD5:", "0" * 32],
                ["Did Reporting ESP view entire contents of uploaded file?", "No"],
            ]),
        ),
        style,
    )  # fmt: skip
    tip = tip_of(data)
    assert tip.files[0].name.value == name
    assert tip.files[0].viewed_by_reporter.value is False
    assert tip.people[0].accounts[0].profile_urls[0].value == url
    assert tip.people[0].accounts[0].screen_name.value == "someone"
    assert tip.incident_description.value == text
    opens_at_its_places(tip, data)


def test_what_no_label_explains_is_an_unread_block_and_never_a_value():
    data = typst_pdf(
        paper(
            Element("section", "Section A: Reported Information"),
            Element("heading", "Suspect 1"),
            Element("pairs", rows=[["Name:", "Anoop Example"], ["Favourite Colour:", "green"], ["Port:", "70000"]]),
            Element("text", "A line that stands alone."),
            Element("pairs", rows=[["Phone Number:", "N/A"], ["Approximate Age:", "about forty"]]),
        )
    )
    tip = tip_of(data)
    assert [one.why for one in tip.unread] == ["unknown label", "not a port", "unknown text", "not an age"]
    said = [text_in(data, one.at) for one in tip.unread]
    assert said == ["Favourite Colour: green", "70000", "A line that stands alone.", "about forty"]
    assert tip.people[0].names[0].value == "Anoop Example"
    assert (tip.people[0].phones, tip.people[0].ages) == ([], [])


def test_the_classification_of_section_c_is_not_the_incident_type_and_the_pdf_date_is_no_date_of_the_tip():
    data = typst_pdf(
        paper(
            Element("pairs", rows=[["Date PDF Generated:", "2026-03-09 10:00:00 UTC"], ["Priority Level:", "E"]]),
            Element("section", "Section C: Additional Information Provided by NCMEC"),
            Element("pairs", rows=[["Incident Type:", "Auto-referred International"]]),
        )
    )
    tip = tip_of(data)
    assert tip.incident_type is None
    assert [(note.field, note.leaf.value) for note in tip.other] == [
        ("ncmecClassification", "Auto-referred International")
    ]
    assert (tip.received_at, tip.made_available_at, tip.incident_at) == (None, None, None)
    assert tip.processed_at.as_written == "2026-03-09 10:00:00 UTC"
    assert tip.priority_stated.value == "E"


def test_an_absent_port_or_time_is_not_borrowed_from_a_neighbour():
    lines = [["IP Address: 192.0.2.1 (Login)"], ["IP Address: 192.0.2.2 (Upload)", "Port: 443", "2026-03-02 01:02:03 UTC"],
             ["IP Address: 192.0.2.3"], ["IP Address: 2001:db8::7 (Login)", "2026-03-02 05:06:07"]]  # fmt: skip
    data = typst_pdf(
        paper(Element("section", "Section A: x"), Element("heading", "Suspect 2"), Element("lines", rows=lines))
    )
    tip = tip_of(data)
    seen = [
        (
            s.who,
            s.address.value,
            s.port and s.port.value,
            s.event and s.event.value,
            s.at and (s.at.as_written, s.at.utc is None),
        )
        for s in tip.sightings
    ]
    assert seen == [
        ("suspect 2", "192.0.2.1", None, "Login", None),
        ("suspect 2", "192.0.2.2", 443, "Upload", ("2026-03-02 01:02:03 UTC", False)),
        ("suspect 2", "192.0.2.3", None, None, None),
        ("suspect 2", "2001:db8::7", None, "Login", ("2026-03-02 05:06:07", True)),
    ]
