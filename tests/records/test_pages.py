"""Pages of the record: what they show, to whom, and that looking is written down."""

import pytest
from django.db import transaction
from django.urls import reverse

from paricha.access.models import Unit, UnitKind
from paricha.access.rights import Role
from paricha.audit.fields import new_id
from paricha.audit.models import AuditRow
from paricha.grounds.provenance import LocatorKind
from paricha.intake.document import GroupDocument, Leaf, Member, Source
from paricha.records import groups
from paricha.records.facts import key_words, path_words
from paricha.records.models import Group, Selector, Tip
from tests.records.documents import file, leaf, report, seen, suspect, tip, when, write_reports

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_officer(client, monkeypatch):
    """`as_officer(officer).get(…)`: a browser in which that officer is signed in."""

    def sign_in(officer):
        client.force_login(officer.user)
        return client

    return sign_in


@pytest.fixture
def record(store):
    store(
        tip(priority_stated=leaf("2"), people=[suspect(handle="kite_fly_88", names=["അനുമോദ്"])],
            sightings=[seen("203.0.113.47", "2026-05-01T13:34:11Z", 51820, "Upload")], files=[file("plan.bin", "a" * 32)],
            received_at=when("2026-05-02T10:00:00Z")),
        tip(form="csv", priority_stated=leaf("3"), sightings=[seen("203.0.113.47", "2026-05-01T19:04:11Z", 51820, "Upload")]),
        tip("990000002", people=[suspect(handle="kite_fly_88")]),
    )  # fmt: skip
    return Tip.objects.get(report_number="990000001")


TABS = ["facts", "sightings", "files", "links", "versions", "history"]


@pytest.mark.parametrize("tab", TABS)
def test_each_tab_of_a_tip_opens(record, officer, as_officer, tab):
    page = as_officer(officer).get(reverse("records:tip", args=[record.id16]), {"tab": tab})
    assert page.status_code == 200
    assert "990000001" in page.content.decode()


def test_a_tip_shows_both_readings_and_the_slip(record, officer, as_officer):
    page = as_officer(officer).get(reverse("records:tip", args=[record.id16])).content.decode()
    assert "Forms differ in Priority: stated" in page
    assert "JSON is right" in page and "CSV is right" in page
    assert "5 h 30" in page
    assert "അനുമോദ്" in page


def test_a_conflict_is_decided_on_the_page(record, officer, as_officer):
    url = reverse("records:decide", args=[record.id16]) + "?field=priority.stated&reading=1"
    answer = as_officer(officer).post(url, {"reason": "The register was corrected by telephone."})
    assert answer.status_code == 302
    record.refresh_from_db()
    assert record.conflicts == 0


def test_links_name_the_other_tip_by_the_shared_selector(record, officer, as_officer):
    page = as_officer(officer).get(reverse("records:tip", args=[record.id16]), {"tab": "links"}).content.decode()
    assert "990000002" in page and "kite_fly_88" in page


def test_looking_at_a_tip_is_written_down(record, officer, as_officer):
    as_officer(officer).get(reverse("records:tip", args=[record.id16]))
    assert AuditRow.objects.filter(event="records:tip:read", touches__thing=record.id16).count() == 1


@pytest.mark.parametrize("name", ["records:tips", "records:search", "records:groups"])
def test_lists_open_and_export(record, officer, as_officer, name):
    browser = as_officer(officer)
    assert browser.get(reverse(name), {"q": "990000001"}).status_code == 200
    if name != "records:search":
        assert browser.get(reverse(name), {"export": "csv"}).status_code == 200


@pytest.mark.parametrize("kind", ["address", "handle", "hash"])
def test_a_selector_shows_where_it_was_seen(record, officer, as_officer, kind):
    row = Selector.objects.filter(kind=kind).first()
    page = as_officer(officer).get(reverse("records:selector", args=[row.id16]))
    assert page.status_code == 200
    assert "990000001" in page.content.decode()


def test_a_group_lists_its_members_with_what_it_says_of_its_time(officer, as_officer):
    document = GroupDocument(
        [Source("json", "telegram-json/1", "a" * 64, LocatorKind.MESSAGE)], "telegram", "/", Leaf("4711", "/id"), Leaf("Notes", "/name"),
        members=[Member("posted", Leaf("user99", 5), Leaf("Shaji", 5))], first_at=when("2026-04-06T10:00:00Z"),
        last_at=when("2026-04-06T13:00:00Z"),
    )  # fmt: skip
    with transaction.atomic():
        groups.store([groups.prepare(document, "IN", 0)], batch=new_id(), unit=officer.unit)
    page = as_officer(officer).get(reverse("records:group", args=[Group.objects.get().id16]))
    assert page.status_code == 200
    assert "Shaji" in page.content.decode() and "1 to 1 of 1" in page.content.decode()


@pytest.mark.parametrize(
    "path, words",
    [("people[1].accounts[0].screen_name", "Suspect 2: screen name"), ("files[0].classification", "File 1: classification"),
     ("incident.type", "Incident: type"), ("people[0].ages[1]", "Suspect 1: ages 2")],
)  # fmt: skip
def test_a_field_whose_forms_differ_is_named_in_words(path, words):
    two = [suspect(handle="one"), suspect(handle="two", number=2)]
    assert path_words(path, tip(people=two)) == words


def test_a_key_of_a_foreign_format_is_read_aloud():
    assert (
        key_words("lawEnforcementContacts.dateTimeMadeAvailable")
        == "Date time made available (law enforcement contacts)"
    )
    assert (key_words("MD5"), key_words("accessToChildren")) == ("MD5", "Access to children")


def test_the_note_fits_what_the_tip_says(record, officer, as_officer):
    page = as_officer(officer).get(reverse("records:note", args=[record.id16])).content.decode()
    assert "203.0.113.47" in page and "plan.bin" in page


def test_an_officer_of_another_district_sees_nothing(record, officer, make_officer, as_officer):
    north = Unit.objects.create(name="North", kind=UnitKind.DISTRICT, under=officer.unit, path="/x/")
    stranger = as_officer(make_officer("Basil", Role.ANALYST, unit=north))
    row = Selector.objects.get(kind="handle")
    for url in (reverse("records:tip", args=[record.id16]), reverse("records:note", args=[record.id16]),
                reverse("records:selector", args=[row.id16])):  # fmt: skip
        page = stranger.get(url)
        assert (page.status_code, "kite_fly_88" in page.content.decode()) == (404, False)
    for name in ("records:tips", "records:groups"):
        assert "990000001" not in stranger.get(reverse(name)).content.decode()
    assert "kite_fly_88</a>" not in stranger.get(reverse("records:search"), {"q": "kite_fly_88"}).content.decode()


def test_the_original_stands_beside_the_value(bring, officer, as_officer, tmp_path):
    bring(write_reports(tmp_path, 990000001))
    row = Tip.objects.get()
    page = as_officer(officer).get(reverse("records:tip", args=[row.id16])).content.decode()
    assert "/vault/original/" in page
    assert report(990000001)["reportedInformation"]["incidentSummary"]["incidentType"] in page
