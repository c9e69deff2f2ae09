"""Rebuild of `triage`: ranks are made anew; takings and verdicts stay."""

from __future__ import annotations

import hashlib

from django.db import transaction

from paricha.grounds.progress import Progress, Report, silent
from paricha.records.models import Tip
from paricha.triage import ranking
from paricha.triage.facts import READ_BY_THE_CLOCK
from paricha.triage.jobs import CHUNK
from paricha.triage.models import Rank
from paricha.triage.scoring import shipped_rules


def forget() -> None:
    """Empty the ranks."""
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
    """SHA-256 over all states and reasons, without integers, and without what the day itself changes (retention)."""
    hashed = hashlib.sha256()
    by_clock = {rule.code for rule in shipped_rules().rule if rule.fact in READ_BY_THE_CLOCK}
    rows = Rank.objects.order_by("id16").values_list("id16", "state", "top", "completeness", "rules_version", "reasons")
    for id16, *rest, reasons in rows.iterator(chunk_size=5000):
        said = [one for one in ranking.open_reasons(bytes(reasons)) if one.code not in by_clock]
        hashed.update(repr((bytes(id16), rest)).encode() + ranking.pack_reasons(said))
    return hashed.hexdigest()
