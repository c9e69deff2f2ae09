"""The simulated operator answers from its leases; each fault shows in the reply and nowhere else."""

import csv
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from paricha.synthetic.operator import FAULTS, ROW_FAULTS, answer

IST = timezone(timedelta(hours=5, minutes=30))
REQUEST = (
    "Request,Row,Type,Source IP,Source Port,Protocol,From IST,To IST,From UTC,To UTC,Destination IP,Destination Port"
).split(",")
REPLY = (
    "Request,Row,Source IP,Source Port,Session Start,Session End,Time Zone,Destination IP,Destination Port,Subscriber ID,"
    "Subscriber Name,Address,Address Kind,Contact,Email,Connection Type,Premises,Allocation,Activated On,Address Since,"
    "Address Until,IMEI,Remarks"
).split(",")


def asked(state, operator: str) -> list[dict]:
    """Sightings of an operator that a unit may ask about: second known, port where addresses are shared."""
    rows = []
    for tip in state.rows("tips"):
        for s in tip["sightings"]:
            fit = s["operator"] == operator and s["customer"] and s["at"]["utc"] and s["at"]["precision"] == "second"
            if fit and (":" in s["address"] or s["port"] or operator == "tharaka"):
                rows.append(s)
    return rows


def request_rows(sightings: list[dict]) -> list[list[str]]:
    rows = []
    for n, s in enumerate(sightings, start=1):
        at = datetime.fromisoformat(s["at"]["utc"])
        ist, utc = at.astimezone(IST).strftime("%Y-%m-%d %H:%M:%S"), at.strftime("%Y-%m-%d %H:%M:%S")
        kind = "IPV6" if ":" in s["address"] else "IPV4"
        rows.append(["KN/2026/14", str(n), kind, s["address"], str(s["port"] or ""), "", ist, ist, utc, utc, "", ""])
    return rows


@pytest.fixture(scope="module")
def ask(state, tmp_path_factory):
    def send(sightings: list[dict], faults: str = "none", suffix: str = "csv") -> list[dict[str, str]]:
        folder = tmp_path_factory.mktemp("request")
        sheet = folder / "request.csv"
        with sheet.open("w", newline="") as out:
            csv.writer(out).writerows([REQUEST, *request_rows(sightings)])
        return read(answer(sheet, state.truth, folder / f"reply.{suffix}", faults))

    return send


def read(path: Path) -> list[dict[str, str]]:
    if path.suffix == ".xlsx":
        header, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    else:
        header, *rows = csv.reader(path.open(newline="", encoding="utf-8"))
    assert header == REPLY
    return [dict(zip(REPLY, [*row, *[""] * 30], strict=False)) for row in rows]


def ist(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=IST)


@pytest.fixture(scope="module")
def subscribers(state) -> dict[str, str]:
    return {c["customer"]: c["subscriber_id"] for c in state.rows("customers")}


@pytest.mark.parametrize("operator", ["tharaka", "kayal", "minnal"])
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_true_answer_names_the_one_customer_and_covers_the_instant(state, ask, subscribers, operator, suffix):
    sightings = asked(state, operator)
    rows = ask(sightings, suffix=suffix)
    assert len(rows) == len(sightings) > 20
    for s, row in zip(sightings, rows, strict=True):
        assert row["Subscriber ID"] == subscribers[s["customer"]]
        assert row["Source IP"] == s["address"] and row["Source Port"] == str(s["port"] or "")
        assert ist(row["Session Start"]) < datetime.fromisoformat(s["at"]["utc"]) < ist(row["Session End"])
        assert row["Address Kind"] == ("permanent" if operator == "minnal" else "installation")
        assert bool(row["IMEI"]) == (operator == "minnal")


def test_sightings_of_one_account_on_different_days_lead_to_one_subscriber_by_different_sessions(state, ask):
    by_subject: dict[str, set[tuple[str, str]]] = {}
    sightings = asked(state, "tharaka")
    for s, row in zip(sightings, ask(sightings), strict=True):
        by_subject.setdefault(s["subject"], set()).add((row["Subscriber ID"], row["Session Start"]))
    several = [v for v in by_subject.values() if len(v) > 1]
    assert len(several) > 14
    assert all(len({subscriber for subscriber, _ in v}) == 1 for v in several)


def test_a_shared_address_without_port_has_several_candidates(state, ask):
    sightings = [{**s, "port": None} for s in asked(state, "kayal") if ":" not in s["address"]][:5]
    assert len(ask(sightings)) > len(sightings)


def test_an_xlsx_request_is_read_like_a_csv_request(state, ask, tmp_path):
    sightings = asked(state, "tharaka")[:6]
    book = xlsxwriter.Workbook(str(tmp_path / "request.xlsx"))
    page = book.add_worksheet()
    for r, row in enumerate([REQUEST, *request_rows(sightings)]):
        for c, cell in enumerate(row):
            page.write_string(r, c, cell)
    book.close()
    assert read(answer(tmp_path / "request.xlsx", state.truth, tmp_path / "out")) == ask(sightings)
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["reply-KN-2026-14.csv"]


