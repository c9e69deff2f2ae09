"""The XML tips read back by the standard library, by eyes of this test alone, and held against the report's own facts."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from paricha.synthetic.geography import Geography
from paricha.synthetic.leases import Leases
from paricha.synthetic.people import People
from paricha.synthetic.reports import Reports
from paricha.synthetic.tips_xml import (
    XmlStyle,
    annotations_of,
    file_details_xml,
    plain_style,
    report_xml,
    reports_xml,
    style_of,
)

SEED = 5


def reports_of(seed: int = SEED, tips: int = 80):
    places = Geography(seed)
    people = People(seed, tips, places)
    return Reports(seed, tips, people, places, Leases(seed, people)).rows


@pytest.fixture(scope="module")
def reports():
    made = reports_of()
    made[3].batched = "viral"
    return made


def tree(data: bytes) -> ElementTree.Element:
    """The tree, its namespaces left out."""
    root = ElementTree.fromstring(data)
    for each in root.iter():
        each.tag = each.tag.rpartition("}")[2]
    return root


def texts(root: ElementTree.Element, path: str) -> list[str]:
    found = [(each.text or "").strip() for each in root.findall(path)]
    return [text for text in found if text and text != "N/A"]


def test_the_same_seed_gives_the_same_bytes(reports):
    again = reports_of()
    again[3].batched = "viral"
    assert [report_xml(SEED, one, style_of(SEED, one)) for one in reports] == [
        report_xml(SEED, one, style_of(SEED, one)) for one in again
    ]


def test_every_style_is_drawn(reports):
    styles = [style_of(SEED, one) for one in reports]
    assert {style.namespace for style in styles} == {"none", "default", "prefix"}
    assert {style.files for style in styles} == {"inside", "beside", "own"}
    assert {(style.root, style.empty_tags) for style in styles} == {
        (root, empty) for root in ("report", "response") for empty in (True, False)
    }


def test_people_sightings_and_files_are_those_of_the_report(reports):
    for report in reports:
        root = tree(report_xml(SEED, report, replace(style_of(SEED, report), files="inside")))
        assert set(texts(root, ".//reportId")) == {report.number}
        assert texts(root, ".//incidentType") == [report.incident_type]
        assert texts(root, ".//fileName") == [file.name for file in report.files]
        assert texts(root, ".//originalFileHash[@hashType='MD5']") == [file.verification_hash for file in report.files]
        assert texts(root, ".//victimPerson/age") == [str(age) for age in report.victims]
        if report.free_text:
            assert texts(root, ".//espIdentifier") == texts(root, ".//ipAddress") == []
            assert len(texts(root, ".//report/additionalInfo") + texts(root, "./additionalInfo")) == 1
            continue
        for who, name in (("suspect", "personOrUserReported"), ("recipient", "intendedRecipient")):
            people = [(key, one) for key, one in report.people if key.startswith(who)]
            found = root.findall(f".//{name}")
            assert len(found) == len(people)
            for element, (key, subject) in zip(found, people, strict=True):
                assert texts(element, "./espIdentifier") == [report.accounts[key][0].user_id]
                assert texts(element, "./*/phone") == subject.phones and texts(element, "./*/email") == subject.emails
                seen = [(s.address, s.port, s.at.as_written) for s in report.sightings if s.who == key]
                assert [captured(one) for one in element.findall("./ipCaptureEvent")] == seen


def captured(element: ElementTree.Element):
    stated = {child.tag: (child.text or "").strip() for child in element}
    at = stated.get("dateTime") or None
    return stated["ipAddress"], int(stated["port"]) if "port" in stated else None, None if at == "N/A" else at


@pytest.mark.parametrize("empty_tags", [True, False])
def test_annotations_in_both_styles_say_what_the_truth_says(reports, empty_tags):
    denied = 0
    for report in reports:
        root = tree(report_xml(SEED, report, XmlStyle(empty_tags=empty_tags)))
        of_report, of_files = annotations_of(SEED, report)
        assert stated(root.find(".//reportAnnotations")) == of_report
        assert [stated(one.find("./fileAnnotations")) for one in root.findall(".//fileDetails")] == of_files
        denied += sum(text == "false" for text in texts(root, ".//fileAnnotations/*"))
    assert (denied > 0) is not empty_tags


def stated(element: ElementTree.Element | None) -> list[str]:
    return [] if element is None else [one.tag for one in element if (one.text or "true") == "true"]


def test_a_batch_says_so(reports):
    root = tree(report_xml(SEED, reports[3], XmlStyle()))
    assert root.find(".//batchedReport").get("reason") == "VIRAL_POTENTIAL_MEME"
    assert not reports[3].files or "viral" in annotations_of(SEED, reports[3])[1][0]


def test_files_may_come_apart_and_many_reports_together(reports):
    style = XmlStyle(files="own", namespace="prefix")
    with_files = next(one for one in reports if len(one.files) > 1)
    alone = next(one for one in reports if not one.files)
    assert tree(report_xml(SEED, with_files, style)).findall(".//fileDetails") == []
    details = tree(file_details_xml(SEED, with_files, style))
    assert texts(details, "./fileDetails/reportId") == [with_files.number] * len(with_files.files)
    assert file_details_xml(SEED, alone, style) is None
    many = tree(reports_xml(SEED, reports, style))
    assert len(many.findall(".//report")) == len(reports)
    assert len(many.findall("./fileDetails")) == sum(len(one.files) for one in reports)


def test_a_plain_style_has_neither_mark_nor_namespace(reports):
    style = plain_style(style_of(SEED, reports[0]))
    assert report_xml(SEED, reports[0], style).startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<')
    assert b"xmlns" not in report_xml(SEED, reports[0], style)


def test_addresses_and_mail_are_made_up(reports):
    text = b"".join(report_xml(SEED, one, XmlStyle()) for one in reports).decode()
    assert {mail.rpartition("@")[2] for mail in re.findall(r"[\w.+-]+@[\w.-]+\w", text)} <= {"example.com"}
