"""One tip from many documents: what merges, what differs, what leads."""

import random

from hypothesis import given
from hypothesis import strategies as st

from paricha.intake.document import Leaf
from paricha.records.comparing import content
from paricha.records.merging import merged
from paricha.records.versions import Delivery, standing
from tests.records.documents import file, leaf, seen, suspect, tip, when

BATCH = b"b" * 16


def together(*documents, decisions=None, batches=None):
    return merged(
        [Delivery(n, batches[n - 1] if batches else BATCH, one) for n, one in enumerate(documents, 1)], decisions
    )


def test_a_form_that_says_the_same_in_other_letters_is_no_conflict():
    json = tip(reporter_name=leaf("Example Share"), priority_stated=leaf("2"), incident_at=when("2026-05-01T10:00:00Z"))
    sheet = tip(
        form="xlsx",
        reporter_name=leaf(" EXAMPLE  share"),
        priority_stated=leaf(2),
        incident_at=when("2026-05-01T10:00:00Z"),
    )
    assert together(json, sheet).conflicts == []


def test_a_value_that_differs_is_shown_with_both_readings_and_the_machine_form_leads():
    made = together(tip(form="csv", priority_stated=leaf("3")), tip(priority_stated=leaf("2")))
    assert [(one.field, [r.value for r in one.readings], one.leading, one.rule) for one in made.conflicts] == [
        ("priority.stated", ["2", "3"], 0, "form")
    ]
    assert made.document.priority_stated.value == "2"
    assert made.document.sources[made.conflicts[0].readings[1].form].form == "csv"


def test_an_officers_decision_leads():
    made = together(
        tip(priority_stated=leaf("2")), tip(form="csv", priority_stated=leaf("3")), decisions={"priority.stated": "3"}
    )
    assert made.document.priority_stated.value == "3"
    assert (made.conflicts[0].leading, made.conflicts[0].rule) == (1, "decided")


def test_a_readable_instant_leads_over_one_without_a_zone_and_is_no_conflict():
    made = together(tip(received_at=when("01/05/2026")), tip(form="csv", received_at=when("2026-05-01T10:00:00Z")))
    assert made.document.received_at.utc is not None
    assert made.conflicts == []


def test_a_value_that_a_newer_version_replaced_is_no_conflict():
    old = tip(priority_stated=leaf("3"), made_available_at=when("2026-05-01T10:00:00Z"), original="old")
    new = tip(priority_stated=leaf("1"), made_available_at=when("2026-05-09T10:00:00Z"), original="new")
    sheet = tip(form="csv", priority_stated=leaf("3"))
    made = together(old, sheet, new)
    assert (made.document.priority_stated.value, made.conflicts, made.standing.version) == ("1", [], 2)


def test_people_merge_by_role_and_number_and_keep_all_their_names():
    made = together(
        tip(people=[suspect(1, names=["Anila Kurian"]), suspect(2, names=["Basil"])]),
        tip(form="csv", people=[suspect(1, names=["anila kurian", "അനില കുര്യൻ"])]),
    )
    assert [[leaf.value for leaf in person.names] for person in made.document.people] == [
        ["Anila Kurian", "അനില കുര്യൻ"], ["Basil"],
    ]  # fmt: skip


def test_an_account_without_an_id_joins_the_persons_only_account():
    made = together(
        tip(people=[suspect(user_id="7001", service="Example Share")]),
        tip(form="csv", people=[suspect(handle="kite_fly")]),
    )
    (account,) = made.document.people[0].accounts
    assert (account.user_id.value, account.screen_name.value) == ("7001", "kite_fly")


def test_two_ids_stay_two_accounts():
    made = together(tip(people=[suspect(user_id="7001")]), tip(form="csv", people=[suspect(user_id="7002")]))
    assert [one.user_id.value for one in made.document.people[0].accounts] == ["7001", "7002"]


def test_files_merge_by_hash_then_by_name_and_two_of_one_name_stay_two():
    md5 = "a" * 32
    made = together(
        tip(files=[file("a.bin", md5), file("b.bin"), file("b.bin")]),
        tip(form="csv", files=[file("other name.bin", md5), file("b.bin", classification="A1")]),
    )
    assert [one.name.value for one in made.document.files] == ["a.bin", "b.bin", "b.bin"]
    assert [one.field for one in made.conflicts] == ["files[0].name"]
    assert made.document.files[1].classification.value == "A1"


def test_files_of_one_name_and_other_hashes_are_two():
    made = together(tip(files=[file("a.bin", "a" * 32)]), tip(form="csv", files=[file("a.bin", "b" * 32)]))
    assert len(made.document.files) == 2


def test_a_sighting_of_a_merged_file_follows_its_number():
    lone = seen("203.0.113.9", "2026-05-01T10:00:00Z", who="file 1")
    lone.of = "file"
    made = together(
        tip(files=[file("a.bin", "a" * 32), file("b.bin", "b" * 32)]),
        tip(form="csv", files=[file("b.bin", "b" * 32)], sightings=[lone]),
    )
    assert [one.who for one in made.document.sightings] == ["file 2"]


def test_sightings_merge_when_who_address_and_instant_agree():
    made = together(
        tip(sightings=[seen("2001:db8::1", "2026-05-01T10:00:00Z", 443, "UPLOAD")]),
        tip(form="csv", sightings=[
            seen("2001:DB8:0::1", "2026-05-01T10:00:00Z", None, "Upload"),
            seen("2001:db8::1", "2026-05-01T10:00:05Z"),
            seen("2001:db8::1", None),
        ]),
    )  # fmt: skip
    assert [(one.at and one.at.as_written, one.port and one.port.value) for one in made.document.sightings] == [
        ("2026-05-01T10:00:00Z", 443), ("2026-05-01T10:00:05Z", None), (None, None),
    ]  # fmt: skip


