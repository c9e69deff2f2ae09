"""A legal deletion takes all that was read from the original, and nothing else."""

import hashlib
import json
from pathlib import Path

import pytest
from django.db import connection, transaction

from paricha.records import rebuild
from paricha.records.deleting import forget_originals
from paricha.records.models import FileHash, Journal, Selector, Sighting, Tip, TipVersion
from paricha.records.queries import document_of
from paricha.records.search import search
from tests.records.documents import report, suspect, tip, write_reports

pytestmark = pytest.mark.django_db


def forget(*files):
    with transaction.atomic():
        return forget_originals([hashlib.sha256(file.read_bytes()).digest() for file in files])


def test_a_tip_of_one_original_goes_with_all_that_hangs_on_it(bring, officer, tmp_path):
    write_reports(tmp_path, 990000001, handle="kite_fly_88")
    write_reports(tmp_path, 990000002, handle="other", phone="+91 94950 00418", address="198.51.100.7")
    bring(tmp_path)
    gone = forget(tmp_path / "report-990000001.json")
    assert (len(gone.removed), gone.remade) == (1, [])
    assert [str(one) for one in Tip.objects.all()] == ["990000002"]
    assert (Sighting.objects.count(), TipVersion.objects.count(), FileHash.objects.count()) == (1, 1, 1)
    assert not Selector.objects.filter(normal_form__contains="kite_fly_88").exists()
    assert search(officer, "kite_fly_88").tips == []
    assert [str(one) for one in search(officer, "anumod").tips] == ["990000002"]
    assert "990000001" not in " ".join(Journal.objects.values_list("told", flat=True))


def test_a_tip_is_merged_from_what_is_left(bring, officer, tmp_path):
    write_reports(tmp_path / "a", 990000001, priority="2")
    bring(tmp_path / "a")
    (tmp_path / "b.json").write_text(
        json.dumps(report(990000001, priority="1", made="2026-05-09T08:00:00Z", handle="newer_kite"))
    )
    bring(tmp_path / "b.json")
    kept = Tip.objects.get()
    assert (kept.version, document_of(kept).priority_stated.value) == (2, "1")
    gone = forget(tmp_path / "b.json")
    kept = Tip.objects.get()
    assert gone.remade == [kept.id16]
    assert (kept.version, document_of(kept).priority_stated.value) == (1, "2")
    assert (search(officer, "newer_kite").tips, len(search(officer, "kite_fly_88").tips)) == ([], 1)


def test_a_tip_lives_on_in_the_original_that_said_the_same(bring, tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(report(990000001)))
    (tmp_path / "b.json").write_text(json.dumps(report(990000001), indent=1))
    bring(tmp_path)
    forget(tmp_path / "a.json")
    (version,) = TipVersion.objects.all()
    assert (version.arrival, version.repeats, version.newest) == (1, None, True)
    assert (
        document_of(Tip.objects.get()).sources[0].original
        == hashlib.sha256((tmp_path / "b.json").read_bytes()).hexdigest()
    )


def test_what_is_left_is_what_a_rebuild_would_make(bring, tmp_path):
    write_reports(tmp_path / "a", 990000001, 990000002)
    (tmp_path / "a" / "newer.json").write_text(json.dumps(report(990000001, priority="1", made="2026-05-09T08:00:00Z")))
    bring(tmp_path / "a")
    forget(tmp_path / "a" / "report-990000001.json")
    left = sorted(rebuild.lines())
    from django.utils import timezone

    from paricha.vault.models import Original

    sha256 = hashlib.sha256((tmp_path / "a" / "report-990000001.json").read_bytes()).digest()
    Original.objects.filter(sha256=sha256).update(deleted_at=timezone.now())
    rebuild.forget()
    rebuild.again()
    assert sorted(rebuild.lines()) == left


@pytest.mark.skipif(connection.vendor != "sqlite", reason="looks into SQLite's file")
@pytest.mark.django_db(transaction=True)
def test_a_deleted_word_is_in_no_page_of_the_database_file(store):
    word = "zzqvaxolotlname"
    document = tip("1", people=[suspect(names=[word])])
    store(document, *(tip(str(n), people=[suspect(names=[f"Name{n}"])]) for n in range(2, 40)))
    file = Path(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert word.encode() in file.read_bytes()
    with transaction.atomic():
        forget_originals([bytes.fromhex(document.sources[0].original)])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert word.encode() not in file.read_bytes()
