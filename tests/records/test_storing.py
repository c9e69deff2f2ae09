"""A chunk becomes rows: what is new, known, merged, another version; links, ids, what stays whole."""

import pytest
from django.db import connection

from paricha.access.models import Unit, UnitKind
from paricha.grounds import identity
from paricha.grounds.instants import Precision, from_utc_text
from paricha.grounds.refusals import Refused
from paricha.records.models import Conflict, Selector, SelectorLink, Sighting, Tip, TipAlias, TipVersion
from paricha.records.queries import document_of, documents_of, merged_of, sighting_named, tips_with
from paricha.records.verbs import decide_conflict, hand_tip
from tests.records.documents import file, leaf, seen, suspect, tip, when

pytestmark = pytest.mark.django_db


def counts(outcome):
    return {
        name: n for name in ("new", "merged", "versions", "known", "folded") if (n := getattr(outcome.counts, name))
    }


def test_a_tips_id_is_who_gave_the_number_and_the_number(store):
    store(tip("990000001"))
    assert Tip.objects.get().id16 == identity.tip_id("ncmec", "990000001")


def test_a_report_without_a_number_is_a_tip_of_its_original_and_place(store):
    store(tip(None, original="a"))
    store(tip(None, original="a"))
    store(tip(None, original="b"))
    assert Tip.objects.filter(report_number=None).count() == 2


def test_the_same_again_adds_nothing(store):
    document = tip(people=[suspect(handle="kite")], sightings=[seen("203.0.113.9", "2026-05-01T10:00:00Z", 1)])
    assert counts(store(document)) == {"new": 1}
    assert counts(store(document)) == {"known": 1}
    same_in_another_file = tip(original="again", people=document.people, sightings=document.sightings)
    outcome = store(same_in_another_file)
    assert (counts(outcome), outcome.changed) == ({"known": 1}, [])
    assert (Tip.objects.get().version, Sighting.objects.count()) == (1, 1)
    assert list(TipVersion.objects.order_by("arrival").values_list("arrival", "repeats", "newest")) == [
        (1, None, True), (2, 1, False),
    ]  # fmt: skip


def test_another_form_merges_and_a_changed_delivery_is_a_version(store):
    store(tip(priority_stated=leaf("2")))
    assert counts(store(tip(form="csv", priority_stated=leaf("2")))) == {"merged": 1}
    assert counts(store(tip(original="new", priority_stated=leaf("1")))) == {"versions": 1}
    kept = Tip.objects.get()
    assert (kept.forms, kept.version, document_of(kept).priority_stated.value) == ("csv json", 2, "1")


def test_forms_of_one_chunk_become_one_tip(store):
    assert counts(store(tip(), tip(form="csv"), tip("990000002"))) == {"new": 2, "merged": 1}
    assert Tip.objects.count() == 2


def test_a_conflict_is_a_row_until_an_officer_decides_it(store, officer):
    store(tip(priority_stated=leaf("2")), tip(form="csv", priority_stated=leaf("3")))
    kept = Tip.objects.get()
    assert (kept.conflicts, Conflict.objects.get().rule) == (1, "form")
    decided = decide_conflict(officer, kept, "priority.stated", reading=1, reason="The district telephoned NCMEC.")
    assert (decided.conflicts, document_of(decided).priority_stated.value) == (0, "3")
    assert merged_of(decided).conflicts[0].rule == "decided"


