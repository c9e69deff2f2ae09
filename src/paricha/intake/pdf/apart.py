"""A child process that opens PDFs for us: a crash, a loop or a bomb in native code ends the child and nothing else.

    pages = pages_of(data)            # raises Unreadable
    pages = pages_of(data, only=3)

One child serves one process, is asked one file at a time, and starts anew after it died or was killed for its slowness.
`python -m paricha.intake.pdf.apart` is the child: it has 2 GiB of memory, may write no file, and knows no database.
"""

from __future__ import annotations

import os
import select
import struct
import subprocess
import sys
import threading
import time
from typing import IO

import msgspec

from paricha.intake.pdf.sheets import Page, Unreadable

MEMORY_BYTES = 2 << 30
SECONDS = 45.0  # for one file; the child itself gives up before
MOST_REPLY = 512 << 20


class Answer(msgspec.Struct, array_like=True):
    """What the child says of a file: its pages, or why there are none."""

    pages: list[Page] = []
    kind: str = ""
    what: str = ""


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Answer).decode


class _Child:
    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.owner = 0
        self.lock = threading.Lock()

    def ask(self, data: bytes, only: int) -> Answer:
        with self.lock:
            process = self._running()
            try:
                self._send(process, struct.pack("<qq", len(data), only) + data)
                return _decode(self._receive(process))
            except TimeoutError:
                self._end()
                return Answer(kind="slow", what=f"The PDF takes more than {SECONDS:.0f} seconds to read.")
            except (OSError, EOFError, msgspec.DecodeError):
                self._end()
                return Answer(kind="broken", what="The PDF makes the reading program fail; it was stopped.")

    def _running(self) -> subprocess.Popen[bytes]:
        """The child of this process: one that a fork inherited is not ours."""
        if self.process is None or self.owner != os.getpid() or self.process.poll() is not None:
            self.owner = os.getpid()
            self.process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )  # fmt: skip
        return self.process

    def _end(self) -> None:
        if self.process is not None and self.owner == os.getpid():
            self.process.kill()
            self.process.wait()
        self.process = None

    @staticmethod
    def _send(process: subprocess.Popen[bytes], message: bytes) -> None:
        pipe = _pipe(process.stdin)
        view, until = memoryview(message), time.monotonic() + SECONDS
        while view:
            _, ready, _ = select.select([], [pipe], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise TimeoutError
            view = view[os.write(pipe.fileno(), view[:65_536]) :]

    @staticmethod
    def _receive(process: subprocess.Popen[bytes]) -> bytes:
        pipe, until = _pipe(process.stdout), time.monotonic() + SECONDS
        size = struct.unpack("<q", _exactly(pipe, 8, until))[0]
        if not 0 <= size <= MOST_REPLY:
            raise EOFError
        return _exactly(pipe, size, until)


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise EOFError
    return pipe


def _exactly(pipe: IO[bytes], size: int, until: float) -> bytes:
    parts: list[bytes] = []
    while size:
        ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise TimeoutError
        part = os.read(pipe.fileno(), min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


_child = _Child()


def pages_of(data: bytes, only: int | None = None) -> list[Page]:
    """The pages of a PDF, or only one of them (from 1). Raises `Unreadable`."""
    answer = _child.ask(data, only or 0)
    if answer.kind:
        raise Unreadable(answer.kind, answer.what)
    return answer.pages


# ---- the child --------------------------------------------------------------------------------------------------
def answered(data: bytes, only: int) -> Answer:
    """The answer for one file."""
    from paricha.intake.pdf.pages import pages

    try:
        return Answer(list(pages(data, only or None)))
    except Unreadable as why:
        return Answer(kind=why.kind, what=why.what)
    except MemoryError:
        return Answer(kind="large", what="The PDF needs more memory than is given to one file.")
    except Exception as fault:  # noqa: BLE001  the child's boundary: pdfium's wrapper may raise anything on hostile bytes
        return Answer(kind="broken", what=f"The PDF is damaged ({type(fault).__name__}).")


def _limit() -> None:
    import resource

    for what, most in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # a system that knows no such limit still has the clock
            continue


def serve() -> None:
    """Answer files from standard input until it ends."""
    incoming, outgoing = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)  # nothing that native code prints may break the answers
    _limit()
    with os.fdopen(incoming, "rb") as asked, os.fdopen(outgoing, "wb") as said:
        while len(head := asked.read(16)) == 16:
            size, only = struct.unpack("<qq", head)
            answer = _encode(answered(asked.read(size), only))
            said.write(struct.pack("<q", len(answer)) + answer)
            said.flush()


if __name__ == "__main__":
    serve()
