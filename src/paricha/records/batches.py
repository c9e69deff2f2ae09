"""What a batch brought, summed from its journal: the object that `paricha intake` prints and the batch's page shows."""

from __future__ import annotations

import json
from typing import Any

from paricha.grounds.refusals import Refused
from paricha.intake.models import Batch
from paricha.records.models import Journal

COUNTED = ("new", "merged", "versions", "folded", "known")


def total_of(batch: bytes) -> dict[str, Any]:
    """The sums, coverage lines and refusals of a batch (interfaces: `paricha intake`), as they were read."""
    tips = dict.fromkeys(COUNTED, 0)
    coverage: list[dict[str, Any]] = []
    refusals: list[dict[str, Any]] = []
    media = files = 0
    for told in Journal.objects.filter(batch=batch).order_by("chunk", "part").values_list("told", flat=True):
        part = json.loads(told)
        for word in COUNTED:
            tips[word] += part["counts"][word]
        coverage += part["coverage"]
        refusals += part["refusals"]
        media += part["media"]
        files += part["files"]
    return {
        "schema": 1,
        "batch": batch.hex(),
        "files": files,
        "tips": tips,
        "coverage": coverage,
        "media": {"members": media, "kept": 0},
        "refusals": refusals,
    }


def batch_named(text: str) -> bytes:
    """The batch of that id in hex, or of that number (B-0001). Raises `Refused` RECORDS-UNKNOWN-BATCH."""
    found = None
    if len(text) == 32 and set(text) <= set("0123456789abcdef"):
        found = Batch.objects.filter(pk=bytes.fromhex(text)).first()
    found = found or Batch.objects.filter(number=text).order_by("-pk").first()
    if found is None:
        raise Refused(
            "RECORDS-UNKNOWN-BATCH", f"No batch “{text[:40]}” has come in here.", "`paricha intake` prints the id."
        )
    return found.pk
