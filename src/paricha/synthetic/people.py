"""The made-up people: subjects with accounts, and the customers on whose lines they were seen.

A subject's `lane` says which way his sightings can go: a door two resolutions can hold, one resolution only,
mobile only, a shared address without port, an exit, another State, another country, free text, nothing.
"""

import random
from dataclasses import dataclass, field

from paricha.synthetic.chance import imei, quotas, stream
from paricha.synthetic.geography import DISTRICTS, Address, Geography
from paricha.synthetic.names import Name, draw_name, in_script, mail, phone

LANES = [  # lane, share of the subjects
    ("fibre", 16.0),
    ("fibre ipv6", 5.0),
    ("fibre static", 4.0),
    ("cable with port", 6.0),
    ("one sighting", 12.0),
    ("mobile ipv6", 9.0),
    ("mobile with port", 9.0),
    ("mobile without port", 10.0),
    ("cable without port", 5.0),
    ("business", 2.0),
    ("exit", 7.0),
    ("outside the State", 5.0),
    ("outside the country", 4.0),
    ("free text", 3.0),
    ("no address", 3.0),
    ("unsure operator", 2.0),
]
DOOR_LANES = ("fibre", "fibre ipv6", "fibre static", "cable with port")
OPERATOR_OF = {
    "fibre": "tharaka",
    "fibre ipv6": "tharaka",
    "fibre static": "tharaka",
    "cable with port": "kayal",
    "one sighting": "tharaka",
    "mobile ipv6": "minnal",
    "mobile with port": "minnal",
    "mobile without port": "minnal",
    "cable without port": "kayal",
    "business": "thuramukham",
    "exit": "meghamala",
    "outside the State": "tharaka",
    "outside the country": "farland",
    "free text": "tharaka",
    "no address": None,
    "unsure operator": None,
}
SERVICES = ["Example Chat", "Example Share", "Example Photo", "Example Cloud", "Example Video", "Example Mail"]
RISKS = ["child_at_risk", "contact_offence", "holds_files", "shared_once", "not_actionable"]


@dataclass
class Account:
    """An account as an ESP knows it."""

    service: str
    user_id: str
    screen_name: str
    display_name: str | None
    profile_url: str | None


@dataclass
class Customer:
    """Who pays for a line, and where it ends; `installation` is None for a mobile number."""

    id: str
    operator: str
    subscriber_id: str
    name: str
    contact: str
    email: str | None
    connection_type: str
    allocation: str
    installation: Address | None
    billing: Address
    premises: str | None
    activated_on: str
    address_since: str
    address_until: str | None
    imei: str | None
    dwelling: str | None
    neighbour: bool = False


@dataclass
class Subject:
    """A made-up suspect: what is true of him, and the customer whose line he uses."""

    number: int
    lane: str
    name: Name
    age: int
    phones: list[str]
    emails: list[str]
    accounts: list[Account]
    devices: list[tuple[str, str]]
    risk: str
    occupation: str | None
    access_to_children: str | None
    customer: Customer | None
    in_state: bool
    telegram_id: str | None = None
    stated_address: Address | None = None
    preferred_name: str | None = None
    gender: str | None = None
    date_of_birth: str | None = None
    bio: str | None = None
    tips: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The subject's name in the truth files."""
        return f"subject-{self.number:05d}"


