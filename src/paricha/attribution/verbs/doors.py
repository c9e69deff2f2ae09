"""Doors: strands find theirs, holds are decided, the station confirms, two officers sign. Every change of state is told."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer, Unit
from paricha.access.numbers import next_number
from paricha.access.rights import Right
from paricha.access.second_key import key_now, require_key_elsewhere, require_two
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.attribution import checks_of_a_door, facts
from paricha.attribution.events import Event
from paricha.attribution.finished import day_here
from paricha.attribution.models import (
    Door,
    DoorKey,
    DoorSignature,
    DoorState,
    HoldDecision,
    StationConfirmation,
    StrandRow,
)
from paricha.attribution.outcomes import Result
from paricha.audit.log import record
from paricha.grounds.identity import derived_id
from paricha.grounds.refusals import Refused
from paricha.places import queries as places


def place_strands(strands: list[StrandRow], *, officer: Officer, tell: bool = True) -> list[Door]:
    """Lead each strand to its door, known or new, and judge every door they may change.

    The officer acts in the verb that calls this; new, changed and frozen doors leave events of their own.
    """
    made: list[Door] = []
    for strand in strands:
        door, new = _door_of(strand)
        StrandRow.objects.filter(pk=strand.pk).update(door=door)
        strand.door = door
        if new:
            made.append(door)
    touched = doors_beside(strands)
    for door in touched:
        describe(door)
    if made and tell:
        tell_made(officer, made)
    refresh(touched, officer=officer, tell=tell)
    return made


def doors_beside(strands: Iterable[StrandRow]) -> list[Door]:
    """Every door that these strands may change: their own, and those of the same sighting, activity or subscriber."""
    rows = list(strands)
    wanted: set[bytes] = set()
    for field in ("sighting", "activity", "subscriber_key"):
        values = sorted({getattr(row, field) for row in rows})
        for start in range(0, len(values), 300):
            wanted |= set(
                StrandRow.objects.filter(**{f"{field}__in": values[start : start + 300]}, door__isnull=False)
                .values_list("door_id", flat=True)
                .distinct()
            )
    return list(Door.objects.filter(id__in=wanted).order_by("number", "id"))


def _door_of(strand: StrandRow) -> tuple[Door, bool]:
    """A strand's door: by the installation address, else by the subscriber; a second address is a second door."""
    by_subscriber = derived_id("door-key", "subscriber", strand.subscriber_key)
    by_address = derived_id("door-key", "address", strand.address_key) if strand.address_key else None
    keys = {
        key.key: key.door
        for key in DoorKey.objects.filter(key__in=[k for k in (by_subscriber, by_address) if k]).select_related("door")
    }
    if by_address and by_address in keys:
        door, new = keys[by_address], False
    elif by_subscriber in keys and (by_address is None or not _other_address(keys[by_subscriber], strand)):
        door, new = keys[by_subscriber], False
    else:
        door, new = _new_door(strand), True
    for key in (by_subscriber, by_address):
        if key and key not in keys:
            DoorKey.objects.create(key=key, door=door)
    return door, new


def _other_address(door: Door, strand: StrandRow) -> bool:
    return door.strands.exclude(address_key="").exclude(address_key=strand.address_key).exists()


def _new_door(strand: StrandRow) -> Door:
    unit = strand.unit
    return Door.objects.create(
        unit=unit, compartment=strand.compartment, number=next_number("D", unit), operator=strand.operator
    )


def describe(door: Door) -> None:
    """What a list shows of a door, and the unit whose officers see it, from its strands. Saves."""
    rows = list(door.strands.select_related("reply_row").order_by("call", "sighting"))
    if not rows:
        return
    answers = [(row, facts._answer(row.reply_row.answer)) for row in rows]
    best = next((pair for pair in answers if pair[0].address_key), answers[0])
    subscriber = best[1].subscriber
    door.address, door.address_kind = subscriber.address or "", subscriber.address_kind or ""
    door.subscriber, door.operator = (subscriber.name or "")[:200], best[0].operator
    door.strands_count = len({facts.said(row, answer) for row, answer in answers})
    district = places.look_at(door.address)[1].district if door.address else None
    unit = Unit.objects.filter(name=district, path__startswith=best[0].unit.path).first() if district else None
    door.unit = unit or best[0].unit
    door.save()


def refresh(doors: Iterable[Door], *, officer: Officer | None, tell: bool = True) -> list[Door]:
    """Judge doors anew and keep their state; each change leaves an event. Returns the doors whose state changed.

    `officer` is None for the clock, which finds that a day has passed.
    """
    rows = list(doors)
    looked = facts.look_at_doors(rows, day_here(timezone.now()))
    changed: list[Door] = []
    frozen: list[Door] = []
    for door in rows:
        now = looked[door.id]
        codes = " ".join(now.open_codes)[:200]
        if (door.state, door.open_codes) == (now.state, codes):
            continue
        if door.state != now.state:
            (frozen if now.state == DoorState.FROZEN else changed).append(door)
            door.changed_at = timezone.now()
        door.state, door.open_codes = now.state, codes
        door.save(update_fields=["state", "open_codes", "changed_at"])
    if tell and officer is None:
        for event, some in ((Event.DOOR_FROZEN, frozen), (Event.DOOR_CHANGED, changed)):
            if some:
                record(event, officer=None, via="job", touched=[("door", door.id) for door in some])
    elif tell and officer is not None:
        if frozen:
            tell_frozen(officer, frozen)
        if changed:
            tell_changed(officer, changed)
    return changed + frozen


