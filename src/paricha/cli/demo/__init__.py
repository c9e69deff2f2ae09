"""`paricha demo`, `paricha synthetic state`: a made-up State walks the whole road, by the real verbs and files."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from paricha.cli.frame import DONE, SOME_REFUSED, command, start


@click.group()
def synthetic() -> None:
    """A made-up State."""


@click.option("--tips", type=click.IntRange(20), required=True)
@click.option("--seed", type=int, required=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True)
@command("state", officer=False)
def synthetic_state(tips: int, seed: int, out: Path, as_json: bool) -> int:
    """Write the files as a unit would receive them, and the truth. Same seed, same bytes."""
    from paricha.synthetic.state import write_state

    totals = write_state(out, tips, seed)
    click.echo(json.dumps({"schema": 1} | totals, ensure_ascii=False) if as_json else f"{totals['tips']} tips in {out}")
    return DONE


synthetic.add_command(synthetic_state)


@click.option("--seed", type=int, default=1)
@click.option("--tips", type=click.IntRange(20), default=300)
@click.option("--port", type=int, default=8000)
@command("demo", officer=False)
def demo(seed: int, tips: int, port: int, as_json: bool) -> int:
    """A made-up State from files to the evening brief; then the workplace on it.

    Walks in the data folder (PARICHA_HOME), which is marked as made-up data for good; a folder of real work is refused.
    With --json or PARICHA_NO_SERVE=1 it ends without serving.
    """
    start()
    from paricha.cli.demo.walk import refuse_real_folder, totals_of, walk

    refuse_real_folder()
    told: dict[str, Any] = walk(seed=seed, tips=tips, say=_say)
    totals = totals_of(seed)
    if as_json:
        click.echo(json.dumps(totals, ensure_ascii=False))
        return SOME_REFUSED if told["failed"] else DONE
    click.echo(told["summary"])
    if os.environ.get("PARICHA_NO_SERVE") == "1":
        return SOME_REFUSED if told["failed"] else DONE
    click.echo(f"The workplace opens at http://localhost:{port}/ - made-up data, choose who you are.", err=True)
    os.execv(sys.executable, [sys.executable, "-m", "paricha.cli.program", "serve", "--port", str(port)])


def _say(words: str) -> None:
    click.echo(words, err=True)


commands: list[click.Command] = [demo, synthetic]
