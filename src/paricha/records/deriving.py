"""What rows a tip gives: selectors in normal form, sightings with ids, files, words for search. Pure."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from paricha.grounds import folding, identity, selectors
from paricha.grounds.selectors import SelectorKind
from paricha.intake.document import FileSeen, GroupDocument, Leaf, Member, Noted, Person, Seen, TipDocument, When
from paricha.records.comparing import holds

Selected = tuple[bytes, str, str]  # id16, kind, normal form
WITHIN = frozenset(
    {SelectorKind.ACCOUNT, SelectorKind.HANDLE, SelectorKind.DEVICE, SelectorKind.HASH, SelectorKind.GROUP}
)
FOLDING_MARKS = ("batched", "viral", "meme")  # interfaces: "Only batched, viral or meme marks fold"
_SAYS_NO = frozenset({"false", "no", "0"})


class SightingRow(msgspec.Struct, frozen=True):
    """`at` in epoch seconds UTC; `number` from 0 in the document's list."""

    id16: bytes
    selector: bytes
    number: int
    who: str
    port: int | None
    event: str | None
    at: int | None
    precision: str | None
    zone_source: str


class FileRow(msgspec.Struct, frozen=True):
    """`number` from 1; `hashes`: selector ids."""

    number: int
    name: str | None
    viewed_by_reporter: bool | None
    public: bool | None
    classification: str | None
    hashes: list[bytes]


class TipRows(msgspec.Struct):
    """All that one tip gives."""

    selectors: dict[bytes, Selected]
    sightings: list[SightingRow]
    files: list[FileRow]
    words: list[str]
    lead_name: str | None
    marks: str

    @property
    def linked(self) -> list[bytes]:
        """Selectors that link tips by themselves (addresses stand in the sightings)."""
        return [one[0] for one in self.selectors.values() if one[1] != SelectorKind.ADDRESS]


def tip_id(document: TipDocument) -> bytes:
    """Who gave the number + the number; without a number the original and the place in it."""
    if document.report_number is not None:
        return identity.tip_id(document.giver, str(document.report_number.value).strip())
    return identity.unnumbered_tip_id(document.sources[0].original, place_text(document.place))


def place_text(place: object) -> str:
    """A place as text that can be compared and kept."""
    return place if isinstance(place, str) else json.dumps(place, separators=(",", ":"), ensure_ascii=False)


@lru_cache(maxsize=65536)
def _selected(kind: SelectorKind, normal_form: str) -> Selected:
    return identity.selector_id(kind, normal_form), str(kind), normal_form


def select(kind: SelectorKind, normal_form: str | None) -> Selected | None:
    """A selector of that normal form; None for none."""
    return None if normal_form is None else _selected(kind, normal_form)


def rows_of(tip: bytes, document: TipDocument, region: str) -> TipRows:
    """The rows of a merged document. `region`: the unit's country, for phones without a country code."""
    found: dict[bytes, Selected] = {}
    sightings = [row for row in _sightings(tip, document.sightings, found)]
    for person in document.people:
        for one in selectors_of(person, _text(document.reporter_name), region):
            found[one[0]] = one
    files = [_file(number, file, found) for number, file in enumerate(document.files, 1)]
    return TipRows(found, sightings, files, words_of(document), lead_name(document), marks_of(document))


def _text(leaf: Leaf | None) -> str | None:
    return None if leaf is None else str(leaf.value)


# ---- selectors --------------------------------------------------------------------------------------------------
def selectors_of(person: Person, reporter: str | None, region: str) -> Iterable[Selected]:
    """A person's selectors. An id or handle whose service is not stated stands within the company that reported it."""
    for kind, normal in _plain_selectors(person, region):
        if normal is not None:
            yield _selected(kind, normal)
    if person.role == "reporter":
        return
    for account in person.accounts:
        service = _text(account.service) or reporter
        if account.user_id is not None:
            normal = selectors.within(service, str(account.user_id.value))
            if normal:
                yield _selected(SelectorKind.ACCOUNT, normal)
        if account.screen_name is not None:
            normal = selectors.handle(service, str(account.screen_name.value))
            if normal:
                yield _selected(SelectorKind.HANDLE, normal)
        for url in account.profile_urls:
            yield _selected(SelectorKind.URL, url_form(str(url.value)))


def _plain_selectors(person: Person, region: str) -> Iterable[tuple[SelectorKind, str | None]]:
    if person.role == "reporter":  # the company's own desk points at nobody
        return
    for phone in person.phones:
        yield SelectorKind.PHONE, selectors.phone(str(phone.value), region)
    for email in person.emails:
        yield SelectorKind.EMAIL, selectors.email(str(email.value))
    for device in person.devices:
        if device.value is not None:
            yield SelectorKind.DEVICE, selectors.device(_text(device.id_type), str(device.value.value))


