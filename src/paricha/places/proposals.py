"""Which stations an address may belong to, best first, each with its basis; warnings where a name misleads. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.utils.translation import gettext as _

from paricha.places.addresses import AddressParts
from paricha.places.folding import folded


class Area(msgspec.Struct, frozen=True):
    """One row of what the unit knows: a local body (and post office, PIN where known) under a station."""

    station: str
    district: str
    local_body: str
    post_office: str = ""
    pin: str = ""
    local_body_ml: str = ""


class StationPoint(msgspec.Struct, frozen=True):
    """A station with its kind, and its point where the unit gave one."""

    name: str
    district: str
    kind: str
    lat: float | None = None
    lon: float | None = None


class Proposal(msgspec.Struct, frozen=True):
    """A station the address may belong to. `weight` orders proposals; `basis` says why in words."""

    station: str
    district: str
    weight: int
    basis: tuple[str, ...]
    km: float | None = None


class Proposals(msgspec.Struct, frozen=True):
    """At most three stations, warnings, and the district where all with more than a PIN agree on one."""

    stations: tuple[Proposal, ...]
    warnings: tuple[str, ...]
    district: str | None


BODY, OFFICE, PIN_ONLY = 4, 3, 1


def propose(parts: AddressParts, areas: Sequence[Area], stations: Sequence[StationPoint]) -> Proposals:
    """Local body and post office speak for a station; the PIN alone only says where to ask."""
    weights: dict[tuple[str, str], tuple[int, list[str]]] = {}

    def add(area: Area, weight: int, words: str) -> None:
        total, basis = weights.get((area.station, area.district), (0, []))
        if words not in basis:
            weights[(area.station, area.district)] = (total + weight, [*basis, words])

    for area in areas:
        if parts.local_body and folded(parts.local_body.value) in (folded(area.local_body), folded(area.local_body_ml)):
            add(area, BODY, _("the local body {name} lies in its limits").format(name=area.local_body))
        if parts.pin and area.pin == parts.pin.value:
            if parts.post_office and folded(area.post_office) == folded(parts.post_office.value):
                add(area, OFFICE, _("the post office {name} lies in its limits").format(name=area.post_office))
            else:
                add(area, PIN_ONLY, _("the PIN {pin} touches its limits").format(pin=area.pin))
    ordered = sorted(weights.items(), key=lambda item: (-item[1][0], item[0]))
    best = tuple(
        Proposal(station, district, weight, tuple(basis)) for (station, district), (weight, basis) in ordered[:3]
    )
    return Proposals(best, tuple(warnings_of(parts, areas, stations, best)), district_of(best))


def district_of(best: Sequence[Proposal]) -> str | None:
    """The one district of the strongest proposals; None where they differ or only a PIN speaks."""
    if not best or best[0].weight <= PIN_ONLY:
        return None
    top = {proposal.district for proposal in best if proposal.weight == best[0].weight}
    return top.pop() if len(top) == 1 else None


def warnings_of(
    parts: AddressParts, areas: Sequence[Area], stations: Sequence[StationPoint], best: Sequence[Proposal]
) -> list[str]:
    """Homonyms, and what the address does not say."""
    found = []
    if parts.local_body:
        key = folded(parts.local_body.value)
        where = sorted({area.district for area in areas if folded(area.local_body) == key})
        if len(where) > 1:
            found.append(
                _("There is a {name} in {districts}: the name alone misleads.").format(
                    name=parts.local_body.value, districts=_(" and ").join(where)
                )
            )
    for proposal in best:
        same = sorted(
            s.district
            for s in stations
            if folded(s.name) == folded(proposal.station) and s.district != proposal.district
        )
        if same:
            found.append(
                _("A station {name} stands in {district} too.").format(name=proposal.station, district=", ".join(same))
            )
    if best and best[0].weight <= PIN_ONLY:
        found.append(_("Only the PIN speaks; a PIN never decides a station. Ask the stations named."))
    if not parts.pin:
        found.append(_("The address names no PIN."))
    return list(dict.fromkeys(found))
