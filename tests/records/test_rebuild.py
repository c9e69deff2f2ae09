"""The record made again from the originals is the same record."""

import json

import pytest

from paricha.records import rebuild
from paricha.records.models import Sighting, Tip
from paricha.records.queries import document_of
from paricha.records.search import search
from paricha.records.verbs import decide_conflict, hand_tip
from tests.records.documents import report, write_reports

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(bring, tmp_path):
    """Three tips, one with a newer version, one shared phone, one report that came twice."""
    write_reports(tmp_path / "a", 990000001, 990000002)
    write_reports(tmp_path / "a", 990000003, phone="+91 94950 00417", handle="other")
    bring(tmp_path / "a")
    (tmp_path / "b").mkdir()
    newer = report(990000001, priority="1", made="2026-05-09T08:00:00Z")
    (tmp_path / "b" / "newer.json").write_text(json.dumps(newer))
    (tmp_path / "b" / "again.json").write_text(json.dumps(report(990000002), indent=1))
    told = bring(tmp_path / "b")
    assert (told["tips"]["versions"], told["tips"]["known"]) == (1, 1)


def test_the_record_made_again_is_equal(record):
    before, lines = rebuild.digest(), sorted(rebuild.lines())
    assert len(lines) > 20
    rebuild.forget()
    assert Tip.objects.count() == Sighting.objects.count() == 0
    rebuild.again()
    assert sorted(rebuild.lines()) == lines
    assert rebuild.digest() == before


def test_decisions_and_handings_are_applied_again(record, officer):
    from paricha.access.models import Unit, UnitKind

    north = Unit.objects.create(name="North", kind=UnitKind.DISTRICT, under=officer.unit)
    hand_tip(officer, Tip.objects.get(report_number="990000003"), north, reason="There.")
    before = rebuild.digest()
    rebuild.forget()
    rebuild.again()
    assert Tip.objects.get(report_number="990000003").unit == north
    assert rebuild.digest() == before


def test_a_decided_conflict_stays_decided(bring, officer, tmp_path):
    write_reports(tmp_path, 990000001)
    (tmp_path / "list.csv").write_text("Tipline No.,Priority\n990000001,3\n")
    mapping = {
        "schema": 1,
        "name": "list",
        "header_row": 1,
        "columns": {"Tipline No.": "report_number", "Priority": "priority.stated"},
    }
    from paricha.intake.mapping import read_mapping
    from paricha.intake.verbs import save_mapping

    save_mapping(officer, read_mapping(mapping))
    bring(tmp_path)
    kept = Tip.objects.get()
    assert (kept.forms, kept.conflicts) == ("csv json", 1)
    decide_conflict(officer, kept, "priority.stated", reading=1, reason="The register is newer.")
    before = rebuild.digest()
    rebuild.forget()
    rebuild.again()
    assert document_of(Tip.objects.get()).priority_stated.value == "3"
    assert rebuild.digest() == before


def test_a_change_in_the_record_changes_the_digest(record):
    before = rebuild.digest()
    Sighting.objects.filter(pk=Sighting.objects.first().pk).update(port=1)
    assert rebuild.digest() != before


def test_words_are_found_after_a_rebuild(record, officer):
    before = [str(one) for one in search(officer, "anumod").tips]
    rebuild.forget()
    assert search(officer, "anumod").tips == []
    rebuild.again()
    assert sorted(str(one) for one in search(officer, "anumod").tips) == sorted(before)
