"""Make the derived tables of `places` anew from the files in force."""

from __future__ import annotations

import hashlib

from paricha.grounds.progress import Progress, Report
from paricha.places import queries, verbs
from paricha.places.models import District, LocalBody, OfficeArea, PlaceFile, Station
from paricha.vault.store import read as original_bytes


def forget() -> None:
    """Empty what is derived."""
    for table in (District, Station, LocalBody, OfficeArea):
        table.objects.all().delete()
    queries._tables.cache_clear()


def again(report: Report) -> None:
    """Read every file in force anew."""
    files = list(PlaceFile.objects.filter(in_force=True).order_by("kind"))
    for done, file in enumerate(files, 1):
        rows, header = verbs._rows(original_bytes(file.original), file.name)
        kind = verbs._kind(header, file.name)
        verbs.put_rows(kind, [row for _line, row in rows if all(row.get(column) for column in verbs.HEADERS[kind])])
        report(Progress(done, len(files), "files", "places"))


def digest() -> str:
    """SHA-256 over what the tables say."""
    lines = [f"d|{row.code}|{row.name}" for row in District.objects.all()]
    lines += [f"s|{row.name}|{row.kind}|{row.district}" for row in Station.objects.all()]
    lines += [f"b|{row.name}|{row.kind}|{row.district}|{row.station}" for row in LocalBody.objects.all()]
    lines += [f"o|{row.pin}|{row.post_office}|{row.local_body}|{row.station}" for row in OfficeArea.objects.all()]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
