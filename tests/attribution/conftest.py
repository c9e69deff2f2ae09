"""A short road for tests: two sources, an operator table, observations, a signed request, replies written by hand."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest

IST = timedelta(hours=5, minutes=30)
OBSERVED = (
    "reference,activity,provenance,address,port,protocol,at,zone,precision,observer_address,observer_port,direction,"
    "clock_source,clock_offset_ms,infohash_echoed,pieces_claimed,pieces_total,entry,address_again,at_again,authority"
).split(",")
REPLY = (
    "Request,Row,Source IP,Source Port,Session Start,Session End,Time Zone,Destination IP,Destination Port,Subscriber ID,"
    "Subscriber Name,Address,Address Kind,Contact,Email,Connection Type,Premises,Allocation,Activated On,Address Since,"
    "Address Until,IMEI,Remarks"
).split(",")
TABLE = b"""operator,name,asn,from,until,kind,shared_ipv4,ipv6_prefix,request_layout
fibre,Example Fibre,64496,2020-01-01,,fixed,no,56,generic
cable,Example Cable,64497,2020-01-01,,cable,yes,56,generic
mobile,Example Mobile,64498,2020-01-01,,mobile,yes,64,generic
hosts,Example Hosting,64501,2020-01-01,,hosting,no,,generic
"""
SNAPSHOT = """prefix,asn,as_name,country
198.18.0.0/17,64496,{tag} ONE,IN
198.18.128.0/18,64497,{tag} TWO,IN
198.19.0.0/17,64498,{tag} THREE,IN
192.0.2.0/24,64501,{tag} FOUR,IN
2001:db8:1000::/36,64496,{tag} ONE,IN
203.0.113.0/25,{disputed},{tag} FIVE,IN
198.51.100.0/25,64496,{tag} FAR,XA
"""
EXITS = b"prefix,kind,list\n198.18.99.0/24,vpn,example-vpn\n"
DAY = datetime(2026, 5, 4, 6, 30, tzinfo=UTC)  # noon in India


def text(columns, rows) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def seen(at: datetime, reference="o-1", *, address="198.18.4.9", activity="peer-1", **more):
    """One observation as `paricha-1` writes it."""
    row = dict.fromkeys(OBSERVED, "") | {
        "reference": reference, "activity": activity, "provenance": "direct", "address": address, "port": "40112",
        "protocol": "TCP", "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "precision": "second", "direction": "incoming",
        "observer_address": "203.0.113.9", "observer_port": "6881", "clock_source": "ntp", "clock_offset_ms": "12",
        "infohash_echoed": "yes", "entry": "machine", "authority": "ORDER-1",
    }  # fmt: skip
    return row | {name: str(value) for name, value in more.items()}


def ist(at: datetime) -> str:
    return (at + IST).strftime("%Y-%m-%d %H:%M:%S")


def told(number: str, row: int, asked: dict, **more):
    """A right answer to one observation, in the generic layout; `more` changes columns (spaces as underscores)."""
    at = datetime.strptime(asked["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    answer = dict.fromkeys(REPLY, "") | {
        "Request": number, "Row": str(row), "Source IP": asked["address"], "Source Port": asked["port"],
        "Session Start": ist(at - timedelta(minutes=40)), "Session End": ist(at + timedelta(minutes=25)), "Time Zone": "IST",
        "Subscriber ID": "S-100", "Subscriber Name": "Example Subscriber", "Connection Type": "fixed",
        "Address": "Lakeview 11/4, Ward 11, Made-up Town, PIN 671124", "Address Kind": "installation", "Premises": "house",
        "Allocation": "dynamic", "Activated On": "2021-03-01", "Address Since": "2021-03-01", "Contact": "0000000417",
    }  # fmt: skip
    return answer | {name.replace("_", " "): value for name, value in more.items()}


class Road:
    """The verbs in the order of the work, as two officers."""

    def __init__(self, first, second, acting_as, folder):
        self.first, self.second, self.acting_as, self.folder = first, second, acting_as, folder

    def operators(self):
        from paricha.operators.verbs import import_file

        import_file(self.first, TABLE, name="table.csv", as_of=date(2026, 1, 10), source="unit")
        for source, disputed in (("registry", 64496), ("routes", 64501)):
            data = SNAPSHOT.format(tag=source, disputed=disputed).encode()
            import_file(self.first, data, name=f"{source}.csv", as_of=date(2026, 1, 10), source=source)
        import_file(self.first, EXITS, name="exits.csv", as_of=date(2026, 1, 10), source="lists")

    def observe(self, *rows):
        from paricha.attribution.verbs.observing import import_observations

        return import_observations(self.first, text(OBSERVED, rows), name="seen.csv", profile="paricha-1")

    def make(self, operator=None):
        from paricha.attribution.verbs.requests import make_requests

        return make_requests(self.first, operator=operator)

    def signed(self):
        """One request of all that waits, written and signed twice."""
        from paricha.attribution.verbs.requests import sign_request, write_request

        (request,) = self.make().requests
        write_request(self.first, request, folder=self.folder / request.number)
        for who in (self.first, self.second):
            with self.acting_as(who):
                sign_request(who, request)
        return request

    def reply(self, request, rows, name="reply.csv", extra=()):
        from paricha.attribution.verbs.replies import read_replies

        return read_replies(self.first, request, [(name, text(REPLY, rows)), *extra])

    def doors(self):
        from paricha.attribution.queries import export_lines

        return export_lines(self.first)


@pytest.fixture
def road(officer, make_officer, acting_as, tmp_path) -> Road:
    from paricha.access.rights import Role

    second = make_officer("Basil Thomas", Role.SIGNATORY, Role.SUPERVISOR)
    made = Road(officer, second, acting_as, tmp_path)
    made.operators()
    return made


def outcomes(line: dict) -> dict:
    """A door's checks by code: outcome."""
    return {check["code"]: check["outcome"] for check in line["checks"]}


def words_of(row: dict, code: str) -> str:
    """What a check of a reply row or of a door says."""
    return next(check["words"] for check in row["checks"] if check["code"] == code)


def as_json(value) -> bytes:
    return json.dumps(value).encode()
