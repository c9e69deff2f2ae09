"""A backlog by one command, as JSON, XML and sheets: kept, read, stored, merged, linked, indexed, ranked; on SQLite.

`PARICHA_BENCH_TIPS` sets the number of tips (100,000 where it is not set); the result says how many there were. The same on
PostgreSQL: `tips_backlog_postgresql.py`.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from bench.measure import CannotMeasure, Row, Way

ROOT = Path(__file__).resolve().parents[2]
INPUTS = ROOT / "build" / "bench" / "tips-backlog"
PROGRAM = Path(sys.executable).parent / "paricha"
SEED = 41
TIPS = int(os.environ.get("PARICHA_BENCH_TIPS", "100000"))
FOLDERS = ("tips", "xml", "sheets")
WHAT = (
    f"{TIPS:,} tips of the made-up State by one `paricha intake`, nearly all as JSON, one in eleven as XML, one in seven as a row: "
    "keep, read, store, merge, link, fold, index, rank; "
)
Database = Callable[[], AbstractContextManager[str | None]]


def prepare(share: float) -> None:
    """Makes the input once, in `build/` (100,000 tips: about eight minutes); the same seed gives the same bytes."""
    folder = input_folder(share)
    if (folder / "expected").exists():
        return
    print(f"  making {asked(share):,} tips in {folder} …", file=sys.stderr, flush=True)
    command = [
        sys.executable,
        "-m",
        "paricha.synthetic",
        "--tips",
        str(asked(share)),
        "--seed",
        str(SEED),
        "--out",
        folder,
    ]
    made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode != 0:
        raise CannotMeasure(f"The made-up State can't be written: {made.stderr.strip()[-400:]}")
    with (folder / "truth" / "tips.jsonl").open() as rows:
        here = sum(any(file.startswith(FOLDERS) for file in json.loads(row)["files"]) for row in rows)
    (folder / "expected").write_text(str(here))


def asked(share: float) -> int:
    return max(50, round(TIPS * share))


def input_folder(share: float) -> Path:
    return INPUTS / f"{asked(share)}-{SEED}"


def once(share: float, database: Database = nullcontext) -> float:
    """Tips a second, from the start of the program to its end, when nothing is left to be done."""
    folder = input_folder(share)
    expected = int((folder / "expected").read_text())
    with tempfile.TemporaryDirectory(prefix="paricha-bench-") as home, database() as url:
        environment = {n: v for n, v in os.environ.items() if not n.startswith("PARICHA_")} | {"PARICHA_HOME": home}
        environment |= {"PARICHA_DATABASE_URL": url} if url else {}
        run(environment, "init", "--synthetic", "--json")
        paths = [str(folder / "files" / name) for name in FOLDERS]
        began = time.perf_counter()
        printed = run(
            environment, "intake", *paths, "--mapping", str(folder / "files" / "mappings"), "--json", fine=(0, 1)
        )
        seconds = time.perf_counter() - began
        told = json.loads(printed)
        lines = [json.loads(line) for line in run(environment, "tips", "export", "--jsonl").splitlines()]
    ranked = sum(line["triage"].get("rank") is not None for line in lines)
    folded = sum(len(line["members"]) for line in lines)
    refused = {
        refusal["code"] for refusal in told["refusals"]
    }  # one register never decides between day and month, on purpose
    whole = (
        len(lines) == told["tips"]["new"] == expected
        and ranked + folded >= expected
        and refused <= {"INTAKE-DATE-ORDER"}
    )
    if not whole:
        raise CannotMeasure(
            f"The work was not whole: {expected:,} tips in, {told['tips']['new']:,} new, {len(lines):,} exported, {ranked:,} ranked, "
            f"{folded:,} folded, refused: {', '.join(sorted(refused))}."
        )
    return expected / seconds


def run(environment: dict[str, str], *words: str, fine: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run([PROGRAM, *words], env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode == 2 and "No such command" in done.stderr:
        raise CannotMeasure(f"The program has no command `{words[0]}` yet.")
    if done.returncode not in fine:
        raise CannotMeasure(
            f"`paricha {' '.join(words)}` ended with {done.returncode}: {(done.stderr + done.stdout).strip()[-400:]}"
        )
    return done.stdout


def plain_loop(_share: float) -> tuple[str, float]:
    """How fast this machine runs plain Python at this moment: no bound, but what makes results of two machines comparable."""
    rounds, fastest = 5_000_000, float("inf")
    for _ in range(3):
        began, total = time.perf_counter(), 0
        for number in range(rounds):
            total += number & 7
        fastest = min(fastest, time.perf_counter() - began)
    return "no bound, but the machine: rounds of a plain Python loop, million/s", rounds / fastest / 1e6


ROW = Row(
    name="tips-backlog",
    what=WHAT + "SQLite.",
    unit="tips/s",
    ours=Way(once),
    peer="the tools that units have read one file at a time by hand; none takes a folder.",
    target=1500,
    prepare=prepare,
    bound=plain_loop,
)
