"""A simulated operator: reads our generic request sheet, looks into its leases, and answers in the generic layout.

It knows the request only by its sheet, as an operator would, and works in Indian time. Faults are planted by name;
several are joined by commas, and `digit:3` plants one in row 3 only.

| on rows | what goes wrong |
|---|---|
| `slip` | looks 5 h 30 later and answers with that session |
| `digit`, `port` | another address, another port is echoed |
| `billing` | only the billing address |
| `two-subscribers` | two answers to one row |
| `another-subscriber` | one, but a wrong one: a second answer that contradicts the first |
| `no-records` | "No records found" |
| `outside` | the session ends before the instant asked |
| `moved` | the customer's address ended the day before |
| `destination` | another destination than the one asked (where one was asked) |

On the whole file: `other-request` (another request's number), `no-zone`, `row-too-many` (an answer to a row nobody
asked), `footer`; no faults, but other ways to answer well: `utc` (times in UTC, and said so), `no-row-numbers`.
`mixed`: the first six row faults over one customer in four, a row too many and a footer; `none`.
"""

import csv
import hashlib
import ipaddress
import json
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from paricha.synthetic.output import write_csv, write_xlsx_table

IST = timezone(timedelta(hours=5, minutes=30))
REQUEST_COLUMNS = (
    "Request",
    "Row",
    "Type",
    "Source IP",
    "Source Port",
    "Protocol",
    "From IST",
    "To IST",
    "From UTC",
    "To UTC",
    "Destination IP",
    "Destination Port",
)
REPLY_COLUMNS = (
    "Request",
    "Row",
    "Source IP",
    "Source Port",
    "Session Start",
    "Session End",
    "Time Zone",
    "Destination IP",
    "Destination Port",
    "Subscriber ID",
    "Subscriber Name",
    "Address",
    "Address Kind",
    "Contact",
    "Email",
    "Connection Type",
    "Premises",
    "Allocation",
    "Activated On",
    "Address Since",
    "Address Until",
    "IMEI",
    "Remarks",
)
ROW_FAULTS = (
    "slip",
    "digit",
    "billing",
    "two-subscribers",
    "no-records",
    "outside",
    "port",
    "moved",
    "another-subscriber",
    "destination",
)
MIXED_FAULTS = ROW_FAULTS[:6]
FILE_FAULTS = ("other-request", "no-zone", "row-too-many", "footer", "utc", "no-row-numbers")
FAULTS = ("none", *ROW_FAULTS, *FILE_FAULTS, "mixed")
NO_RECORDS = "No records found"


@dataclass
class Held:
    """A lease as the operator's log has it."""

    network: ipaddress.IPv4Network | ipaddress.IPv6Network
    ports: tuple[int, int] | None
    start: datetime
    end: datetime
    customer: dict[str, Any]


class Logs:
    """The operator's leases and customers, read from the truth."""

    def __init__(self, truth: Path) -> None:
        self.customers = {row["customer"]: row for row in _jsonl(truth / "customers.jsonl")}
        self.by_network: dict[Any, list[Held]] = {}
        self.lengths: set[tuple[int, int]] = set()
        for row in _jsonl(truth / "leases.jsonl"):
            network = ipaddress.ip_network(row["network"])
            ports = (row["port_from"], row["port_until"]) if row["port_from"] is not None else None
            held = Held(network, ports, _instant(row["start"]), _instant(row["end"]), self.customers[row["customer"]])
            self.by_network.setdefault(network, []).append(held)
            self.lengths.add((network.version, network.prefixlen))

    def find(self, address: str, port: int | None, at: datetime, until: datetime) -> list[Held]:
        """Every lease of the address (and port, where ports were leased) that overlaps the asked time."""
        where, found = ipaddress.ip_address(address), []
        for version, length in sorted(self.lengths):
            if version != where.version:
                continue
            for held in self.by_network.get(ipaddress.ip_network((where, length), strict=False), []):
                fits = held.ports is None or port is None or held.ports[0] <= port <= held.ports[1]
                if fits and held.start <= until and held.end >= at:
                    found.append(held)
        return sorted(found, key=lambda h: (h.start, h.customer["customer"]))

    def another(self, customer: dict[str, Any]) -> dict[str, Any]:
        """Another customer of the same operator."""
        same = [
            c
            for c in self.customers.values()
            if c["operator"] == customer["operator"] and c["customer"] != customer["customer"]
        ]
        return min(same, key=lambda c: hashlib.sha256((c["customer"] + customer["customer"]).encode()).hexdigest())


