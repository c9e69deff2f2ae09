"""Make the derived tables and arrays of `operators` anew from the originals."""

from __future__ import annotations

import hashlib
import shutil

from django.conf import settings

from paricha.grounds.progress import Progress, Report
from paricha.operators import queries, store
from paricha.operators.models import FileKind, OperatorFile, TableLine
from paricha.operators.verbs import keep_lines
from paricha.vault.store import read as original_bytes


def forget() -> None:
    """Empty what is derived."""
    TableLine.objects.all().delete()
    shutil.rmtree(settings.HOME / "operators", ignore_errors=True)
    store.opened.cache_clear()
    queries._lines.cache_clear()


def again(report: Report) -> None:
    """Read every file anew."""
    files = list(OperatorFile.objects.order_by("imported_at", "id"))
    for done, file in enumerate(files, 1):
        rows, _bad = store.good_rows(original_bytes(file.original), file.kind)
        if file.kind == FileKind.TABLE:
            keep_lines(file, rows)
        else:
            store.write(file.id, rows)
        report(Progress(done, len(files), "files", "operators"))


def digest() -> str:
    """SHA-256 over the table's lines and the files, independent of integers."""
    lines = sorted(
        f"{row.file.original}|{row.line}|{row.operator}|{row.asn}|{row.since}|{row.until}|{row.kind}|{row.shared_ipv4}"
        for row in TableLine.objects.select_related("file")
    )
    files = sorted(f"{file.id.hex()}|{file.original}|{file.as_of}" for file in OperatorFile.objects.all())
    return hashlib.sha256("\n".join(lines + files).encode()).hexdigest()
