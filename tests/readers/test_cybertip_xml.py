"""ESP XML: every value of files written by hand, both styles of annotations, namespaces, many reports, files that come apart."""

import pytest

from paricha.grounds.instants import Precision, ZoneSource
from paricha.intake.originals import Head
from paricha.intake.readers import READERS, reader_for
from tests.readers.xml_files import PLAIN, SPACED, noted, only, person, read, report, unread, values


# ---- the whole of a report ---------------------------------------------------------------------------------------
def test_the_summary_of_a_report():
    tip = only(PLAIN)
    assert (tip.report_number.value, tip.report_number.at) == ("990000101", "/exchange/reportResponse[1]/reportId[1]")
    assert (tip.giver, tip.place, tip.sources[0].form, tip.sources[0].reader) == (
        "ncmec", "/exchange/report[1]", "xml", "cybertip-xml/1",
    )  # fmt: skip
    assert tip.incident_type.value == "Online Enticement of Children for Sexual Acts"
    assert (tip.incident_at.as_written, tip.incident_at.utc, tip.incident_at.zone_source) == (
        "2026-05-01T13:34:11+05:30", 1_777_622_651, ZoneSource.STATED,
    )  # fmt: skip
    assert tip.incident_at.precision is Precision.SECOND
    assert tip.incident_description.value == "Newest event."
    assert tip.escalation.value == "Reported as urgent."
    assert (tip.received_at, tip.made_available_at, tip.processed_at, tip.priority_stated) == (None, None, None, None)
    assert tip.reporter_name is None  # no element of this form states the company
    assert noted(tip.marks) == {
        "batched": "VIRAL_POTENTIAL_MEME", "sextortion": True, "informational": False, "viral": True, "meme": True,
    }  # fmt: skip
    assert noted(tip.other) == {
        "platform": "Example Chat", "reportAnnotations.spam": False, "chatImIncident.chatClient": "Example Chat",
        "chatImIncident.chatRoomName": "room 4", "peer2peerIncident.client": "Example Share",
        "lawEnforcement.agencyName": "Example Police", "reporter.legalURL": "https://example.com/law",
        "additionalInfo": "One remark.",
    }  # fmt: skip
    assert unread(tip) == [
        ("/exchange/report[1]/internetDetails[1]/chatImIncident/content", "message text, not copied")
    ]


def test_the_people_of_a_report():
    tip = only(PLAIN)
    assert [one.who for one in tip.people] == [
        "reporter 1", "reporter 2", "suspect 1", "suspect 2", "recipient 1", "victim 1",
    ]  # fmt: skip
    desk, night, first, second, recipient, victim = tip.people
    assert (values(desk.names), values(desk.emails)) == (["Trust Desk"], ["desk@example.com"])
    assert (values(night.names), values(night.phones)) == (["Night Desk"], ["+1 202 555 0143"])
    human = "/exchange/report[1]/personOrUserReported[1]/personOrUserReportedPerson"
    assert [(leaf.value, leaf.at) for leaf in first.names] == [("അനുമോദ് കെ", human)]
    assert [(leaf.value, leaf.at) for leaf in first.phones] == [("+91 00000 00417", f"{human}/phone")]
    assert [(leaf.value, leaf.at) for leaf in first.emails] == [
        ("kite@example.com", f"{human}/email[1]"), ("kite.two@example.com", f"{human}/email[2]"),
    ]  # fmt: skip
    assert [(leaf.value, leaf.at) for leaf in first.addresses] == [
        ("12 Lake Road, Example Town, Kadalnadu, 600000, IN", f"{human}/address")
    ]
    assert values(first.ages) == [34]
    assert values(first.prior_reports) == values(tip.prior_reports) == ["980000001", "980000002"]
    assert [(one.id_type.value, one.value.value) for one in first.devices] == [("IMEI", "001001234567890")]
    assert values(second.accounts[0:0]) == [] and second.accounts[0].user_id.value == "70000102"
    assert (values(recipient.names), recipient.accounts[0].screen_name.value) == (["Dana"], "dana_d")
    assert (values(victim.ages), noted(victim.other)) == ([12], {"schoolName": "Example School"})


def test_the_accounts_of_a_person_are_his_own_and_those_of_a_parent_are_only_noted():
    first = next(one for one in only(PLAIN).people if one.who == "suspect 1")
    assert [
        (
            one.service.value,
            one.user_id.value,
            one.screen_name.value,
            values(one.display_names),
            values(one.profile_urls),
        )
        for one in first.accounts
    ] == [
        ("Example Chat", "70000101", "kite_fly_88", ["Kite", "Kite Flyer"], ["https://chat.example.com/u/kite_fly_88"]),
        ("Example Share", "555", "kite_share", [], []),
    ]
    assert values(first.emails) == ["kite@example.com", "kite.two@example.com"]
    told = [(one.field, one.leaf.value) for one in first.other]
    assert ("associatedAccount.email", "parent@example.com") in told
    assert ("associatedAccount.espIdentifier", "777") in told
    assert ("associatedAccount.firstName", "Basil") in told


