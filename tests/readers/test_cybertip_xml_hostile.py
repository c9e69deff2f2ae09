"""XML that lies, tears, explodes or is enormous: nothing is fetched or expanded, nothing raises, no value is wrong."""

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paricha.intake.document import Leaf, TipDocument, leaves
from paricha.intake.readers import cybertip_xml
from tests.readers.xml_files import PLAIN, SPACED, only, person, read, report, said, unread, values


def codes(content) -> list[str]:
    return [one.code for one in read(content).refusals]


# ---- entities and bombs ------------------------------------------------------------------------------------------
TREE = "<report><incidentSummary><incidentType>{}</incidentType></incidentSummary></report>"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "head",
    ['<!ENTITY a "x">', '<!ENTITY l0 "lol">' + LAUGHS, '<!ENTITY a SYSTEM "file:///etc/passwd">',
     '<!ENTITY a PUBLIC "x" "http://192.0.2.1/a">', '<!ENTITY % p "x">', '<!ENTITY % p SYSTEM "http://192.0.2.1/p"> %p;',
     '<!ENTITY a "b" ><!ENTITY b "&a;">', '<!ELEMENT report ANY><!ENTITY unused "x">',
     '<!-- ]> --><!ENTITY a "x">', '<?p ]> ?><!ENTITY a "x">'],
)  # fmt: skip
@pytest.mark.parametrize("used", ["&a;", "plain"])
def test_any_declared_entity_refuses_the_whole_file(head, used):
    reading = read(f"<!DOCTYPE report [{head}]>" + TREE.format(used.replace("&a;", "&l11;" if "l11" in head else used)))
    assert ([one.code for one in reading.refusals], reading.documents, reading.unread) == (
        ["INTAKE-XML-ENTITY"],
        [],
        [],
    )


def test_an_entity_that_hides_from_a_search_is_seen_by_the_parser():
    hidden = '<!DOCTYPE report SYSTEM "<!--" [<!ENTITY a "x">] ><!-- -->' + TREE.format("Upload")
    assert codes(hidden) == ["INTAKE-XML-ENTITY"]
    assert codes(hidden.encode("utf-16")) == ["INTAKE-XML-ENTITY"]


def test_a_declaration_without_entities_is_no_harm_and_nothing_is_fetched():
    tip = only('<!DOCTYPE report SYSTEM "http://192.0.2.1/report.dtd">' + TREE.format("Upload"))
    assert tip.incident_type.value == "Upload"


def test_a_declaration_in_a_file_of_this_machine_is_not_opened(tmp_path):
    elsewhere = tmp_path / "report.dtd"
    elsewhere.write_text('<!ENTITY a "SECRET"><!ATTLIST batchedReport reason CDATA "ADDED">')
    tip = only(
        f'<!DOCTYPE report SYSTEM "{elsewhere.as_uri()}">'
        + report("<batchedReport/>", person("<screenName>&a;</screenName>"))
    )
    assert (tip.people[0].accounts, [one.leaf.value for one in tip.marks]) == ([], [True])
    assert [why for _, why in unread(tip)] == ["entity, not resolved"]


def test_a_name_of_an_entity_that_nobody_declares_here_is_not_taken_for_a_value():
    reading = read('<!DOCTYPE report SYSTEM "http://192.0.2.1/report.dtd">' + TREE.format("Up&a;load"))
    assert all(tip.incident_type is None for tip in reading.documents)
    assert reading.refusals or unread(reading.documents[0])


def test_a_comment_that_speaks_of_entities_declares_none():
    assert only('<!-- <!ENTITY a "x"> -->' + TREE.format("Upload")).incident_type.value == "Upload"


def test_an_attribute_that_the_declaration_would_add_is_not_read():
    declared = '<!DOCTYPE report [<!ATTLIST batchedReport reason CDATA "ADDED">]>'
    tip = only(declared + report("<batchedReport/>"))
    assert [(one.field, one.leaf.value) for one in tip.marks] == [("batched", True)]


