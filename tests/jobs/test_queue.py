"""The queue: claiming, beating, ending."""

from datetime import timedelta

import pytest
from django.utils import timezone

from paricha.grounds.progress import Progress
from paricha.grounds.refusals import Refused
from paricha.jobs.due import run_due_jobs, run_one
from paricha.jobs.models import Job, State
from paricha.jobs.queue import TAKINGS, Cancelled, LeaseLost, _kinds, claim, enqueue, job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_kinds():
    before = dict(_kinds)
    yield
    _kinds.clear()
    _kinds.update(before)


def test_a_job_runs_and_keeps_what_came_out(officer):
    @job("test:count")
    def count(run):
        run.beat(Progress(2, 2, "files", "Reading"))
        return {"files": run.arguments["files"]}

    row = enqueue("test:count", {"files": 2}, officer=officer)
    assert run_due_jobs() == 1
    row.refresh_from_db()
    assert (row.state, row.outcome, row.done, row.of_what) == (State.DONE, '{"files": 2}', 2, "files")


def test_two_workers_never_hold_one_job(officer):
    enqueue("test:a", {}, officer=officer)
    assert claim("one") is not None
    assert claim("two") is None


def test_a_lease_that_ran_out_is_taken_over_at_the_checkpoint_and_the_first_worker_is_told(officer):
    enqueue("test:a", {}, officer=officer)
    first = claim("elsewhere:x:1:1")
    first.beat(Progress(5, 9, "files"), checkpoint={"unit": 5})
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    second = claim("elsewhere:x:2:1")
    assert second.checkpoint == {"unit": 5}
    with pytest.raises(LeaseLost):
        first.beat(Progress(6, 9, "files"))
    second.beat(Progress(6, 9, "files"))


def test_a_beat_tells_that_an_officer_asked_to_stop(officer):
    row = enqueue("test:a", {}, officer=officer)
    run = claim()
    Job.objects.filter(pk=row.pk).update(cancel_asked=True)
    with pytest.raises(Cancelled):
        run.beat(Progress(1, None, "files"))


def test_a_refusal_ends_the_job_with_its_reason(officer):
    @job("test:refuses")
    def refuse(run):
        raise Refused("HOUSE-DATABASE", "It is not there.", "Bring it.")

    row = enqueue("test:refuses", {}, officer=officer)
    run_due_jobs()
    row.refresh_from_db()
    assert row.state == State.FAILED
    assert row.refusal["code"] == "HOUSE-DATABASE"


def test_a_fault_of_ours_stops_one_job_and_not_the_next(officer):
    @job("test:breaks")
    def breaks(run):
        raise KeyError("x")

    @job("test:works")
    def works(run):
        return {"ok": 1}

    broken, fine = enqueue("test:breaks", {}, officer=officer), enqueue("test:works", {}, officer=officer)
    run_due_jobs()
    broken.refresh_from_db(), fine.refresh_from_db()
    assert (broken.state, broken.refusal["code"], fine.state) == (State.FAILED, "JOBS-FAULT", State.DONE)


def test_work_whose_process_always_dies_at_one_place_is_given_up(officer):
    @job("test:dies")
    def dies(run):
        raise AssertionError("not begun again")

    row = enqueue("test:dies", {}, officer=officer)
    Job.objects.filter(pk=row.pk).update(takings=TAKINGS)
    run_one(claim())
    row.refresh_from_db()
    assert row.refusal["code"] == "JOBS-GAVE-UP"


def test_a_word_said_once_waits_once(officer):
    first = enqueue("test:a", {}, officer=officer, once="rank 7")
    assert enqueue("test:a", {}, officer=officer, once="rank 7").pk == first.pk
    claim()
    assert enqueue("test:a", {}, officer=officer, once="rank 7").pk != first.pk


def test_a_job_for_later_is_not_due_yet(officer):
    enqueue("test:a", {}, officer=officer, delay_s=3600)
    assert claim() is None
