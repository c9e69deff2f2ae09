"""Rebuild of `records`: the derived tables emptied, every original read again in the order it came, decisions applied.

Integers change; 16-byte ids do not. `digest()` is the same before and after, and on both databases.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from paricha.grounds.progress import Progress, Report, silent
from paricha.intake.document import GroupDocument
from paricha.intake.models import Batch, FileRead
from paricha.intake.queries import mappings_for
from paricha.intake.reading import open_bytes
from paricha.records import bulk, groups, packing, storing, words
from paricha.records.models import (
    Conflict,
    FileHash,
    Group,
    GroupMember,
    GroupVersion,
    Selector,
    SelectorLink,
    Sighting,
    Tip,
    TipAlias,
    TipFile,
    TipVersion,
)
from paricha.vault import store as vault

# The journal stays: it tells of work that is done, and what commands printed of it.
_TABLES = (
    Conflict, TipAlias, SelectorLink, FileHash, TipFile, Sighting, GroupMember, GroupVersion, Group, TipVersion,
    Selector, Tip,
)  # fmt: skip
READ = Q(tips__gt=0) | Q(groups__gt=0)  # whatever its state says is still to be decided


def forget() -> None:
    """Empty what is derived."""
    with transaction.atomic():
        bulk.only_writer()
        for model in _TABLES:
            bulk.empty(model)
        words.forget()


def again(report: Report = silent) -> None:
    """Read every original that was read before again, batch by batch, file by file."""
    files = FileRead.objects.filter(READ)
    total, done = files.count(), 0
    for batch in Batch.objects.select_related("unit").order_by("opened_at", "id"):
        waiting: list[FileRead] = []
        for file in files.filter(batch=batch).select_related("original__pack", "batch__unit").order_by("position"):
            waiting.append(file)
            if len(waiting) == 200:
                _read(batch, waiting)
                done += len(waiting)
                waiting = []
                report(Progress(done, total, "files"))
        _read(batch, waiting)
        done += len(waiting)
        report(Progress(done, total, "files"))


def _read(batch: Batch, files: list[FileRead]) -> None:
    region, dictionary = settings.PARICHA.region, packing.current()
    tips, found = [], []
    for file in files:
        if file.original.deleted_at is not None:
            continue
        named, saved = mappings_for(file)
        data = vault.read_row(file.original)
        for document in open_bytes(data, name=file.name, sha256=file.original.hex, mapping=named, mappings=saved):
            if isinstance(document, GroupDocument):
                found.append(groups.prepare(document, region, dictionary))
            else:
                tips.append(storing.prepare(document, region, dictionary))
            if len(tips) >= 500:
                _write(batch, tips, found)
                tips, found = [], []
    _write(batch, tips, found)


def _write(batch: Batch, tips: list[storing.Prepared], found: list[groups.PreparedGroup]) -> None:
    with transaction.atomic():
        storing.store(tips, batch=batch.pk, unit=batch.unit, region=settings.PARICHA.region)
        groups.store(found, batch=batch.pk, unit=batch.unit)


# ---- what is compared --------------------------------------------------------------------------------------------
def digest() -> str:
    """SHA-256 over the record: every tip with what hangs on it, without integers and without packing."""
    hashed = hashlib.sha256()
    for line in lines():
        hashed.update(line.encode())
        hashed.update(b"\n")
    return hashed.hexdigest()


_LINES = (
    """SELECT id16, giver, report_number, unit_id, received_at, made_available_at, forms, version, incident_type, reporter,
       lead_name, batch, changed_in, marks, folded_into, sightings, files, conflicts, unread FROM records_tip ORDER BY id16""",
    """SELECT t.id16, v.arrival, v.form, v.original, v.place, v.reader, v.batch, v.repeats, v.newest
       FROM records_tipversion v JOIN records_tip t ON t.id = v.tip_id ORDER BY t.id16, v.arrival""",
    "SELECT id16, kind, normal_form, bare FROM records_selector ORDER BY id16",
    """SELECT s.id16, a.id16, t.id16, s.unit_id, s.number, s.who, s.port, s.event, s.at, s.precision, s.zone_source
       FROM records_sighting s JOIN records_selector a ON a.id = s.selector_id JOIN records_tip t ON t.id = s.tip_id
       ORDER BY s.id16""",
    """SELECT t.id16, f.number, f.name, f.viewed_by_reporter, f.public, f.classification
       FROM records_tipfile f JOIN records_tip t ON t.id = f.tip_id ORDER BY t.id16, f.number""",
    """SELECT t.id16, f.number, s.id16 FROM records_filehash h JOIN records_tipfile f ON f.id = h.file_id
       JOIN records_selector s ON s.id = h.selector_id JOIN records_tip t ON t.id = f.tip_id
       ORDER BY t.id16, f.number, s.id16""",
    """SELECT t.id16, c.field, c.readings, c."leading", c.rule FROM records_conflict c
       JOIN records_tip t ON t.id = c.tip_id ORDER BY t.id16, c.id""",
    "SELECT old, new FROM records_tipalias ORDER BY old",
    """SELECT s.id16, t.id16 FROM records_selectorlink l JOIN records_selector s ON s.id = l.selector_id
       JOIN records_tip t ON t.id = l.tip_id
       UNION SELECT s.id16, t.id16 FROM records_selector s JOIN records_tip t ON t.id = s.first_tip_id
       ORDER BY 1, 2""",
    "SELECT id16, service, group_id, title, group_type, messages, members, first_at, last_at FROM records_group ORDER BY id16",
    """SELECT g.id16, m.number, m.bases, m.name, a.id16, p.id16, m.first_at FROM records_groupmember m
       JOIN records_group g ON g.id = m.group_id LEFT JOIN records_selector a ON a.id = m.account_id
       LEFT JOIN records_selector p ON p.id = m.phone_id ORDER BY g.id16, m.number""",
)


def lines() -> Iterator[str]:
    """The record as lines, equal for equal records; what `rebuild --check` compares and shows where it differs."""
    for number, sql in enumerate(_LINES):
        with connection.cursor() as cursor:
            cursor.execute(sql)
            while rows := cursor.fetchmany(2000):
                for row in rows:
                    yield f"{number} " + "|".join(_plain(value) for value in row)


def _plain(value: object) -> str:
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    if isinstance(value, bool):
        return str(int(value))
    return "~" if value is None else str(value)
