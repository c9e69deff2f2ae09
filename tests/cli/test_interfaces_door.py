"""The promise of "The door" in the interfaces, driven from outside with files made by hand: operators, observations,
requests, replies and doors. One house walks the road once; each test looks at one promise of what it printed.

Addresses are of RFC 2544 and 5737, numbers of RFC 5398; people, places and telephone numbers are made up.
"""

import csv
import json
import shutil
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from python_calamine import load_workbook

from tests.cli.conftest import LOCATOR, csv_text, is_refusal, only_object, write_json

pytestmark = pytest.mark.slow

OBSERVED = (
    "reference,activity,provenance,address,port,protocol,at,zone,precision,observer_address,observer_port,direction,"
    "clock_source,clock_offset_ms,infohash_echoed,pieces_claimed,pieces_total,entry,address_again,at_again,authority"
).split(",")
REPLY = (
    "Request,Row,Source IP,Source Port,Session Start,Session End,Time Zone,Destination IP,Destination Port,Subscriber ID,"
    "Subscriber Name,Address,Address Kind,Contact,Email,Connection Type,Premises,Allocation,Activated On,Address Since,"
    "Address Until,IMEI,Remarks"
).split(",")
DETAILS = (
    "User ID,Name,Installation Address,Billing Address,Permanent Address,Contact,Email,Connection Type,Premises,"
    "Activated On,Address Since,Address Until"
).split(",")
SHEET = (
    "Request,Row,Type,Source IP,Source Port,Protocol,From IST,To IST,From UTC,To UTC,Destination IP,Destination Port"
).split(",")
TABLE = """operator,name,asn,from,until,kind,shared_ipv4,ipv6_prefix,request_layout
fibre,Example Fibre,64496,2020-01-01,,fixed,no,56,generic
cable,Example Cable,64497,2020-01-01,,cable,yes,56,generic
mobile,Example Mobile,64498,2020-01-01,,mobile,yes,64,generic
old,Example Old,64500,2020-01-01,2026-03-31,fixed,no,56,generic
"""
SNAPSHOT = """prefix,asn,as_name,country
198.18.0.0/17,64496,{tag} ONE,IN
198.18.128.0/18,64497,{tag} TWO,IN
198.19.0.0/17,64498,{tag} THREE,IN
203.0.113.0/25,{disputed},{tag} FIVE,IN
2001:db8:1000::/36,64496,{tag} ONE,IN
"""
DAY = datetime(2026, 5, 4, 6, 30, tzinfo=UTC)  # noon in India
LATER = DAY + timedelta(days=9)
IST = timedelta(hours=5, minutes=30)


def seen(reference, activity, address, at=DAY, **more):
    row = dict.fromkeys(OBSERVED, "") | {
        "reference": reference, "activity": activity, "provenance": "direct", "address": address, "port": "40112",
        "protocol": "TCP", "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "precision": "second", "direction": "incoming",
        "observer_address": "203.0.113.200", "observer_port": "6881", "clock_source": "ntp", "clock_offset_ms": "12",
        "infohash_echoed": "yes", "pieces_claimed": "64", "pieces_total": "256", "entry": "machine", "authority": "ORDER-1",
    }  # fmt: skip
    return row | more


