"""`paricha serve` as a real process: real HTTP and HTTPS on loopback, killed children, a killed parent."""

import http.client
import json
import os
import signal
import socket
import ssl
import time

import pytest

pytestmark = pytest.mark.slow

NAME = "paricha.north.example"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(true, what, limit_s=60):
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        found = true()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {limit_s} s for {what}")


class Served:
    """A house being served: its port, and the processes of this very `serve`."""

    def __init__(self, house, *words):
        self.port = free_port()
        self.process = house.start("serve", "--port", str(self.port), "--json", *words)
        self.house = house

    def get(self, path, tls=None, headers=None, host="localhost"):
        """(status, headers, body), or None while nobody answers."""
        if tls is None:
            asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        else:
            asked = AtThisMachine(host, self.port, timeout=10, context=tls)
        try:
            asked.request("GET", path, headers={"Host": f"{host}:{self.port}", **(headers or {})})
            answer = asked.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        except OSError:
            return None
        finally:
            asked.close()

    def children(self, parent=None):
        """Process ids below `serve`, with their words."""
        found = {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat") as file:
                    above = int(file.read().rpartition(")")[2].split()[1])
                with open(f"/proc/{pid}/cmdline") as file:
                    words = file.read().replace("\0", " ")
            except OSError:
                continue
            if above == (parent or self.process.pid):
                found[int(pid)] = words
        return found

    def child(self, word):
        return next((pid for pid, words in self.children().items() if word in words), None)

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)


class AtThisMachine(http.client.HTTPSConnection):
    """Connects to loopback whatever the name; the certificate is checked against the name."""

    def connect(self):
        plain = socket.create_connection(("127.0.0.1", self.port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)


@pytest.fixture
def serve(request):
    served = []

    def start(house, *words, tls=None, host="localhost"):
        one = Served(house, *words)
        served.append(one)
        wait_for(lambda: one.get("/trust/", tls() if tls else None, host=host), "the first page")
        return one

    yield start
    for one in served:
        one.end()


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_pages_files_and_streams_come_from_one_origin(house, serve):
    one = serve(house)
    status, headers, page = one.get("/trust/")
    assert status == 200 and b"Trust this workplace" in page
    assert "default-src 'none'" in headers["content-security-policy"]
    status, headers, css = one.get("/static/screens/tokens.css")
    assert status == 200 and b"--" in css and "text/css" in headers["content-type"]
    assert one.get("/events")[0] == 401
    assert one.get("/jobs/")[0] == 302
    assert one.get("/trust/", host="evil.example")[0] == 400  # only our own names
    refused = house.run("serve", "--port", str(one.port + 1), exit_code=None)
    assert refused.returncode == 1 and "SITE-SERVES-ALREADY" in refused.stderr


def test_a_killed_child_comes_back_and_a_killed_parent_leaves_no_orphan(house, serve):
    one = serve(house)
    web = wait_for(lambda: one.child("granian"), "the web")
    inner = next(iter(one.children(web)))
    os.kill(inner, signal.SIGKILL)  # the process that answers
    wait_for(
        lambda: set(one.children(web)) - {inner} and one.get("/trust/"), "an answer after the web worker was killed"
    )
    os.kill(web, signal.SIGKILL)
    wait_for(
        lambda: one.child("granian") not in (None, web) and one.get("/trust/"), "an answer after the web was killed"
    )
    worker = wait_for(lambda: one.child("paricha.jobs.worker work"), "the worker")
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: one.child("paricha.jobs.worker work") not in (None, worker), "another worker")
    web = one.child("granian")
    all_of_them = [*one.children(), *one.children(web)]
    os.kill(one.process.pid, signal.SIGKILL)
    one.process.wait()
    wait_for(lambda: not any(alive(pid) for pid in all_of_them), "no orphan", 20)
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", one.port))  # nobody listens any more


