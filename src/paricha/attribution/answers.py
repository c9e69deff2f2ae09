"""From the cells of a reply to an `Answer`: values read, with the places they stand at, and what cannot be read."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timezone

from django.utils.translation import gettext as _

from paricha.attribution.strand import Answer, Subscriber
from paricha.grounds import selectors
from paricha.grounds.instants import IST_OFFSET
from paricha.grounds.provenance import Locator, LocatorKind, stated
from paricha.intake.readers.operator_reply_generic import Cells, Table

NO_RECORDS = "no records found"
ZONES = {"IST": timezone(IST_OFFSET, "IST"), "UTC": UTC}
TIME_FORM = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")
OTHER_FORMS = re.compile(  # another way to write a time: the operator's format has changed
    r"\d{1,4}[/.:-]\d{1,2}[/.:-]\d{2,4}.*|\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4}.*|\d{4}-\d{2}-\d{2}T.*|\d{8,14}|.*[AaPp]\.?[Mm]\.?"
)
KINDS = {"installation", "billing", "permanent", "correspondence"}


def text(cells: Cells, column: str) -> str | None:
    """A cell's text, None where nothing is stated or the file has no such column."""
    value = cells.values.get(column)
    return value.strip() if value is not None and stated(value) else None


def places(cells: Cells, sha256: str) -> dict[str, Locator]:
    """The locator of each filled cell."""
    return {
        column: Locator(sha256, LocatorKind.CELL, cells.at(column))
        for column, value in cells.values.items()
        if stated(value)
    }


def no_records(cells: Cells) -> bool:
    """Whether the operator says that he has nothing for this row."""
    return (text(cells, "Remarks") or "").casefold().rstrip(".") == NO_RECORDS


def answer_of(cells: Cells, sha256: str, number: int, details: list[Cells], details_sha: list[str]) -> Answer:
    """The typed answer; details of the same user id fill what the row itself does not state. Never raises."""
    faults: list[tuple[str, str]] = []
    zone = text(cells, "Time Zone")
    known = ZONES.get((zone or "").upper())
    if zone and known is None:
        faults.append(("C07", _("The time zone “{zone}” is neither IST nor UTC.").format(zone=zone)))
    start = _time(cells, "Session Start", known, faults)
    end = _time(cells, "Session End", known, faults)
    where = places(cells, sha256)
    subscriber = _subscriber(cells, faults)
    for row, sha in zip(details, details_sha, strict=True):
        subscriber, added = with_details(subscriber, row, faults)
        where |= {column: Locator(sha, LocatorKind.CELL, row.at(theirs)) for column, theirs in added.items()}
    installed = {text(row, "Installation Address") for row in details} - {None}
    if subscriber.address_kind == "installation":
        installed.discard(subscriber.address)
    written = text(cells, "Source IP")
    address = selectors.address(written) if written else None
    if written and address is None:
        faults.append(("C20", _("“{text}” is no address.").format(text=written)))
    return Answer(
        number=number, file=sha256, request=text(cells, "Request"), row=_whole(cells, "Row", faults), address=address,
        port=_port(cells, "Source Port", faults), start=start, end=end, zone=zone.upper() if zone and known else None,
        start_text=text(cells, "Session Start") or "", end_text=text(cells, "Session End") or "", address_text=written or "",
        destination_address=selectors.address(text(cells, "Destination IP") or "") if text(cells, "Destination IP") else None,
        destination_port=_port(cells, "Destination Port", faults), subscriber=subscriber, remarks=text(cells, "Remarks"),
        places=where, faults=tuple(faults), more_addresses=tuple(sorted(str(address) for address in installed)),
    )  # fmt: skip


def _subscriber(cells: Cells, faults: list[tuple[str, str]]) -> Subscriber:
    kind = (text(cells, "Address Kind") or "").casefold() or None
    if kind is not None and kind not in KINDS:
        faults.append(("C23", _("“{kind}” is no kind of address that we know.").format(kind=kind)))
        kind = None
    return Subscriber(
        id=text(cells, "Subscriber ID"), name=text(cells, "Subscriber Name"), address=text(cells, "Address"),
        address_kind=kind, contact=text(cells, "Contact"), email=text(cells, "Email"),
        connection=(text(cells, "Connection Type") or "").casefold() or None,
        premises=(text(cells, "Premises") or "").casefold() or None,
        allocation=(text(cells, "Allocation") or "").casefold() or None,
        activated_on=_day(cells, "Activated On", faults), since=_day(cells, "Address Since", faults),
        until=_day(cells, "Address Until", faults), imei=text(cells, "IMEI"),
    )  # fmt: skip


