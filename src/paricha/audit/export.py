"""The log as lines: one row or stamp a line, in order of position, each stamp after the rows that it covers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from paricha.audit.audit_verifier import Log
from paricha.audit.log import canonical, plain_row
from paricha.audit.models import AuditRow, Position, Stamp, Unstamped
from paricha.audit.stamp import public_key, stamp_all


def lines() -> Iterator[bytes]:
    """The stamped log, a canonical JSON line at a time, without line ends."""
    key = public_key(Path(settings.HOME))
    rows = Position.objects.select_related("row").order_by("position").iterator(chunk_size=2000)
    place = next(rows, None)
    for stamp in Stamp.objects.order_by("number").iterator(chunk_size=2000):
        while place is not None and place.position <= stamp.last:
            yield _row_line(place)
            place = next(rows, None)
        yield canonical({"stamp": plain_stamp(stamp, key)})
    while place is not None:  # a stamp was taken away: the verifier names it
        yield _row_line(place)
        place = next(rows, None)


def _row_line(place: Position) -> bytes:
    return canonical({"position": place.position, "row": plain_row(place.row), "hash": bytes(place.row.row_hash).hex()})


def plain_stamp(stamp: Stamp, key: str) -> dict[str, Any]:
    """A stamp as it is exported."""
    said: dict[str, Any] = {
        name: bytes(getattr(stamp, name)).hex() for name in ("root", "previous", "head", "signature")
    }
    return said | {"number": stamp.number, "first": stamp.first, "last": stamp.last, "at_ns": stamp.at_ns, "key": key}


def export(out: Path) -> int:
    """Stamp, then write the log to `out` (0600), whole or not at all. Returns the number of lines."""
    stamp_all()
    half = out.with_name(f".{out.name}.{os.getpid()}")
    written = 0
    try:
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb") as file:
            for line in lines():
                file.write(line + b"\n")
                written += 1
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, out)
    finally:
        half.unlink(missing_ok=True)
    return written


def verify_file(file: Path, key: str | None = None, head: str | None = None) -> dict[str, Any]:
    """What the stand-alone verifier finds in an exported file: `rows stamps first_bad head key`."""
    log = Log(key)
    with file.open("rb") as read:
        for line in read:
            log.take(line.removesuffix(b"\n"))
    return log.end(head)


def verify_database(
    key: str | None = None, head: str | None = None, tell: Callable[[int], None] = lambda done: None
) -> dict[str, Any]:
    """The same over the database, and what only the database can show: rows hidden from the stamp, histories cut.

    `tell` hears how many lines were read.
    """
    log = Log(key)
    for done, line in enumerate(lines()):
        log.take(line)
        if done % 1000 == 0:
            tell(done)
    found = log.end(head)
    found["first_bad"] = found["first_bad"] or _hidden_row() or _cut_history()
    return found


def _hidden_row() -> dict[str, Any] | None:
    waiting = Unstamped.objects.values("row_id")
    hidden = AuditRow.objects.filter(position__isnull=True).exclude(id__in=waiting).order_by("at_ns").first()
    if hidden is None:
        return None
    return {"row": None, "why": f"row {hidden.id.hex()} was hidden: it has no position and does not wait for one"}


def _cut_history() -> dict[str, Any] | None:
    """Touches are an index over `touched`; one taken away would hide an event from the history of its thing."""
    for place in (
        Position.objects.select_related("row").prefetch_related("row__touches").order_by("position").iterator(500)
    ):
        stated = {thing for _kind, thing in plain_row(place.row)["touched"]}
        indexed = {touch.thing.hex() for touch in place.row.touches.all()}
        if stated != indexed:
            return {
                "row": place.position,
                "why": f"row {place.position} is missing from the history of what it touched",
            }
    return None
