"""The process in which PDFs are opened: started once, it forks for each page, and the fork dies at its limits.

`python -m paricha.screens.pdf_child`: requests on standard input, answers on standard output, until the input ends.
Request: `!cIQ` (b"d" draw or b"w" words, page from 1, bytes of the PDF), then the PDF.
Answer: `!II` (bytes of JSON, bytes of PNG), then both; no bytes of JSON where the fork died (memory, CPU, wall clock, a crash).
"""

from __future__ import annotations

import json
import os
import resource
import signal
import struct
import sys
from typing import BinaryIO

REQUEST, ANSWER = struct.Struct("!cIQ"), struct.Struct("!II")
LARGEST_ANSWER = 24 << 20
MEMORY_BYTES = 1 << 30  # address space of one page's work, the libraries included
CPU_SECONDS = 3
WALL_SECONDS = 8.0


def limit(memory: int = MEMORY_BYTES) -> None:
    """What one page may cost. Past a limit the kernel ends the process."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # nothing is written to a file
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, WALL_SECONDS)


def answer(mode: bytes, number: int, data: bytes) -> bytes:
    """One page's work, in this process: facts as JSON and, where it was drawn, the PNG."""
    from paricha.screens import pdf_drawing
    from paricha.screens.pdf_fonts import CannotRebuild

    picture = b""
    try:
        if mode == b"d":
            facts, picture = pdf_drawing.draw(data, number)
        else:
            facts = pdf_drawing.words(data, number)
    except CannotRebuild as reason:
        facts = {"cannot": str(reason), "pages": reason.pages}
    except Exception as fault:  # noqa: BLE001  the boundary of hostile content: no fault of a library draws anything
        facts = {"cannot": "fault", "fault": type(fault).__name__}
    told = json.dumps(facts).encode()
    return ANSWER.pack(len(told), len(picture)) + told + picture


def serve(asked: BinaryIO, told: BinaryIO) -> None:
    """Fork for each request until the input ends."""
    from paricha.screens import pdf_drawing  # noqa: F401  loaded once, before the first fork

    while len(head := asked.read(REQUEST.size)) == REQUEST.size:
        mode, number, size = REQUEST.unpack(head)
        data = asked.read(size)
        if len(data) < size:
            return
        told.write(_forked(mode, number, data))
        told.flush()


def _forked(mode: bytes, number: int, data: bytes) -> bytes:
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(here)
            limit()
            with os.fdopen(there, "wb") as pipe:
                pipe.write(answer(mode, number, data))
        finally:
            os._exit(0)
    os.close(there)
    with os.fdopen(here, "rb") as pipe:
        given = pipe.read(LARGEST_ANSWER)
    _child, status = os.waitpid(child, 0)
    if status == 0 and len(given) >= ANSWER.size and len(given) == ANSWER.size + sum(ANSWER.unpack_from(given)):
        return given
    return ANSWER.pack(0, 0)


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
