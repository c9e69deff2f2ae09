"""The adapter between ASGI and WSGI, driven as a server would drive it."""

import asyncio
import threading

import pytest

from paricha.site.adapter import SPOOL_BYTES, WsgiInAsgi

SCOPE = {
    "type": "http", "method": "POST", "path": "/tips/മല/", "query_string": b"a=1", "http_version": "1.1", "scheme": "https",
    "server": ("paricha.example", 8443), "client": ("192.0.2.7", 5000),
    "headers": [(b"host", b"paricha.example:8443"), (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"content-type", b"text/plain"),
                (b"x_forwarded_for", b"192.0.2.9")],
}  # fmt: skip


def ask(wsgi, pieces=(b"",), scope=SCOPE, leave_after=None):
    """Sends one request; gives the messages of the answer. `leave_after`: the client goes after so many of them."""

    async def run():
        waiting = [{"type": "http.request", "body": p, "more_body": i < len(pieces) - 1} for i, p in enumerate(pieces)]
        left, sent = asyncio.Event(), []

        async def receive():
            if waiting:
                return waiting.pop(0)
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)
            if leave_after is not None and len(sent) >= leave_after:
                left.set()
                await asyncio.sleep(0.01)

        await WsgiInAsgi(wsgi, threads=2)(scope, receive, send)
        return sent

    return asyncio.run(run())


def body_of(sent):
    return b"".join(message.get("body", b"") for message in sent)


def test_the_environment_is_what_django_reads():
    seen = {}

    def wsgi(environ, start):
        seen.update(environ)
        start("201 Created", [("Set-Cookie", " a=1; Secure"), ("X-One", "1")])
        return [environ["wsgi.input"].read()]

    sent = ask(wsgi, [b"half ", b"and half"])
    assert sent[0] == {
        "type": "http.response.start",
        "status": 201,
        "headers": [(b"set-cookie", b"a=1; Secure"), (b"x-one", b"1")],
    }
    assert body_of(sent) == b"half and half"
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/tips/മല/"
    wanted = {"HTTP_COOKIE": "a=1; b=2", "HTTP_HOST": "paricha.example:8443", "wsgi.url_scheme": "https", "CONTENT_LENGTH": "13",
              "CONTENT_TYPE": "text/plain", "REMOTE_ADDR": "192.0.2.7", "QUERY_STRING": "a=1"}  # fmt: skip
    assert {name: seen[name] for name in wanted} == wanted
    assert "HTTP_X_FORWARDED_FOR" not in seen  # an underscore would pass for a dash


def test_a_large_body_goes_to_disk_and_arrives_whole():
    rolled = []

    def wsgi(environ, start):
        rolled.append(environ["wsgi.input"]._rolled)
        start("200 OK", [])
        return [str(len(environ["wsgi.input"].read())).encode()]

    assert body_of(ask(wsgi, [bytes(400_000)] * 4)) == b"1600000"
    assert rolled == [True]
    assert SPOOL_BYTES < 1_600_000


def test_a_client_that_leaves_in_the_middle_of_its_body_starts_no_work():
    called = []

    async def run():
        messages = [{"type": "http.request", "body": b"x", "more_body": True}, {"type": "http.disconnect"}]

        async def receive():
            return messages.pop(0)

        await WsgiInAsgi(lambda *_: called.append(1) or [])(SCOPE, receive, None)

    asyncio.run(run())
    assert called == []


def test_an_answer_is_made_and_closed_in_one_thread():
    threads = []

    class Answer:
        def __iter__(self):
            threads.append(threading.get_ident())
            yield b"a" * 10
            yield b"b" * 10

        def close(self):
            threads.append(threading.get_ident())

    def wsgi(environ, start):
        threads.append(threading.get_ident())
        start("200 OK", [])
        return Answer()

    assert body_of(ask(wsgi)) == b"a" * 10 + b"b" * 10
    assert len(set(threads)) == 1 and len(threads) == 3


def test_a_file_is_closed_at_once_when_the_client_leaves(tmp_path):
    (tmp_path / "large").write_bytes(bytes(20_000_000))
    opened = []

    def wsgi(environ, start):
        start("200 OK", [])
        opened.append((tmp_path / "large").open("rb"))
        return environ["wsgi.file_wrapper"](opened[0])

    sent = ask(wsgi, leave_after=3)
    assert len(body_of(sent)) < 2_000_000
    assert opened[0].closed


@pytest.mark.parametrize("size", [0, 1, 300_000])
def test_a_file_arrives_whole(tmp_path, size):
    (tmp_path / "file").write_bytes(b"x" * size)

    def wsgi(environ, start):
        start("200 OK", [("Content-Length", str(size))])
        return environ["wsgi.file_wrapper"]((tmp_path / "file").open("rb"))

    assert body_of(ask(wsgi)) == b"x" * size