# ---- nesting, size -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("depth", [300, 5_000, 200_000])
def test_nesting_without_end_is_refused(depth):
    assert codes("<a>" * depth + "</a>" * depth) == ["INTAKE-XML-DEPTH"]
    inside = "<report><incidentSummary>" + "<a>" * depth + "</a>" * depth + "</incidentSummary></report>"
    assert codes(inside) == ["INTAKE-XML-DEPTH"]


def test_wrappers_as_deep_as_the_parser_goes_are_walked_without_harm():
    deep = "<a>" * 200 + "<b/>" + "</a>" * 200
    tip = only(report(deep, f"<lawEnforcement>{'<a>' * 60}x{'</a>' * 60}</lawEnforcement>"))
    assert ("nested too deep" in [why for _, why in unread(tip)]) and tip.incident_type.value == "Upload"


def test_memory_stays_flat_in_the_number_of_reports():
    def peak(count: int) -> int:
        one = report(person("<espIdentifier>5</espIdentifier>"), "<additionalInfo>" + "x" * 2_000 + "</additionalInfo>")
        data = f"<all>{one * count}</all>".encode()
        original = cybertip_xml.Original(data, "a.xml", "0" * 64)
        tracemalloc.start()
        found = sum(isinstance(item, TipDocument) for item in cybertip_xml.CyberTipXml().read(original))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert found == count
        return most

    cybertip_xml.WINDOW, window = 50, cybertip_xml.WINDOW
    try:
        assert peak(2_000) < peak(500) * 1.5 + 2_000_000
    finally:
        cybertip_xml.WINDOW = window


def test_details_that_come_after_the_window_are_a_document_of_their_own(monkeypatch):
    monkeypatch.setattr(cybertip_xml, "WINDOW", 3)
    reports = "".join(report(number=str(number)) for number in range(10))
    late = "".join(f"<fileDetails><reportId>{n}</reportId><fileName>{n}.bin</fileName></fileDetails>" for n in (0, 9))
    found = [
        (tip.report_number.value, [one.name.value for one in tip.files])
        for tip in read(f"<a>{reports}{late}</a>").documents
    ]
    assert ("0", ["0.bin"]) in found and ("0", []) in found and ("9", ["9.bin"]) in found and len(found) == 11


def test_many_siblings_are_numbered_in_time_that_grows_with_their_number():
    started = time.process_time()
    flat = "".join(f"<reportId>{n}</reportId>" + TREE.format("Upload") for n in range(3_000))
    assert [tip.report_number.value for tip in read(f"<a>{flat}</a>").documents] == [str(n) for n in range(3_000)]
    assert time.process_time() - started < 10


# ---- letters -----------------------------------------------------------------------------------------------------
NAMED = report(person("<screenName>കൈറ്റ്</screenName>", "<displayName>Zoë</displayName>"))


def account(content):
    return only(content).people[0].accounts[0]


@pytest.mark.parametrize(
    "data",
    [
        NAMED.encode(), b"\xef\xbb\xbf" + NAMED.encode(), NAMED.encode("utf-16"), NAMED.encode("utf-16-be"),
        b"\xfe\xff" + NAMED.encode("utf-16-be"), NAMED.encode("utf-16-le"), NAMED.encode("utf-32"),
        b"\n  " + NAMED.encode(),
        *(f'<?xml version="1.0" encoding="{named}"?>{NAMED}'.encode() for named in (
            "UTF-8", "UTF-16", "ISO-8859-1", "windows-1252", "us-ascii", "UCS-4", "no-such-code", "utf-7")),
        f'<?xml version="1.0" encoding="UTF-8"?>{NAMED}'.encode("utf-16"),
    ],
)  # fmt: skip
def test_letters_are_read_whatever_the_declaration_says(data):
    found = account(data)
    assert (found.screen_name.value, values(found.display_names)) == ("കൈറ്റ്", ["Zoë"])


