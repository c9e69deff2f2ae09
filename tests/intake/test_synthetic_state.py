"""The made-up State against its own truth: nothing wrong, next to nothing missed, every leaf opens at its place.

`synthetic` cannot see the readers, so that both cannot share a mistake.
"""

import hashlib
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from paricha.intake.document import Leaf, TipDocument, When, leaves
from paricha.intake.mapping import Mapping, read_mapping
from paricha.intake.reading import FileReading, read_bytes
from paricha.vault.locating import text_in

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def state(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("state")
    subprocess.run(
        [sys.executable, "-m", "paricha.synthetic", "--tips", "300", "--seed", "1", "--out", str(out)],
        check=True, capture_output=True,
    )  # fmt: skip
    return out


@pytest.fixture(scope="module")
def readings(state: Path) -> dict[str, tuple[bytes, FileReading]]:
    mappings = [read_mapping(file.read_bytes()) for file in sorted((state / "files" / "mappings").iterdir())]
    found = {}
    for folder in ("tips", "sheets", "telegram", "bad"):
        for file in sorted((state / "files" / folder).rglob("*")):
            if file.is_file():
                name = str(file.relative_to(state / "files"))
                found[name] = (file.read_bytes(), read(file.read_bytes(), name, mappings))
    return found


def read(data: bytes, name: str, mappings: list[Mapping]) -> FileReading:
    return read_bytes(data, name=name, sha256=hashlib.sha256(data).hexdigest(), mappings=mappings)


def truth(state: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (state / "truth" / f"{name}.jsonl").read_text().splitlines()]


def plain(leaf: Leaf | When | None) -> Any:
    if isinstance(leaf, When):
        found = leaf.instant().to_plain()
        return (found["utc"], found["precision"], found["as_written"], found["zone_source"])
    return leaf.value if leaf else None


def facts_read(tip: TipDocument) -> Counter:
    """Every fact of a tip as (path, value)."""
    facts: list[tuple[Any, ...]] = [
        ("received", plain(tip.received_at)[0]),
        ("made available", plain(tip.made_available_at)[0]),
        ("incident type", plain(tip.incident_type)),
        ("incident at", plain(tip.incident_at)),
        ("incident description", plain(tip.incident_description)),
        ("escalation", plain(tip.escalation)),
        ("reporter", plain(tip.reporter_name)),
        ("priority", plain(tip.priority_stated)),
        *(("prior", plain(leaf)) for leaf in tip.prior_reports),
        *(("free text", plain(noted.leaf)) for noted in tip.other if noted.field == "additionalInformations"),
        *(("informational", plain(noted.leaf)) for noted in tip.marks),
    ]
    for person in tip.people:
        facts.append(("person", person.who))
        for name in ("names", "ages", "phones", "emails"):
            facts += [(person.who, name, plain(leaf)) for leaf in getattr(person, name)]
        facts += [(person.who, "device", plain(device.id_type), plain(device.value)) for device in person.devices]
        for account in person.accounts:
            facts.append(
                (person.who, "account", plain(account.service), plain(account.user_id), plain(account.screen_name))
            )
            facts += [(person.who, "display", plain(leaf)) for leaf in account.display_names]
            facts += [(person.who, "profile", plain(leaf)) for leaf in account.profile_urls]
    for seen in tip.sightings:
        facts.append((
            "seen", seen.who, plain(seen.address), plain(seen.port), plain(seen.event), plain(seen.at),
            plain(seen.possible_proxy),
        ))  # fmt: skip
    for number, file in enumerate(tip.files, 1):
        facts.append((
            "file", number, plain(file.name), plain(file.original_name), plain(file.viewed_by_reporter),
            plain(file.public), plain(file.classification),
        ))  # fmt: skip
        facts += [("file", number, entry.algorithm, plain(entry.value)) for entry in file.hashes]
        facts += [("file", number, "tag", plain(leaf)) for leaf in file.annotations]
    return Counter(fact for fact in facts if says(fact))


def facts_true(row: dict[str, Any]) -> Counter:
    facts: list[tuple[Any, ...]] = [
        ("received", row["received_at"]),
        ("made available", row["made_available_at"]),
        ("incident type", row["incident"]["type"]),
        ("incident at", when(row["incident"]["at"])),
        ("incident description", row["incident"]["description"]),
        ("escalation", row["escalation"]),
        ("reporter", row["reporter"]["name"]),
        ("priority", row["priority"]),
        *(("prior", number) for number in row["prior_reports"]),
        *(("free text", text) for text in row["free_text"]),
        ("informational", row["informational"]),
    ]
    for person in row["people"]:
        who = f"{person['role']} {person['number']}"
        facts.append(("person", who))
        for name in ("names", "ages", "phones", "emails"):
            facts += [(who, name, value) for value in person[name]]
        facts += [(who, "device", "IMEI" if isinstance(d, str) else d["id_type"], d if isinstance(d, str) else d["value"])
                  for d in person["devices"]]  # fmt: skip
        for account in person["accounts"]:
            facts.append((who, "account", account["service"], account["user_id"], account["screen_name"]))
            facts += [(who, "display", name) for name in account["display_names"]]
            facts += [(who, "profile", url) for url in account["profile_urls"]]
        facts += [(who, "account", None, None, name) for name in person["other_screen_names"]]
    for seen in row["sightings"]:
        facts.append(
            (
                "seen",
                seen["who"],
                seen["address"],
                seen["port"],
                seen["event"],
                when(seen["at"]),
                seen["possible_proxy"],
            )
        )
    for number, file in enumerate(row["files_reported"], 1):
        facts.append(
            (
                "file",
                number,
                file["name"],
                file["original_name"],
                file["viewed"],
                file["public"],
                file["classification"],
            )
        )
        facts.append(("file", number, "md5", file["verification_hash"]))
        facts.append(("file", number, "sha1", file["sha1"]))
        facts += [("file", number, "tag", tag) for tag in file["tags"]]
    return Counter(fact for fact in facts if says(fact))


def when(at: dict[str, Any] | None) -> Any:
    if not at or at["as_written"] is None:
        return None
    known = at["utc"] is not None  # what has no instant has no precision either (interfaces: "instant")
    return (at["utc"], at["precision"] if known else None, at["as_written"], at["zone_source"])


def says(fact: tuple[Any, ...]) -> bool:
    """Whether a fact states something: those of one value need it, those of several always do."""
    return len(fact) >= 5 or fact[-1] not in (None, (None,) * 4)


def test_json_is_read_with_precision_one_and_recall_of_ninety_nine_percent(state, readings):
    tips = {
        tip.report_number.value: tip
        for name, (_data, reading) in readings.items()
        if name.startswith("tips/")
        for tip in reading.documents
    }
    rows = [row for row in truth(state, "tips") if "json" in row["forms"]]
    assert {row["report_number"] for row in rows} == set(tips)
    read_all, true_all, right = 0, 0, 0
    wrong = []
    for row in rows:
        found, expected = facts_read(tips[row["report_number"]]), facts_true(row)
        both = found & expected
        read_all, true_all, right = read_all + found.total(), true_all + expected.total(), right + both.total()
        wrong += [(row["report_number"], fact) for fact in found - expected]
    print(f"JSON: precision {right / read_all:.4f}, recall {right / true_all:.4f} of {true_all} facts")
    assert wrong == []
    assert right / true_all >= 0.99


def test_sheets_are_read_with_precision_one_and_recall_of_ninety_nine_percent(state, readings):
    tips = {
        (name, tip.report_number.value): tip
        for name, (_data, reading) in readings.items()
        if name.startswith("sheets/")
        for tip in reading.documents
    }
    rows = [row for row in truth(state, "tips") if row["sheet"]]
    assert {(row["sheet"]["file"], row["report_number"]) for row in rows} == set(tips)
    found_all, true_all, right = 0, 0, 0
    for row in rows:
        tip = tips[row["sheet"]["file"], row["report_number"]]
        found = Counter(
            (seen.who, plain(seen.address), plain(seen.port), plain(seen.event), plain(seen.at)[0], plain(seen.at)[3])
            for seen in tip.sightings
        )
        ambiguous = row["sheet"]["file"].endswith("ambiguous.csv")
        expected = Counter(
            (seen["who"], seen["address"], seen["port"], None if ambiguous else seen["event"], seen["at"]["utc"],
             "none" if ambiguous else seen["at"]["zone_source"])
            for seen in row["sheet"]["sightings"]
        )  # fmt: skip
        both = found & expected
        found_all, true_all, right = found_all + found.total(), true_all + expected.total(), right + both.total()
    print(f"sheets: precision {right / found_all:.4f}, recall {right / true_all:.4f} of {true_all} sightings")
    assert right == found_all
    assert right / true_all >= 0.99


def test_groups_have_the_members_and_bases_of_the_truth(state, readings):
    for row in truth(state, "chats"):
        (group,) = readings[row["file"]][1].documents
        found: dict[str, set[str]] = {}
        for member in group.members:
            if member.basis != "contact":
                found.setdefault(str((member.user_id or member.name).value), set()).add(member.basis)
        assert found == {member["telegram_id"] or member["name"]: set(member["bases"]) for member in row["members"]}
        assert (group.messages, bool(group.repairs)) == (row["messages"], row["needs_repair"])
        phones = {member.phone.value for member in group.members if member.phone}
        known = {member["phone"] for member in row["members"] if member["phone"]}
        assert phones <= known
        assert phones == known or row["messages"] < 128  # the smaller exports end before some of the cards


def test_bad_files_are_refused_or_read_as_far_as_they_are_sound(state, readings):
    for row in truth(state, "bad"):
        reading = readings[row["file"]][1]
        if row["expected"] == "refused":
            assert (reading.read, reading.documents, bool(reading.refusals)) == (False, [], True), row
        elif row["expected"].startswith("read by content"):
            assert [tip.report_number.value for tip in reading.documents] == ["989000001"], row
        elif row["expected"].startswith("coverage line"):
            assert (reading.read, reading.coverage.tips) == (True, 0), row
        else:
            assert reading.read or reading.refusals, row


def test_every_leaf_opens_at_its_place(readings):
    checked = 0
    for data, reading in readings.values():
        for document in reading.documents:
            for leaf in leaves(document):
                text = text_in(data, document.sources[leaf.form].kind, leaf.at)
                value = leaf.as_written if isinstance(leaf, When) else leaf.value
                said = {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
                parts = said.replace(", ", " ").split(" ") if text.startswith("{") else []
                assert text == said or (parts and all(json.dumps(p, ensure_ascii=False)[1:-1] in text for p in parts)), (
                    leaf, text[:200],
                )  # fmt: skip
                checked += 1
    assert checked > 20_000
    print(f"{checked} leaves opened")
