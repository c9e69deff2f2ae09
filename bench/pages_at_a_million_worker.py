"""Inside the folder of `rows/pages_at_a_million`: `build N` fills it, `measure` asks its pages and prints what they took."""

import gc
import hashlib
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from paricha.access.models import Officer, UnitKind  # noqa: E402
from paricha.access.rights import Role  # noqa: E402
from paricha.access.verbs import add_officer, add_unit  # noqa: E402
from paricha.audit.fields import new_id  # noqa: E402
from paricha.grounds.instants import Precision, ZoneSource  # noqa: E402
from paricha.grounds.provenance import LocatorKind  # noqa: E402
from paricha.intake.document import (  # noqa: E402
    Account,
    Device,
    FileSeen,
    Hash,
    Leaf,
    Person,
    Seen,
    Source,
    TipDocument,
    When,
)
from paricha.records import packing, storing  # noqa: E402
from paricha.records.models import Selector, Tip  # noqa: E402

CHUNK, DISTRICTS, SEED = 500, 14, 5
HUB_ADDRESS = "203.0.113.47"  # in a quarter of the tips
HUB_HANDLE = "kite_fly_88"  # in 16 of 1,000
HUB_HASH = "0f343b0931126a20f133d67c2b018a3b"  # in 16 of 1,000
FIRST = "Anumod Rajesh Sreedharan Fathima Sangeetha Krishna Anjali Joseph Basil Shaji".split()
FIRST += "അനുമോദ് രാജേഷ് ശ്രീധരൻ ഫാത്തിമ സംഗീത കൃഷ്ണ അഞ്ജലി ജോസഫ് राजेश अंजलि".split()
LAST = "Nair Kurian Menon Varghese Pillai Thomas Das Babu നായർ കുര്യൻ മേനോൻ വർഗീസ് പിള്ള തോമസ് ദാസ് ബാബു".split()
WORDS = "uploaded night folder shared account closed again two files seen twice second phone lost".split()
WORDS += "ഫയലുകൾ കണ്ടു രണ്ട് രാത്രി പങ്കിട്ടു അക്കൗണ്ട് വീണ്ടും".split()
REPORTERS = [f"Example {word}" for word in "Share Mail Chat Photos Video Cloud Games Board Drive Meet".split()]
BEGAN = 1_700_000_000
OF_A_DISTRICT = ("search: one word", "search: the hub", "search: phone", "hub of", "list of tips: f", "tip: links")


def made_up(number: int) -> TipDocument:
    """A tip of its number alone: 6 sightings, 2 files, a person with his account, phone, e-mail and, of ten, one device."""
    dice = random.Random(SEED * 1_000_003 + number)
    hub = dice.random()
    reporter = dice.choice(REPORTERS)
    handle = HUB_HANDLE if hub < 0.016 else f"{dice.choice(FIRST[:10]).lower()}_{dice.randrange(10**7)}"
    at = BEGAN + number * 30
    user_id = 70_000_000_000 + (17 if hub < 0.016 else number)
    account = Account(Leaf(reporter, "/service"), Leaf(str(user_id), "/id"), Leaf(handle, "/handle"))
    device = Device(Leaf("IDFA", "/devices/0/type"), Leaf(f"{dice.getrandbits(64):016x}", "/devices/0/id"))
    person = Person(
        "suspect", 1, [Leaf(f"{dice.choice(FIRST)} {dice.choice(LAST)}", "/names/0")], accounts=[account],
        phones=[Leaf(f"+91 00000 {dice.randrange(10**5):05}", "/phones/0")],
        emails=[Leaf(f"u{dice.randrange(10**7)}@example.com", "/emails/0")], devices=[device] if hub > 0.9 else [],
    )  # fmt: skip
    sightings = [_seen(dice, at - n * 3600, HUB_ADDRESS if n == 0 and number % 4 == 0 else None) for n in range(6)]
    files = [
        _file(f"IMG_{dice.randrange(10**6)}.bin", "md5", HUB_HASH if hub < 0.016 else f"{dice.getrandbits(128):032x}"),
        _file(f"plan_{dice.randrange(10**6)}.bin", "sha1", f"{dice.getrandbits(160):040x}"),
    ]
    original = hashlib.sha256(number.to_bytes(8, "big")).hexdigest()
    return TipDocument(
        [Source("json", "cybertip-json/1", original, LocatorKind.JSON_POINTER)], "ncmec", "",
        Leaf(str(200_000_000 + number), "/reportId"), people=[person], sightings=sightings, files=files,
        reporter_name=Leaf(reporter, "/reporter"), incident_type=Leaf("Upload", "/type"), received_at=_when(at),
        incident_description=Leaf(" ".join(dice.choice(WORDS) for _ in range(8)), "/description"),
    )  # fmt: skip


