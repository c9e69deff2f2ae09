"""Further forms, bundles, mails, habits of providers and returning accounts, read by eyes of this test alone."""

import email
import io
import json
import zipfile
from email.header import decode_header, make_header

import pytest


def members(data: bytes, name: str = ""):
    """(path, bytes) of every member of a bundle or mail, nested ones too."""
    if zipfile.is_zipfile(io.BytesIO(data)) and not name.endswith((".xlsx", ".ods")):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.testzip() is None
            for entry in archive.infolist():
                yield f"{name}!/{entry.filename}", archive.read(entry)
                yield from members(archive.read(entry), f"{name}!/{entry.filename}")
    elif name.endswith(".eml"):
        for part in email.message_from_bytes(data).walk():
            if part.get_filename():
                path = f"{name}!/{make_header(decode_header(part.get_filename()))}"
                yield path, part.get_payload(decode=True)
                yield from members(part.get_payload(decode=True), path)


@pytest.fixture(scope="module")
def packed(state):
    found = {}
    for folder in ("bundles", "mail"):
        for file in sorted((state.files / folder).iterdir()):
            found |= dict(members(file.read_bytes(), f"{folder}/{file.name}"))
    return found


def test_the_truth_names_every_report_in_bundles_and_mails(state, packed):
    named = {file for tip in state.rows("tips") for file in tip["files"] if "!/" in file}
    reports = {name for name in packed if "report-" in name.rpartition("/")[2]}
    assert named == reports and len(named) >= 6
    for tip in state.rows("tips"):
        for file in tip["files"]:
            if "!/" in file and file.endswith(".json"):
                assert str(json.loads(packed[file])["reportId"]) == tip["report_number"]


def test_bundles_hold_media_of_noise_and_an_archive_in_an_archive(packed):
    pictures = [data for name, data in packed.items() if name.endswith(".png")]
    assert len(pictures) >= 3 and all(data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) < 3000 for data in pictures)
    assert any(data[:4] == b"RIFF" for name, data in packed.items() if name.endswith(".wav"))
    assert any(name.count("!/") == 2 and name.endswith(".json") for name in packed)
    assert any("ടിപ്പുകൾ.zip!/" in name for name in packed)


def test_json_in_a_bundle_says_what_the_first_delivery_said(state, packed):
    for tip in state.rows("tips"):
        first = next((f for f in tip["files"] if f.startswith("tips/")), None)
        for again in [f for f in tip["files"] if "!/" in f and f.endswith(".json")]:
            text = (state.files / first).read_bytes().decode("utf-8-sig")
            rows = [json.loads(line) for line in text.splitlines()] if first.endswith(".jsonl") else json.loads(text)
            rows = rows if isinstance(rows, list) else [rows]
            same = next(row for row in rows if str(row["reportId"]) == tip["report_number"])
            assert json.loads(packed[again]) == same and packed[again] not in (state.files / first).read_bytes()


def test_providers_keep_their_habits(state):
    tips = state.rows("tips")

    def of(esp):
        found = [t for t in tips if t["reporter"]["esp"] == esp and "json" in t["forms"]]
        assert found, esp
        return found

    assert all(s["who"][:4] != "file" and s["event"] == "LOGIN" for t in of("Example Video") for s in t["sightings"])
    assert all(s["event"] == "UPLOAD" for t in of("Example Share") for s in t["sightings"])
    assert all("Message-ID" in f["note"] for t in of("Example Mail") for f in t["files_reported"])
    unviewed = [f for t in of("Example Chat") for f in t["files_reported"] if f["viewed"] is False]
    assert unviewed and all(f["note"] for f in unviewed)
    assert {t["reporter"]["name"] for t in of("Example Photo")} == {"Example Group"}


def test_some_accounts_come_back_under_another_id(state):
    people = {s["subject"]: s for s in state.rows("subjects")}
    returned = [t for t in state.rows("tips") if t["returning"]]
    assert len(returned) >= 3
    for tip in returned:
        now = next(p for p in tip["people"] if p["role"] == "suspect" and p["number"] == 1)["accounts"][0]
        known = {a["user_id"] for a in people[tip["subject"]]["accounts"]}
        assert now["user_id"] != tip["returning"] and {now["user_id"], tip["returning"]} <= known


