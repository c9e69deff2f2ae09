"""The evening brief as PDF: figures with definitions, why not searched, by district; names nobody."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from paricha.access.models import Officer
from paricha.audit.stamp import current_head
from paricha.cases.models import NotSearched
from paricha.cases.queries import sums_of, was_searched
from paricha.operations.models import Operation
from paricha.screens.papers import render_pdf
from paricha.trends.figures import counted

TEMPLATE = Path(__file__).parent / "papers" / "brief.typ"


def by_district(operation: Operation) -> list[list[Any]]:
    """District, sites, searched, exhibits, standing outcomes by kind."""
    rows: dict[str, list[Any]] = {}
    for site in operation.sites.select_related("district").order_by("district__name", "number"):
        row = rows.setdefault(site.district.name, [site.district.name, 0, 0, 0, 0, 0])
        row[1] += 1
        row[2] += was_searched(site)
        row[3] += site.exhibits.count()
        outcome = site.cases.filter(corrected_by__isnull=True).first()
        row[4] += outcome is not None and outcome.kind == "fir"
        row[5] += outcome is not None and outcome.kind == "s106"
    return list(rows.values())


def brief_data(officer: Officer, operation: Operation) -> dict[str, Any]:
    """What the paper is printed from; `figures` by key for `--json`."""
    figures = counted(officer, operation)
    sums = sums_of(operation)
    names = dict(NotSearched.choices)
    return {
        "title": _("Evening brief: {operation}").format(operation=operation.number),
        "lead": _("Counted from rows when this was made; each figure opens its rows on the screen."),
        "figures": [[figure.key, str(figure.label), number, str(figure.definition)] for figure, number in figures],
        "why_not": [[str(names.get(reason, reason)), number] for reason, number in sums.not_searched.items()],
        "open": len(sums.open),
        "agrees": _("Identified {identified} = searched {searched} + not searched {not_searched} + open {open}.").format(
            identified=sums.identified, searched=sums.searched, not_searched=sum(sums.not_searched.values()),
            open=len(sums.open),
        ),
        "districts": by_district(operation),
        "head": current_head(),
        "labels": {
            "figure": _("Figure"), "count": _("Count"), "means": _("What it means"), "why_not": _("Why not searched"),
            "districts": _("By district"), "district": _("District"), "sites": _("Sites"), "searched": _("Searched"),
            "exhibits": _("Exhibits"), "fir": _("FIRs"), "s106": _("s.106 reports"), "head": _("Head of the log"),
            "open": _("No reason given yet"),
        },
    }  # fmt: skip


def brief_pdf(officer: Officer, operation: Operation, *, at: datetime, language: str) -> bytes:
    """The paper in one language."""
    with override(language):
        data = brief_data(officer, operation)
    return render_pdf(TEMPLATE, data, lang=language, at=at, marked_synthetic=settings.PARICHA.synthetic)