def answer(request_sheet: Path, truth_dir: Path, out: Path, faults: str = "none") -> Path:
    """Answer a generic request sheet (csv or xlsx) into `out` (a .csv or .xlsx path, or a folder); gives the reply's path.

    Raises ValueError for a fault it does not know or a sheet without the generic headings.
    """
    plan = _plan(faults)
    asked = read_request(request_sheet)
    logs = Logs(truth_dir)
    spread = _mixed(asked, logs) if "mixed" in plan else {}
    rows: list[dict[str, Any]] = []
    for position, line in enumerate(asked):
        chosen = {name for name, only in plan.items() if name in ROW_FAULTS and (only is None or only == line["Row"])}
        rows += _answer_line(line, logs, chosen | ({spread[position]} if position in spread else set()))
    rows = _whole_file(rows, plan)
    footers = [["System generated, no signature needed"]] if "footer" in plan or "mixed" in plan else []
    cells = [[row.get(column, "") for column in REPLY_COLUMNS] for row in rows] + footers
    if out.suffix.lower() not in (".csv", ".xlsx"):
        out = out / f"reply-{(asked[0]['Request'] if asked else 'empty').replace('/', '-')}.csv"
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix.lower() == ".xlsx":
        write_xlsx_table(out, REPLY_COLUMNS, cells)
    else:
        write_csv(out, REPLY_COLUMNS, cells)
    return out


def _plan(faults: str) -> dict[str, str | None]:
    plan: dict[str, str | None] = {}
    for part in faults.split(","):
        name, _, row = part.strip().partition(":")
        if name not in FAULTS:
            raise ValueError(f"no such fault: {name}; known: {', '.join(FAULTS)}")
        plan[name] = row or None
    return plan


def _answer_line(line: dict[str, str], logs: Logs, faults: set[str]) -> list[dict[str, Any]]:
    port = int(line["Source Port"]) if line["Source Port"] else None
    start, end = _ist(line["From IST"]), _ist(line["To IST"])
    if "no-records" in faults:
        return [_no_records(line)]
    found = logs.find(line["Source IP"], port, start, end)
    sessions = [(held.customer, held.start, held.end) for held in found]
    if "slip" in faults:
        later = timedelta(hours=5, minutes=30)
        wrong = logs.find(line["Source IP"], port, start + later, end + later)
        sessions = [(h.customer, h.start, h.end) for h in wrong] or [(c, a + later, b + later) for c, a, b in sessions]
    if "outside" in faults:
        sessions = [(c, start - timedelta(minutes=95), start - timedelta(minutes=7)) for c, _, _ in sessions]
    if "two-subscribers" in faults and sessions:
        sessions = [*sessions, (logs.another(sessions[0][0]), *sessions[0][1:])]
    if "another-subscriber" in faults:
        sessions = [(logs.another(c), a, b) for c, a, b in sessions]
    if not sessions:
        return [_no_records(line)]
    rows = [_reply_row(line, *session) for session in sessions]
    for row in rows:
        if "digit" in faults:
            row["Source IP"] = other_digit(row["Source IP"])
        if "billing" in faults:
            row.update({"Address": row.pop("billing"), "Address Kind": "billing"})
        if "port" in faults and row["Source Port"]:
            row["Source Port"] = str(int(row["Source Port"]) + (1 if int(row["Source Port"]) < 65_000 else -1))
        if "destination" in faults and row["Destination IP"]:
            row["Destination IP"] = other_digit(row["Destination IP"])
        if "moved" in faults:
            row["Address Until"] = (start - timedelta(days=1)).strftime("%Y-%m-%d")
        row.pop("billing", None)
    return rows


def _reply_row(line: dict[str, str], customer: dict[str, Any], start: datetime, end: datetime) -> dict[str, Any]:
    mobile = customer["connection_type"] == "mobile"
    return {
        "Request": line["Request"],
        "Row": line["Row"],
        "Source IP": line["Source IP"],
        "Source Port": line["Source Port"],
        "Session Start": _ist_text(start),
        "Session End": _ist_text(end),
        "Time Zone": "IST",
        "Destination IP": line["Destination IP"],
        "Destination Port": line["Destination Port"],
        "Subscriber ID": customer["subscriber_id"],
        "Subscriber Name": customer["name"],
        "Address": customer["billing_address"] if mobile else customer["installation_address"],
        "Address Kind": "permanent" if mobile else "installation",
        "Contact": customer["contact"],
        "Email": customer["email"] or "",
        "Connection Type": customer["connection_type"],
        "Premises": customer["premises"] or "",
        "Allocation": customer["allocation"],
        "Activated On": customer["activated_on"],
        "Address Since": customer["address_since"],
        "Address Until": customer["address_until"] or "",
        "IMEI": customer["imei"] or "",
        "Remarks": "",
        "billing": customer["billing_address"],
    }


