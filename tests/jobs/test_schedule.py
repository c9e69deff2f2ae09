"""The clock's work: when it is due, and what a fault in one entry does to the others."""

import pytest

from paricha.audit.log import record_alone
from paricha.audit.models import Unstamped
from paricha.jobs import schedule
from paricha.jobs.events import Event
from paricha.jobs.models import Tick
from paricha.jobs.schedule import every, run_due

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_these(monkeypatch):
    monkeypatch.setattr(schedule, "_entries", {})


def test_work_is_done_when_its_time_has_come_and_not_before():
    done = []
    every(10, "test:a")(lambda: done.append("a"))
    every(3, "test:b")(lambda: done.append("b"))
    for moment in (100.0, 102.0, 103.5, 107.0, 110.0):
        run_due(moment)
    assert done == ["a", "b", "b", "b", "a", "b"]


def test_a_fault_is_noted_and_keeps_nothing_else_from_its_turn():
    done = []

    @every(1, "test:broken")
    def broken():
        raise KeyError("x")

    every(1, "test:fine")(lambda: done.append(1))
    run_due(5.0)
    assert done == [1]
    assert Tick.objects.get(name="test:broken").why.startswith("JOBS-FAULT")
    assert Tick.objects.get(name="test:fine").why == ""


def test_after_a_restart_long_intervals_go_on_where_they_were(monkeypatch):
    from datetime import timedelta

    from django.utils import timezone

    done = []
    every(3600, "test:hourly")(lambda: done.append(1))
    Tick.objects.create(name="test:hourly", at=timezone.now() - timedelta(seconds=600))
    monkeypatch.setattr(schedule.time, "monotonic", lambda: 1000.0)
    monkeypatch.setattr(schedule, "load_kinds", lambda: None)
    schedule.remember()
    run_due(1000.0 + 2900)
    assert done == []
    run_due(1000.0 + 3010)
    assert done == [1]


def test_each_seconds_work_stamps_the_log(officer, monkeypatch):
    monkeypatch.undo()
    record_alone(Event.READ, officer=officer.id16, via="cli")
    assert Unstamped.objects.exists()
    schedule._entries["jobs:stamp"].next_at = 0
    assert "jobs:stamp" in run_due()
    assert not Unstamped.objects.exists()
