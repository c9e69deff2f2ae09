"""The tips read back with the standard library's JSON, by eyes of this test alone, and held against the truth."""

import json
from typing import Any

import pytest


def documents(path) -> list[dict[str, Any]]:
    text = path.read_bytes().decode("utf-8-sig")
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in text.splitlines()]
    value = json.loads(text)
    return value if isinstance(value, list) else [value]


def inner(value: Any) -> list[Any]:
    """A list in either shape."""
    if isinstance(value, dict):
        assert len(value) == 1
        return next(iter(value.values()))
    return value or []


@pytest.fixture(scope="module")
def written(state) -> dict[str, dict[str, Any]]:
    found = [d for f in sorted((state.files / "tips").rglob("*")) if f.is_file() for d in documents(f)]
    by_number = {str(d["reportId"]): d for d in found}
    assert len(by_number) == len(found)
    return by_number


@pytest.fixture(scope="module")
def raw(state) -> list[bytes]:
    return [f.read_bytes() for f in sorted((state.files / "tips").rglob("*")) if f.is_file()]


def captures(holder: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        c for c in inner(holder.get("sourceInformation", {}).get("sourceCaptures")) if c["captureType"] == "IP Address"
    ]


def stated(value: Any) -> Any:
    return None if value in (None, "", "N/A") else value


def test_each_tip_with_json_is_written_once(state, written):
    truth = {t["report_number"] for t in state.rows("tips") if "json" in t["forms"]}
    assert set(written) == truth


def test_sightings_of_the_files_are_those_of_the_truth(state, written):
    for tip in state.rows("tips"):
        if "json" not in tip["forms"]:
            continue
        about = written[tip["report_number"]]["reportedInformation"]
        said = []
        for kind, role in (("reportedPersons", "suspect"), ("intendedRecipients", "recipient")):
            for n, person in enumerate(inner(about["reportedPeople"][kind]), start=1):
                said += [(f"{role} {n}", c) for c in captures(person)]
        for n, file in enumerate(inner(about["uploadedFiles"]), start=1):
            said += [(f"file {n}", c) for c in captures(file)]
        got = sorted(
            (who, c["value"], int(stated(c.get("port")) or 0), c["eventName"], c["dateTime"] or "") for who, c in said
        )
        want = sorted(
            (s["who"], s["address"], s["port"] or 0, s["event"], s["at"]["as_written"] or "") for s in tip["sightings"]
        )
        assert got == want, tip["report_number"]


def test_people_and_files_are_those_of_the_truth(state, written):
    for tip in state.rows("tips"):
        if "json" not in tip["forms"]:
            continue
        about = written[tip["report_number"]]["reportedInformation"]
        suspects = inner(about["reportedPeople"]["reportedPersons"])
        for person, truth in zip(suspects, [p for p in tip["people"] if p["role"] == "suspect"], strict=True):
            parts = [stated(person.get(k)) for k in ("firstName", "middleName", "lastName")]
            assert [" ".join(p for p in parts if p)] == (truth["names"][:1] or [""])
            assert [n for n in [stated(person.get("preferredName"))] if n] == truth["names"][1:]
            keys = ("street1", "street2", "city", "state", "postalCode", "country")
            homes = [", ".join(a[k] for k in keys if a.get(k)) for a in inner(person.get("addresses"))]
            assert homes == truth["addresses"]
            every = inner(person.get("sourceInformation", {}).get("sourceCaptures"))
            devices = [(c["valueType"], c["value"]) for c in every if c["captureType"] == "Device ID"]
            assert devices == [(d["id_type"], d["value"]) for d in truth["devices"]]
            assert [e["value"] for e in inner(person.get("emails"))] == truth["emails"]
            assert [p["value"] for p in inner(person.get("phones"))] == truth["phones"]
            name = person.get("screenName")
            name = name["value"] if isinstance(name, dict) else stated(name)
            assert name == (truth["accounts"][0]["screen_name"] if truth["accounts"] else None)
        files = inner(about["uploadedFiles"])
        assert [(f["filename"], f["verificationHash"], f["viewedByEsp"]) for f in files] == [
            (f["name"], f["verification_hash"], f["viewed"]) for f in tip["files_reported"]
        ]
        children = [v["approximateAge"] for v in inner(about["reportedPeople"]["childVictims"])]
        assert children == [p["ages"][0] for p in tip["people"] if p["role"] == "victim"]
        summary = about["incidentSummary"]
        assert stated(summary.get("incidentDateTime")) == tip["incident"]["at"]["as_written"]


def test_places_are_those_of_the_truth(state, written):
    for tip in state.rows("tips"):
        if "json" not in tip["forms"]:
            continue
        document = written[tip["report_number"]]
        lookups = document["automatedInformation"]["autoGeneratedNotes"]["geoLookups"]
        keys = ("ipAddress", "country", "region", "city", "organization")
        said = [tuple(row[k] for k in keys) for rows in lookups.values() for row in inner(rows)]
        about = document["reportedInformation"]["reportedPeople"]
        people = [*inner(about["reportedPersons"]), *inner(about["intendedRecipients"])]
        for place in [e for p in people for e in inner(p.get("espEstimatedLocations"))]:
            said.append((None, place["countryCode"], place["region"], place["city"], None))
        names = ("address", "country", "region", "city", "organisation")
        assert sorted(map(repr, said)) == sorted(repr(tuple(p[n] for n in names)) for p in tip["places"])


