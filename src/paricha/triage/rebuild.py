"""Rebuild of `triage`: ranks are made anew; takings and verdicts stay."""

from __future__ import annotations

import hashlib

from django.db import transaction

from paricha.grounds.progress import Progress, Report, silent
from paricha.records.models import Tip
from paricha.triage import ranking
from paricha.triage.jobs import CHUNK
from paricha.triage.models import Rank


def forget() -> None:
    """Empty what is derived. Where a tip is (told by the feed) is kept: its events are not told twice."""
    with transaction.atomic():
        ranking.forget()


def again(report: Report = silent) -> None:
    """Make it anew from the record."""
    ids = [bytes(id16) for id16 in Tip.objects.order_by("id16").values_list("id16", flat=True)]
    for start in range(0, len(ids), CHUNK):
        with transaction.atomic():
            ranking.rank_tips(ids[start : start + CHUNK])
        report(Progress(min(start + CHUNK, len(ids)), len(ids), "tips"))


def digest() -> str:
    """SHA-256 over all ranks and reasons, without integers."""
    hashed = hashlib.sha256()
    rows = Rank.objects.order_by("id16").values_list("id16", "state", "rank", "completeness", "rules_version", "reasons")
    for id16, *rest, reasons in rows.iterator(chunk_size=5000):
        hashed.update(repr((bytes(id16), rest, bytes(reasons))).encode())
    return hashed.hexdigest()
