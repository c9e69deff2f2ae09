"""From files to doors: intake, operators, requests, replies, enquiries, signatures - each by the officer whose work it is."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from paricha.access.models import Unit
from paricha.attribution.models import Door, Request
from paricha.attribution.queries import doors_ready_for_site, looked_at
from paricha.attribution.verbs.doors import confirm_station, decide_hold, sign_door
from paricha.attribution.verbs.enquiries import add_enquiry, task_enquiry
from paricha.attribution.verbs.observing import import_corroborations, import_observations
from paricha.attribution.verbs.replies import read_replies
from paricha.attribution.verbs.requests import make_requests, sign_request, write_request
from paricha.cli.demo.cast import Cast
from paricha.cli.frame import do_what_is_due
from paricha.dispatch.models import Outcome
from paricha.dispatch.verbs import acknowledge, report_back, send_tip
from paricha.grounds.refusals import Refused
from paricha.intake.mapping import read_mapping
from paricha.intake.verbs import open_batch
from paricha.operators.verbs import import_file
from paricha.places.verbs import load_pack
from paricha.records import files
from paricha.records.batches import total_of
from paricha.records.verbs import read_list
from paricha.synthetic.operator import answer
from paricha.triage.models import Verdict
from paricha.triage.queries import queue
from paricha.triage.verbs import decide_tip, take_tip

Say = Callable[[str], None]


def lines(file: Path) -> list[dict[str, Any]]:
    """A truth file's rows."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]


def bring_in(cast: Cast, state: Path, say: Say) -> int:
    """All files of the made-up State, the bad ones too; the later delivery second. Returns what was refused."""
    refused = 0
    mappings = [
        read_mapping(file.read_bytes(), file=str(file))
        for file in sorted((state / "files" / "mappings").glob("*.json"))
    ]
    with cast.acting("Intake analyst") as officer:
        for names in (["tips", "sheets", "telegram", "bad"], ["later"]):
            paths = [state / "files" / name for name in names]
            listed, count, _size = files.write_list(files.walk(paths))
            batch = open_batch(officer, words=", ".join(names), mapping=None, mappings=mappings)
            read_list(officer, batch, listed, files=count)
            do_what_is_due()
            told = total_of(batch.pk)
            refused += len(told["refusals"])
            counts = ", ".join(f"{n} {word}" for word, n in told["tips"].items() if n)
            say(f"  {told['files']} files: {counts}; {len(told['refusals'])} refused")
    return refused


def load_operators(cast: Cast, state: Path, say: Say) -> None:
    """Snapshots of two sources at two dates, the operators' table, exits; observations and corroborations."""
    folder = state / "files" / "operators"
    with cast.acting("Legal desk") as officer:
        load_pack(state / "files" / "pack", officer=officer)
        with (folder / "index.csv").open(encoding="utf-8-sig", newline="") as opened:
            for row in csv.DictReader(opened):
                import_file(
                    officer, (folder / row["file"]).read_bytes(), name=row["file"],
                    as_of=date.fromisoformat(row["as_of"]), source=row["source"],
                )  # fmt: skip
        observed = import_observations(
            officer, (state / "files" / "observations.csv").read_bytes(), name="observations.csv", profile="paricha-1"
        )
        import_corroborations(officer, (state / "files" / "corroborations.csv").read_bytes(), name="corroborations.csv")
        do_what_is_due()
    say(f"  operators of two sources at two dates; {len(observed)} observations judged")


def ask_and_hear(cast: Cast, state: Path, say: Say) -> None:
    """Requests by operator: written, read back, signed by two, answered by the simulated operators (one with faults)."""
    home: Path = settings.HOME
    with cast.acting("Legal desk") as officer:
        made = make_requests(officer)
    say(f"  {len(made.requests)} requests, {len(made.unrequested)} sightings that nobody can be asked about")
    for index, request in enumerate(made.requests):
        folder = home / "demo" / "requests" / request.number
        with cast.acting("Legal desk") as officer:
            folder.mkdir(parents=True, exist_ok=True)
            write_request(officer, request, folder=folder)
        for name in ("First signatory", "Second signatory"):
            with cast.acting(name) as officer:
                sign_request(officer, Request.objects.get(pk=request.pk))
        sheet = next(file for file in sorted(folder.iterdir()) if file.suffix in (".csv", ".xlsx"))
        out = home / "demo" / "replies"
        out.mkdir(parents=True, exist_ok=True)
        reply = answer(sheet, state / "truth", out, "mixed" if index == 2 else "none")
        with cast.acting("Legal desk") as officer:
            read = read_replies(officer, Request.objects.get(pk=request.pk), [(reply.name, reply.read_bytes())])
            do_what_is_due()
        outcomes = [row["outcome"] for row in read.rows]
        say(
            f"  {request.number} {request.operator_name}: {', '.join(f'{outcomes.count(one)} {one}' for one in sorted(set(outcomes)))}"
        )


