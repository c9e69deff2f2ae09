"""A real server, real HTTP, answers lost and the server killed (−9) in the middle: nothing is lost, nothing doubled."""

import json
import os
import re
import signal
import threading
import time
from contextlib import suppress

import pytest

from paricha.field.player import FieldPhone, NoAnswer, over_http
from tests.journeys.test_morning import SETUP

pytestmark = pytest.mark.slow

EVENTS = 160
URGENT = """
from pathlib import Path
from django.conf import settings
from paricha.access.acting import acting
from paricha.access.keys import officer_of, signer_of
from paricha.access.models import Officer, Unit
from paricha.access.verbs import FIRST_KEY
from paricha.operations.jobs import release_due
from paricha.operations.queries import sealed_digest
from paricha.operations.verbs.nomination import Named
from paricha.operations.verbs.packages import seal_packages
from paricha.operations.verbs.planning import let_in
from paricha.operations.verbs.release import sign_release
from paricha.operations.verbs.urgent import open_urgent
from paricha.records.models import Tip

home = Path(settings.HOME)
leader = Officer.objects.get(name="Leader One")
signers = [officer_of(home / FIRST_KEY), officer_of(home / "keys" / "officers" / "basil.key")]
(first, key, private), (second, *_rest) = signers
with acting("cli", signer_of(key, private)):
    operation = open_urgent(first, bytes(Tip.objects.get().id16), door=None, address="Lakeview 9", basis="The caller said so.",
        district=Unit.objects.get(name="Kallar"), reason="Now.",
        team=[Named(leader.name, leader.rank, True, False, False, bytes(leader.id16))])
    let_in(first, operation, second)
    seal_packages(first, operation)
for who, key, private in signers:
    with acting("cli", signer_of(key, private)):
        sign_release(who, operation, digest=sealed_digest(operation))
print(release_due())
"""


class Server:
    """`paricha serve` on a port of its own, to be killed."""

    def __init__(self, house):
        from tests.site.test_serving import free_port

        self.house, self.port = house, free_port()
        self.start()

    def start(self):
        before = self.house.log.read_text(errors="replace") if self.house.log.exists() else ""
        self.process = self.house.start("serve", "--json", "--port", str(self.port))
        until = time.monotonic() + 90
        while not (
            found := re.search(r'"address": "([^"]+)"', self.house.log.read_text(errors="replace")[len(before) :])
        ):
            assert self.process.poll() is None and time.monotonic() < until, self.house.log.read_text()[-2000:]
            time.sleep(0.1)
        self.address = found[1].rstrip("/")

    def kill(self):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def losing(server, every=3):
    """Calls of which each third loses its answer after the server has done its part."""
    count = iter(range(1, 10**6))

    def lossy(method, path, headers, body):
        answer = over_http(server.address)(method, path, headers, body)
        if method == "POST" and next(count) % every == 0:
            raise NoAnswer("the answer was lost")
        return answer

    return lossy


def send_until_done(phone, stop):
    while phone.waiting() and not stop.is_set():
        try:
            waiting = phone.waiting()[:8]
            for event, answer in zip(
                waiting,
                phone.post([{"text": one["text"], "signature": one["signature"]} for one in waiting]),
                strict=True,
            ):
                event["sent"], event["refused"] = bool(answer["stored"]), answer["code"]
        except (NoAnswer, OSError):
            time.sleep(0.2)  # and again, with the same events


def test_no_event_is_lost_or_doubled_when_the_server_is_killed(new_house):
    house = new_house("killed")
    made = json.loads(house.python(SETUP))
    server = Server(house)
    stop = threading.Event()
    try:
        phone = FieldPhone(server.address, "phone of the team")
        phone.enrol(made["code"])
        assert house.python(URGENT).strip() == "1"
        site = phone.open(phone.packages()[0])["sites"][0]["id"]
        for number in range(EVENTS):
            phone.sign("something-wrong", site=site, payload={"words": f"Line {number}."})
        phone.call = losing(server)
        sender = threading.Thread(target=send_until_done, args=(phone, stop))
        sender.start()
        for _round in range(2):
            sent = sum(event["sent"] for event in phone.events)
            until = time.monotonic() + 30
            while sum(event["sent"] for event in phone.events) < sent + 16 and time.monotonic() < until:
                time.sleep(0.02)
            server.kill()
            server.start()
        sender.join(120)
        assert not sender.is_alive() and phone.waiting() == []
        assert [event["refused"] for event in phone.events] == [None] * (EVENTS + 1)
        told = house.python(
            """
            from paricha.field.models import FieldEvent, RefusedEvent
            rows = list(FieldEvent.objects.order_by("seq").values_list("seq", flat=True))
            print(len(rows), rows == list(range(1, len(rows) + 1)), RefusedEvent.objects.count())
        """
        )
        assert told.split() == [str(EVENTS + 1), "True", "0"]
        log = house.json("audit", "verify", exit_code=None)
        assert "bad" not in json.dumps(log.get("refusals", "")), log
    finally:
        stop.set()
        server.kill()
