"""Pages of PDFs as they may be shown: drawn anew, else their words, else shut with the reason. Pure: bytes in, a page out.

All opening of files happens in a process of its own (`pdf_child`). A few pages are remembered in this process's memory.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import subprocess
import sys
import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paricha.screens.pdf_child import ANSWER, REQUEST, WALL_SECONDS

REMEMBERED = 24
NO_WORDS = frozenset({"no page", "encrypted", "forms", "bytes"})  # after these the words are not tried
_SOURCE = str(Path(__file__).resolve().parents[2])


@dataclass(frozen=True)
class PageShown:
    """One page. `kind`: `drawn` (with `png`), `words` (with `words`, `rules`) or `shut`; `reason`: a code, why not drawn.

    `box`: left, bottom, width, height in points, before `rotate` (degrees clockwise). `left_out`: counts by kind.
    """

    kind: str
    number: int
    pages: int = 0
    box: tuple[float, float, float, float] = (0.0, 0.0, 612.0, 792.0)
    rotate: int = 0
    reason: str = ""
    left_out: dict[str, int] = field(default_factory=dict)
    png: bytes = b""
    words: list[list[Any]] = field(default_factory=list)
    rules: list[list[float]] = field(default_factory=list)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as seen, in points."""
        _left, _bottom, width, height = self.box
        return (height, width) if self.rotate in (90, 270) else (width, height)

    def seen(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """A rectangle of the page (origin bottom left) as x, y, width, height of the view (origin top left)."""
        ends = [self._point(x0, y0), self._point(x1, y1)]
        (left, right), (top, bottom) = sorted(x for x, _y in ends), sorted(y for _x, y in ends)
        return left, top, right - left, bottom - top

    def _point(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, width, height = self.box
        x, y = x - left, y - bottom
        return {0: (x, height - y), 90: (y, x), 180: (width - x, y), 270: (height - y, width - x)}[self.rotate]


class _Opener:
    """The process that opens PDFs, started at the first page and again after it died. One page at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.of = 0

    def ask(self, mode: bytes, number: int, data: bytes) -> tuple[dict[str, Any], bytes]:
        """Facts and picture; `{"cannot": "limits"}` where the work died."""
        with self.lock:
            process = self._running()
            late = threading.Timer(WALL_SECONDS + 5, process.kill)
            late.start()
            try:
                return self._asked(process, mode, number, data)
            except (OSError, EOFError, ValueError):
                process.kill()
                process.wait()
                return {"cannot": "limits"}, b""
            finally:
                late.cancel()

    @staticmethod
    def _asked(process: subprocess.Popen[bytes], mode: bytes, number: int, data: bytes) -> tuple[dict[str, Any], bytes]:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(REQUEST.pack(mode, number, len(data)) + data)
        process.stdin.flush()
        head = process.stdout.read(ANSWER.size)
        if len(head) < ANSWER.size:
            raise EOFError
        told, picture = ANSWER.unpack(head)
        if not told:
            return {"cannot": "limits"}, b""
        facts = json.loads(process.stdout.read(told))
        return facts, process.stdout.read(picture)

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.of != os.getpid() or self.process.poll() is not None:
            environment = {"PYTHONPATH": _SOURCE, "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}
            self.process = subprocess.Popen(
                [sys.executable, "-m", "paricha.screens.pdf_child"], env=environment, cwd="/",
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            self.of = os.getpid()
        return self.process

    def end(self) -> None:
        """End the process with this one."""
        if self.process is not None and self.of == os.getpid():
            with suppress(OSError):
                self.process.kill()


_opener = _Opener()
atexit.register(_opener.end)
_pages: OrderedDict[tuple[bytes, int], PageShown] = OrderedDict()
_pages_lock = threading.Lock()


def page_of(data: bytes, number: int) -> PageShown:
    """Page `number` (from 1) of the PDF `data`; never raises on content."""
    key = (hashlib.sha256(data).digest(), number)
    with _pages_lock:
        if key in _pages:
            _pages.move_to_end(key)
            return _pages[key]
    made = _made(data, number)
    if made.reason != "limits":  # a busy machine may do it the next time
        with _pages_lock:
            _pages[key] = made
            while len(_pages) > REMEMBERED:
                _pages.popitem(last=False)
    return made


def _made(data: bytes, number: int) -> PageShown:
    facts, picture = _opener.ask(b"d", number, data)
    reason = str(facts.get("cannot", ""))
    if not reason:
        return PageShown(
            "drawn", number, facts["pages"], tuple(facts["box"]), facts["rotate"],
            left_out=facts["left_out"], png=picture,
        )  # fmt: skip
    pages = int(facts.get("pages", 0))
    if reason in NO_WORDS:
        return PageShown("shut", number, pages, reason=reason)
    facts, _picture = _opener.ask(b"w", number, data)
    if "cannot" in facts:
        return PageShown("shut", number, pages, reason=reason)
    return PageShown(
        "words", number, facts["pages"], tuple(facts["box"]), facts["rotate"], reason,
        facts["left_out"], words=facts["words"], rules=facts["rules"],
    )  # fmt: skip
