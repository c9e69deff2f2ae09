"""Saved searches tell of what is new, once, and only of what their officer may see; a backlog pays one question for them."""

import pytest

from paricha.access.models import Unit, UnitKind
from paricha.access.rights import Role
from paricha.audit.fields import new_id
from paricha.audit.log import record
from paricha.audit.stamp import stamp_all
from paricha.desk.models import Notice
from paricha.desk.queries import notices, notices_shown
from paricha.grounds.refusals import Refused
from paricha.jobs.models import Job
from paricha.records import saved_searches
from paricha.records.events import Event
from paricha.records.models import SavedSearch, Tip
from paricha.records.saved_searches import drop_search, look_on, mute_search, save_search, told_tips
from paricha.records.search import Asked
from tests.records.documents import leaf, seen, suspect, tip

pytestmark = pytest.mark.django_db


@pytest.fixture
def come_in(store, django_capture_on_commit_callbacks):
    """`come_in(document, …)`: tips come in, the feed is read, and what waits is looked at."""
    from django.db import transaction

    from paricha.audit.feed import consume_due

    def bring(*documents, unit=None):
        outcome = store(*documents, unit=unit)
        with transaction.atomic():
            record(Event.TIPS_STORED, officer=None, via="job", touched=[("tip", one) for one in outcome.changed])
        stamp_all()
        consume_due()
        told = look_on()
        stamp_all()
        consume_due()
        return told

    return bring


def numbers(officer, saved) -> list[str]:
    return [str(one) for _at, one in told_tips(officer, saved)]


@pytest.mark.parametrize(
    ("asked", "document"),
    [
        ("10000-00417", tip("2", people=[suspect(phones=["+911000000417"])])),
        ("203[.]0[.]113[.]47", tip("2", sightings=[seen("203.0.113.47")])),
        ("അനുമോദ്", tip("2", people=[suspect(names=["Anumodh K"])])),
        ("99000", tip("990001234")),
        ("@Kite", tip("2", people=[suspect(handle="kite", service="Example Share")])),
    ],
)
def test_a_new_tip_is_told_once_by_a_notice_that_leads_to_it(officer, come_in, asked, document):
    saved = save_search(officer, "mine", Asked(asked))
    assert come_in(tip("1", incident_description=leaf("something else"))) == 0
    assert come_in(document) == 1
    assert numbers(officer, saved) == [str(Tip.objects.order_by("-pk").first())]
    told = notices_shown(officer, notices(officer))
    assert [(one["words"], one["url"]) for one in told] == [
        ("A saved search found something new: Saved search mine", f"/records/search/{saved.pk.hex()}/")
    ]
    document.incident_type = leaf("Upload")
    assert come_in(document) == 0
    assert Notice.objects.count() == 1


def test_what_it_finds_on_the_day_it_is_saved_is_not_told(officer, store, come_in):
    store(tip("1", incident_description=leaf("night")))
    saved = save_search(officer, "night", Asked("night"))
    assert come_in(tip("1", original="again", incident_description=leaf("night upload"))) == 0
    assert come_in(tip("2", incident_description=leaf("night"))) == 1
    assert numbers(officer, saved) == ["2"]


def test_filters_narrow_what_is_told(officer, come_in):
    saved = save_search(officer, "sheets", Asked("night", form="csv"))
    assert (
        come_in(tip("1", incident_description=leaf("night")), tip("2", form="csv", incident_description=leaf("night")))
        == 1
    )
    assert numbers(officer, saved) == ["2"]


def test_a_muted_search_tells_nothing_and_afterwards_only_of_what_is_new(officer, come_in):
    saved = save_search(officer, "night", Asked("night"))
    mute_search(officer, saved, muted=True)
    assert come_in(tip("1", incident_description=leaf("night"))) == 0
    assert not Job.objects.filter(kind=saved_searches.LOOK).exists()
    mute_search(officer, saved, muted=False)
    assert come_in(tip("2", incident_description=leaf("night"))) == 1
    assert numbers(officer, saved) == ["2"]


def test_an_officer_is_told_only_of_what_he_may_see(officer, make_officer, acting_as, come_in):
    north, south = (
        Unit.objects.create(name=name, kind=UnitKind.DISTRICT, under=officer.unit, path=f"{officer.unit.path}{name}/")
        for name in ("North", "South")
    )
    stranger = make_officer("Basil", Role.ANALYST, unit=north)
    with acting_as(stranger):
        saved = save_search(stranger, "night", Asked("night"))
    assert come_in(tip("1", incident_description=leaf("night")), unit=south) == 0
    assert come_in(tip("2", incident_description=leaf("night")), unit=north) == 1
    Tip.objects.filter(report_number="2").update(unit=south)
    assert numbers(stranger, saved) == []
    with pytest.raises(Refused) as refused:
        mute_search(officer, saved, muted=True)
    assert refused.value.refusal.code == "ACCESS-NOT-VISIBLE"


@pytest.mark.parametrize(
    ("name", "asked", "code"),
    [("", "night", "RECORDS-SEARCH-NAME"), ("  ", "night", "RECORDS-SEARCH-NAME"), ("kept", "night", "RECORDS-SEARCH-NAME"),
     ("empty", " ", "RECORDS-SEARCH-EMPTY")],
)  # fmt: skip
def test_a_search_that_cannot_be_kept_says_why(officer, name, asked, code):
    save_search(officer, "kept", Asked("night"))
    with pytest.raises(Refused) as refused:
        save_search(officer, name, Asked(asked))
    assert refused.value.refusal.code == code
    assert SavedSearch.objects.count() == 1


def test_a_search_that_finds_too_much_is_not_kept(officer, store, monkeypatch):
    monkeypatch.setattr(saved_searches, "MOST", 3)
    store(*[tip(str(n), incident_description=leaf("night")) for n in range(4)])
    with pytest.raises(Refused) as refused:
        save_search(officer, "night", Asked("night"))
    assert refused.value.refusal.code == "RECORDS-SEARCH-TOO-WIDE"


def test_a_dropped_search_is_forgotten_with_what_it_told(officer, come_in):
    saved = save_search(officer, "night", Asked("night"))
    come_in(tip("1", incident_description=leaf("night")))
    drop_search(officer, saved)
    assert not SavedSearch.objects.exists()
    assert [one["url"] for one in notices_shown(officer, notices(officer))] == [""]


def test_a_backlog_pays_one_job_however_much_comes_in(officer, store):
    from django.db import transaction

    from paricha.audit.feed import consume_due

    save_search(officer, "night", Asked("night"))
    for n in range(5):
        outcome = store(tip(str(n), incident_description=leaf("night")))
        with transaction.atomic():
            record(Event.TIPS_STORED, officer=None, via="job", touched=[("tip", one) for one in outcome.changed])
        stamp_all()
        consume_due()
    assert Job.objects.filter(kind=saved_searches.LOOK).count() == 1
    assert look_on() == 5
    assert look_on() == 0


def test_a_tip_that_is_gone_meanwhile_is_passed_over(officer, come_in, store):
    from django.db import transaction

    save_search(officer, "night", Asked("night"))
    with transaction.atomic():
        record(Event.TIPS_STORED, officer=None, via="job", touched=[("tip", new_id())])
    stamp_all()
    assert look_on() == 0
