"""What is read of intake's tables, through `visible_to`; and the mappings that serve a file."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db.models import Count, Max, Q, QuerySet, Sum

from paricha.access.models import Officer, Unit
from paricha.grounds.refusals import Refused
from paricha.intake.mapping import Mapping, read_mapping
from paricha.intake.models import Batch, FileRead, FileState, SavedMapping, StoredRefusal

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


def waiting_for_an_officer(officer: Officer) -> int:
    """Files that wait for a decision or were refused, in the officer's sight: the count in the menu."""
    return FileRead.objects.visible_to(officer).filter(state=FileState.DECIDE).count()


def saved_mappings(unit: Unit) -> list[Mapping]:
    """The newest version of each mapping saved in the unit or above it, the nearest unit's first."""
    keys = [int(key) for key in unit.path.split("/") if key]
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
