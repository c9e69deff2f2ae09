"""`make test` counts what pytest reported, and goes on after a failing part."""

from collections import Counter
from pathlib import Path

import test_parts
from test_parts import Outcome, read_report

REPORT = """<testsuites><testsuite>
<testcase classname="tests.a" name="test_good"/>
<testcase classname="tests.a" name="test_bad"><failure message="no"/></testcase>
<testcase classname="tests.a" name="test_broken"><error message="no"/></testcase>
<testcase classname="tests.a" name="test_left"><skipped message="no Chromium is installed"/></testcase>
</testsuite></testsuites>"""


def test_failures_errors_and_skips_are_counted_with_their_reasons(tmp_path: Path):
    file = tmp_path / "report.xml"
    file.write_text(REPORT)
    outcome = read_report(file)
    assert (outcome.passed, outcome.failed, outcome.skipped) == (1, 2, 1)
    assert outcome.reasons == Counter(["no Chromium is installed"])
    assert outcome.failures == ["tests.a::test_bad", "tests.a::test_broken"]


def test_a_part_that_cannot_start_fails_and_the_next_one_still_runs(monkeypatch, capsys):
    def broken() -> Outcome:
        raise OSError("no space left")

    monkeypatch.setattr(test_parts, "PARTS", {"one": ("One", broken), "two": ("Two", lambda: Outcome(passed=3))})
    assert test_parts.main([]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[-1] == "3 passed, 1 failed, 0 skipped"
    assert any("no space left" in line for line in printed)


def test_a_run_past_its_limit_is_ended_with_its_children(monkeypatch):
    monkeypatch.setattr(test_parts, "GRACE_S", 1)
    assert test_parts.run(["bash", "-c", "sleep 60 & sleep 60"], limit_s=1) == 124


def test_an_unknown_part_is_wrong_use(capsys):
    assert test_parts.main(["nonsense"]) == 2
    assert "There are: front, lint" in capsys.readouterr().err
