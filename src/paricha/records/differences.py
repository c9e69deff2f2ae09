"""What two readings or deliveries of one report say differently, value by value: added, changed, gone.

    for change in differences(before, now): ...

Pure. Where a value stands does not matter, only what it says. A path is stable in words, not in places:
`suspect 1/phones`, `file plan.bin/public`, so that an inserted person or file changes nothing of its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from paricha.intake.document import FileSeen, Leaf, Person, PlaceSaid, Seen, TipDocument, When, plain_reading
from paricha.records.comparing import comparable
from paricha.records.merging_parts import same_file

SCALARS = (
    ("report_number", "report_number"),
    ("received_at", "received_at"),
    ("made_available_at", "made_available_at"),
    ("processed_at", "processed_at"),
    ("incident_type", "incident.type"),
    ("incident_at", "incident.at"),
    ("incident_description", "incident.description"),
    ("reporter_name", "reporter.name"),
    ("priority_stated", "priority.stated"),
    ("escalation", "escalation"),
)
_OF_PERSON = ("names", "ages", "phones", "emails", "addresses", "prior_reports")
_OF_ACCOUNT = ("service", "user_id", "screen_name")
_OF_FILE = ("name", "original_name", "viewed_by_reporter", "public", "classification")


class Said(msgspec.Struct, frozen=True):
    """A value as it is said: its parts in one text, and the leaf that shows its place."""

    text: str
    leaf: Leaf | When


class Change(msgspec.Struct, frozen=True):
    """One difference. `path`: thing and field, `/` between; `before` None: added, `now` None: gone."""

    path: str
    before: Said | None
    now: Said | None

    @property
    def kind(self) -> str:
        return "added" if self.before is None else "gone" if self.now is None else "changed"


class _Entry(NamedTuple):
    """`key`: equal for equal values; `home`: entries of one home may be the same thing said otherwise."""

    path: str
    home: str
    key: str
    said: Said


def differences(before: TipDocument, now: TipDocument) -> list[Change]:
    """Every value that one of two documents says and the other does not, in the order of the newer one's fields."""
    names = _file_names(before, now)
    old, new = list(_entries(before, names[0])), list(_entries(now, names[1]))
    gone = _without(old, new)
    added = _without(new, old)
    waiting: dict[tuple[str, str], list[_Entry]] = {}
    for entry in gone:
        waiting.setdefault((entry.path, entry.home), []).append(entry)
    changes = []
    for entry in added:
        others = waiting.get((entry.path, entry.home))
        changes.append(Change(entry.path, others.pop(0).said if others else None, entry.said))
    left = [entry for entries in waiting.values() for entry in entries]
    return changes + [Change(entry.path, entry.said, None) for entry in left]


def _without(entries: list[_Entry], others: list[_Entry]) -> list[_Entry]:
    """Entries that do not stand among the others, each said as often as there."""
    there: dict[tuple[str, str], int] = {}
    for other in others:
        there[other.path, other.key] = there.get((other.path, other.key), 0) + 1
    left = []
    for entry in entries:
        count = there.get((entry.path, entry.key), 0)
        if count:
            there[entry.path, entry.key] = count - 1
        else:
            left.append(entry)
    return left


def text_of(leaf: Leaf | When) -> str:
    """A value as written."""
    return leaf.as_written if isinstance(leaf, When) else str(leaf.value)


def _key(leaf: Leaf | When | None) -> str:
    """Equal for the same value of the same kind: an instant that is known now is another value than its text."""
    if leaf is None:
        return ""
    if isinstance(leaf, When):
        return f"{leaf.utc}|{leaf.precision}|{leaf.as_written if leaf.utc is None else ''}"
    return f"{type(leaf.value).__name__}|{leaf.value}"


def _one(path: str, leaf: Leaf | When | None) -> Iterator[_Entry]:
    if leaf is not None:
        yield _Entry(path, "", _key(leaf), Said(text_of(leaf), leaf))


def _entries(document: TipDocument, files: list[str]) -> Iterator[_Entry]:
    for attribute, path in SCALARS:
        yield from _one(path, getattr(document, attribute))
    for person in document.people:
        yield from _of_person(person)
    for seen in document.sightings:
        yield from _of_sighting(seen, files)
    for file, name in zip(document.files, files, strict=True):
        yield from _of_file(file, name)
    for place in document.places:
        yield from _of_place(place)
    for leaf in document.prior_reports:
        yield from _one("prior_reports", leaf)
    for noted in [*document.marks, *document.other]:
        yield from _one(noted.field, noted.leaf)


