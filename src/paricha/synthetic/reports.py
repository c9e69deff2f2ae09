"""What each tip says, before any file is written: people, sightings, files, places, and how it is written.

The records here are the truth; `tips_json` and `sheets` write them down. Instants are written as an ESP would: with Z,
with an offset, to the minute, or without any zone (then the truth knows no UTC instant, because nobody can).
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from paricha.synthetic.chance import hexes, stream
from paricha.synthetic.geography import STATE, Address, Geography
from paricha.synthetic.leases import Lease, Leases, utc_text
from paricha.synthetic.operators import DATES, DISPUTED_BLOCK, LONELY_BLOCK, MOVED_BLOCK, OPERATORS
from paricha.synthetic.people import DOOR_LANES, Account, People, Subject

FIRST_DAY = datetime(2026, 3, 2, tzinfo=UTC)
DAYS_OF_SIGHTINGS = 150
ESPS = [
    "Example Share",
    "Example Chat",
    "Example Photo",
    "Example Cloud",
    "Example Video",
    "Example Mail",
    "Example Pay",
]
INCIDENT_TYPES = [  # enum A of the CyberTipline schema, kept as labels
    "Child Pornography (possession, manufacture, and distribution)",
    "Online Enticement of Children for Sexual Acts",
    "Child Sex Trafficking",
    "Child Sexual Molestation",
]
EVENTS = ["LOGIN", "UPLOAD", "REGISTRATION", "PURCHASE", "OTHER", "UNKNOWN"]
WRITINGS = [("z", 80.0), ("offset", 8.0), ("other offset", 2.0), ("minute", 2.0), ("no zone", 5.0), ("null", 3.0)]
IST = timezone(timedelta(hours=5, minutes=30))


@dataclass
class Written:
    """An instant as a file writes it, and what a careful reader may know of it."""

    as_written: str | None
    utc: str | None
    precision: str | None
    zone_source: str | None
    true_at: datetime

    def as_truth(self) -> dict[str, Any]:
        """As in the exports: utc, precision, as_written, zone_source."""
        return {
            "utc": self.utc,
            "precision": self.precision,
            "as_written": self.as_written,
            "zone_source": self.zone_source,
        }


@dataclass
class Sighting:
    """An address seen at an instant; `who` is "suspect 1", "recipient 1" or "file 2"."""

    who: str
    address: str
    port: int | None
    event: str
    at: Written
    possible_proxy: bool | None
    subject: str | None
    lease: Lease | None
    operator: str | None


@dataclass
class ReportedFile:
    """A file of a tip: names and hashes only."""

    name: str
    original_name: str | None
    verification_hash: str
    sha1: str | None
    viewed: bool | None
    public: bool | None
    classification: str | None
    tags: list[str]
    uploaded_at: str | None


@dataclass
class Report:
    """One tip."""

    number: str
    esp: str
    incident_type: str
    incident_at: Written
    incident_note: str | None
    received: datetime
    made_available: datetime
    priority: str
    classification: str
    escalation: str | None
    informational: bool
    people: list[tuple[str, Subject]]
    accounts: dict[str, list[Account]]
    sightings: list[Sighting]
    files: list[ReportedFile]
    prior: list[str]
    free_text: bool
    extra: dict[str, Any] = field(default_factory=dict)
    json: bool = True
    writing: int = 0
    victims: list[int] = field(default_factory=list)

    @property
    def company(self) -> str:
        """The name in the ESP's own field; one provider is told only by its contact's last name."""
        return "Example Group" if self.esp == "Example Photo" else self.esp


def write_instant(rng: random.Random, at: datetime, *, sure: bool, forced: str | None = None) -> Written:
    """Write an instant; `sure` leaves out the ways that lose the zone or the second."""
    choices = [w for w in WRITINGS if not sure or w[0] in ("z", "offset", "other offset")]
    way = forced or rng.choices([w for w, _ in choices], [s for _, s in choices])[0]
    at = at.replace(microsecond=0)
    if way == "null":
        return Written(None, None, None, None, at)
    if way == "no zone":
        return Written(at.strftime("%Y-%m-%dT%H:%M:%S"), None, "second", "none", at)
    if way == "minute":
        short = at.replace(second=0)
        return Written(short.strftime("%Y-%m-%dT%H:%MZ"), utc_text(short), "minute", "stated", at)
    zone = {"offset": IST, "other offset": timezone(timedelta(hours=-7))}.get(way)
    text = at.astimezone(zone).isoformat() if zone else utc_text(at)
    return Written(text, utc_text(at), "second", "stated", at)


class Reports:
    """All tips of one seed, in order of their numbers."""

    def __init__(self, seed: int, tips: int, people: People, places: Geography, leases: Leases) -> None:
        self.seed, self.people, self.places, self.leases = seed, people, places, leases
        self._clock: dict[str, datetime] = {}
        self._seen_count: dict[str, int] = {}
        numbers = stream(seed, "numbers")
        number, self.rows = 990_000_000, []
        for index, subject in enumerate(self._owners(tips)):
            number += numbers.randrange(3, 900 if tips < 10_000 else 60)
            self.rows.append(self._report(index, str(number), subject))

    def _owners(self, tips: int) -> list[Subject]:
        """One tip for each subject, the rest go mostly to those with several already."""
        subjects = self.people.subjects
        rng = stream(self.seed, "owners")
        owners = list(subjects[:tips])
        again = [s for s in subjects if s.lane not in ("one sighting", "no address", "free text")]
        owners += [rng.choice(again) for _ in range(tips - len(owners))]
        rng.shuffle(owners)
        return owners

    def _next_instant(self, rng: random.Random, subject: Subject) -> datetime:
        """The subject's next sighting: at least two days after his last."""
        last = self._clock.get(subject.key)
        if last is None:
            start = stream(self.seed, "first seen", subject.number)
            last = FIRST_DAY + timedelta(days=start.randrange(DAYS_OF_SIGHTINGS - 60))
        at = last + timedelta(days=rng.randrange(2, 6), seconds=rng.randrange(86_400))
        if (at - FIRST_DAY).days > DAYS_OF_SIGHTINGS:  # a subject of very many tips begins again between his days
            at = FIRST_DAY + timedelta(days=rng.randrange(DAYS_OF_SIGHTINGS), seconds=rng.randrange(86_400))
        self._clock[subject.key] = at
        return at

    def sight(self, rng: random.Random, subject: Subject, who: str, event: str | None = None) -> Sighting | None:
        """One more sighting of a subject, or None when he has no address at all."""
        lane, at = subject.lane, self._next_instant(rng, subject)
        if lane == "no address":
            return None
        lease, port, operator = None, None, subject.customer.operator if subject.customer else None
        if subject.customer:
            ipv6 = "ipv6" in lane or (lane == "fibre" and rng.random() < 0.1)
            address, port, lease = self.leases.seen(subject.customer, at, ipv6=ipv6)
            if lane.endswith("without port"):
                port = None
            elif port is None and rng.random() < 0.5:
                port = rng.randrange(1025, 65_000)  # a port says nothing where addresses are not shared
        elif lane == "unsure operator":
            block = rng.choice((DISPUTED_BLOCK, LONELY_BLOCK, MOVED_BLOCK))
            address = self.leases.unleased((block,))
            if block == MOVED_BLOCK:
                operator = "tharaka" if at.strftime("%Y-%m-%d") >= DATES[1] else "kayal"
        elif lane == "exit":
            address, operator = (
                self.leases.unleased(("192.0.2.64/27", "192.0.2.96/28", "192.0.2.112/28", "192.0.2.128/25")),
                "meghamala",
            )
        else:
            address, operator = self.leases.unleased(("198.51.100.0/25",)), "farland"
        proxy = rng.choices([None, False, True], [60, 33, 7])[0] if lane != "exit" else rng.choice([True, None])
        count = self._seen_count[subject.key] = self._seen_count.get(subject.key, 0) + 1
        sure = lane in DOOR_LANES and count <= 3
        return Sighting(
            who,
            address,
            port,
            event or rng.choice(EVENTS),
            write_instant(rng, at, sure=sure),
            proxy,
            subject.key,
            lease,
            operator,
        )

    def _report(self, index: int, number: str, subject: Subject) -> Report:
        rng = stream(self.seed, "report", index)
        free = subject.lane == "free text"
        esp = "Example Pay" if free else rng.choice([e for e in ESPS if e != "Example Pay"])
        wanted = 1 if subject.lane == "one sighting" else rng.choices([1, 2, 3, 6], [25, 50, 20, 5])[0]
        if subject.lane in DOOR_LANES and not subject.tips:
            wanted = max(2, wanted)
        people, accounts = [("suspect 1", subject)], {"suspect 1": list(subject.accounts)}
        sightings = [s for _ in range(wanted) if (s := self.sight(rng, subject, "suspect 1"))]
        self._others(rng, subject, people, accounts, sightings, free)
        files = [self._file(rng, index, n) for n in range(rng.choices([0, 1, 2, 3, 8], [8, 40, 30, 17, 5])[0])]
        if files and rng.random() < 0.3 and subject.lane not in ("one sighting", "no address", "free text"):
            seen = self.sight(rng, subject, f"file {rng.randrange(1, len(files) + 1)}", "UPLOAD")
            sightings += [seen] if seen else []
        last = max([s.at.true_at for s in sightings], default=self._next_instant(rng, subject))
        received = last + timedelta(hours=rng.randrange(4, 90), seconds=rng.randrange(3600))
        risky = subject.risk in ("child_at_risk", "contact_offence")
        prior = list(subject.tips[-3:]) if subject.tips and rng.random() < 0.5 else []
        report = Report(
            number,
            esp,
            rng.choices(INCIDENT_TYPES, [80, 14, 2, 4] if risky else [97, 2, 0.5, 0.5])[0],
            write_instant(rng, last, sure=False),
            rng.choice([None, None, "Time of the newest reported event."]),
            received,
            received + timedelta(days=rng.randrange(2, 9), seconds=rng.randrange(86_400)),
            rng.choices(["1", "2", "3", "E"], [25, 35, 20, 20] if risky else [3, 20, 30, 47])[0],
            rng.choice(["Auto-referred International", "Classification pending", "Reviewed"]),
            "Reported as urgent by the provider." if risky and rng.random() < 0.3 else None,
            rng.random() < 0.08,
            people,
            accounts,
            sightings,
            files,
            prior,
            free,
            writing=rng.randrange(10**6),
        )
        if esp == "Example Cloud":  # the upload time stands in the metadata of the file only
            for file in files:
                file.uploaded_at = utc_text(received - timedelta(hours=rng.randrange(1, 4)))
        if not free and subject.risk == "child_at_risk" and rng.random() < 0.35:
            report.victims = [rng.randrange(9, 17)]
        if index % 12 == 5:
            report.extra = {"exampleExtension": {"build": f"x{rng.randrange(100, 999)}", "trace": ["alpha", "beta"]}}
        for _, person in people:
            person.tips.append(number)
        return report

    def _others(
        self,
        rng: random.Random,
        subject: Subject,
        people: list[tuple[str, Subject]],
        accounts: dict[str, list[Account]],
        sightings: list[Sighting],
        free: bool,
    ) -> None:
        """A second suspect in some tips, a recipient in others."""
        chance = rng.random()
        if free or chance > 0.24:
            return
        other = rng.choice(self.people.subjects)
        if other is subject or other.lane == "free text":
            return
        who = "suspect 2" if chance < 0.08 else "recipient 1"
        people.append((who, other))
        accounts[who] = list(other.accounts)
        if other.lane != "one sighting":
            seen = self.sight(rng, other, who)
            sightings += [seen] if seen else []

    def _file(self, rng: random.Random, index: int, place: int) -> ReportedFile:
        family = rng.randrange(40) if rng.random() < 0.12 else None  # files that many tips share
        key = ("family", family) if family is not None else ("file", index, place)
        name = f"file-{index:05d}-{place + 1}.{rng.choice(['jpg', 'mp4', 'png'])}"
        return ReportedFile(
            name,
            rng.choice([None, f"original {place + 1}.jpg", f"ചിത്രം {place + 1}.jpg"]),
            hexes(self.seed, 32, "md5", *key),
            hexes(self.seed, 40, "sha1", *key) if rng.random() < 0.4 else None,
            rng.choice([True, False, None]),
            rng.choice([None, None, True, False]),
            rng.choice([None, "A1", "A2", "B1", "B2"]),
            ["Reviewed"] if rng.random() < 0.15 else [],
            None,
        )


