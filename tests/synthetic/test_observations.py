"""Observations in the layout `paricha-1`: good rows, and one of each planted fault."""

import csv
from datetime import UTC, datetime, timedelta, timezone

COLUMNS = (
    "reference,activity,provenance,address,port,protocol,at,zone,precision,observer_address,observer_port,direction,"
    "clock_source,clock_offset_ms,infohash_echoed,pieces_claimed,pieces_total,entry,address_again,at_again,authority"
).split(",")


def rows(state) -> list[dict[str, str]]:
    return list(csv.DictReader((state.files / "observations.csv").open()))


def test_every_row_has_its_truth(state):
    written = rows(state)
    assert list(written[0]) == COLUMNS
    assert [r["reference"] for r in written] == [t["reference"] for t in state.rows("observations")]
    assert state.totals["observations"] == len(written)


def test_good_rows_state_their_instant_and_are_seen_on_two_days(state):
    days: dict[str, set[str]] = {}
    for row, truth in zip(rows(state), state.rows("observations"), strict=True):
        if truth["expected"] != "taken":
            continue
        at = datetime.fromisoformat(row["at"])
        assert (at.tzinfo is None) == (row["zone"] == "IST")
        at = at if at.tzinfo else at.replace(tzinfo=timezone(timedelta(hours=5, minutes=30)))
        assert at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") == truth["true_utc"]
        assert row["address"] == truth["address"] and 1 <= int(row["port"]) <= 65535
        days.setdefault(row["activity"], set()).add(truth["true_utc"][:10])
    assert len(days) >= 6 and all(len(d) == 2 for d in days.values())


def test_each_planted_fault_is_there(state):
    by_why = {t["why"]: r for r, t in zip(rows(state), state.rows("observations"), strict=True) if t["why"]}
    assert by_why["hearsay never leads"]["provenance"] == "tracker"
    assert by_why["no zone"]["zone"] == "" and datetime.fromisoformat(by_why["no zone"]["at"]).tzinfo is None
    assert by_why["a date in another form"]["at"][2] == "/"
    typed = by_why["unequal double entry"]
    assert typed["entry"] == "typed" and typed["address_again"] != typed["address"]
    assert by_why["no clock"]["clock_source"] == "none"
    assert int(by_why["clock more than 500 ms off"]["clock_offset_ms"]) > 500
    assert int(by_why["a port that is none"]["port"]) > 65535


def test_each_good_row_stands_in_the_leases_of_its_customer(state):
    leases: dict[str, list[dict]] = {}
    for lease in state.rows("leases"):
        leases.setdefault(lease["customer"], []).append(lease)
    for truth in state.rows("observations"):
        assert any(x["start"] <= truth["true_utc"] <= x["end"] for x in leases[truth["customer"]])