def look_at_doors(cast: Cast, state: Path, say: Say) -> None:
    """Enquiries by the districts, stations confirmed, two signatures where all holds; some holds decided with reasons."""
    doors = {row["address"]: row for row in lines(state / "truth" / "doors.jsonl")}
    seen = {row["dwelling"]: row for row in lines(state / "truth" / "enquiries.jsonl")}
    for door in Door.objects.filter(joined_to=None).order_by("number"):
        truth = doors.get(door.address)
        if truth is None or door.state in ("blocked", "frozen"):
            continue
        _enquire(cast, door, seen[truth["dwelling"]], truth)
        _confirm(cast, door, truth)
    for door in Door.objects.filter(joined_to=None, state="held").order_by("number")[:4]:
        _decide_holds(cast, door)
    unsigned = 0
    for name in ("First signatory", "Second signatory"):
        with cast.acting(name) as officer:
            for door in Door.objects.filter(joined_to=None, state="holds").order_by("number"):
                try:
                    sign_door(officer, door)
                except Refused:
                    unsigned += 1  # something is open: the station has not confirmed, or a check came back
    do_what_is_due()
    say(f"  {unsigned} signatures refused: something is open on those doors")
    say(f"  {Door.objects.count()} doors, {len(doors_ready_for_site(cast['Supervisor']))} ready to be sites")


def _enquire(cast: Cast, door: Door, seen: dict[str, Any], truth: dict[str, Any]) -> None:
    name = f"Enquiry officer {truth['district']}"
    with cast.acting("Legal desk") as officer:
        task_enquiry(officer, door, to=cast[name], due_at=timezone.now() + timedelta(days=3))
    told = {
        "officer": name, "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "lives_here": seen["lives_here"],
        "floors": seen["floors"], "others_use_line": seen["others_use_line"], "premises": seen["premises"],
        "user_in_fact": seen["user_in_fact"], "remarks": seen["remarks"],
    }  # fmt: skip
    with cast.acting("Legal desk") as officer:
        add_enquiry(officer, door, data=json.dumps(told, ensure_ascii=False).encode(), name=f"{door.number}.json")


def _confirm(cast: Cast, door: Door, truth: dict[str, Any]) -> None:
    with cast.acting("Legal desk") as officer:
        confirm_station(officer, door, station=truth["station"])


def _decide_holds(cast: Cast, door: Door) -> None:
    with cast.acting("Supervisor") as officer:
        for code, _words in [(run.code, run.words) for run in looked_at(door).runs if run.open]:
            try:
                decide_hold(officer, door, code, reason="Looked at with the enquiry; the house fits the account data.")
            except Refused:
                return  # a block, or one of the two that stand until done


def send_some(cast: Cast, say: Say) -> None:
    """An analyst's morning: three verdicts, two tips to the districts, one report back."""
    with cast.acting("Intake analyst") as officer:
        ranks = list(queue(officer).order_by("-rank", "-id")[:5])
        for rank in ranks[:3]:
            take_tip(officer, rank.tip)
            decide_tip(officer, rank.tip, verdict=Verdict.DOOR)
        sent = [
            send_tip(
                officer, rank.tip, to=unit, due_on=timezone.localdate() + timedelta(days=15),
                enclosed=["report", "people", "sightings"], language=language,
            )
            for rank, unit, language in zip(
                ranks[3:], Unit.objects.filter(kind="district").order_by("name"), ("ml", "en"), strict=False
            )
        ]  # fmt: skip
    with cast.acting(f"Chief of {sent[0].unit.name}") as chief:
        acknowledge(chief, sent[0])
        report_back(chief, sent[0], outcome=Outcome.CHILD_SAFE, words="Visited with the child welfare committee.")
    do_what_is_due()
    say(f"  3 tips decided, {len(sent)} sent to districts, 1 reported back")
