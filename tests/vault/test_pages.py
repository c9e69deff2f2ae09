"""The page of an original: marked at its place, audited, and shut to other districts."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from paricha.access.models import UnitKind
from paricha.access.rights import Role
from paricha.access.verbs import add_unit
from paricha.audit.log import history
from paricha.vault import queries, store

pytestmark = pytest.mark.django_db
DATA = b'{"reportId": 7, "person": {"name": "R. Menon"}}'


@pytest.fixture
def browser(client, officer):
    client.force_login(get_user_model().objects.get(officer=officer))
    return client


def test_a_place_is_marked_and_the_look_stays_in_the_log(browser, officer):
    row = store.keep(DATA, name="tip.json", unit=officer.unit)
    page = browser.get(reverse("vault:original", args=[row.hex]), {"kind": "json_pointer", "at": "/person/name"})
    text = page.content.decode()
    assert page.status_code == 200 and "R. Menon" in text and "<mark" in text and row.hex in text
    assert [event.event for event in history(row.id16)] == ["vault:original:read"]
    assert b"<script>alert" not in page.content


def test_markup_in_an_original_stays_text(browser, officer):
    row = store.keep(b"<script>alert(1)</script>\n", name="x.html", unit=officer.unit)
    assert b"<script>alert" not in browser.get(reverse("vault:original", args=[row.hex])).content


def test_media_and_deleted_originals_say_why_they_are_not_shown(browser, officer):
    row = store.keep(b"\x89PNG\r\n\x1a\n" + b"noise" * 9, name="p.png", unit=officer.unit)
    page = browser.get(reverse("vault:original", args=[row.hex])).content.decode()
    assert "only its hash and size are kept" in page


def test_another_district_does_not_see_it_except_through_something_of_its_own(
    officer, make_officer, client, monkeypatch
):
    north = add_unit(officer, "North", under=officer.unit, kind=UnitKind.DISTRICT)
    of_north = make_officer("N", Role.ANALYST, unit=north)
    row = store.keep(DATA, name="tip.json", unit=officer.unit)
    client.force_login(get_user_model().objects.get(officer=of_north))
    address = reverse("vault:original", args=[row.hex])
    unknown = client.get(reverse("vault:original", args=["00" * 32]))
    refused = client.get(address)
    assert (refused.status_code, unknown.status_code) == (404, 404)
    monkeypatch.setitem(queries._seen_through, "test:tip", lambda who, original: who == of_north and original == row)
    assert client.get(address).status_code == 200