def places_said(report: Report) -> list[dict[str, str | None]]:
    """The places a tip names: one a sighting by the clearing house, at times one a suspect by the provider."""
    said: list[dict[str, str | None]] = []
    by_key = {subject.key: subject for _, subject in report.people}
    for sighting in [] if report.free_text else report.sightings:
        place = geo_place(sighting, by_key.get(sighting.subject or ""))
        said.append({"address": sighting.address, **place, "organisation": organisation(sighting), "said_by": "ncmec"})
    for _, subject in [] if report.free_text else report.people:
        home = estimated(report, subject)
        if home:
            said.append(
                {
                    "address": None,
                    "country": "IN",
                    "region": STATE[1],
                    "city": home.local_body,
                    "organisation": None,
                    "said_by": "esp",
                }
            )
    return said


def estimated(report: Report, subject: Subject) -> Address | None:
    """Where the provider believes a subject to be, in one tip of five."""
    home = subject.customer.installation if subject.customer else None
    return home if home and home.in_state and report.writing % 5 == 0 else None


def organisation(sighting: Sighting) -> str | None:
    """The operator's name as a geo look-up prints it."""
    return OPERATORS[sighting.operator].name if sighting.operator else None


def geo_place(sighting: Sighting, subject: Subject | None) -> dict[str, str | None]:
    """Where a geo look-up would place the address: the State's name at best, often the wrong town."""
    if sighting.operator == "farland":
        return {"country": "XA", "region": "Farland", "city": "Far Harbour"}
    if sighting.operator == "meghamala":
        return {"country": "IN", "region": "Example Region", "city": "Server Town"}
    home = subject.customer.installation if subject and subject.customer else None
    if home and not home.in_state:
        return {"country": "IN", "region": "Other State", "city": home.post_office}
    return {"country": "IN", "region": STATE[1], "city": home.local_body if home else None}