GOOD = [
    seen("a1", "peer-a", "198.18.4.1"), seen("a2", "peer-a", "198.18.4.2", LATER),
    seen("b1", "peer-b", "198.18.4.3"),
    seen("c1", "peer-c", "198.18.4.5"), seen("c2", "peer-c", "198.18.4.6", LATER),
    seen("d1", "peer-d", "198.18.4.7"), seen("d2", "peer-d", "198.18.4.8", LATER),
    seen("e1", "peer-e", "198.18.4.9"), seen("f1", "peer-f", "198.18.4.11"), seen("g1", "peer-g", "198.18.4.12"),
    seen("h1", "peer-h", "198.18.4.13"), seen("h2", "peer-h", "198.18.4.14", LATER), seen("n1", "peer-n", "198.18.4.15"),
    seen("i1", "peer-i", "198.18.4.16"), seen("i2", "peer-i", "198.18.4.16", DAY + timedelta(minutes=5)),
    seen("m1", "peer-m", "198.19.4.1"), seen("m2", "peer-m", "198.19.4.2", LATER),
    seen("t1", "peer-t", "198.18.4.17", entry="typed", address_again="198.18.4.17", at_again="2026-05-04T06:30:00Z"),
    seen("z1", "peer-z", "198.18.4.18") | {"at": "2026-05-04T12:00:00", "zone": "IST"},
]  # fmt: skip
NOT_ASKED = [
    seen("s1", "peer-s", "198.18.140.1", port=""), seen("x1", "peer-x", "198.18.99.1"), seen("q1", "peer-q", "203.0.113.1"),
]  # fmt: skip
HELD = [seen("k1", "peer-k", "198.18.4.30", clock_offset_ms="900")]
BAD = [
    ("C07", seen("r1", "p", "198.18.4.40") | {"at": "2026-05-04T06:30:00"}),
    ("C07", seen("r2", "p", "198.18.4.40") | {"at": "04/05/2026 06:30:00", "zone": "IST"}),
    (
        "C02",
        seen("r3", "p", "198.18.4.40", entry="typed", address_again="198.18.4.41", at_again="2026-05-04T06:30:00Z"),
    ),
    ("C11", seen("r4", "p", "10.0.0.1")),
    ("C05", seen("r5", "p", "198.18.4.40", clock_source="none")),
]
HEARSAY = [
    seen(f"y{place}", "p", "198.18.4.50", provenance=word)
    for place, word in enumerate(("tracker", "dht", "pex", "third_party"))
]


def ist(at):
    return (at + IST).strftime("%Y-%m-%d %H:%M:%S")


def instant(observed):
    text = observed["at"]
    if observed["zone"] == "IST":
        return datetime.fromisoformat(text + "+05:30").astimezone(UTC)
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


class Walk:
    """The house, and what each command printed."""

    def __init__(self, house, base: Path):
        self.house, self.base = house, base

    def told(self, *words, code=0):
        return only_object(self.house.run(*words, "--json", exit_code=code))

    def file(self, name, data) -> Path:
        path = self.base / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    def answer(self, reference, **more):
        """A right answer to one observation in the generic layout."""
        observed = next(row for row in GOOD if row["reference"] == reference)
        number, row = self.place[reference]
        at = instant(observed)
        return dict.fromkeys(REPLY, "") | {
            "Request": number, "Row": str(row), "Source IP": observed["address"], "Source Port": observed["port"],
            "Session Start": ist(at - timedelta(minutes=40)), "Session End": ist(at + timedelta(minutes=25)),
            "Time Zone": "IST", "Subscriber ID": f"S-{observed['activity']}", "Subscriber Name": "Example Subscriber",
            "Address": f"House of {observed['activity']}, Ward 11, Made-up Town, PIN 671124", "Address Kind": "installation",
            "Connection Type": "fixed", "Premises": "house", "Allocation": "dynamic", "Activated On": "2021-03-01",
            "Address Since": "2021-03-01", "Contact": "0000000417",
        } | {name.replace("_", " "): value for name, value in more.items()}  # fmt: skip

    def doors(self):
        """The doors by activity; `lines` keeps all of them, where one activity led to two."""
        self.lines = lines = [
            json.loads(line) for line in self.house.run("doors", "export", "--jsonl").stdout.splitlines()
        ]
        return {strand["activity"]: line for line in lines for strand in line["strands"]}


@pytest.fixture(scope="module")
def walk(new_house, tmp_path_factory):
    walk = Walk(new_house("door"), tmp_path_factory.mktemp("door"))
    walk.key = walk.base / "second.key"
    walk.told("officers", "add", "Basil Thomas", "--role", "signatory", "--role", "supervisor", "--key-out", walk.key)
    walk.imported = [
        walk.told("operators", "import", walk.file(name, text), "--as-of", "2026-01-10", "--source", source)
        for name, text, source in (
            ("table.csv", TABLE, "unit"),
            ("registry.csv", SNAPSHOT.format(tag="registry", disputed=64496), "registry"),
            ("routes.csv", SNAPSHOT.format(tag="routes", disputed=64501), "routes"),
            ("exits.csv", "prefix,kind,list\n198.18.99.0/24,vpn,example-vpn\n", "lists"),
        )
    ]
    rows = GOOD + NOT_ASKED + HELD + [row for _code, row in BAD] + HEARSAY
    walk.seen = walk.file("seen.csv", csv_text(OBSERVED, rows))
    walk.taken = walk.told("observations", "import", walk.seen, "--profile", "paricha-1", code=1)
    walk.again = walk.told("observations", "import", walk.seen, "--profile", "paricha-1", code=1)
    by_id = {row["sighting"]: row["reference"] for row in walk.taken["rows"] if row["sighting"]}
    walk.made, walk.made_again = walk.told("requests", "make"), walk.told("requests", "make")
    walk.unrequested = {by_id[one["sighting"]]: one for one in walk.made["unrequested"]}
    walk.place = {
        by_id[row["sighting"]]: (one["request"], row["row"]) for one in walk.made["requests"] for row in one["rows"]
    }
    walk.of = {one["operator"]: one["request"] for one in walk.made["requests"]}
    _sign(walk)
    _reply(walk)
    return walk


