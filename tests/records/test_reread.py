"""Reading again with a newer reader: the difference first, nothing of it stored; then an officer's decision counts it."""

import json

import pytest
from django.urls import reverse

from paricha.access.models import UnitKind
from paricha.access.rights import Role
from paricha.access.verbs import add_unit
from paricha.audit.models import AuditRow
from paricha.grounds.refusals import Refused
from paricha.intake import readers
from paricha.intake.document import Leaf
from paricha.intake.mapping import read_mapping
from paricha.intake.models import Batch, FileRead, FileState
from paricha.intake.readers.cybertip_json import CyberTipJson
from paricha.intake.verbs import keep_files, open_batch, save_mapping
from paricha.jobs.due import run_due_jobs
from paricha.jobs.queue import JobRun
from paricha.records import jobs, rebuild, reread
from paricha.records.models import Reread, RereadFile, RereadState, RereadTip, Tip, TipVersion
from paricha.records.queries import document_of
from paricha.records.verbs import ask_reread, count_reread, leave_reread
from tests.records.documents import report, write_reports

pytestmark = pytest.mark.django_db


class Newer(CyberTipJson):
    """The next version: it reads a description that the one before left unread, no priority, and says one tip less."""

    version = CyberTipJson.version + 1

    def read(self, original):
        for item in super().read(original):
            number = getattr(item, "report_number", None)
            if number is not None:
                if str(number.value) == "990000003":
                    continue
                item.incident_description = Leaf("A neutral line.", number.at)
                item.priority_stated = None
                item.incident_type = Leaf("Upload (newer)", item.incident_type.at)
            yield item


@pytest.fixture
def newer(monkeypatch):
    """`newer()`: from now on the newer reader reads."""

    def install():
        changed = tuple(Newer() if isinstance(one, CyberTipJson) else one for one in readers.READERS)
        monkeypatch.setattr(readers, "READERS", changed)

    return install


@pytest.fixture
def batch(bring, tmp_path) -> Batch:
    """Two files: one tip, and two tips."""
    write_reports(tmp_path / "a", 990000001)
    (tmp_path / "a" / "two.json").write_text(json.dumps([report(990000002), report(990000003)]))
    (tmp_path / "a" / "later.txt").write_text("NEW FORMAT 1\n")
    bring(tmp_path / "a")
    return Batch.objects.get()


def asked_of(officer, batch) -> Reread:
    asked = ask_reread(officer, batch)
    run_due_jobs()
    return Reread.objects.get(pk=asked.pk)


def test_nothing_is_offered_while_the_readers_are_the_same(batch, officer):
    assert FileRead.objects.filter(reader__startswith="cybertip-json").count() == 2
    wanted = reread.candidates(officer, batch, None)
    assert [file.name.rpartition("/")[2] for file in wanted] == ["later.txt"]  # refused then; may be readable some day


def test_the_difference_is_shown_and_nothing_is_stored(batch, officer, newer):
    before = rebuild.digest()
    newer()
    asked = asked_of(officer, batch)
    assert (asked.state, asked.files, asked.tips, asked.new, asked.gone) == (RereadState.READY, 2, 3, 0, 1)
    assert (asked.added, asked.changed) == (2, 2)
    assert rebuild.digest() == before
    told = json.loads(RereadTip.objects.get(number="990000001").told)
    assert [(one["kind"], one["path"], one["now"] and one["now"]["text"]) for one in told] == [
        ("changed", "incident.type", "Upload (newer)"),
        ("added", "incident.description", "A neutral line."),
        ("gone", "priority.stated", None),
    ]
    assert told[2]["before"]["reading"]["locator"]["at"].endswith("/priorityId")