def test_each_hostile_file_holds_a_report_of_its_own(state):
    rows = state.rows("hostile")
    assert {row["file"] for row in rows} == {f"hostile/{f.name}" for f in (state.files / "hostile").iterdir()}
    assert len({row["report_number"] for row in rows}) == len(rows) >= 25
    known = {t["report_number"]: t for t in state.rows("tips")}
    assert not {row["report_number"] for row in rows} & set(known)
    assert {row["expected"] for row in rows} == {"whole", "part", "none"}
    assert all("json" in known[row["of"]]["forms"] for row in rows)


def test_the_district_register_has_malayalam_headings_merged_numbers_and_real_dates(state):
    with zipfile.ZipFile(state.files / "sheets" / "register-district.ods") as book:
        assert book.namelist()[0] == "mimetype" and book.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
        content = book.read("content.xml").decode()
    mapping = json.loads((state.files / "mappings" / "register-district.json").read_text())
    assert all(f"<text:p>{heading}</text:p>" in content for heading in mapping["columns"])
    rows = [t for t in state.rows("tips") if t["sheet"] and t["sheet"]["form"] == "ods"]
    assert rows and all(f"<text:p>{t['report_number']}</text:p>" in content for t in rows)
    assert 'number-columns-repeated="' in content
    dates = content.count('office:value-type="date"')
    texts = [s["at"]["as_written"] for t in rows for s in t["sheet"]["sightings"]]
    assert dates or all(texts), "an instant is a real date cell or a text"


def test_reports_come_in_further_forms_under_the_same_number(state):
    tips = state.rows("tips")
    both = [t for t in tips if {"json", "xml"} <= set(t["forms"])]
    papers = [t for t in tips if {"json", "pdf"} <= set(t["forms"])]
    alone = [t["forms"] for t in tips if not set(t["forms"]) & {"json", "xlsx", "csv", "ods"}]
    assert len(both) >= 20 and len(papers) >= 15 and ["pdf"] in alone and ["xml"] in alone
    assert any({"json", "xml", "pdf"} <= set(t["forms"]) for t in tips)
    for tip in tips:
        for file in [f for f in tip["files"] if f.startswith(("xml/", "pdf/"))]:
            data = (state.files / file).read_bytes()
            assert (
                data.startswith(b"%PDF-")
                if file.endswith(".pdf")
                else tip["report_number"].encode() in data.replace(b"\0", b"")
            )
    assert state.totals["tips_xml"] == sum("xml" in t["forms"] for t in tips)
    assert state.totals["tips_pdf"] == sum("pdf" in t["forms"] for t in tips)


def test_a_viral_batch_shares_one_file_and_only_xml_says_so(state):
    viral = [t for t in state.rows("tips") if t["batched"]]
    assert len(viral) == state.totals["tips_viral"] >= 2
    assert {t["batched"] for t in viral} == {"viral"} and all(t["forms"] == ["xml"] for t in viral)
    assert len({t["files_reported"][0]["verification_hash"] for t in viral}) == 1
    for tip in viral:
        text = (state.files / next(f for f in tip["files"] if "report-" in f)).read_bytes().replace(b"\0", b"")
        assert b'reason="VIRAL_POTENTIAL_MEME"' in text
    hashes = {f["verification_hash"] for t in state.rows("tips") if not t["batched"] for f in t["files_reported"]}
    assert viral[0]["files_reported"][0]["verification_hash"] not in hashes


def test_no_door_hangs_on_a_report_of_one_form(state):
    alone = {t["report_number"] for t in state.rows("tips") if not set(t["forms"]) & {"json", "xlsx", "csv", "ods"}}
    assert alone and not any(alone & set(door["reports"]) for door in state.rows("doors"))


def test_every_form_of_a_report_has_its_facts(state):
    stated = {(row["report_number"], row["form"]) for row in state.rows("forms")}
    assert stated == {(t["report_number"], form) for t in state.rows("tips") for form in t["forms"]}
    assert all(fact[2] is not None and len(fact) == 3 for row in state.rows("forms") for fact in row["facts"])
