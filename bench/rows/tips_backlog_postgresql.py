"""The backlog of `tips_backlog.py` on a PostgreSQL of its own, started for each run on a socket only."""

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import replace

from bench.measure import CannotMeasure, Way
from bench.rows import tips_backlog

sys.path.insert(0, str(tips_backlog.ROOT / "tools"))


@contextlib.contextmanager
def database() -> Iterator[str]:
    from postgres_for_tests import postgres_for_tests

    try:
        with postgres_for_tests() as url:
            yield url
    except FileNotFoundError as error:
        raise CannotMeasure(str(error)) from error


def once(share: float) -> float:
    return tips_backlog.once(share, database)


ROW = replace(
    tips_backlog.ROW,
    name="tips-backlog-postgresql",
    what=tips_backlog.WHAT + "PostgreSQL on a socket, its durability off.",
    ours=Way(once),
    target=1200,
)