def test_a_single_byte_code_is_read_as_declared():
    data = f'<?xml version="1.0" encoding="ISO-8859-1"?>{report(person("<displayName>Zoë Müller</displayName>"))}'
    assert values(account(data.encode("latin-1")).display_names) == ["Zoë Müller"]


def test_a_code_that_cannot_be_read_is_refused():
    data = f'<?xml version="1.0" encoding="no-such-code"?>{report(person("<displayName>Zoë</displayName>"))}'
    assert codes(data.encode("latin-1")) == ["INTAKE-TEXT-ENCODING"]


def test_damaged_letters_cost_their_value_and_no_more():
    data = report(person("<screenName>BROKEN</screenName>", "<displayName>Kite</displayName>")).encode()
    tip = only(data.replace(b"BROKEN", b"ki\xff\xfete"))
    assert (tip.people[0].accounts[0].screen_name, values(tip.people[0].accounts[0].display_names)) == (None, ["Kite"])
    assert unread(tip) == [("/report/personOrUserReported/screenName", "broken characters")]


@pytest.mark.parametrize(
    "sign", ["\x00", "\x01", "\x0b", "\x1f", "\ufffe", "&#1;", "&#x0;", "&#xFFFF;", "&#xD800;", "&#99999999;"]
)
def test_control_characters_that_xml_forbids_cost_their_value_and_no_more(sign):
    tip = only(report(person(f"<screenName>ki{sign}te</screenName>", "<displayName>Kite</displayName>")))
    assert (tip.people[0].accounts[0].screen_name, values(tip.people[0].accounts[0].display_names)) == (None, ["Kite"])
    assert [why for _, why in unread(tip)] == ["broken characters"]


def test_control_characters_that_xml_allows_stay_as_written():
    tip = only(report(person("<screenName>ki\x7f\x85te\u202e&#9;x</screenName>")))
    assert tip.people[0].accounts[0].screen_name.value == "ki\x7f\x85te\u202e\tx"


def test_what_looks_like_a_reference_in_plain_text_is_not_touched():
    tip = only(report(person("<screenName><![CDATA[a &#1; b]]></screenName>")))
    assert tip.people[0].accounts[0].screen_name.value == "a &#1; b"


# ---- nothing stated, twice stated, of the wrong kind -------------------------------------------------------------
@pytest.mark.parametrize(
    "nothing",
    ["<{0}/>", "<{0}></{0}>", "<{0}> \n </{0}>", "<{0}>N/A</{0}>", "<{0}> n/a </{0}>",
     '<{0} xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>', "<{0}><!-- none --></{0}>", ""],
)  # fmt: skip
def test_null_blank_and_not_applicable_are_not_stated(nothing):
    names = (
        "espIdentifier",
        "espService",
        "screenName",
        "displayName",
        "profileUrl",
        "priorCTReports",
        "groupIdentifier",
    )
    tip = only(
        report(
            person(
                *(nothing.format(name) for name in names),
                f"<personOrUserReportedPerson>{nothing.format('age')}{nothing.format('phone')}</personOrUserReportedPerson>",
                f"<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress>{nothing.format('port')}{nothing.format('dateTime')}</ipCaptureEvent>",
            )
        )
    )
    assert (leaves(tip.people), tip.unread) == ([], [])
    assert [(one.address.value, one.port, one.at) for one in tip.sightings] == [("192.0.2.1", None, None)]


def test_the_word_null_may_be_a_name_so_it_is_neither_taken_nor_lost():
    tip = only(report(person("<screenName>null</screenName>", "<displayName>Null</displayName>")))
    assert (tip.people[0].accounts[0].screen_name, values(tip.people[0].accounts[0].display_names)) == (None, ["Null"])
    assert unread(tip) == [("/report/personOrUserReported/screenName", "null as a word")]