def test_it_counts_only_by_a_decision_with_a_reason_and_then_as_if_it_was_read_so_first(batch, officer, newer):
    newer()
    asked = asked_of(officer, batch)
    with pytest.raises(Refused) as refused:
        count_reread(officer, asked, reason=" ")
    assert refused.value.refusal.code == "ACCESS-REASON-NEEDED"
    count_reread(officer, asked, reason="The newer reader reads the description.")
    run_due_jobs()
    assert sorted(map(str, Tip.objects.all())) == ["990000001", "990000002"]
    assert document_of(Tip.objects.get(report_number="990000002")).incident_description.value == "A neutral line."
    assert set(TipVersion.objects.values_list("reader", flat=True)) == {Newer().label}
    files = {one.name.rpartition("/")[2]: one for one in batch.files.all()}
    assert (files["two.json"].reader, files["two.json"].new, files["two.json"].state) == (
        Newer().label,
        2,
        FileState.READ,
    )
    assert reread.candidates(officer, batch, None).exclude(state=FileState.REFUSED).count() == 0
    after = rebuild.digest()
    rebuild.forget()
    rebuild.again()
    assert sorted(rebuild.lines()) and rebuild.digest() == after
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (RereadState.COUNTED, "The newer reader reads the description.")
    row = AuditRow.objects.get(event="records:reread:counted")
    assert row.officer == officer.id16
    assert (
        AuditRow.objects.filter(event="records:tips:remerged").count() == 1
    )  # links and ranks hear of the tip that went
    with pytest.raises(Refused) as again:
        count_reread(officer, asked, reason="Once more.")
    assert again.value.refusal.code == "RECORDS-REREAD-DECIDED"


def test_what_is_left_changes_nothing(batch, officer, newer):
    before = rebuild.digest()
    newer()
    asked = asked_of(officer, batch)
    leave_reread(officer, asked, reason="The newer reader loses a tip.")
    run_due_jobs()
    assert rebuild.digest() == before
    assert reread.waiting_of(officer, batch.id) is None


