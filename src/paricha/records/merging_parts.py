"""The lists of a tip merged: people by role and number, their accounts, files, sightings, places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import msgspec

from paricha.intake.document import (
    Account,
    Device,
    FileSeen,
    Hash,
    Leaf,
    Noted,
    Person,
    PlaceSaid,
    Seen,
    TipDocument,
    When,
)
from paricha.records.comparing import SPAN_S, comparable, same_instant


class Chooses(Protocol):
    """Who chooses the leading reading of a field (`merging.Field`)."""

    region: str

    def one(self, path: str, readings: Sequence[Any], kind: str = "text") -> Any: ...


def union(lists: Sequence[list[Leaf]], kind: str = "text", region: str = "IN") -> list[Leaf]:
    """Each distinct value once, at its first place."""
    kept: dict[str, Leaf] = {}
    for leaf in (leaf for one in lists for leaf in one):
        kept.setdefault(comparable(leaf, kind, region), leaf)
    return list(kept.values())


def union_noted(lists: Sequence[list[Noted]]) -> list[Noted]:
    """Each distinct field and value once."""
    kept: dict[tuple[str, str], Noted] = {}
    for noted in (noted for one in lists for noted in one):
        kept.setdefault((noted.field, comparable(noted.leaf)), noted)
    return list(kept.values())


# ---- people -----------------------------------------------------------------------------------------------------
def merge_people(lists: Sequence[list[Person]], field: Chooses) -> list[Person]:
    """By role and number; never renumbered."""
    together: dict[tuple[str, int], list[Person]] = {}
    for person in (person for one in lists for person in one):
        together.setdefault((person.role, person.number), []).append(person)
    return [_person(same, f"people[{place}]", field) for place, same in enumerate(together.values())]


def _person(same: list[Person], path: str, field: Chooses) -> Person:
    if len(same) == 1:
        return same[0]
    return Person(
        role=same[0].role,
        number=same[0].number,
        names=union([one.names for one in same]),
        ages=union([one.ages for one in same]),
        accounts=merge_accounts([one.accounts for one in same], path, field),
        phones=union([one.phones for one in same], "phone", field.region),
        emails=union([one.emails for one in same], "email"),
        addresses=union([one.addresses for one in same]),
        devices=_devices([one.devices for one in same]),
        prior_reports=union([one.prior_reports for one in same]),
        other=union_noted([one.other for one in same]),
    )


def _key(leaf: Leaf | None) -> str | None:
    return None if leaf is None else comparable(leaf)


def merge_accounts(lists: Sequence[list[Account]], path: str, field: Chooses) -> list[Account]:
    """One account a service and id; one without id joins the person's only account, or the one of its screen name."""
    together: list[list[Account]] = [[account] for account in lists[0]]
    for accounts in lists[1:]:
        for account in accounts:
            home = _home_of(account, together)
            if home is None:
                together.append([account])
            else:
                home.append(account)
    return [_account(same, f"{path}.accounts[{place}]", field) for place, same in enumerate(together)]


def _home_of(account: Account, together: list[list[Account]]) -> list[Account] | None:
    identity = _key(account.user_id)
    may = [same for same in together if _services_agree(account, same)]
    if identity is not None:
        for same in may:
            if any(_key(one.user_id) == identity for one in same):
                return same
        may = [same for same in may if all(one.user_id is None for one in same)]
    name = _key(account.screen_name)
    named = [same for same in may if name is not None and any(_key(one.screen_name) == name for one in same)]
    if named:
        return named[0]
    return may[0] if len(together) == 1 and may else None


def _services_agree(account: Account, same: list[Account]) -> bool:
    stated = {_key(one.service) for one in [account, *same]} - {None}
    return len(stated) < 2


def _account(same: list[Account], path: str, field: Chooses) -> Account:
    if len(same) == 1:
        return same[0]
    return Account(
        service=field.one(f"{path}.service", [one.service for one in same]),
        user_id=field.one(f"{path}.user_id", [one.user_id for one in same]),
        screen_name=field.one(f"{path}.screen_name", [one.screen_name for one in same]),
        display_names=union([one.display_names for one in same]),
        profile_urls=union([one.profile_urls for one in same]),
    )


