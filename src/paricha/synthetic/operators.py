"""The State's own operators on documentation and benchmark addresses, and the dated files that say who announced what.

Two sources, two dates each. Planted: a block that changes hands between the dates, a block on which the sources
disagree, a block only one source knows, VPN, Tor and relay exits inside a hosting block.
"""

from dataclasses import dataclass
from pathlib import Path

from paricha.synthetic.output import write_csv, write_jsonl

SOURCES = ("kadal-registry", "example-routes")
DATES = ("2026-01-10", "2026-06-10")


@dataclass(frozen=True)
class Operator:
    """An operator of the table: its code, AS numbers, kind, and whether an IPv4 address is shared."""

    code: str
    name: str
    asns: tuple[int, ...]
    kind: str
    shared_ipv4: bool
    ipv6_prefix: int | None
    ipv4: str
    ipv6: str | None
    country: str = "IN"


OPERATORS = {
    operator.code: operator
    for operator in (
        Operator("tharaka", "Tharaka Fibre", (64496,), "fixed", False, 56, "198.18.0.0/17", "2001:db8:1000::/36"),
        Operator("kayal", "Kayal Cable", (64497,), "cable", True, 56, "198.18.128.0/18", "2001:db8:2000::/36"),
        Operator("minnal", "Minnal Mobile", (64498, 65536), "mobile", True, 64, "198.19.0.0/17", "2001:db8:4000::/36"),
        Operator(
            "thuramukham",
            "Thuramukham Business Lines",
            (64500,),
            "business",
            False,
            48,
            "203.0.113.0/25",
            "2001:db8:6000::/40",
        ),
        Operator(
            "meghamala", "Meghamala Hosting", (64501,), "hosting", False, None, "192.0.2.0/24", "2001:db8:8000::/40"
        ),
        Operator(
            "farland", "Farland Telecom", (64502,), "fixed", False, 56, "198.51.100.0/25", "2001:db8:a000::/40", "XA"
        ),
    )
}
MOVED_BLOCK = "198.18.192.0/20"  # Kayal until the second snapshot, then Tharaka
DISPUTED_BLOCK = "203.0.113.128/26"  # the two sources never agree
LONELY_BLOCK = "203.0.113.192/27"  # only the first source has it
EXITS = [  # prefix, kind, list
    ("192.0.2.64/27", "vpn", "example-vpn-list"),
    ("192.0.2.96/28", "tor", "example-tor-list"),
    ("192.0.2.112/28", "relay", "example-relay-list"),
    ("192.0.2.128/25", "hosting", "example-hosting-list"),
    ("2001:db8:8000::/44", "vpn", "example-vpn-list"),
    ("198.51.100.192/27", "satellite", "example-sky-list"),
    ("198.51.100.224/28", "anycast", "example-anycast-list"),
]
SNAPSHOT_COLUMNS = ("prefix", "asn", "as_name", "country")
TABLE_COLUMNS = ("operator", "name", "asn", "from", "until", "kind", "shared_ipv4", "ipv6_prefix", "request_layout")


def announced(source: str, date: str) -> list[tuple[str, int, str, str]]:
    """The rows of one source's snapshot at a date: prefix, AS number, AS name, country."""
    tag = "-AS" if source == SOURCES[0] else " (KN)"
    rows = []
    for operator in OPERATORS.values():
        as_name = operator.name.upper() + tag
        if operator.code == "minnal":
            rows += [("198.19.0.0/18", 64498, as_name, "IN"), ("198.19.64.0/18", 65536, as_name, "IN")]
        else:
            rows.append((operator.ipv4, operator.asns[0], as_name, operator.country))
        if operator.ipv6:
            rows.append((operator.ipv6, operator.asns[0], as_name, operator.country))
    moved = "kayal" if date == DATES[0] else "tharaka"
    rows.append((MOVED_BLOCK, OPERATORS[moved].asns[0], OPERATORS[moved].name.upper() + tag, "IN"))
    disputed = "thuramukham" if source == SOURCES[0] else "meghamala"
    rows.append((DISPUTED_BLOCK, OPERATORS[disputed].asns[0], OPERATORS[disputed].name.upper() + tag, "IN"))
    if source == SOURCES[0]:
        rows.append((LONELY_BLOCK, 64496, "THARAKA FIBRE" + tag, "IN"))
    rows.append(("198.51.100.192/26", 64503, "EXAMPLE SKY LINKS" + tag, "XA"))
    return sorted(rows)


def write_operators(files: Path, truth: Path) -> dict[str, int]:
    """The snapshots, the table and the exits into `files/operators/`, and the same table beside the pack's files."""
    folder, rows = files / "operators", 0
    listed = []
    for date in DATES:
        for source in SOURCES:
            name = f"snapshot-{source}-{date}.csv"
            rows += write_csv(folder / name, SNAPSHOT_COLUMNS, announced(source, date))
            listed.append({"file": f"operators/{name}", "kind": "snapshot", "source": source, "as_of": date})
    table = [
        (o.code, o.name, asn, "2020-01-01", "", o.kind, "yes" if o.shared_ipv4 else "no", o.ipv6_prefix, "generic")
        for o in OPERATORS.values()
        for asn in o.asns
    ]
    write_csv(folder / "table.csv", TABLE_COLUMNS, table)
    write_csv(files / "pack" / "operators.csv", TABLE_COLUMNS, table)
    write_csv(folder / "exits.csv", ("prefix", "kind", "list"), EXITS)
    listed += [
        {"file": "operators/table.csv", "kind": "table", "source": "unit", "as_of": DATES[0]},
        {"file": "operators/exits.csv", "kind": "exits", "source": "example-exits", "as_of": DATES[0]},
    ]
    write_csv(
        folder / "index.csv",
        ("file", "kind", "source", "as_of"),
        [(x["file"].removeprefix("operators/"), x["kind"], x["source"], x["as_of"]) for x in listed],
    )
    planted = [
        {"planted": "moved", "prefix": MOVED_BLOCK},
        {"planted": "disputed", "prefix": DISPUTED_BLOCK},
        {"planted": "one source only", "prefix": LONELY_BLOCK},
    ]
    write_jsonl(truth / "operators.jsonl", listed + planted)
    return {
        "operators": len(OPERATORS),
        "snapshots": len(DATES) * len(SOURCES),
        "snapshot_rows": rows,
        "exits": len(EXITS),
    }