def test_what_has_no_field_of_its_own_is_noted_with_its_attributes():
    first = next(one for one in only(PLAIN).people if one.who == "suspect 1")
    told = noted(first.other)
    assert {
        "phones.type": "Mobile", "phones.verified": "true", "phones.verificationDate": "2026-04-01T00:00:00Z",
        "emails.verified": "false", "addresses.type": "Home", "dateOfBirth": "1992-03-04",
        "vehicleDescription": "blue van", "groupIdentifier": "example-group", "deviceId.eventName": "Login",
        "accountTemporarilyDisabled": "true", "accountTemporarilyDisabled.disabledDate": "2026-05-02T00:00:00Z",
        "accountTemporarilyDisabled.userNotified": "false", "espEstimatedLocations.verified": "false",
        "espEstimatedLocations.timestamp": "2026-05-01T00:00:00Z", "additionalInfo": "Seen often.",
    }.items() <= told.items()  # fmt: skip


def test_the_sightings_of_a_report_say_whose_they_are():
    assert [
        (one.of, one.who, one.address.value, one.event and one.event.value, one.at and one.at.utc,
         one.possible_proxy and one.possible_proxy.value, one.port and one.port.value)
        for one in only(PLAIN).sightings
    ] == [
        ("report", "report", "2001:db8::7", None, None, None, None),
        ("person", "suspect 1", "198.51.100.5", None, None, None, None),
        ("report", "report", "198.51.100.6", None, None, None, None),
        ("person", "suspect 1", "203.0.113.47", "Login", 1_777_622_651, False, 51820),
        ("person", "suspect 1", "203.0.113.48", None, None, None, None),
        ("file", "file 1", "203.0.113.99", "Upload", None, None, None),
    ]  # fmt: skip


def test_where_the_company_believes_a_person_to_be():
    (place,) = only(PLAIN).places
    assert (place.said_by, place.address, place.country.value, place.region.value, place.city.value) == (
        "esp", None, "IN", "Kadalnadu", "Example Town",
    )  # fmt: skip


def test_the_files_of_a_report():
    first, second = only(PLAIN).files
    assert (first.name.value, first.original_name.value, first.classification.value) == ("a.bin", "ചിത്രം.bin", "B2")
    assert (first.viewed_by_reporter.value, first.public.value) == (True, False)
    assert [(one.algorithm, one.value.value) for one in first.hashes] == [
        ("md5", "0CC175B9C0F1B6A831C399E269772661"), ("sha1", "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"), ("pdq", "ff00"),
    ]  # fmt: skip
    assert [(leaf.value, leaf.at) for leaf in first.annotations] == [
        ("viral", "/exchange/fileDetails[1]/fileAnnotations/viral"),
        ("brandNewTag", "/exchange/fileDetails[1]/fileAnnotations/brandNewTag"),
    ]
    assert noted(first.other) == {
        "fileAnnotations.infant": False, "EXIF.Make": "Example Camera", "deviceId.idType": "SSID",
        "deviceId.idValue": "example-net", "fileId": "f00000000000000000000000000000aa",
        "uploadedToEspTimestamp": "2026-05-01T08:00:00Z", "exifViewedByEsp": "false", "fileRelevance": "Reported",
        "additionalInfo": "Neutral remark.",
    }  # fmt: skip
    assert (second.name.value, second.viewed_by_reporter, values(second.annotations)) == (
        "b.bin",
        None,
        ["potentialMeme"],
    )


# ---- namespaces, empty tags, what nobody knows -------------------------------------------------------------------
def test_empty_tags_say_yes_and_their_places_use_the_prefixes_of_the_document():
    first, second = read(SPACED).documents
    assert (first.report_number.value, first.report_number.at) == ("990000201", "/e:exchanges/e:item[1]/*[1]/*[1]")
    assert (first.escalation.value, noted(first.marks)) == (
        True, {"spam": True, "informational": True, "novel": True, "viral": True},
    )  # fmt: skip
    assert values(first.files[0].annotations) == ["viral", "infant"]
    assert first.files[0].name.value == "a & b <1>.bin"
    assert (second.incident_type.value, second.place) == ("Upload & more", "/e:exchanges/e:item[2]/*[1]")


def test_a_file_named_for_another_report_goes_to_that_report():
    first, second = read(SPACED).documents
    assert [one.name.value for one in first.files] == ["a & b <1>.bin"]
    assert [one.name.value for one in second.files] == ["of the next.bin"]


