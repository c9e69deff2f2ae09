"""Pages of jobs: what an officer sees, and that he sees nobody else's."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from paricha.access.models import UnitKind
from paricha.access.rights import Role
from paricha.access.verbs import add_unit
from paricha.audit.log import history
from paricha.grounds.progress import Progress
from paricha.grounds.refusals import Refused
from paricha.jobs.models import Job, State
from paricha.jobs.queue import claim, enqueue
from paricha.jobs.verbs import cancel_job, try_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client, officer):
    client.force_login(get_user_model().objects.get(officer=officer))
    return client


def test_a_running_job_shows_its_progress_and_asks_for_itself_until_it_has_ended(browser, officer):
    row = enqueue("test:a", {}, officer=officer)
    run = claim()
    run.beat(Progress(34, 46, "files", "Reading"))
    page = browser.get(reverse("jobs:job", args=[row.id])).content.decode()
    assert "34 of 46 files" in page and 'hx-trigger="every 1s"' in page
    run.end(State.DONE)
    part = browser.get(reverse("jobs:progress", args=[row.id]) + "?then=/intake/")
    assert "every 1s" not in part.content.decode()
    assert part["HX-Redirect"] == "/intake/"
    assert "HX-Redirect" not in browser.get(reverse("jobs:progress", args=[row.id]) + "?then=//evil.example/")
    assert [event.event for event in history(row.id)] == ["jobs:job:read"]


def test_a_failed_job_says_why_and_can_be_tried_again(browser, officer):
    row = enqueue("test:a", {}, officer=officer)
    claim().end(
        State.FAILED,
        why={"file": "a.csv", "place": "row 4", "what": "No zone.", "remedy": "Choose one.", "code": "X-Y"},
    )
    page = browser.get(reverse("jobs:job", args=[row.id])).content.decode()
    assert "No zone." in page and "Choose one." in page
    browser.post(reverse("jobs:again", args=[row.id]))
    row.refresh_from_db()
    assert (row.state, row.why) == (State.WAITING, "")


def test_the_list_holds_the_officers_jobs_and_exports(browser, officer):
    enqueue("test:a", {}, officer=officer)
    assert "test:a" in browser.get(reverse("jobs:jobs")).content.decode()
    sheet = browser.get(reverse("jobs:jobs") + "?export=csv")
    assert b"test:a" in b"".join(sheet) if sheet.streaming else b"test:a" in sheet.content


def test_an_officer_of_another_district_sees_and_stops_nothing(officer, make_officer, client):
    north = add_unit(officer, "North", under=officer.unit, kind=UnitKind.DISTRICT)
    south = add_unit(officer, "South", under=officer.unit, kind=UnitKind.DISTRICT)
    of_north = make_officer("N", Role.ANALYST, unit=north)
    of_south = make_officer("S", Role.ANALYST, unit=south)
    row = enqueue("test:a", {}, officer=of_north)
    client.force_login(get_user_model().objects.get(officer=of_south))
    assert "test:a" not in client.get(reverse("jobs:jobs")).content.decode()
    assert client.get(reverse("jobs:job", args=[row.id])).status_code == 404
    assert client.post(reverse("jobs:stop", args=[row.id])).status_code == 404
    with pytest.raises(Refused):
        cancel_job(of_south, row)
    assert Job.objects.get().state == State.WAITING


def test_a_waiting_job_is_stopped_at_once_and_an_ended_one_not_at_all(officer):
    row = enqueue("test:a", {}, officer=officer)
    assert cancel_job(officer, row).state == State.CANCELLED
    with pytest.raises(Refused) as refused:
        cancel_job(officer, row)
    assert refused.value.refusal.code == "JOBS-NOT-RUNNING"
    assert try_again(officer, row).state == State.WAITING
