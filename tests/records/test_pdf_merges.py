"""One report as JSON and as PDF is one tip of two forms, and what they both say is no conflict."""

import json

from paricha.intake.document import TipDocument
from paricha.intake.reading import read_bytes
from paricha.records.merging import merged
from paricha.records.versions import Delivery
from paricha.synthetic.geography import Geography
from paricha.synthetic.leases import Leases
from paricha.synthetic.people import People
from paricha.synthetic.reports import Reports
from paricha.synthetic.tips_json import Writer
from paricha.synthetic.tips_pdf import report_pdf


def document(data: bytes, name: str, sha256: str) -> TipDocument:
    (tip,) = read_bytes(data, name=name, sha256=sha256).documents
    assert isinstance(tip, TipDocument)
    return tip


def test_a_report_as_json_and_pdf_is_one_tip_without_false_conflicts():
    places = Geography(11)
    people = People(11, 24, places)
    for report in Reports(11, 24, people, places, Leases(11, people)).rows[:5]:
        as_json = document(json.dumps(Writer(11, report).document()).encode(), "a.json", "1" * 64)
        as_pdf = document(report_pdf(report), "a.pdf", "2" * 64)
        assert as_pdf.report_number is not None and as_json.report_number is not None
        assert as_pdf.report_number.value == as_json.report_number.value
        both = merged([Delivery(1, b"x" * 16, as_json), Delivery(2, b"x" * 16, as_pdf)])
        assert both.conflicts == []
        assert both.standing.version == 1
        assert [source.form for source in both.document.sources] == ["json", "pdf"]
        assert len(both.document.sightings) == len(as_json.sightings)
        assert len(both.document.files) == len(as_json.files)
        assert len(both.document.places) <= max(len(as_json.places), len(as_pdf.places)) + 1
        assert [(one.who, len(one.accounts)) for one in both.document.people] == [
            (one.who, len(one.accounts)) for one in as_json.people
        ]
        for one in both.document.people:
            assert len(one.names) <= 2 and len({leaf.value for leaf in one.names}) == len(one.names)
