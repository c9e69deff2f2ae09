"""Bulk rows of intake: what was read of each file, written in the transaction that stores its tips."""

from __future__ import annotations

import msgspec
from django.db import connection
from django.utils import timezone

from paricha.intake.models import FileState
from paricha.intake.reading import FileReading

DECIDE_CODES = frozenset({"INTAKE-SHEET-UNMAPPED", "INTAKE-SHEET-DRIFTED", "INTAKE-DATE-ORDER"})


class FileResult(msgspec.Struct):
    """A file that was read and stored. `original`: the vault row's integer key; `same`: its bytes were read before."""

    position: int
    name: str
    original: int
    reading: FileReading
    new: int = 0
    merged: int = 0
    versions: int = 0
    known: int = 0
    same: bool = False

    @property
    def state(self) -> FileState:
        made = self.reading
        if made.media:
            return FileState.MEDIA
        if any(refusal.code in DECIDE_CODES for refusal in made.refusals):
            return FileState.DECIDE
        if not made.read:
            return FileState.REFUSED
        if made.refusals or made.coverage.unread_blocks:
            return FileState.PART
        return FileState.SAME if self.same else FileState.READ


_COLUMNS = (
    "batch_id position name original_id state mapping reader tips groups expected_fields read_fields unread_blocks "
    "new merged versions known read_at"
).split()
_KEPT = {"batch_id", "position", "name", "original_id", "mapping"}


def _statement() -> str:
    names = [f'"{name}"' for name in _COLUMNS]
    changed = [name for name in names if name.strip('"') not in _KEPT]
    marks = ", ".join(["%s"] * len(names))
    again = ", ".join(f"{name} = excluded.{name}" for name in changed)
    return (
        f"INSERT INTO intake_fileread ({', '.join(names)}) VALUES ({marks}) "
        f"ON CONFLICT (batch_id, position) DO UPDATE SET {again}"
    )


def write_results(batch: bytes, results: list[FileResult]) -> None:
    """Write coverage and refusals of files, new or waiting; call it in the transaction that stores their tips.

    A file that stood in the batch keeps its name, original and chosen mapping; its earlier refusals are replaced.
    """
    if not results:
        return
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    rows = []
    for result in results:
        line = result.reading.coverage
        rows.append((
            batch, result.position, result.name, result.original, result.state.value, "", line.reader or "", line.tips,
            line.groups, line.expected_fields, line.read_fields, line.unread_blocks, result.new, result.merged,
            result.versions, result.known, now,
        ))  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(_statement(), rows)
        for start in range(0, len(results), 400):
            _write_refusals(cursor, batch, results[start : start + 400])


def _write_refusals(cursor, batch: bytes, results: list[FileResult]) -> None:  # type: ignore[no-untyped-def]
    marks = ", ".join(["%s"] * len(results))
    files = f"FROM intake_fileread WHERE batch_id = %s AND position IN ({marks})"
    values = [batch, *(result.position for result in results)]
    cursor.execute(f"DELETE FROM intake_storedrefusal WHERE file_id IN (SELECT id {files})", values)
    if not any(result.reading.refusals for result in results):
        return
    cursor.execute(f"SELECT id, position {files}", values)
    ids = {position: key for key, position in cursor.fetchall()}
    cursor.executemany(
        "INSERT INTO intake_storedrefusal (file_id, code, place, what, remedy) VALUES (%s, %s, %s, %s, %s)",
        [
            (ids[result.position], refusal.code, refusal.place, refusal.what, refusal.remedy)
            for result in results
            for refusal in result.reading.refusals
        ],
    )