def test_a_slip_answers_with_a_session_that_misses_the_instant_and_often_names_another(state, ask, subscribers):
    sightings = [s for s in asked(state, "tharaka") if ":" not in s["address"]]
    rows = ask(sightings, "slip")
    wrong = 0
    for s, row in zip(sightings, rows, strict=True):
        at = datetime.fromisoformat(s["at"]["utc"])
        assert not ist(row["Session Start"]) <= at <= ist(row["Session End"])
        assert ist(row["Session Start"]) <= at + timedelta(hours=5, minutes=30) <= ist(row["Session End"])
        wrong += row["Subscriber ID"] != subscribers[s["customer"]]
    assert wrong > len(rows) // 3


def test_one_changed_digit_is_echoed(state, ask):
    sightings = asked(state, "tharaka")[:8]
    for s, row in zip(sightings, ask(sightings, "digit"), strict=True):
        differing = [a != b for a, b in zip(s["address"], row["Source IP"], strict=True)]
        assert sum(differing) == 1


def test_faults_of_a_row_touch_the_named_row_only(state, ask):
    sightings = [s for s in asked(state, "kayal") if ":" not in s["address"]][:4]
    clean = ask(sightings)
    for fault in ROW_FAULTS:
        if fault == "destination":
            continue
        rows = ask(sightings, f"{fault}:2")
        assert [r for r in rows if r["Row"] != "2"] == [r for r in clean if r["Row"] != "2"], fault
        assert [r for r in rows if r["Row"] == "2"] != [r for r in clean if r["Row"] == "2"], fault


def test_each_row_fault_is_what_its_name_says(state, ask):
    sightings = [s for s in asked(state, "kayal") if s["port"]][:1]
    (clean,) = ask(sightings)
    (billing,) = ask(sightings, "billing")
    assert billing["Address Kind"] == "billing"
    two = ask(sightings, "two-subscribers")
    assert len(two) == 2 and {r["Row"] for r in two} == {"1"} and two[0]["Subscriber ID"] != two[1]["Subscriber ID"]
    (other,) = ask(sightings, "another-subscriber")
    assert other["Subscriber ID"] != clean["Subscriber ID"] and other["Session Start"] == clean["Session Start"]
    (none,) = ask(sightings, "no-records")
    assert none["Remarks"] == "No records found" and none["Subscriber ID"] == ""
    (outside,) = ask(sightings, "outside")
    assert ist(outside["Session End"]) < datetime.fromisoformat(sightings[0]["at"]["utc"])
    (moved,) = ask(sightings, "moved")
    assert (
        moved["Address Until"] < sightings[0]["at"]["utc"][:10] or moved["Address Until"] < clean["Session Start"][:10]
    )
    (port,) = ask(sightings, "port")
    assert port["Source Port"] != clean["Source Port"]


def test_each_fault_of_the_file_is_what_its_name_says(state, ask):
    sightings = asked(state, "tharaka")[:3]
    assert {r["Request"] for r in ask(sightings, "other-request")} == {"KN/2026/14-9"}
    assert {r["Time Zone"] for r in ask(sightings, "no-zone")} == {""}
    many = ask(sightings, "row-too-many")
    assert len(many) == 4 and many[-1]["Row"] not in {"1", "2", "3"}
    assert ask(sightings, "footer")[-1]["Request"].startswith("System generated")


def test_the_destination_is_echoed_and_can_be_another(state, tmp_path):
    row = request_rows(asked(state, "tharaka")[:1])[0]
    row[10:] = ["203.0.113.250", "51413"]
    with (tmp_path / "request.csv").open("w", newline="") as out:
        csv.writer(out).writerows([REQUEST, row])
    (sound,) = read(answer(tmp_path / "request.csv", state.truth, tmp_path / "a.csv"))
    (other,) = read(answer(tmp_path / "request.csv", state.truth, tmp_path / "b.csv", "destination"))
    assert (sound["Destination IP"], sound["Destination Port"]) == ("203.0.113.250", "51413")
    assert other["Destination IP"] not in ("203.0.113.250", "")


def test_times_in_utc_and_rows_without_numbers_are_good_answers_too(state, ask):
    sightings = asked(state, "tharaka")[:5]
    for clean, other in zip(ask(sightings), ask(sightings, "utc,no-row-numbers"), strict=True):
        assert other["Time Zone"] == "UTC" and other["Row"] == ""
        at = datetime.strptime(other["Session Start"] + "Z", "%Y-%m-%d %H:%M:%S%z")
        assert at == ist(clean["Session Start"])


def test_mixed_faults_leave_most_customers_sound(state, ask, subscribers):
    sightings = asked(state, "tharaka")
    clean, mixed = ask(sightings), ask(sightings, "mixed")
    by_row: dict[str, list[dict[str, str]]] = {}
    for row in mixed:
        by_row.setdefault(row["Row"], []).append(row)
    sound = [r for r in clean if by_row.get(r["Row"]) == [r]]
    assert 0.7 * len(clean) < len(sound) < len(clean)
    touched = [r for rows in by_row.values() for r in rows if r not in clean]
    assert any(r["Remarks"] for r in touched) and any(r["Address Kind"] == "billing" for r in touched)
    assert any(len(rows) == 2 for rows in by_row.values())


def test_an_unknown_fault_and_a_strange_sheet_are_refused(state, tmp_path):
    sheet = tmp_path / "request.csv"
    sheet.write_text("A,B\n1,2\n")
    with pytest.raises(ValueError, match="no such fault"):
        answer(sheet, state.truth, tmp_path, "gremlin")
    with pytest.raises(ValueError, match="generic headings"):
        answer(sheet, state.truth, tmp_path)
    assert "none" in FAULTS and "mixed" in FAULTS
