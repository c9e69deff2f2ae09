"""The stamp: each second the unstamped rows get positions, a Merkle root (RFC 6962), and a signed, chained head."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from nacl.signing import SigningKey

from paricha.audit.models import Position, Stamp, Unstamped

GENESIS = b"\0" * 32
ADVISORY_LOCK = 0x7061726963  # "paric": one stamper at a time on PostgreSQL


def merkle_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1 over row hashes; SHA-256 of nothing when there are none."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        paired = [hashlib.sha256(b"\1" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            paired.append(level[-1])
        level = paired
    return level[0]


def head_of(previous: bytes, number: int, first: int, last: int, at_ns: int, root: bytes) -> bytes:
    """The chained head: what is signed, printed in the diary, sent to headquarters."""
    text = f"paricha-stamp/1|{previous.hex()}|{number}|{first}|{last}|{at_ns}|{root.hex()}"
    return hashlib.sha256(text.encode()).digest()


def signing_key(home: Path) -> SigningKey:
    """The installation's stamp key; `init` makes it."""
    return SigningKey(bytes.fromhex((home / "keys" / "stamp.key").read_text().strip()))


def stamp(limit: int = 5000) -> Stamp | None:
    """Give the waiting rows their positions and sign the new head. None when nothing waits."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
        waiting = list(Unstamped.objects.select_related("row").order_by("row__at_ns", "row_id")[:limit])
        if not waiting:
            return None
        before = Stamp.objects.order_by("-number").first()
        first = (before.last if before else 0) + 1
        rows = [entry.row for entry in waiting]
        Position.objects.bulk_create(
            [Position(position=first + i, row=row) for i, row in enumerate(rows)], batch_size=300
        )
        ids = [row.id for row in rows]
        for start in range(0, len(ids), 500):
            Unstamped.objects.filter(row_id__in=ids[start : start + 500]).delete()
        number = (before.number if before else 0) + 1
        last = first + len(rows) - 1
        previous = bytes(before.head) if before else GENESIS
        at_ns = time.time_ns()
        root = merkle_root([bytes(row.row_hash) for row in rows])
        head = head_of(previous, number, first, last, at_ns, root)
        signature = signing_key(settings.HOME).sign(head).signature
        return Stamp.objects.create(
            number=number,
            first=first,
            last=last,
            at_ns=at_ns,
            root=root,
            previous=previous,
            head=head,
            signature=signature,
        )


def stamp_all() -> int:
    """Stamp until nothing waits. Returns the number of stamps made."""
    made = 0
    while stamp() is not None:
        made += 1
    return made


def current_head() -> str:
    """The newest head in hex; 64 zeros before the first stamp."""
    last = Stamp.objects.order_by("-number").first()
    return (bytes(last.head) if last else GENESIS).hex()


def knows_head(head: str) -> bool:
    """Whether this log ever had that head (64 zeros stand for "before the first stamp")."""
    try:
        raw = bytes.fromhex(head)
    except ValueError:
        return False
    return raw == GENESIS or Stamp.objects.filter(head=raw).exists()


def public_key(home: Path) -> str:
    """The public half of the stamp key in hex: write it down elsewhere, with a head."""
    return bytes(signing_key(home).verify_key).hex()
