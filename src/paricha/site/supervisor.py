"""One `serve`: web, clock and workers as child processes; one that ends comes back, none outlives us."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

PR_SET_PDEATHSIG = 1
RESTART_PAUSE_S = (0.1, 0.5, 2.0, 5.0)  # after the first, second … end within a minute
STOP_S = 10


def die_with_parent(parent: int) -> None:
    """Linux: this process gets SIGKILL when the one that made it is gone, however that ended; also if it is already."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def die_with_grandparent() -> None:
    """For a process made by one of our children (the web's own workers): ends with its maker, and its maker with us."""
    maker = os.getppid()
    try:
        with open(f"/proc/{maker}/stat") as file:
            above = file.read().rpartition(")")[2].split()[1]
    except OSError:
        above = ""
    if above != os.environ.get("PARICHA_SUPERVISED"):
        os._exit(1)
    die_with_parent(maker)


class Child(msgspec.Struct):
    """A process to keep alive: its words, and what is known of its last starts."""

    name: str
    words: list[str]
    process: subprocess.Popen[bytes] | None = None
    ends: list[float] = []
    start_at: float = 0.0


class Supervisor:
    """Starts children, starts again what ended, ends all of them when told or when it ends itself."""

    def __init__(self, children: dict[str, list[str]], environment: dict[str, str], folder: Path) -> None:
        self.children = [Child(name, words) for name, words in children.items()]
        self.environment = environment | {"PARICHA_SUPERVISED": str(os.getpid())}
        self.folder = folder  # not where serve was called: granian looks for modules in its working folder
        self._stop = False

    def run(self, each_second: Callable[[Supervisor], None] = lambda _house: None) -> int:
        """Until SIGTERM or SIGINT. Must run in the main thread, which made the children."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told_to_stop)
        looked = 0.0
        try:
            while not self._stop:
                now = time.monotonic()
                for child in self.children:
                    self._look_after(child, now)
                if now - looked >= 1:
                    looked = now
                    each_second(self)
                time.sleep(0.05)
        finally:
            self._end_all()
        return 0

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to one child."""
        for child in self.children:
            if child.name == name and child.process is not None and child.process.poll() is None:
                child.process.send_signal(number)

    def _told_to_stop(self, *_: object) -> None:
        self._stop = True

    def _look_after(self, child: Child, now: float) -> None:
        if child.process is not None and child.process.poll() is not None:
            child.ends = [at for at in child.ends if now - at < 60] + [now]
            child.start_at = now + RESTART_PAUSE_S[min(len(child.ends), len(RESTART_PAUSE_S)) - 1]
            print(f"{child.name} ended ({child.process.returncode}); it starts again.", file=sys.stderr, flush=True)
            child.process = None
        if child.process is None and now >= child.start_at:
            child.process = subprocess.Popen(
                child.words, env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL,
                preexec_fn=partial(die_with_parent, os.getpid()),
            )  # fmt: skip

    def _end_all(self) -> None:
        living = [child.process for child in self.children if child.process is not None]
        for process in living:
            process.terminate()
        until = time.monotonic() + STOP_S
        for process in living:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def children_of_the_house(
    address: str, port: int, *, certificate: Path | None, key: Path | None, workers: int = 1
) -> dict[str, list[str]]:
    """The words of each child: web, clock, workers."""
    # The interval is how long old and new stand side by side when a renewed certificate is taken (HUP).
    web = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--host", address, "--port", str(port), "--workers", "1",
        "--no-ws", "--no-access-log", "--log-level", "warning", "--respawn-failed-workers", "--respawn-interval", "10",
        "--workers-kill-timeout", "3", "--backlog", "4096",
    ]  # fmt: skip
    if certificate is not None and key is not None:
        web += ["--ssl-certificate", str(certificate), "--ssl-keyfile", str(key), "--ssl-protocol-min", "tls1.2"]
    beside = [sys.executable, "-m", "paricha.jobs.worker"]
    return {
        "web": [*web, "paricha.site.application:application"],
        "clock": [*beside, "clock"],
        **{f"worker {number}": [*beside, "work"] for number in range(1, workers + 1)},
    }
