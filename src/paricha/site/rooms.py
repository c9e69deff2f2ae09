"""The rooms on the road, in the order in which the work walks; Django apps and urls are found from this list."""

from __future__ import annotations

from importlib.util import find_spec

ROAD = (
    "audit access screens jobs vault intake records operators places media linking triage attribution dispatch "
    "operations field exhibits examination cases trends exchange desk"
).split()


def built() -> list[str]:
    """The rooms that stand in this build: those with an `apps.py`."""
    return [room for room in ROAD if _stands(f"paricha.{room}") and _stands(f"paricha.{room}.apps")]


def _stands(name: str) -> bool:
    found = find_spec(name)
    return found is not None and found.origin is not None  # an empty folder is no room


def with_module(module: str) -> list[str]:
    """The built rooms that have a module of that name (`urls`, `api`, `models` ...)."""
    return [room for room in built() if find_spec(f"paricha.{room}.{module}") is not None]
