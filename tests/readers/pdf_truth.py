"""Facts of a tip read from a PDF, and of the truth it was made from, as one kind of row, so that they can be compared."""

from collections import Counter
from typing import Any

from paricha.intake.document import TipDocument, When

SINGLE = {
    "report_number": "report_number", "received_at": "received_at", "made_available_at": "made_available_at",
    "processed_at": "processed_at", "priority": "priority_stated", "incident_type": "incident_type",
    "incident_at": "incident_at", "incident_description": "incident_description", "escalation": "escalation",
    "reporter_name": "reporter_name",
}  # fmt: skip
LISTS = ("names", "phones", "emails", "ages", "addresses")


def value(leaf: Any) -> Any:
    if leaf is None:
        return None
    return leaf.as_written if isinstance(leaf, When) else leaf.value


def said(truth: dict[str, Any]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [(key, truth[key]) for key in SINGLE if truth[key]]
    for person in truth["people"]:
        who = person["who"]
        rows += [(who, key, one) for key in LISTS for one in person[key]]
        rows += [(who, "device", *device) for device in person["devices"]]
        for number, account in enumerate(person["accounts"]):
            rows += [(who, number, k, account[k]) for k in ("service", "user_id", "screen_name") if account[k]]
            rows += [(who, number, k, one) for k in ("display_names", "profile_urls") for one in account[k]]
    for one in truth["sightings"]:
        rows.append(("seen", *(one[k] for k in ("who", "address", "port", "event", "at", "possible_proxy"))))
    for number, one in enumerate(truth["files"]):
        kept = [one[k] for k in ("name", "original_name", "viewed", "public", "classification")]
        rows.append(("file", number, *kept, *one["hashes"]))
    rows += [
        ("place", *(p[k] for k in ("address", "country", "region", "city", "organisation"))) for p in truth["places"]
    ]
    return rows + [("prior", number) for number in truth["prior_reports"]]


def read(tip: TipDocument) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [
        (key, value(getattr(tip, name))) for key, name in SINGLE.items() if getattr(tip, name) is not None
    ]
    for person in tip.people:
        rows += [(person.who, key, value(one)) for key in LISTS for one in getattr(person, key)]
        rows += [(person.who, "device", value(one.id_type), value(one.value)) for one in person.devices]
        for number, account in enumerate(person.accounts):
            for key in ("service", "user_id", "screen_name"):
                if getattr(account, key) is not None:
                    rows.append((person.who, number, key, value(getattr(account, key))))
            for key in ("display_names", "profile_urls"):
                rows += [(person.who, number, key, value(one)) for one in getattr(account, key)]
    for one in tip.sightings:
        kept = (one.address, one.port, one.event, one.at, one.possible_proxy)
        rows.append(("seen", one.who, *(value(leaf) for leaf in kept)))
    for number, one in enumerate(tip.files):
        leaves = (one.name, one.original_name, one.viewed_by_reporter, one.public, one.classification)
        hashes = sorted(str(item.value.value) for item in one.hashes)
        rows.append(("file", number, *(value(leaf) for leaf in leaves), *hashes))
    for one in tip.places:
        leaves = (one.address, one.country, one.region, one.city, one.organisation)
        rows.append(("place", *(value(leaf) for leaf in leaves)))
    return rows + [("prior", value(leaf)) for leaf in tip.prior_reports]


def compared(tip: TipDocument, truth: dict[str, Any]) -> tuple[list[Any], list[Any], int]:
    """What was read and is not true, what is true and was not read, how many facts there are."""
    ours, theirs = Counter(read(tip)), Counter(said(truth))
    return list((ours - theirs).elements()), list((theirs - ours).elements()), sum(theirs.values())
