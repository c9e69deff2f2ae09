"""What is read of intake's tables, through `visible_to`; and the mappings that serve a file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from paricha.access.models import Officer, Unit
from paricha.grounds.refusals import Refused
from paricha.intake import readers
from paricha.intake.mapping import Mapping, read_mapping
from paricha.intake.models import Batch, FileRead, FileState, SavedMapping, StoredRefusal
from paricha.intake.unread import read_reasons

_OPEN = Q(files__state=FileState.WAITS)


def batches(officer: Officer) -> QuerySet[Batch]:
    """Batches the officer sees, newest first, with counts of their files."""
    return (
        Batch.objects.visible_to(officer)
        .select_related("officer", "unit")
        .annotate(
            files_all=Count("files"),
            files_waiting=Count("files", filter=_OPEN),
            files_refused=Count("files", filter=Q(files__state=FileState.REFUSED)),
            files_to_decide=Count("files", filter=Q(files__state=FileState.DECIDE)),
            files_part=Count("files", filter=Q(files__state=FileState.PART)),
            media=Count("files", filter=Q(files__state=FileState.MEDIA)),
            tips_new=Sum("files__new"),
            tips_merged=Sum("files__merged"),
            tips_versions=Sum("files__versions"),
            tips_known=Sum("files__known"),
        )
        .order_by("-opened_at", "-id")
    )


def files(officer: Officer, batch: Batch) -> QuerySet[FileRead]:
    """The files of a batch in their order."""
    return FileRead.objects.visible_to(officer).filter(batch=batch).select_related("original").order_by("position")


def refusals(officer: Officer, batch: Batch) -> QuerySet[StoredRefusal]:
    """The refusals of a batch, in the order of its files."""
    found = StoredRefusal.objects.visible_to(officer).filter(file__batch=batch)
    return found.select_related("file").order_by("file__position", "id")


def unread_by_reason(officer: Officer, batch: Batch) -> tuple[list[dict[str, Any]], int]:
    """(a row a reason: `why thing files blocks first position`, most files first; files whose reasons nobody counted)."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    uncounted = 0
    found = FileRead.objects.visible_to(officer).filter(batch=batch, unread_blocks__gt=0).order_by("position")
    for name, position, plain in found.values_list("name", "position", "unread_reasons").iterator(chunk_size=2000):
        uncounted += not plain
        for why, thing, count in read_reasons(plain):
            first = {"why": why, "thing": thing, "files": 0, "blocks": 0, "first": name, "position": position}
            row = rows.setdefault((why, thing), first)
            row["files"] += 1
            row["blocks"] += count
    return sorted(rows.values(), key=lambda row: (-row["files"], -row["blocks"], row["why"], row["thing"])), uncounted


def reason_query(why: str, thing: str) -> str:
    """The query string that shows only the files with this reason."""
    return "?" + urlencode({"why": why, "thing": thing})


def with_reason(rows: QuerySet[FileRead], why: str, thing: str) -> QuerySet[FileRead]:
    """Those files that left something unread for this reason."""
    said = json.dumps([why, thing], ensure_ascii=False, separators=(",", ":"))[:-1] + ","
    return rows.filter(unread_reasons__contains=said)


FORMAT_CODES = ("INTAKE-NOT-YET", "INTAKE-UNKNOWN-FORMAT")  # no reader of that release knew the content


def anew_by_reader(unit: Unit) -> Q:
    """Files that an older version of a reader read, or a saved mapping that has a newer version now.

    A file whose columns an officer chose himself is read by that choice, whatever is saved.
    """
    wanted = Q(pk__in=[])
    for reader in readers.READERS:
        wanted |= Q(reader__startswith=f"{reader.name}/") & ~Q(reader=reader.label)
    changed = SavedMapping.objects.filter(unit_id__in=_keys(unit), version__gt=1).aggregate(last=Max("saved_at"))[
        "last"
    ]
    if changed is not None:
        wanted |= Q(reader__startswith="sheet-", mapping="", read_at__lt=changed)
    return wanted & ~Q(state__in=[FileState.WAITS, FileState.MEDIA])


def refused_for_format() -> Q:
    """Files that were refused because nobody knew their format then."""
    return Q(state=FileState.REFUSED, refusals__code__in=FORMAT_CODES)


def _keys(unit: Unit) -> list[int]:
    """Integers of the unit and those above it, the State first."""
    return [int(key) for key in unit.path.split("/") if key]


def waiting_for_an_officer(officer: Officer) -> int:
    """Files that wait for a decision or were refused, in the officer's sight: the count in the menu."""
    return FileRead.objects.visible_to(officer).filter(state=FileState.DECIDE).count()


def saved_mappings(unit: Unit) -> list[Mapping]:
    """The newest version of each mapping saved in the unit or above it, the nearest unit's first."""
    keys = _keys(unit)
    newest = (
        SavedMapping.objects.filter(unit_id__in=keys)
        .values("unit_id", "name")
        .annotate(last=Max("version"))
        .values_list("unit_id", "name", "last")
    )
    wanted = {(unit_id, name, last) for unit_id, name, last in newest}
    rows = SavedMapping.objects.filter(unit_id__in=keys)
    kept = [row for row in rows if (row.unit_id, row.name, row.version) in wanted]
    kept.sort(key=lambda row: (-keys.index(row.unit_id), row.name))
    return [row.mapping for row in kept]


def mappings_seen(officer: Officer) -> QuerySet[SavedMapping]:
    """Every version of the mappings that serve the officer's unit, or stand in a unit he sees."""
    above = SavedMapping.objects.filter(unit_id__in=_keys(officer.unit))
    return (SavedMapping.objects.visible_to(officer) | above).select_related("unit", "saved_by").distinct()


def versions_of_mapping(officer: Officer, name: str) -> QuerySet[SavedMapping]:
    """The versions of a mapping by its name, newest first."""
    return mappings_seen(officer).filter(name=name).order_by("unit__path", "-version")


def newest_mappings(officer: Officer) -> QuerySet[SavedMapping]:
    """The newest version of each mapping that the officer sees."""
    newer = SavedMapping.objects.filter(unit=OuterRef("unit"), name=OuterRef("name"), version__gt=OuterRef("version"))
    return mappings_seen(officer).filter(~Exists(newer))


def mapping_named(unit: Unit, name: str) -> Mapping:
    """A saved mapping by name. Raises `Refused` INTAKE-MAPPING-UNKNOWN."""
    for mapping in saved_mappings(unit):
        if mapping.name == name:
            return mapping
    raise Refused(
        "INTAKE-MAPPING-UNKNOWN",
        f"There is no saved mapping “{name}”.",
        "Save it on the mapping screen, or give a file.",
    )


def mappings_of(batch: Batch) -> tuple[Mapping | None, list[Mapping]]:
    """(named for every sheet of the batch or None, those to choose from by headings)."""
    given = [read_mapping(plain) for plain in json.loads(batch.mappings)] if batch.mappings else []
    if batch.strict and given:
        return given[0], []
    return None, given + saved_mappings(batch.unit)


def mappings_for(file: FileRead) -> tuple[Mapping | None, list[Mapping]]:
    """As `mappings_of`, for one file: what an officer chose for it comes before all else."""
    chosen = file.chosen_mapping
    return (chosen, []) if chosen else mappings_of(file.batch)


def waiting_files(batch: Batch) -> Iterable[FileRead]:
    """Files of a batch that wait to be read, in their order: for the work that reads them."""
    return batch.files.filter(state=FileState.WAITS).select_related("original", "batch__unit").order_by("position")
