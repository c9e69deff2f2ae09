"""What an observer of peers might bring: `files/observations.csv` in the layout `paricha-1`, good rows and bad ones.

The peers are customers of the State, each seen twice on different days, with the observer's own endpoint beside it, so
that an operator's answer can echo it. Planted: hearsay, no zone, an ambiguous date, unequal double entry, a poor clock.
`truth/observations.jsonl` says for each reference what must become of the row, and whose line it is.
"""

import random
from pathlib import Path
from typing import Any

from paricha.synthetic.chance import stream
from paricha.synthetic.output import write_csv, write_jsonl
from paricha.synthetic.people import DOOR_LANES, Subject
from paricha.synthetic.reports import IST, Reports, Sighting

COLUMNS = (
    "reference,activity,provenance,address,port,protocol,at,zone,precision,observer_address,observer_port,direction,"
    "clock_source,clock_offset_ms,infohash_echoed,pieces_claimed,pieces_total,entry,address_again,at_again,authority"
).split(",")
OBSERVER = ("203.0.113.250", 51413)
AUTHORITY = "KN/OBS/2026/3"
PLANTED = [  # what is changed in a row, what must become of it, why
    ({"provenance": "tracker"}, "refused", "hearsay never leads"),
    ({"at": "no zone", "zone": ""}, "refused", "no zone"),
    ({"at": "dmy", "zone": ""}, "refused", "a date in another form"),
    ({"entry": "typed", "address_again": "digit"}, "refused", "unequal double entry"),
    ({"clock_source": "none", "clock_offset_ms": ""}, "refused", "no clock"),
    ({"clock_offset_ms": "740"}, "held", "clock more than 500 ms off"),
    ({"port": "70000"}, "refused", "a port that is none"),
]


def write_observations(seed: int, reports: Reports, files: Path, truth: Path) -> int:
    """Write the observations and their truth; opens new sessions in the leases. Gives the number of rows."""
    rng = stream(seed, "observations")
    peers = [s for s in reports.people.subjects if s.lane in DOOR_LANES and s.tips]
    chosen = sorted(rng.sample(peers, min(len(peers), max(8, len(peers) // 8))), key=lambda s: s.number)
    rows: list[dict[str, Any]] = []
    told: list[dict[str, Any]] = []
    for number, subject in enumerate(chosen, start=1):
        for _ in range(2):
            _add(rng, reports, subject, number, rows, told, {}, "taken", "")
    for change, outcome, why in PLANTED:
        _add(rng, reports, chosen[0], 1, rows, told, change, outcome, why)
    write_jsonl(truth / "observations.jsonl", told)
    return write_csv(files / "observations.csv", COLUMNS, [[row[c] for c in COLUMNS] for row in rows])


def _add(
    rng: random.Random,
    reports: Reports,
    subject: Subject,
    peer: int,
    rows: list[dict[str, Any]],
    told: list[dict[str, Any]],
    change: dict[str, str],
    outcome: str,
    why: str,
) -> None:
    seen = reports.sight(rng, subject, f"peer {peer}")
    assert seen and seen.lease
    row = _row(rng, seen, f"OB-{len(rows) + 1:04d}", f"peer-{peer:04d}")
    local = seen.at.true_at.astimezone(IST)
    forms = {"no zone": local.strftime("%Y-%m-%dT%H:%M:%S"), "dmy": local.strftime("%d/%m/%Y %H:%M:%S")}
    row |= change
    row["at"] = forms.get(row["at"], row["at"])
    if row["entry"] == "typed":
        row["address_again"], row["at_again"] = (
            row["address"][:-1] + ("1" if row["address"][-1] != "1" else "2"),
            row["at"],
        )
    rows.append(row)
    told.append(
        {
            "reference": row["reference"],
            "activity": row["activity"],
            "address": seen.address,
            "true_utc": row["utc"],
            "expected": outcome,
            "why": why,
            "subject": subject.key,
            "customer": seen.lease.customer,
        }
    )


def _row(rng: random.Random, seen: Sighting, reference: str, activity: str) -> dict[str, Any]:
    utc = seen.at.true_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    local = seen.at.true_at.astimezone(IST)
    at, zone = rng.choice([(utc, ""), (local.isoformat(), ""), (local.strftime("%Y-%m-%dT%H:%M:%S"), "IST")])
    return {
        "reference": reference, "activity": activity, "provenance": "direct", "address": seen.address,
        "port": seen.port or rng.randrange(20_000, 60_000), "protocol": "tcp", "at": at, "zone": zone, "precision": "second",
        "observer_address": OBSERVER[0], "observer_port": OBSERVER[1], "direction": rng.choice(["incoming", "outgoing"]),
        "clock_source": "ntp", "clock_offset_ms": rng.randrange(0, 60), "infohash_echoed": "yes",
        "pieces_claimed": rng.randrange(40, 256), "pieces_total": 256, "entry": "machine", "address_again": "", "at_again": "",
        "authority": AUTHORITY, "utc": utc,
    }  # fmt: skip
