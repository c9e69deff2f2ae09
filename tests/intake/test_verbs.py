"""Bringing files in: batches, originals, mappings by name, retry, a typed tip."""

import json

import pytest

from paricha.access.rights import Role
from paricha.grounds.instants import DateOrder
from paricha.grounds.refusals import Refused
from paricha.intake import queries
from paricha.intake.entry import Entry, TypedPerson, TypedSighting
from paricha.intake.mapping import Mapping
from paricha.intake.models import Batch, FileRead, FileState
from paricha.intake.reading import read_bytes
from paricha.intake.verbs import choose_date_order, enter_tip, keep_files, open_batch, retry_file, save_mapping
from paricha.intake.writing import FileResult, write_results
from paricha.jobs.models import Job
from paricha.vault import store
from paricha.vault.locating import text_at

REPORT = json.dumps({"reportId": 990000001, "reportedInformation": {}}).encode()
SHEET = b"Report Number,IP Address,Date and Time (IST)\n990000001,192.0.2.7,03/04/2026 10:00:00\n"


def results(batch: Batch) -> list[FileResult]:
    """What the work that reads a batch does, without storing tips."""
    done = []
    for file in queries.waiting_files(batch):
        named, saved = queries.mappings_for(file)
        data = store.read_row(file.original)
        reading = read_bytes(data, name=file.name, sha256=file.original.hex, mapping=named, mappings=saved)
        done.append(FileResult(file.position, file.name, file.original_id, reading, new=reading.coverage.tips))
    write_results(batch.id, done)
    return done


def test_files_are_kept_first_and_then_read(officer):
    batch = open_batch(officer, words="folder a")
    rows = keep_files(officer, batch, [("a/report.json", REPORT), ("a/picture.jpg", b"\xff\xd8\xff\xe0 not a picture")])
    assert batch.number.startswith("B-")
    assert [row.state for row in rows] == [FileState.WAITS, FileState.MEDIA]
    assert store.read(rows[0].original.hex) == REPORT
    assert Job.objects.get(kind="records:read-batch").arguments == json.dumps({"batch": batch.id.hex()})
    results(batch)
    file = FileRead.objects.get(batch=batch, position=0)
    assert (file.state, file.reader, file.tips, file.new) == (FileState.READ, "cybertip-json/1", 1, 1)


def test_a_refused_file_says_why_and_can_be_retried(officer):
    batch = open_batch(officer)
    keep_files(officer, batch, [("cut.json", REPORT[:20]), ("good.json", REPORT)])
    results(batch)
    first, second = batch.files.order_by("position")
    assert (first.state, second.state) == (FileState.REFUSED, FileState.READ)
    assert [refusal.code for refusal in queries.refusals(officer, batch)] == ["INTAKE-JSON-CUT"]
    assert retry_file(officer, first).state == FileState.WAITS
    results(batch)
    assert queries.refusals(officer, batch).count() == 1
    with pytest.raises(Refused, match="INTAKE-FILE-DONE"):
        retry_file(officer, second)


def test_choosing_the_order_of_dates_reads_the_file_anew(officer):
    batch = open_batch(officer)
    keep_files(officer, batch, [("register.csv", SHEET)])
    (result,) = results(batch)
    assert result.reading.documents[0].sightings[0].at.utc is None
    file = batch.files.get()
    assert file.state == FileState.DECIDE
    choose_date_order(officer, file, DateOrder.DMY)
    (result,) = results(batch)
    at = result.reading.documents[0].sightings[0].at
    assert (at.instant().utc.isoformat(), at.zone_source) == ("2026-04-03T04:30:00+00:00", "column")
    assert batch.files.get().state == FileState.READ


