"""A later delivery: reports given a new priority and classification, reports with more sightings, and some unchanged."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from paricha.synthetic.chance import stream
from paricha.synthetic.output import write_json, write_jsonl
from paricha.synthetic.reports import Report, Reports
from paricha.synthetic.sheets import SheetReport
from paricha.synthetic.tips_json import Writer


def write_later(
    seed: int, reports: Reports, sheets: list[SheetReport], files: Path, truth: Path, where: dict[str, str]
) -> list[dict[str, Any]]:
    """Write `files/later/` and `truth/later.jsonl`; the reports' own truth stays that of the first delivery."""
    rng = stream(seed, "later")
    in_sheets = {sheet.report.number for sheet in sheets}
    fit = [
        r
        for r in reports.rows
        if r.json
        and not r.free_text
        and r.number not in in_sheets
        and r.sightings
        and r.people[0][1].lane not in ("one sighting", "no address")
    ]
    chosen = sorted(rng.sample(fit, min(len(fit), max(4, len(reports.rows) // 30))), key=lambda r: r.number)
    rows = []
    for place, report in enumerate(chosen):
        rows.append(
            _deliver(
                seed,
                rng,
                reports,
                report,
                ("reclassified", "more sightings", "unchanged", "reclassified")[place % 4],
                files,
                where,
            )
        )
    write_jsonl(truth / "later.jsonl", rows)
    return rows


def _deliver(
    seed: int, rng: Any, reports: Reports, report: Report, kind: str, files: Path, where: dict[str, str]
) -> dict[str, Any]:
    name = f"later/report-{report.number}.json"
    row: dict[str, Any] = {
        "report_number": report.number,
        "file": name,
        "first_file": where[report.number],
        "kind": kind,
        "version": 2,
        "sightings_added": [],
    }
    changed: dict[str, Any] = {}
    if kind == "unchanged":  # the same content, only laid out in another way
        row["version"] = 1
    else:
        changed["processed_at"] = report.made_available + timedelta(days=5)
    if kind == "reclassified":
        changed.update(
            {"priority": "1" if report.priority != "1" else "2", "classification": "Reviewed after supplement"}
        )
        row.update({"priority": changed["priority"], "classification": changed["classification"]})
    added = None
    if kind == "more sightings":
        added = reports.sight(rng, report.people[0][1], "suspect 1", "LOGIN")
        if added:
            report.sightings.append(added)
            row["sightings_added"] = [
                {"address": added.address, "port": added.port, "event": added.event, "at": added.at.as_truth()}
            ]
    write_json(files / name, Writer(seed, report, changed=changed).document(), indent=3)
    if added:
        report.sightings.pop()
    return row