def url_form(text: str) -> str:
    """A URL with scheme and host in lower case, without a slash at its end."""
    plain = selectors.refang(text.strip())
    scheme, sign, rest = plain.partition("://")
    if not sign:
        scheme, rest = "https", plain
    host, slash, path = rest.partition("/")
    return f"{scheme.casefold()}://{host.casefold()}{slash}{path}".rstrip("/")


# ---- sightings --------------------------------------------------------------------------------------------------
def _sightings(tip: bytes, sightings: list[Seen], found: dict[bytes, Selected]) -> Iterable[SightingRow]:
    given: set[bytes] = set()
    for number, seen in enumerate(sightings):
        one = _address(seen)
        if one is None:
            continue
        found[one[0]] = one
        port, event = _port(seen), _text(seen.event)
        at = seen.at.utc if seen.at is not None else None
        id16 = sighting_id(tip, seen.who, one[2], at)
        if id16 in given:  # two sightings of one second that differ in port or event: the later gets an id of its own
            id16 = identity.derived_id("sighting-also", id16, str(port), event, str(number))
        given.add(id16)
        when = seen.at
        yield SightingRow(
            id16, one[0], number, seen.who, port, event, at,
            when.precision.value if when is not None and when.precision is not None else None,
            when.zone_source.value if when is not None else "none",
        )  # fmt: skip


def _address(seen: Seen) -> Selected | None:
    if seen.address is None:
        return None
    normal = selectors.address(str(seen.address.value))
    return None if normal is None else _selected(SelectorKind.ADDRESS, normal)


def _port(seen: Seen) -> int | None:
    if seen.port is None:
        return None
    try:
        return int(seen.port.value)
    except ValueError:
        return None


