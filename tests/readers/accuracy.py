"""How well files are read: the facts that documents state, against those that the made-up State's truth states.

`python -m tests.readers.accuracy [--tips N] [--seed S]` prints the tables of `docs/why/how-readers-are-measured.md`.

A fact is `(who, field, value)` as in `truth/forms.jsonl`. Precision: of the facts read, how many are true; recall: of the
true ones, how many were read. What a form's truth says nothing of (notes, unread blocks) is counted in neither.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections import Counter, defaultdict
from email import message_from_bytes
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paricha.site.settings")

Facts = Counter[tuple[str, str, Any]]


class Score(NamedTuple):
    """`wrong` and `missed`: (report, fact)."""

    read: int
    true: int
    right: int
    wrong: list[Any]
    missed: list[Any]
    reports: int

    @property
    def precision(self) -> float:
        return self.right / self.read if self.read else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0


def frozen(value: Any) -> Any:
    """A value that can be counted; yes and no stay apart from 1 and 0."""
    if isinstance(value, list):
        return tuple(frozen(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else value


def truth_of(rows: list[dict[str, Any]]) -> dict[tuple[str, str], Facts]:
    """Facts by (report, form)."""
    return {
        (row["report_number"], row["form"]): Counter((who, field, frozen(value)) for who, field, value in row["facts"])
        for row in rows
    }


def instant(at: Any) -> str | None:
    """As `truth/forms.jsonl` has it."""
    if at is None:
        return None
    found = at.instant().to_plain()
    return f"{found['utc']} {found['precision']}" if found["utc"] else found["as_written"]


def value(leaf: Any) -> Any:
    return None if leaf is None else leaf.value


def facts_of(tip: Any) -> Facts:
    """What a document states, as facts."""
    made = [
        ("tip", "report_number", value(tip.report_number)),
        ("tip", "received_at", instant(tip.received_at)),
        ("tip", "made_available_at", instant(tip.made_available_at)),
        ("tip", "processed_at", instant(tip.processed_at)),
        ("tip", "incident.type", value(tip.incident_type)),
        ("tip", "incident.at", instant(tip.incident_at)),
        ("tip", "incident.description", value(tip.incident_description)),
        ("tip", "escalation", value(tip.escalation)),
        ("tip", "reporter", value(tip.reporter_name)),
        ("tip", "priority", value(tip.priority_stated)),
        *(("tip", "prior", value(leaf)) for leaf in tip.prior_reports),
        *(("tip", "free text", value(noted.leaf)) for noted in tip.other if noted.field == "additionalInformations"),
        *_marks(tip),
    ]
    for place in tip.places:
        parts = (place.address, place.country, place.region, place.city, place.organisation)
        made.append(("tip", "place", (place.said_by, *(value(part) for part in parts))))
    for person in tip.people:
        made += _person(person)
    for seen in tip.sightings:
        key = (value(seen.address), instant(seen.at))
        made.append((seen.who, "seen", key))
        for name in ("port", "event", "possible_proxy"):
            leaf = getattr(seen, name)
            if leaf is not None:
                made.append((seen.who, f"seen.{name}", (*key, frozen(leaf.value))))
    for number, file in enumerate(tip.files, 1):
        who = f"file {number}"
        made += [(who, "name", value(file.name)), (who, "original_name", value(file.original_name))]
        made += [(who, "hash", (one.algorithm, value(one.value))) for one in file.hashes]
        made += [(who, "viewed", value(file.viewed_by_reporter)), (who, "public", value(file.public))]
        made += [(who, "classification", value(file.classification))]
        made += [(who, "annotation", value(leaf)) for leaf in file.annotations]
    return Counter((who, field, frozen(said)) for who, field, said in made if said is not None)


def _marks(tip: Any) -> list[tuple[str, str, Any]]:
    form = tip.sources[0].form
    if form == "json":
        return [("tip", noted.field, noted.leaf.value) for noted in tip.marks]
    return [("tip", "mark", noted.field) for noted in tip.marks if noted.leaf.value not in (False, "false")]


def _person(person: Any) -> list[tuple[str, str, Any]]:
    who = person.who
    made: list[tuple[str, str, Any]] = [(who, "person", True)]
    for field, name in (
        ("name", "names"),
        ("age", "ages"),
        ("phone", "phones"),
        ("email", "emails"),
        ("address", "addresses"),
    ):
        made += [(who, field, value(leaf)) for leaf in getattr(person, name)]
    made += [(who, "device", (value(one.id_type), value(one.value))) for one in person.devices]
    for account in person.accounts:
        key = value(account.user_id) or value(account.screen_name)
        for name in ("service", "user_id", "screen_name"):
            if getattr(account, name) is not None:
                made.append((who, f"account.{name}", (key, value(getattr(account, name)))))
        made += [(who, "display_name", value(leaf)) for leaf in account.display_names]
        made += [(who, "profile_url", value(leaf)) for leaf in account.profile_urls]
    return made


# ---- reading a State --------------------------------------------------------------------------------------------
def read(data: bytes, name: str, mappings: list[Any]) -> Any:
    from paricha.intake.reading import read_bytes

    return read_bytes(data, name=name, sha256=hashlib.sha256(data).hexdigest(), mappings=mappings)


def mappings_of(state: Path) -> list[Any]:
    from paricha.intake.mapping import read_mapping

    return [read_mapping(file.read_bytes()) for file in sorted((state / "files" / "mappings").glob("*.json"))]


def members(data: bytes, name: str) -> list[tuple[str, bytes]]:
    """The documents in a bundle or mail, by the standard library's eyes: what stands in them is read as files are."""
    if name.endswith(".eml"):
        parts = [
            (str(p.get_filename()), p.get_payload(decode=True))
            for p in message_from_bytes(data).walk()
            if p.get_filename()
        ]
    elif name.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    else:
        return [(name, data)]
    found = []
    for part, content in parts:
        inner = "x.zip" if content[:4] == b"PK\x03\x04" and b"xl/workbook" not in content else part
        if not content.startswith((b"\x89PNG", b"RIFF")):
            found += [(f"{name}!/{at}", held) for at, held in members(content, inner)]
    return found


