"""Files of the State pack; a unit's override folder replaces a file of the same name. Data only."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

PACKS = Path(__file__).resolve().parent.parent / "packs"


def pack_file(name: str) -> Path | None:
    """The file of that name in force: the unit's own, else the pack's, else None."""
    override = settings.PARICHA.pack_override
    for folder in ([Path(override)] if override else []) + [PACKS / settings.PARICHA.state_pack]:
        file = folder / name
        if file.is_file():
            return file
    return None