def test_one_field_twice_with_different_values_is_used_for_neither():
    tip = only(
        report(
            person("<espIdentifier>1</espIdentifier>", "<espIdentifier>2</espIdentifier>", "<screenName>a</screenName>")
        )
    )
    assert (tip.people[0].accounts[0].user_id, tip.people[0].accounts[0].screen_name.value) == (None, "a")
    assert [why for _, why in unread(tip)] == ["stands twice with different values"] * 2


def test_one_field_twice_with_one_value_is_that_value():
    tip = only(
        report(person("<espIdentifier>1</espIdentifier>", "<espIdentifier/>", "<espIdentifier> 1 </espIdentifier>"))
    )
    assert (tip.people[0].accounts[0].user_id.value, tip.unread) == ("1", [])


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress><port>0</port></ipCaptureEvent>", "not a port"),
        ("<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress><port>-1</port></ipCaptureEvent>", "not a port"),
        ("<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress><port>80.0</port></ipCaptureEvent>", "not a port"),
        ("<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress><port>٤٤٣</port></ipCaptureEvent>", "not a port"),
        ("<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress><possibleProxy>maybe</possibleProxy></ipCaptureEvent>", "not yes or no"),
        ("<ipCaptureEvent><ipAddress>192.0.2.1<b/></ipAddress></ipCaptureEvent>", "not a text"),
        ("<screenName>a<b>c</b></screenName>", "not a text"),
        ("loose words<screenName/>", "text between elements"),
        ("<screenName/>loose words", "text between elements"),
        ("<deviceId><idType>IMEI</idType></deviceId>", "no value beside its kind"),
    ],
)  # fmt: skip
def test_values_of_the_wrong_kind_are_unread_at_their_place(written, why):
    tip = only(report(person(written)))
    assert [reason for _, reason in unread(tip)] == [why]
    assert all(seen.port is None and seen.possible_proxy is None for seen in tip.sightings)


@pytest.mark.parametrize("said_so", ["<viral>maybe</viral>", "<viral><yes/></viral>"])
def test_an_annotation_that_says_neither_yes_nor_no_is_unread(said_so):
    tip = only(
        report(
            f"<fileDetails><fileName>a</fileName><fileAnnotations>{said_so}<infant/></fileAnnotations></fileDetails>"
        )
    )
    assert values(tip.files[0].annotations) == ["infant"]
    assert len(unread(tip)) == 1 and tip.marks == []


# ---- tears -------------------------------------------------------------------------------------------------------
def test_a_cut_file_gives_the_reports_before_the_cut_and_says_where():
    reports = "".join(report(number=str(number)) for number in range(5))
    data = f"<all>{reports}</all>"
    reading = read(data[: data.index("<reportId>3")])
    assert [tip.report_number.value for tip in reading.documents] == ["0", "1", "2"]
    (refusal,) = reading.refusals
    assert (refusal.code, refusal.place.startswith("line 1, column")) == ("INTAKE-XML-CUT", True)
    assert "3" in refusal.what


def test_a_report_that_is_cut_gives_its_closed_parts_and_none_that_was_open():
    data = report(person("<espIdentifier>12345</espIdentifier>"), person("<espIdentifier>67890</espIdentifier>"))
    reading = read(data[: data.index("67890") + 2])
    (tip,) = reading.documents
    assert [values([one.user_id for one in p.accounts]) for p in tip.people] == [["12345"]]
    assert [one.code for one in reading.refusals] == ["INTAKE-XML-CUT"]
    assert [(block.at, block.why) for block in reading.unread] == [
        ("/report/personOrUserReported[2]", "the file tears here")
    ]


def test_what_was_read_before_a_tear_opens_at_its_place_though_a_torn_brother_follows():
    from paricha.intake.xml_places import open_at, text_of

    data = "<report><reportId>1</reportId><fileDetails><fileName>a.bin</fileName></fileDetails><fileDetails><fileName>b.bin"
    reading = read(data)
    (tip,) = reading.documents
    name = tip.files[0].name
    assert (name.value, text_of(open_at(data.encode(), name.at)[1])) == ("a.bin", "a.bin")
    (block,) = reading.unread
    assert "b.bin" in text_of(open_at(data.encode(), block.at)[1])