def _file(name: str, algorithm: str, value: str) -> FileSeen:
    return FileSeen(
        name=Leaf(name, f"/files/{algorithm}/name"), hashes=[Hash(algorithm, Leaf(value, f"/files/{algorithm}"))]
    )


def _when(at: int) -> When:
    text = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
    return When(text, "/at", at, Precision.SECOND, ZoneSource.STATED)


def _seen(dice: random.Random, at: int, address: str | None) -> Seen:
    own = f"198.{18 + dice.randrange(2)}.{dice.randrange(256)}.{dice.randrange(256)}"
    return Seen(
        "person",
        "suspect 1",
        Leaf(address or own, "/ip"),
        Leaf(1024 + dice.randrange(60_000), "/port"),
        Leaf("Login", "/event"),
        _when(at),
    )


def build(count: int) -> None:
    """Store the tips in chunks, each to one of the districts, as the intake's writer does; the disk is not waited for."""
    first = Officer.objects.get(first=True)
    state = first.unit
    units = [add_unit(first, f"District {n + 1}", under=state, kind=UnitKind.DISTRICT) for n in range(DISTRICTS)]
    add_officer(first, "District analyst", rank="", unit=units[0], roles=[Role.ANALYST], key_out=None)
    gc.disable()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA cache_size=-200000")
    batch, dictionary, began = new_id(), packing.current(), time.perf_counter()
    for start in range(0, count, CHUNK):
        prepared = storing.prepare_many([made_up(n) for n in range(start, min(count, start + CHUNK))], "IN", dictionary)
        with transaction.atomic():
            storing.store(prepared, batch=batch, unit=units[start // CHUNK % DISTRICTS], region="IN")
            if not dictionary:
                storing.train_dictionary()
        dictionary = dictionary or packing.current()
        if start // CHUNK % 40 == 39:
            rate = (start + CHUNK) / (time.perf_counter() - began)
            print(f"  {start + CHUNK:,} of {count:,}, {rate:,.0f}/s", file=sys.stderr, flush=True)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def pages(count: int) -> Iterator[tuple[str, Callable[[random.Random], str]]]:
    """What is asked: a name, and an address made of chance."""

    def selector(kind: str, normal_form: str) -> str:
        return f"/records/selector/{Selector.objects.get(kind=kind, normal_form=normal_form).id16.hex()}/"

    def some(kind: str) -> Callable[[random.Random], str]:
        last = Selector.objects.order_by("-pk").values_list("pk", flat=True).first()

        def address(dice: random.Random) -> str:
            row = Selector.objects.filter(kind=kind, pk__gte=dice.randrange(last - last // 50)).order_by("pk").first()
            return f"/records/selector/{row.id16.hex()}/"

        return address

    def tip(tab: str) -> Callable[[random.Random], str]:
        def address(dice: random.Random) -> str:
            row = Tip.objects.get(report_number=str(200_000_000 + dice.randrange(count)))
            return f"/records/tip/{row.id16.hex()}/?tab={tab}"

        return address

    def asking(words: Callable[[random.Random], str], more: str = "") -> Callable[[random.Random], str]:
        return lambda dice: f"/records/search/?q={words(dice)}{more}"

    share = {reporter: f"{reporter.casefold()}|{HUB_HANDLE}" for reporter in REPORTERS}
    yield "search: report number", asking(lambda dice: str(200_000_000 + dice.randrange(count)))
    yield "search: a report number's beginning", asking(lambda dice: str(200_000_000 + dice.randrange(count))[:6])
    yield "search: phone", asking(lambda dice: f"00000-{dice.randrange(10**5):05}")
    yield "search: address, de-fanged", asking(lambda dice: f"198[.]18[.]{dice.randrange(256)}[.]{dice.randrange(256)}")
    yield "search: the hub's address", asking(lambda dice: HUB_ADDRESS)
    yield "search: beginning of a hash", asking(lambda dice: HUB_HASH[: dice.randrange(8, 20)])
    yield "search: screen name of 16 in 1,000 tips", asking(lambda dice: HUB_HANDLE)
    yield "search: two English words", asking(lambda dice: "+".join(dice.sample(WORDS[:13], 2)))
    yield "search: one word that nearly all have", asking(lambda dice: "upload")
    yield "search: Malayalam words", asking(lambda dice: "+".join(dice.sample(WORDS[13:], 2)))
    yield "search: a name in the other script", asking(lambda dice: dice.choice(FIRST) + "+" + dice.choice(LAST))
    yield "search: a word, filters", asking(lambda dice: dice.choice(WORDS), "&reporter=example+mail&has=device")
    yield "search: nothing like it", asking(lambda dice: f"nothing{dice.randrange(10**6)}")
    yield "tip: facts", tip("facts")
    yield "tip: sightings", tip("sightings")
    yield "tip: links", tip("links")
    yield "selector: phone", some("phone")
    yield "selector: account", some("account")
    yield "selector: address", some("address")
    yield "selector: file hash", some("hash")
    hub = selector("address", HUB_ADDRESS)
    yield "hub of a quarter of the tips: newest", lambda dice: hub
    yield (
        "hub of a quarter of the tips: far inside",
        lambda dice: f"{hub}?after=[{BEGAN + dice.randrange(count) * 30}, 9]",
    )
    yield "hub of a quarter of the tips: oldest", lambda dice: f"{hub}?order=oldest"
    named = [
        row for form in share.values() if (row := Selector.objects.filter(kind="handle", normal_form=form).first())
    ]
    yield "screen name of 16 in 1,000 tips", lambda dice: f"/records/selector/{dice.choice(named).id16.hex()}/"
    viral = selector("hash", f"md5|{HUB_HASH}")
    yield "file hash of 16 in 1,000 tips", lambda dice: viral
    yield "list of tips: first page", lambda dice: "/records/"
    yield "list of tips: far inside", lambda dice: f"/records/?after=[{dice.randrange(count)}, {dice.randrange(count)}]"
    yield "list of tips: one reporter", lambda dice: "/records/?reporter=Example+Mail"


def measure(times: int = 6) -> list[dict[str, Any]]:
    """Ask every page, as the State's first officer and as an analyst of one district of fourteen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM records_tip")
        count = cursor.fetchone()[0]
    told = []
    for who, officer in (("State", Officer.objects.get(first=True)), ("district", Officer.objects.get(first=False))):
        client = Client(HTTP_HOST="localhost")
        client.force_login(officer.user)
        for name, address in pages(count):
            if who == "district" and not name.startswith(OF_A_DISTRICT):
                continue
            dice, took, worked = random.Random(name), [], []
            for number in range(times + 2):
                url = address(dice)
                began, begun = time.perf_counter(), time.process_time()
                answer = client.get(url)
                worked.append((time.process_time() - begun) * 1000)
                took.append((time.perf_counter() - began) * 1000)
                if answer.status_code != 200 and not (who == "district" and answer.status_code == 404):
                    raise SystemExit(f"{url} answered {answer.status_code}")
                if number < 2:
                    took.clear()  # the first two fill caches
            cut = statistics.quantiles(took, n=20, method="inclusive")
            told.append(
                {
                    "page": f"{who}, {name}",
                    "asked": times,
                    "p50": statistics.median(took),
                    "p95": cut[18],
                    "max": max(took),
                    "cpu": statistics.median(worked),
                }
            )
    return told


if __name__ == "__main__":
    if sys.argv[1] == "build":
        build(int(sys.argv[2]))
    else:
        print(json.dumps(measure()))