@verb(may=None, event=Event.DOOR_MADE)
def tell_made(officer: Officer, doors: list[Door]) -> list[Door]:
    """Say in the log that these doors came into being (inside the verb that made them)."""
    return doors


@verb(may=None, event=Event.DOOR_CHANGED)
def tell_changed(officer: Officer, doors: list[Door]) -> list[Door]:
    """Say in the log that these doors' state changed (inside the verb that changed it)."""
    note_facts(states=sorted({str(door.state) for door in doors}))
    return doors


@verb(may=None, event=Event.DOOR_FROZEN)
def tell_frozen(officer: Officer, doors: list[Door]) -> list[Door]:
    """Say in the log that these doors are frozen: everything built on them must stop (C29)."""
    note_facts(frozen=len(doors))
    return doors


def looked(door: Door) -> facts.Looked:
    """The door as it stands now."""
    return facts.look_at_doors([door], day_here(timezone.now()))[door.id]


@verb(may=Right.DECIDE_HOLD, event=Event.HOLD_DECIDED, signed=True)
def decide_hold(officer: Officer, door: Door, code: str, *, reason: str) -> HoldDecision:
    """A named officer takes a hold on himself, with a reason that is kept and shown to his supervisor.

    A block is never decided away. The holds of a mobile customer need an enquiry first.
    Raises `Refused` DOORS-NO-HOLD, DOORS-BLOCK, DOORS-ENQUIRY-FIRST, ACCESS-REASON-NEEDED.
    """
    require_key_elsewhere()
    if not reason.strip():
        raise Refused("ACCESS-REASON-NEEDED", _("A decision is kept for ever with its reason."), _("Write why."))
    now = looked(door)
    run = next((run for run in now.runs if run.code == code), None)
    if run is not None and run.result is Result.BLOCK:
        raise Refused(
            "DOORS-BLOCK", _("{code} is a block: {words}").format(code=code, words=run.words),
            _("A block is never decided away; new facts must remove it."),
        )  # fmt: skip
    if run is None or run.result is not Result.HOLD or code in checks_of_a_door.GUARD_THE_PACKAGE:
        raise Refused(
            "DOORS-NO-HOLD", _("No hold {code} stands against {door}.").format(code=code, door=door.number),
            _("Open holds: {codes}.").format(codes=" ".join(r.code for r in now.runs if r.result is Result.HOLD and r.open) or _("none")),
        )  # fmt: skip
    if code == "C23" and all(strand.mobile for strand in now.facts.strands) and now.facts.enquiry is None:
        raise Refused(
            "DOORS-ENQUIRY-FIRST", _("A mobile customer's door opens only through an enquiry on the spot."),
            _("Task an enquiry, and record what it found."),
        )  # fmt: skip
    decision = HoldDecision.objects.create(
        door=door, code=code, ground=facts.hold_ground(door, run), officer=officer, reason=reason.strip()
    )
    touch("door", door)
    note_facts(code=code)
    refresh([door], officer=officer)
    return decision


@verb(may=Right.CONFIRM_STATION, event=Event.STATION_CONFIRMED, signed=True)
def confirm_station(officer: Officer, door: Door, *, station: str) -> StationConfirmation:
    """The station says that the place lies in its limits (C31). Raises `Refused` DOORS-STATION."""
    known = places.station_names()
    if not station.strip() or (known and station not in known):
        raise Refused(
            "DOORS-STATION", _("The unit knows no station “{name}”.").format(name=station),
            _("Write the name as it stands in the unit's table; proposals: {names}.").format(
                names=", ".join(p.station for p in places.look_at(door.address)[1].stations) or _("none")
            ),
        )  # fmt: skip
    made = StationConfirmation.objects.create(
        door=door, station=station.strip(), officer=officer, ground=facts.address_ground(door)
    )
    door.station = made.station
    door.save(update_fields=["station"])
    touch("door", door)
    refresh([door], officer=officer)
    return made


@verb(may=Right.SIGN_DOOR, event=Event.DOOR_SIGNED, signed=True)
def sign_door(officer: Officer, door: Door) -> DoorSignature:
    """Sign the sheet “why this door” (C32): twice, by two officers, only while nothing stands against it.

    Raises `Refused` DOORS-NOT-READY, DOORS-SIGNED-TWICE, ACCESS-SAME-OFFICER.
    """
    now = looked(door)
    against = [run for run in now.runs if run.open and run.code != "C32"]
    if now.state != DoorState.HOLDS or against:
        raise Refused(
            "DOORS-NOT-READY",
            _("{door} can't be signed; open: {what}").format(
                door=door.number, what=" ".join(f"{run.code} {run.words}" for run in against) or _("it has no strand")
            ),
            _("Remove what stands against it first."),
        )
    signed = [one for one in door.signatures.select_related("officer").order_by("at", "id") if one.ground == now.ground]
    if len(signed) >= 2:
        raise Refused(
            "DOORS-SIGNED-TWICE",
            _("{door} carries its two signatures.").format(door=door.number),
            _("It can go into a package."),
        )
    if signed:
        require_two(signed[0].officer, signed[0].key)
    made = DoorSignature.objects.create(door=door, officer=officer, key=key_now().id, ground=now.ground)
    touch("door", door)
    note_facts(signature=len(signed) + 1)
    refresh([door], officer=officer)
    return made