def test_unknown_tags_attributes_and_impossible_values_are_unread_at_their_place():
    first, _second = read(SPACED).documents
    here = "/e:exchanges/e:item[1]/*[1]"
    assert unread(first) == [
        (f"{here}/@version", "unknown attribute"),
        (f"{here}/*[3]/*[2]", "unknown tag"),
        (f"{here}/*[3]/*[3]/*[2]", "not an age"),
        (f"{here}/*[3]/*[4]/@when", "unknown attribute"),
        (f"{here}/*[3]/*[4]/*[2]", "not a port"),
        (f"{here}/*[3]/*[5]/*[1]", "not an address"),
        (f"{here}/*[3]/*[6]", "no address"),
    ]
    assert [(one.address.value, one.port) for one in first.sightings] == [("198.51.100.9", None)]


def test_a_date_without_a_zone_has_no_instant():
    first, _second = read(SPACED).documents
    assert (first.incident_at.as_written, first.incident_at.utc, first.incident_at.zone_source) == (
        "2026-05-01 10:00", None, ZoneSource.NONE,
    )  # fmt: skip


@pytest.mark.parametrize("root", ["a", "reports", "exchange"])
def test_the_root_may_bear_any_name_and_wrappers_may_stand_between(root):
    wrapped = report(person("<espIdentifier>5</espIdentifier>")).replace("personOrUserReported>", "p>").replace(
        "<p>", "<people><group><personOrUserReported>"
    ).replace("</p>", "</personOrUserReported></group></people>")  # fmt: skip
    tip = only(f"<{root}><x><y>{wrapped}</y></x></{root}>")
    assert (tip.report_number.value, tip.people[0].accounts[0].user_id.value) == ("990000001", "5")
    assert tip.people[0].accounts[0].user_id.at.endswith("/report[1]/people/group/personOrUserReported/espIdentifier")


def test_where_nothing_is_called_report_the_element_around_a_summary_is_one():
    one = "<tip><head><reportId>{}</reportId></head><incidentSummary><incidentType>Upload</incidentType></incidentSummary></tip>"
    reading = read(f"<tips>{one.format(1)}{one.format(2)}</tips>")
    assert [(tip.report_number.value, tip.place) for tip in reading.documents] == [
        ("1", "/tips/tip[1]"),
        ("2", "/tips/tip[2]"),
    ]
    lone = only(one.format(7))
    assert (lone.report_number.value, lone.place) == ("7", "/tip")


def test_parts_that_belong_to_no_report_are_unread_outside_of_it():
    reading = read(f"<a>{report()}{person('<espIdentifier>9</espIdentifier>')}</a>")
    assert [(block.at, block.why) for block in reading.unread] == [
        ("/a/personOrUserReported[1]", "outside of any report")
    ]


def test_what_nobody_knows_outside_of_reports_is_unread_too():
    reading = read(
        f'<a sent="2026"><note>kept</note><b><responseCode>0</responseCode><hash>ff</hash></b>{report()}'
        "<odd><deep>x</deep></odd><c by='d'/></a>"
    )
    assert [(block.at, block.why) for block in reading.unread] == [
        ("/a/note[1]", "unknown tag"), ("/a/b[1]/hash", "unknown tag"), ("/a/odd[1]", "unknown tag"),
        ("/a/c[1]/@by", "unknown attribute"), ("/a/@sent", "unknown attribute"),
    ]  # fmt: skip
    assert read(f"<a><x>1</x>{details(1, '<fileName>a</fileName>')}</a>").unread[0].at == "/a/x[1]"


# ---- the number of a report --------------------------------------------------------------------------------------
BODY = "<report><incidentSummary><incidentType>Upload</incidentType></incidentSummary></report>"


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        (f"<a><reportId>1</reportId>{BODY}<reportId>2</reportId>{BODY}</a>", ["1", "2"]),
        (f"<a>{BODY}<reportId>1</reportId>{BODY}<reportId>2</reportId></a>", ["1", "2"]),
        (f"<a><b>{BODY}<r><reportId>1</reportId></r></b><b>{BODY}<r><reportId>2</reportId></r></b></a>", ["1", "2"]),
        (f"<a><reportId>9</reportId><b>{BODY}<reportId>1</reportId></b></a>", ["1"]),
        (f"<a><fileDetails><reportId>9</reportId></fileDetails>{BODY}</a>", [None]),
        (f"<a>{BODY}{BODY}</a>", [None, None]),
        (BODY.replace("<report>", "<report><reportId>1</reportId><reportId>1</reportId>"), ["1"]),
        (BODY.replace("<report>", "<report><reportId>1</reportId><reportId>2</reportId>"), [None]),
        (BODY.replace("<report>", "<report><reportId>N/A</reportId>"), [None]),
        (f"<a><reportId>3</reportId>{BODY.replace('<report>', '<report><reportId>1</reportId>')}</a>", ["1"]),
    ],
)  # fmt: skip
def test_the_nearest_number_outside_of_file_details_is_the_reports(written, numbers):
    reading = read(written)
    assert [tip.report_number and tip.report_number.value for tip in reading.documents if not tip.files] == numbers


