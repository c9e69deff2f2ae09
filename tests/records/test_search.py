"""Search finds by any spelling of a selector and by words in three scripts; the same on both databases."""

import pytest

from paricha.access.models import Unit, UnitKind
from paricha.access.rights import Role
from paricha.intake.document import Account, GroupDocument, Leaf, Member, Source
from paricha.records.search import search
from tests.records.documents import file, leaf, seen, suspect, tip

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(store):
    anumod = suspect(handle="kite_fly_88", user_id="70014418", service="Example Share", names=["അനുമോദ് കെ"],
                     phones=["+91 94950 00417"], emails=["K88@Example.com"])  # fmt: skip
    anumod.accounts.append(Account(profile_urls=[Leaf("https://Share.example.com/u/70014418", "/url")]))
    store(
        tip("203117051", people=[anumod], sightings=[seen("203.0.113.47", "2026-05-01T10:00:00Z"), seen("2001:db8:40::7")],
            files=[file("holiday_plan.bin", "0f343b0931126a20f133d67c2b018a3b")], incident_description=leaf("Uploaded at night")),
        tip("203117052", people=[suspect(names=["Rajesh Nair"])], incident_description=leaf("രണ്ട് ഫയലുകള്‍ കണ്ടു")),
        tip("203117053", people=[suspect(names=["राजेश नायर"])]),
    )  # fmt: skip


@pytest.mark.parametrize(
    "asked",
    [
        "203117051", "9495000417", "+91-94950-00417", "0 94950 00417", "kite_fly_88", "@Kite_Fly_88", "70014418",
        "k88@EXAMPLE.com", "k88[at]example[.]com", "203[.]0[.]113[.]47", "203.0.113.47:51820", "2001:DB8:40:0::7",
        "0f343b09", "0F343B0931126A20F133D67C2B018A3B", "hxxps://share.example.com/u/70014418/",
    ],
)  # fmt: skip
def test_a_selector_is_found_in_any_spelling(record, officer, asked):
    found = search(officer, asked)
    assert ([str(one) for one in found.tips], found.exact) == (["203117051"], 1)


@pytest.mark.parametrize("asked", ["0f343b0", "203.0.113.4", "94950", "kite_fly_8", "", "  ", "'\"*()"])
def test_a_part_of_a_selector_finds_nothing(record, officer, asked):
    assert search(officer, asked).tips == []


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ("അനുമോദ്", ["203117051"]), ("anumod", ["203117051"]), ("Anumodh", ["203117051"]), ("अनुमोद", ["203117051"]),
        ("rajesh", ["203117053", "203117052"]), ("രാജേഷ്", ["203117053", "203117052"]), ("राजेश नायर", ["203117053", "203117052"]),
        ("NIGHT uploaded", ["203117051"]), ("night rajesh", []), ("holiday", ["203117051"]),
        ("ഫയലുകൾ", ["203117052"]), ("ഫയലുകള്‍", ["203117052"]),
    ],
)  # fmt: skip
def test_words_are_found_in_three_scripts(record, officer, asked, numbers):
    assert [str(one) for one in search(officer, asked).tips] == numbers


def test_a_changed_tip_is_found_by_its_new_words_and_no_more_by_the_old(store, officer):
    store(tip("1", incident_description=leaf("old words")))
    store(tip("1", original="new", incident_description=leaf("new words")))
    assert [len(search(officer, asked).tips) for asked in ("old", "new", "words")] == [0, 1, 1]


def test_what_another_unit_holds_is_neither_found_nor_counted(record, officer, make_officer):
    north = Unit.objects.create(name="North", kind=UnitKind.DISTRICT, under=officer.unit, path="/x/")
    stranger = make_officer("Basil", Role.ANALYST, unit=north)
    for asked in ("203117051", "9495000417", "anumod", "0f343b09"):
        found = search(stranger, asked)
        assert (found.tips, found.selectors, found.groups, found.exact) == ([], [], [], 0)


def test_a_group_is_found_by_its_title_and_by_a_members_account(officer, db):
    from django.db import transaction

    from paricha.audit.fields import new_id
    from paricha.grounds.provenance import LocatorKind
    from paricha.records import groups

    document = GroupDocument(
        [Source("json", "telegram-json/1", "a" * 64, LocatorKind.MESSAGE)], "telegram", "/", Leaf("4711", "/id"),
        Leaf("മഴവില്ല് 18", "/name"), members=[Member("posted", Leaf("user99", 5), Leaf("Shaji", 5))],
    )  # fmt: skip
    with transaction.atomic():
        groups.store([groups.prepare(document, "IN", 0)], batch=new_id(), unit=officer.unit)
    assert [one.title for one in search(officer, "മഴവില്ല്").groups] == ["മഴവില്ല് 18"]
    assert [one.title for one in search(officer, "shaji").groups] == ["മഴവില്ല് 18"]
    assert [one.title for one in search(officer, "user99").groups] == ["മഴവില്ല് 18"]
