"""Keep and read originals.

    original = keep(Path("tips/a.json"), name="a.json", unit=unit)
    data = read(original.hex)

Both run inside the caller's transaction where there is one: what is rolled back was never kept. For bulk work
`prepare` hashes and seals without a lock, `keep_prepared` writes pack, slots and rows in one go.
"""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from paricha.access.models import Unit
from paricha.grounds.refusals import Refused
from paricha.vault import packs
from paricha.vault.containers import LARGEST, Stripped, is_zip, without_media
from paricha.vault.journal import cut_left_overs as cut_left_overs
from paricha.vault.journal import lock, writing_pack
from paricha.vault.media import HEAD, judged
from paricha.vault.models import Original, Pack, Sealing
from paricha.vault.sealing import CHUNK, StreamSeal, Unopened, open_stream, open_whole, seal_whole

WHOLE_UP_TO = 16 << 20  # larger files are sealed as a stream, in a pack of their own
_LOOK_UP = 500  # hashes in one query


class ToKeep(msgspec.Struct):
    """One original to keep in bulk: its bytes, its name as delivered, its unit, and the container it came in."""

    data: bytes
    name: str
    unit: Unit
    parent: Original | None = None


class Prepared(msgspec.Struct):
    """Hashed and sealed, not written yet."""

    item: ToKeep
    sha256: bytes
    media_type: str
    sealed: bytes | None  # None: media, not kept
    slot: bytes
    stripped: Stripped | None = None  # a container that carried media


def prepare(items: Iterable[ToKeep]) -> list[Prepared]:
    """Hash, sniff and seal; touches neither disk nor database."""
    wrapper = packs.wrapper()
    done = []
    for item in items:
        sha256 = hashlib.sha256(item.data).digest()
        kind, kept = _judge(item.data[:HEAD], item.name)
        stripped = without_media(item.data) if kept else None
        if stripped is not None:
            sealed, slot = seal_whole(stripped.data, hashlib.sha256(stripped.data).digest(), wrapper)
        else:
            sealed, slot = seal_whole(item.data, sha256, wrapper) if kept else (None, b"")
        done.append(Prepared(item, sha256, kind, sealed, slot, stripped))
    return done


def _judge(head: bytes, name: str) -> tuple[str, bool]:
    """(media type, whether its bytes are kept)."""
    kind, media = judged(head, name)
    return kind, not media


def keep_many(items: Iterable[ToKeep]) -> list[Original]:
    """Keep a chunk: one append and one flush, rows by raw SQL. Gives the rows in the order of the items."""
    return keep_prepared(prepare(items))


def keep_prepared(prepared: list[Prepared]) -> list[Original]:
    """Write what `prepare` made, in the caller's transaction or one of its own. What is known already adds nothing.

    Raises `Refused` HOUSE-DISK-FULL; then nothing of the chunk was kept.
    """
    with full_disk_is_refused(), transaction.atomic():
        _keep(prepared)
        known = _known(p.sha256 for p in prepared)
    return [known[p.sha256] for p in prepared]


def keep_for_keys(prepared: list[Prepared]) -> list[int]:
    """As `keep_prepared`, for who needs the rows' integer keys alone: no row is made into an object."""
    with full_disk_is_refused(), transaction.atomic():
        return _keep(prepared)


def _keep(prepared: list[Prepared]) -> list[int]:
    lock()
    known = _standing({p.sha256 for p in prepared})
    fresh: dict[bytes, Prepared] = {}
    for one in prepared:
        if one.sha256 not in known:
            fresh.setdefault(one.sha256, one)
    if fresh:
        known |= _append([p for p in fresh.values() if p.sealed is not None], list(fresh.values()))
    _note_deliveries([(known[p.sha256], p.item) for p in prepared])
    return [known[p.sha256].key for p in prepared]