def test_what_providers_know_besides_occurs(state):
    people = [p for t in state.rows("tips") for p in t["people"]]
    assert {"IMEI", "GAID"} == {d["id_type"] for p in people for d in p["devices"]}
    assert any(p["addresses"] for p in people) and any(len(p["names"]) == 2 for p in people)
    assert {p["role"] for p in people} == {"suspect", "recipient", "victim", "reporter"}
    assert any(p["said_by"] == "esp" for t in state.rows("tips") for p in t["places"])


def test_both_list_shapes_and_both_screen_names_occur(written):
    people = [d["reportedInformation"]["reportedPeople"]["reportedPersons"] for d in written.values()]
    assert {type(p) for p in people} == {list, dict}
    names = [type(inner(p)[0].get("screenName")) for p in people if inner(p)]
    assert dict in names and str in names


def test_files_come_with_and_without_byte_order_mark_as_lines_and_as_list(state, raw):
    marked = [data.startswith(b"\xef\xbb\xbf") for data in raw]
    assert any(marked) and not all(marked)
    names = {f.suffix for f in (state.files / "tips").rglob("*.*")}
    assert names == {".json", ".jsonl"}
    assert any(data.lstrip(b"\xef\xbb\xbf").startswith(b"[") for data in raw)


def test_not_stated_is_said_in_every_way(written):
    ways = set()
    for document in written.values():
        for person in inner(document["reportedInformation"]["reportedPeople"]["reportedPersons"]):
            ways.add(repr(person.get("races", "missing")))
    assert ways == {"'missing'", "None", "'N/A'", "''"}


def test_instants_are_written_in_every_way(state):
    at = [s["at"] for t in state.rows("tips") for s in t["sightings"]]
    assert {a["zone_source"] for a in at} == {"stated", "none", None}
    assert {a["precision"] for a in at} == {"second", "minute", None}
    text = [a["as_written"] or "" for a in at]
    for ending in ("Z", "+05:30", "-07:00"):
        assert any(t.endswith(ending) for t in text), ending
    for a in at:
        assert (a["utc"] is None) == (a["zone_source"] != "stated")


def test_names_come_in_three_scripts(state):
    assert {s["script"] for s in state.rows("subjects")} == {"latin", "malayalam", "devanagari"}


def test_several_people_ports_ipv6_and_proxies_occur(state):
    tips = state.rows("tips")
    roles = {(p["role"], p["number"]) for t in tips for p in t["people"]}
    assert {("suspect", 1), ("suspect", 2), ("recipient", 1)} <= roles
    seen = [s for t in tips for s in t["sightings"]]
    assert {s["port"] is None for s in seen} == {True, False}
    assert any(":" in s["address"] for s in seen)
    assert {s["possible_proxy"] for s in seen} == {True, False, None}
    assert any(s["who"].startswith("file") for s in seen)


def test_free_text_tips_hide_their_data_in_prose(state, written):
    free = [t for t in state.rows("tips") if t["free_text"] and t["reporter"]["esp"] == "Example Pay"]
    assert free
    for tip in free:
        document = written[tip["report_number"]]
        assert tip["sightings"] == []
        assert document["reportedInformation"]["additionalInformations"][0]["value"].startswith("Account holder:")
        person = inner(document["reportedInformation"]["reportedPeople"]["reportedPersons"])[0]
        assert stated(person.get("espUserId")) is None


def test_unknown_keys_geo_lookups_priorities_and_shared_hashes_occur(state, written):
    tips = state.rows("tips")
    assert any("/exampleExtension" in t["unknown_keys"] for t in tips)
    assert {t["priority"] for t in tips} == {"1", "2", "3", "E"}
    lookups = [
        inner(d["automatedInformation"]["autoGeneratedNotes"]["geoLookups"]["reportedPersonGeoLookups"])
        for d in written.values()
    ]
    assert sum(map(len, lookups)) > 300
    hashes = [f["verification_hash"] for t in tips for f in t["files_reported"]]
    assert len(set(hashes)) < len(hashes)


def test_outcomes_are_labels_that_the_files_do_not_say(state, raw):
    outcomes = {t["outcome"] for t in state.rows("tips")}
    assert outcomes == {"child_at_risk", "contact_offence", "holds_files", "shared_once", "not_actionable"}
    assert not any(o.encode() in data for o in outcomes for data in raw)


def test_a_later_delivery_changes_some_reports_and_repeats_others(state, written):
    kinds = set()
    for row in state.rows("later"):
        kinds.add(row["kind"])
        before = written[row["report_number"]]
        after = documents(state.files / row["file"])[0]
        first = captures(inner(before["reportedInformation"]["reportedPeople"]["reportedPersons"])[0])
        then = captures(inner(after["reportedInformation"]["reportedPeople"]["reportedPersons"])[0])
        assert len(then) == len(first) + len(row["sightings_added"])
        if row["kind"] == "unchanged":
            assert after == before and row["version"] == 1
        else:
            assert (
                after["additionalNcmecInformation"]["dateTimeProcessed"]
                > before["additionalNcmecInformation"]["dateTimeProcessed"]
            )
        if row["kind"] == "reclassified":
            assert after["additionalNcmecInformation"]["priority"]["priorityId"] == row["priority"]
            assert after["additionalNcmecInformation"]["ncmecClassification"] == row["classification"]
    assert kinds == {"reclassified", "more sightings", "unchanged"}
