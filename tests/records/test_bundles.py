"""Bundles: ZIPs and e-mails made here by the standard library, brought in as files are; killed and taken up again."""

import hashlib
import io
import json
import zipfile
from email.message import EmailMessage

import pytest

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