def keep(data: bytes | Path | BinaryIO, *, name: str, unit: Unit, parent: Original | None = None) -> Original:
    """Keep one original and give its row; known bytes add nothing. Media is hashed and counted, its bytes not kept.

    A path or stream of any size is read in flat memory; a ZIP up to 256 MB is looked into and kept without its media,
    a larger one is only counted, because nobody knows what it carries. Raises `Refused` HOUSE-DISK-FULL, VAULT-UNREADABLE.
    """
    if isinstance(data, bytes):
        return keep_many([ToKeep(data, name, unit, parent)])[0]
    if isinstance(data, Path):
        try:
            file = data.open("rb")
        except OSError as error:
            raise Refused("VAULT-UNREADABLE", _("The file cannot be read: {why}.").format(why=error.strerror),
                          _("Check that it is there and readable."), file=str(data)) from error  # fmt: skip
        with file:
            return keep(file, name=name, unit=unit, parent=parent)
    head = _read(data, WHOLE_UP_TO + 1, name)
    if len(head) <= WHOLE_UP_TO:
        return keep(head, name=name, unit=unit, parent=parent)
    if is_zip(head):  # a container is looked into, so it must stand in memory
        head += _read(data, LARGEST + 1 - len(head), name)
        if len(head) <= LARGEST:
            return keep(head, name=name, unit=unit, parent=parent)
    return _keep_stream(head, data, ToKeep(b"", name, unit, parent))


def read(sha256_hex: str) -> bytes:
    """The original's bytes, checked against its hash. Raises `Refused` VAULT-UNKNOWN, -DELETED, -MEDIA-NOT-KEPT, -DAMAGED."""
    return read_row(row_of(sha256_hex))


def read_row(original: Original) -> bytes:
    """As `read`, for a row at hand."""
    return b"".join(chunks(original))


def chunks(original: Original) -> Iterator[bytes]:
    """The original in pieces, for files too large for memory. The end raises `Refused` VAULT-DAMAGED on a wrong hash."""
    _refuse_unkept(original)
    assert original.pack is not None and original.offset is not None
    assert original.length is not None and original.slot is not None
    sha256, running = original.bound_sha256, hashlib.sha256()
    try:
        slot = packs.read_slot(original.pack.name, original.slot)
        if original.sealing == Sealing.WHOLE:
            sealed = packs.read_sealed(original.pack.name, original.offset, original.length)
            plain = open_whole(sealed, sha256, slot, packs.wrapper())
            running.update(plain)
            yield plain
        else:
            with packs.sealed_reader(original.pack.name, original.offset, original.length) as take:
                for piece in open_stream(take, sha256, slot, packs.wrapper()):
                    running.update(piece)
                    yield piece
    except (Unopened, OSError) as error:
        raise _damaged(original, str(error)) from error
    if running.digest() != sha256:
        raise _damaged(original, _("its bytes have another hash"))


def row_of(sha256_hex: str) -> Original:
    """The row of an original. Raises `Refused` VAULT-UNKNOWN."""
    try:
        sha256 = bytes.fromhex(sha256_hex)
    except ValueError:
        sha256 = b""
    found = Original.objects.select_related("pack").filter(sha256=sha256).first()
    if found is None:
        raise Refused("VAULT-UNKNOWN", _("No original with the hash {sha} is kept here.").format(sha=sha256_hex[:64]),
                      _("Check the hash; the list of a batch shows those of its files."))  # fmt: skip
    return found


def _refuse_unkept(original: Original) -> None:
    if original.deleted_at is not None:
        raise Refused("VAULT-DELETED", _("This original was deleted by the order {order}.").format(order=original.order),
                      _("Ask who gave the order; nothing of its content is kept."))  # fmt: skip
    if original.sealing == Sealing.NOT_KEPT:
        raise Refused("VAULT-MEDIA-NOT-KEPT", _("“{name}” is media: only its hash and size are kept.").format(name=original.name),
                      _("Work with the hash; the bytes stay with who sent them."))  # fmt: skip


def _damaged(original: Original, why: str) -> Refused:
    return Refused("VAULT-DAMAGED", _("The original “{name}” does not open: {why}.").format(name=original.name, why=why),
                   _("Run `paricha verify-originals`, and take it from a backup."), file=original.hex)  # fmt: skip


