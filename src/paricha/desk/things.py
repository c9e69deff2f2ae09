"""The things that the log names: what each is called, where it is opened, and whether an officer may see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from paricha.access.models import Officer
from paricha.attribution.models import Door, Request
from paricha.audit.log import Thing
from paricha.cases.models import Case
from paricha.dispatch.models import Dispatch
from paricha.exhibits.queries import exhibits
from paricha.intake.models import Batch
from paricha.operations.models import Demand, Operation, Package, Site, Team
from paricha.records.models import Tip


class Kind(msgspec.Struct, frozen=True):
    """`label` with the place {name}; `page`: url name, empty for none; `rows(officer)`: what he sees; `key`: its 16 bytes."""

    label: Any
    page: str
    rows: Callable[[Officer], QuerySet[Any]]
    key: str = "id"


def _seen(model: Any, *beside: str) -> Callable[[Officer], QuerySet[Any]]:
    return lambda officer: model.objects.visible_to(officer).select_related(*beside)  # type: ignore[no-any-return]


# The first of these that an event touched names the event.
KINDS: dict[str, Kind] = {
    "case": Kind(_("Case {name}"), "cases:one", _seen(Case, "unit")),
    "dispatch": Kind(_("Dispatch {name}"), "dispatch:one", _seen(Dispatch, "unit")),
    "exhibit": Kind(_("Exhibit {name}"), "exhibits:one", exhibits),
    "request": Kind(_("Request {name}"), "attribution:request", _seen(Request, "unit")),
    "door": Kind(_("Door {name}"), "attribution:door", _seen(Door, "unit")),
    "site": Kind(_("Site {name}"), "operations:site", _seen(Site, "operation")),
    "package": Kind(_("Package of {name}"), "operations:package", _seen(Package, "team")),
    "demand": Kind(_("Demand to {name}"), "operations:demand", _seen(Demand, "unit")),
    "team": Kind(_("Team {name}"), "operations:team", _seen(Team, "district")),
    "operation": Kind(_("Operation {name}"), "operations:one", _seen(Operation, "unit")),
    "batch": Kind(_("Batch {name}"), "intake:batch", _seen(Batch, "unit")),
    "tip": Kind(_("Tip {name}"), "records:tip", _seen(Tip, "unit"), "id16"),
}  # fmt: skip


class Named(msgspec.Struct, frozen=True):
    """A thing that the officer may see: in words, and where it is opened."""

    words: str
    url: str


def named(officer: Officer, things: Iterable[Thing]) -> dict[Thing, Named]:
    """Of these things those that the officer may see; one question a kind."""
    by_kind: dict[str, set[bytes]] = {}
    for kind, thing in things:
        if kind in KINDS:
            by_kind.setdefault(kind, set()).add(thing)
    found: dict[Thing, Named] = {}
    for name, wanted in by_kind.items():
        kind = KINDS[name]
        for row in kind.rows(officer).filter(**{f"{kind.key}__in": list(wanted)}):
            identity = bytes(getattr(row, kind.key))
            found[name, identity] = Named(str(kind.label).format(name=_name(row)), _page(kind.page, identity))
    return found


def first_of(things: Iterable[Thing], known: dict[Thing, Named]) -> Named | None:
    """The thing that names an event, of those that are known."""
    seen = {kind: known[kind, thing] for kind, thing in things if (kind, thing) in known}
    return next((seen[kind] for kind in KINDS if kind in seen), None)


def _name(row: Any) -> str:
    if isinstance(row, Package):
        return row.team.name
    if isinstance(row, Demand):
        return row.unit.name
    return str(row.number) if isinstance(row, Batch | Operation) else str(row)


def _page(name: str, identity: bytes) -> str:
    """Empty where this build has no such page."""
    try:
        return reverse(name, args=[identity])
    except NoReverseMatch:
        return ""
