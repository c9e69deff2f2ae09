"""What a page may know of the unit: its name, zone, languages, and whether the folder is made up."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

UTC = ZoneInfo("UTC")


def _setting(name: str, default: Any) -> Any:
    return getattr(getattr(settings, "PARICHA", None), name, default)


def zone() -> ZoneInfo:
    """The unit's zone; UTC where the unit has stated none, so that no other zone is ever guessed."""
    stated = _setting("zone", None)
    return ZoneInfo(str(stated)) if stated else UTC


def unit_name() -> str:
    """The unit's name as it stands in `paricha.toml`, or an empty string."""
    return str(_setting("unit_name", "") or "")


def is_synthetic() -> bool:
    """Whether this data folder holds made-up data only."""
    return bool(_setting("synthetic", False))


def languages() -> list[str]:
    """Language codes the unit works in, the first one leading."""
    return [str(code) for code in _setting("languages", ["en", "ml"])]
