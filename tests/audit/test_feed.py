"""The feed: whatever the order of commits, every consumer gets every event once, in order of position."""

import itertools
import random
import threading
import time

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from paricha.audit import feed
from paricha.audit.events import Event
from paricha.audit.log import record, record_alone
from paricha.audit.models import AuditRow, Cursor, Position, Stamp, Unstamped
from paricha.audit.stamp import stamp, stamp_all


@pytest.fixture
def consumers(monkeypatch):
    """No consumers but the test's own."""
    monkeypatch.setattr(feed, "_consumers", {})
    return feed._consumers


def say(n: int, event=Event.LOG_READ) -> None:
    record_alone(event, officer=None, via="job", facts={"n": n})


def numbers(events) -> list[int]:
    return [event.facts["n"] for event in events]


class Steps(TestCase):
    @settings(max_examples=40)
    @given(st.lists(st.sampled_from(["say", "say other", "stamp", "stamp one", "consume", "fail"]), max_size=30))
    def test_each_event_arrives_once_and_in_order_however_the_steps_fall(self, steps):
        got, said = [], []
        failing = []

        def take(batch):
            if failing:
                raise ConnectionError("the consumer died")
            got.extend(numbers(batch))

        kept, feed._consumers = feed._consumers, {"test": (frozenset([str(Event.LOG_READ)]), take)}
        try:
            for n, step in enumerate([*steps, "stamp", "consume"]):
                if step == "say":
                    say(n)
                    said.append(n)
                elif step == "say other":
                    say(n, Event.LOG_EXPORTED)
                elif step == "stamp":
                    stamp_all()
                elif step == "stamp one":
                    stamp(limit=1)
                elif step == "consume":
                    feed.consume_due(limit=2)
                else:
                    failing.append(1)
                    try:
                        feed.consume_due(limit=2)
                    except ConnectionError:
                        pass
                    failing.clear()
            assert got == said
        finally:
            feed._consumers = kept


def test_a_consumer_that_fails_stays_where_it_was_and_stops_no_other(db, consumers):
    got = []

    @feed.consumer("bad", Event.LOG_READ)
    def bad(batch):
        raise ConnectionError

    @feed.consumer("good", Event.LOG_READ)
    def good(batch):
        got.extend(numbers(batch))

    say(1)
    stamp_all()
    with pytest.raises(ConnectionError):
        feed.consume_due()
    assert got == [1]
    assert Cursor.objects.filter(consumer="bad").values_list("position", flat=True).first() in (None, 0)


@pytest.mark.django_db(transaction=True)
def test_rows_that_commit_late_are_not_lost_while_many_write_and_two_stamp(consumers):
    """Six writers, one commit in eight slow, two stampers and a consumer at once (stack 14: by sequence 2 % were lost)."""
    got, wrong, writing = [], [], threading.Event()
    writing.set()

    @feed.consumer("all", Event.LOG_READ)
    def take(batch):
        got.extend(numbers(batch))

    def guarded(act):
        def run(*given):
            try:
                act(*given)
            except Exception as error:  # noqa: BLE001  a thread's failure must reach the test
                wrong.append(error)
            finally:
                connection.close()

        return run

    @guarded
    def write(writer):
        chance = random.Random(writer)
        for n in range(25):
            with transaction.atomic():
                record(Event.LOG_READ, officer=None, via="job", facts={"n": writer * 1000 + n})
                if chance.random() < 0.125:
                    time.sleep(0.03)  # commits after others that began later

    @guarded
    def stamp_on():
        while writing.is_set():
            stamp(limit=7)

    @guarded
    def consume_on():
        while writing.is_set():
            feed.consume_due(limit=5)

    writers = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    others = [threading.Thread(target=stamp_on), threading.Thread(target=stamp_on), threading.Thread(target=consume_on)]
    [thread.start() for thread in [*writers, *others]]
    [thread.join() for thread in writers]
    writing.clear()
    [thread.join() for thread in others]
    stamp_all()
    feed.consume_due()
    assert wrong == []
    wanted = [writer * 1000 + n for writer in range(6) for n in range(25)]
    assert sorted(got) == wanted and len(set(got)) == len(got)
    assert list(Position.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 151))
    assert not Unstamped.objects.exists() and AuditRow.objects.count() == 150
    spans = list(Stamp.objects.order_by("number").values_list("number", "first", "last"))
    assert [number for number, _first, _last in spans] == list(range(1, len(spans) + 1))
    assert all(after[1] == before[2] + 1 for before, after in itertools.pairwise(spans))


@pytest.mark.django_db
def test_what_is_done_before_the_lock_holds_for_those_very_events_only(consumers, monkeypatch, home):
    """Between the reading ahead and the lock another event may come: then nothing of what was done early is used."""
    monkeypatch.setattr(feed, "_before", {})
    got, late = [], []

    def ahead(events):
        done = numbers(events)
        if late:
            say(late.pop())
            stamp_all()
        return done

    feed.consumer("early", Event.LOG_READ, before=ahead)(lambda events, done: got.append((numbers(events), done)))
    say(1)
    stamp_all()
    feed.consume_due()
    late.append(3)
    say(2)
    stamp_all()
    feed.consume_due()
    assert got == [([1], [1]), ([2, 3], None)]


@pytest.mark.django_db
def test_a_consumer_hears_in_the_same_round_what_one_before_it_told(consumers, home):
    heard = []

    def tell(events):
        record(Event.LOG_VERIFIED, officer=None, via="job", facts={"n": 10 + len(events)})

    feed.consumer("first", Event.LOG_READ)(tell)
    feed.consumer("second", Event.LOG_READ, Event.LOG_VERIFIED)(lambda events: heard.append(numbers(events)))
    say(1)
    stamp_all()
    feed.consume_due()
    assert heard == [[1, 11]]
