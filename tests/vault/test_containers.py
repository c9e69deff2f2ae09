"""Containers: made here by zipfile and xlsxwriter, which know nothing of our reader."""

import hashlib
import io
import json
import zipfile

import pytest

from paricha.vault import store
from paricha.vault.containers import without_media
from paricha.vault.models import Sealing

PICTURE = b"\x89PNG\r\n\x1a\n" + b"plain noise, no picture" * 40


def zipped(**members):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as box:
        for name, data in members.items():
            box.writestr(name.replace("__", "/"), data)
    return written.getvalue()


@pytest.mark.django_db
def test_a_sheet_that_carries_a_picture_is_kept_without_it_and_still_opens(officer, tmp_path, home):
    import python_calamine
    import xlsxwriter

    (tmp_path / "p.png").write_bytes(PICTURE)
    file = tmp_path / "tips.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Tips")
        sheet.write("A1", "IP Address")
        sheet.write("A2", "198.51.100.7")
    with zipfile.ZipFile(file, "a") as box:
        box.writestr("xl/media/image1.jpg", PICTURE)  # a picture under another name
    delivered = file.read_bytes()
    row = store.keep(file, name="tips.xlsx", unit=officer.unit)
    assert (row.hex, row.size, row.sealing) == (hashlib.sha256(delivered).hexdigest(), len(delivered), Sealing.WHOLE)
    kept = store.read(row.hex)
    assert PICTURE[:40] not in kept and "xl/media/image1.jpg" not in zipfile.ZipFile(io.BytesIO(kept)).namelist()
    assert python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(kept)).get_sheet_by_name("Tips").to_python()[
        1
    ] == ["198.51.100.7"]
    gone = [member for member in json.loads(row.manifest) if not member["kept"]]
    assert gone == [
        {
            "name": "xl/media/image1.jpg",
            "size": len(PICTURE),
            "sha256": hashlib.sha256(PICTURE).hexdigest(),
            "kept": False,
        }
    ]
    from paricha.vault.verifying import verify_originals

    assert verify_originals()["bad"] == []
    assert store.keep(delivered, name="tips.xlsx", unit=officer.unit).pk == row.pk


@pytest.mark.django_db
def test_a_container_without_media_is_kept_as_it_came(officer):
    data = zipped(a="one", b__c="two")
    row = store.keep(data, name="a.zip", unit=officer.unit)
    assert (store.read(row.hex), row.manifest, row.kept_sha256) == (data, "", None)


def test_the_rest_is_the_same_each_time():
    data = zipped(a="one", b=PICTURE)
    assert without_media(data).data == without_media(data).data


def test_what_cannot_be_looked_into_is_left_alone():
    data = zipped(a="one", b=PICTURE)
    assert without_media(data[: len(data) // 2]) is None  # cut
    assert without_media(b"PK\x03\x04 no container") is None
    assert without_media(b'{"a": 1}') is None
    lying = bytearray(data)
    at = data.rindex(b"PK\x01\x02") + 24  # the last member's decoded size in the directory
    lying[at : at + 4] = (1 << 31).to_bytes(4, "little")
    assert without_media(bytes(lying)) is None  # decodes to more than we look into
