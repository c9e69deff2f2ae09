"""Law-enforcement JSON: every member of every list, both list shapes, every way of saying nothing, and where each stands."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paricha.grounds.instants import Precision, ZoneSource
from paricha.intake.document import Leaf, TipDocument, leaves
from paricha.intake.json_bytes import at_pointer
from paricha.intake.reading import FileReading, read_bytes


def read(content: Any, name: str = "report.json") -> FileReading:
    data = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    return read_bytes(data, name=name, sha256=hashlib.sha256(data).hexdigest())


def only(content: Any) -> TipDocument:
    reading = read(content)
    assert reading.refusals == []
    assert len(reading.documents) == 1
    tip = reading.documents[0]
    assert isinstance(tip, TipDocument)
    return tip


def values(found: list[Leaf]) -> list[object]:
    return [leaf.value for leaf in found]


def report(**reported: Any) -> dict[str, Any]:
    return {"reportId": 990000001, "reportedInformation": reported}


def test_a_report_number_is_a_text_and_knows_its_place():
    tip = only({"reportId": 990000001, "reportedInformation": {}})
    assert (tip.report_number.value, tip.report_number.at) == ("990000001", "/reportId")
    assert tip.giver == "ncmec"


@pytest.mark.parametrize("written", [True, 1.5, [1], {"a": 1}])
def test_what_is_no_report_number_is_unread(written):
    tip = only({"reportId": written, "reportedInformation": {}})
    assert tip.report_number is None
    assert [(block.at, block.why) for block in tip.unread][0][0].startswith("/reportId")


@pytest.mark.parametrize("nothing", [None, "", "  ", "N/A", "n/a"])
def test_null_blank_and_not_applicable_are_not_stated(nothing):
    person = {
        "firstName": nothing,
        "espUserId": nothing,
        "approximateAge": nothing,
        "emails": nothing,
        "addresses": nothing,
    }
    tip = only(report(reportedPeople={"reportedPersons": [person]}, incidentSummary={"incidentDateTime": nothing}))
    assert tip.incident_at is None
    assert leaves(tip.people) == []
    assert tip.unread == []


@pytest.mark.parametrize("shape", ["flat", "nested", "lone"])
def test_lists_are_read_in_every_shape(shape):
    wrap = {
        "flat": lambda name, items: items,
        "nested": lambda name, items: {name: items},
        "lone": lambda name, items: items[0],
    }[shape]
    person = {
        "emails": wrap("emails", [{"value": "first@example.com", "verified": True}]),
        "sourceInformation": {
            "sourceCaptures": wrap(
                "sourceCaptures", [{"captureType": "IP Address", "value": "192.0.2.7", "port": 4500}]
            )
        },
    }
    tip = only(report(reportedPeople={"reportedPersons": wrap("reportedPersons", [person])}))
    assert values(tip.people[0].emails) == ["first@example.com"]
    assert (tip.sightings[0].address.value, tip.sightings[0].port.value) == ("192.0.2.7", 4500)
    assert tip.unread == []


def test_every_person_of_every_role_is_read_and_numbered():
    tip = only(
        report(
            reportedPeople={"reportedPersons": [{"firstName": "Ajith"}, None, {"firstName": "Binu"}]},
            intendedRecipients={"intendedRecipients": [{"firstName": "Chitra"}, {}]},
            childVictims={"childVictims": [{"approximateAge": "11"}]},
        )
    )
    assert [person.who for person in tip.people] == ["suspect 1", "suspect 2", "recipient 1", "recipient 2", "victim 1"]
    assert values(tip.people[1].names) == ["Binu"]
    assert values(tip.people[4].ages) == [11]


def test_a_name_of_parts_is_one_reading_at_the_node_that_holds_them():
    tip = only(
        report(
            reportedPeople={"reportedPersons": [{"firstName": "അജിത്", "lastName": " Kurup ", "preferredName": "Aju"}]}
        )
    )
    names = tip.people[0].names
    assert [(leaf.value, leaf.at) for leaf in names] == [
        ("അജിത് Kurup", "/reportedInformation/reportedPeople/reportedPersons/0"),
        ("Aju", "/reportedInformation/reportedPeople/reportedPersons/0/preferredName"),
    ]
    alone = only(report(reportedPeople={"reportedPersons": [{"firstName": "Ajith", "lastName": None}]}))
    assert alone.people[0].names[0].at == "/reportedInformation/reportedPeople/reportedPersons/0/firstName"


def test_an_address_of_parts_is_joined_with_commas():
    parts = {"street1": "4 Temple Road", "city": "Malapuram", "state": "N/A", "postalCode": "676505", "country": "IN"}
    tip = only(report(reportedPeople={"reportedPersons": [{"addresses": [parts]}]}))
    assert values(tip.people[0].addresses) == ["4 Temple Road, Malapuram, 676505, IN"]


def test_the_company_is_the_reporter_and_its_contact_a_person():
    esp = {"espName": "Example Share", "lastName": "Desk", "emails": {"emails": [{"value": "desk@example.com"}]}}
    tip = only(report(reportingEsp=esp))
    assert tip.reporter_name.value == "Example Share"
    assert (tip.people[0].who, values(tip.people[0].names)) == ("reporter 1", ["Desk"])


@pytest.mark.parametrize("screen_name", ["kite_fly", {"value": "kite_fly"}])
def test_a_screen_name_is_an_object_or_a_text(screen_name):
    person = {"espUserId": 1000200030004000, "espService": "Example Chat", "screenName": screen_name}
    account = only(report(reportedPeople={"reportedPersons": [person]})).people[0].accounts[0]
    assert (account.user_id.value, account.service.value, account.screen_name.value) == (
        "1000200030004000", "Example Chat", "kite_fly",
    )  # fmt: skip


def test_further_screen_names_are_not_lost_and_not_doubled():
    person = {"espUserId": "77", "screenName": "one", "screenNames": {"screenNames": ["one", {"value": "two"}]}}
    accounts = only(report(reportedPeople={"reportedPersons": [person]})).people[0].accounts
    assert [account.screen_name.value for account in accounts] == ["one", "two"]
    assert accounts[1].user_id is None


def captures(*items: dict[str, Any]) -> TipDocument:
    person = {"sourceInformation": {"sourceCaptures": list(items)}}
    return only(report(reportedPeople={"reportedPersons": [person]}))


def test_events_stay_as_written_and_null_times_are_no_crash():
    tip = captures(
        {"captureType": "IP Address", "value": "192.0.2.7", "eventName": "LOGIN", "dateTime": "2026-05-01T10:00:00Z"},
        {
            "captureType": "IP Address",
            "value": "2001:db8::7",
            "eventName": "LOGIN",
            "dateTime": None,
            "possibleProxy": True,
        },
    )
    first, second = tip.sightings
    assert (first.event.value, first.at.utc) == ("LOGIN", 1777629600)
    assert (second.at, second.possible_proxy.value, second.who) == (None, True, "suspect 1")


@pytest.mark.parametrize(
    "text, utc, precision, source",
    [
        ("2026-05-01T10:00:00+05:30", 1777609800, Precision.SECOND, ZoneSource.STATED),
        ("2026-05-01T10:00Z", 1777629600, Precision.MINUTE, ZoneSource.STATED),
        ("2026-05-01T10:00:00", None, None, ZoneSource.NONE),
        ("03/04/2026 10:00 UTC", None, None, ZoneSource.NONE),
        ("last Tuesday", None, None, ZoneSource.NONE),
    ],
)
def test_no_zone_and_no_order_of_day_and_month_are_guessed(text, utc, precision, source):
    at = captures({"captureType": "IP Address", "value": "192.0.2.7", "dateTime": text}).sightings[0].at
    assert (at.as_written, at.utc, at.precision, at.zone_source) == (text, utc, precision, source)


@pytest.mark.parametrize("port", [0, 65536, -1, 443.5, "https", True, [443]])
def test_a_port_outside_its_range_is_not_read(port):
    tip = captures({"captureType": "IP Address", "value": "192.0.2.7", "port": port})
    assert tip.sightings[0].port is None
    assert [block.why for block in tip.unread] == ["not a port"]


def test_what_is_no_address_makes_no_sighting():
    tip = captures({"captureType": "IP Address", "value": "192.0.2.7:443", "eventName": "LOGIN"})
    assert tip.sightings == []
    assert [block.why for block in tip.unread] == ["not an address", "no address"]


def test_devices_profiles_phones_and_mails_among_the_captures_belong_to_the_person():
    tip = captures(
        {"captureType": "Device ID", "valueType": "IDFA", "value": "AE-12"},
        {"captureType": "Profile URL", "value": "https://share.example.com/u/7"},
        {"captureType": "Phone", "value": "+91 00000 00001"},
        {"captureType": "Email", "value": "a@example.com"},
        {"captureType": "Fingerprint", "value": "x"},
    )
    person = tip.people[0]
    assert (person.devices[0].id_type.value, person.devices[0].value.value) == ("IDFA", "AE-12")
    assert values(person.accounts[0].profile_urls) == ["https://share.example.com/u/7"]
    assert (values(person.phones), values(person.emails)) == (["+91 00000 00001"], ["a@example.com"])
    assert [block.why for block in tip.unread] == ["unknown kind of capture"]


def test_viewed_has_three_values_and_all_tag_groups_are_read():
    files = [
        {"filename": "a.jpg", "viewedByEsp": False, "verificationHash": "0" * 32},
        {"filename": "b.jpg", "viewedByEsp": None, "verificationHash": "f" * 40,
         "ncmecTags": {"groups": [{"tags": [{"value": "Reviewed"}]}, {"tags": [{"value": "Infant"}, {"value": "Known"}]}]},
         "espMetadata": {"metadatas": [{"name": "SHA-256", "value": "e" * 64}, {"name": "uploadTime", "value": "x"}]}},
    ]  # fmt: skip
    first, second = only(report(uploadedFiles={"uploadedFiles": files})).files
    assert first.viewed_by_reporter.value is False
    assert second.viewed_by_reporter is None
    assert values(second.annotations) == ["Reviewed", "Infant", "Known"]
    assert [(entry.algorithm, len(entry.value.value)) for entry in second.hashes] == [("sha1", 40), ("sha256", 64)]
    assert second.other[0].field == "espMetadata.uploadTime"


def test_places_say_who_says_them():
    tip = only(
        report(reportedPeople={"reportedPersons": [{"espEstimatedLocations": [{"city": "Kochi", "countryCode": "IN"}]}]})
        | {"automatedInformation": {"autoGeneratedNotes": {"geoLookups": {"imageGeoLookups": {"imageGeoLookups": [
            {"ipAddress": "192.0.2.9", "country": "IN", "city": "Kochi", "organization": "Example Net"}]}}}}}
    )  # fmt: skip
    assert [(place.said_by, place.city.value) for place in tip.places] == [("esp", "Kochi"), ("ncmec", "Kochi")]
    assert tip.places[1].organisation.value == "Example Net"


def test_ncmecs_classification_is_never_the_type_of_the_incident():
    tip = only(
        report(incidentSummary={"incidentType": "Type A", "espEscalation": "urgent"})
        | {"additionalNcmecInformation": {"priority": {"priorityId": "E"}, "ncmecClassification": "Class B"}}
    )
    assert (tip.incident_type.value, tip.priority_stated.value, tip.escalation.value) == ("Type A", "E", "urgent")
    assert [(noted.field, noted.leaf.value) for noted in tip.other] == [("ncmecClassification", "Class B")]


def test_prior_reports_of_people_are_the_tips_too():
    tip = only(report(reportedPeople={"reportedPersons": [{"priorCybertipReports": [990000007, "990000008"]}]}))
    assert values(tip.prior_reports) == ["990000007", "990000008"] == values(tip.people[0].prior_reports)


def test_free_text_is_noted_and_nothing_is_taken_out_of_it():
    tip = only(report(additionalInformations=[{"value": "Phone: +91 00000 00002"}]))
    assert [(noted.field, noted.leaf.at) for noted in tip.other] == [
        ("additionalInformations", "/reportedInformation/additionalInformations/0/value")
    ]
    assert tip.people == []


def test_what_people_wrote_is_located_and_not_copied_but_header_lines_are_noted():
    incident = {
        "emailIncident": [{"contents": [{"value": "see file 12"}, {"value": "From: a@example.com\nX-IP: 192.0.2.1"}]}]
    }
    tip = only(report(incidentDetails=incident))
    place = "/reportedInformation/incidentDetails/emailIncident/0/contents"
    assert [(block.at, block.why) for block in tip.unread] == [(f"{place}/0", "message text, not copied")]
    assert [(noted.field, noted.leaf.at) for noted in tip.other] == [("emailIncident.contents", f"{place}/1/value")]
    assert tip.sightings == []


def test_unknown_keys_are_unread_blocks_with_escaped_pointers():
    tip = only(report(**{"new/key~1": {"a": 1}, "empty": {"b": None}}))
    assert [(block.at, block.why) for block in tip.unread] == [("/reportedInformation/new~1key~01", "unknown key")]


def test_numbers_stay_as_written():
    data = (
        b'{"reportId": 990000001, "reportedInformation": {"reportedPeople": {"reportedPersons": ['
        b'{"espUserId": 18446744073709551617, "screenName": 1.10}]}}}'
    )
    account = only(data).people[0].accounts[0]
    assert (account.user_id.value, account.screen_name.value) == ("18446744073709551617", "1.10")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_are_understood(encoding):
    text = json.dumps(report(incidentSummary={"incidentType": "തരം"}), ensure_ascii=False)
    assert only(text.encode(encoding)).incident_type.value == "തരം"


def test_a_list_gives_a_tip_a_member_with_pointers_from_the_root():
    reading = read([report(), {"reportId": 2, "reportedInformation": {}}])
    assert [tip.report_number.at for tip in reading.documents] == ["/0/reportId", "/1/reportId"]
    assert [tip.place for tip in reading.documents] == ["/0", "/1"]


def test_an_empty_list_is_a_line_with_no_tips():
    reading = read([])
    assert (reading.read, reading.coverage.tips, reading.refusals) == (True, 0, [])


def test_json_lines_are_located_by_line_and_pointer():
    data = b'\xef\xbb\xbf{"reportId": 1, "reportedInformation": {}}\n\n{"reportId": 2, "reportedInformation": {}}\r\n'
    reading = read(data)
    assert [tip.report_number.at for tip in reading.documents] == [[1, "/reportId"], [3, "/reportId"]]


def test_lines_are_told_even_when_the_first_is_broken():
    reading = read(b'{"reportId": 1, "rep\n{"reportId": 2}\n{"reportId": 3}\n')
    assert [tip.report_number.at for tip in reading.documents] == [[2, "/reportId"], [3, "/reportId"]]
    assert [refusal.place.split(",")[0] for refusal in reading.refusals] == ["line 1"]


def test_duplicate_keys_with_different_values_refuse_the_whole_file():
    for data in (
        b'{"reportId": 1, "reportId": 2, "reportedInformation": {}}',
        b'[{"reportId": 1}, {"reportId": 2, "a": {"b": 1, "b" : 2}}]',
        b'{"reportId": 1}\n{"reportId": 2, "reportId": "2"}\n',
    ):
        reading = read(data)
        assert (reading.documents, [refusal.code for refusal in reading.refusals]) == (
            [],
            ["INTAKE-JSON-DUPLICATE-KEY"],
        )


def test_duplicate_keys_with_the_same_value_are_one():
    tip = only(b'{"reportId": 1, "reportId": 1, "reportedInformation": {"reportedPeople": {}, "reportedPeople" : {}}}')
    assert tip.report_number.value == "1"


def test_a_text_that_looks_like_a_key_is_no_duplicate():
    assert only(report(incidentSummary={"incidentDateTimeDescription": '": "a": '})).incident_description is not None


def test_damaged_values_are_left_out_and_the_rest_is_read():
    data = (
        b'{"reportId": 5, "reportedInformation": {"reportingEsp": {"espName": "Ex\xff\xfeample"}, "incidentSummary": '
        b'{"incidentType": NaN, "platform": "\\ud800", "incidentDateTime": "2026-05-01T10:00:00Z"}}}'
    )
    tip = only(data)
    assert (tip.reporter_name, tip.incident_type, tip.report_number.value) == (None, None, "5")
    assert tip.incident_at.utc == 1777629600
    assert sorted(block.why for block in tip.unread) == ["broken characters", "broken characters", "not a number"]


def test_a_cut_file_is_refused_with_its_place():
    whole = json.dumps(report(incidentSummary={"incidentType": "Type A"})).encode()
    reading = read(whole[: len(whole) // 2])
    assert [refusal.code for refusal in reading.refusals] == ["INTAKE-JSON-CUT"]
    assert (reading.read, reading.documents) == (False, [])


def test_a_cut_list_or_cut_lines_give_what_stood_before_the_cut():
    cut_list = read(b'[{"reportId": 1}, {"reportId": "]2"}, {"reportId": 3, "repor')
    assert [tip.report_number.value for tip in cut_list.documents] == ["1", "]2"]
    assert (cut_list.refusals[0].code, cut_list.refusals[0].place.split(",")[0]) == ("INTAKE-JSON-CUT", "/2")
    lines = read(b'{"reportId": 1}\n{"reportId": 2, \n{"reportId": 3}\n{"reportId": 4, "x')
    assert [tip.report_number.value for tip in lines.documents] == ["1", "3"]
    assert [refusal.place.split(",")[0] for refusal in lines.refusals] == ["line 2", "line 4"]


@pytest.mark.parametrize("data", [b"[" * 20_000, b'{"reportId":1,"a":' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001])
def test_hostile_nesting_is_refused(data):
    assert read(data).refusals[0].code in {"INTAKE-JSON-DEPTH", "INTAKE-JSON-CUT"}


@pytest.mark.parametrize("content", [{}, {"name": "x"}, b"{]", b'"reportId"'])
def test_json_that_is_no_report_is_refused(content):
    assert read(content).documents == []
    assert len(read(content).refusals) == 1


def test_every_leaf_locates_to_its_own_value_by_its_pointer():
    content = report(
        reportingEsp={"espName": " Example Share "},
        reportedPeople={
            "reportedPersons": {"reportedPersons": [{"emails": {"emails": ["a@example.com"]}, "languages": ["ml"]}]}
        },
    )
    for leaf in leaves(only(content)):
        assert str(at_pointer(content, leaf.at)).strip() == str(leaf.value)


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
SAMPLE = report(
    reportingEsp={"espName": "Example Share", "emails": {"emails": [{"value": "a@example.com"}]}},
    reportedPeople={"reportedPersons": [{"firstName": "Ajith", "screenName": "x", "sourceInformation": {
        "sourceCaptures": [{"captureType": "IP Address", "value": "192.0.2.1", "port": 1, "dateTime": "2026-05-01T10:00:00Z"}]}}]},
    uploadedFiles=[{"filename": "a.jpg", "ncmecTags": {"groups": [{"tags": [{"value": "Reviewed"}]}]}}],
)  # fmt: skip


@given(st.data())
def test_no_value_anywhere_makes_the_reader_raise(data):
    content = json.loads(json.dumps(SAMPLE))
    node: Any = content
    while isinstance(node, (dict, list)) and node:
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        if data.draw(st.booleans()):
            node[key] = data.draw(json_like)
            break
        node = node[key]
    reading = read(json.dumps(content).encode("utf-8", "surrogatepass"))
    assert reading.read or reading.refusals
    for document in reading.documents:
        for leaf in leaves(document):
            assert "\0" not in str(getattr(leaf, "value", ""))


@given(st.integers(0, 2000), st.binary(max_size=6), st.integers(0, 40))
def test_no_damage_to_the_bytes_makes_the_reader_raise(at, junk, removed):
    data = json.dumps([SAMPLE, SAMPLE]).encode()
    at %= len(data)
    reading = read(data[:at] + junk + data[at + removed :])
    assert reading.read or reading.refusals or reading.media