def sighting_id(tip: bytes, who: str, address: str, at: int | None) -> bytes:
    """The same id as `grounds.identity.sighting_id`, made from epoch seconds without a calendar (a tenth of a tip's time)."""
    held = b"\0\0\0\x10" + tip  # 16 bytes: the ids of tips have that length
    for raw in (who.encode(), b"address", address.encode()):
        held += len(raw).to_bytes(4, "big") + raw
    if at is None:
        held += b"\xff\xff\xff\xff"
    else:
        day, second = divmod(at, 86_400)
        held += b"\0\0\0\x14%b%02d:%02d:%02dZ" % (_day(day), second // 3600, second // 60 % 60, second % 60)
    return hashlib.blake2b(held, digest_size=identity.ID_BYTES, person=b"sighting").digest()


@lru_cache(maxsize=4096)
def _day(number: int) -> bytes:
    """`2020-12-27T` of a day counted from 1970."""
    moment = time.gmtime(number * 86_400)
    return b"%04d-%02d-%02dT" % (moment.tm_year, moment.tm_mon, moment.tm_mday)


def aliases(tip: bytes, older: Iterable[TipDocument], current: TipDocument) -> dict[bytes, bytes]:
    """Ids that older documents gave to sightings whose instant is finer now → the id they have now.

    Only where exactly one sighting of that person and address lies within the coarser instant.
    """
    now = [(seen, row) for seen, row in _with_rows(tip, current)]
    ids = {row.id16 for _, row in now}
    found: dict[bytes, bytes] = {}
    for document in older:
        for seen, row in _with_rows(tip, document):
            if row.id16 in ids or seen.at is None:
                continue
            within = [
                new.id16
                for other, new in now
                if new.selector == row.selector and new.who == row.who and _finer_in(seen.at, other.at)
            ]
            if len(within) == 1:
                found[row.id16] = within[0]
    return found


def _finer_in(coarse: When, fine: When | None) -> bool:
    return fine is not None and coarse.precision != fine.precision and holds(coarse, fine)


def _with_rows(tip: bytes, document: TipDocument) -> list[tuple[Seen, SightingRow]]:
    return [(document.sightings[row.number], row) for row in _sightings(tip, document.sightings, {})]


# ---- files, words, marks ----------------------------------------------------------------------------------------
def _file(number: int, file: FileSeen, found: dict[bytes, Selected]) -> FileRow:
    hashes = []
    for one in file.hashes:
        normal = selectors.file_hash(str(one.value.value), one.algorithm or None)
        if normal is not None:
            selected = _selected(SelectorKind.HASH, normal)
            found[selected[0]] = selected
            hashes.append(selected[0])
    name = _text(file.name) or _text(file.original_name)
    return FileRow(
        number, name, yes_no(file.viewed_by_reporter), yes_no(file.public), _text(file.classification), hashes
    )


def yes_no(leaf: Leaf | None) -> bool | None:
    """Three-valued: None where nothing, or something else, is stated."""
    if leaf is None:
        return None
    word = str(leaf.value).strip().casefold()
    return True if word in ("true", "yes", "y", "1") else False if word in ("false", "no", "n", "0") else None


def words_of(document: TipDocument) -> list[str]:
    """What search keeps of a tip: tokens of names, texts and places; no hash, date or event name."""
    texts: list[Leaf | None] = [document.incident_type, document.incident_description, document.reporter_name]
    for person in document.people:
        texts += person.names
        texts += person.addresses
        for account in person.accounts:
            texts += account.display_names
            texts.append(account.screen_name)
        texts += _telling(person.other)
    for place in document.places:
        texts += [place.city, place.region, place.organisation]
    texts += _telling(document.other)
    found: list[str] = []
    for leaf in texts:
        if leaf is not None and isinstance(leaf.value, str):
            found += _tokens(leaf.value)
    for file in document.files:
        for leaf in (file.name, file.original_name):
            if leaf is not None:
                found += [word[: folding.LONGEST] for word in folding.words(str(leaf.value))]
    return list(dict.fromkeys(found))


# Of the fields without a place of their own: those of the office that passed a tip on, and codes, tell nothing of it.
_OF_THE_OFFICE = ("lawEnforcementContact", "geoLookups")
_CODES = frozenset(
    "id types type verified timestamp dateTime date email contents ncmecClassification internationalCountry "
    "sentToLawEnforcement gender platform referralType".split()
)


def _telling(many: list[Noted]) -> list[Leaf | None]:
    return [noted.leaf for noted in many if isinstance(noted.leaf.value, str) and _tells(noted.field)]


@lru_cache(maxsize=4096)
def _tells(field: str) -> bool:
    return not field.startswith(_OF_THE_OFFICE) and field.rpartition(".")[2] not in _CODES


@lru_cache(maxsize=65536)
def _tokens(text: str) -> tuple[str, ...]:
    return tuple(folding.tokens(text))


def lead_name(document: TipDocument) -> str | None:
    """What a list shows of the first suspect: screen name, name, user id, as written."""
    for person in document.people:
        if person.role != "suspect":
            continue
        for account in person.accounts:
            if account.screen_name is not None:
                return str(account.screen_name.value)
        if person.names:
            return str(person.names[0].value)
        for account in person.accounts:
            if account.user_id is not None:
                return str(account.user_id.value)
    return None


def marks_of(document: TipDocument) -> str:
    """The stated marks that fold, sorted and blank-separated; a mark stated as no is none."""
    return " ".join(
        sorted(
            {
                noted.field.casefold()
                for noted in document.marks
                if noted.field.casefold() in FOLDING_MARKS and str(noted.leaf.value).strip().casefold() not in _SAYS_NO
            }
        )
    )


# ---- groups -----------------------------------------------------------------------------------------------------
def group_id(document: GroupDocument) -> bytes:
    """A group is its service + its id there; without an id its original and place."""
    if document.group_id is not None:
        return identity.derived_id("group", document.service.casefold(), str(document.group_id.value))
    return identity.derived_id("group-unnumbered", document.sources[0].original, place_text(document.place))


class MemberRow(msgspec.Struct):
    """One member with every basis; `number`: place of its first statement in the document's list."""

    number: int
    bases: list[str]
    name: str | None
    account: Selected | None
    phone: Selected | None
    first_at: int | None


def members_of(document: GroupDocument, region: str) -> list[MemberRow]:
    """Members by account id, else phone, else name (the lowest grade), in the order in which they are named first."""
    found: dict[tuple[str, str], MemberRow] = {}
    for number, member in enumerate(document.members):
        account = select(SelectorKind.ACCOUNT, _member_account(document.service, member))
        phone = select(SelectorKind.PHONE, selectors.phone(str(member.phone.value), region) if member.phone else None)
        name = _text(member.name)
        key = ("id", account[2]) if account else ("phone", phone[2]) if phone else ("name", folding.folded(name or ""))
        row = found.setdefault(key, MemberRow(number, [], name, account, phone, None))
        if member.basis not in row.bases:
            row.bases.append(member.basis)
        row.name, row.phone = row.name or name, row.phone or phone
        at = member.at.utc if member.at is not None else None
        if at is not None:
            row.first_at = at if row.first_at is None else min(at, row.first_at)
    return list(found.values())


def _member_account(service: str, member: Member) -> str | None:
    return selectors.within(service, str(member.user_id.value)) if member.user_id is not None else None


def group_words(document: GroupDocument) -> list[str]:
    """What search keeps of a group: its title and the names of its members."""
    texts = [document.title, *(member.name for member in document.members)]
    return list(dict.fromkeys(token for leaf in texts if leaf is not None for token in _tokens(str(leaf.value))))
