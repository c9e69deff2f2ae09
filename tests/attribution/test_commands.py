"""The commands under "The door", as another program drives them: what they print is a promise."""

import json
from datetime import timedelta

import pytest

from tests.attribution.conftest import DAY, OBSERVED, REPLY, SNAPSHOT, TABLE, seen, text, told

pytestmark = pytest.mark.slow


def test_the_whole_road_by_the_command_line(house, tmp_path):
    (tmp_path / "table.csv").write_bytes(TABLE)
    house.json("operators", "import", tmp_path / "table.csv", "--as-of", "2026-01-10", "--source", "unit")
    for source, disputed in (("registry", 64496), ("routes", 64501)):
        (tmp_path / f"{source}.csv").write_text(SNAPSHOT.format(tag=source, disputed=disputed))
        house.json("operators", "import", tmp_path / f"{source}.csv", "--as-of", "2026-01-10", "--source", source)
    key = tmp_path / "second.key"
    house.json("officers", "add", "Basil Thomas", "--role", "signatory", "--key-out", key)
    first, second = seen(DAY, "o-1"), seen(DAY + timedelta(days=9), "o-2")
    bad = seen(DAY, "o-3") | {"at": "2026-05-04 06:30"}
    (tmp_path / "seen.csv").write_bytes(text(OBSERVED, [first, second, bad]))
    taken = house.json("observations", "import", tmp_path / "seen.csv", "--profile", "paricha-1", exit_code=1)
    assert [row["outcome"] for row in taken["rows"]] == ["taken", "taken", "refused"]
    assert set(taken["rows"][0]) == {"row", "reference", "sighting", "outcome", "code", "words"}
    made = house.json("requests", "make")
    (request,) = made["requests"]
    assert set(request) == {"request", "operator", "layout", "rows", "days_left"} and request["operator"] == "fibre"
    assert [row["sighting"] for row in request["rows"]] == [row["sighting"] for row in taken["rows"][:2]]
    assert house.json("requests", "make")["requests"] == []
    number = request["request"]
    written = house.json("requests", "write", number, "--out", tmp_path / "out")
    assert set(written) == {"schema", "request", "letter", "sheets"}
    house.json("requests", "sign", number)
    refused = house.json("requests", "sign", number, exit_code=1)
    assert refused["refusals"][0]["code"] == "ACCESS-SAME-OFFICER"
    assert house.json("requests", "sign", number, "--key", key)["signed"]
    (tmp_path / "reply.csv").write_bytes(text(REPLY, [told(number, 1, first), told(number, 2, second)]))
    read = house.json("replies", "read", tmp_path / "reply.csv", "--request", number)
    assert set(read) == {"schema", "request", "rows", "no_records", "footers", "refusals"}
    assert [row["outcome"] for row in read["rows"]] == ["accepted", "accepted"]
    assert house.json("replies", "read", tmp_path / "reply.csv", "--request", number)["rows"] == read["rows"]
    (line,) = [json.loads(text) for text in house.run("doors", "export", "--jsonl").stdout.splitlines()]
    assert set(line) == {"schema", "door", "number", "state", "address", "strands", "checks", "enquiry", "jurisdiction"}
    assert line["state"] == "holds" and set(line["address"]) == {
        "text",
        "kind",
        "pin",
        "post_office",
        "local_body",
        "station",
    }
    assert set(line["strands"][0]) == {
        "kind", "sighting", "reference", "activity", "operator", "request", "reply_row", "subscriber"
    }  # fmt: skip
    assert set(line["checks"][0]) == {"code", "outcome", "words", "evidence", "decided_by"}
    (tmp_path / "seen.json").write_text(
        json.dumps({"officer": "T. Basheer", "at": "2026-06-02T17:40:00+05:30", "premises": "house"})
    )
    assert house.json("enquiries", "add", line["number"], tmp_path / "seen.json")["state"] == "holds"
    assert house.json("doors", "confirm", line["number"], "--station", "Example North")["station"] == "Example North"
    house.json("doors", "sign", line["number"])
    assert house.json("doors", "sign", line["number"], "--key", key)["signed"] is True
    for check in line["checks"]:
        for place in check["evidence"]:
            at = place["at"] if isinstance(place["at"], str) else json.dumps(place["at"])
            assert house.json("locate", place["original"], place["kind"], at)["text"]
        if check["code"] == "C20":
            break
