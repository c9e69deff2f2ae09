"""Snapshots looked up with the standard library: whose address, as of the day."""

import csv
import ipaddress
from collections import defaultdict

import pytest


@pytest.fixture(scope="module")
def lookup(state):
    listed = [r for r in state.rows("operators") if r.get("kind") == "snapshot"]
    tables = defaultdict(list)
    for row in listed:
        rows = [
            (ipaddress.ip_network(r["prefix"]), int(r["asn"]))
            for r in csv.DictReader((state.files / row["file"]).open())
        ]
        tables[row["source"]].append((row["as_of"], rows))

    def find(address: str, day: str) -> list[int]:
        said = []
        for dated in tables.values():
            rows = [rows for as_of, rows in sorted(dated, key=lambda x: x[0]) if as_of <= day][-1]
            asked = ipaddress.ip_address(address)
            hits = [(n.prefixlen, asn) for n, asn in rows if n.version == asked.version and asked in n]
            said += [max(hits)[1]] if hits else []
        return said

    return find


def table(state) -> dict[int, dict[str, str]]:
    return {int(r["asn"]): r for r in csv.DictReader((state.files / "operators" / "table.csv").open())}


def test_two_sources_name_the_same_operator_for_each_ordinary_sighting(state, lookup):
    operators, seen = table(state), 0
    for tip in state.rows("tips"):
        for s in tip["sightings"]:
            if tip["lane"] == "unsure operator" or s["operator"] is None or s["customer"] is None:
                continue
            said = lookup(s["address"], s["true_utc"][:10])
            assert len(said) == 2 and len(set(said)) == 1, s
            assert operators[said[0]]["operator"] == s["operator"]
            seen += 1
    assert seen > 400


def test_a_block_moves_one_is_disputed_one_is_known_to_one_source(state, lookup):
    planted = {
        r["planted"]: str(ipaddress.ip_network(r["prefix"])[5]) for r in state.rows("operators") if "planted" in r
    }
    operators = table(state)
    before, after = lookup(planted["moved"], "2026-03-01"), lookup(planted["moved"], "2026-07-01")
    assert len(set(before)) == len(set(after)) == 1 and before != after
    assert {operators[before[0]]["operator"], operators[after[0]]["operator"]} == {"kayal", "tharaka"}
    assert len(set(lookup(planted["disputed"], "2026-07-01"))) == 2
    assert len(lookup(planted["one source only"], "2026-07-01")) == 1


def test_the_table_has_each_kind_and_shared_addresses(state):
    rows = list(csv.DictReader((state.files / "operators" / "table.csv").open()))
    assert {r["kind"] for r in rows} == {"fixed", "cable", "mobile", "business", "hosting"}
    assert {r["operator"] for r in rows if r["shared_ipv4"] == "yes"} == {"kayal", "minnal"}
    assert (state.files / "pack" / "operators.csv").read_bytes() == (
        state.files / "operators" / "table.csv"
    ).read_bytes()


def test_exits_cover_the_sightings_of_those_who_hide(state):
    exits = [
        ipaddress.ip_network(r["prefix"]) for r in csv.DictReader((state.files / "operators" / "exits.csv").open())
    ]
    hidden = [
        s for t in state.rows("tips") if t["lane"] == "exit" for s in t["sightings"] if s["operator"] == "meghamala"
    ]
    assert hidden
    assert all(any(n.version == 4 and ipaddress.ip_address(s["address"]) in n for n in exits) for s in hidden)
