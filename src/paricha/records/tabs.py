"""Tabs of the tip's page: those of `records`, and those that rooms further down the road add.

tabs.register("why", _("Why here"), "triage/why.html", lambda officer, tip: {...}, place=50)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.records.models import Tip

Context = Callable[[Officer, Tip], dict[str, Any]]


class Tab(msgspec.Struct, frozen=True):
    """`label`: a lazy translation, or a callable (officer, tip) → text; `context`: what the template gets beside `tip`."""

    name: str
    label: Any
    template: str
    context: Context
    place: int = 50
    right: Right | None = None


_tabs: dict[str, Tab] = {}


def register(
    name: str, label: Any, template: str, context: Context, *, place: int = 50, right: Right | None = None
) -> None:
    """Add a tab; call it in the room's `AppConfig.ready`. Calling again replaces it. `place` orders them from the left."""
    _tabs[name] = Tab(name, label, template, context, place, right)


def tabs_for(officer: Officer) -> list[Tab]:
    """The tabs that the officer may open, from the left."""
    return sorted(
        (tab for tab in _tabs.values() if tab.right is None or officer.may(tab.right)), key=lambda tab: tab.place
    )


def label_of(tab: Tab, officer: Officer, tip: Tip) -> str:
    """The tab's label for a tip."""
    return str(tab.label(officer, tip) if callable(tab.label) else tab.label)