def _known(hashes: Iterable[bytes]) -> dict[bytes, Original]:
    wanted = list(set(hashes))
    found: dict[bytes, Original] = {}
    for start in range(0, len(wanted), _LOOK_UP):
        for row in Original.objects.select_related("pack").filter(sha256__in=wanted[start : start + _LOOK_UP]):
            found[bytes(row.sha256)] = row
    return found


class _Stands(NamedTuple):
    """What deduplication asks of a row."""

    key: int
    unit: int
    name: str
    deleted: bool


def _standing(hashes: set[bytes]) -> dict[bytes, _Stands]:
    wanted = list(hashes)
    found: dict[bytes, _Stands] = {}
    for start in range(0, len(wanted), _LOOK_UP):
        rows = Original.objects.filter(sha256__in=wanted[start : start + _LOOK_UP])
        for sha256, key, unit, name, at in rows.values_list("sha256", "pk", "unit_id", "name", "deleted_at"):
            found[bytes(sha256)] = _Stands(key, unit, name, at is not None)
    return found


_COLUMNS = (
    "id unit_id compartment_id sha256 size name media_type parent_id kept_at sealing pack_id \"offset\" length slot "
    "kept_sha256 manifest \"order\" reason"
).split()  # fmt: skip


def _append(sealed: list[Prepared], rows: list[Prepared]) -> dict[bytes, _Stands]:
    """Pack and slots first, flushed; then the rows and the journal, which make them count. Gives what stands, by hash."""
    place: dict[bytes, tuple[int, int, int, int]] = {}
    if sealed:
        pack, journal = writing_pack()
        offset, slot = journal.end, journal.slots
        for number, one in enumerate(sealed):
            assert one.sealed is not None
            place[one.sha256] = (journal.pk, offset, len(one.sealed), slot + number)
            offset += len(one.sealed)
        pack.append([p.sealed or b"" for p in sealed], [p.slot for p in sealed])
        Pack.objects.filter(pk=journal.pk).update(end=offset, slots=slot + len(sealed))
    now, nothing = int(time.time()), (None, None, None, None)
    values, stand = [], {}
    for key, one in zip(_next_keys(len(rows)), rows, strict=True):
        item = one.item
        sealing = Sealing.NOT_KEPT if one.sealed is None else Sealing.WHOLE
        values.append((
            key, item.unit.pk, None, one.sha256, len(item.data), item.name[:255], one.media_type,
            item.parent.pk if item.parent else None, now, sealing.value, *place.get(one.sha256, nothing), *_stripped(one),
            "", "",
        ))  # fmt: skip
        stand[one.sha256] = _Stands(key, item.unit.pk, item.name[:255], deleted=False)
    _insert(values)
    return stand


def _stripped(one: Prepared) -> tuple[bytes | None, str]:
    """(hash of what is kept, manifest) of a container that carried media."""
    if one.stripped is None:
        return None, ""
    return hashlib.sha256(one.stripped.data).digest(), msgspec.json.encode(one.stripped.members).decode()


def _insert(values: list[tuple[object, ...]]) -> None:
    marks = ", ".join(["%s"] * len(_COLUMNS))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO vault_original ({', '.join(_COLUMNS)}) VALUES ({marks})", values)


