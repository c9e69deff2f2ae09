"""What an officer does at intake: open a batch, bring files in, save and choose mappings, retry, enter a tip."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

import msgspec
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.numbers import next_number
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.grounds.instants import DateOrder, named_zone, utc_text
from paricha.grounds.refusals import Refused
from paricha.intake.bundles import Kept, keep_all, kept_as, take_apart
from paricha.intake.entry import Entry, check_entry, entry_bytes
from paricha.intake.events import Event
from paricha.intake.mapping import Mapping, read_mapping
from paricha.intake.models import Batch, FileRead, FileState, SavedMapping
from paricha.jobs.queue import enqueue
from paricha.vault import store
from paricha.vault.containers import manifest_of

LARGEST_BUNDLE = 256 << 20  # bytes of a kept container that is taken apart anew
READ_BATCH = "records:read-batch"  # the work that reads and stores what waits in a batch; arguments {"batch": hex}


def _read_soon(officer: Officer, batch: Batch) -> None:
    enqueue(READ_BATCH, {"batch": batch.id.hex()}, officer=officer, unit=batch.unit, once=batch.id.hex())


@verb(may=Right.INTAKE, event=Event.BATCH_OPENED)
def open_batch(
    officer: Officer, *, words: str = "", mapping: Mapping | None = None, mappings: Iterable[Mapping] = ()
) -> Batch:
    """Open a batch in the officer's unit. `mapping`: named for all its sheets; `mappings`: to choose from."""
    given = [mapping] if mapping else list(mappings)
    return Batch.objects.create(
        unit=officer.unit,
        number=next_number("B", officer.unit),
        officer=officer,
        words=words[:240],
        mappings=json.dumps([one.to_plain() for one in given], ensure_ascii=False) if given else "",
        strict=mapping is not None,
    )


@verb(may=Right.INTAKE, event=Event.FILES_KEPT)
def keep_files(officer: Officer, batch: Batch, files: list[tuple[str, bytes]]) -> list[FileRead]:
    """Keep files (name as given, bytes) in the vault, add them to the batch, and have them read soon.

    Containers are taken apart; their members stand behind them, `bundle.zip!/name`.
    """
    rows = add_kept(batch, keep_all(files, batch.unit))
    note_facts(files=len(rows), media=sum(row.state == FileState.MEDIA for row in rows))
    touch("batch", batch)
    _read_soon(officer, batch)
    return rows


@verb(may=Right.INTAKE, event=Event.BUNDLE_OPENED)
def note_bundle(officer: Officer, batch: Batch, kept: list[Kept]) -> None:
    """Note that a container of a batch was taken apart: its members are kept, and are read next."""
    touch("batch", batch)
    touch("original", bytes.fromhex(kept[0].sha256)[:16])
    note_facts(members=len(kept) - 1, media=sum(one.media for one in kept))


@verb(may=Right.INTAKE, event=Event.BUNDLE_OPENED)
def open_waiting_bundle(officer: Officer, file: FileRead) -> list[FileRead]:
    """Take a container apart that an earlier release kept whole; its members come to the end of the batch.

    Nothing where it is none, or was taken apart already.
    """
    row = file.original
    if manifest_of(row.manifest).reader or row.deleted_at is not None or row.size > LARGEST_BUNDLE:
        return []
    kept = take_apart(store.read_row(row), name=file.name, unit=file.batch.unit)
    touch("batch", file.batch)
    note_facts(members=len(kept) - 1 if kept else 0)
    return add_kept(file.batch, kept[1:]) if kept else []


@verb(may=Right.INTAKE, event=Event.FILES_DROPPED)
def take_dropped(officer: Officer, folder: str, kept: list[Kept], *, files: int) -> Batch:
    """Open a batch for what lay in a drop folder, and have it read soon. `folder`: its name; `files`: members left out."""
    batch = Batch.objects.create(
        unit=officer.unit,
        number=next_number("B", officer.unit),
        officer=officer,
        words=_("drop folder {name}").format(name=folder)[:240],
    )
    rows = add_kept(batch, kept)
    note_facts(files=files, media=sum(row.state == FileState.MEDIA for row in rows))
    _read_soon(officer, batch)
    return batch


def add_kept(batch: Batch, kept: list[Kept]) -> list[FileRead]:
    """Add kept files to the end of a batch; call it inside a verb."""
    last = batch.files.aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + 1
    return FileRead.objects.bulk_create(
        FileRead(
            batch=batch,
            position=first + number,
            name=one.name,
            original_id=one.key,
            state=FileState.MEDIA if one.media else FileState.WAITS,
        )
        for number, one in enumerate(kept)
    )


