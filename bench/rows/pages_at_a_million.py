"""Pages of an analyst at a million tips: search, a tip, an account, a hub, lists; the slowest page's 95th percentile.

The data is built once in `build/bench/` by the record's own writer, and said how long that took. `PARICHA_BENCH_TIPS`
asks for another number of tips. What each page took stands in `bench/results/pages-at-a-million.txt`.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from bench.measure import CannotMeasure, Row, Way

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "build" / "bench" / "pages-at-a-million"
TOLD = ROOT / "bench" / "results" / "pages-at-a-million.txt"
TIPS = int(os.environ.get("PARICHA_BENCH_TIPS", "1000000"))
WORKER = ROOT / "bench" / "pages_at_a_million_worker.py"
LIMIT_MS = 150


def prepare(share: float) -> None:
    """Builds the record once (a million tips: about half an hour; the same count gives the same tips)."""
    folder = folder_of(share)
    if (folder / "built.json").exists():
        return
    print(f"  building {asked(share):,} tips in {folder} …", file=sys.stderr, flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    program = Path(sys.executable).parent / "paricha"
    made = subprocess.run(
        [program, "init", "--synthetic", "--json"], env=environment(folder), capture_output=True, text=True
    )
    if made.returncode != 0:
        raise CannotMeasure(f"`paricha init` ended with {made.returncode}: {made.stderr.strip()[-400:]}")
    run(folder, "build", str(asked(share)))
    seconds = round(time.perf_counter() - began)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    (folder / "built.json").write_text(json.dumps({"tips": asked(share), "seconds": seconds, "bytes": size}))
    print(f"  built in {seconds} s, {size / 1e9:.2f} GB", file=sys.stderr, flush=True)


def asked(share: float) -> int:
    return max(2_000, round(TIPS * share))


def folder_of(share: float) -> Path:
    return DATA / str(asked(share))


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARICHA_")}
    return kept | {"PARICHA_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "paricha.site.settings"}


def run(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, WORKER, *words], env=environment(folder), stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    if done.returncode != 0:
        raise CannotMeasure(f"`{' '.join(words)}` ended with {done.returncode}.")
    return done.stdout


def once(share: float) -> float:
    """Pages a second at the slowest page's 95th percentile: 6.67 is 150 ms."""
    folder = folder_of(share)
    pages = json.loads(run(folder, "measure"))
    built = json.loads((folder / "built.json").read_text())
    lines = [
        f"{built['tips']:,} tips on SQLite, built in {built['seconds']:,} s, {built['bytes'] / 1e9:.2f} GB; "
        f"milliseconds a page, whole (need to know, rendering, the log's row), {pages[0]['asked']} askings each",
        f"{'page':62} {'p50':>7} {'p95':>7} {'max':>7} {'cpu p50':>8}",
        *(f"{one['page']:62} {one['p50']:7.1f} {one['p95']:7.1f} {one['max']:7.1f} {one['cpu']:8.1f}" for one in pages),
    ]
    print("\n".join("  " + line for line in lines), file=sys.stderr, flush=True)
    if share == 1.0:
        TOLD.write_text("\n".join(lines) + "\n")
    return 1000 / max(one["p95"] for one in pages)


ROW = Row(
    name="pages-at-a-million",
    what=f"Whole pages at {TIPS:,} tips on SQLite (search, tip, account, hub of a quarter of all sightings' tips, hash, lists): "
    f"the slowest page's 95th percentile as a rate; 6.67 is {LIMIT_MS} ms.",
    unit="pages/s",
    ours=Way(once),
    peer="no program that units have shows a record of this size.",
    target=round(1000 / LIMIT_MS, 2),
    prepare=prepare,
)
