"""The stream of events: who sees what, and that nothing is lost between two connections."""

import asyncio

import pytest

from paricha.access.models import UnitKind
from paricha.access.rights import Role
from paricha.access.verbs import add_unit
from paricha.audit.log import record_alone
from paricha.audit.stamp import stamp_all
from paricha.jobs.events import Event
from paricha.jobs.queue import enqueue
from paricha.site import events

pytestmark = pytest.mark.django_db


@pytest.fixture
def districts(officer, make_officer):
    north = add_unit(officer, "North", under=officer.unit, kind=UnitKind.DISTRICT)
    south = add_unit(officer, "South", under=officer.unit, kind=UnitKind.DISTRICT)
    return make_officer("N", Role.ANALYST, unit=north), make_officer("S", Role.ANALYST, unit=south)


@pytest.fixture(autouse=True)
def nothing_shared(monkeypatch):
    monkeypatch.setattr(events, "shared", events.Shared())


def happened(officer, *rows):
    from paricha.access.verbs_of_the_house import read

    read(officer, Event.READ, *rows)
    stamp_all()


def test_an_officer_is_told_of_what_he_may_see_and_of_nothing_else(officer, districts):
    of_north, of_south = districts
    row = enqueue("test:a", {}, officer=of_north)
    happened(of_north, row)
    position, seen = events.seen_by(of_north, 0)
    assert seen[-1] == {"position": position, "event": "jobs:job:read", "touched": [["job", row.id.hex()]]}
    last, others = events.seen_by(of_south, 0)
    assert last == position
    assert not any(event["event"] == "jobs:job:read" for event in others)
    assert row.id.hex() not in str(others)


def test_kinds_that_have_no_scope_are_told_to_nobody(officer):
    record_alone(Event.READ, officer=officer.id16, via="cli", touched=[("session", b"s" * 16)])
    stamp_all()
    assert not any(event["event"] == "jobs:job:read" for event in events.seen_by(officer, 0)[1])


def test_a_reader_goes_on_where_it_stood(officer):
    first = enqueue("test:a", {}, officer=officer)
    happened(officer, first)
    position, _ = events.seen_by(officer, 0)
    second = enqueue("test:b", {}, officer=officer)
    happened(officer, second)
    _, seen = events.seen_by(officer, position)
    assert [event["touched"] for event in seen] == [[["job", second.id.hex()]]]


class Still:
    """A watcher that stands at a position and gives what the database told before: the loop has no test transaction."""

    def __init__(self, position, told=None):
        self.position, self.told = position, told

    async def run(self, work, *_args):
        assert work is events.seen_by
        return self.told

    async def later_than(self, position, _wait_s):
        return self.position > position


class Asked:
    def __init__(self, cookies=None):
        self.cookies = cookies or {}
        self.headers, self.query_params = {}, {}


def first_messages(watcher, officer, position, count):
    async def take():
        stream, taken = events._stream(Asked(), watcher, officer, position), []
        while len(taken) < count:
            taken.append(await anext(stream))
        await stream.aclose()
        return taken

    return asyncio.run(take())


def test_the_stream_says_its_position_so_that_a_browser_can_come_back(officer):
    row = enqueue("test:a", {}, officer=officer)
    happened(officer, row)
    end, _ = events.seen_by(officer, 0)
    begin, message = first_messages(Still(end, events.seen_by(officer, end - 1)), officer, end - 1, 2)
    assert f"id: {end - 1}" in begin
    assert message.startswith(f"event: happened\nid: {end}\ndata: ")
    assert row.id.hex() in message


def test_a_page_that_was_away_too_long_is_told_to_load_again(officer):
    end = events.TOO_FAR + 10
    _begin, message = first_messages(Still(end), officer, 3, 2)
    assert message == f"event: again\nid: {end}\ndata: {{}}\n\n"


def test_a_session_that_ended_ends_the_stream(officer, client):
    from django.conf import settings
    from django.contrib.auth import get_user_model

    client.force_login(get_user_model().objects.get(officer=officer))
    cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
    assert events.officer_of(cookies) == officer
    client.logout()
    assert events.officer_of(cookies) is None
    assert events.officer_of({}) is None
    officer.active = False
    officer.save(update_fields=["active"])
    client.force_login(get_user_model().objects.get(officer=officer))
    cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
    assert events.officer_of(cookies) is None
