"""What a row of a register gives: who it is, selectors in normal form, words for search, what a list shows. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

import msgspec

from paricha.grounds import folding, identity, selectors
from paricha.grounds.selectors import SelectorKind
from paricha.grounds.selectors_of_accounts import is_no_account
from paricha.intake.document import EarlierDocument
from paricha.intake.registers import content, is_several, one_number, row_key, values_of
from paricha.intake.registers_fields import plain_digits

_TEXTS = (
    "case.number case.station case.sections case.stage accused.name accused.father accused.address device.kind "
    "device.make device.serial device.exhibit device.kept_at account.service account.user_id account.screen_name drive "
    "remarks"
).split()
_THINGS = {
    "cases": ("case.sections", "case.stage"),
    "accused": ("accused.phone", "accused.address"),
    "devices": ("device.kind", "device.make", "device.imei", "device.serial"),
    "accounts": ("account.service", "account.user_id", "account.screen_name"),
}


class Pointed(msgspec.Struct, frozen=True):
    """A selector that a row states, and the field that states it."""

    id16: bytes
    kind: str
    normal_form: str
    bare: str | None
    field: str


def earlier_id(unit: bytes, document: EarlierDocument) -> bytes:
    """A row is its unit + register + what it is known by + which of the equal rows of its file it is."""
    return identity.derived_id("earlier", unit, *row_key(document), str(document.again))


def said_digest(document: EarlierDocument) -> bytes:
    """Sixteen bytes over all that a row says, wherever it stands."""
    told = json.dumps(content(document), ensure_ascii=False).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(told, digest_size=16).digest()


def first(document: EarlierDocument, field: str) -> str | None:
    """The first value of a field, as written."""
    return next(iter(values_of(document, field)), None)


def case_key(number: str | None) -> str | None:
    """A case number as it is compared: blanks, case and the script of its digits do not matter; None where none is."""
    return "".join(plain_digits(number or "").casefold().split()) or None


def thing_of(document: EarlierDocument) -> str | None:
    """What a list shows of a row beside case and name: the device, the account, the telephone, the sections of law."""
    told = [value for field in _THINGS[document.register] for value in values_of(document, field)]
    return ", ".join(told) or None


def words_of(document: EarlierDocument) -> str:
    """Folded tokens of all texts of a row, each once, a blank around each: what search looks through."""
    found = {token for field in _TEXTS for text in values_of(document, field) for token in folding.tokens(text)}
    return f" {' '.join(sorted(found))} " if found else ""


def selectors_of(document: EarlierDocument, region: str) -> list[Pointed]:
    """The row's selectors that point at somebody, each once. A cell that holds more than one number, or none that can be, gives none."""
    found: dict[bytes, Pointed] = {}
    for kind, normal, field in [*_numbers(document, region), *_accounts(document)]:
        if normal is not None:
            id16 = identity.selector_id(kind, normal)
            bare = normal.partition("|")[2] if kind not in (SelectorKind.PHONE, SelectorKind.EMAIL) else None
            found.setdefault(id16, Pointed(id16, str(kind), normal, bare, field))
    return list(found.values())


def _numbers(document: EarlierDocument, region: str) -> Iterator[tuple[SelectorKind, str | None, str]]:
    for text in values_of(document, "accused.phone"):
        if one_number(text) and not is_several("accused.phone", text):
            yield SelectorKind.PHONE, whole_phone(text, region), "accused.phone"
    for text in values_of(document, "accused.email"):
        if not is_several("accused.email", text):
            yield SelectorKind.EMAIL, selectors.email(text), "accused.email"
    for text in values_of(document, "device.imei"):
        good = selectors.imei(plain_digits(text))
        yield SelectorKind.DEVICE, good and f"imei|{good}", "device.imei"
    for text in values_of(document, "device.serial"):
        yield SelectorKind.DEVICE, selectors.within("serial", text), "device.serial"


def whole_phone(text: str, region: str) -> str | None:
    """A telephone in E.164; None where the number is not possible in its country."""
    normal = selectors.phone(text, region)
    return normal if normal is not None and normal.startswith("+") else None


def _accounts(document: EarlierDocument) -> Iterator[tuple[SelectorKind, str | None, str]]:
    """Ids and screen names within the platform of their columns; a row's only platform belongs to its only account."""
    services = {one.group: str(one.leaf.value) for one in document.stated if one.field == "account.service"}
    named = [one for one in document.stated if one.field in ("account.user_id", "account.screen_name")]
    alone = len(services) == 1 and len({one.group for one in named}) == 1
    for one in named:
        service = services.get(one.group) or (next(iter(services.values())) if alone else None)
        text = str(one.leaf.value)
        if is_no_account(text):
            continue
        if one.field == "account.user_id":
            yield SelectorKind.ACCOUNT, selectors.account(service, text), one.field
        else:
            yield SelectorKind.HANDLE, selectors.handle(service, text), one.field
