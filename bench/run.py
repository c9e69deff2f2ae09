"""`make bench` runs every row, `make bench ROW=tips-backlog` one: a line for people, and bench/results/ROW.json.

`python bench/run.py ROW --trial 0.02` runs a row on that share of its input, once, and writes no result.
Peer and ours run in the same call, in turn, on the same input, at least three times; the median is quoted.
"""

import argparse
import datetime
import importlib
import json
import os
import pkgutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
sys.path.insert(0, str(ROOT))

from bench.measure import CannotMeasure, Row, Way  # noqa: E402


def rows() -> dict[str, Row]:
    """Every row, by name: each module in `bench/rows/` has one `ROW`."""
    import bench.rows

    found = (importlib.import_module(f"bench.rows.{m.name}").ROW for m in pkgutil.iter_modules(bench.rows.__path__))
    return {row.name: row for row in found}


def measure(row: Row, runs: int, share: float) -> dict[str, Any]:
    """Runs ours and the peer in turn. Raises `CannotMeasure` with what is missing."""
    row.prepare(share)
    peer = row.peer
    values: dict[str, list[float]] = {"ours": [], "peer": []}
    for number in range(runs):
        ways: list[tuple[str, Way]] = [("ours", row.ours)] + ([("peer", peer)] if isinstance(peer, Way) else [])
        for who, way in ways if number % 2 == 0 else reversed(ways):
            value = way.once(share)
            values[who].append(value)
            print(f"  run {number + 1} of {runs}, {who}: {value:,.1f} {row.unit}", file=sys.stderr, flush=True)
    ours = statistics.median(values["ours"])
    theirs = statistics.median(values["peer"]) if values["peer"] else None
    bound = row.bound(share) if row.bound else None
    return {
        "schema": 1,
        "row": row.name,
        "what": row.what if isinstance(peer, Way) else f"{row.what} No peer: {peer}",
        "ours": round(ours, 3),
        "unit": row.unit,
        "peer": {"name": peer.name, "version": peer.version(), "value": round(theirs, 3)}
        if theirs is not None
        else None,
        "ratio": round(ours / theirs, 3) if theirs else None,
        "bound": {"what": bound[0], "value": round(bound[1], 3)} if bound else None,
        "target": row.target,
        "runs": runs,
        "spread": round((max(values["ours"]) - min(values["ours"])) / ours, 3),
        "cores": len(os.sched_getaffinity(0)),
        "commit": commit(),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
    }


def commit() -> str:
    """The commit measured; `+` after it where the sources differ from it."""
    head = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    changed = subprocess.run(
        ["git", "status", "--porcelain", "--", "src", "bench", "uv.lock", ":!bench/results"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    return (head.stdout.strip() or "none") + ("+" if changed.stdout.strip() else "")


def line(result: dict[str, Any]) -> str:
    """A result in one line for people."""
    target = result["target"]
    words = f"{result['row']}: {result['ours']:,.1f} {result['unit']} (median of {result['runs']}, spread {result['spread']:.0%})"
    if result["peer"]:
        words += f"; {result['peer']['name']} {result['peer']['version']}: {result['peer']['value']:,.1f}, ratio {result['ratio']}"
    if result["bound"]:
        words += f"; bound: {result['bound']['what']} {result['bound']['value']:,.1f}"
    if target is not None:
        words += f"; target {target:,}, {'reached' if result['ours'] >= target else 'NOT reached'}"
    return f"{words}; {result['cores']} cores, {result['commit']}"


def main() -> int:
    known = rows()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("row", nargs="*", help=f"one of: {', '.join(known)}")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--trial", type=float, default=None, metavar="SHARE", help="this share of the input, once")
    chosen = parser.parse_args()
    unknown = [name for name in chosen.row if name not in known]
    if unknown:
        print(f"No such row: {', '.join(unknown)}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    if chosen.trial is None and chosen.runs < 3:
        print("A result is the median of at least three runs; --trial is for fewer.", file=sys.stderr)
        return 2
    code = 0
    for name in chosen.row or known:
        try:
            result = measure(known[name], 1 if chosen.trial else chosen.runs, chosen.trial or 1.0)
        except CannotMeasure as error:
            print(f"{name}: not measured. {error}", file=sys.stderr)
            code = 1
            continue
        if chosen.trial:
            print(f"trial on {chosen.trial:.0%} of the input, not kept: {line(result)}")
        else:
            RESULTS.mkdir(exist_ok=True)
            (RESULTS / f"{name}.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
            print(line(result))
    return code


if __name__ == "__main__":
    sys.exit(main())