def _devices(lists: Sequence[list[Device]]) -> list[Device]:
    kept: dict[tuple[str | None, str | None], Device] = {}
    for device in (device for one in lists for device in one):
        kept.setdefault((_key(device.id_type), _key(device.value)), device)
    return list(kept.values())


# ---- files ------------------------------------------------------------------------------------------------------
def merge_files(lists: Sequence[list[FileSeen]], field: Chooses) -> tuple[list[FileSeen], list[dict[int, int]]]:
    """By any equal hash, without one by name; also each form's file numbers → the merged ones (from 1)."""
    together: list[list[FileSeen]] = []
    numbers: list[dict[int, int]] = []
    for files in lists:
        taken: set[int] = set()
        mine: dict[int, int] = {}
        for number, file in enumerate(files, 1):
            place = _same_file(file, together, taken)
            if place is None:
                place = len(together)
                together.append([])
            together[place].append(file)
            taken.add(place)
            mine[number] = place + 1
        numbers.append(mine)
    return [_file(same, f"files[{place}]", field) for place, same in enumerate(together)], numbers


_BY_LENGTH = {32: "md5", 40: "sha1", 64: "sha256"}


def _hash_key(one: Hash) -> tuple[str, str]:
    """Algorithm and value; where the algorithm is not stated (NCMEC's verification hash), that of its length."""
    value = comparable(one.value)
    stated = one.algorithm.casefold().replace("-", "")
    return (stated if stated in _BY_LENGTH.values() else _BY_LENGTH.get(len(value), stated)), value


def _hashes(file: FileSeen) -> set[tuple[str, str]]:
    return {_hash_key(one) for one in file.hashes}


def _same_file(file: FileSeen, together: list[list[FileSeen]], taken: set[int]) -> int | None:
    mine, name = _hashes(file), _key(file.name)
    free = [place for place in range(len(together)) if place not in taken]
    equal = [place for place in free if any(_hashes(one) & mine for one in together[place])]
    for place in equal:  # of several with this hash the one of the same name
        if name is not None and any(_key(one.name) == name for one in together[place]):
            return place
    if equal:
        return equal[0]
    for place in free:
        theirs = set().union(*(_hashes(one) for one in together[place]))
        disagree = {algorithm for algorithm, _ in mine} & {algorithm for algorithm, _ in theirs}
        if name is not None and not disagree and any(_key(one.name) == name for one in together[place]):
            return place
    return None


def _file(same: list[FileSeen], path: str, field: Chooses) -> FileSeen:
    if len(same) == 1:
        return same[0]
    hashes: dict[tuple[str, str], Any] = {}
    for one in (one for file in same for one in file.hashes):
        hashes.setdefault(_hash_key(one), one)
    return FileSeen(
        name=field.one(f"{path}.name", [one.name for one in same]),
        original_name=field.one(f"{path}.original_name", [one.original_name for one in same]),
        hashes=list(hashes.values()),
        viewed_by_reporter=field.one(f"{path}.viewed_by_reporter", [one.viewed_by_reporter for one in same], "yes_no"),
        public=field.one(f"{path}.public", [one.public for one in same], "yes_no"),
        classification=field.one(f"{path}.classification", [one.classification for one in same]),
        annotations=union([one.annotations for one in same]),
        other=union_noted([one.other for one in same]),
    )


# ---- sightings --------------------------------------------------------------------------------------------------
def merge_sightings(lists: Sequence[list[Seen]], numbers: list[dict[int, int]]) -> list[Seen]:
    """Equal who, address and instant, and nothing stated differs; a form that states less joins one that states more."""
    kept: list[Seen] = []
    for place, sightings in enumerate(lists):
        before = len(kept)
        taken: set[int] = set()
        for seen in _once(sightings):
            seen = _renumbered(seen, numbers[place])
            match = next((at for at in range(before) if at not in taken and _same_sighting(kept[at], seen)), None)
            if match is None:
                kept.append(seen)
            else:
                taken.add(match)
                kept[match] = _fuller(kept[match], seen)
    return kept


def _renumbered(seen: Seen, numbers: dict[int, int]) -> Seen:
    if seen.of != "file" or not seen.who.startswith("file "):
        return seen
    old = int(seen.who[5:])
    new = numbers.get(old, old)
    return seen if new == old else msgspec.structs.replace(seen, who=f"file {new}")