@pytest.mark.parametrize(
    ("field", "reading", "reason", "code"),
    [
        ("incident.type", 0, "because", "RECORDS-NO-CONFLICT"),
        ("priority.stated", 2, "because", "RECORDS-NOT-A-READING"),
        ("priority.stated", 0, " ", "ACCESS-REASON-NEEDED"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(store, officer, field, reading, reason, code):
    store(tip(priority_stated=leaf("2")), tip(form="csv", priority_stated=leaf("3")))
    with pytest.raises(Refused) as refused:
        decide_conflict(officer, Tip.objects.get(), field, reading=reading, reason=reason)
    assert refused.value.refusal.code == code


def test_a_decision_holds_when_another_form_comes_in(store, officer):
    store(tip(priority_stated=leaf("2")), tip(form="csv", priority_stated=leaf("3")))
    decide_conflict(officer, Tip.objects.get(), "priority.stated", reading=1, reason="The letter says so.")
    store(tip(form="xlsx", priority_stated=leaf("2")))
    assert document_of(Tip.objects.get()).priority_stated.value == "3"


def test_tips_that_share_a_selector_are_found_by_it_in_any_spelling(store, officer):
    store(tip("1", people=[suspect(phones=["+91 00000 00417"])]))
    store(tip("2", people=[suspect(phones=["0000000417"])]), tip("3", people=[suspect(phones=["+91 00000-00417"])]))
    shared = Selector.objects.get(kind="phone")
    assert {str(one) for one in tips_with(officer, shared)} == {"1", "2", "3"}


def test_a_selector_that_its_first_tip_lost_goes_to_the_next(store, officer):
    store(tip("1", people=[suspect(handle="kite")]), tip("2", people=[suspect(handle="kite")]))
    store(tip("1", original="new", people=[suspect(handle="other")]))
    kite = Selector.objects.get(normal_form="|kite")
    assert (str(kite.first_tip), kite.links.count()) == ("2", 0)
    assert [str(one) for one in tips_with(officer, kite)] == ["2"]


def test_a_selector_that_nobody_has_any_more_goes(store):
    store(tip("1", people=[suspect(handle="kite")], sightings=[seen("203.0.113.9")]))
    store(tip("1", original="new"))
    assert Selector.objects.count() == 0


def test_a_sightings_id_is_tip_who_address_and_instant(store):
    store(tip(sightings=[seen("203.0.113.9", "2026-05-01T10:00:00Z", 1)]))
    expected = identity.sighting_id(
        identity.tip_id("ncmec", "990000001"),
        "suspect 1",
        "address",
        "203.0.113.9",
        from_utc_text("2026-05-01T10:00:00Z"),
    )
    assert Sighting.objects.get().id16 == expected


@pytest.mark.parametrize("text", ["2026-05-01T10:00:00Z", "1969-12-31T23:59:59Z", None])
def test_the_quick_way_to_a_sightings_id_gives_the_same_id(text):
    from paricha.records.deriving import sighting_id

    at = from_utc_text(text) if text else None
    quick = sighting_id(b"t" * 16, "file 2", "2001:db8::1", int(at.timestamp()) if at else None)
    assert quick == identity.sighting_id(b"t" * 16, "file 2", "address", "2001:db8::1", at)


def test_a_finer_instant_keeps_the_old_id_as_alias(store, officer):
    coarse = seen("203.0.113.9")
    coarse.at = when("2026-05-01T10:00:00Z", precision=Precision.HOUR)
    store(tip(sightings=[coarse]))
    old = Sighting.objects.get().id16
    store(tip(original="new", sightings=[seen("203.0.113.9", "2026-05-01T10:07:12Z")]))
    now = Sighting.objects.get()
    assert now.id16 != old
    assert sighting_named(officer, old) == now
    assert TipAlias.objects.get().old == old


def test_two_sightings_of_one_second_get_two_ids(store):
    store(
        tip(sightings=[seen("203.0.113.9", "2026-05-01T10:00:00Z", 1), seen("203.0.113.9", "2026-05-01T10:00:00Z", 2)])
    )
    assert Sighting.objects.values("id16").distinct().count() == 2


def test_another_district_sees_no_tip_sighting_or_selector(store, officer, make_officer):
    from paricha.access.rights import Role

    north = Unit.objects.create(name="North", kind=UnitKind.DISTRICT, under=officer.unit)
    north.path = f"{officer.unit.path}{north.pk}/"
    north.save()
    stranger = make_officer("Basil", Role.ANALYST, unit=north)
    store(
        tip(
            people=[suspect(handle="kite")],
            sightings=[seen("203.0.113.9", "2026-05-01T10:00:00Z")],
            files=[file("a", "a" * 32)],
        )
    )
    kept, kite = Tip.objects.get(), Selector.objects.get(kind="handle")
    for model in (Tip, Sighting, TipVersion, Conflict, SelectorLink):
        assert not model.objects.visible_to(stranger).exists()
    assert not tips_with(stranger, kite).exists()
    handed = hand_tip(officer, kept, north, reason="The suspect lives there.")
    assert handed.unit == north
    assert Sighting.objects.visible_to(stranger).count() == 1
    assert tips_with(stranger, kite).count() == 1


def test_bulk_rows_point_to_rows_that_are_there(store):
    """The database holds no constraint between bulk tables; the writer does."""
    for number in range(3):
        store(*(tip(str(n), original=f"{number}-{n}", priority_stated=leaf(str(number)), people=[suspect(handle=f"k{n % 4}")],
                    sightings=[seen("203.0.113.9", "2026-05-01T10:00:00Z")], files=[file("a", f"{n:032x}")])
                for n in range(number, number + 6)))  # fmt: skip
    pairs = [
        ("records_tipversion", "tip_id", "records_tip"), ("records_sighting", "tip_id", "records_tip"),
        ("records_sighting", "selector_id", "records_selector"), ("records_selectorlink", "selector_id", "records_selector"),
        ("records_selectorlink", "tip_id", "records_tip"), ("records_tipfile", "tip_id", "records_tip"),
        ("records_filehash", "file_id", "records_tipfile"), ("records_filehash", "selector_id", "records_selector"),
        ("records_conflict", "tip_id", "records_tip"), ("records_selector", "first_tip_id", "records_tip"),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        for child, column, parent in pairs:
            cursor.execute(f"SELECT count(*) FROM {child} WHERE {column} NOT IN (SELECT id FROM {parent})")
            assert cursor.fetchone() == (0,), (child, column)


def test_documents_of_many_tips_come_at_once(store):
    store(tip("1", priority_stated=leaf("1")), tip("2"), tip("2", form="csv", priority_stated=leaf("2")))
    ids = {str(one): one.id16 for one in Tip.objects.all()}
    found = documents_of(ids.values())
    assert {name: found[id16].priority_stated.value for name, id16 in ids.items()} == {"1": "1", "2": "2"}


def test_viral_tips_that_share_a_file_fold_into_the_one_received_first(store):
    from paricha.intake.document import Leaf, Noted

    def viral(number: str, day: int, md5: str, marks=("viral",)):
        return tip(number, received_at=when(f"2026-05-{day:02}T00:00:00Z"), files=[file("a", md5)],
                   marks=[Noted(mark, Leaf(True, "/viral")) for mark in marks])  # fmt: skip

    outcome = store(
        viral("3", 3, "a" * 32), viral("2", 2, "a" * 32), viral("9", 1, "b" * 32), viral("5", 1, "a" * 32, ())
    )
    assert outcome.counts.folded == 1
    assert counts(store(viral("1", 1, "a" * 32))) == {"new": 1, "folded": 1}
    first = Tip.objects.get(report_number="1")
    assert {str(one): one.folded_into for one in Tip.objects.all()} == {
        "1": None, "2": first.id16, "3": first.id16, "9": None, "5": None,
    }  # fmt: skip


def test_what_is_read_otherwise_from_the_same_place_replaces_what_was_read(store):
    """An officer chose the date order of a sheet: the same original, now with instants."""
    store(tip("1", form="csv", received_at=when("03/04/2026")))
    outcome = store(tip("1", form="csv", received_at=when("2026-04-03T00:00:00Z")))
    kept = Tip.objects.get()
    assert (counts(outcome), outcome.changed) == ({"known": 1}, [kept.id16])
    assert (kept.version, document_of(kept).received_at.utc, TipVersion.objects.count()) == (1, 1775174400, 1)
