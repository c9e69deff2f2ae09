"""Writing the whole made-up State: `files/` as a unit would receive them, `truth/` as it really is.

`files/`: tips/DAY/*.json, *.jsonl · sheets/ · mappings/ · later/ · telegram/ · bad/ · operators/ · pack/ · corroborations.csv ·
observations.csv.
`truth/`: tips, subjects, customers, leases, doors, enquiries, mornings, observations, chats, later, bad, operators, totals (each .jsonl).
"""

import shutil
from pathlib import Path

from paricha.synthetic.bad import write_bad
from paricha.synthetic.geography import Geography
from paricha.synthetic.later import write_later
from paricha.synthetic.leases import Leases
from paricha.synthetic.morning import write_corroborations, write_mornings
from paricha.synthetic.observations import write_observations
from paricha.synthetic.operators import write_operators
from paricha.synthetic.output import write_jsonl
from paricha.synthetic.pack import write_pack
from paricha.synthetic.people import People
from paricha.synthetic.reports import Reports
from paricha.synthetic.sheets import choose, write_sheets
from paricha.synthetic.telegram import write_telegram
from paricha.synthetic.tips_json import write_tips
from paricha.synthetic.truth import write_truth


def write_state(out: Path, tips: int, seed: int) -> dict[str, int]:
    """Write a State of `tips` tips into `out` (its old `files/` and `truth/` are replaced); gives totals counted from rows.

    Same tips and seed, same bytes. Raises ValueError for fewer than 20 tips: the planted features would not fit.
    """
    if tips < 20:
        raise ValueError("a made-up State needs at least 20 tips")
    files, truth = Path(out) / "files", Path(out) / "truth"
    for folder in (files, truth):
        if folder.exists():
            shutil.rmtree(folder)
    places = Geography(seed)
    people = People(seed, tips, places)
    leases = Leases(seed, people)
    reports = Reports(seed, tips, people, places, leases)
    sheets = choose(seed, reports.rows)
    where = write_tips(seed, reports.rows, files)
    sheet_rows = write_sheets(seed, sheets, files)
    found = write_mornings(seed, people, truth)
    totals = {"schema": 1, "seed": seed}
    later = write_later(seed, reports, sheets, files, truth, where)
    observed = write_observations(seed, reports, files, truth)
    totals |= write_truth(seed, truth, people, leases, reports.rows, sheets, found, where)
    totals |= {
        "sheet_rows": sheet_rows,
        "later": len(later),
        "observations": observed,
        "bad_files": write_bad(seed, reports.rows, files, truth),
        "corroborations": write_corroborations(seed, people, files),
    }
    totals |= write_telegram(seed, people, files, truth)
    totals |= write_operators(files, truth)
    totals |= write_pack(seed, places, files)
    write_jsonl(truth / "totals.jsonl", [totals])
    return totals