def test_sightings_that_differ_in_port_stay_two():
    made = together(
        tip(sightings=[seen("203.0.113.9", "2026-05-01T10:00:00Z", 1)]),
        tip(form="csv", sightings=[seen("203.0.113.9", "2026-05-01T10:00:00Z", 2)]),
    )
    assert [one.port.value for one in made.document.sightings] == [1, 2]


def test_an_absent_port_is_never_borrowed_from_a_neighbour_of_the_same_form():
    made = together(
        tip(sightings=[seen("203.0.113.9", "2026-05-01T10:00:00Z", 1), seen("203.0.113.9", "2026-05-01T10:00:00Z")])
    )
    assert [one.port and one.port.value for one in made.document.sightings] == [1, None]


def test_forms_delivered_together_add_one_version():
    first, second = b"1" * 16, b"2" * 16
    json, sheet = tip(original="j1"), tip(form="csv", original="c1")
    new_json = tip(original="j2", priority_stated=leaf("1"))
    new_sheet = tip(form="csv", original="c2", priority_stated=leaf("1"))
    made = together(json, sheet, new_json, new_sheet, batches=[first, first, second, second])
    assert made.standing.version == 2


def test_a_tip_on_two_sheets_of_one_file_is_not_replaced_by_the_second():
    first = tip(form="xlsx", original="book", people=[suspect(phones=["+91 00000 00417"])])
    second = tip(form="xlsx", original="book", sightings=[seen("203.0.113.9")])
    second.place = ["Sheet2", "A2"]
    made = together(first, second)
    assert (len(made.document.people), len(made.document.sightings), made.standing.version) == (1, 1, 1)


# ---- order and doubles of delivery must not matter ---------------------------------------------------------------
texts = st.sampled_from(["A1", "A2", "b2", None])
addresses = st.sampled_from(["203.0.113.9", "2001:db8::1", "198.51.100.7"])
instants = st.sampled_from(["2026-05-01T10:00:00Z", "2026-05-01T10:00:05Z", None])
sightings = st.builds(
    seen, addresses, instants, st.sampled_from([None, 1, 2]), st.sampled_from([None, "UPLOAD", "Login"])
)
files = st.builds(
    lambda name, md5, rank: file(name, md5, classification=rank),
    st.sampled_from(["a.bin", "b.bin"]), st.sampled_from([None, "a" * 32, "b" * 32]), texts,
)  # fmt: skip
people = st.lists(
    st.builds(
        lambda number, handle, user, name: suspect(number, handle=handle, user_id=user, names=[name]),
        st.integers(1, 2), st.sampled_from([None, "kite", "Kite"]), st.sampled_from([None, "1", "2"]),
        st.sampled_from(["Anila", "അനില", "Basil"]),
    ),
    max_size=2, unique_by=lambda person: person.number,
)  # fmt: skip


@st.composite
def deliveries(draw, each_form_once=False):
    """Two to five deliveries of one tip in three forms; each states its own processing day, so that newest is certain."""
    made = []
    all_forms = st.sampled_from(["json", "xlsx", "csv"])
    forms = draw(st.lists(all_forms, min_size=2, max_size=3 if each_form_once else 5, unique=each_form_once))
    for number, form in enumerate(forms):
        made.append(
            tip(
                form=form,
                original=f"o{number}",
                processed_at=when(f"2026-06-{number + 1:02}T00:00:00Z"),
                priority_stated=leaf(draw(texts)),
                reporter_name=leaf(draw(texts)),
                people=draw(people),
                sightings=draw(st.lists(sightings, max_size=4)),
                files=draw(st.lists(files, max_size=3)),
            )
        )
    return made


def said(made):
    """What a merged tip says: its content and conflicts, each value with the original it comes from."""
    return content(made.document), [
        (one.field, [content(r) for r in one.readings], one.leading, one.rule) for one in made.conflicts
    ]


@given(deliveries(), st.randoms(use_true_random=False))
def test_the_order_of_delivery_does_not_matter(documents, chance: random.Random):
    shuffled = documents[:]
    chance.shuffle(shuffled)
    assert said(together(*documents)) == said(together(*shuffled))


@given(deliveries(), st.data())
def test_a_delivery_that_comes_twice_changes_nothing(documents, data):
    again = data.draw(st.sampled_from(documents))
    once, twice = together(*documents), together(*documents, again)
    assert said(once) == said(twice)
    assert once.standing.version == twice.standing.version


@given(deliveries(each_form_once=True))
def test_where_nothing_was_replaced_every_stated_value_is_kept(documents):
    made = together(*documents)
    assert not made.standing.replaced
    kept = {str(one.value).casefold() for one in _leaves(made.document)}
    kept |= {str(r.value).casefold() for one in made.conflicts for r in one.readings}
    for delivery in made.standing.leading:
        for one in _leaves(delivery.document):
            assert str(one.value).casefold() in kept


def _leaves(document):
    from paricha.intake.document import leaves

    return [one for one in leaves(document) if isinstance(one, Leaf)]


def test_what_was_said_before_is_known_again_after_a_change():
    a, b = tip(original="1", priority_stated=leaf("1")), tip(original="2", priority_stated=leaf("2"))
    back = tip(original="3", priority_stated=leaf("1"))
    stands = standing([Delivery(n, BATCH, one) for n, one in enumerate([a, b, back], 1)])
    assert stands.repeats == {3: 1}
    assert [one.original for one in stands.leading] == [b.sources[0].original]
