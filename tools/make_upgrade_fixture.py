"""Makes the backups that the upgrade test of later versions restores: one on SQLite, one on PostgreSQL.

    .venv/bin/python tools/make_upgrade_fixture.py

Writes `tests/data/backup-VERSION-DATABASE.age`, its key beside it (made-up data only) and a `.json` with what it held.
Run once a release, as the last thing before its commit: a schema that changes afterwards needs a migration.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from postgres_for_tests import postgres_for_tests

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = Path(sys.executable).parent / "paricha"
DATA = ROOT / "tests" / "data"


def make(database: str, url: str) -> None:
    """A small house with something in each room that a command reaches; backed up, and what it said then."""
    with tempfile.TemporaryDirectory(prefix="paricha-upgrade-") as folder:
        here = Path(folder)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PARICHA_")}
        environment |= {"PARICHA_HOME": str(here / "house"), "PARICHA_DATABASE_URL": url}

        def run(*words: str | Path) -> dict:
            done = subprocess.run([PROGRAM, *words], env=environment, cwd=here, capture_output=True, text=True)
            if done.returncode not in (0, 1):
                sys.exit(f"paricha {' '.join(map(str, words))}\n{done.stdout}\n{done.stderr}")
            return json.loads(done.stdout) if "--json" in words else {"lines": done.stdout.splitlines()}

        run("init", "--officer", "Anila Kurian", "--synthetic")
        run("officers", "add", "Basil Thomas", "--role", "signatory", "--key-out", here / "basil.key", "--json")
        run("synthetic", "state", "--tips", "20", "--seed", "1", "--out", here / "state")
        files = here / "state" / "files"
        run("intake", files / "tips", "--json")
        with (files / "operators" / "index.csv").open(encoding="utf-8-sig", newline="") as index:
            for row in csv.DictReader(index):
                words = ("--as-of", row["as_of"], "--source", row["source"], "--json")
                run("operators", "import", files / "operators" / row["file"], *words)
        run("observations", "import", files / "observations.csv", "--profile", "paricha-1", "--json")
        made = run("requests", "make", "--json")
        for number, request in enumerate(made["requests"]):
            run("requests", "write", request["request"], "--out", here / f"request-{number}", "--json")
            run(
                "requests",
                "sign",
                request["request"],
                "--key",
                here / "house" / "keys" / "officers" / "first.key",
                "--json",
            )
            run("requests", "sign", request["request"], "--key", here / "basil.key", "--json")
        tips = [json.loads(line) for line in run("tips", "export", "--jsonl")["lines"]]
        name = DATA / f"backup-{version('paricha')}-{database}"
        DATA.mkdir(exist_ok=True)
        for old in DATA.glob(f"{name.name}.*"):
            old.unlink()
        backed = run("backup", "--to", f"{name}.age", "--json")
        told = {
            "version": version("paricha"), "database": database, "originals": backed["originals"],
            "requests": len(made["requests"]), "tips": {line["tip"]: line["version"] for line in tips},
        }  # fmt: skip
        Path(f"{name}.json").write_text(json.dumps(told, indent=1, sort_keys=True) + "\n")
        print(
            f"{name.name}: {len(tips)} tips, {len(made['requests'])} requests, {Path(f'{name}.age').stat().st_size} bytes"
        )


if __name__ == "__main__":
    make("sqlite", "")
    with postgres_for_tests() as url:
        make("postgresql", url)