@verb(may=Right.INTAKE, event=Event.MAPPING_SAVED)
def save_mapping(officer: Officer, mapping: Mapping) -> SavedMapping:
    """Save a mapping by its name in the officer's unit; the same name again is its next version."""
    checked = read_mapping(mapping.to_plain())
    last = SavedMapping.objects.filter(unit=officer.unit, name=checked.name).aggregate(last=Max("version"))["last"] or 0
    return SavedMapping.objects.create(
        unit=officer.unit,
        name=checked.name,
        version=last + 1,
        plain=json.dumps(checked.to_plain(), ensure_ascii=False),
        saved_by=officer,
    )


@verb(may=Right.INTAKE, event=Event.MAPPING_CHOSEN)
def choose_mapping(officer: Officer, file: FileRead, mapping: Mapping) -> FileRead:
    """Say what the columns of one file are; it is read again with that, and with nothing else."""
    return _choose(officer, file, read_mapping(mapping.to_plain()))


@verb(may=Right.INTAKE, event=Event.DATE_ORDER_CHOSEN)
def choose_date_order(officer: Officer, file: FileRead, order: DateOrder, *, zone: str | None = None) -> FileRead:
    """Decide day and month (and the zone, where the file states none) for one file; it is read again."""
    from paricha.intake.proposing import mapping_in_force

    if zone is not None and named_zone(zone) is None:
        raise Refused(
            "INTAKE-MAPPING", _("The zone “{zone}” is unknown.").format(zone=zone), _("Choose one of the list.")
        )
    now = mapping_in_force(file)
    note_facts(order=order.value)
    return _choose(officer, file, msgspec.structs.replace(now, date_order=order, zone=zone or now.zone))


def _choose(officer: Officer, file: FileRead, mapping: Mapping) -> FileRead:
    file.mapping = json.dumps(mapping.to_plain(), ensure_ascii=False)
    file.state = FileState.WAITS
    file.save(update_fields=["mapping", "state"])
    touch("batch", file.batch)
    _read_soon(officer, file.batch)
    return file


@verb(may=Right.INTAKE, event=Event.FILE_RETRIED)
def retry_file(officer: Officer, file: FileRead) -> FileRead:
    """Read a refused file once more: after a newer reader, a saved mapping, or space on the disk."""
    if file.state not in (FileState.REFUSED, FileState.DECIDE, FileState.PART):
        raise Refused(
            "INTAKE-FILE-DONE",
            _("“{name}” was read; there is nothing to retry.").format(name=file.name),
            _("A changed file is brought in as a new one."),
        )
    file.state = FileState.WAITS
    file.save(update_fields=["state"])
    touch("batch", file.batch)
    _read_soon(officer, file.batch)
    return file


@verb(may=Right.INTAKE, event=Event.FILES_RETRIED)
def retry_refused(officer: Officer, batch: Batch, code: str) -> int:
    """Read all files of a batch once more that were refused for one reason. Gives how many wait now.

    Raises `Refused` INTAKE-FILE-DONE where none is, ACCESS-NOT-VISIBLE.
    """
    batch = Batch.objects.get_visible(officer, pk=batch.pk)
    code = "".join(sign for sign in code if sign.isprintable())
    refused = FileRead.objects.filter(batch=batch, state=FileState.REFUSED, refusals__code=code)
    waiting = FileRead.objects.filter(pk__in=list(refused.values_list("pk", flat=True).distinct()))
    count = waiting.update(state=FileState.WAITS)
    if not count:
        raise Refused(
            "INTAKE-FILE-DONE",
            _("No file of this batch is refused for “{code}”.").format(code=code[:60]),
            _("Open the batch again; somebody may have retried them."),
        )
    note_facts(files=count, code=code)
    touch("batch", batch)
    _read_soon(officer, batch)
    return count


@verb(may=Right.INTAKE, event=Event.TIP_ENTERED)
def enter_tip(officer: Officer, entry: Entry, *, attached: list[tuple[str, bytes]] | None = None) -> FileRead:
    """Take a typed tip: its canonical JSON is the original, every value stands at `entry [officer, instant]`.

    `attached`: a memo or letter that belongs to it, kept as an original beside it (media is only hashed). Raises
    `Refused` INTAKE-ENTRY with what is missing or contradicts itself.
    """
    now = timezone.now()
    whole = msgspec.structs.replace(
        entry,
        officer=officer.name,
        entered_at=utc_text(now),
        attached=[hashlib.sha256(data).hexdigest() for _name, data in attached or []],
    )
    check_entry(whole, now)
    batch = Batch.objects.create(
        unit=officer.unit,
        number=next_number("B", officer.unit),
        officer=officer,
        words=_("typed by {officer}").format(officer=officer.name),
    )
    original = store.keep(entry_bytes(whole), name=f"{batch.number}.entry.json", unit=officer.unit)
    rows = add_kept(batch, [kept_as(original.name, original)])
    if attached:
        store.keep_many([store.ToKeep(data, name, officer.unit, original) for name, data in attached])
    note_facts(persons=len(whole.persons), attached=len(whole.attached))
    touch("batch", batch)
    _read_soon(officer, batch)
    return rows[0]
