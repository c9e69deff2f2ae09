"""Pages of selectors: where each was seen and when first, by key, and only as far as the officer may see."""

import pytest
from django.urls import reverse

from paricha.access.models import Unit, UnitKind
from paricha.access.rights import Role
from paricha.audit.models import AuditRow
from paricha.intake.document import Device, Unread
from paricha.records import seen as seen_where
from paricha.records.models import Selector, Tip
from tests.records.documents import file, leaf, seen, suspect, tip, when

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(client, officer):
    """`look(kind, normal_form, **query)`: the selector's page as the first officer, as text."""
    client.force_login(officer.user)

    def at(kind, normal_form, who=None, **query):
        if who is not None:
            client.force_login(who.user)
        row = Selector.objects.get(kind=kind, normal_form=normal_form)
        return client.get(reverse("records:selector", args=[row.id16]), query)

    return at


@pytest.fixture
def districts(officer):
    return [
        Unit.objects.create(name=name, kind=UnitKind.DISTRICT, under=officer.unit, path=f"{officer.unit.path}{n}/")
        for n, name in enumerate(("North", "South", "West"), 100)
    ]


def hours(*numbers: int) -> list:
    return [seen("203.0.113.47", f"2026-05-01T{n:02}:00:00Z", 51820, "Login") for n in numbers]


