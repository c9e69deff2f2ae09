"""Damaged files of every form: reading never raises, and no value is read that does not stand at its place.

The damage and the promises stand in `tools/fuzz_readers.py`. Bounded: some hundred files a form by hypothesis, and some
seconds of atheris for the readers of bytes.
"""

import random
import subprocess
import sys
from pathlib import Path

import fuzz_readers
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paricha.synthetic.state import write_state

FORMS = ["json", "xlsx", "ods", "csv", "telegram", "entry", "xml", "pdf", "zip", "eml"]


@pytest.fixture(scope="module")
def state(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("state")
    write_state(out, fuzz_readers.TIPS, fuzz_readers.SEED)
    return out


@pytest.fixture(scope="module")
def seeds(state):
    return fuzz_readers.seeds_of(state)


@pytest.fixture(scope="module")
def mappings(state):
    return fuzz_readers.mappings_of(state)


def of(seeds, form):
    found = [seed for seed in seeds if seed.form == form]
    if not found:
        pytest.skip(f"the State writes no {form}")
    return found


@pytest.mark.parametrize("form", FORMS)
def test_sound_files_keep_every_promise(seeds, mappings, form):
    opened = 0
    for seed in of(seeds, form)[:8]:
        opened += fuzz_readers.check(seed.data, seed.name, mappings)[0]
    assert opened or form in ("zip", "eml", "entry", "telegram")


@pytest.mark.parametrize("form", FORMS)
def test_damaged_files_never_raise_and_give_no_value_that_does_not_stand_there(seeds, mappings, form):
    mine = of(seeds, form)[:10]

    @settings(max_examples=12 if form == "pdf" else 70, suppress_health_check=list(HealthCheck), database=None)
    @given(st.integers(0, 2**48))
    def hold(number: int) -> None:
        rng = random.Random(number)
        data = fuzz_readers.damaged(rng, rng.choice(mine), rng.choice(seeds))
        fuzz_readers.check(data, f"damaged-{number}.{form}", mappings)

    hold()


def test_atheris_finds_nothing_in_some_seconds(tmp_path):
    pytest.importorskip("atheris", reason="atheris has no wheel for this Python: `make install` leaves it out")
    done = subprocess.run(
        [sys.executable, fuzz_readers.__file__, "--form", "json", "--seconds", "3", "--keep", tmp_path],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert [file.name for file in tmp_path.iterdir()] == []
