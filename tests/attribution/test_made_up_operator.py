"""The made-up State's operators answer our own sheets with planted faults; whoever answers does not know the checks.

The truth is the State's own: where a door holds, the dwelling is the one that the activity's subject really uses.
"""

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from paricha.synthetic.operator import FAULTS, answer
from paricha.synthetic.state import write_state

OTHERWISE = {"utc", "no-row-numbers"}  # no faults, but other ways to answer well
SAFE = {"none", "footer", "row-too-many", "mixed"} | OTHERWISE  # after these right rows may still hold


@pytest.fixture(scope="module")
def state(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("state")
    write_state(out, 60, 11)
    return out


def jsonl(file):
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def signed_requests(officer, make_officer, acting_as, state, tmp_path):
    """Requests of the State's observations, written and signed; (officer, requests, folder)."""
    from paricha.access.rights import Role
    from paricha.attribution.verbs.observing import import_observations
    from paricha.attribution.verbs.requests import make_requests, sign_request, write_request
    from paricha.operators.verbs import import_file

    for row in csv.DictReader((state / "files/operators/index.csv").open()):
        data = (state / "files/operators" / row["file"]).read_bytes()
        import_file(officer, data, name=row["file"], as_of=date.fromisoformat(row["as_of"]), source=row["source"])
    second = make_officer("Basil Thomas", Role.SIGNATORY)
    import_observations(officer, (state / "files/observations.csv").read_bytes(), name="o.csv", profile="paricha-1")
    requests = make_requests(officer).requests
    assert requests
    for request in requests:
        write_request(officer, request, folder=tmp_path / request.number)
        for who in (officer, second):
            with acting_as(who):
                sign_request(who, request)
    return officer, requests, tmp_path


def test_each_observation_of_the_state_is_taken_held_or_refused_as_it_should_be(officer, state):
    from paricha.attribution.verbs.observing import import_observations

    judged = import_observations(
        officer, (state / "files/observations.csv").read_bytes(), name="o.csv", profile="paricha-1"
    )
    expected = {row["reference"]: row["expected"] for row in jsonl(state / "truth/observations.jsonl")}
    assert {row.reference: row.outcome for row in judged} == expected


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_of_an_operator_leads_to_a_wrong_door(signed_requests, state, fault):
    from paricha.attribution.queries import export_lines
    from paricha.attribution.verbs.replies import read_replies

    officer, requests, folder = signed_requests
    refused = held = 0
    for request in requests:
        reply = answer(
            folder / request.number / f"{request.number}.xlsx", state / "truth", folder / f"{fault}.csv", fault
        )
        rows = list(csv.reader(reply.open(encoding="utf-8-sig")))[1:]
        done = read_replies(officer, request, [("reply.csv", reply.read_bytes())])
        numbers = {row["reply_row"] for row in done.rows}
        if not done.refusals:
            assert len(numbers) + done.no_records + done.footers == len([row for row in rows if any(row)])
        refused += len(done.refusals) + sum(row["outcome"] == "refused" for row in done.rows)
        held += sum(row["outcome"] == "held" for row in done.rows)
    customers = {row["subscriber_id"]: row for row in jsonl(state / "truth/customers.jsonl")}
    subjects = {row["activity"]: row for row in jsonl(state / "truth/subjects.jsonl") if row.get("activity")}
    doors = export_lines(officer)
    for door in doors:
        if door["state"] != "holds":
            continue
        for strand in door["strands"]:
            who = customers[strand["subscriber"]]
            assert door["address"]["text"] == who["installation_address"], (
                "a door that holds is an installation address"
            )
            if strand["activity"] in subjects:
                assert subjects[strand["activity"]]["customer"] == who["customer"], "and the one the subject uses"
    if fault not in SAFE | {"another-subscriber", "no-records"}:
        assert refused or held, f"{fault} was not seen"
        assert fault in ("slip", "digit", "outside", "port", "other-request", "no-zone", "destination") or doors
    if fault in OTHERWISE:
        assert any(door["state"] == "holds" for door in doors)
    if fault in ("slip", "digit", "outside", "other-request", "no-zone", "billing", "two-subscribers", "moved"):
        assert not any(door["state"] == "holds" for door in doors)
