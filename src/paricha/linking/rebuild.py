"""Rebuild of `linking`: the proposed links; decisions stay and are found again by id."""

from __future__ import annotations

import hashlib

from django.db import transaction

from paricha.grounds.progress import Report, silent
from paricha.linking import proposing
from paricha.linking.models import Link


def forget() -> None:
    """Empty what is derived."""
    with transaction.atomic():
        proposing.forget()


def again(report: Report = silent) -> None:
    """Make it anew from the record."""
    with transaction.atomic():
        proposing.again()


def digest() -> str:
    """SHA-256 over all links, without integers."""
    hashed = hashlib.sha256()
    rows = Link.objects.order_by("id16").values_list("id16", "rule", "strength", "sharing", "first__id16", "tip__id16")
    for row in rows.iterator(chunk_size=5000):
        hashed.update(repr(row).encode())
    return hashed.hexdigest()
