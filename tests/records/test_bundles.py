"""Bundles: ZIPs and e-mails made here by the standard library, brought in as files are; killed and taken up again."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from email.message import EmailMessage

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from paricha.intake.models import FileRead, FileState
from paricha.vault import store
from paricha.vault.containers import manifest_of
from paricha.vault.models import Original, Sealing
from tests.records.documents import report

PICTURE = b"\xff\xd8\xff\xe0" + b"plain noise, no picture" * 20


def zipped(members: dict[str, bytes | str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in members.items():
            box.writestr(name, data)
    return written.getvalue()


def told_of(number: int) -> bytes:
    return json.dumps(report(number)).encode()


def names(lines) -> list[str]:
    return [line["file"].rpartition("/in/")[2] for line in lines]


@pytest.fixture
def put(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()

    def write(name: str, data: bytes):
        (folder / name).write_bytes(data)
        return folder

    return write


@pytest.mark.django_db
def test_members_are_read_like_files_and_media_is_only_counted(bring, put):
    one, two = told_of(990000001), told_of(990000002)
    folder = put("bundle.pdf", zipped({"b/two.json": two, "a.json": one, "photo.jpg": PICTURE, "none/": b""}))
    told = bring(folder)
    assert (told["files"], told["tips"]["new"], told["media"]) == (1, 2, {"members": 1, "kept": 0})
    assert names(told["coverage"]) == ["bundle.pdf", "bundle.pdf!/a.json", "bundle.pdf!/b/two.json"]
    assert [line["original"] for line in told["coverage"][1:]] == [
        hashlib.sha256(data).hexdigest() for data in (one, two)
    ]
    assert (told["coverage"][0]["reader"], told["coverage"][0]["tips"], told["refusals"]) == ("zip/1", 0, [])
    assert bring(folder)["tips"]["known"] == 2


def mail(*attached: tuple[str, bytes]) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "desk@example.com", "unit@example.com", "Referral"
    made["Date"] = "Mon, 05 Jan 2026 10:00:00 +0000"
    made.set_content("Please see the file.")
    for name, data in attached:
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


@pytest.mark.django_db
def test_the_bundle_keeps_its_manifest_and_no_member_twice(bring, put):
    data = zipped({"a.json": told_of(990000001), "photo.jpg": PICTURE})
    bring(put("bundle.zip", data))
    row = Original.objects.get(sha256=hashlib.sha256(data).digest())
    assert (row.sealing, row.size, row.media_type) == (Sealing.NOT_KEPT, len(data), "application/zip")
    assert [(one.name, one.size, one.kept, one.media) for one in manifest_of(row.manifest).members] == [
        ("a.json", len(told_of(990000001)), True, False), ("photo.jpg", len(PICTURE), False, True),
    ]  # fmt: skip
    assert {(one.name.rpartition("!/")[2], one.sealing) for one in row.members.all()} == {
        ("a.json", Sealing.WHOLE), ("photo.jpg", Sealing.NOT_KEPT),
    }  # fmt: skip
    assert store.read(hashlib.sha256(told_of(990000001)).hexdigest()) == told_of(990000001)
    with pytest.raises(Exception, match="VAULT-IN-MEMBERS"):
        store.read(row.hex)


@pytest.mark.django_db
def test_nested_archives_are_read_to_depth_two_and_a_deeper_one_is_refused_by_name(bring, put):
    deep = zipped({"deep.json": told_of(990000003)})
    inner = zipped({"x.json": told_of(990000002), "deep.zip": deep})
    told = bring(put("bundle.zip", zipped({"inner.zip": inner, "y.json": told_of(990000001)})))
    assert names(told["coverage"]) == [
        "bundle.zip", "bundle.zip!/inner.zip", "bundle.zip!/inner.zip!/x.json", "bundle.zip!/y.json",
    ]  # fmt: skip
    assert [(names([one])[0], one["code"]) for one in told["refusals"]] == [
        ("bundle.zip!/inner.zip!/deep.zip", "INTAKE-ZIP-DEPTH")
    ]
    assert (told["tips"]["new"], told["files"]) == (2, 1)
    assert not Original.objects.filter(sha256=hashlib.sha256(deep).digest()).exists()


@pytest.mark.django_db
def test_refused_members_stop_neither_the_sound_ones_nor_the_batch(bring, put):
    put("loose.json", told_of(990000003))
    bomb = zipped({"../up.json": told_of(990000002), "zeros.txt": bytes(20 << 20), "a.json": told_of(990000001)})
    told = bring(put("bundle.zip", bomb))
    assert {names([one])[0]: one["code"] for one in told["refusals"]} == {
        "bundle.zip!/../up.json": "INTAKE-ZIP-PATH", "bundle.zip!/zeros.txt": "INTAKE-ZIP-BOMB",
    }  # fmt: skip
    assert all(one["what"] and one["remedy"] for one in told["refusals"])
    assert told["tips"]["new"] == 2
    assert store.read(hashlib.sha256(told_of(990000002)).hexdigest()) == told_of(990000002)  # kept, and not read
    file = FileRead.objects.get(name__endswith="bundle.zip")
    assert file.state == FileState.PART
    assert {one.place for one in file.refusals.all()} == {"../up.json", "zeros.txt"}


@pytest.mark.django_db
def test_what_cannot_be_opened_is_kept_as_it_lay(bring, put):
    data = bytearray(zipped({"a.json": told_of(990000001), "b.json": told_of(990000002), "c.jpg": PICTURE}))
    data[data.index(b"a.json") + 20] ^= 0xFF
    data[data.index(b"c.jpg") + 9] ^= 0xFF
    told = bring(put("bundle.zip", bytes(data)))
    assert sorted(one["code"] for one in told["refusals"]) == ["INTAKE-ZIP-BROKEN", "INTAKE-ZIP-BROKEN"]
    row = Original.objects.get(sha256=hashlib.sha256(data).digest())
    broken, _sound, picture = manifest_of(row.manifest).members
    with zipfile.ZipFile(io.BytesIO(store.read(broken.lies_in))) as rest:
        assert rest.namelist() == ["a.json"]
    assert (picture.kept, picture.lies_in) == (False, "")


@pytest.mark.django_db
def test_an_archive_that_is_refused_whole_is_kept_whole(bring, put):
    data = zipped({"a.json": told_of(990000001)})[4:]
    told = bring(put("cut.zip", b"PK\x03\x04" + data[:12]))
    assert [(names([one])[0], one["code"]) for one in told["refusals"]] == [("cut.zip", "INTAKE-ZIP-BROKEN")]
    assert (told["coverage"], told["files"]) == ([], 1)
    assert FileRead.objects.get().state == FileState.REFUSED


@pytest.mark.django_db
def test_the_same_member_in_two_bundles_and_loose_is_one_original(bring, put):
    put("one.zip", zipped({"a.json": told_of(990000001)}))
    put("two.zip", zipped({"other/b.json": told_of(990000001)}))
    told = bring(put("a.json", told_of(990000001)))
    assert (told["tips"]["new"], told["tips"]["known"], told["files"]) == (1, 2, 3)
    assert Original.objects.filter(sha256=hashlib.sha256(told_of(990000001)).digest()).count() == 1


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_of_one_name_are_one_where_their_bytes_are_and_else_refused(bring, put):
    same, other = io.BytesIO(), io.BytesIO()
    for written, second in ((same, told_of(990000001)), (other, told_of(990000003))):
        with zipfile.ZipFile(written, "w") as box:
            box.writestr("a.json", told_of(990000001 if written is same else 990000002))
            box.writestr("a.json", second)
    put("same.zip", same.getvalue())
    told = bring(put("other.zip", other.getvalue()))
    assert [one["code"] for one in told["refusals"]] == ["INTAKE-ZIP-DOUBLE", "INTAKE-ZIP-DOUBLE"]
    assert told["tips"]["new"] == 1


@pytest.mark.django_db
def test_an_e_mail_brings_its_attachments_and_its_words_wait_for_a_person(bring, put):
    inner = zipped({"x.json": told_of(990000002), "deeper.zip": zipped({"a": b"1"})})
    data = mail(("report.json", told_of(990000001)), ("photo.jpg", PICTURE), ("more.zip", inner))
    told = bring(put("letter.eml", data))
    assert names(told["coverage"]) == [
        "letter.eml", "letter.eml!/report.json", "letter.eml!/more.zip", "letter.eml!/more.zip!/x.json",
    ]  # fmt: skip
    line = told["coverage"][0]
    assert (line["reader"], line["tips"], line["unread_blocks"]) == ("mail/1", 0, 1)
    assert (told["tips"]["new"], told["media"]["members"]) == (2, 1)
    assert [one["code"] for one in told["refusals"]] == ["INTAKE-ZIP-DEPTH"]
    kept = store.read(hashlib.sha256(data).hexdigest())
    assert b"Subject: Referral" in kept and b"Please see the file." in kept and len(kept) < len(data)


@pytest.mark.django_db
def test_a_mailbox_brings_the_attachments_of_its_e_mails(bring, put):
    box = b"".join(
        b"From desk@example.com Mon Jan  5 10:00:00 2026\n" + mail((f"{n}.json", told_of(990000000 + n))) + b"\n\n"
        for n in (1, 2)
    )
    told = bring(put("tips.mbox", box))
    assert (told["tips"]["new"], told["refusals"]) == (2, [])


@pytest.mark.django_db
def test_uploads_are_taken_apart_too(officer):
    from paricha.intake.verbs import keep_files, open_batch
    from paricha.jobs.due import run_due_jobs
    from paricha.records.batches import total_of

    batch = open_batch(officer, words="upload")
    data = zipped({"a.json": told_of(990000001), "photo.jpg": PICTURE, "e.json": b"{"})
    rows = keep_files(officer, batch, [("z.json", told_of(990000002)), ("b.zip", data)])
    assert [row.name for row in rows] == ["z.json", "b.zip", "b.zip!/a.json", "b.zip!/e.json", "b.zip!/photo.jpg"]
    run_due_jobs()
    assert list(FileRead.objects.order_by("position").values_list("state", flat=True)) == [
        FileState.READ, FileState.READ, FileState.READ, FileState.REFUSED, FileState.MEDIA,
    ]  # fmt: skip
    assert total_of(batch.pk)["tips"]["new"] == 2


@pytest.mark.django_db
def test_a_bundle_that_an_earlier_release_refused_is_taken_apart_on_retry(officer):
    from paricha.intake.bundles import kept_as
    from paricha.intake.verbs import add_kept, open_batch, retry_file
    from paricha.jobs.due import run_due_jobs

    batch = open_batch(officer)
    row = store.keep(zipped({"a.json": told_of(990000001)}), name="old.zip", unit=officer.unit)
    (file,) = add_kept(batch, [kept_as("old.zip", row)])
    FileRead.objects.update(state=FileState.REFUSED, read_at=timezone.now())
    retry_file(officer, FileRead.objects.get(pk=file.pk))
    run_due_jobs()
    assert list(FileRead.objects.order_by("position").values_list("name", "state", "new")) == [
        ("old.zip", FileState.READ, 0), ("old.zip!/a.json", FileState.READ, 1),
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_page_of_a_bundle_lists_its_members(officer, bring, put, client):
    data = zipped({"a.json": told_of(990000001), "photo.jpg": PICTURE, "../up.json": b"{}"})
    bring(put("bundle.zip", data))
    client.force_login(get_user_model().objects.get(officer=officer))
    page = client.get(reverse("vault:original", args=[hashlib.sha256(data).hexdigest()])).content.decode()
    assert all(word in page for word in ("a.json", "photo.jpg", "../up.json", "INTAKE-ZIP-PATH", "3 members"))
    assert hashlib.sha256(PICTURE).hexdigest() in page


# `paricha …` that kills itself while a bundle is taken apart, or while its members are read.
KILLED = """
import django; django.setup()
import os, signal, sys
from paricha.cli.main import run
from paricha.intake import bundles
from paricha.records import files, pipeline

