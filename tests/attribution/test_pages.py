"""The legal desk and the doors on the screen: the road walked by clicking, and what another unit must not see."""

import json
from datetime import timedelta

import pytest

from tests.attribution.conftest import DAY, REPLY, seen, text, told

LATER = DAY + timedelta(days=9, hours=3)


@pytest.fixture
def as_officer(client):
    """A browser in which somebody signed in."""

    def enter(who):
        client.force_login(who.user)
        return client

    return enter


def test_a_door_is_reached_by_clicking(road, as_officer, settings):
    browser = as_officer(road.first)
    first, second = seen(DAY, "o-1"), seen(LATER, "o-2")
    road.observe(first, second)
    made = browser.post("/attribution/requests/make/")
    assert "R-0001" in made.content.decode()
    from django.core.files.uploadedfile import SimpleUploadedFile

    from paricha.attribution.models import Request

    request = Request.objects.get()
    here = f"/attribution/request/{request.id.hex()}/"
    assert browser.post(here + "write/").status_code == 302
    page = browser.get(here).content.decode()
    assert "fields equal" in page and "198.18.4.9" in page
    for who in (road.first, road.second):
        answer = as_officer(who).post(here + "sign/")
        assert answer.status_code == 302, answer.content.decode()[:500]
    browser = as_officer(road.first)
    pdf = browser.get(here + f"file/{request.number}.pdf")
    assert pdf.content.startswith(b"%PDF")
    upload = SimpleUploadedFile("reply.csv", text(REPLY, [told("R-0001", 1, first), told("R-0001", 2, second)]))
    assert browser.post(here + "reply/", {"files": upload}).status_code == 302
    assert "Accepted" in browser.get(here).content.decode()
    assert "D-0001" in browser.get("/attribution/").content.decode()
    assert browser.get("/attribution/requests/").status_code == 200
    from paricha.attribution.models import Door

    door = Door.objects.get()
    there = f"/attribution/door/{door.id.hex()}/"
    page = browser.get(there).content.decode()
    assert "Speaks against" in page and "C22" in page and page.index("Speaks against") < page.index("Speaks for")
    browser.post(there + "task/", {"officer": road.second.name, "pretext": "Checking the voters' list"})
    assert browser.get(there + "task.pdf").content.startswith(b"%PDF")
    browser.post(
        there + "enquiry/",
        {
            "officer": "T. Basheer",
            "at": "2026-06-02T17:40:00+05:30",
            "lives_here": "Example Subscriber\n",
            "premises": "house",
        },
    )
    browser.post(there + "confirm/", {"station": "Example North"})
    for who in (road.first, road.second):
        assert as_officer(who).post(there + "sign/").status_code == 302
    browser = as_officer(road.first)
    page = browser.get(there).content.decode()
    assert "Example North" in page and road.second.name in page
    assert browser.get(there + "sheet.pdf").content.startswith(b"%PDF")


def test_another_district_sees_no_door_no_request_and_no_count(road, as_officer, make_officer):
    from paricha.access.models import UnitKind
    from paricha.access.rights import Role
    from paricha.access.verbs import add_unit
    from paricha.attribution.models import Door, Request
    from paricha.attribution.queries import door_counts, waiting

    row = seen(DAY)
    road.observe(row)
    request = road.signed()
    road.reply(request, [told(request.number, 1, row)])
    district = add_unit(road.first, "Other District", under=road.first.unit, kind=UnitKind.DISTRICT)
    stranger = make_officer("Stranger", Role.LEGAL_DESK, Role.SUPERVISOR, unit=district)
    browser = as_officer(stranger)
    assert "D-0001" not in browser.get("/attribution/").content.decode()
    assert "R-0001" not in browser.get("/attribution/requests/").content.decode()
    for address in (
        f"/attribution/door/{Door.objects.get().id.hex()}/",
        f"/attribution/request/{Request.objects.get().id.hex()}/",
    ):
        assert browser.get(address).status_code == 404
    assert waiting(stranger) == 0 and set(door_counts(stranger).values()) == {0}


