"""The road: the menu every page carries. A room registers its entry; a room that did not has none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_noop as _

ROAD = (
    "desk", "intake", "records", "linking", "triage", "attribution", "dispatch", "operations", "field",
    "exhibits", "cases", "trends", "media", "examination", "exchange", "access", "audit", "jobs",
)  # fmt: skip
BESIDE_THE_ROAD = ("access", "audit", "jobs")
# The road's words, the same everywhere; a room registers with `gettext_lazy` of one of them.
LABELS = (
    _("Home"), _("Intake"), _("Records"), _("Links"), _("Queue"), _("Doors"), _("Dispatch"), _("Operations"), _("Field"),
    _("Exhibits"), _("Cases"), _("Trends"), _("Officers"), _("Audit log"), _("Work in progress"),
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One entry of the road. `count(officer)` gives the number that waits, or None for no number."""

    room: str
    label: Any
    icon: str
    url_name: str
    right: Any = None
    count: Callable[[Any], int | None] | None = None


_entries: dict[str, Entry] = {}


def register(
    room: str, label: Any, icon: str, url_name: str, right: Any = None, count: Callable[[Any], int | None] | None = None
) -> None:
    """Give `room` its place in the menu; call it in the room's `AppConfig.ready`. Calling again replaces the entry.

    `label` is a lazy translation, `right` an access Right or a callable(officer) → bool.
    Raises ValueError for a room the road does not know.
    """
    if room not in ROAD:
        raise ValueError(f"the road knows no room {room!r}")
    _entries[room] = Entry(room, label, icon, url_name, right, count)


def forget(room: str) -> None:
    """Take the entry of `room` off the menu."""
    _entries.pop(room, None)


def may(officer: Any, right: Any) -> bool:
    """Whether `officer` holds `right`; no right asked is a yes, no officer a no."""
    if right is None:
        return True
    if officer is None:
        return False
    if callable(right):
        return bool(right(officer))
    if hasattr(officer, "may"):
        return bool(officer.may(right))
    return right in (getattr(officer, "rights", None) or ())


def here(path: str, address: str) -> bool:
    """Whether the page at `path` lies under the entry at `address`; Home is only itself."""
    return path == address or (address != "/" and path.startswith(address))


def items(officer: Any, path: str) -> list[dict[str, Any]]:
    """The menu for `officer` in the road's order: label, icon, url, count, current, and whether it stands beside the road."""
    shown = []
    for entry in sorted(_entries.values(), key=lambda entry: ROAD.index(entry.room)):
        if not may(officer, entry.right):
            continue
        try:
            address = reverse(entry.url_name)
        except NoReverseMatch:
            continue
        count = entry.count(officer) if entry.count and officer is not None else None
        shown.append(
            {
                "room": entry.room,
                "label": entry.label,
                "icon": entry.icon,
                "url": address,
                "count": count,
                "beside": entry.room in BESIDE_THE_ROAD,
            }
        )
    best = max((item["url"] for item in shown if here(path, item["url"])), key=len, default=None)
    for item in shown:
        item["current"] = item["url"] == best
    return shown
