"""The fixtures stand for what they say."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from paricha.access.rights import Right, Role
from paricha.audit.models import AuditRow
from paricha.grounds.refusals import Refused


def test_the_home_is_this_sessions_own_and_made_up(home: Path):
    assert settings.HOME == home
    assert settings.PARICHA.synthetic
    assert home != Path.home() / ".local" / "share" / "paricha"


def test_the_database_is_the_one_that_was_asked_for(db):
    expected = "postgresql" if os.environ.get("PARICHA_DATABASE_URL") else "sqlite"
    assert connection.vendor == expected
    if connection.vendor == "sqlite":
        assert Path(connection.settings_dict["NAME"]).parent == settings.HOME


def test_the_officer_holds_every_right_and_his_first_event_is_in_the_log(officer):
    assert officer.rights == frozenset(Right)
    assert AuditRow.objects.filter(officer=officer.id16).count() == 1


def test_an_added_officer_acts_with_his_own_rights(officer, make_officer, acting_as):
    from paricha.access.models import UnitKind
    from paricha.access.verbs import add_unit

    analyst = make_officer("Basil Thomas", Role.ANALYST)
    with acting_as(analyst), pytest.raises(Refused) as refused:
        add_unit(analyst, "Nowhere", under=officer.unit, kind=UnitKind.DISTRICT)
    assert refused.value.refusal.code == "ACCESS-RIGHT"


def test_the_browser_is_a_chromium_that_draws_malayalam_letters(browser):
    page = browser.new_page()
    page.set_content("<p>പരിച</p>")
    assert page.locator("p").inner_text() == "പരിച"
    page.close()
