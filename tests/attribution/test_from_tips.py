"""From the State's tips to its doors: tips' own sightings, answered by the State's operators, against the State's truth."""

import csv
from datetime import date

import pytest

from paricha.synthetic.operator import answer
from paricha.synthetic.state import write_state
from tests.attribution.test_made_up_operator import jsonl

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_tips_lead_to_the_doors_that_the_state_knows_and_to_no_other(officer, make_officer, acting_as, tmp_path):
    from paricha.access.models import UnitKind
    from paricha.access.rights import Role
    from paricha.access.verbs import add_unit
    from paricha.attribution.models import Door
    from paricha.attribution.queries import export_lines, strands_of_tip
    from paricha.attribution.verbs.replies import read_replies
    from paricha.attribution.verbs.requests import make_requests, sign_request, write_request
    from paricha.intake.verbs import open_batch
    from paricha.jobs.due import run_due_jobs
    from paricha.operators.verbs import import_file
    from paricha.places.verbs import load_pack
    from paricha.records import files
    from paricha.records.models import Tip
    from paricha.records.verbs import read_list

    state = tmp_path / "state"
    write_state(state, 40, 5)
    for row in csv.DictReader((state / "files/operators/index.csv").open()):
        data = (state / "files/operators" / row["file"]).read_bytes()
        import_file(officer, data, name=row["file"], as_of=date.fromisoformat(row["as_of"]), source=row["source"])
    load_pack(state / "files/pack", officer=officer)
    for name in ("Kadalnadu North", "Kadalnadu South"):
        add_unit(officer, name, under=officer.unit, kind=UnitKind.DISTRICT)
    second = make_officer("Basil Thomas", Role.SIGNATORY)
    listed, count, _size = files.write_list(files.walk([state / "files/tips"]))
    read_list(officer, open_batch(officer, words="tips", mapping=None, mappings=[]), listed, files=count)
    run_due_jobs()
    assert Tip.objects.exists()
    for request in make_requests(officer).requests:
        write_request(officer, request, folder=tmp_path / request.number)
        for who in (officer, second):
            with acting_as(who):
                sign_request(who, request)
        sheet = tmp_path / request.number / f"{request.number}.xlsx"
        reply = answer(sheet, state / "truth", tmp_path / f"{request.number}.csv", "none")
        assert read_replies(officer, request, [(reply.name, reply.read_bytes())]).refusals == []
    lines = export_lines(officer)
    known = {row["address"]: row for row in jsonl(state / "truth/doors.jsonl")}
    held = {line["address"]["text"] for line in lines if line["state"] == "holds"}
    assert held, "some doors of the State hold with no human"
    lines_of = {row["installation_address"]: row for row in jsonl(state / "truth/customers.jsonl")}
    for address in held:
        assert known[address]["can_hold"] if address in known else not lines_of[address]["district"], (
            "a house of another State"
        )
    for line in lines:
        proposed = [one["station"] for one in line["jurisdiction"]["proposals"]]
        if line["address"]["text"] in known:
            assert known[line["address"]["text"]]["station"] in proposed
            door = Door.objects.select_related("unit").get(number=line["number"])
            assert door.unit.name == known[line["address"]["text"]]["district"]
    tip = Tip.objects.get(report_number=next(s["reference"] for line in lines for s in line["strands"]))
    assert any(row["door"] for row in strands_of_tip(officer, tip))
