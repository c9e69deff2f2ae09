"""A batch from files to tips: what is told, repeated, refused; killed and taken up again; two workers as one."""

import json
import os
import signal
import time

import pytest

from tests.records.documents import report, write_reports

SHEET = "Tipline No.,Priority\n990000001,3\n"


@pytest.mark.django_db
def test_every_file_has_a_coverage_line_or_a_refusal(bring, tmp_path):
    write_reports(tmp_path, 990000001, 990000002)
    (tmp_path / "broken.json").write_text('{"reportId": 990000003, "reportedInf')
    (tmp_path / "picture.jpg").write_bytes(b"\xff\xd8\xff\xe0" + b"\0" * 64)
    (tmp_path / "letter.bin").write_bytes(bytes(range(256)))
    told = bring(tmp_path)
    assert (told["files"], told["tips"]["new"], told["media"]) == (5, 2, {"members": 1, "kept": 0})
    named = {line["file"] for line in told["coverage"]} | {one["file"] for one in told["refusals"]}
    assert {os.path.basename(name) for name in named} == {
        "report-990000001.json", "report-990000002.json", "broken.json", "letter.bin",
    }  # fmt: skip


@pytest.mark.django_db
def test_a_name_that_is_no_text_and_a_link_that_leads_nowhere_stop_nothing(bring, tmp_path):
    write_reports(tmp_path, 990000001)
    folder = os.fsencode(tmp_path)
    os.rename(os.path.join(folder, b"report-990000001.json"), os.path.join(folder, b"odd\xff.json"))
    (tmp_path / "dead.json").symlink_to(tmp_path / "nowhere")
    told = bring(tmp_path)
    assert (told["files"], told["tips"]["new"]) == (2, 1)
    assert [line["file"] for line in told["coverage"]] == [str(tmp_path / "odd\\xff.json")]
    assert [(one["file"], one["code"]) for one in told["refusals"]] == [
        (str(tmp_path / "dead.json"), "RECORDS-NOT-A-PATH")
    ]


@pytest.mark.django_db
def test_repeating_adds_nothing(bring, tmp_path):
    from paricha.records import rebuild

    write_reports(tmp_path, 990000001, 990000002)
    bring(tmp_path)
    before = list(rebuild.lines())
    assert bring(tmp_path)["tips"] == {"new": 0, "merged": 0, "versions": 0, "folded": 0, "known": 2}
    assert list(rebuild.lines()) == before


@pytest.mark.django_db
def test_a_file_of_many_tips_is_written_in_parts_and_counted_once(bring, tmp_path, monkeypatch):
    from paricha.intake.models import FileRead
    from paricha.records import reading
    from paricha.records.models import Journal

    monkeypatch.setattr(reading, "PART_TIPS", 4)
    (tmp_path / "many.json").write_text(json.dumps([report(990000000 + n) for n in range(10)]))
    told = bring(tmp_path)
    assert told["tips"]["new"] == 10
    assert Journal.objects.count() == 3
    assert FileRead.objects.get().new == 10


@pytest.mark.django_db
def test_a_file_that_vanished_is_refused_and_the_rest_done(bring, tmp_path, monkeypatch):
    from paricha.records import files

    write_reports(tmp_path, 990000001, 990000002)
    whole = files.write_list

    def and_then_it_vanishes(items):
        made = whole(items)
        (tmp_path / "report-990000001.json").unlink()
        return made

    monkeypatch.setattr(files, "write_list", and_then_it_vanishes)
    told = bring(tmp_path)
    assert (told["tips"]["new"], [one["code"] for one in told["refusals"]]) == (1, ["RECORDS-NOT-A-PATH"])


@pytest.mark.slow
def test_a_killed_intake_goes_on_without_loss_or_doubles(new_house, tmp_path):
    """kill −9 of the whole program in the middle of a batch; the next command goes on with it, the record is equal."""
    padding = "A neutral line of the provider. " * 150
    for number in range(1200):
        made = report(990000000 + number, handle=f"kite_{number % 50}")
        made["additionalInformations"] = [{"value": padding}]
        (tmp_path / "tips").mkdir(exist_ok=True)
        (tmp_path / "tips" / f"{number:05}.json").write_text(json.dumps(made))
    whole, killed = new_house("whole"), new_house("killed")
    assert whole.json("intake", str(tmp_path / "tips"))["tips"]["new"] == 1200
    running = killed.start("intake", str(tmp_path / "tips"))
    deadline = time.monotonic() + 120
    while _tips(killed) == 0 and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    some = _tips(killed)
    assert some > 0
    (tmp_path / "none").mkdir()
    killed.json("intake", str(tmp_path / "none"))  # any command does what is due
    assert _tips(killed) == 1200
    assert _said(killed) == _said(whole)
    assert killed.json("rebuild", "--check")["equal"] is True


def _said(house) -> list[str]:
    lines = [json.loads(line) for line in house.run("tips", "export", "--jsonl").stdout.splitlines()]
    return sorted(json.dumps(line, sort_keys=True) for line in lines)


def _tips(house) -> int:
    """Looked at from outside: rows in the database file or server."""
    url = house.environment["PARICHA_DATABASE_URL"]
    if url:
        import psycopg

        with psycopg.connect(url) as connection:
            return connection.execute("SELECT count(*) FROM records_tip").fetchone()[0]
    import sqlite3

    with sqlite3.connect(f"file:{house.folder}/paricha.sqlite3?mode=ro", uri=True) as connection:
        return connection.execute("SELECT count(*) FROM records_tip").fetchone()[0]