# ---- files that come apart ---------------------------------------------------------------------------------------
def details(number, *parts):
    return f"<fileDetails>{f'<reportId>{number}</reportId>' if number else ''}{''.join(parts)}</fileDetails>"


def test_a_file_of_only_file_details_is_a_document_for_its_report():
    tip = only(f"<files>{details(5, '<fileName>a.bin</fileName>')}{details(5, '<fileName>b.bin</fileName>')}</files>")
    assert (tip.report_number.value, tip.report_number.at) == ("5", "/files/fileDetails[1]/reportId")
    assert [one.name.value for one in tip.files] == ["a.bin", "b.bin"]
    assert (tip.people, tip.incident_type) == ([], None)


def test_details_before_and_after_their_reports_join_them_wherever_they_stand():
    reading = read(
        "<all>" + details(2, "<fileName>b.bin</fileName>") + report(number="1") + report(number="2")
        + details(1, "<fileName>a.bin</fileName>", "<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress></ipCaptureEvent>")
        + details(3, "<fileName>c.bin</fileName>") + "</all>"
    )  # fmt: skip
    assert [(tip.report_number.value, [one.name.value for one in tip.files]) for tip in reading.documents] == [
        ("1", ["a.bin"]), ("2", ["b.bin"]), ("3", ["c.bin"]),
    ]  # fmt: skip
    assert [one.who for one in reading.documents[0].sightings] == ["file 1"]


def test_details_that_stand_twice_count_once():
    twice = details(1, "<fileId>f</fileId>", "<fileName>a.bin</fileName>") * 2
    assert len(only(f"<a>{report(number='1')}{twice}</a>").files) == 1
    assert len(only(f"<a>{twice}</a>").files) == 1


def test_details_without_a_number_join_the_only_report_and_none_of_several():
    loose = details(None, "<fileName>a.bin</fileName>")
    assert [one.name.value for one in only(f"<a>{report(number='1')}{loose}</a>").files] == ["a.bin"]
    reading = read(f"<a>{report(number='1')}{report(number='2')}{loose}</a>")
    assert [len(tip.files) for tip in reading.documents] == [0, 0]
    assert [block.why for block in reading.unread] == ["file details without a report number"]


def test_details_alone_and_without_a_number_are_a_tip_without_a_number():
    tip = only(details(None, "<fileName>a.bin</fileName>"))
    assert (tip.report_number, tip.files[0].name.value) == (None, "a.bin")


# ---- coverage and telling formats apart --------------------------------------------------------------------------
def test_coverage_counts_what_the_form_can_state():
    tip = only(PLAIN)
    assert 0 < tip.read <= tip.expected
    line = read(PLAIN).coverage
    assert (line.tips, line.reader, line.unread_blocks, line.expected_fields) == (1, "cybertip-xml/1", 1, tip.expected)


@pytest.mark.parametrize(
    "head",
    [PLAIN.encode(), b"\xef\xbb\xbf" + PLAIN.encode(), PLAIN.encode("utf-16"), b"<report/>", b"<!DOCTYPE a><a/>",
     b"\n <!-- note --><a/>"],
)  # fmt: skip
def test_xml_is_known_by_its_content(head):
    assert reader_for(Head(head)).name == "cybertip-xml"
    assert [reader.name for reader in READERS if reader.sniff(Head(head))] == ["cybertip-xml"]


@pytest.mark.parametrize(
    "head",
    [b"<!DOCTYPE html><html></html>", b"<html><body/></html>", b"\xef\xbb\xbf<HTML>", b'{"a": "<report/>"}', b"a,b\n<c>,d\n",
     b"%PDF-1.7 <report/>", b"PK\x03\x04<report/>", b"",
     b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "y"><html xmlns="http://www.w3.org/1999/xhtml"/>'],
)  # fmt: skip
def test_what_is_no_xml_or_a_page_is_left_to_others(head):
    reader = reader_for(Head(head))
    assert reader is None or reader.name != "cybertip-xml"


def test_a_page_of_html_is_refused_by_name():
    assert [one.code for one in read(b"<!DOCTYPE html><html><body>hello</body></html>").refusals] == ["INTAKE-NOT-YET"]


def test_xml_of_something_else_is_refused_as_unknown():
    assert [one.code for one in read("<feed><entry>1</entry></feed>").refusals] == ["INTAKE-NOTHING-KNOWN"]
    assert [one.code for one in read("<report><testcase name='a'/></report>").refusals] == ["INTAKE-NOTHING-KNOWN"]
