"""No call leaves the machine: the whole demo runs where there is no network at all."""

import os
import shutil
import subprocess

import pytest

TOTALS = """schema seed files tips sightings requests replies doors sites teams packages events exhibits cases
refused""".split()


def without_network() -> list[str]:
    """The words before a command that take its network away, loopback included; skips where the machine can't."""
    words = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    if shutil.which("unshare") is None or subprocess.run([*words, "true"], capture_output=True).returncode != 0:
        pytest.skip("this machine gives no network namespace (util-linux unshare)")
    return words


@pytest.mark.slow
def test_the_demo_walks_the_whole_road_without_a_network(make_house, tmp_path):
    import json

    house = make_house("demo")
    done = subprocess.run(
        [*without_network(), *house.command("demo", "--json")],
        env=house.environment, capture_output=True, text=True, timeout=900, stdin=subprocess.DEVNULL, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr[-4000:]
    totals = json.loads(done.stdout)
    assert list(totals) == TOTALS
    assert [name for name in TOTALS if not totals[name] and name != "refused"] == [], totals