def _sign(walk):
    """Both requests written and signed by two; on the way an unsigned reply and a changed sheet are tried."""
    walk.written = {}
    for operator, number in walk.of.items():
        walk.written[operator] = walk.told("requests", "write", number, "--out", walk.base / operator)
    number, out = walk.of["fibre"], walk.base / "fibre"
    early = walk.file("early.csv", csv_text(REPLY, [walk.answer("a1")]))
    walk.too_early = walk.told("replies", "read", early, "--request", number, code=1)
    changed = walk.base / "changed"
    shutil.copytree(out, changed)
    _change(changed)
    walk.changed = walk.told("requests", "sign", number, "--dir", changed, code=1)
    walk.first_signature = walk.told("requests", "sign", number)
    walk.same_officer = walk.told("requests", "sign", number, code=1)
    walk.told("requests", "sign", number, "--key", walk.key)
    for _time in range(2):
        walk.told("requests", "sign", walk.of["mobile"], *(("--key", walk.key) if _time else ()))


def _change(folder):
    """One digit of the first address in the sheet."""
    (sheet,) = folder.glob("*.xlsx")
    with zipfile.ZipFile(sheet) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(sheet, "w") as book:
        for name, data in parts.items():
            book.writestr(name, data.replace(b"198.18.4.1<", b"198.18.4.7<"))


def _reply(walk):
    fibre, mobile = walk.of["fibre"], walk.of["mobile"]
    slipped = DAY - IST
    log = [
        walk.answer("a1"), walk.answer("a2"), walk.answer("b1"),
        walk.answer("c1", Address_Kind="billing"), walk.answer("c2", Address_Kind="billing"),
        walk.answer("d1"), walk.answer("d2"),
        walk.answer("e1", Session_Start=ist(slipped - timedelta(minutes=20)), Session_End=ist(slipped + timedelta(minutes=20))),
        walk.answer("f1", Source_IP="198.18.4.91"),
        walk.answer("g1", Subscriber_ID="S-1", Row=""), walk.answer("g1", Subscriber_ID="S-2", Row=""),
        walk.answer("h1", Subscriber_ID="U-9", Subscriber_Name="", Address="", Address_Kind=""),
        walk.answer("h2", Subscriber_ID="U-9", Subscriber_Name="", Address="", Address_Kind=""),
        dict.fromkeys(REPLY, "") | {"Request": fibre, "Row": str(walk.place["n1"][1]), "Time Zone": "IST", "Remarks": "No records found"},
        walk.answer("i1", Row="", Session_End=ist(DAY + timedelta(minutes=50))),
        walk.answer("t1") | {"Row": "999"},
    ]  # fmt: skip
    nine = {
        "User ID": "U-9",
        "Name": "Example Nine",
        "Connection Type": "fixed",
        "Premises": "house",
        "Activated On": "2021-03-01",
    }
    addresses = ("9 Hill Road, PIN 671124", "9 Lake Road, PIN 671124")
    details = [nine | {"Installation Address": address, "Address Since": "2021-03-01"} for address in addresses]
    walk.log = walk.file("log.csv", csv_text(REPLY, log))
    walk.details = walk.file("details.csv", csv_text(DETAILS, details))
    foreign = walk.file("foreign.csv", csv_text(REPLY, [walk.answer("a1", Request="R-9999")]))
    unknown = walk.file("unknown.csv", "Alpha,Beta\n1,2\n")
    zoneless = walk.file("zoneless.csv", csv_text(REPLY, [walk.answer("b1", Time_Zone="")]))
    files = [foreign, unknown, zoneless, walk.log, walk.details]
    walk.read = walk.told("replies", "read", *files, "--request", fibre, code=1)
    walk.rows = len(log)
    moving = [walk.answer(one, Connection_Type="mobile", Address_Kind="permanent", Premises="") for one in ("m1", "m2")]
    walk.told("replies", "read", walk.file("mobile.csv", csv_text(REPLY, moving)), "--request", mobile, code=None)
    walk.first_doors = walk.doors()
    walk.before = {line["door"] for line in walk.lines}
    walk.repeated = walk.told("replies", "read", walk.log, walk.details, "--request", fibre, code=None)
    other = walk.file(
        "later.csv", csv_text(REPLY, [walk.answer("d1", Subscriber_ID="S-other", Address="Elsewhere 3, PIN 671124")])
    )
    walk.later = walk.told("replies", "read", other, "--request", fibre, code=None)
    walk.then = walk.doors()
    walk.now = {line["door"] for line in walk.lines}