def test_a_trusted_name_is_served_over_tls_and_a_renewed_certificate_is_taken_without_an_end(house, serve):
    from datetime import UTC, datetime, timedelta

    from cryptography import x509

    from paricha.site import tls

    made = house.json("tls", "make", NAME)
    assert made["name"] == NAME
    trusting = lambda: ssl.create_default_context(cafile=made["root"])  # noqa: E731
    one = serve(house, "--bind", "127.0.0.1", tls=trusting, host=NAME)
    status, headers, page = one.get("/trust/", trusting(), host=NAME)
    assert status == 200
    assert made["root_sha256"][:4].upper().encode() in page.replace(b" ", b"")
    assert "Secure" in headers["set-cookie"]
    root = one.get("/trust/root.crt", trusting(), host=NAME)
    assert root[1]["content-type"] == "application/x-x509-ca-cert" and root[2][:1] == b"\x30"
    with pytest.raises(ssl.SSLCertVerificationError):
        asked = AtThisMachine("localhost", one.port, timeout=10, context=trusting())
        asked.request("GET", "/")

    trust = tls.trust_of(house.folder, NAME)
    tls._make_leaf(trust, datetime.now(UTC) + timedelta(minutes=1))  # as a renewal would
    os.kill(one.child("granian"), signal.SIGHUP)
    wanted = trust.leaf().serial_number

    def served_serial():
        with socket.create_connection(("127.0.0.1", one.port), 10) as plain:
            with trusting().wrap_socket(plain, server_hostname=NAME) as closed:
                return x509.load_der_x509_certificate(closed.getpeercert(True)).serial_number == wanted

    wait_for(served_serial, "the new certificate")  # old and new answer side by side meanwhile: no connection fails


def test_serve_refuses_a_name_without_certificate_and_a_taken_port(house):
    refused = house.run("serve", "--host", NAME, "--json", exit_code=1)
    assert json.loads(refused.stdout)["refusals"][0]["code"] == "SITE-NO-CERTIFICATE"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        refused = house.run("serve", "--port", str(other.getsockname()[1]), "--json", exit_code=1)
        assert json.loads(refused.stdout)["refusals"][0]["code"] == "SITE-PORT-TAKEN"


def test_a_stream_of_an_officer_tells_what_a_command_did_and_goes_on_after_a_kill(house, serve):
    cookie = house.python("""
        from importlib import import_module
        from django.conf import settings
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from paricha.access.models import Officer
        user = Officer.objects.get(first=True).user
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        print(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    """).strip()
    one = serve(house)

    def listen(after=None):
        asked = http.client.HTTPConnection("127.0.0.1", one.port, timeout=60)
        headers = {"Host": f"localhost:{one.port}", "Cookie": cookie}
        asked.request("GET", "/events", headers=headers | ({"Last-Event-ID": after} if after else {}))
        answer = asked.getresponse()
        assert (answer.status, answer.getheader("content-type")[:17]) == (200, "text/event-stream")
        return answer

    def until_told(answer, event):
        last = None
        while True:
            line = answer.readline().decode()
            assert line, "the stream ended"
            if line.startswith("id: "):
                last = line[4:].strip()
            if line.startswith("data: ") and event in line:
                return last

    enqueue = """
        from django.db import transaction
        from paricha.access.models import Officer
        from paricha.access.verbs_of_the_house import read
        from paricha.jobs.events import Event
        from paricha.jobs.queue import enqueue
        officer = Officer.objects.get(first=True)
        with transaction.atomic():
            read(officer, Event.READ, enqueue("test:none", {}, officer=officer, delay_s=3600))
    """
    stream = listen()
    stream.readline()
    house.python(enqueue)
    last = until_told(stream, "jobs:job:read")
    os.kill(one.child("granian"), signal.SIGKILL)
    house.python(enqueue)  # while nobody listens
    wait_for(lambda: one.get("/trust/"), "the web to come back")
    assert int(until_told(listen(after=last), "jobs:job:read")) > int(last)
