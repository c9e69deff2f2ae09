"""Doors as operations need them: adapters over `attribution`, which alone decides whether a door holds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from paricha.access.models import Officer, Unit
from paricha.attribution.finished import day_here
from paricha.attribution.models import Door
from paricha.attribution.queries import DoorNow, door_state, doors_of, doors_ready_for_site, package_facts
from paricha.grounds.instants import from_utc_text
from paricha.grounds.refusals import Refused


class SeenHouse(msgspec.Struct, frozen=True):
    """Who has seen the house, and on which day by the unit's clock."""

    by: str
    on: date


def door_of(officer: Officer, door: bytes) -> Door:
    """The door, if the officer may see it. Raises `Refused` ACCESS-NOT-VISIBLE."""
    row: Door = Door.objects.get_visible(officer, id=door)
    return row


def must_be_ready(door: bytes, *, place: str = "") -> DoorNow:
    """The door judged now and locked in this transaction. Raises `Refused` OPERATION-DOOR with what stands against it.

    `place`: words for where it is used (`Site 3`), put before the sentence.
    """
    now = door_state(door)
    if now is None:
        raise Refused("OPERATION-DOOR", _("The door is not in the record any more."), _("Drop the site with a reason."))
    if not now.ready:
        raise Refused(
            "OPERATION-DOOR",
            _("{place}Door {number} is {state}: {why}").format(
                place=f"{place}: " if place else "", number=now.number, state=now.state, why=why_not(now)
            ),
            _("Settle it on the door's page, or leave the door out with a reason."),
        )
    return now


def why_not(now: DoorNow) -> str:
    """What stands between a door and a package, in words."""
    against = [f"{code} {words}" for code, words in now.open]
    words = dict.fromkeys([*against, *(lack for lack in now.lacks if not any(lack in one for one in against))])
    return " ".join(words) or _("it does not hold now.")


def district_unit(now: DoorNow) -> Unit:
    """The district whose team will go: that of the station which confirmed the place, else the door's own district.

    Raises `Refused` OPERATION-DISTRICT where neither names a unit of the tree; it is never guessed.
    """
    named = Unit.objects.filter(name=now.district, kind="district").first() if now.district else None
    own = Unit.objects.get(pk=now.unit_id)
    while named is None and own.kind != "district" and own.under is not None:
        own = own.under
    found = named or (own if own.kind == "district" else None)
    if found is None:
        raise Refused(
            "OPERATION-DISTRICT",
            _("Door {number} lies in no district of the unit's tree.").format(number=now.number),
            _("Load the stations and districts, or add the district as a unit."),
        )
    return found


def house_seen_of(officer: Officer, door: Door) -> SeenHouse | None:
    """Who saw the house, from the enquiry; None before one."""
    enquiry = package_facts(officer, door)["enquiry"]
    if not enquiry or not enquiry["at"]:
        return None
    moment: datetime = from_utc_text(enquiry["at"])
    return SeenHouse(str(enquiry["officer"])[:120], day_here(moment))


def facts_for_package(officer: Officer, door: bytes) -> dict[str, Any] | None:
    """What one team may know of a door; None where the record has no such door any more.

    Called for a team's package by a verb that has seen to who may seal.
    """
    row = Door.objects.filter(id=door).first()
    return None if row is None else package_facts(officer, row)


def ready_doors(officer: Officer) -> list[DoorNow]:
    """Doors the officer sees that may become sites, by number."""
    return doors_ready_for_site(officer)


def doors_by_id(officer: Officer, ids: list[bytes]) -> dict[bytes, Door]:
    """The doors of some ids that the officer sees."""
    return {door.id: door for door in doors_of(officer).filter(id__in=ids)}
