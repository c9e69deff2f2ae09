"""One report as JSON, XML, PDF and rows of two sheets: one tip, both values where they differ, the rule that leads."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paricha.grounds.instants import Precision
from paricha.grounds.provenance import LocatorKind
from paricha.intake.document import Hash, Leaf, PlaceSaid, Seen, Source
from paricha.records.comparing import comparable, content
from paricha.records.deriving import place_text, rows_of, tip_id
from paricha.records.differences import differences
from paricha.records.merging import FORM_ORDER, RULE_WORDS, merged
from paricha.records.versions import Delivery
from tests.records.documents import file, leaf, seen, suspect, tip, when

BATCH = b"b" * 16
KINDS = {"json": LocatorKind.JSON_POINTER, "xml": LocatorKind.XPATH, "pdf": LocatorKind.PAGE_RECT}
PLACES = {"json": "/0", "xml": "/reports/report[1]", "pdf": [1, [72.0, 90.5, 301.2, 104.0]], "xlsx": ["Tips", "A2"],
          "ods": ["Tips", "A2"], "csv": ["", "A2"], "entry": ["Anila Kurian", "2026-05-01T10:00:00Z"]}  # fmt: skip


def report(form: str, **given):
    """A document of a form with its own kind of place."""
    made = tip(form=form, **given)
    kind = LocatorKind.ENTRY if form == "entry" else KINDS.get(form, LocatorKind.CELL)
    made.sources = [Source(form, f"made-{form}/1", made.sources[0].original, kind)]
    made.place = PLACES[form]
    return made


def together(*documents, decisions=None):
    return merged([Delivery(number, BATCH, one) for number, one in enumerate(documents, 1)], decisions)


def test_all_forms_of_one_number_are_one_tip_with_every_original():
    forms = ["csv", "pdf", "json", "xlsx", "xml", "ods", "entry"]
    documents = [report(form, people=[suspect(handle="kite_fly_88")]) for form in forms]
    assert len({tip_id(one) for one in documents}) == 1
    made = together(*documents)
    assert [source.form for source in made.document.sources] == FORM_ORDER
    assert len(made.document.people) == 1 and made.conflicts == []
    assert made.standing.version == 1


@pytest.mark.parametrize(
    "first, second", [("json", "xml"), ("xml", "pdf"), ("pdf", "xlsx"), ("xlsx", "csv"), ("csv", "entry")]
)
def test_where_two_forms_differ_both_stay_and_the_written_rule_leads(first, second):
    made = together(report(second, priority_stated=leaf("3")), report(first, priority_stated=leaf("1")))
    (conflict,) = made.conflicts
    assert [reading.value for reading in conflict.readings] == ["1", "3"]
    assert (conflict.field, conflict.leading, conflict.rule) == ("priority.stated", 0, "form")
    assert [made.document.sources[reading.form].form for reading in conflict.readings] == [first, second]
    assert RULE_WORDS["form"]


def test_a_decision_leads_until_the_value_is_gone():
    forms = [report("json", priority_stated=leaf("1")), report("pdf", priority_stated=leaf("3"))]
    decided = {"priority.stated": comparable(leaf("3"))}
    assert together(*forms, decisions=decided).document.priority_stated.value == "3"
    newer = report("pdf", original="newer", priority_stated=leaf("2"), processed_at=when("2026-06-01T00:00:00Z"))
    made = together(*forms, newer, decisions=decided)
    assert made.document.priority_stated.value == "1" and made.conflicts[0].rule == "form"


@pytest.mark.parametrize(
    "json, other",
    [
        ({"incident_type": leaf("Upload of a File")}, {"incident_type": leaf("UPLOAD OF A  FILE")}),
        ({"received_at": when("2026-05-01T10:00:05Z")}, {"received_at": when("2026-05-01T10:00:00Z", precision=Precision.MINUTE)}),
        ({"incident_at": when("2026-05-01T10:00:05Z")}, {"incident_at": when("2026-05-01T00:00:00Z", precision=Precision.DAY)}),
        ({"escalation": leaf(True)}, {"escalation": leaf("Yes")}),
        ({"reporter_name": leaf("Example Share")}, {"reporter_name": leaf("Ｅxample Share")}),
        ({"people": [suspect(emails=["A@example.com"])]}, {"people": [suspect(emails=["a@EXAMPLE.com"])]}),
        ({"people": [suspect(phones=["+91 10000 00417"])]}, {"people": [suspect(phones=["01000000417"])]}),
        ({"files": [file("a.bin", "AB" * 16)]}, {"files": [file("a.bin", "ab" * 16)]}),
        ({"files": [file("a.bin", "ab" * 16, public=True)]}, {"files": [file(md5="ab" * 16, public="yes")]}),
        (
            {"places": [PlaceSaid("esp", leaf("2001:db8::1"), leaf("India"))]},
            {"places": [PlaceSaid("esp", leaf("2001:0DB8:0:0::1"), leaf("INDIA"))]},
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["pdf", "xml"])
def test_differences_of_case_format_and_precision_are_none(form, json, other):
    made = together(report("json", **json), report(form, **other))
    assert made.conflicts == []
    assert len(made.document.people) + len(made.document.files) + len(made.document.places) <= 1
    for person in made.document.people:
        assert len(person.phones) + len(person.emails) == 1


def test_a_finer_instant_of_a_paper_is_shown_though_the_machine_form_leads():
    made = together(
        report("json", received_at=when("2026-05-01T00:00:00Z", precision=Precision.DAY)),
        report("pdf", received_at=when("2026-05-01T10:00:05Z")),
    )
    assert made.document.received_at.precision == Precision.SECOND
    assert made.document.sources[made.document.received_at.form].form == "pdf"


def test_people_keep_role_and_number_in_whatever_order_a_paper_lists_them():
    json = report("json", people=[suspect(1, handle="first"), suspect(2, handle="second")])
    pdf = report("pdf", people=[suspect(2, names=["Basil"]), suspect(1, names=["Anila"])])
    made = together(pdf, json)
    assert [(one.who, one.accounts[0].screen_name.value, one.names[0].value) for one in made.document.people] == [
        ("suspect 1", "first", "Anila"),
        ("suspect 2", "second", "Basil"),
    ]


def test_a_paper_that_calls_another_person_suspect_1_is_a_conflict_and_no_renumbering():
    made = together(
        report("json", people=[suspect(1, handle="kite", user_id="7", service="Example Chat")]),
        report("pdf", people=[suspect(1, handle="river", user_id="7", service="Example Chat")]),
    )
    assert [one.field for one in made.conflicts] == ["people[0].accounts[0].screen_name"]
    assert len(made.document.people) == 1


def test_files_merge_by_hash_over_three_forms_and_two_of_one_name_stay_two():
    both = [file("image.jpg", "a" * 32), file("image.jpg", "b" * 32)]
    json, xml = report("json", files=both), report("xml", files=[both[1], both[0]])
    pdf = report("pdf", files=[file(None, "b" * 32, public="Yes"), file("image.jpg", "c" * 32)])
    made = together(json, xml, pdf)
    assert [one.hashes[0].value.value[0] for one in made.document.files] == ["a", "b", "c"]
    assert made.document.files[1].public.value == "Yes"


def test_a_file_keeps_hashes_of_every_kind_that_any_form_states():
    sha1 = file("image.jpg", "a" * 32)
    sha1.hashes.append(Hash("SHA1", Leaf("d" * 40, "/x")))
    made = together(report("json", files=[file("image.jpg", "a" * 32)]), report("xml", files=[sha1]))
    assert [one.algorithm for one in made.document.files[0].hashes] == ["md5", "SHA1"]


def at_minute(address: str, text: str, who: str = "suspect 1") -> Seen:
    return Seen("person", who, leaf(address), None, None, when(text, precision=Precision.MINUTE))


def test_a_minute_matches_its_second_00_and_no_other():
    json = report(
        "json",
        sightings=[seen("203.0.113.9", "2026-05-01T10:00:00Z", 443), seen("203.0.113.9", "2026-05-01T10:00:37Z", 443)],
    )
    pdf = report("pdf", sightings=[at_minute("203.0.113.9", "2026-05-01T10:00:00Z")])
    made = together(json, pdf).document.sightings
    assert [(one.at.utc % 60, one.port.value, one.at.precision) for one in made] == [
        (0, 443, Precision.SECOND),
        (37, 443, Precision.SECOND),
    ]
    alone = together(report("json", sightings=[json.sightings[1]]), pdf).document.sightings
    assert [one.port and one.port.value for one in alone] == [443, None]  # nothing is borrowed from a neighbour


def test_a_sighting_of_a_paper_without_port_joins_the_one_of_the_machine_form_and_one_with_another_port_does_not():
    json = report("json", sightings=[seen("203.0.113.9", "2026-05-01T10:00:00Z", 443, "Upload")])
    paper = report("pdf", sightings=[seen("203.0.113.9", "2026-05-01T10:00:00Z", None, "UPLOAD")])
    other = report("xml", sightings=[seen("203.0.113.9", "2026-05-01T10:00:00Z", 444)])
    made = together(json, paper, other).document.sightings
    assert [one.port.value for one in made] == [443, 444]


def test_rows_of_a_merged_tip_hold_each_thing_once_at_every_kind_of_place():
    documents = [
        report(form, people=[suspect(handle="kite", user_id="7", service="Example Chat")], files=[file("a.bin", "a" * 32)],
               sightings=[seen("203.0.113.9", "2026-05-01T10:00:00Z", 443)])
        for form in ("json", "xml", "pdf", "xlsx", "csv")
    ]  # fmt: skip
    made = together(*documents).document
    rows = rows_of(tip_id(made), made, "IN")
    assert (len(rows.sightings), len(rows.files)) == (1, 1)
    assert all(place_text(one.place) for one in documents)


# ---- supplements ------------------------------------------------------------------------------------------------
def test_a_supplement_is_a_version_whose_difference_is_said_value_by_value():
    first = report(
        "pdf",
        original="first",
        priority_stated=leaf("2"),
        people=[suspect(phones=["1"])],
        files=[file("a.bin", "a" * 32)],
    )
    more = report("pdf", original="more", priority_stated=leaf("1"), people=[suspect(phones=["1", "2"])],
                  files=[file("new.bin", "c" * 32), file("a.bin", "a" * 32)])  # fmt: skip
    made = together(first, more)
    assert (made.standing.version, made.conflicts) == (2, [])
    told = [
        (one.kind, one.path, one.before and one.before.text, one.now and one.now.text)
        for one in differences(first, more)
    ]
    assert told == [
        ("changed", "priority.stated", "2", "1"),
        ("added", "suspect 1/phones", None, "2"),
        ("added", "file new.bin/name", None, "new.bin"),
        ("added", "file new.bin/md5", None, "c" * 32),
    ]
    assert differences(first, first) == []


def test_a_thing_that_only_moved_is_no_difference():
    first = report("pdf", people=[suspect(1, names=["Anila"]), suspect(2, names=["Basil"])],
                   files=[file("a", "a" * 32), file("a", "b" * 32)])  # fmt: skip
    moved = report("pdf", people=[suspect(2, names=["Basil"]), suspect(1, names=["Anila"])],
                   files=[file("a", "b" * 32), file("a", "a" * 32)])  # fmt: skip
    assert differences(first, moved) == []


def test_an_instant_that_is_known_now_is_a_change():
    (told,) = differences(
        report("csv", received_at=when("03/04/2026")), report("csv", received_at=when("2026-04-03T00:00:00Z"))
    )
    assert (told.kind, told.path) == ("changed", "received_at")


# ---- any order --------------------------------------------------------------------------------------------------
instants = st.one_of(
    st.none(),
    st.builds(
        lambda text, fine: when(text, precision=fine),
        st.sampled_from(["2026-05-01T10:00:00Z", "2026-05-01T10:00:07Z", "01/05/2026 10:00"]),
        st.sampled_from([Precision.SECOND, Precision.MINUTE]),
    ),
)
sightings = st.builds(
    lambda address, at, port: Seen("person", "suspect 1", leaf(address), leaf(port), None, at),
    st.sampled_from(["203.0.113.9", "2001:db8::1"]), instants, st.sampled_from([None, 1, 2]),
)  # fmt: skip
files = st.builds(file, st.sampled_from(["a.bin", "b.bin", None]), st.sampled_from([None, "a" * 32, "b" * 32]))


@st.composite
def five_forms(draw):
    forms = draw(st.lists(st.sampled_from(["json", "xml", "pdf", "xlsx", "csv"]), min_size=2, max_size=5, unique=True))
    return [
        report(
            form,
            priority_stated=leaf(draw(st.sampled_from(["1", "2", None]))),
            received_at=draw(instants),
            sightings=draw(st.lists(sightings, max_size=3)),
            files=draw(st.lists(files, max_size=3)),
        )
        for form in forms
    ]


def said(made):
    return content(made.document), [
        (one.field, [content(r) for r in one.readings], one.leading, one.rule) for one in made.conflicts
    ]


@settings(max_examples=60)
@given(five_forms(), st.randoms(use_true_random=False))
def test_the_order_in_which_forms_arrive_does_not_matter(documents, chance: random.Random):
    shuffled = documents[:]
    chance.shuffle(shuffled)
    assert said(together(*documents)) == said(together(*shuffled))


@settings(max_examples=60)
@given(five_forms(), five_forms())
def test_what_says_the_same_has_no_difference_and_what_is_added_one_way_is_gone_the_other(first, second):
    one, other = first[0], second[0]
    assert differences(one, one) == []
    one.files, other.files = [], []
    there, back = differences(one, other), differences(other, one)
    assert [c.kind for c in there].count("added") == [c.kind for c in back].count("gone")
    assert [c.kind for c in there].count("changed") == [c.kind for c in back].count("changed")