def _no_records(line: dict[str, str]) -> dict[str, Any]:
    return {
        "Request": line["Request"],
        "Row": line["Row"],
        "Source IP": line["Source IP"],
        "Source Port": line["Source Port"],
        "Time Zone": "IST",
        "Remarks": NO_RECORDS,
    }


def _whole_file(rows: list[dict[str, Any]], plan: dict[str, str | None]) -> list[dict[str, Any]]:
    """The faults that are not of one row."""
    if rows and ("row-too-many" in plan or "mixed" in plan):
        asked = max(int(row["Row"]) for row in rows)
        rows = [*rows, {**rows[-1], "Row": str(asked + 7)}]
    for row in rows:
        if "other-request" in plan:
            row["Request"] = row["Request"] + "-9"
        if "no-zone" in plan:
            row["Time Zone"] = ""
        if "utc" in plan:
            row["Time Zone"] = "UTC"
            for column in ("Session Start", "Session End"):
                if row.get(column):
                    row[column] = _ist(row[column]).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        if "no-row-numbers" in plan:
            row["Row"] = ""
    return rows


def _mixed(asked: list[dict[str, str]], logs: Logs) -> dict[int, str]:
    """Which asked rows get which fault: about one customer in four; billing and two subscribers on all his rows, others on one."""
    spread: dict[int, str] = {}
    touched: list[str] = []
    for position, line in enumerate(asked):
        port = int(line["Source Port"]) if line["Source Port"] else None
        held = logs.find(line["Source IP"], port, _ist(line["From IST"]), _ist(line["To IST"]))
        if len(held) != 1:
            continue
        customer = held[0].customer["customer"]
        if customer not in touched:
            touched.append(customer)
        place = touched.index(customer)
        if place % 4 != 3:
            continue
        fault = MIXED_FAULTS[(place // 4) % len(MIXED_FAULTS)]
        first = not any(p for p in spread if asked[p].get("customer") == customer)
        line["customer"] = customer
        if fault in ("billing", "two-subscribers") or first:
            spread[position] = fault
    return spread


def other_digit(address: str) -> str:
    """The address with its last digit changed to another one."""
    last = address[-1]
    return address[:-1] + ("1" if last != "1" else "2")


def read_request(path: Path) -> list[dict[str, str]]:
    """The rows of a generic request sheet, csv or xlsx; the header may stand below other lines."""
    table = _xlsx_cells(path) if path.suffix.lower() == ".xlsx" else _csv_cells(path)
    for position, row in enumerate(table):
        if row[: len(REQUEST_COLUMNS)] == list(REQUEST_COLUMNS):
            return [
                dict(zip(REQUEST_COLUMNS, [*line, *[""] * len(REQUEST_COLUMNS)], strict=False))
                for line in table[position + 1 :]
                if any(line)
            ]
    raise ValueError(f"{path.name} has no line with the generic headings")


def _csv_cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [[cell.strip() for cell in row] for row in csv.reader(lines)]


def _xlsx_cells(path: Path) -> list[list[str]]:
    """The first sheet's cells as text, by its own small reading of the format (ECMA-376)."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(path) as book:
        shared: list[str] = []
        if "xl/sharedStrings.xml" in book.namelist():
            root = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
            shared = [
                "".join(t.text or "" for t in item.iter(f"{{{space['m']}}}t")) for item in root.findall("m:si", space)
            ]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    table = []
    for row in sheet.iter(f"{{{space['m']}}}row"):
        cells: dict[int, str] = {}
        for cell in row.findall("m:c", space):
            value = "".join(t.text or "" for t in cell.iter() if t.tag.endswith(("}v", "}t")))
            if cell.get("t") == "s" and value:
                value = shared[int(value)]
            cells[_column(cell.get("r", "A1"))] = value.strip()
        table.append([cells.get(i, "") for i in range(max(cells, default=-1) + 1)])
    return table


def _column(reference: str) -> int:
    number = 0
    for letter in reference:
        if letter.isalpha():
            number = number * 26 + ord(letter.upper()) - 64
    return number - 1


def _jsonl(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _ist(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=IST)


def _ist_text(at: datetime) -> str:
    return at.astimezone(IST).strftime("%Y-%m-%d %H:%M:%S")
