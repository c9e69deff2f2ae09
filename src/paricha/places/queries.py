"""Reads of places: the unit's tables and the PIN directory together."""

from __future__ import annotations

from functools import lru_cache

import msgspec
from django.utils.translation import gettext as _

from paricha.places import pins
from paricha.places.addresses import AddressParts, bare_office, parse_address
from paricha.places.models import District, LocalBody, OfficeArea, PlaceFile, Station
from paricha.places.proposals import Area, Proposals, StationPoint, propose


def look_at(text: str) -> tuple[AddressParts, Proposals]:
    """The parts of an address and the stations it may belong to."""
    areas, stations, bodies, own_offices = _tables(_version())
    pin = parse_address(text).pin
    offices: dict[str, list[str]] = {}
    if pin:
        known = pins.table().get(pin.value)
        offices[pin.value] = sorted({office.name for office in known.offices} if known else set()) + list(
            own_offices.get(pin.value, ())
        )
    parts = parse_address(text, offices, bodies)
    found = propose(parts, areas, stations)
    if pin and own_offices and pin.value not in own_offices:
        known = pins.table().get(pin.value)
        where = f"{known.district}, {known.state}" if known else _("not in the directory")
        words = _("The PIN {pin} ({where}) is none of the unit's: another unit may have to be asked.").format(
            pin=pin.value, where=where
        )
        found = msgspec.structs.replace(found, warnings=(*found.warnings, words))
    return parts, found


def _version() -> tuple[bytes, ...]:
    return tuple(PlaceFile.objects.filter(in_force=True).order_by("kind").values_list("id", flat=True))


@lru_cache(maxsize=4)
def _tables(
    version: tuple[bytes, ...],
) -> tuple[tuple[Area, ...], tuple[StationPoint, ...], tuple[str, ...], dict[str, tuple[str, ...]]]:
    bodies = list(LocalBody.objects.all())
    ml = {(body.name, body.district): body.name_ml for body in bodies}
    areas = [Area(body.station, body.district, body.name, local_body_ml=body.name_ml) for body in bodies]
    own: dict[str, set[str]] = {}
    for row in OfficeArea.objects.all():
        areas.append(
            Area(
                row.station,
                row.district,
                row.local_body,
                row.post_office,
                row.pin,
                ml.get((row.local_body, row.district), ""),
            )
        )
        own.setdefault(row.pin, set()).add(row.post_office)
    points = tuple(StationPoint(s.name, s.district, s.kind, s.lat, s.lon) for s in Station.objects.all())
    names = tuple(dict.fromkeys(name for body in bodies for name in (body.name, body.name_ml) if name))
    return tuple(areas), points, names, {pin: tuple(sorted(offices)) for pin, offices in own.items()}


def station_names() -> list[str]:
    """Names of the stations the unit loaded; empty where it loaded none."""
    return list(Station.objects.order_by("name").values_list("name", flat=True).distinct())


def districts() -> list[District]:
    """The unit's police districts: as loaded, else those of the State pack."""
    return list(District.objects.order_by("id"))


def district_of_station(name: str) -> str | None:
    """The district of a station, None where no or more than one district has a station of that name."""
    found = set(Station.objects.filter(name=name).values_list("district", flat=True))
    return found.pop() if len(found) == 1 else None


def pin_facts(pin: str) -> pins.Pin | None:
    """What the directory says of a PIN: post offices, district, approximate point and its grade."""
    return pins.table().get(pin)


def office_shown(name: str) -> str:
    """A post office's name without its kind."""
    return bare_office(name)