FOLDERS = ("tips", "xml", "pdf", "sheets", "bundles", "mail")


def measure(state: Path) -> dict[str, Score]:
    """A score by reader's form: every report that the State's files hold in that form, as merged from its files."""
    rows = [json.loads(line) for line in (state / "truth" / "forms.jsonl").read_text().splitlines()]
    truth, mappings = truth_of(rows), mappings_of(state)
    found: dict[tuple[str, str], list[Facts]] = defaultdict(list)
    for folder in FOLDERS:
        for file in sorted(f for f in (state / "files" / folder).rglob("*") if f.is_file()):
            for name, data in members(file.read_bytes(), str(file.relative_to(state / "files"))):
                for tip in read(data, name, mappings).documents:
                    number = str(value(tip.report_number))
                    found[number, tip.sources[0].form].append(facts_of(tip))
    forms = sorted({form for _, form in truth})
    return {form: score({key: facts for key, facts in truth.items() if key[1] == form}, found) for form in forms}


def score(truth: dict[tuple[str, str], Facts], found: dict[tuple[str, str], list[Facts]]) -> Score:
    """Each report's facts of all its files of the form (the largest count of each fact), against its truth."""
    read_all = true_all = right = 0
    wrong, missed = [], []
    for key, true in truth.items():
        facts: Facts = Counter()
        for one in found.get(key, []):
            facts |= one
        both = facts & true
        read_all, true_all, right = read_all + facts.total(), true_all + true.total(), right + both.total()
        wrong += [(key[0], fact) for fact in (facts - true).elements()]
        missed += [(key[0], fact) for fact in (true - facts).elements()]
    return Score(read_all, true_all, right, wrong, missed, len(truth))


class Hostile(NamedTuple):
    """One hostile file: what was expected of it, the share of the report's facts that was read, and what was wrong."""

    file: str
    what: str
    expected: str
    share: float
    wrong: list[Any]
    refused: list[str]


def measure_hostile(state: Path) -> list[Hostile]:
    """Every hostile file against the facts of the sound report that it was made of."""
    made = []
    for row in [json.loads(line) for line in (state / "truth" / "hostile.jsonl").read_text().splitlines()]:
        true = truth_of([row])[row["report_number"], row["form"]]
        reading = read((state / "files" / row["file"]).read_bytes(), row["file"], [])
        mine = [tip for tip in reading.documents if str(value(tip.report_number)) == row["report_number"]]
        facts: Facts = Counter()
        for tip in mine:
            facts += facts_of(tip)
        wrong = [fact for fact in (facts - true) if not _part_of(fact, true)]
        wrong += [value(tip.report_number) for tip in reading.documents if tip not in mine]
        share = (facts & true).total() / true.total()
        made.append(
            Hostile(row["file"], row["what"], row["expected"], share, wrong, [one.code for one in reading.refusals])
        )
    return made


def _part_of(fact: tuple[str, str, Any], true: Facts) -> bool:
    """Whether a fact is a true one less its damaged part: a name without its first name, a sighting without its time."""
    who, field, said = fact
    for other_who, other_field, true_said in true:
        if (who, field) != (other_who, other_field):
            continue
        if field == "name" and set(str(said).split()) < set(str(true_said).split()):
            return True
        if field.startswith("seen") and said[0] == true_said[0] and said[2:] == true_said[2:]:
            return said[1] is None or not said[1].endswith(("second", "minute"))  # its instant is claimed by nobody
    return False


def table(scores: dict[str, Score]) -> str:
    lines = ["| form | reports | facts | precision | recall |", "|---|---|---|---|---|"]
    lines += [
        f"| {form} | {one.reports} | {one.true:,} | {one.precision:.4f} | {one.recall:.4f} |"
        for form, one in scores.items()
    ]
    return "\n".join(lines)


def hostile_table(rows: list[Hostile]) -> str:
    lines = ["| file | damage | read | refused |", "|---|---|---|---|"]
    lines += [
        f"| `{Path(row.file).name}` | {row.what} | {row.share:.1%} | {', '.join(row.refused)} |".replace("|  |", "| |")
        for row in rows
    ]
    return "\n".join(lines)


def main() -> None:
    import django

    django.setup()
    from paricha.synthetic.state import write_state

    parser = argparse.ArgumentParser(description="How well made-up files are read.")
    parser.add_argument("--tips", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="paricha-accuracy-") as folder:
        write_state(Path(folder), chosen.tips, chosen.seed)
        scores, hostile = measure(Path(folder)), measure_hostile(Path(folder))
    print(table(scores), hostile_table(hostile), sep="\n\n")
    for form, one in scores.items():
        for what, rows in (("wrong", one.wrong), ("missed", one.missed)):
            for row in rows[:20]:
                print(form, what, row)


if __name__ == "__main__":
    main()
