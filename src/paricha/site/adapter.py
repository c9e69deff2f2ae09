"""Django's WSGI handler inside an ASGI server: requests spooled, answers made in a thread, files copied in the loop.

A thread only ever works; it never waits for a slow client. An answer is written to a spool (memory up to 1 MB, then
disk) and sent from there; a file given by `wsgi.file_wrapper` is copied piece by piece, and left when the client goes.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, BinaryIO

import msgspec

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

SPOOL_BYTES = 1_000_000
PIECE = 128 * 1024
LARGEST_BODY = 8 << 30


class FileAnswer:
    """`wsgi.file_wrapper`: hands the open file back, so that the loop copies it."""

    def __init__(self, file: BinaryIO, block_size: int = PIECE) -> None:
        self.file = file

    def close(self) -> None:
        self.file.close()


class Answer(msgspec.Struct):
    """What the handler gave: status, headers, the body as a file, whatever must be closed in the end."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: Any
    close: Callable[[], object]


class WsgiInAsgi:
    """An ASGI application that answers HTTP with a WSGI one, in a pool of threads."""

    def __init__(self, wsgi: Callable[..., Iterable[bytes]], threads: int = 16) -> None:
        self._wsgi = wsgi
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        body = await _spooled(receive)
        if body is None:
            return  # the client left before it had said everything
        if body is TOO_LARGE:
            await _plain(send, 413, b"This is too large for one upload; put the file into the drop folder.\n")
            return
        loop = asyncio.get_running_loop()
        with body:
            answer = await loop.run_in_executor(self._pool, self._answer, environ_of(scope, body))
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            await _copy(answer.body, send, gone, loop)
        finally:
            gone.cancel()
            await loop.run_in_executor(None, answer.close)

    def _answer(self, environ: dict[str, Any]) -> Answer:
        started: list[Any] = []
        result = self._wsgi(environ, lambda status, headers, _info=None: started.extend((status, headers)))
        body: Any
        close: Callable[[], object]
        body, close = (result.file, result.close) if isinstance(result, FileAnswer) else _written(result)
        status, headers = started
        plain = [(name.lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers]
        return Answer(int(status.split(" ", 1)[0]), plain, body, close)


def _written(result: Iterable[bytes]) -> tuple[Any, Callable[[], object]]:
    """Run an answer to its end in this thread: its database connection belongs here."""
    spool = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115  closed by who sends it
    try:
        for piece in result:
            spool.write(piece)
    finally:
        getattr(result, "close", lambda: None)()
    spool.seek(0)
    return spool, spool.close


TOO_LARGE: Any = object()


async def _spooled(receive: Receive) -> Any:
    spool = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115  closed after the handler read it
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            spool.close()
            return None
        piece = message.get("body", b"")
        size += len(piece)
        if size > LARGEST_BODY:
            spool.close()
            return TOO_LARGE
        if size > SPOOL_BYTES:
            await asyncio.to_thread(spool.write, piece)
        else:
            spool.write(piece)
        if not message.get("more_body", False):
            spool.seek(0, 2)
            return spool


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _copy(body: Any, send: Send, gone: asyncio.Future[None], loop: asyncio.AbstractEventLoop) -> None:
    while not gone.done():
        piece = await loop.run_in_executor(None, body.read, PIECE)
        await send({"type": "http.response.body", "body": piece, "more_body": bool(piece)})
        if not piece:
            return


async def _plain(send: Send, status: int, words: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(words)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words, "more_body": False})


def environ_of(scope: dict[str, Any], body: Any) -> dict[str, Any]:
    """The WSGI environment (PEP 3333) of an ASGI scope."""
    length = body.tell()
    body.seek(0)
    server = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1] or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": _Errors(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileAnswer,
    }
    if scope.get("client"):
        environ["REMOTE_ADDR"] = str(scope["client"][0])
    for raw, value in scope["headers"]:
        name = raw.decode("latin-1").replace("-", "_").upper()
        if b"_" in raw or name == "CONTENT_LENGTH":
            continue  # an underscore could pass for another header's dash
        key = "CONTENT_TYPE" if name == "CONTENT_TYPE" else "HTTP_HOST" if name == ":AUTHORITY" else f"HTTP_{name}"
        text = value.decode("latin-1")
        joint = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{text}" if key in environ else text
    return environ


class _Errors:
    """`wsgi.errors`: to the log."""

    def write(self, text: str) -> int:
        import logging

        logging.getLogger("paricha.site").warning(text.rstrip())
        return len(text)

    def flush(self) -> None:
        pass
