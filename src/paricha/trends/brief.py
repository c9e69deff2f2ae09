"""The evening brief as PDF: figures with definitions, why not searched, by district; names nobody."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import override

from paricha.access.models import Officer
from paricha.audit.stamp import current_head
from paricha.cases.models import NotSearched
from paricha.cases.queries import sums_of
from paricha.operations.models import Operation
from paricha.screens.papers import render_pdf
from paricha.trends.figures import BY_KEY, Group, counted, group_words

TEMPLATE = Path(__file__).parent / "papers" / "brief.typ"


def by_district(officer: Officer, operation: Operation) -> list[list[Any]]:
    """District, sites, searched, exhibits, FIRs, reports under s.106: the brief's own figures, told apart by district."""
    columns = ("sites", "searched", "exhibits", "fir", "s106")
    rows: dict[str, list[Any]] = {}
    for place, key in enumerate(columns, 1):
        found = BY_KEY[key].find(officer, operation).order_by()
        where = "district__name" if key in ("sites", "searched") else "unit__name"
        for name, number in found.values_list(where).annotate(n=Count("pk", distinct=True)):
            rows.setdefault(name, [name, *[0] * len(columns)])[place] = number
    return [rows[name] for name in sorted(rows)]


def brief_data(officer: Officer, operation: Operation) -> dict[str, Any]:
    """What the paper is printed from: figures in their groups, the sums, the districts, the head of the log."""
    sums = sums_of(operation)
    names = dict(NotSearched.choices)
    return {
        "title": _("Evening brief: {operation}").format(operation=operation.number),
        "lead": _("Counted from rows when this was made; each figure opens its rows on the screen."),
        "groups": _groups(officer, operation),
        "why_not": [[str(names[reason]), number] for reason, number in sums.not_searched.items()],
        "open": len(sums.open),
        "agrees": _("Identified {identified} = searched {searched} + not searched {not_searched} + open {open}.").format(
            identified=sums.identified, searched=sums.searched, not_searched=sum(sums.not_searched.values()),
            open=len(sums.open),
        ),
        "districts": by_district(officer, operation),
        "head": current_head(),
        "labels": _labels(),
    }  # fmt: skip


def _groups(officer: Officer, operation: Operation) -> list[dict[str, Any]]:
    numbers = counted(officer, operation)
    return [
        {
            "title": group_words(group),
            "figures": [
                {"key": figure.key, "label": str(figure.label), "number": number, "means": str(figure.definition)}
                for figure, number in numbers
                if figure.group is group
            ],
        }
        for group in Group
    ]


def _labels() -> dict[str, str]:
    return {
        "figure": _("Figure"), "count": _("Count"), "means": _("What it means"), "why_not": _("Why not searched"),
        "districts": _("By district"), "district": _("District"), "sites": _("Sites"), "searched": _("Searched"),
        "exhibits": _("Exhibits"), "fir": _("FIRs"), "s106": _("s.106 reports"), "head": _("Head of the log"),
        "open": _("No reason given yet"),
    }  # fmt: skip


def brief_pdf(officer: Officer, operation: Operation, *, at: datetime, language: str) -> bytes:
    """The paper in one language."""
    with override(language):
        data = brief_data(officer, operation)
    return render_pdf(TEMPLATE, data, lang=language, at=at, marked_synthetic=settings.PARICHA.synthetic)
