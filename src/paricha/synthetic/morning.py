"""What is true at each dwelling: who lives there, who used the line, and what a search would find.

`truth/enquiries.jsonl` feeds the return of a discreet enquiry, `truth/mornings.jsonl` the morning of a search;
`files/corroborations.csv` is what other records say outside the address chain.
"""

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paricha.synthetic.chance import imei, stream
from paricha.synthetic.names import draw_name
from paricha.synthetic.output import write_csv, write_jsonl
from paricha.synthetic.people import Customer, People, Subject

MAKES = [
    ("Exampletel", "E10"),
    ("Exampletel", "E22 Plus"),
    ("Madeup", "One"),
    ("Madeup", "Tab 8"),
    ("Sample Works", "Laptop 14"),
]
ROOMS = ["bedroom", "front room", "kitchen shelf", "upstairs room", "office table"]


@dataclass
class Dwelling:
    """A place where a customer's line ends, and the subjects behind it."""

    key: str
    customer: Customer
    subjects: list[Subject]
    enquiry: dict[str, Any] = field(default_factory=dict)


def dwellings(people: People) -> list[Dwelling]:
    """Every dwelling of the State behind which a subject stands, in order of its key."""
    found: dict[str, Dwelling] = {}
    for subject in people.subjects:
        customer = subject.customer
        if customer and customer.dwelling and customer.installation and customer.installation.in_state:
            found.setdefault(customer.dwelling, Dwelling(customer.dwelling, customer, [])).subjects.append(subject)
    return [found[key] for key in sorted(found)]


def _enquiry(rng: random.Random, dwelling: Dwelling) -> dict[str, Any]:
    customer = dwelling.customer
    living = list(
        dict.fromkeys([customer.name, *[s.name.full for s in dwelling.subjects], draw_name(rng, "latin").full])
    )
    premises = customer.premises or "house"
    moved = rng.random() < 0.05
    return {
        "dwelling": dwelling.key,
        "customer": customer.id,
        "subscriber_id": customer.subscriber_id,
        "lives_here": living if not moved else [draw_name(rng, "latin").full],
        "floors": rng.choice([1, 1, 2, 2, 3]),
        "others_use_line": premises in ("hostel", "paying guest", "office") or rng.random() < 0.15,
        "premises": premises,
        "user_in_fact": None if moved else dwelling.subjects[0].name.full,
        "subjects": [s.key for s in dwelling.subjects],
        "subscriber_moved_away": moved,
        "remarks": "Neighbours say the family moved away." if moved else "Seen from the road; nobody spoken to.",
    }


def _morning(rng: random.Random, dwelling: Dwelling) -> dict[str, Any]:
    guilty = [s for s in dwelling.subjects if s.risk != "not_actionable"]
    nothing = not guilty or rng.random() < 0.15
    devices: list[dict[str, Any]] = []
    for _ in range(0 if nothing else rng.randrange(1, 4)):
        make, model = rng.choice(MAKES)
        phone_like = model not in ("Laptop 14",)
        devices.append(
            {
                "kind": "mobile phone" if phone_like else "laptop",
                "make": make,
                "model": model,
                "imei": imei(rng) if phone_like else None,
                "serial": f"SN{rng.randrange(10**7, 10**8)}",
                "room": rng.choice(ROOMS),
                "material_found": rng.random() < 0.6,
            }
        )
    known = [value for kind, value in guilty[0].devices if kind == "IMEI"] if guilty else []
    if devices and known:  # the phone that the tips named lies there
        devices[0].update({"kind": "mobile phone", "make": "Exampletel", "model": "E10", "imei": known[0]})
    address = dwelling.customer.installation
    assert address
    return {
        "dwelling": dwelling.key,
        "customer": dwelling.customer.id,
        "district": address.district,
        "station": address.station,
        "nothing_found": nothing,
        "devices": devices,
        "person_arrested": bool(devices) and rng.random() < 0.5,
        "person": guilty[0].name.full if guilty else None,
    }


def write_mornings(seed: int, people: People, truth: Path) -> list[Dwelling]:
    """Write what is true at each dwelling."""
    found = dwellings(people)
    for dwelling in found:
        dwelling.enquiry = _enquiry(stream(seed, "enquiry", dwelling.key), dwelling)
    write_jsonl(truth / "enquiries.jsonl", [d.enquiry for d in found])
    write_jsonl(truth / "mornings.jsonl", [_morning(stream(seed, "morning", d.key), d) for d in found])
    return found


def write_corroborations(seed: int, people: People, files: Path) -> int:
    """Write `corroborations.csv`: mostly equal to what the operator will say, some different, some missing."""
    rows = []
    for subject in people.subjects:
        customer = subject.customer
        if not customer:
            continue
        rng = stream(seed, "corroboration", subject.number)
        activity = activity_of(subject)
        said = corroborated(seed, subject)
        if said == "equal":
            rows.append((activity, "phone", customer.contact, "account record", f"AR-{subject.number:05d}"))
        elif said == "different":
            rows.append(
                (activity, "phone", f"+91 00009 {subject.number:05d}", "account record", f"AR-{subject.number:05d}")
            )
        if customer.email and rng.random() < 0.3:
            rows.append((activity, "email", customer.email, "electricity board", f"EB-{subject.number:05d}"))
        if customer.installation and rng.random() < 0.2:
            rows.append(
                (activity, "address", customer.installation.text, "property register", f"PR-{subject.number:05d}")
            )
    return write_csv(files / "corroborations.csv", ("activity", "kind", "value", "source", "source_reference"), rows)


def corroborated(seed: int, subject: Subject) -> str:
    """What other records say of the subscriber's phone: `equal`, `different` or `none`."""
    chance = stream(seed, "corroborated", subject.number).random()
    return "equal" if chance < 0.8 else "different" if chance < 0.9 else "none"


def for_a_human(seed: int, dwelling: Dwelling) -> list[str]:
    """What at this dwelling must be decided by a named human, however sound the address chain."""
    found, reasons = dwelling.enquiry, []
    if found["premises"] != "house":
        reasons.append(f"premises: {found['premises']}")
    if found["others_use_line"]:
        reasons.append("others use the line")
    if found["subscriber_moved_away"]:
        reasons.append("the subscriber moved away")
    for said in sorted({corroborated(seed, subject) for subject in dwelling.subjects} - {"equal"}):
        reasons.append({"different": "another phone is on record", "none": "no phone is on record"}[said])
    return reasons


def activity_of(subject: Subject) -> str:
    """The activity a subject's sightings belong to: service and user id of his first account, with a colon."""
    return f"{subject.accounts[0].service}:{subject.accounts[0].user_id}"