def _of_person(person: Person) -> Iterator[_Entry]:
    head = person.who
    for name in _OF_PERSON:
        for leaf in getattr(person, name):
            yield from _one(f"{head}/{name}", leaf)
    for account in person.accounts:
        identity = account.user_id or account.screen_name or account.service
        for name in _OF_ACCOUNT:
            leaf = getattr(account, name)
            if leaf is not None:
                home = _key(identity) if leaf is not identity else ""
                yield _Entry(f"{head}/{name}", home, f"{home}|{_key(leaf)}", Said(text_of(leaf), leaf))
        for leaf in account.display_names:
            yield from _one(f"{head}/display_names", leaf)
        for leaf in account.profile_urls:
            yield from _one(f"{head}/profile_urls", leaf)
    for device in person.devices:
        leaf = device.value or device.id_type
        if leaf is not None:
            yield _Entry(f"{head}/devices", "", f"{_key(device.id_type)}|{_key(device.value)}",
                         Said(" ".join(text_of(one) for one in (device.id_type, device.value) if one), leaf))  # fmt: skip
    for noted in person.other:
        yield from _one(f"{head}/{noted.field}", noted.leaf)


def _of_sighting(seen: Seen, files: list[str]) -> Iterator[_Entry]:
    stated = [leaf for leaf in (seen.address, seen.port, seen.event, seen.at, seen.possible_proxy) if leaf is not None]
    if not stated:
        return
    who = seen.who
    if who.startswith("file ") and who[5:].isdecimal() and 0 < int(who[5:]) <= len(files):
        who = f"file {files[int(who[5:]) - 1]}"
    address = comparable(seen.address, "address") if seen.address is not None else ""
    key = "|".join(_key(leaf) for leaf in (seen.address, seen.port, seen.event, seen.at, seen.possible_proxy))
    yield _Entry(f"{who}/sightings", address, key, Said(", ".join(map(text_of, stated)), stated[0]))


def _of_file(file: FileSeen, name: str) -> Iterator[_Entry]:
    head = f"file {name}"
    for field in _OF_FILE:
        yield from _one(f"{head}/{field}", getattr(file, field))
    for one in file.hashes:
        yield from _one(f"{head}/{one.algorithm}", one.value)
    for leaf in file.annotations:
        yield from _one(f"{head}/annotations", leaf)
    for noted in file.other:
        yield from _one(f"{head}/{noted.field}", noted.leaf)


def _of_place(place: PlaceSaid) -> Iterator[_Entry]:
    stated = [leaf for leaf in (place.address, place.city, place.region, place.country, place.organisation) if leaf]
    if stated:
        home = _key(place.address)
        key = "|".join(map(_key, stated))
        yield _Entry(f"places/{place.said_by}", home, key, Said(", ".join(map(text_of, stated)), stated[0]))


def _file_names(before: TipDocument, now: TipDocument) -> tuple[list[str], list[str]]:
    """Names of the files of both, the same for the same file as merging judges it: by any equal hash, else by name."""
    old: list[str] = []
    for place, file in enumerate(before.files, 1):
        old.append(_free(_name(file, place), old))
    together: list[list[FileSeen]] = [[file] for file in before.files]
    taken: set[int] = set()
    same: list[int | None] = []
    for file in now.files:
        found = same_file(file, together, taken)
        same.append(found)
        if found is not None:
            taken.add(found)
    new: list[str] = []
    for place, (file, found) in enumerate(zip(now.files, same, strict=True), 1):
        new.append(old[found] if found is not None else _free(_name(file, place), [*old, *new]))
    return old, new


def _name(file: FileSeen, place: int) -> str:
    leaf = file.name or file.original_name or (file.hashes[0].value if file.hashes else None)
    return str(place) if leaf is None else text_of(leaf).replace("/", "\u2215")[:120]


def _free(wanted: str, names: list[str]) -> str:
    turn, name = 1, wanted
    while name in names:
        turn += 1
        name = f"{wanted} ({turn})"
    return name


# ---- as kept ----------------------------------------------------------------------------------------------------
def plain_change(before: TipDocument, now: TipDocument, change: Change) -> dict[str, Any]:
    """A change as JSON: `path`, `kind`, and on each side `text` and `reading` (value, place, reader)."""
    return {
        "path": change.path,
        "kind": change.kind,
        "before": _plain(before, change.before),
        "now": _plain(now, change.now),
    }


def _plain(document: TipDocument, said: Said | None) -> dict[str, Any] | None:
    return None if said is None else {"text": said.text, "reading": plain_reading(document, said.leaf)}