def test_sightings_of_all_units_are_one_list_by_the_clock(officer, store, districts):
    for place, (unit, numbers) in enumerate(zip(districts, [(1, 7), (3, 9), (5,)], strict=True)):
        store(tip(str(place), sightings=hours(*numbers)), unit=unit)
    row = Selector.objects.get(kind="address")
    found = seen_where.sightings_page(officer, row, limit=3)
    assert [one.at // 3600 % 24 for one in found] == [9, 7, 5]
    after = (found[-1].at, found[-1].pk)
    assert [one.at // 3600 % 24 for one in seen_where.sightings_page(officer, row, after=after, limit=3)] == [3, 1]
    assert [one.at // 3600 % 24 for one in seen_where.sightings_page(officer, row, limit=9, oldest=True)] == [
        1,
        3,
        5,
        7,
        9,
    ]


def test_undated_sightings_come_last_and_none_is_lost_between_pages(officer, store):
    store(
        *[
            tip(str(n), sightings=[seen("203.0.113.47", "2026-05-01 10:00" if n % 2 else f"2026-05-01T0{n}:00:00Z")])
            for n in range(7)
        ]
    )
    row, after, found = Selector.objects.get(kind="address"), None, []
    while page := seen_where.sightings_page(officer, row, after=after, limit=2):
        found += page
        after = (page[-1].at, page[-1].pk)
    assert len({one.pk for one in found}) == 7
    assert [one.at is None for one in found] == [False] * 4 + [True] * 3


def test_an_officer_sees_sightings_of_his_unit_only(officer, make_officer, store, districts, look):
    store(tip("1", sightings=hours(1)), unit=districts[0])
    store(tip("2", sightings=hours(2)), unit=districts[1])
    stranger = make_officer("Basil", Role.ANALYST, unit=districts[1])
    page = look("address", "203.0.113.47", who=stranger).content.decode()
    assert ">2</a>" in page and ">1</a>" not in page
    other = make_officer("Chandy", Role.ANALYST, unit=districts[2])
    assert look("address", "203.0.113.47", who=other).status_code == 404


def test_an_address_shows_port_event_zone_first_and_last(store, look):
    store(tip("1", sightings=hours(1, 9)))
    page = look("address", "203.0.113.47").content.decode()
    assert "51820" in page and "Login" in page and "stated beside it" in page
    assert page.index("First seen") < page.index("06:30") < page.index("Last seen") < page.index("14:30")  # unit's zone


def test_a_screen_name_shows_how_it_was_written_whose_it_is_and_what_stands_beside_it(store, look):
    store(tip("1", people=[suspect(handle="@Kite_Fly", service="Example Share", phones=["+91 10000 00417"])]),
          tip("2", people=[suspect(), suspect(2, handle="kite_fly", service="Example Share", phones=["1000000417"])]))  # fmt: skip
    page = look("handle", "example share|kite_fly").content.decode()
    assert "@Kite_Fly" in page and "Suspect 2" in page
    assert page.count("+911000000417") == 1 and "of the newest 2 tips" in page
    assert "JSON /x" in page


def test_a_message_is_told_by_its_place_and_not_by_its_text(store, look):
    document = tip("1", people=[suspect(handle="kite", service="Example Share")])
    document.unread = [Unread("/chat/0/contents", "message text, not copied")]
    store(document)
    page = look("handle", "example share|kite").content.decode()
    assert "A message stands at" in page and "/chat/0/contents" in page


def test_a_file_hash_shows_its_files_by_every_name_and_their_other_hashes(store, look):
    one = file("plan.bin", "a" * 31 + "b", viewed_by_reporter=True)
    one.hashes.append(type(one.hashes[0])("sha1", leaf("c" * 39 + "d")))
    store(
        tip("1", files=[one], received_at=when("2026-05-02T10:00:00Z")),
        tip("2", files=[file("other_name.bin", "a" * 31 + "b")]),
    )
    page = look("hash", "md5|" + "a" * 31 + "b").content.decode()
    assert "plan.bin" in page and "other_name.bin" in page and "c" * 39 + "d" in page


def test_a_junk_imei_says_that_it_points_at_nobody(store, look):
    person = suspect()
    person.devices = [Device(leaf("IMEI"), leaf("000000000000000"))]
    store(tip("1", people=[person]), tip("2", people=[person]))
    page = look("device", "imei-unchecked|000000000000000").content.decode()
    assert "This points at nobody." in page and ">1</a>" in page and ">2</a>" in page


def test_a_hub_goes_by_pages_and_every_tip_comes_once(store, look):
    store(*[tip(str(1000 + n), people=[suspect(handle="kite", service="Example Share")]) for n in range(120)])
    found, query = [], {}
    for _ in range(4):
        answer = look("handle", "example share|kite", **query)
        rows = [
            str(one) for one in answer.context["page"] and [cells["cells"][0][0] for cells in answer.context["rows"]]
        ]
        found += rows
        forward = answer.context["forward"]
        if not forward:
            break
        query = {"after": forward.split("after=")[1]}
    assert len(found) == len(set(found)) == 120


@pytest.mark.parametrize(
    "after", ["", "x", "[1", "[1,2,3]", '["a","b"]', "[null, 1e9]", "9" * 30, "[99999999999999999999999, 1]"]
)
def test_a_broken_key_in_the_address_is_the_first_page(store, look, after):
    store(tip("1", sightings=hours(1), people=[suspect(handle="kite", service="Example Share")]))
    assert ">1</a>" in look("address", "203.0.113.47", after=after).content.decode()
    assert ">1</a>" in look("handle", "example share|kite", after=after).content.decode()


@pytest.mark.parametrize("kind", ["address", "handle", "hash"])
def test_a_selectors_page_gives_a_sheet_and_each_look_is_written_down(store, look, kind):
    store(
        tip(
            "1",
            sightings=hours(1),
            people=[suspect(handle="kite", service="Example Share")],
            files=[file("a.bin", "a1" * 16)],
        )
    )
    row = Selector.objects.get(kind=kind)
    answer = look(kind, row.normal_form, export="csv")
    assert b"".join(answer.streaming_content).count(b"\n") == 2
    assert AuditRow.objects.filter(touches__thing=row.id16, event__endswith=":read").count() == 1


def test_markup_in_a_name_is_shown_as_it_is_written(store, look, client):
    store(
        tip(
            "1",
            people=[suspect(handle="<b>kite</b>", service="<i>Share</i>")],
            incident_description=leaf("<script>night</script>"),
        )
    )
    page = look("handle", "<i>share</i>|<b>kite</b>").content.decode()
    assert "<b>kite" not in page and "&lt;b&gt;kite" in page
    found = client.get(reverse("records:search"), {"q": "night"}).content.decode()
    assert "&lt;script&gt;<mark>night</mark>&lt;/script&gt;" in found
    assert Tip.objects.count() == 1
