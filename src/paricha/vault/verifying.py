"""Every original against its hash."""

from __future__ import annotations

from typing import Any

from paricha.grounds.progress import Progress, Report, silent
from paricha.grounds.refusals import Refused
from paricha.vault import packs, store
from paricha.vault.models import Original, Pack, Sealing


def verify_originals(report: Report = silent) -> dict[str, Any]:
    """Open each original and hash it.

    Gives `{"schema":1,"originals":n,"good":n,"bad":[{"original","name","why"}],"deleted":n,"media":n,"beyond":n}`:
    `originals` are those whose bytes are kept; `deleted` those whose key is destroyed, as it must be; `media` counted
    and not kept; `beyond` packs with bytes beyond their journal, which no committed work wrote.
    """
    total = Original.objects.count()
    found: dict[str, Any] = {"schema": 1, "originals": 0, "good": 0, "bad": [], "deleted": 0, "media": 0, "beyond": 0}
    for number, row in enumerate(
        Original.objects.select_related("pack").order_by("pack_id", "offset").iterator(500), 1
    ):
        if row.deleted_at is not None:
            _judge_deleted(row, found)
        elif row.sealing == Sealing.NOT_KEPT:
            found["media"] += 1
        else:
            _judge_kept(row, found)
        if number % 500 == 0 or number == total:
            report(Progress(number, total, "originals"))
    found["beyond"] = _beyond()
    return found


def _judge_kept(row: Original, found: dict[str, Any]) -> None:
    found["originals"] += 1
    try:
        for _piece in store.chunks(row):
            pass
    except Refused as refused:
        found["bad"].append({"original": row.hex, "name": row.name, "why": refused.refusal.what})
    else:
        found["good"] += 1


def _judge_deleted(row: Original, found: dict[str, Any]) -> None:
    found["deleted"] += 1
    if row.pack is None or row.slot is None:
        return
    try:
        left = packs.read_slot(row.pack.name, row.slot)
    except OSError:
        return
    if any(left):
        found["bad"].append({"original": row.hex, "name": row.name, "why": "deleted, but its key is not destroyed yet"})


def _beyond() -> int:
    journal = {pack.name: pack for pack in Pack.objects.all()}
    count = 0
    for name in packs.names():
        counted = journal.get(name)
        file, slot_file = packs.paths(name)
        slots = slot_file.stat().st_size if slot_file.exists() else 0
        if counted is None or file.stat().st_size > counted.end or slots > counted.slots * packs.SLOT_BYTES:
            count += 1
    return count