def checks(line):
    return {check["code"]: check for check in line["checks"]}


def outcome(line, code):
    return checks(line)[code]["outcome"]


# --- operators and observations ------------------------------------------------------------------------------------


def test_the_header_says_which_of_three_files_it_is(walk):
    assert [one["kind"] for one in walk.imported] == ["table", "snapshot", "snapshot", "exits"]
    assert [one["refusals"] for one in walk.imported] == [[]] * 4


def test_observations_print_exactly_their_object(walk):
    assert list(walk.taken) == ["schema", "rows", "refusals"]
    assert all(list(row) == ["row", "reference", "sighting", "outcome", "code", "words"] for row in walk.taken["rows"])
    assert [row["row"] for row in walk.taken["rows"]] == list(range(1, len(walk.taken["rows"]) + 1))
    assert all(is_refusal(one) for one in walk.taken["refusals"])


def rows_of(walk, observed):
    named = {row["reference"]: row for row in walk.taken["rows"]}
    return [named[one["reference"]] for one in observed]


def test_good_rows_are_taken(walk):
    assert {(row["outcome"], row["code"], row["words"]) for row in rows_of(walk, GOOD + NOT_ASKED)} == {
        ("taken", None, None)
    }
    assert all(row["sighting"] for row in rows_of(walk, GOOD))


def test_a_clock_beyond_half_a_second_is_held(walk):
    (row,) = rows_of(walk, HELD)
    assert (row["outcome"], row["code"]) == ("held", "C05") and row["sighting"] and row["words"]


@pytest.mark.parametrize("place", range(len(BAD)))
def test_a_bad_row_is_refused_with_its_check_and_kept_not_even_half(walk, place):
    code, observed = BAD[place]
    (row,) = rows_of(walk, [observed])
    assert (row["outcome"], row["code"], row["sighting"]) == ("refused", code, None) and row["words"]


def test_hearsay_never_leads(walk):
    assert {row["outcome"] for row in rows_of(walk, HEARSAY)} <= {"held", "refused"}
    assert {row["code"] for row in rows_of(walk, HEARSAY)} == {"C01"}


def test_each_refused_row_is_listed(walk):
    assert len(walk.taken["refusals"]) == sum(row["outcome"] == "refused" for row in walk.taken["rows"])


def test_the_same_observations_again_add_nothing(walk):
    assert walk.again == walk.taken


def test_another_profile_is_refused(walk):
    told = walk.told("observations", "import", walk.seen, "--profile", "paricha-9", code=1)
    assert [is_refusal(one) for one in told["refusals"]] == [True]


# --- requests ------------------------------------------------------------------------------------------------------


def test_requests_print_exactly_their_object(walk):
    assert list(walk.made) == ["schema", "requests", "unrequested"]
    for one in walk.made["requests"]:
        assert list(one) == ["request", "operator", "layout", "rows", "days_left"]
        assert (one["layout"], type(one["days_left"])) == ("generic", int)
        assert [row["row"] for row in one["rows"]] == list(range(1, len(one["rows"]) + 1))
        assert all(list(row) == ["row", "sighting"] for row in one["rows"])
    assert all(list(one) == ["sighting", "code", "words"] for one in walk.made["unrequested"])
    assert set(walk.of) == {"fibre", "mobile"}