def test_a_mapping_is_saved_by_name_and_the_newest_serves(officer):
    columns = {"Ref": "report_number", "Addr": "sighting.address"}
    save_mapping(officer, Mapping("partner", 1, columns))
    saved = save_mapping(officer, Mapping("partner", 1, columns, zone="Asia/Kolkata"))
    assert saved.version == 2
    assert queries.mapping_named(officer.unit, "partner").zone == "Asia/Kolkata"
    with pytest.raises(Refused, match="INTAKE-MAPPING-UNKNOWN"):
        queries.mapping_named(officer.unit, "nobody")
    with pytest.raises(Refused, match="INTAKE-MAPPING"):
        save_mapping(officer, Mapping("partner", 1, {"Ref": "no.such.field"}))


def test_an_officer_of_another_unit_sees_no_batch(officer, make_officer, acting_as):
    from paricha.access.models import UnitKind
    from paricha.access.verbs import add_unit

    north = add_unit(officer, "North", under=officer.unit, kind=UnitKind.DISTRICT)
    south = add_unit(officer, "South", under=officer.unit, kind=UnitKind.DISTRICT)
    one = make_officer("Basil", Role.ANALYST, unit=north)
    other = make_officer("Chitra", Role.ANALYST, unit=south)
    with acting_as(one):
        batch = open_batch(one)
        keep_files(one, batch, [("cut.json", REPORT[:20])])
        results(batch)
    assert queries.batches(one).count() == 1 == queries.refusals(one, batch).count()
    assert (
        queries.batches(other).count()
        == queries.files(other, batch).count()
        == queries.refusals(other, batch).count()
        == 0
    )


def entry(**given) -> Entry:
    return Entry(
        **({"form": "phone call", "giver": "not named", "description": "The caller saw a list of files."} | given)
    )


def test_a_typed_tip_is_an_original_and_every_value_stands_at_its_entry(officer):
    file = enter_tip(
        officer,
        entry(
            giver="Example School", giver_number="EX-7", child_in_danger="yes",
            persons=[TypedPerson(name="Ajith Kurup", phones=["+91 00000 00001"])],
            sightings=[TypedSighting("192.0.2.7", "suspect 1", "4500", "", "2026-05-01 14:30", "Asia/Kolkata")],
        ),
        attached=[("memo.txt", b"a memo")],
    )  # fmt: skip
    (result,) = results(file.batch)
    tip = result.reading.documents[0]
    assert (tip.giver, tip.report_number.value, tip.sources[0].form) == ("Example School", "EX-7", "entry")
    seen = tip.sightings[0]
    assert (seen.who, seen.port.value, seen.at.instant().utc.isoformat()) == (
        "suspect 1",
        4500,
        "2026-05-01T09:00:00+00:00",
    )
    assert {noted.field: noted.leaf.value for noted in tip.marks} == {
        "entered as": "phone call",
        "child in danger": True,
    }
    assert seen.address.at[0] == officer.name
    assert "192.0.2.7" in text_at(file.original.hex, "entry", seen.address.at)
    assert store.read(tip.other[0].leaf.value) == b"a memo"


@pytest.mark.parametrize(
    "wrong",
    [
        {"giver": " "},
        {"form": "dream"},
        {"description": ""},
        {"child_in_danger": "maybe"},
        {"sightings": [TypedSighting("192.0.2")]},
        {"sightings": [TypedSighting("192.0.2.1", port="70000")]},
        {"sightings": [TypedSighting("192.0.2.1", at="2026-05-01 14:30")]},
        {"sightings": [TypedSighting("192.0.2.1", at="03/04/2026 14:30", zone="UTC")]},
        {"sightings": [TypedSighting("192.0.2.1", at="2999-05-01 14:30", zone="UTC")]},
        {"sightings": [TypedSighting("192.0.2.1", who="suspect 2")], "persons": [TypedPerson(name="A")]},
        {"persons": [TypedPerson()]},
        {"persons": [TypedPerson(name="A", phones=["12"])]},
        {"persons": [TypedPerson(name="A", emails=["a at example"])]},
        {"received_at": "2026-05-01 10:00"},
    ],
)
def test_a_typed_tip_that_lacks_or_contradicts_is_refused_and_nothing_kept(officer, wrong):
    with pytest.raises(Refused, match="INTAKE-ENTRY"):
        enter_tip(officer, entry(**wrong))
    assert Batch.objects.count() == 0