def address_key(seen: Seen) -> str:
    """The normal form of a sighting's address, else its writing."""
    return comparable(seen.address, "address") if seen.address is not None else ""


def _same_sighting(kept: Seen, seen: Seen) -> bool:
    return (
        kept.who == seen.who
        and same_instant(kept.at, seen.at)
        and address_key(kept) == address_key(seen)
        and all(_agrees(getattr(kept, name), getattr(seen, name)) for name in ("port", "event", "possible_proxy"))
    )


def _agrees(first: Leaf | None, second: Leaf | None) -> bool:
    return first is None or second is None or comparable(first) == comparable(second)


def _fuller(kept: Seen, seen: Seen) -> Seen:
    at = kept.at
    if at is not None and seen.at is not None and at.precision and seen.at.precision:
        at = seen.at if SPAN_S[seen.at.precision] < SPAN_S[at.precision] else at
    return Seen(
        of=kept.of,
        who=kept.who,
        address=kept.address,
        port=kept.port or seen.port,
        event=kept.event or seen.event,
        at=at,
        possible_proxy=kept.possible_proxy or seen.possible_proxy,
    )


def _signature(seen: Seen) -> tuple[Any, ...]:
    at = seen.at
    when = None if at is None else (at.utc if at.utc is not None else at.as_written)
    return (
        seen.who,
        seen.address and seen.address.value,
        when,
        seen.port and seen.port.value,
        seen.event and seen.event.value,
        seen.possible_proxy and seen.possible_proxy.value,
    )


def _once(sightings: list[Seen]) -> list[Seen]:
    """One original's sightings, said twice word for word counted once."""
    if len({_signature(seen) for seen in sightings}) == len(sightings):
        return sightings
    return list({_signature(seen): seen for seen in reversed(sightings)}.values())[::-1]


def alone(document: TipDocument) -> TipDocument:
    """The tip that one document makes."""
    once = _once(document.sightings)
    return document if once is document.sightings else msgspec.structs.replace(document, sightings=once)


# ---- places -----------------------------------------------------------------------------------------------------
def merge_places(lists: Sequence[list[PlaceSaid]], field: Chooses) -> list[PlaceSaid]:
    """By who says it and of which address; what names no address stays apart unless it is said twice."""
    together: dict[Any, list[PlaceSaid]] = {}
    for place in (place for one in lists for place in one):
        key: Any = (place.said_by, comparable(place.address, "address") if place.address is not None else None)
        if place.address is None:
            key = (*key, *(_key(leaf) for leaf in (place.country, place.region, place.city, place.organisation)))
        together.setdefault(key, []).append(place)
    return [_place(same, f"places[{at}]", field) for at, same in enumerate(together.values())]


def _place(same: list[PlaceSaid], path: str, field: Chooses) -> PlaceSaid:
    if len(same) == 1:
        return same[0]
    said: dict[str, Any] = {
        name: field.one(
            f"{path}.{name}", [getattr(one, name) for one in same], "address" if name == "address" else "text"
        )
        for name in ("address", "country", "region", "city", "organisation")
    }
    return PlaceSaid(said_by=same[0].said_by, **said)


# ---- every field that holds one value ---------------------------------------------------------------------------
def single_leaves(document: TipDocument) -> Iterator[tuple[str, Leaf | When, str]]:
    """Generic path, leaf and kind of each single-valued leaf below the lists (`files[].public`)."""
    for person in document.people:
        for account in person.accounts:
            yield from _stated("people[].accounts[]", account, ("service", "user_id", "screen_name"))
    for file in document.files:
        yield from _stated("files[]", file, ("name", "original_name", "viewed_by_reporter", "public", "classification"))
    for place in document.places:
        yield from _stated("places[]", place, ("country", "region", "city", "organisation"))


def _stated(path: str, node: Any, names: tuple[str, ...]) -> Iterator[tuple[str, Leaf | When, str]]:
    for name in names:
        leaf = getattr(node, name)
        if leaf is not None:
            yield f"{path}.{name}", leaf, "yes_no" if name in ("viewed_by_reporter", "public") else "text"
