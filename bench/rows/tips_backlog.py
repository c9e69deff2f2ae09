"""A backlog of 100,000 tips by one command: kept, read, stored, merged, linked, indexed, ranked, on SQLite."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.measure import CannotMeasure, Row, Way

ROOT = Path(__file__).resolve().parents[2]
INPUTS = ROOT / "build" / "bench" / "tips-backlog"
PROGRAM = Path(sys.executable).parent / "paricha"
# About 96 of 100 tips of the made-up State come as JSON, the others as sheets only, which are left aside here.
TIPS_ASKED, SEED = 103_500, 41


def prepare(share: float) -> None:
    """Makes the input once, in `build/` (about five minutes); the same seed gives the same bytes."""
    folder = input_folder(share)
    if (folder / "totals.json").exists():
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
    (folder / "totals.json").write_text(made.stdout)


def asked(share: float) -> int:
    return max(50, round(TIPS_ASKED * share))


def input_folder(share: float) -> Path:
    return INPUTS / f"{asked(share)}-{SEED}"


def once(share: float) -> float:
    """Tips a second, from the start of the program to its end, when nothing is left to be done."""
    folder = input_folder(share)
    expected = json.loads((folder / "totals.json").read_text())["tips_json"]
    with tempfile.TemporaryDirectory(prefix="paricha-bench-") as home:
        environment = {n: v for n, v in os.environ.items() if not n.startswith("PARICHA_")} | {"PARICHA_HOME": home}
        run(environment, "init", "--synthetic", "--json")
        began = time.perf_counter()
        printed = run(environment, "intake", str(folder / "files" / "tips"), "--json")
        seconds = time.perf_counter() - began
        stored = json.loads(printed)["tips"]["new"]
        lines = run(environment, "tips", "export", "--jsonl").splitlines()
    ranked = sum(1 for line in lines if json.loads(line)["triage"].get("rank") is not None)
    if (stored, len(lines), ranked) != (expected, expected, expected):
        raise CannotMeasure(
            f"The work was not whole: {expected:,} tips in, {stored:,} new, {len(lines):,} exported, {ranked:,} ranked."
        )
    return expected / seconds


def run(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run([PROGRAM, *words], env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode == 2 and "No such command" in done.stderr:
        raise CannotMeasure(f"The program has no command `{words[0]}` yet.")
    if done.returncode != 0:
        raise CannotMeasure(f"`paricha {' '.join(words)}` ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    return done.stdout


ROW = Row(
    name="tips-backlog",
    what="100,000 JSON tips of the made-up State by one `paricha intake`: keep, read, store, merge, link, index, rank; SQLite.",
    unit="tips/s",
    ours=Way(once),
    peer="the tools that units have read one file at a time by hand; none takes a folder.",
    target=1500,
    prepare=prepare,
)
