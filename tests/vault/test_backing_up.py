"""Backup and restore as commands, on the database of this run; a restored copy is equal and proves itself."""

import subprocess

import pytest

pytestmark = pytest.mark.slow

KEEP = """
from paricha.vault.store import ToKeep, keep, keep_many
from paricha.access.models import Unit
unit = Unit.objects.get()
keep_many([ToKeep(f"letter {n}".encode(), f"{n}.txt", unit) for n in range(40)])
print(keep(b"secret words of a letter" * 9, name="l.txt", unit=unit).hex)
"""
COUNT = """
import hashlib
from django.apps import apps
for model in sorted(apps.get_models(), key=lambda m: m._meta.label):
    if model.__module__.startswith("paricha."):
        rows = sorted(repr(tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)) for row in model.objects.values_list())
        print(model._meta.label, len(rows), hashlib.sha256("".join(rows).encode()).hexdigest())
"""


def test_a_restored_backup_is_equal_and_passes_its_checks(house, make_house, tmp_path):
    house.python(KEEP)
    (house.folder / "pack").mkdir()
    (house.folder / "pack" / "stations.csv").write_text("station,district\n")
    before = house.python(COUNT).splitlines()
    made = house.json("backup", "--to", tmp_path / "night.age")
    assert made["originals"] == 41
    copy = make_house("copy")
    found = copy.json("restore", tmp_path / "night.age", "--to", copy.folder)
    assert (found["originals"], found["good"], found["bad"], found["head"]) == (41, 41, [], made["head"])
    assert (copy.folder / "pack" / "stations.csv").read_text() == "station,district\n", (
        "the unit's own pack comes along"
    )
    after = copy.python(COUNT).splitlines()
    # The log goes on: the copy knows that it was restored. Everything else is the same, row by row.
    log = ("audit.AuditRow", "audit.Position", "audit.Stamp", "audit.Touch", "audit.Cursor", "audit.Unstamped")
    assert [line for line in after if not line.startswith(log)] == [line for line in before if not line.startswith(log)]
    assert copy.json("verify-originals")["good"] == 41
    # Integer keys go on after those that were restored.
    copy.python("""
        from paricha.vault.store import keep
        from paricha.access.models import Unit
        keep(b"a new letter", name="new.txt", unit=Unit.objects.get())
    """)
    assert copy.json("verify-originals")["good"] == 42


def test_a_backup_shows_nothing_and_opens_for_its_recipients_only(house, make_house, tmp_path):
    import pyrage

    house.python(KEEP)
    ours, theirs = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    (tmp_path / "ours.key").write_text(str(ours))
    (tmp_path / "theirs.key").write_text(str(theirs))
    made = house.json("backup", "--to", tmp_path / "b.age", "--recipient", str(ours.to_public()))
    assert made["key"] is None
    assert b"Anila" not in (tmp_path / "b.age").read_bytes()
    assert [file.name for file in house.folder.iterdir() if file.name.startswith("backup-")] == []
    copy = make_house("copy")
    wrong = copy.json(
        "restore", tmp_path / "b.age", "--to", copy.folder, "--identity", tmp_path / "theirs.key", exit_code=1
    )
    assert wrong["refusals"][0]["code"] == "VAULT-BACKUP-UNREADABLE"
    assert not copy.folder.exists()
    right = copy.json("restore", tmp_path / "b.age", "--to", copy.folder, "--identity", tmp_path / "ours.key")
    assert right["good"] == 41


def test_a_damaged_or_cut_backup_leaves_nothing_half(house, make_house, tmp_path):
    file = tmp_path / "b.age"
    house.json("backup", "--to", file)
    data = file.read_bytes()
    copy = make_house("copy")
    for bad in (data[:-200], data[:500] + bytes([data[500] ^ 1]) + data[501:], b"no backup at all"):
        file.write_bytes(bad)
        refused = copy.json("restore", file, "--to", copy.folder, exit_code=1)
        assert refused["refusals"][0]["code"] == "VAULT-BACKUP-UNREADABLE"
        assert not copy.folder.exists()


def test_a_folder_that_is_not_empty_is_refused(house, tmp_path):
    house.json("backup", "--to", tmp_path / "b.age")
    refused = house.json("restore", tmp_path / "b.age", "--to", house.folder, exit_code=1)
    assert refused["refusals"][0]["code"] == "VAULT-RESTORE-NOT-EMPTY"
    again = house.json("backup", "--to", tmp_path / "b.age", exit_code=1)
    assert again["refusals"][0]["code"] == "VAULT-BACKUP-EXISTS"


def test_a_deletion_after_the_backup_is_replayed_on_the_copy(house, make_house, tmp_path):
    sha = house.python(KEEP).strip()
    house.json("backup", "--to", tmp_path / "b.age")
    house.json("officers", "add", "Basil", "--role", "administrator", "--key-out", tmp_path / "basil.key")
    words = ["originals", "delete", sha, "--order", "CMP 12/2026", "--reason", "Retention ended"]
    assert house.json(*words)["state"] == "proposed"
    gone = house.json(*words, "--key", tmp_path / "basil.key")
    assert (gone["state"], gone["tombstone"]["order"], gone["scrubbed"]) == ("deleted", "CMP 12/2026", True)
    house.json("originals", "tombstones", "--out", tmp_path / "tombstones.jsonl")
    copy = make_house("copy")
    found = copy.json("restore", tmp_path / "b.age", "--to", copy.folder, "--tombstones", tmp_path / "tombstones.jsonl")
    assert (found["replayed"], found["good"], found["bad"]) == (1, 40, [])
    refused = copy.json("locate", sha, "line", "1", exit_code=1)
    assert refused["refusals"][0]["code"] == "VAULT-DELETED"


def test_after_a_deletion_neither_words_nor_name_stand_in_any_file(house, tmp_path):
    sha = house.python(KEEP.replace("l.txt", "Letter of Rosamund.txt")).strip()
    house.json("officers", "add", "Basil", "--role", "administrator", "--key-out", tmp_path / "basil.key")
    words = ["originals", "delete", sha, "--order", "CMP 12/2026", "--reason", "Retention ended"]
    house.json(*words)
    house.json(*words, "--key", tmp_path / "basil.key")
    assert house.json("verify-originals")["deleted"] == 1
    for file in house.folder.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            assert b"secret words" not in data, file
            assert b"Rosamund" not in data, file
    if house.environment["PARICHA_DATABASE_URL"]:
        dumped = subprocess.run(
            ["pg_dump", "--data-only", house.environment["PARICHA_DATABASE_URL"]], capture_output=True, text=True
        )
        assert dumped.returncode != 0 or "Rosamund" not in dumped.stdout


def test_upgrade_brings_an_older_database_to_this_program(house):
    house.python("""
        from django.core.management import call_command
        call_command("migrate", "jobs", "zero", verbosity=0)
    """)
    done = house.json("upgrade")
    assert "jobs.0001_initial" in done["applied"]
    assert house.json("upgrade")["applied"] == []


def test_doctor_names_each_lack_with_its_remedy(house):
    (house.folder / "keys" / "unit.key").chmod(0o644)
    found = house.json("doctor")
    checks = {check["name"]: check for check in found["checks"]}
    assert checks["permissions"]["state"] == "lack"
    assert "unit.key" in checks["permissions"]["words"]
    assert checks["backup"]["state"] == "lack"
    assert all(check["remedy"] for check in found["checks"] if check["state"] != "good")
    assert found["lacks"] == sum(check["state"] != "good" for check in found["checks"])
