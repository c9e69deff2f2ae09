"""The pack that this process writes, and the journal that says up to where each pack counts."""

from __future__ import annotations

import os

from django.db import connection

from paricha.vault import packs
from paricha.vault.models import Original, Pack

_LOCK = 0x7661756C74  # "vault": one writer of originals at a time on PostgreSQL


def lock() -> None:
    """One writer of originals at a time, until the transaction ends. On SQLite the write transaction is that already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    elif not connection.in_atomic_block:
        raise RuntimeError("the vault is written inside a transaction")


_open: packs.OpenPack | None = None


def writing_pack() -> tuple[packs.OpenPack, Pack]:
    """The open pack, cut to its journal. Called under `lock`."""
    global _open
    if _open is not None and (_open.pid != os.getpid() or not packs.paths(_open.name)[0].exists()):
        _open = None  # another process after a fork, or another data folder (tests)
    if _open is None:
        cut_left_overs()
        _open = _take_pack()
    elif _open.size >= packs.FULL:
        _open.close()
        _open = _take_pack()
    journal, _made = Pack.objects.get_or_create(name=_open.name)
    _open.cut(journal.end, journal.slots)
    if journal.end == 0:
        journal.end = packs.HEADER_BYTES
    return _open, journal


def _take_pack() -> packs.OpenPack:
    for name in Pack.objects.filter(end__lt=packs.FULL // 2).order_by("-id").values_list("name", flat=True)[:20]:
        if packs.paths(name)[0].exists():
            taken = packs.open_locked(name)
            if taken is not None:
                return taken
    made = packs.open_locked(packs.new_name())
    assert made is not None
    return made


def cut_left_overs() -> int:
    """Cut every pack nobody writes to its journal's end, and finish deletions that a kill interrupted.

    Under `lock`. Returns the number of packs that carried bytes beyond.
    """
    journal = {pack.name: pack for pack in Pack.objects.all()}
    cut = 0
    for name in packs.names():
        counted = journal.get(name)
        file, slot_file = packs.paths(name)
        end, slots = (counted.end, counted.slots) if counted else (0, 0)
        beyond = file.stat().st_size > end or (
            slot_file.exists() and slot_file.stat().st_size > slots * packs.SLOT_BYTES
        )
        if not beyond:
            continue
        pack = packs.open_locked(name)
        if pack is None:
            continue
        cut += 1
        if counted is None:
            packs.remove(name)
        else:
            pack.cut(end, slots)
        pack.close()
    for row in Original.objects.filter(deleted_at__isnull=False, slot__isnull=False).select_related("pack"):
        assert row.pack is not None and row.slot is not None
        packs.destroy_slot(row.pack.name, row.slot)
    return cut