class People:
    """Subjects, customers and neighbours of one seed."""

    def __init__(self, seed: int, tips: int, places: Geography) -> None:
        self.seed, self.places = seed, places
        self.customers: list[Customer] = []
        self._numbers = self._homes = 0
        self._last_fibre: Customer | None = None
        count = max(8, round(tips * 0.6))
        lanes = quotas(count, LANES)
        stream(seed, "lanes").shuffle(lanes)
        self.subjects = [self._subject(number, lane) for number, lane in enumerate(lanes, start=1)]
        rng = stream(seed, "neighbours")
        self.neighbours = {
            code: [
                self._customer(rng, code, "dynamic", None, in_state=True, neighbour=True)
                for _ in range(max(6, count // 20))
            ]
            for code in ("tharaka", "kayal", "minnal", "thuramukham")
        }

    def _next(self) -> int:
        self._numbers += 1
        return self._numbers

    def _subject(self, number: int, lane: str) -> Subject:
        rng = stream(self.seed, "subject", number)
        name = draw_name(rng, woman=rng.random() < 0.06)
        serial = self._next()
        phones = [phone(serial * 2)] if rng.random() < 0.75 else []
        emails = [mail(name, serial)] if rng.random() < 0.6 else []
        operator = OPERATOR_OF[lane]
        in_state = lane not in ("outside the State", "outside the country", "exit", "no address", "unsure operator")
        customer = None
        if lane == "fibre" and self._last_fibre and rng.random() < 0.1:
            customer = self._last_fibre  # two subjects behind one line: one dwelling, one door
        elif operator and lane not in ("exit", "outside the country"):
            allocation = "static" if lane in ("fibre static", "business") else "dynamic"
            own = name if rng.random() < 0.6 else None
            contact = phones[0] if phones and rng.random() < 0.85 else None
            customer = self._customer(rng, operator, allocation, own, in_state=in_state, contact=contact)
        if lane == "fibre":
            self._last_fibre = customer
        accounts = self._accounts(rng, name, serial)
        telegram_id = f"user{990_000_000_000 + serial}" if rng.random() < 0.15 else None
        if telegram_id and number % 2:  # the tips name his Telegram account, so that a group can find him by it
            accounts.insert(
                0, Account("Telegram", telegram_id.removeprefix("user"), f"{accounts[0].screen_name}_t", None, None)
            )
        subject = Subject(
            number,
            lane,
            name,
            rng.randrange(19, 68),
            phones,
            emails,
            accounts,
            self._devices(rng),
            rng.choices(RISKS, [6, 8, 46, 25, 15])[0],
            rng.choice([None, None, "driver", "tuition teacher", "shop worker", "technician", "coach"]),
            rng.choice([None, None, None, "yes", "no"]),
            customer,
            in_state,
            telegram_id=telegram_id,
        )
        self._more(subject)
        return subject

    def _more(self, subject: Subject) -> None:
        """What a provider sometimes knows besides: an address, another name, a birth date, a line about oneself."""
        rng = stream(self.seed, "subject more", subject.number)
        subject.gender = rng.choice([None, None, "Male", "Unknown"])
        if rng.random() < 0.15:
            home = subject.customer.installation if subject.customer else None
            draw = self.places.draw if subject.in_state else self.places.draw_outside
            subject.stated_address = home or draw(rng, subject.number + 60_000_000)
        if rng.random() < 0.08:
            subject.preferred_name = f"{subject.name.latin.split('.')[0].title()} K"
        if rng.random() < 0.12:
            subject.date_of_birth = f"{2026 - subject.age}-01-{rng.randrange(1, 29):02d}"
        if rng.random() < 0.1:
            subject.bio = "made-up profile, neutral line"

    def _devices(self, rng: random.Random) -> list[tuple[str, str]]:
        devices = [("IMEI", imei(rng))] if rng.random() < 0.2 else []
        if rng.random() < 0.1:
            digits = f"{rng.getrandbits(128):032x}"
            devices.append(("GAID", "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))))
        return devices

    def _accounts(self, rng: random.Random, name: Name, serial: int) -> list[Account]:
        accounts = []
        for service in rng.sample(SERVICES, 2 if rng.random() < 0.25 else 1):
            handle = f"{name.latin.split('.')[0]}_{serial}"
            host = service.split()[1].lower()
            accounts.append(
                Account(
                    service,
                    f"{rng.randrange(10**8, 10**9)}{serial:06d}",
                    handle,
                    name.full if rng.random() < 0.5 else None,
                    f"https://{host}.example.com/u/{handle}" if rng.random() < 0.5 else None,
                )
            )
        return accounts

    def _customer(
        self,
        rng: random.Random,
        operator: str,
        allocation: str,
        own: Name | None,
        *,
        in_state: bool,
        neighbour: bool = False,
        contact: str | None = None,
    ) -> Customer:
        serial = self._next()
        holder = in_script(own, "latin") if own else draw_name(rng, "latin")
        mobile = operator == "minnal"
        kind = {"minnal": "mobile", "kayal": "cable", "thuramukham": "business", "meghamala": "hosting"}.get(
            operator, "fixed"
        )
        if in_state:  # homes in turn, so that both districts have work
            self._homes += not neighbour
            home = self.places.draw(rng, serial, DISTRICTS[self._homes % 2][1] if not neighbour else None)
        else:
            home = self.places.draw_outside(rng, serial)
        draw = self.places.draw if in_state else self.places.draw_outside
        elsewhere = draw(rng, serial + 50_000_000) if mobile or rng.random() < 0.35 else home
        premises = (
            None
            if rng.random() < 0.15
            else rng.choices(["house", "flat", "hostel", "paying guest", "office"], [78, 10, 4, 4, 4])[0]
        )
        activated = f"20{rng.randrange(19, 26)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
        customer = Customer(
            f"customer-{serial:06d}",
            operator,
            f"{operator[:3].upper()}{100000 + serial}",
            holder.full,
            contact or phone(serial * 2 + 1),
            mail(holder, serial) if rng.random() < 0.5 else None,
            kind,
            allocation,
            None if mobile else home,
            elsewhere,
            None if mobile else premises,
            activated,
            activated,
            None,
            imei(rng) if mobile else None,
            None if mobile else f"dwelling-{serial:06d}",
            neighbour,
        )
        self.customers.append(customer)
        return customer
