"""Files of the State pack; a unit's override folder replaces a file of the same name. Data only."""

from __future__ import annotations

import csv
from pathlib import Path

from django.conf import settings

PACKS = Path(__file__).resolve().parent.parent / "packs"


def pack_file(name: str) -> Path | None:
    """The file of that name in force: the unit's own, else the pack's, else None."""
    override = settings.PARICHA.pack_override
    for folder in ([Path(settings.HOME) / override] if override else []) + [PACKS / settings.PARICHA.state_pack]:
        file = folder / name
        if file.is_file():
            return file
    return None


def pack_rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of the pack by heading, blanks trimmed; [] where the pack has no such file."""
    file = pack_file(name)
    if file is None:
        return []
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return [{key: (value or "").strip() for key, value in row.items() if key} for row in csv.DictReader(opened)]
