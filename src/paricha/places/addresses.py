"""What an address says, and where in its text it says it. Pure: the tables to look in are arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from paricha.places.folding import find_name, folded

# Six digits, not part of a longer number, the last of them in the text; a blank or hyphen in the middle is usual.
PIN = re.compile(r"(?<![\d/])([1-9]\d{2})[ -]?(\d{3})(?![\d/])")
KIND_OF_OFFICE = re.compile(r"\s*\(?\b(?:[HSB]\.?\s?O\.?|G\.?P\.?O\.?|P\.?O\.?)\)?\s*$", re.IGNORECASE)


class Found(msgspec.Struct, frozen=True):
    """A part of the address and where it stands in the text: characters `start` to `end`."""

    value: str
    start: int
    end: int


class AddressParts(msgspec.Struct, frozen=True):
    """What was found; None where the text does not say it."""

    text: str
    pin: Found | None
    post_office: Found | None
    local_body: Found | None


def parse_address(text: str, offices: dict[str, list[str]] | None = None, bodies: Iterable[str] = ()) -> AddressParts:
    """PIN, post office and local body of an address.

    `offices`: post offices' names by PIN; only those of the PIN found are looked for. `bodies`: names of local bodies
    in any script. Longer names are tried first, so that "North Paravoor" is not taken for "Paravoor".
    """
    pin = find_pin(text)
    names = (offices or {}).get(pin.value, []) if pin else []
    return AddressParts(text, pin, _longest(text, names, bare_office), _longest(text, bodies, str))


def find_pin(text: str) -> Found | None:
    """The last PIN in the text; one that follows the word PIN wins over any other number."""
    hits = list(PIN.finditer(text))
    named = [hit for hit in hits if re.search(r"(?:pin|pincode|പിൻ)\W*$", text[: hit.start()], re.IGNORECASE)]
    hit = (named or hits)[-1] if hits else None
    return Found(hit[1] + hit[2], hit.start(), hit.end()) if hit else None


def bare_office(name: str) -> str:
    """`Bekal SO` → `Bekal`: what people write."""
    return KIND_OF_OFFICE.sub("", name).strip() or name


def _longest(text: str, names: Iterable[str], bare: object) -> Found | None:
    shorten = bare if callable(bare) else str
    for name in sorted(set(names), key=lambda each: (-len(folded(shorten(each))), each)):
        place = find_name(text, shorten(name))
        if place:
            return Found(name, *place)
    return None