def test_who_cannot_be_asked_is_named_with_the_check(walk):
    assert {reference: one["code"] for reference, one in walk.unrequested.items()} == {
        "s1": "C12", "x1": "C14", "q1": "C16", "k1": "C05",
    }  # fmt: skip


def test_making_again_adds_only_new_sightings(walk):
    assert walk.made_again["requests"] == []


def sheet_rows(path):
    if path.endswith(".xlsx"):
        return load_workbook(path).get_sheet_by_index(0).to_python()
    return list(csv.reader(Path(path).read_text("utf-8-sig").splitlines()))


def test_a_request_is_one_letter_and_its_sheets_and_nothing_else_of_their_types(walk):
    for operator, written in walk.written.items():
        assert list(written) == ["schema", "request", "letter", "sheets"]
        named = {Path(written["letter"]).name, *(Path(sheet).name for sheet in written["sheets"])}
        lying = {
            file.name for file in (walk.base / operator).iterdir() if file.suffix in (".pdf", ".xlsx", ".csv", ".txt")
        }
        assert named == lying and Path(written["letter"]).read_bytes().startswith(b"%PDF")


def test_the_generic_sheet_has_its_columns_and_asks_for_the_observed_second(walk):
    (sheet,) = walk.written["fibre"]["sheets"]
    rows = [[str(cell).removesuffix(".0") for cell in row] for row in sheet_rows(sheet)]
    assert SHEET in rows
    table = [dict(zip(SHEET, row, strict=False)) for row in rows[rows.index(SHEET) + 1 :]]
    asked = {row["Source IP"]: row for row in table if row["Request"] == walk.of["fibre"]}
    assert len(asked) >= 13
    assert asked["198.18.4.1"] == {
        "Request": walk.of["fibre"], "Row": str(walk.place["a1"][1]), "Type": "IPV4", "Source IP": "198.18.4.1",
        "Source Port": "40112", "Protocol": "TCP", "From IST": "2026-05-04 12:00:00", "To IST": "2026-05-04 12:00:00",
        "From UTC": "2026-05-04 06:30:00", "To UTC": "2026-05-04 06:30:00", "Destination IP": "203.0.113.200",
        "Destination Port": "6881",
    }  # fmt: skip
    assert asked["198.18.4.18"]["From UTC"] == "2026-05-04 06:30:00", "a time in the zone of its column"


def test_a_changed_sheet_is_refused_and_the_field_named(walk):
    (refusal,) = walk.changed["refusals"]
    assert is_refusal(refusal) and "Source IP" in refusal["what"]


def test_the_same_officer_does_not_sign_twice(walk):
    (refusal,) = walk.same_officer["refusals"]
    assert is_refusal(refusal) and refusal["code"] == "ACCESS-SAME-OFFICER"


def test_replies_are_read_only_for_a_request_with_two_signatures(walk):
    assert [is_refusal(one) for one in walk.too_early["refusals"]] == [True]


# --- replies -------------------------------------------------------------------------------------------------------


def told_of(walk, reference):
    named = {row["sighting"]: row["reference"] for row in walk.taken["rows"] if row["sighting"]}
    return [row for row in walk.read["rows"] if named.get(row["sighting"]) == reference]


def test_replies_print_exactly_their_object(walk):
    assert list(walk.read) == ["schema", "request", "rows", "no_records", "footers", "refusals"]
    for row in walk.read["rows"]:
        assert list(row) == ["reply_row", "sighting", "outcome", "checks"]
        assert row["outcome"] in ("accepted", "held", "refused")
        for check in row["checks"]:
            assert list(check) == ["code", "outcome", "words"]
            assert check["outcome"] in ("pass", "warn", "hold", "block", "not applicable")


def test_every_row_of_the_file_is_in_one_of_them(walk):
    assert len({row["reply_row"] for row in walk.read["rows"]}) + walk.read["no_records"] == walk.rows
    assert walk.read["no_records"] == 1


def test_whole_files_are_refused_by_name_and_the_rest_is_read(walk):
    assert all(is_refusal(one) for one in walk.read["refusals"])
    assert [Path(one["file"]).name for one in walk.read["refusals"]] == ["foreign.csv", "unknown.csv", "zoneless.csv"]


