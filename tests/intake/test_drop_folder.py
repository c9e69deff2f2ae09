"""The drop folder: taken when whole, once, under a named officer; moved and never deleted; odd things are told."""

import io
import json
import os
import zipfile

import msgspec
import pytest
from django.conf import settings
from django.template.loader import render_to_string

from paricha.access.models import UnitKind
from paricha.access.rights import Role
from paricha.access.verbs import add_unit
from paricha.grounds.refusals import Refused
from paricha.intake import drop_folder
from paricha.intake.models import Batch, FileRead
from paricha.jobs.due import run_due_jobs
from paricha.vault.models import Original

pytestmark = pytest.mark.django_db


def told_of(number: int) -> bytes:
    return json.dumps({"reportId": number, "reportedInformation": {}}).encode()


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass when the test says so."""

    class Clock:
        now = 1_000_000.0

        def time(self) -> float:
            return self.now

    made = Clock()
    monkeypatch.setattr(drop_folder, "time", made)
    return made


@pytest.fixture
def folder(officer, tmp_path, monkeypatch, clock):
    made = tmp_path / "drop"
    made.mkdir()
    monkeypatch.setattr(settings, "PARICHA", msgspec.structs.replace(settings.PARICHA, drop_folder=str(made)))
    drop_folder._place().unlink(missing_ok=True)
    yield made
    drop_folder._place().unlink(missing_ok=True)


def wait(clock, seconds: float = drop_folder.STILL_S + 1) -> dict[str, drop_folder.Told]:
    """Look, let time pass, look again, and let the work be done."""
    drop_folder.look()
    clock.now += seconds
    found = drop_folder.look()
    run_due_jobs()
    return found


def lies(folder) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


def test_a_file_that_lay_still_comes_in_by_itself_and_is_moved(folder, clock, officer):
    (folder / "north").mkdir()
    (folder / "north" / "a.json").write_bytes(told_of(990000001))
    wait(clock)
    (batch,) = Batch.objects.all()
    assert (batch.words, batch.officer, batch.unit) == ("drop folder drop", officer, officer.unit)
    (file,) = batch.files.all()
    assert (file.name, file.state, file.tips) == ("north/a.json", "read", 1)
    assert lies(folder) == ["done/north/a.json"]
    assert (folder / "done/north/a.json").read_bytes() == told_of(990000001)


def test_a_file_that_still_grows_waits(folder, clock):
    file = folder / "a.json"
    for size in (5, 10, 20):
        file.write_bytes(told_of(990000001)[:size])
        wait(clock, 6)
    assert (Batch.objects.count(), lies(folder)) == (0, ["a.json"])
    file.write_bytes(told_of(990000001))
    wait(clock)
    assert FileRead.objects.get().state == "read"


def test_names_of_unfinished_copies_are_left_alone(folder, clock):
    names = [".a.json.x7", "a.json.part", "b.TMP", "~lock.ods", "c.json.filepart", ".hidden/d.json"]
    (folder / ".hidden").mkdir()
    for name in names:
        (folder / name).write_bytes(told_of(990000001))
    wait(clock)
    assert (Batch.objects.count(), lies(folder)) == (0, sorted(names))


def test_the_same_bytes_again_add_nothing_and_are_moved_beside_the_first(folder, clock):
    for name in ("a.json", "a.json", "other.json"):
        (folder / name).write_bytes(told_of(990000001))
        wait(clock)
    assert (Batch.objects.count(), FileRead.objects.count(), Original.objects.count()) == (1, 1, 1)
    assert lies(folder) == ["done/a (2).json", "done/a.json", "done/other.json"]


def test_bundles_are_taken_apart(folder, clock):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as box:
        box.writestr("x/a.json", told_of(990000001))
    (folder / "b.zip").write_bytes(written.getvalue())
    wait(clock)
    assert list(FileRead.objects.values_list("name", "tips")) == [("b.zip", 0), ("b.zip!/x/a.json", 1)]
    (folder / "b.zip").write_bytes(written.getvalue())
    wait(clock)
    assert FileRead.objects.count() == 2


@pytest.mark.parametrize("moment", ["after keeping", "after the batch"])
def test_a_run_that_is_killed_is_made_good_by_the_next_without_doubles(folder, clock, monkeypatch, moment):
    """Neither half is undone by hand: what is killed leaves the database as it was committed, and the folder as it lay."""

    class Killed(BaseException):
        pass

    def die(*_words, **_named):
        raise Killed

    for number in (1, 2):
        (folder / f"{number}.json").write_bytes(told_of(990000000 + number))
    drop_folder.look()
    clock.now += 11
    drop_folder.look()
    with monkeypatch.context() as patched:
        patched.setattr(drop_folder, "take_dropped" if moment == "after keeping" else "_move_away", die)
        with pytest.raises(Killed):
            drop_folder.bring_in(str(folder))
    assert lies(folder) == ["1.json", "2.json"]
    drop_folder._place().unlink()  # nor is anything remembered
    wait(clock)
    assert (Batch.objects.count(), FileRead.objects.count(), Original.objects.count()) == (1, 2, 2)
    assert lies(folder) == ["done/1.json", "done/2.json"]


def test_links_and_what_is_no_file_are_told_and_not_followed(folder, clock, tmp_path):
    (tmp_path / "outside.json").write_bytes(told_of(990000001))
    (folder / "link.json").symlink_to(tmp_path / "outside.json")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    os.mkfifo(folder / "pipe")
    (folder / "a.json").write_bytes(told_of(990000002))
    wait(clock)
    assert [file.name for file in FileRead.objects.all()] == ["a.json"]
    assert {os.path.basename(one["file"]) for one in drop_folder.status()["refusals"]} == {"link.json", "pipe", "loop"}


def test_a_file_that_cannot_be_read_or_vanished_is_told_and_the_rest_comes_in(folder, clock, monkeypatch):
    opened = os.open

    def cannot(path, *more, **named):
        if os.fsencode(path).endswith(b"shut.json"):
            raise PermissionError(13, "Permission denied")
        if os.fsencode(path).endswith(b"gone.json"):
            raise FileNotFoundError(2, "No such file or directory")
        return opened(path, *more, **named)

    monkeypatch.setattr(drop_folder.os, "open", cannot)
    for name, number in (("a.json", 1), ("gone.json", 2), ("shut.json", 3)):
        (folder / name).write_bytes(told_of(990000000 + number))
    wait(clock)
    (folder / "gone.json").unlink()
    drop_folder.look()
    told = {os.path.basename(one["file"]): one for one in drop_folder.status()["refusals"]}
    assert [file.name for file in FileRead.objects.all()] == ["a.json"]
    assert {name: one["code"] for name, one in told.items()} == {"gone.json": "INTAKE-PATH", "shut.json": "INTAKE-PATH"}
    assert "Permission denied" in told["shut.json"]["what"]
    monkeypatch.undo()


def test_a_file_that_cannot_be_moved_stays_is_told_and_comes_in_once(folder, clock):
    (folder / "done").write_text("a file where the folder should be")
    (folder / "a.json").write_bytes(told_of(990000001))
    wait(clock)
    wait(clock)
    assert ([file.name for file in FileRead.objects.all()], lies(folder)) == (["a.json", "done"], ["a.json", "done"])
    assert {one["code"] for one in drop_folder.status()["refusals"]} == {"INTAKE-DROP-LEFT"}
    (folder / "a.json").write_bytes(told_of(990000002))
    wait(clock)
    assert FileRead.objects.count() == 3


def test_a_name_that_is_no_text_comes_in_and_is_moved(folder, clock):
    odd = os.path.join(os.fsencode(folder), b"odd\xff.json")
    with open(odd, "wb") as file:
        file.write(told_of(990000001))
    wait(clock)
    assert FileRead.objects.get().name == "odd\\xff.json"
    assert os.path.exists(os.path.join(os.fsencode(folder), b"done", b"odd\xff.json"))


def test_a_file_that_changes_while_it_is_taken_waits_on(folder, clock, monkeypatch):
    (folder / "a.json").write_bytes(told_of(990000001))
    drop_folder.look()
    clock.now += 11
    keep = drop_folder.keep_file

    def and_it_grows(file, size, **named):
        kept = keep(file, size, **named)
        (folder / "a.json").write_bytes(told_of(990000001) + b"\n" * 9)
        return kept

    monkeypatch.setattr(drop_folder, "keep_file", and_it_grows)
    drop_folder.look()
    assert drop_folder.bring_in(str(folder)) == {"files": 0, "known": 0, "batch": None}
    assert (Batch.objects.count(), lies(folder)) == (0, ["a.json"])


def test_it_comes_in_under_the_named_officer_or_not_at_all(folder, clock, officer, make_officer, monkeypatch):
    north = add_unit(officer, "North", under=officer.unit, kind=UnitKind.DISTRICT)
    make_officer("Reader of North", Role.ANALYST, unit=north)
    named = msgspec.structs.replace(settings.PARICHA, drop_officer="Reader of North")
    monkeypatch.setattr(settings, "PARICHA", named)
    (folder / "a.json").write_bytes(told_of(990000001))
    wait(clock)
    assert Batch.objects.get().unit == north
    monkeypatch.setattr(settings, "PARICHA", msgspec.structs.replace(named, drop_officer="Nobody"))
    with pytest.raises(Refused, match="INTAKE-DROP-OFFICER"):
        drop_folder.look()


def test_nothing_is_watched_unless_a_folder_is_set(officer, monkeypatch):
    monkeypatch.setattr(settings, "PARICHA", msgspec.structs.replace(settings.PARICHA, drop_folder=None))
    assert drop_folder.look() == {} and drop_folder.drop_folder_card(officer) is None
    assert drop_folder.status() == {"schema": 1, "officer": None, "folders": [], "refusals": []}


def test_a_folder_that_is_not_there_is_told(folder, clock):
    folder.rmdir()
    wait(clock)
    assert [one["code"] for one in drop_folder.status()["refusals"]] == ["INTAKE-PATH"]


def test_the_card_says_when_it_looked_what_waits_and_what_was_not_taken(folder, clock, officer, make_officer, tmp_path):
    (folder / "a.json").write_bytes(told_of(990000001))
    wait(clock)
    (folder / "b.json").write_bytes(told_of(990000002))
    (folder / "link.json").symlink_to(tmp_path)
    drop_folder.look()
    shown = render_to_string("intake/drop_folder_card.html", {"drop_folder": drop_folder.drop_folder_card(officer)})
    words = ["1 file waits", "1 not taken", "link.json", Batch.objects.get().number, officer.name]
    assert [word for word in words if word not in shown] == []
    north = add_unit(officer, "North", under=officer.unit, kind=UnitKind.DISTRICT)
    other = make_officer("Reader of North", Role.ANALYST, unit=north)
    theirs = render_to_string("intake/drop_folder_card.html", {"drop_folder": drop_folder.drop_folder_card(other)})
    assert "link.json" not in theirs and Batch.objects.get().number not in theirs