files.CHUNK_FILES = 40
moment, keep, store, done = sys.argv.pop(1), bundles.store.keep_many, pipeline.store_part, 0

def after(act, when, at):
    def do(*words):
        global done
        made = act(*words)
        done += moment == when
        if done == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return made
    return do

bundles.AT_ONCE = 50
bundles.store.keep_many = after(keep, "opening", 3)
pipeline.store_part = after(store, "reading", 3)
run()
"""


@pytest.mark.slow
def test_a_bundle_that_is_killed_while_opened_and_while_read_comes_in_whole_and_once(house, tmp_path):
    def run(moment: str, *words) -> int:
        set_up = house.environment | {"DJANGO_SETTINGS_MODULE": "paricha.site.settings"}
        return subprocess.run([sys.executable, "-c", KILLED, moment, *words], env=set_up, timeout=120).returncode

    inner = zipped({f"{n:03}.json": told_of(990000000 + n) for n in range(100)})
    outer = zipped({"inner.zip": inner, **{f"x{n:03}.json": told_of(990000100 + n) for n in range(200)}})
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bundle.zip").write_bytes(outer)
    (tmp_path / "none").mkdir()
    assert run("opening", "intake", tmp_path / "in") == -9
    assert run("reading", "intake", tmp_path / "none") == -9  # any command goes on with what is due
    assert run("never", "intake", tmp_path / "none") == 0
    lines = [json.loads(line) for line in house.run("tips", "export", "--jsonl").stdout.splitlines()]
    assert sorted(int(line["report_number"]["value"]) for line in lines) == list(range(990000000, 990000300))
    again = house.json("intake", tmp_path / "in")
    assert (again["tips"]["known"], len(again["coverage"]), again["refusals"]) == (300, 302, [])
    assert set(again) == {"schema", "batch", "files", "tips", "coverage", "media", "refusals"}