def with_details(
    subscriber: Subscriber, row: Cells, faults: list[tuple[str, str]]
) -> tuple[Subscriber, dict[str, str]]:
    """The subscriber with what a details row adds, and which of our columns it filled from which of its own.

    An installation address in the details is better than another kind in the log; nothing else is replaced.
    """
    added: dict[str, str] = {}
    values = {name: getattr(subscriber, name) for name in subscriber.__struct_fields__}
    for field, ours, theirs in (
        ("name", "Subscriber Name", "Name"), ("contact", "Contact", "Contact"), ("email", "Email", "Email"),
        ("connection", "Connection Type", "Connection Type"), ("premises", "Premises", "Premises"),
    ):  # fmt: skip
        if values[field] is None and text(row, theirs):
            said = text(row, theirs) or ""
            values[field] = said.casefold() if field in ("connection", "premises") else said
            added[ours] = theirs
    for field, column in (("activated_on", "Activated On"), ("since", "Address Since"), ("until", "Address Until")):
        if values[field] is None and text(row, column):
            values[field] = _day(row, column, faults)
            added[column] = column
    if values["address_kind"] != "installation":
        for kind in ("installation", "billing", "permanent"):
            column = f"{kind.capitalize()} Address"
            if text(row, column) and (kind == "installation" or values["address"] is None):
                values |= {"address": text(row, column), "address_kind": kind}
                added["Address"] = column
                break
    if values["address"] is None and text(row, "Address"):
        values["address"] = text(row, "Address")  # of no stated kind
        added["Address"] = "Address"
    return Subscriber(**values), added


def _time(cells: Cells, column: str, zone: timezone | None, faults: list[tuple[str, str]]) -> datetime | None:
    written = text(cells, column)
    if written is None or zone is None:
        return None
    try:
        if not TIME_FORM.fullmatch(written):
            raise ValueError
        return datetime.strptime(written, "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone).astimezone(UTC)
    except ValueError:
        faults.append(
            (
                "C07",
                _("{column} “{text}” is no time of the form YYYY-MM-DD HH:MM:SS.").format(column=column, text=written),
            )
        )
        return None


def _day(cells: Cells, column: str, faults: list[tuple[str, str]]) -> date | None:
    written = text(cells, column)
    if written is None:
        return None
    try:
        return date.fromisoformat(written.removesuffix(" 00:00:00"))
    except ValueError:
        faults.append(
            ("C07", _("{column} “{text}” is no date of the form YYYY-MM-DD.").format(column=column, text=written))
        )
        return None


def _whole(cells: Cells, column: str, faults: list[tuple[str, str]]) -> int | None:
    written = text(cells, column)
    if written is None:
        return None
    if not written.isdecimal():
        faults.append(("C20", _("{column} “{text}” is no whole number.").format(column=column, text=written)))
        return None
    return int(written)


def _port(cells: Cells, column: str, faults: list[tuple[str, str]]) -> int | None:
    written = text(cells, column)
    if written is None:
        return None
    if not written.isdecimal() or not 0 < int(written) < 65536:
        faults.append(("C20", _("{column} “{text}” is no port.").format(column=column, text=written)))
        return None
    return int(written)


def drift(table: Table) -> str:
    """Whether the file is written in another way than the layout says: words, empty where not (checks C06, C07).

    No zone in any row, times of another form, hours that never pass twelve in more than fifty rows.
    """
    rows = [row for row in table.rows if not no_records(row)]
    if not rows:
        return ""
    if not any((text(row, "Time Zone") or "").upper() in ZONES for row in rows):
        return _("No row states a time zone of IST or UTC.")
    written = [value for row in rows for column in ("Session Start", "Session End") if (value := text(row, column))]
    for value in written:
        if not TIME_FORM.fullmatch(value) and OTHER_FORMS.fullmatch(value):
            return _(
                "Times are written in another form: “{text}”. The layout says YYYY-MM-DD HH:MM:SS, 24 hours."
            ).format(text=value)
    hours = {int(value[11:13]) for value in written if TIME_FORM.fullmatch(value)}
    if len(rows) > 50 and hours and max(hours) <= 12:
        return _("In {count} rows no hour is above 12: AM and PM may be lost.").format(count=len(rows))
    return ""
