"""Pages of a PDF from the vault: the drawing has an address of its own, permission-checked and in the log."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from paricha.access.models import UnitKind
from paricha.access.rights import Role
from paricha.access.verbs import add_unit
from paricha.audit.log import history
from paricha.audit.models import AuditRow
from paricha.screens.middleware import POLICY
from paricha.vault import queries, store
from tests.screens import pdfs_with_pictures as pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client, officer):
    client.force_login(get_user_model().objects.get(officer=officer))
    return client


@pytest.fixture
def kept(officer):
    return store.keep(pictures.hidden()["image"], name="report.pdf", unit=officer.unit)


def drawing(row, page: int = 1) -> str:
    return reverse("vault:drawn_page", args=[row.hex, page])


def test_the_page_shows_the_place_and_its_drawing_under_an_address_of_its_own(browser, kept):
    page = browser.get(
        reverse("vault:original", args=[kept.hex]), {"kind": "page_rect", "at": "[1, 60, 755, 200, 780]"}
    )
    text = page.content.decode()
    assert page.headers["Content-Security-Policy"] == POLICY
    assert 'class="at"' in text and "1 picture" in text and not re.search(r"\sstyle=", text)
    found = re.search(r'<image href="([^"]+)"', text)[1]
    assert found == drawing(kept)
    picture = browser.get(found)
    assert picture.headers["Content-Type"] == "image/png" and picture.content[:4] == b"\x89PNG"
    assert "no-store" in picture.headers["Cache-Control"]


def test_each_look_at_a_drawing_stays_in_the_log_with_its_page(browser, kept):
    browser.get(drawing(kept))
    assert [event.event for event in history(kept.id16)] == ["vault:original:read"]
    row = AuditRow.objects.filter(event="vault:original:read").latest("pk")
    assert '"page"' in str(row.facts).replace("'", '"')


def test_another_district_gets_no_drawing(officer, make_officer, client, kept, monkeypatch):
    north = add_unit(officer, "North", under=officer.unit, kind=UnitKind.DISTRICT)
    of_north = make_officer("N", Role.ANALYST, unit=north)
    client.force_login(get_user_model().objects.get(officer=of_north))
    assert client.get(drawing(kept)).status_code == 404
    monkeypatch.setitem(queries._seen_through, "test:tip", lambda who, original: who == of_north)
    assert client.get(drawing(kept)).status_code == 200


def test_nobody_is_shown_a_drawing_without_signing_in(client, kept):
    assert client.get(drawing(kept)).status_code in (302, 401, 403)


@pytest.mark.parametrize("page", [0, 2, 999_999_999])
def test_a_page_that_the_file_does_not_have_is_not_found(browser, kept, page):
    assert browser.get(drawing(kept, page)).status_code == 404


def test_what_is_no_pdf_has_no_drawing(browser, officer):
    row = store.keep(b'{"reportId": 7}', name="tip.json", unit=officer.unit)
    assert browser.get(drawing(row)).status_code == 404


def test_a_deleted_pdf_has_no_drawing_though_it_was_looked_at(browser, kept):
    assert browser.get(drawing(kept)).status_code == 200
    type(kept).objects.filter(pk=kept.pk).update(deleted_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert browser.get(drawing(kept)).status_code != 200


def test_unread_blocks_that_a_room_states_are_outlined(browser, kept, monkeypatch):
    place = {"original": kept.hex, "kind": "page_rect", "at": [1, 60, 700, 200, 720]}
    monkeypatch.setitem(queries._unread, "test", lambda officer, original: [place] if original == kept else [])
    page = browser.get(reverse("vault:original", args=[kept.hex]), {"kind": "page_rect", "at": "[1]"}).content.decode()
    assert page.count('<rect class="unread"') == 1


def test_turning_a_page_fetches_the_part_only(browser, kept):
    page = browser.get(
        reverse("vault:original", args=[kept.hex]), {"kind": "page_rect", "at": "[1]"}, headers={"HX-Request": "true"}
    )
    assert page.content.decode().strip().startswith("<section") and "<html" not in page.content.decode()
