"""Runs the parts of `make test` in order, goes on after a failing one, and closes with a line a part.

`python tools/test_parts.py` runs all; `… lint sqlite` only those named. The last line is `N passed, N failed, N skipped`;
the exit code is 1 if anything failed. Standard library only.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from machine_needs import find_program
from postgres_for_tests import postgres_for_tests

ROOT = Path(__file__).resolve().parent.parent
GRACE_S = 30
BIN = Path(sys.executable).parent
# A file stays with one worker, so that what it makes once is made once.
PARALLEL = ["-n", os.environ.get("PARICHA_TEST_WORKERS", "2"), "--dist", "loadfile", "--no-loadscope-reorder"]
# Rooms whose tests touch no database, or only look at the sources: once is enough.
SAME_ON_BOTH = ("house", "grounds", "synthetic", "journeys")


@dataclass
class Outcome:
    """What a part came to: counts, and why something failed or was skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: Counter = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def words(self) -> str:
        words = f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"
        if self.reasons:
            most = [f"{reason} ×{n}" if n > 1 else reason for reason, n in self.reasons.most_common(3)]
            more = len(self.reasons) - len(most)
            words += " (" + "; ".join(most) + (f"; {more} more reasons" if more > 0 else "") + ")"
        return words


def run(command: list[str | Path], limit_s: int, extra: dict[str, str] | None = None) -> int:
    """Runs a command in the repository with its output passed on; at the limit it is ended with all its children."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | (extra or {}), stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        return process.wait(timeout=limit_s)
    except subprocess.TimeoutExpired:
        print(f"Ended after {limit_s} s: {' '.join(map(str, command))}", flush=True)
        process.send_signal(signal.SIGINT)  # pytest still writes what failed until then
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=GRACE_S)
        return 124
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


def steps(*commands: tuple[str, list[str | Path]], limit_s: int = 420) -> Outcome:
    """Each command is one check; its exit code decides."""
    outcome = Outcome()
    for name, command in commands:
        print(f"--- {name}", flush=True)
        if run(command, limit_s) == 0:
            outcome.passed += 1
        else:
            outcome.failed += 1
            outcome.failures.append(name)
    return outcome


def pytest(arguments: list[str], limit_s: int, extra: dict[str, str] | None = None) -> Outcome:
    """Runs pytest and counts from its own report, not from its words."""
    with tempfile.TemporaryDirectory(prefix="paricha-report-") as folder:
        report = Path(folder) / "report.xml"
        code = run([BIN / "pytest", "-q", f"--junitxml={report}", *arguments], limit_s, extra)
        outcome = read_report(report) if report.exists() else Outcome()
    if code == 5 and outcome.failed == 0:
        outcome.failed += 1
        outcome.failures.append("no test was collected")
    elif code not in (0, 1, 5) or (code == 1 and outcome.failed == 0):
        outcome.failed += 1
        outcome.failures.append(f"pytest ended with code {code} {'(time limit)' if code == 124 else ''}".strip())
    return outcome


def read_report(report: Path) -> Outcome:
    outcome = Outcome()
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed += 1
            outcome.failures.append(name)
        elif (skipped := case.find("skipped")) is not None:
            outcome.skipped += 1
            outcome.reasons[(skipped.get("message") or "no reason given")[:90]] += 1
        else:
            outcome.passed += 1
    return outcome


def skip(reason: str) -> Outcome:
    return Outcome(skipped=1, reasons=Counter([reason]))


# ---- the parts ----------------------------------------------------------------------------------------------------
def lint() -> Outcome:
    django_home = {"DJANGO_SETTINGS_MODULE": "paricha.site.settings"}
    with tempfile.TemporaryDirectory(prefix="paricha-lint-") as home:
        os.environ.update(django_home, PARICHA_HOME=home)
        try:
            return steps(
                ("ruff check", [BIN / "ruff", "check", "."]),
                ("ruff format", [BIN / "ruff", "format", "--check", "."]),
                ("types of pure code", [BIN / "python", "tools/check_types.py"]),
                ("imports run one way", [BIN / "lint-imports"]),
                ("no migration is missing", [BIN / "python", "-m", "django", "makemigrations", "--check", "--dry-run"]),
            )
        finally:
            for name in (*django_home, "PARICHA_HOME"):
                os.environ.pop(name, None)


def front() -> Outcome:
    if not (ROOT / "tools" / "build_front.py").exists():
        return skip("there is no front end to build yet")
    return steps(
        ("front-end build", ["make", "--no-print-directory", "front"]),
        ("TypeScript types", [BIN / "python", "tools/build_front.py", "--check", "--no-install"]),
    )


def house() -> Outcome:
    return pytest(["tests/house", *PARALLEL], limit_s=1200)


def sqlite() -> Outcome:
    ignored = [f"--ignore=tests/{room}" for room in ("house", "journeys")]
    return pytest(["tests", *PARALLEL, *ignored], limit_s=2100, extra={"PARICHA_DATABASE_URL": ""})


def postgresql() -> Outcome:
    ignored = [f"--ignore=tests/{room}" for room in SAME_ON_BOTH]
    try:
        with postgres_for_tests() as url:
            return pytest(["tests", *PARALLEL, *ignored], limit_s=2100, extra={"PARICHA_DATABASE_URL": url})
    except FileNotFoundError as error:
        return skip(str(error))


def journeys() -> Outcome:
    if not any((ROOT / "tests" / "journeys").glob("**/test_*.py")):
        return skip("no journey is written yet")
    if find_program("chromium") is None:
        return skip("no Chromium is installed (Debian package chromium)")
    return pytest(["tests/journeys", *PARALLEL], limit_s=1200, extra={"PARICHA_DATABASE_URL": ""})


PARTS: dict[str, tuple[str, Callable[[], Outcome]]] = {
    "front": ("Front end", front),
    "lint": ("Lint and types", lint),
    "house": ("House and docs", house),
    "sqlite": ("SQLite", sqlite),
    "postgresql": ("PostgreSQL", postgresql),
    "journeys": ("Journeys", journeys),
}


def main(chosen: list[str]) -> int:
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        print(f"No such part: {', '.join(unknown)}. There are: {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    lines, total = [], Outcome()
    # What parts make once for all, above all the demo's house: the first that needs it makes it.
    shared = tempfile.TemporaryDirectory(prefix="paricha-shared-", ignore_cleanup_errors=True)
    os.environ["PARICHA_TESTS_SHARED"] = shared.name
    for name, (title, part) in PARTS.items():
        if chosen and name not in chosen:
            continue
        print(f"\n=== {title}", flush=True)
        began = time.monotonic()
        try:
            outcome = part()
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            # A part that can't start is a failed part; the others still run.
            outcome = Outcome(failed=1, failures=[f"{type(error).__name__}: {error}"])
        lines.append(f"{title:<16}{outcome.words()}  {time.monotonic() - began:.0f} s")
        lines += [f"    failed: {failure}" for failure in outcome.failures[:20]]
        if len(outcome.failures) > 20:
            lines.append(f"    … and {len(outcome.failures) - 20} more")
        total.passed += outcome.passed
        total.failed += outcome.failed
        total.skipped += outcome.skipped
    print("\n" + "\n".join(lines) + "\n")
    print(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped", flush=True)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
