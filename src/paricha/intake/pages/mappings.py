"""The saved mappings: each by name with its versions, who saved them, and what one version changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.grounds.refusals import Refused
from paricha.intake import queries, registers_words, words
from paricha.intake.events import Event
from paricha.intake.mapping import Mapping, base_field, plain_heading
from paricha.screens.lists import Column, Empty, ListPage

ORDERS = {
    None: gettext_lazy("not chosen"),
    "dmy": gettext_lazy("day first"),
    "mdy": gettext_lazy("month first"),
    "ymd": gettext_lazy("year first"),
}

MAPPINGS = ListPage(
    name="mappings",
    title=gettext_lazy("Saved mappings"),
    columns=[
        Column("name", gettext_lazy("Name"), link=lambda row: reverse("intake:saved_mapping", args=[row.id]), sort="name"),
        Column("version", gettext_lazy("Version"), number=True, sort="version"),
        Column("columns", gettext_lazy("Columns"), lambda row: len(row.mapping.columns), number=True),
        Column("kind", gettext_lazy("Its rows are"), lambda row: kind_words(row.mapping)),
        Column("saved_by", gettext_lazy("Saved by"), "saved_by.name"),
        Column("saved_at", gettext_lazy("Saved"), sort="saved_at"),
        Column("unit", gettext_lazy("Unit"), "unit.name"),
    ],
    order="name",
    search=["name"],
    empty=Empty(
        gettext_lazy("No mapping is saved yet."),
        gettext_lazy("Open a sheet that wants a decision; say what its columns are, and keep that under a name."),
        "/intake/", gettext_lazy("Open Intake"),
    ),
    on_read=lambda request, rows, how: read(request.officer, Event.MAPPINGS_LISTED, mappings=len(rows), how=how),  # type: ignore[attr-defined]
)  # fmt: skip


def kind_words(mapping: Mapping) -> Any:
    """What the rows of its sheets are."""
    return _("Tips") if mapping.register is None else registers_words.REGISTERS.get(mapping.register, mapping.register)


def field_words(mapping: Mapping, field: str) -> Any:
    """A field as the mapping screen names it."""
    known = words.FIELDS if mapping.register is None else registers_words.FIELDS
    return known.get(base_field(field), field)


@require_GET
@officer_page(Right.INTAKE)
def mappings(request: HttpRequest) -> HttpResponseBase:
    """The newest version of each mapping that the officer sees."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    return MAPPINGS.answer(request, queries.newest_mappings(officer))


@require_GET
@officer_page(Right.INTAKE)
def saved_mapping(request: HttpRequest, id: bytes) -> HttpResponse:
    """One version of a mapping: its columns, what it changed, and the other versions."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    row = queries.mappings_seen(officer).filter(pk=id).first()
    if row is None:
        raise Refused(
            "ACCESS-NOT-VISIBLE", _("This mapping is not here, or not for you."), _("Open the list of mappings.")
        )
    read(officer, Event.MAPPING_READ, row, version=row.version)
    versions = list(queries.mappings_seen(officer).filter(unit=row.unit, name=row.name).order_by("-version"))
    before = next((one for one in versions if one.version == row.version - 1), None)
    mapping = row.mapping
    return render(
        request,
        "intake/saved_mapping.html",
        {
            "row": row,
            "mapping": mapping,
            "kind": kind_words(mapping),
            "order": ORDERS.get(mapping.date_order, mapping.date_order),
            "zone": dict(words.ZONES).get(mapping.zone, mapping.zone) if mapping.zone else None,
            "columns": _columns(mapping),
            "versions": versions,
            "serves": versions[0].version == row.version,
            "before": before,
            "changes": changes(before.mapping, mapping) if before is not None else [],
        },
    )


def _columns(mapping: Mapping) -> list[tuple[str, Any]]:
    """Headings in the order of the sheet where it is known, with their fields; None for a column that is not read."""
    by_plain = {plain_heading(heading): field for heading, field in mapping.columns.items()}
    whole = mapping.headings_in_order or list(mapping.columns)
    return [
        (heading, field_words(mapping, by_plain[plain]) if (plain := plain_heading(heading)) in by_plain else None)
        for heading in whole
    ]


def changes(before: Mapping, now: Mapping) -> list[str]:
    """What a version changed, a sentence each."""
    old = {plain_heading(heading): (heading, field) for heading, field in before.columns.items()}
    new = {plain_heading(heading): (heading, field) for heading, field in now.columns.items()}
    said = [
        _("“{heading}” is read as {field} now, before as {old}.").format(
            heading=heading, field=field_words(now, field), old=field_words(before, old[plain][1])
        )
        if plain in old
        else _("“{heading}” is read as {field} now.").format(heading=heading, field=field_words(now, field))
        for plain, (heading, field) in new.items()
        if old.get(plain, (None, None))[1] != field
    ]
    said += [
        _("“{heading}” is not read any more; it was {field}.").format(heading=heading, field=field_words(before, field))
        for plain, (heading, field) in old.items()
        if plain not in new
    ]
    said += _settings(before, now)
    known = list(map(plain_heading, before.headings_in_order or []))
    if now.headings_in_order and known and list(map(plain_heading, now.headings_in_order)) != known:
        said.append(_("The sheet has other columns, or another order."))
    return said


def _settings(before: Mapping, now: Mapping) -> list[str]:
    zones, none = dict(words.ZONES), _("none")
    pairs = (
        (_("Zone"), zones.get(before.zone, before.zone), zones.get(now.zone, now.zone)),
        (_("Order of day and month"), ORDERS.get(before.date_order), ORDERS.get(now.date_order)),
        (_("Row of the headings"), before.header_row, now.header_row),
        (_("Who gave the report numbers"), before.giver, now.giver),
        (_("Its rows are"), kind_words(before), kind_words(now)),
    )
    return [
        _("{what}: {now} now, before {old}.").format(what=what, now=new or none, old=old or none)
        for what, old, new in pairs
        if old != new
    ]