def test_the_sheet_says_the_door_in_both_languages(road):
    from pypdfium2 import PdfDocument

    from paricha.attribution.queries import door_named
    from paricha.attribution.sheet_of_a_door import sheet_for
    from paricha.screens.papers import says

    row = seen(DAY)
    road.observe(row)
    request = road.signed()
    road.reply(request, [told(request.number, 1, row)])
    for lang in ("en", "ml"):
        pdf = sheet_for(road.first, door_named(road.first, "D-0001"), lang=lang)
        assert says(pdf, "Lakeview 11/4") and says(pdf, "D-0001") and says(pdf, "C22") and says(pdf, "എന്തുകൊണ്ട്")
        said = {"en": "Exactly one subscriber.", "ml": "ഒരേയൊരു വരിക്കാരൻ."}
        assert [says(pdf, words) for words in said.values()] == [one == lang for one in said], (
            "the checks speak its language"
        )
        first = PdfDocument(pdf)[0].get_textpage().get_text_bounded()
        assert "Second officer" in first, "the boxes to sign in stand on the first page"


def test_a_package_learns_nothing_of_where_the_tip_came_from(road):
    from paricha.attribution.queries import door_named, package_facts

    row = seen(DAY, "secret-reference", activity="Example Chat:371735358")
    road.observe(row)
    request = road.signed()
    road.reply(request, [told(request.number, 1, row)])
    facts = json.dumps(package_facts(road.first, door_named(road.first, "D-0001")), default=str)
    assert (
        "Lakeview" in facts
        and "secret-reference" not in facts
        and "Example Chat" not in facts
        and "198.18" not in facts
    )


def test_a_decided_hold_stands_with_name_and_reason_on_the_door_and_on_the_supervisors_page(
    road, as_officer, make_officer
):
    from paricha.access.rights import Role
    from paricha.attribution.models import Door
    from paricha.attribution.verbs.doors import decide_hold

    first = seen(DAY, "o-1")
    road.observe(first)
    request = road.signed()
    road.reply(request, [told(request.number, 1, first)])
    door = Door.objects.get()
    with road.acting_as(road.second):
        decide_hold(road.second, door, "C22", reason="One house stands alone on the hill")
    browser = as_officer(road.second)
    for address in (f"/attribution/door/{door.id.hex()}/", "/attribution/overrides/"):
        page = browser.get(address).content.decode()
        assert road.second.name in page and "One house stands alone on the hill" in page, address
    assert "/attribution/overrides/" in browser.get("/attribution/").content.decode()
    analyst = make_officer("Chitra", Role.ANALYST)
    assert as_officer(analyst).get("/attribution/overrides/").status_code == 403
    with road.acting_as(road.first):
        road.reply(request, [told(request.number, 1, first, Subscriber_ID="S-2")], name="later.csv")
    page = as_officer(road.second).get("/attribution/overrides/").content.decode()
    assert "Open again: new facts" in page
    page = browser.get(f"/attribution/door/{door.id.hex()}/").content.decode()
    assert "Nobody can undo this" in page and "in a new request" in page, "a frozen door says what to do"


def test_an_enquiry_on_the_screen_needs_its_time_and_zone(road, as_officer):
    from paricha.attribution.models import Door, EnquiryReturn

    first = seen(DAY, "o-1")
    road.observe(first)
    request = road.signed()
    road.reply(request, [told(request.number, 1, first)])
    browser, there = as_officer(road.first), f"/attribution/door/{Door.objects.get().id.hex()}/enquiry/"
    looked = {"officer": "T. Basheer", "lives_here": "Example Subscriber", "premises": "house"}
    for lacking in ({}, {"at": "2026-06-02T17:40"}, {"zone": "Asia/Kolkata"}):
        assert browser.post(there, looked | lacking).status_code >= 400, lacking
    assert not EnquiryReturn.objects.exists()
    assert browser.post(there, looked | {"at": "2026-06-02T17:40", "zone": "Asia/Kolkata"}).status_code == 302
    assert EnquiryReturn.objects.get().seen_at.isoformat() == "2026-06-02T12:10:00+00:00"


def test_who_cannot_be_asked_is_named_by_his_address(road, as_officer):
    road.observe(seen(DAY, "o-9", address="198.18.99.3"))
    page = as_officer(road.first).post("/attribution/requests/make/").content.decode()
    assert "C14" in page and "198.18.99.3" in page and "o-9" in page
