"""The harness prints and writes what docs promise: the median of runs in turn, and nothing for work left undone."""

import json
from pathlib import Path

import pytest

from bench import run
from bench.measure import CannotMeasure, Row, Way

KEYS = "schema row what ours unit peer ratio bound target runs spread cores commit date".split()


def row(ours: list[float], peer: list[float], order: list[str]) -> Row:
    def way(name: str, values: list[float]) -> Way:
        def once(share: float) -> float:
            order.append(name)
            return values.pop(0)

        return Way(once, name, lambda: "9.1")

    return Row("sample", "What it does.", "things/s", way("paricha", ours), way("other", peer), target=100)


def test_peer_and_ours_run_in_turn_and_the_median_is_quoted(capsys):
    order: list[str] = []
    result = run.measure(row([120.0, 90.0, 150.0], [10.0, 30.0, 20.0], order), 3, 1.0)
    assert order == ["paricha", "other", "other", "paricha", "paricha", "other"]
    assert list(result) == KEYS
    assert (result["ours"], result["peer"], result["ratio"]) == (
        120.0,
        {"name": "other", "version": "9.1", "value": 20.0},
        6.0,
    )
    assert result["spread"] == 0.5
    assert "target 100, reached" in run.line(result)


def test_a_row_without_a_peer_says_why():
    result = run.measure(Row("x", "Work.", "/s", Way(lambda share: 5.0), "there is none."), 3, 1.0)
    assert result["peer"] is None
    assert result["what"].endswith("No peer: there is none.")


def test_work_left_undone_is_no_result(monkeypatch, tmp_path: Path, capsys):
    def undone(share: float) -> float:
        raise CannotMeasure("9 of 10 things done.")

    monkeypatch.setattr(run, "rows", lambda: {"x": Row("x", "Work.", "/s", Way(undone), "none")})
    monkeypatch.setattr(run, "RESULTS", tmp_path)
    monkeypatch.setattr("sys.argv", ["run.py"])
    assert run.main() == 1
    assert list(tmp_path.iterdir()) == []
    assert "9 of 10 things done" in capsys.readouterr().err


def test_committed_results_have_the_promised_shape_and_a_row():
    for file in run.RESULTS.glob("*.json"):
        result = json.loads(file.read_text())
        assert list(result) == KEYS
        assert result["row"] == file.stem
        assert result["row"] in run.rows()
        assert result["runs"] >= 3


@pytest.mark.parametrize("name", list(run.rows()))
def test_every_row_is_named_as_its_file_would_be(name: str):
    assert (Path(run.__file__).parent / "rows" / f"{name.replace('-', '_')}.py").exists()