def test_a_file_broken_in_its_midst_gives_what_was_closed_before():
    data = f"<all>{report(number='1')}{report(number='2').replace('</incidentType>', '</wrong>')}{report(number='3')}</all>"
    reading = read(data)
    assert [tip.report_number.value for tip in reading.documents] == ["1", "2"]
    assert reading.documents[1].incident_type is None
    assert [one.code for one in reading.refusals] == ["INTAKE-XML-BROKEN"]


@pytest.mark.parametrize(
    "data", ["<", "<a", "<a>", "<a></b>", "<?xml", "<!DOCTYPE", "<!DOCTYPE a [", "<a/><b/>", "<a b='1' b='2'/>"]
)
def test_what_is_hardly_xml_is_refused(data):
    (code,) = codes(data)
    assert code in ("INTAKE-XML-CUT", "INTAKE-XML-BROKEN", "INTAKE-NOTHING-KNOWN")


def true_values() -> set[str]:
    """Every value that the two files written by hand truly state."""
    return {said(leaf) for text in (PLAIN, SPACED) for tip in read(text).documents for leaf in leaves(tip)}


TRUE = true_values()


@given(st.sampled_from([PLAIN, SPACED]), st.floats(0, 1))
@settings(max_examples=120, deadline=None)
def test_a_cut_at_any_place_gives_no_value_that_the_whole_does_not_state(text, share):
    data = text.encode()
    reading = read(data[: int(len(data) * share)])
    for tip in reading.documents:
        assert {said(leaf) for leaf in leaves(tip)} <= TRUE
    assert share > 0.99 or reading.refusals


@given(
    st.sampled_from([PLAIN, SPACED]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12) | st.sampled_from(
        [b"<", b"</report>", b"<report>", b"<fileDetails>", b"]]>", b"<![CDATA[", b"&a;", b"<!DOCTYPE a>", b"<!ENTITY a 'b'>", b"\0"])),
        min_size=1, max_size=4),
)  # fmt: skip
@settings(max_examples=120, deadline=None)
def test_damage_never_raises_and_every_leaf_still_has_a_place(text, wounds):
    data = text.encode()
    for share, lost, put in wounds:
        at = int(len(data) * share)
        data = data[:at] + put + data[at + lost :]
    reading = read(data)
    assert reading.documents or reading.refusals or reading.unread or not data.strip()
    for tip in reading.documents:
        for leaf in leaves(tip):
            assert str(leaf.at).startswith("/")
            if isinstance(leaf, Leaf) and isinstance(leaf.value, str):
                assert "\0" not in leaf.value and "\ufffd" not in leaf.value


NAMES = st.sampled_from(
    "report fileDetails reportId incidentSummary incidentType personOrUserReported personOrUserReportedPerson ipCaptureEvent "
    "ipAddress port phone address age associatedAccount deviceId details nameValuePair name value viral fileAnnotations "
    "reportAnnotations potentialMeme batchedReport internetDetails chatImIncident content unknownTag estimatedLocation".split()
)
TEXTS = st.sampled_from(["", "1", "true", "192.0.2.1", "2026-05-01T00:00:00Z", "N/A", "null", "x & y", "അ"])


def written(tree) -> str:
    name, text, inner = tree
    body = text.replace("&", "&amp;") + "".join(map(written, inner))
    return f"<{name}>{body}</{name}>"


@given(
    st.recursive(
        st.tuples(NAMES, TEXTS, st.just(())),
        lambda inner: st.tuples(NAMES, TEXTS, st.lists(inner, max_size=5)),
        max_leaves=30,
    )
)
@settings(max_examples=100, deadline=None)
def test_known_tags_in_any_order_and_depth_never_raise(tree):
    reading = read(written(tree))
    for tip in reading.documents:
        for leaf in leaves(tip):
            assert str(leaf.at).startswith("/")
