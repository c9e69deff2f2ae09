"""Every leaf of the XML stands where its XPath says: one node by an outside evaluator, its text by `locate`."""

import hashlib
import re

import pytest
from lxml import etree

from paricha.grounds.refusals import Refused
from paricha.intake import locating  # noqa: F401  registers the kinds
from paricha.intake.document import Leaf, When, leaves
from paricha.intake.reading import read_bytes
from paricha.intake.xml_places import WHOLE_UP_TO, node_at, open_at
from paricha.synthetic.geography import Geography
from paricha.synthetic.leases import Leases
from paricha.synthetic.people import People
from paricha.synthetic.reports import Reports
from paricha.synthetic.tips_xml import report_xml, style_of
from paricha.vault.locating import text_in
from tests.readers.xml_files import PLAIN, SPACED, read, report, said

SEED = 11
JOINED = (", ", " ")


@pytest.fixture(scope="module")
def made() -> list[bytes]:
    """Reports of the made-up State in every style."""
    places = Geography(SEED)
    people = People(SEED, 60, places)
    reports = Reports(SEED, 60, people, places, Leases(SEED, people)).rows
    return [report_xml(SEED, one, style_of(SEED, one)) for one in reports]


def opens(data: bytes) -> int:
    """Each leaf and unread block of a file selects one node and shows its text there; gives how many."""
    root = etree.fromstring(data)
    names = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    count = 0
    for document in read_bytes(data, name="a.xml", sha256=hashlib.sha256(data).hexdigest()).documents:
        for one in [*leaves(document), *document.unread]:
            nodes = root.xpath(str(one.at), namespaces=names or None)
            assert len(nodes) == 1, one
            text = text_in(data, "xpath", one.at)
            count += 1
            if not isinstance(one, (Leaf, When)):
                assert text
            elif isinstance(one, Leaf) and isinstance(one.value, bool):
                inner = re.sub(r"<[^>]*>", "", text)  # an annotation is shown with its name
                assert {"": True, "true": True, "1": True, "false": False, "0": False}[inner] is one.value
            elif said(one) not in text:  # parts joined, each at its own place below
                assert text.startswith("<") and all(part in text for part in said(one).replace(",", "").split())
    return count


@pytest.mark.parametrize("written", [PLAIN, SPACED])
def test_every_leaf_of_a_file_written_by_hand_opens_at_its_place(written):
    assert opens(written.encode()) > 25


def test_every_leaf_of_the_made_up_state_opens_at_its_place(made):
    assert sum(opens(data) for data in made[:30]) > 800


def test_a_leaf_is_shown_as_its_exact_text_and_what_holds_others_as_markup():
    human = "/exchange/report[1]/personOrUserReported[1]/personOrUserReportedPerson"
    data = PLAIN.encode()
    assert text_in(data, "xpath", f"{human}/firstName") == "അനുമോദ്"
    assert text_in(data, "xpath", f"{human}/phone/@verified") == "true"
    assert text_in(data, "xpath", "/exchange/fileDetails[1]/fileAnnotations/viral") == "<viral>true</viral>"
    assert text_in(data, "xpath", f"{human}/address").startswith('<address type="Home"><address>12 Lake Road</address>')
    assert text_in(SPACED.encode(), "xpath", "/e:exchanges/e:item[1]/*[1]/*[4]/*[2]") == "a & b <1>.bin"


@pytest.mark.parametrize(
    "at",
    ["", "/", "exchange", "//reportId", "/exchange/report[2]", "/exchange/report[0]", "/exchange/fileDetails",
     "/exchange/*[1]/*[99]", "/x:exchange", "/exchange/report[1]/@none", "/exchange/@a/b", "count(//*)",
     "/exchange[last()]", "/exchange/report[1]/..", "/exchange/report[position()=1]", ["/exchange"], 7, None,
     "/exchange/report[99999999999999999999]"],
)  # fmt: skip
def test_a_place_that_selects_nothing_or_several_or_is_no_place_of_ours_is_refused(at):
    with pytest.raises(Refused, match="VAULT-NO-SUCH-PLACE"):
        text_in(PLAIN.encode(), "xpath", at)


def test_places_are_found_in_utf16_and_behind_a_mark():
    for data in (PLAIN.encode("utf-16"), b"\xef\xbb\xbf" + PLAIN.encode()):
        tip = read(data).documents[0]
        assert text_in(data, "xpath", tip.people[2].phones[0].at) == "+91 00000 00417"


def test_what_stood_before_a_tear_is_opened_at_its_place():
    whole = "<all>" + "".join(report("<additionalInfo>one</additionalInfo>", number=str(number)) for number in range(9))
    data = whole.encode()[:-40]
    reading = read(data)
    assert [tip.report_number.value for tip in reading.documents][-2:] == ["7", "8"]
    for tip in reading.documents:
        assert text_in(data, "xpath", tip.report_number.at) == tip.report_number.value
        assert text_in(data, "xpath", tip.incident_type.at) == "Upload"


def test_the_last_report_of_a_large_file_opens_at_its_place_without_reading_it_whole():
    filler = "<additionalInfo>" + "x" * 2_000 + "</additionalInfo>"
    count = WHOLE_UP_TO // 2_000 + 50
    reports = "".join(report(filler, number=str(number)) for number in range(count))
    loose = f"<fileDetails><reportId>{count - 1}</reportId><fileName>a.bin</fileName></fileDetails>"
    data = f"<all>{reports}{loose}</all>".encode()
    assert len(data) > WHOLE_UP_TO
    last = read(data).documents[-1]
    assert text_in(data, "xpath", last.report_number.at) == str(count - 1)
    assert text_in(data, "xpath", last.files[0].name.at) == "a.bin"
    root, _node = open_at(data, last.files[0].name.at)
    assert root.tag == "fileDetails"
    middle = read(data).documents[count // 2]
    assert text_in(data, "xpath", middle.incident_type.at) == "Upload"


def test_parts_outside_of_reports_are_told_at_their_place_wherever_they_stand():
    def stray(number: int) -> str:
        return f"<wrap><victim><schoolName>{number}</schoolName></victim></wrap>"

    one, two, three, four = (report(number=str(number)) for number in range(4))
    data = (
        f"<r><a>{stray(1)}{one}{stray(2)}</a>{stray(3)}<a><b>{two}</b><b>{three}{stray(4)}</b>{stray(5)}</a>"
        f"<a>{four}{stray(6)}<b>{stray(7)}</b></a>{stray(8)}</r>"
    )
    reading = read(data)
    assert [tip.report_number.value for tip in reading.documents] == ["0", "1", "2", "3"]
    root = etree.fromstring(data)
    assert {block.why for block in reading.unread} == {"outside of any report"}
    assert sorted(root.xpath(f"string({block.at})") for block in reading.unread) == list("12345678")
    for tip in reading.documents:
        assert root.xpath(tip.report_number.at)[0].text == tip.report_number.value


def test_prefixes_that_the_root_does_not_declare_are_not_used():
    written = report().replace("<incidentSummary>", '<p:incidentSummary xmlns:p="urn:p">').replace(
        "</incidentSummary>", "</p:incidentSummary>"
    )  # fmt: skip
    tip = read(f"<all>{written}</all>").documents[0]
    assert tip.incident_type.at == "/all/report[1]/*[2]/incidentType"
    assert node_at(etree.fromstring(f"<all>{written}</all>"), tip.incident_type.at).text == "Upload"
