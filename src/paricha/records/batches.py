"""What a batch brought, summed from its journal: the object that `paricha intake` prints and the batch's page shows."""

from __future__ import annotations

import json
from typing import Any

from paricha.grounds.refusals import Refused
from paricha.records.models import Journal, Terms

COUNTED = ("new", "merged", "versions", "folded", "known")
_LINE = ("file", "original", "reader", "tips", "expected_fields", "read_fields", "unread_blocks")


def total_of(batch: bytes) -> dict[str, Any]:
    """The sums, coverage lines and refusals of a batch (interfaces: `paricha intake`)."""
    tips = dict.fromkeys(COUNTED, 0)
    coverage: list[dict[str, Any]] = []
    refusals: list[dict[str, Any]] = []
    media = 0
    for told in Journal.objects.filter(batch=batch).order_by("chunk", "part").values_list("told", flat=True):
        part = json.loads(told)
        for word in COUNTED:
            tips[word] += part["counts"][word]
        coverage += [{name: line[name] for name in _LINE} for line in part["coverage"]]
        refusals += part["refusals"]
        media += part["media"]
    return {
        "schema": 1,
        "batch": batch.hex(),
        "files": Terms.objects.filter(pk=batch).values_list("files", flat=True).first() or 0,
        "tips": tips,
        "coverage": coverage,
        "media": {"members": media, "kept": 0},
        "refusals": refusals,
    }


def batch_named(text: str) -> bytes:
    """The batch of that id in hex. Raises `Refused` RECORDS-UNKNOWN-BATCH."""
    try:
        batch = bytes.fromhex(text)
    except ValueError:
        batch = b""
    if len(batch) != 16 or not Terms.objects.filter(pk=batch).exists():
        raise Refused("RECORDS-UNKNOWN-BATCH", f"No batch “{text[:40]}” has come in here.", "`paricha intake` prints the id.")
    return batch
