"""One report of the made-up State as JSON and as XML: one tip of both, and nothing differs."""

import hashlib
import json
from dataclasses import replace

import pytest

from paricha.intake.document import TipDocument
from paricha.intake.reading import read_bytes
from paricha.records.deriving import tip_id
from paricha.records.merging import merged
from paricha.records.versions import Delivery
from paricha.synthetic.geography import Geography
from paricha.synthetic.leases import Leases
from paricha.synthetic.people import People
from paricha.synthetic.reports import Reports
from paricha.synthetic.tips_json import Writer
from paricha.synthetic.tips_xml import annotations_of, file_details_xml, report_xml, style_of

SEED, BATCH = 3, b"b" * 16


@pytest.fixture(scope="module")
def reports():
    places = Geography(SEED)
    people = People(SEED, 70, places)
    return Reports(SEED, 70, people, places, Leases(SEED, people)).rows


def one(data: bytes) -> TipDocument:
    reading = read_bytes(data, name="a", sha256=hashlib.sha256(data).hexdigest())
    assert reading.refusals == [] and reading.unread == []
    (tip,) = reading.documents
    return tip


def both(report) -> tuple[TipDocument, list[TipDocument]]:
    """The report as JSON, and as XML with its files in their own file where its style says so."""
    style = style_of(SEED, report)
    xml = [report_xml(SEED, report, style)]
    apart = file_details_xml(SEED, report, style) if style.files == "own" else None
    return one(json.dumps(Writer(SEED, report).document()).encode()), [one(data) for data in [*xml, apart] if data]


def values(found) -> list[object]:
    return [leaf.value for leaf in found]


def test_both_forms_merge_into_one_tip_without_a_conflict(reports):
    for report in reports:
        from_json, from_xml = both(report)
        assert {tip_id(from_json)} == {tip_id(one) for one in from_xml}
        made = merged([Delivery(n, BATCH, one) for n, one in enumerate([from_json, *from_xml], 1)])
        assert (made.conflicts, made.standing.version, made.standing.replaced) == ([], 1, [])
        tip = made.document
        assert len(tip.people) == len(from_json.people) and len(tip.files) == len(report.files)
        assert len(tip.sightings) == len(merged([Delivery(1, BATCH, from_json)]).document.sightings)
        for person, alone in zip(tip.people, from_json.people, strict=True):
            assert (person.who, len(person.accounts)) == (alone.who, len(alone.accounts))
            assert values(person.phones) == values(alone.phones) and values(person.emails) == values(alone.emails)
            assert values(person.addresses) == values(alone.addresses) and values(person.ages) == values(alone.ages)
            assert len(person.devices) == len(alone.devices)


def test_either_form_alone_says_what_the_report_says(reports):
    for report in reports:
        _from_json, documents = both(report)
        tip = documents[0]
        assert (tip.report_number.value, tip.incident_type.value) == (report.number, report.incident_type)
        assert (tip.incident_at and tip.incident_at.as_written) == report.incident_at.as_written
        assert (tip.escalation and tip.escalation.value) == report.escalation
        files = [file for document in documents for file in document.files]
        assert [file.name.value for file in files] == [file.name for file in report.files]
        assert [values([h.value for h in file.hashes]) for file in files] == [
            [file.verification_hash] + [file.sha1] * bool(file.sha1) for file in report.files
        ]
        assert [values(file.annotations) for file in files] == annotations_of(SEED, report)[1]
        assert [file.viewed_by_reporter and file.viewed_by_reporter.value for file in files] == [
            file.viewed for file in report.files
        ]
        if not report.free_text:
            assert sorted(seen.address.value for document in documents for seen in document.sightings) == sorted(
                seen.address for seen in report.sightings
            )
        assert {block.why for document in documents for block in document.unread} <= {"unknown tag"}


def test_the_styles_of_one_report_read_alike(reports):
    from paricha.records.comparing import content

    report = max(reports, key=lambda one: (not one.free_text, len(one.files), len(one.people)))
    style = replace(style_of(SEED, report), files="beside", empty_tags=True)
    said = [
        content(
            one(
                report_xml(
                    SEED, report, replace(style, namespace=space, root="response", indented=indented, encoding=code)
                )
            )
        )
        for space in ("none", "default", "prefix")
        for indented in (True, False)
        for code in ("utf-8", "utf-16")
    ]
    assert all(each == said[0] for each in said)
