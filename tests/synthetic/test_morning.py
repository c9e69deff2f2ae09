"""What is true at the dwellings, what other records say, and who can be nominated."""

import csv

VOCABULARY = {
    "house",
    "flat",
    "hostel",
    "paying guest",
    "hotel",
    "cafe",
    "office",
    "school",
    "public wifi",
    "migrant camp",
}


def luhn_holds(number: str) -> bool:
    digits = [int(d) for d in reversed(number)]
    doubled = [sum(divmod(d * 2, 10)) for d in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def pack(state, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((state.files / "pack" / name).open()))


def test_each_dwelling_has_a_door_an_enquiry_and_a_morning(state):
    keys = [{row["dwelling"] for row in state.rows(name)} for name in ("doors", "enquiries", "mornings")]
    assert keys[0] == keys[1] == keys[2] and len(keys[0]) > 40


def test_enquiries_say_premises_in_the_agreed_words_and_sometimes_that_they_moved(state):
    rows = state.rows("enquiries")
    assert {r["premises"] for r in rows} <= VOCABULARY
    assert {r["others_use_line"] for r in rows} == {True, False}
    assert any(r["subscriber_moved_away"] and r["user_in_fact"] is None for r in rows)
    assert all(r["lives_here"] and r["floors"] >= 1 for r in rows)


def test_a_search_finds_nothing_or_devices_with_sound_made_up_numbers(state):
    rows = state.rows("mornings")
    assert {r["nothing_found"] for r in rows} == {r["person_arrested"] for r in rows} == {True, False}
    devices = [d for r in rows for d in r["devices"]]
    assert all(bool(r["devices"]) != r["nothing_found"] for r in rows)
    numbers = [d["imei"] for d in devices if d["imei"]]
    assert len(numbers) > 20 and all(len(n) == 15 and n.startswith("00100") and luhn_holds(n) for n in numbers)
    assert all(d["make"] and d["model"] and d["room"] for d in devices)


def test_corroborations_use_the_layout_and_agree_with_most_subscribers(state):
    rows = list(csv.DictReader((state.files / "corroborations.csv").open()))
    assert list(rows[0]) == ["activity", "kind", "value", "source", "source_reference"]
    assert {r["kind"] for r in rows} == {"phone", "email", "address"}
    contact = {c["customer"]: c["contact"] for c in state.rows("customers")}
    subject = {s["activity"]: s for s in state.rows("subjects")}
    phones = [r["value"] == contact[subject[r["activity"]]["customer"]] for r in rows if r["kind"] == "phone"]
    assert 0.7 < sum(phones) / len(phones) < 1


def test_the_south_has_too_few_women_officers(state):
    officers = pack(state, "officers.csv")
    women = {
        d: sum(o["woman"] == "yes" for o in officers if o["district"] == d)
        for d in ("Kadalnadu North", "Kadalnadu South")
    }
    assert women["Kadalnadu North"] >= 6 and women["Kadalnadu South"] < 3
    assert {o["cyber"] for o in officers} == {o["technical"] for o in officers} == {"yes", "no"}


def test_the_pack_hangs_together(state):
    districts = {r["district"] for r in pack(state, "districts.csv")}
    stations = {r["station"]: r for r in pack(state, "stations.csv")}
    bodies = pack(state, "local_bodies.csv")
    assert len(districts) == 2 and len(stations) == 8
    assert {s["district"] for s in stations.values()} == districts
    assert all(stations[b["station"]]["district"] == b["district"] for b in bodies)
    names = [b["local_body"] for b in bodies]
    assert len(names) > len(set(names)), "one local body's name stands in both districts"
    ranks = {r["rank"] for r in pack(state, "ranks.csv")}
    assert {o["rank"] for o in pack(state, "officers.csv")} <= ranks
    assert {o["unit"] for o in pack(state, "officers.csv")} <= districts | set(stations)


def test_a_pin_can_touch_two_stations(state):
    stations: dict[str, set[str]] = {}
    for office in pack(state, "post_offices.csv"):
        stations.setdefault(office["pin"], set()).add(office["station"])
    assert max(map(len, stations.values())) == 2


def test_doors_stand_where_the_pack_has_a_local_body(state):
    offices = {(o["pin"], o["post_office"], o["local_body"], o["station"]) for o in pack(state, "post_offices.csv")}
    for door in state.rows("doors"):
        assert (door["pin"], door["post_office"], door["local_body"], door["station"]) in offices
        assert door["pin"] in door["address"] and door["local_body"] in door["address"]