def _next_keys(count: int) -> list[int]:
    """Integer keys for new rows; we hold the lock, so on SQLite the next ones are free."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence('vault_original', 'id')) FROM generate_series(1, %s)", [count]
            )
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'vault_original'), 0)")
        last = cursor.fetchone()[0]
    return list(range(last + 1, last + 1 + count))


def _note_deliveries(pairs: list[tuple[_Stands, ToKeep]]) -> None:
    """The same bytes for another unit or under another name: one more row, once."""
    again = {
        (row.key, item.unit.pk, item.name[:255])
        for row, item in pairs
        if not row.deleted and (row.unit != item.unit.pk or row.name != item.name[:255])
    }
    if not again:
        return
    now = int(time.time())
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO vault_delivery (original_id, unit_id, name, at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [(*row, now) for row in sorted(again)],
        )


# ---- large files ------------------------------------------------------------------------------------------------
def _read(stream: BinaryIO, size: int, name: str) -> bytes:
    try:
        return stream.read(size)
    except OSError as error:
        raise Refused("VAULT-UNREADABLE", _("The file cannot be read: {why}.").format(why=error.strerror),
                      _("Check the disk or the stick it lies on."), file=name) from error  # fmt: skip


def _keep_stream(head: bytes, rest: BinaryIO, item: ToKeep) -> Original:
    """Seal into a pack of its own, chunk by chunk, before the transaction begins; dedupe once the hash is known."""
    kind, kept = _judge(head[:HEAD], item.name)
    if not kept or is_zip(head):
        return _count_media(head, rest, item, kind)
    pack = packs.open_locked(packs.new_name())
    assert pack is not None
    try:
        with full_disk_is_refused():
            pack.cut(0, 0)
            seal = StreamSeal(pack.data.write)
            for chunk in _pieces(head, rest, item.name):
                seal.feed(chunk)
            sha256, slot = seal.end(packs.wrapper())
            pack.keys.write(slot)
            pack.sync()
            with transaction.atomic():
                lock()
                if sha256 in _standing({sha256}):
                    packs.remove(pack.name)
                else:
                    _insert_stream(pack, item, sha256, kind, seal.size)
                _note_deliveries([(_standing({sha256})[sha256], item)])
                known = _known([sha256])
    except BaseException:
        packs.remove(pack.name)
        raise
    finally:
        pack.close()
    return known[sha256]


def _insert_stream(pack: packs.OpenPack, item: ToKeep, sha256: bytes, kind: str, size: int) -> None:
    journal = Pack.objects.create(name=pack.name, end=pack.size, slots=1)
    _insert([(
        _next_keys(1)[0], item.unit.pk, None, sha256, size, item.name[:255], kind, item.parent.pk if item.parent else None,
        int(time.time()), Sealing.STREAM.value, journal.pk, packs.HEADER_BYTES, pack.size - packs.HEADER_BYTES, 0, None, "", "", "",
    )])  # fmt: skip


def _count_media(head: bytes, rest: BinaryIO, item: ToKeep, kind: str) -> Original:
    digest, size = hashlib.sha256(), 0
    for chunk in _pieces(head, rest, item.name):
        digest.update(chunk)
        size += len(chunk)
    sha256 = digest.digest()
    with transaction.atomic():
        lock()
        if sha256 not in _standing({sha256}):
            _insert([(
                _next_keys(1)[0], item.unit.pk, None, sha256, size, item.name[:255], kind,
                item.parent.pk if item.parent else None, int(time.time()), Sealing.NOT_KEPT.value, None, None, None, None,
                None, "", "", "",
            )])  # fmt: skip
        _note_deliveries([(_standing({sha256})[sha256], item)])
        return _known([sha256])[sha256]


def _pieces(head: bytes, rest: BinaryIO, name: str) -> Iterator[bytes]:
    """The stream in pieces of exactly `CHUNK` bytes, the last one shorter."""
    buffer = io.BytesIO(head)
    left = buffer.read(CHUNK)
    while True:
        while len(left) < CHUNK:
            more = buffer.read(CHUNK - len(left)) or _read(rest, CHUNK - len(left), name)
            if not more:
                if left:
                    yield left
                return
            left += more
        yield left
        left = b""


def full_disk_is_refused():  # type: ignore[no-untyped-def]
    """See `packs.disk_full_is_refused`; SQLite's own word for it counts too."""
    return _FullDisk()


class _FullDisk:
    def __enter__(self) -> None:
        self._files = packs.disk_full_is_refused()
        self._files.__enter__()

    def __exit__(self, kind, error, trace):  # type: ignore[no-untyped-def]
        if isinstance(error, OperationalError) and "disk is full" in str(error):
            error = OSError(28, str(error))
            kind = OSError
        return self._files.__exit__(kind, error, trace)
