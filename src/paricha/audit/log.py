"""Writing the log: one row an event, inside the transaction of the verb or read that it tells of."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from django.db import connection, transaction

from paricha.audit.events import EventName
from paricha.audit.models import AuditRow, Touch, Unstamped

_TOUCH = f"INSERT INTO {Touch._meta.db_table} (row_id, thing) VALUES (%s, %s)"
Thing = tuple[str, bytes]  # kind ("tip", "door" ...) and 16-byte id


class SignedAct(msgspec.Struct, frozen=True):
    """What an officer's key signed: the statement's exact text, the key's id, the Ed25519 or passkey signature."""

    statement: str
    key: bytes
    signature: bytes


def canonical(row: Mapping[str, Any]) -> bytes:
    """The bytes that are hashed: JSON, keys sorted, no blanks, UTF-8. The verifier builds the same."""
    return json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def plain_row(row: AuditRow) -> dict[str, Any]:
    """A row as it is exported and hashed (without its own hash)."""
    return {
        "id": row.id.hex(),
        "at_ns": row.at_ns,
        "event": row.event,
        "officer": row.officer.hex() if row.officer else None,
        "via": row.via,
        "touched": json.loads(row.touched),
        "facts": json.loads(row.facts),
        "act": row.act,
        "key": row.key.hex() if row.key else None,
        "signature": bytes(row.signature).hex() if row.signature else None,
    }


def record(
    event: EventName,
    *,
    officer: bytes | None,
    via: str,
    touched: Iterable[Thing] = (),
    facts: Mapping[str, Any] | None = None,
    act: SignedAct | None = None,
) -> AuditRow:
    """Add one row. Must stand in a transaction, so that the event and what it tells of come together or not at all.

    `via`: `screen cli api job phone`. `facts`: counts, codes, ids; never a value of case data.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{event} recorded outside a transaction")
    things = sorted({(kind, thing) for kind, thing in touched})
    row = AuditRow(
        at_ns=time.time_ns(),
        event=str(event),
        officer=officer,
        via=via,
        touched=json.dumps([[kind, thing.hex()] for kind, thing in things]),
        facts=json.dumps(dict(facts or {}), sort_keys=True, ensure_ascii=False, allow_nan=False),
        act=act.statement if act else "",
        key=act.key if act else None,
        signature=act.signature if act else None,
    )
    row.row_hash = hashlib.sha256(canonical(plain_row(row))).digest()
    row.save(force_insert=True)
    with connection.cursor() as cursor:  # a chunk of a backlog touches 500 tips: without a model's object for each
        cursor.executemany(_TOUCH, [(row.id, thing) for _, thing in things])
    Unstamped.objects.create(row=row)
    return row


def history(thing: bytes) -> list[AuditRow]:
    """The events that touched a thing, oldest first."""
    return list(AuditRow.objects.filter(touches__thing=thing).order_by("at_ns", "id"))


def record_alone(event: EventName, **given: Any) -> AuditRow:
    """`record` in a transaction of its own: for reads, which have none."""
    with transaction.atomic():
        return record(event, **given)
