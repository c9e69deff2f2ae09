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
from paricha.intake.entry import Entry, check_entry, entry_bytes
from paricha.intake.events import Event
from paricha.intake.mapping import Mapping, read_mapping
from paricha.intake.models import Batch, FileRead, FileState, SavedMapping
from paricha.jobs.queue import enqueue
from paricha.vault import store
from paricha.vault.models import Original, Sealing

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
    """Keep files (name as given, bytes) in the vault, add them to the batch, and have them read soon."""
    originals = store.keep_many([store.ToKeep(data, name, batch.unit) for name, data in files])
    rows = _add(batch, [name for name, _data in files], originals)
    note_facts(files=len(rows), media=sum(row.state == FileState.MEDIA for row in rows))
    touch("batch", batch)
    _read_soon(officer, batch)
    return rows


def _add(batch: Batch, names: list[str], originals: list[Original]) -> list[FileRead]:
    last = batch.files.aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + 1
    return FileRead.objects.bulk_create(
        FileRead(
            batch=batch,
            position=first + number,
            name=name,
            original=original,
            state=FileState.MEDIA if original.sealing == Sealing.NOT_KEPT else FileState.WAITS,
        )
        for number, (name, original) in enumerate(zip(names, originals, strict=True))
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
    rows = _add(batch, [original.name], [original])
    if attached:
        store.keep_many([store.ToKeep(data, name, officer.unit, original) for name, data in attached])
    note_facts(persons=len(whole.persons), attached=len(whole.attached))
    touch("batch", batch)
    _read_soon(officer, batch)
    return rows[0]