def test_a_killed_reading_goes_on_after_its_last_file(batch, officer, newer, monkeypatch):
    newer()
    asked = ask_reread(officer, batch)
    real, seen = jobs._anew, []

    def dies_at_the_third(file):
        seen.append(file.pk)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return real(file)

    monkeypatch.setattr(jobs, "_anew", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        run_due_jobs()
    kept = list(RereadFile.objects.values_list("pk", flat=True))
    assert len(kept) == 1
    from paricha.jobs.models import Job

    row = Job.objects.get(once=asked.id.hex())
    monkeypatch.setattr(jobs, "_anew", real)
    jobs.read_anew(JobRun(row))
    asked.refresh_from_db()
    assert (asked.state, asked.files, asked.tips) == (RereadState.READY, 2, 3)
    assert kept[0] in RereadFile.objects.values_list("pk", flat=True)


def test_a_difference_made_by_other_readers_counts_no_more(batch, officer, newer, monkeypatch):
    newer()
    asked = asked_of(officer, batch)
    monkeypatch.setattr(Newer, "version", Newer.version + 1)
    with pytest.raises(Refused) as refused:
        count_reread(officer, asked, reason="It is newer.")
    assert refused.value.refusal.code == "RECORDS-REREAD-OLD"


def test_a_file_whose_format_is_known_now_gives_its_tips(batch, officer, monkeypatch):
    class Later(CyberTipJson):
        name, version = "later", 1

        def sniff(self, head):
            return head.text.startswith("NEW FORMAT")

        def read(self, original):
            from tests.records.documents import tip

            yield tip("990000007", original="x")

    monkeypatch.setattr(readers, "READERS", (Later(), *readers.READERS))
    monkeypatch.setattr("paricha.intake.reading.refused_format", lambda original, head: None)
    asked = asked_of(officer, batch)
    assert (asked.files, asked.new, RereadFile.objects.get().before) == (1, 1, "")
    assert Tip.objects.count() == 3
    count_reread(officer, asked, reason="Its format is read now.")
    run_due_jobs()
    assert Tip.objects.filter(report_number="990000007").exists()
    assert batch.files.get(name__endswith="later.txt").state == FileState.READ


SHEET = b"Kizhi,Ip kanda,Eppol\nPR-1,192.0.2.7,2026-04-03 10:00\n"


def test_a_changed_mapping_is_a_newer_reader_of_its_sheets(officer, bring):
    mapping = {
        "schema": 1, "name": "partner", "header_row": 1, "zone": "UTC",
        "columns": {"Kizhi": "report_number", "Ip kanda": "sighting.address"},
    }  # fmt: skip
    save_mapping(officer, read_mapping(mapping))
    batch = open_batch(officer, words="partner")
    keep_files(officer, batch, [("partner.csv", SHEET)])
    run_due_jobs()
    assert reread.candidates(officer, batch, None).count() == 0
    save_mapping(officer, read_mapping({**mapping, "columns": {**mapping["columns"], "Eppol": "sighting.at"}}))
    asked = asked_of(officer, batch)
    assert (asked.tips, asked.changed) == (1, 1)
    told = json.loads(RereadTip.objects.get().told)
    assert (told[0]["path"], told[0]["now"]["text"]) == ("suspect 1/sightings", "192.0.2.7, 2026-04-03 10:00")


def test_a_file_that_is_refused_now_stays_as_it_was(officer, bring):
    mapping = {
        "schema": 1, "name": "partner", "header_row": 1, "zone": "UTC",
        "columns": {"Kizhi": "report_number", "Ip kanda": "sighting.address"},
    }  # fmt: skip
    save_mapping(officer, read_mapping(mapping))
    batch = open_batch(officer, words="partner")
    keep_files(officer, batch, [("partner.csv", SHEET)])
    run_due_jobs()
    save_mapping(officer, read_mapping({**mapping, "columns": {**mapping["columns"], "Elsewhere": "sighting.port"}}))
    asked = asked_of(officer, batch)
    assert (asked.tips, asked.gone, RereadFile.objects.get().now) == (0, 0, "")
    count_reread(officer, asked, reason="Nothing is lost by it.")
    run_due_jobs()
    assert Tip.objects.count() == 1
    assert batch.files.get().state != FileState.DECIDE


def test_nothing_to_read_anew_is_said(officer, bring):
    batch = open_batch(officer, words="empty")
    with pytest.raises(Refused) as refused:
        ask_reread(officer, batch)
    assert refused.value.refusal.code == "RECORDS-NOTHING-ANEW"


# ---- pages ------------------------------------------------------------------------------------------------------
def test_the_pages_show_the_difference_and_take_the_decision(batch, officer, newer, client):
    newer()
    client.force_login(officer.user)
    answer = client.post(reverse("records:read_anew", args=[batch.id]))
    assert "files read anew" in client.get(answer["Location"]).content.decode()
    run_due_jobs()
    text = client.get(answer["Location"]).content.decode()
    for said in ("3</b> tips differ", "Incident described", "A neutral line.", "added", "Let it count",
                 "Not given by this file any more"):  # fmt: skip
        assert said in text, said
    asked = Reread.objects.get()
    assert client.post(reverse("records:count_again", args=[asked.id])).status_code == 409
    client.post(reverse("records:count_again", args=[asked.id]), {"reason": "The newer reader reads more."})
    assert "The newer reader reads more." in client.get(answer["Location"]).content.decode()
    assert batch.number in client.get(reverse("records:all_again")).content.decode()
    assert AuditRow.objects.filter(event="records:reread:read").exists()
    assert client.get(answer["Location"], {"page": "²"}).status_code == 200
    assert client.post(reverse("records:read_anew", args=[batch.id]) + "?file=99999").status_code == 409


def test_others_neither_see_nor_decide_it(batch, officer, newer, make_officer, client):
    newer()
    asked = asked_of(officer, batch)
    south = add_unit(officer, "South", under=officer.unit, kind=UnitKind.DISTRICT)
    other = make_officer("Chitra", Role.ANALYST, unit=south)
    client.force_login(other.user)
    assert client.get(reverse("records:again", args=[asked.id])).status_code == 404
    for name, what in (("count_again", asked.id), ("leave_again", asked.id), ("read_anew", batch.id)):
        assert client.post(reverse(f"records:{name}", args=[what]), {"reason": "Mine."}).status_code == 404
    custodian = make_officer("Deepa", Role.CUSTODIAN)
    client.force_login(custodian.user)
    assert client.post(reverse("records:count_again", args=[asked.id]), {"reason": "Mine."}).status_code == 403
    asked.refresh_from_db()
    assert asked.state == RereadState.READY
