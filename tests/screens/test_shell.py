"""The shell around every page, drawn for a real officer of a made-up folder."""

import re

import pytest
from django.template.loader import render_to_string

from paricha.access.rights import Role
from paricha.screens import nav


def shell(rf, who) -> str:
    request = rf.get("/")
    request.officer = who
    return render_to_string("screens/base.html", {"officer": who, "synthetic": True}, request=request)


@pytest.fixture
def no_menu(monkeypatch):
    """Rooms further down the road count nothing here."""
    monkeypatch.setattr(nav, "_entries", {})


def test_the_top_bar_names_the_officer_and_his_role(rf, officer, make_officer, no_menu):
    who = make_officer("Basil Thomas", Role.LEGAL_DESK)
    text = shell(rf, who)
    assert re.search(r"<b>Basil Thomas</b><small>Legal desk</small>", text)
    assert re.search(r"<b>Anila Kurian</b><small>Intake analyst and 12 more roles</small>", shell(rf, officer))


def test_a_made_up_folder_says_so_and_lets_one_act_as_another(rf, officer, make_officer, no_menu):
    make_officer("Basil Thomas", Role.LEGAL_DESK)
    text = shell(rf, officer)
    assert 'class="synthetic"' in text and "Made-up data" in text
    assert re.search(r'<select name="officer">.*Basil Thomas', text, re.S)


def test_the_clock_shows_the_units_zone_and_utc_with_the_weekday(rf, officer, no_menu):
    assert re.search(
        r'id="clock" data-zone="Asia/Kolkata">\w{3} \d{1,2} \w{3} \d{4} · \d\d:\d\d IST · (\w{3} \d{1,2} \w{3}, )?\d\d:\d\d UTC<',
        shell(rf, officer),
    )


def test_every_entry_of_the_menu_leads_to_a_page_that_is_built(client, rf, officer):
    from django.urls import resolve

    entries = re.findall(r'<a href="([^"]+)"[^>]* data-room="(\w+)"', shell(rf, officer))
    assert entries
    for address, room in entries:
        built_in = "access" if room == "audit" else room  # the log asks who may see it, which `audit` doesn't know
        assert resolve(address).func.__module__.startswith(f"paricha.{built_in}."), address