def test_a_slip_of_the_zone_and_a_changed_digit_refuse_their_row_and_are_named(walk):
    (slip,), (digit,) = told_of(walk, "e1"), told_of(walk, "f1")
    words = {one["code"]: one["words"] for one in slip["checks"]}["C20"]
    assert slip["outcome"] == "refused" and "5 h 30" in words
    assert (
        digit["outcome"] == "refused" and "One digit" in {one["code"]: one["words"] for one in digit["checks"]}["C20"]
    )


def test_a_row_too_many_is_refused(walk):
    (row,) = [row for row in walk.read["rows"] if row["sighting"] is None]
    assert row["outcome"] == "refused"


def test_two_subscribers_for_one_instant_are_blocked(walk):
    assert [next(c["outcome"] for c in row["checks"] if c["code"] == "C21") for row in told_of(walk, "g1")] == [
        "block"
    ] * 2


def test_a_row_without_a_number_answers_each_instant_its_session_covers(walk):
    assert [row["outcome"] for row in told_of(walk, "i1") + told_of(walk, "i2")] == ["accepted"] * 2
    assert len({row["reply_row"] for row in told_of(walk, "i1") + told_of(walk, "i2")}) == 1


def test_the_same_files_again_add_nothing(walk):
    assert walk.repeated["rows"] == walk.read["rows"]
    added = walk.now - walk.before
    assert walk.before <= walk.now and len(added) == 1, "only the later reply's subscriber has a new door"


# --- doors ---------------------------------------------------------------------------------------------------------


def test_a_door_has_exactly_the_promised_keys(walk):
    for line in walk.first_doors.values():
        assert list(line) == "schema door number state address strands checks enquiry jurisdiction".split()
        assert list(line["address"]) == ["text", "kind", "pin", "post_office", "local_body", "station"]
        assert line["state"] in ("holds", "held", "blocked", "frozen") and line["number"].startswith("D-")
        for strand in line["strands"]:
            assert list(strand) == "kind sighting reference activity operator request reply_row subscriber".split()
        for check in line["checks"]:
            assert list(check) == ["code", "outcome", "words", "evidence", "decided_by"]
            assert check["outcome"] in ("pass", "warn", "hold", "block", "not applicable")
            assert all(set(place) == LOCATOR for place in check["evidence"])


LOCATE = """
import json
from pathlib import Path
from paricha.vault.locating import text_at
places = json.loads(Path(%r).read_text())
print(json.dumps([str(text_at(place["original"], place["kind"], place["at"])) for place in places]))
"""


def test_something_stands_at_every_place_that_a_check_names(walk, tmp_path):
    places = [place for line in walk.first_doors.values() for check in line["checks"] for place in check["evidence"]]
    kept = [place for place in places if place["original"] is not None]
    written = write_json(tmp_path / "places.json", kept)
    found = json.loads(walk.house.python(LOCATE % str(written)))
    assert len(found) > 50 and all(text.strip() for text in found)


def test_two_independent_resolutions_of_an_installation_address_hold(walk):
    line = walk.first_doors["peer-a"]
    assert (line["state"], outcome(line, "C22"), outcome(line, "C23")) == ("holds", "pass", "pass")
    assert line["address"]["text"] == "House of peer-a, Ward 11, Made-up Town, PIN 671124"
    assert [strand["reference"] for strand in line["strands"]] == ["a1", "a2"]
    assert {strand["kind"] for strand in line["strands"]} == {"address"}


def test_the_station_and_two_signatures_stand_as_holds_and_leave_the_state(walk):
    line = walk.first_doors["peer-a"]
    assert (outcome(line, "C31"), outcome(line, "C32")) == ("hold", "hold")


def test_a_check_that_is_not_built_is_absent(walk):
    built = {"C07", "C12", "C16", "C17", "C20", "C21", "C22", "C23", "C25", "C29", "C31", "C32"}
    for line in walk.first_doors.values():
        assert built <= set(checks(line)) and [check["code"] for check in line["checks"]] == sorted(checks(line))


def test_one_sound_resolution_is_held(walk):
    assert (walk.first_doors["peer-b"]["state"], outcome(walk.first_doors["peer-b"], "C22")) == ("held", "hold")


def test_two_contacts_in_one_session_on_one_day_are_one_resolution(walk):
    assert outcome(walk.first_doors["peer-i"], "C22") == "hold"


