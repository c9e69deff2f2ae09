"""The tip's page in its parts: what a table, the history, the links and the printed note say."""

import re

import pytest
from django.urls import reverse

from paricha.access.models import Unit, UnitKind
from paricha.access.rights import Role
from paricha.intake.document import Unread
from paricha.records.models import Tip
from paricha.records.pages.tip_note import stated_and_not
from paricha.vault import queries
from paricha.vault import store as vault
from tests.records.documents import file, leaf, seen, suspect, tip, when

pytestmark = pytest.mark.django_db


@pytest.fixture
def page_of(client, officer):
    """`page_of(row, tab)`: the HTML of a tab, or of the note."""
    client.force_login(officer.user)

    def get(row, tab="facts"):
        if tab == "note":
            return client.get(reverse("records:note", args=[row.id16])).content.decode()
        return client.get(reverse("records:tip", args=[row.id16]), {"tab": tab}).content.decode()

    return get


@pytest.fixture
def crowded(store):
    """A tip with far more of everything than a printed page holds."""
    store(
        tip(people=[suspect(number, handle=f"kite_fly_{number}", names=[f"Name {number} " + "x" * 400]) for number in range(1, 9)],
            sightings=[seen(f"203.0.113.{number}", f"2026-05-01T13:{number:02}:11Z", 50000 + number, "Upload") for number in range(1, 41)],
            files=[file(f"plan-{number}.bin", f"{number:032x}") for number in range(1, 31)],
            incident_description=leaf("word " * 300), received_at=when("2026-05-02T10:00:00Z")),
        tip("990000002", people=[suspect(handle="kite_fly_3")], received_at=when("2026-05-01T10:00:00Z")),
    )  # fmt: skip
    return Tip.objects.get(report_number="990000001")


def test_the_note_says_how_much_it_leaves_to_the_page(crowded, page_of):
    page = page_of(crowded, "note")
    for shown, more, all_of_them in (
        ("203.0.113.", "sightings", 40),
        ("plan-", "files", 30),
        ("<h2>Suspect ", "people", 8),
    ):
        left = re.search(rf"(\d+) more {more}", page)
        assert page.count(shown) + int(left[1]) == all_of_them and page.count(shown) >= 2
    assert "x" * 100 not in page and "x" * 60 in page, "a long value is cut, with a sign"


def test_the_note_of_a_small_tip_leaves_nothing_out(store, page_of):
    store(tip(people=[suspect(handle="kite_fly_88")], files=[file("plan.bin", "a" * 32)],
              sightings=[seen(f"203.0.113.{number}", f"2026-05-01T13:{number:02}:11Z") for number in range(1, 11)]))  # fmt: skip
    page = page_of(Tip.objects.get(), "note")
    assert page.count("203.0.113.") == 10 and "see the tip" not in page


def test_the_note_names_what_is_not_stated_in_a_line(crowded, page_of):
    assert re.search(r"Not stated: [^<]*Priority stated", page_of(crowded, "note"))
    assert stated_and_not([("A", None), ("B", {"value": "b", "locator": {}}), ("C", [])])["not_stated"] == "A, C"


def test_a_sighting_stands_with_its_place_and_each_of_its_values_opens_its_own(crowded, page_of):
    page = page_of(crowded, "sightings")
    row = re.search(r"<tr><td class=\"wrap\">.*?203\.0\.113\.7<.*?</tr>", page, re.S)[0]
    row = row[row.rindex("<tr>") :]
    assert (
        len(re.findall(r'role="button" tabindex="0" data-at="/vault/original/', row)) == 4
    )  # address, port, event, instant
    assert len(re.findall(r'<a class="src"', row)) == 1


def test_many_looks_of_one_officer_are_one_line_of_the_history(crowded, page_of):
    for _look in range(4):
        page_of(crowded)
    page = page_of(crowded, "history")
    assert page.count("looked at") == 1 and "looked at, 5 times" in page


def test_links_name_what_is_shared_in_words_with_the_other_tips_first_suspect(crowded, page_of):
    page = page_of(crowded, "links")
    assert "990000002" in page and "Screen name" in page and "|kite_fly_3" not in page


def test_a_tip_that_shares_nothing_says_what_happens_next(store, page_of):
    store(tip("990000009"))
    row = Tip.objects.get(report_number="990000009")
    assert "Links are looked for again with each new tip." in page_of(row, "links")
    for tab, words in (("sightings", "No address is stated."), ("files", "No file is named.")):
        assert words in page_of(row, tab)


def test_unread_blocks_are_given_to_the_viewer_for_those_who_see_the_tip(store, officer, make_officer):
    kept = vault.keep(b'{"a": 1, "odd": 2}', name="a.json", unit=officer.unit)
    document = tip(unread=[Unread("/odd", "unknown key")])
    document.sources[0] = type(document.sources[0])("json", "made-json/1", kept.hex, document.sources[0].kind)
    store(document)
    assert queries.unread_in(officer, kept) == [{"original": kept.hex, "kind": "json_pointer", "at": "/odd"}]
    north = Unit.objects.create(name="North", kind=UnitKind.DISTRICT, under=officer.unit, path="/x/")
    assert queries.unread_in(make_officer("Basil", Role.ANALYST, unit=north), kept) == []


def test_an_unread_block_is_outlined_in_its_original(store, officer, client):
    kept = vault.keep(b'{"a": 1, "odd": 2}', name="a.json", unit=officer.unit)
    document = tip(unread=[Unread("/odd", "unknown key")])
    document.sources[0] = type(document.sources[0])("json", "made-json/1", kept.hex, document.sources[0].kind)
    store(document)
    client.force_login(officer.user)
    page = client.get(reverse("vault:original", args=[kept.hex]), {"kind": "json_pointer", "at": "/a"}).content.decode()
    assert 'class="unread"' in page
