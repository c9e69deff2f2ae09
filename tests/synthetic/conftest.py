"""One State of 300 tips, seed 1, written once for all tests of this room; and how to read its truth."""

import json
from pathlib import Path
from typing import Any

import pytest

from paricha.synthetic.state import write_state


class State:
    """A written State: `files`, `truth`, its totals, and rows of its truth by name."""

    def __init__(self, out: Path, totals: dict[str, Any]) -> None:
        self.files, self.truth, self.totals = out / "files", out / "truth", totals

    def rows(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.truth / f"{name}.jsonl").read_text().splitlines()]


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> State:
    out = tmp_path_factory.mktemp("state")
    return State(out, write_state(out, 300, 1))
