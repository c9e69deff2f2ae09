"""What people and files of an ESP's report share: sightings, devices, disabled accounts, annotations (tipline 1.3)."""

from __future__ import annotations

from paricha.grounds import selectors
from paricha.intake.document import Device, Leaf, Noted, Seen, TipDocument
from paricha.intake.readers.cybertip_people import PORT_MOST
from paricha.intake.readers.cybertip_xml_walk import At, Walk

_CAPTURE = frozenset("ipAddress eventName dateTime possibleProxy port".split())
_DEVICE = frozenset("idType idValue eventName dateTime".split())


def read_capture(walk: Walk, tip: TipDocument, at: At, of: str, who: str) -> None:
    """An `ipCaptureEvent` as a sighting; what states no sound address is an unread block."""
    element, path = at
    facts = walk.facts(element, path, _CAPTURE)
    address = walk.only(facts, "ipAddress")
    event = walk.only(facts, "eventName")
    moment = walk.when(walk.one(facts, "dateTime"))
    port = walk.whole(walk.one(facts, "port"), 1, PORT_MOST, "not a port")
    proxy = walk.truth(walk.one(facts, "possibleProxy"))
    if address is not None and selectors.address(str(address.value)) is None:
        walk.leave(str(address.at), "not an address")
    elif address is not None:
        tip.sightings.append(Seen(of, who, address, port, event, moment, proxy))
    elif event or moment or port:
        walk.leave(path, "no address")


def read_device(walk: Walk, at: At, other: list[Noted]) -> Device | None:
    """A `deviceId`; when and at what event it was seen is noted."""
    element, path = at
    facts = walk.facts(element, path, _DEVICE)
    walk.note_all(facts, ("eventName", "dateTime"), "deviceId.", other)
    kind, value = walk.only(facts, "idType"), walk.only(facts, "idValue")
    if value is None:
        if kind is not None:
            walk.leave(path, "no value beside its kind")
        return None
    return Device(kind, value)


def read_prior(walk: Walk, at: At) -> list[Leaf]:
    """Report numbers: one an element, or several with commas between."""
    leaf = walk.text(at)
    if leaf is None:
        return []
    parts = [part.strip() for part in str(leaf.value).split(",")]
    if len(parts) > 1 and all(part.isascii() and part.isdigit() for part in parts):
        return [Leaf(part, leaf.at) for part in parts]
    return [leaf]


def read_flags(walk: Walk, at: At, field: str, other: list[Noted]) -> list[tuple[str, str]]:
    """(name, path) of each annotation below an element that is stated: `<viral/>` and `<viral>true</viral>`, also unknown ones.

    One that is stated as no is noted, one of any other text is unread.
    """
    element, path = at
    stated = []
    if element in walk.attributed:
        walk.attributes(element, path)
    walk.between(element, path)
    for local, child, inner in walk.steps.children(element, path):
        if not local:
            walk.leave(path, "entity, not resolved")
            continue
        leaf = walk.flag((child, inner))
        if leaf is not None and leaf.value is True:
            stated.append((local, inner))
        elif leaf is not None:
            other.append(Noted(f"{field}.{local}", leaf))
    return stated