def test_a_billing_address_blocks(walk):
    assert (walk.first_doors["peer-c"]["state"], outcome(walk.first_doors["peer-c"], "C23")) == ("blocked", "block")


def test_details_join_by_user_id_and_two_addresses_hold_the_door(walk):
    lines = walk.first_doors["peer-h"]
    assert lines["address"]["text"] in ("9 Hill Road, PIN 671124", "9 Lake Road, PIN 671124")
    assert (lines["state"], lines["address"]["kind"]) == ("held", "installation")


def test_a_mobile_customers_address_is_a_hold(walk):
    line = walk.first_doors["peer-m"]
    assert (line["state"], outcome(line, "C23")) == ("held", "hold")


def test_a_later_reply_that_names_another_freezes_the_door_and_both_are_kept(walk):
    assert walk.first_doors["peer-d"]["state"] == "holds"
    (told,) = walk.later["rows"]
    walk.doors()
    doors = {
        line["strands"][0]["subscriber"]: line for line in walk.lines if line["strands"][0]["activity"] == "peer-d"
    }
    assert set(doors) == {"S-peer-d", "S-other"} and told["sighting"]
    assert (doors["S-peer-d"]["state"], outcome(doors["S-peer-d"], "C29")) == ("frozen", "block")


def test_a_block_is_never_decided_away(walk):
    number = walk.then["peer-c"]["number"]
    told = walk.told("holds", "decide", number, "C23", "--reason", "I know the place", "--key", walk.key, code=1)
    assert [is_refusal(one) for one in told["refusals"]] == [True]


def test_a_hold_is_decided_by_name_and_then_the_door_holds(walk):
    number = walk.then["peer-b"]["number"]
    walk.told("holds", "decide", number, "C22", "--reason", "One house, one line", "--key", walk.key)
    line = walk.doors()["peer-b"]
    assert (line["state"], checks(line)["C22"]["outcome"], checks(line)["C22"]["decided_by"]) == (
        "holds",
        "hold",
        "Basil Thomas",
    )


def test_a_mobile_door_needs_an_enquiry_before_anybody_decides(walk):
    number = walk.then["peer-m"]["number"]
    early = walk.told("holds", "decide", number, "C23", "--reason", "Known", "--key", walk.key, code=1)
    assert [is_refusal(one) for one in early["refusals"]] == [True]
    seen_there = {"officer": "T. Basheer", "at": "2026-06-02T17:40:00+05:30", "lives_here": ["Example Subscriber"], "floors": 2,
                  "others_use_line": False, "premises": "house", "user_in_fact": "Example Subscriber", "remarks": "two floors"}  # fmt: skip
    walk.told("enquiries", "add", number, walk.file("enquiry.json", json.dumps(seen_there)))
    assert set(walk.doors()["peer-m"]["enquiry"]) == set(seen_there)
    walk.told("holds", "decide", number, "C23", "--reason", "Seen on the spot", "--key", walk.key)
    assert walk.doors()["peer-m"]["state"] == "holds"


def test_the_station_confirms_and_two_officers_sign(walk):
    number = walk.then["peer-a"]["number"]
    early = walk.told("doors", "sign", number, code=1)
    assert [is_refusal(one) for one in early["refusals"]] == [True]
    walk.told("doors", "confirm", number, "--station", "Example North")
    walk.told("doors", "sign", number)
    assert walk.told("doors", "sign", number, code=1)["refusals"][0]["code"] == "ACCESS-SAME-OFFICER"
    walk.told("doors", "sign", number, "--key", walk.key)
    line = walk.doors()["peer-a"]
    assert (outcome(line, "C31"), outcome(line, "C32"), line["address"]["station"]) == ("pass", "pass", "Example North")


def test_corroborations_are_taken_by_activity(walk):
    rows = [{"activity": "peer-a", "kind": "phone", "value": "0000000417", "source": "platform", "source_reference": "p-1"},
            {"activity": "peer-a", "kind": "moon", "value": "x", "source": "platform", "source_reference": "p-2"}]  # fmt: skip
    told = walk.told("corroborations", "import", walk.file("more.csv", csv_text(list(rows[0]), rows)), code=1)
    assert [is_refusal(one) for one in told["refusals"]] == [True]
