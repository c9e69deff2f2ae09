"""Screens of `cases`: the register, one case, what a site became, why not."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.cases import queries, verbs
from paricha.cases.events import Event
from paricha.cases.forms import CaseForm, WhyNotForm
from paricha.cases.models import Case, CaseKind, NotSearched
from paricha.exhibits.queries import of_site
from paricha.grounds.refusals import Refused
from paricha.operations.models import Site
from paricha.screens import moments
from paricha.screens.list_filters import Choice
from paricha.screens.lists import Column, Empty, ListPage
from paricha.screens.shapes import state

RIGHTS = (Right.CASES, Right.BRIEF)
GRADES = {CaseKind.FIR: "good", CaseKind.S106: "warn", CaseKind.NOTHING: "neutral"}


def _officer(request: HttpRequest) -> Officer:
    officer: Officer = request.officer  # type: ignore[attr-defined]
    return officer


LIST = ListPage(
    name="cases",
    title=gettext_lazy("Cases"),
    columns=[
        Column("number", gettext_lazy("Number"), link=lambda row: reverse("cases:one", args=[row.id]), sort="number"),
        Column("kind", gettext_lazy("What it became"), "kind",
               show=lambda row: state(row.get_kind_display(), GRADES[CaseKind(row.kind)])),
        Column("reference", gettext_lazy("FIR or report"), lambda row: row.reference or None),
        Column("station", gettext_lazy("Police station"), sort="station"),
        Column("unit", gettext_lazy("District"), "unit.name", sort="unit__name"),
        Column("site", gettext_lazy("Site"), lambda row: str(row.site)),
        Column("on", gettext_lazy("Day"), sort="on", show=lambda row: moments.day(row.on)),
    ],
    filters=[Choice("kind", gettext_lazy("What it became"), CaseKind.choices)],
    search=("number", "reference", "station"),
    order="-number",
    empty=Empty(gettext_lazy("No case yet."), gettext_lazy("A case follows from a searched site; those that wait stand above.")),
    template="cases/list.html",
    on_read=lambda request, rows, how: read(request.officer, Event.LISTED, *(rows if how == "screen" else ()), how=how),
)  # fmt: skip


@officer_page(any_of=RIGHTS)
def list_page(request: HttpRequest) -> HttpResponse:
    """The register; searched sites without an outcome stand above."""
    officer = _officer(request)
    may = officer.may(Right.CASES)
    return LIST.answer(
        request, queries.cases(officer), may=may, open_sites=list(queries.without_outcome(officer)),
        unsaid=queries.without_reason(officer) if may else [],
    )  # fmt: skip


def _sections(case: Case) -> list[tuple[Any, str]]:
    """Its sections, each with what it is about by the law table."""
    about = {(line.act, line.section): line.about for line in queries.law_lines()}
    return [(one, about.get((one.act, one.section), "")) for one in case.sections.order_by("act", "section")]


@officer_page(any_of=RIGHTS)
def one(request: HttpRequest, case: bytes) -> HttpResponse:
    """One case with its sections."""
    officer = _officer(request)
    row: Case = Case.objects.get_visible(officer, id=case)
    read(officer, Event.READ, row)
    known = [(line, f"{line.act}|{line.section}") for line in queries.law_lines()
             if line.since <= row.on and (line.until is None or row.on <= line.until)]  # fmt: skip
    context = {
        "case": row,
        "grade": GRADES[CaseKind(row.kind)],
        "sections": _sections(row),
        "known": known,
        "exhibits": of_site(row.site),
        "corrected": Case.objects.filter(corrects=row).first(),
        "may": officer.may(Right.CASES),
        "opens_site": Site.objects.visible_to(officer).filter(pk=row.site_id).exists(),
    }
    return render(request, "cases/one.html", context)


def _site(officer: Officer, site: bytes) -> Site:
    """A site of which the officer may say what came. Raises `Refused` ACCESS-NOT-VISIBLE."""
    found = queries.sites_of(officer).filter(pk=site).first()
    if found is None:
        raise Refused("ACCESS-NOT-VISIBLE", _("There is no such site for you."), _("Go to the register."))
    return found


@officer_page(Right.CASES)
def site(request: HttpRequest, site: bytes) -> HttpResponse:
    """Say what a searched site became, or why it was not searched."""
    officer = _officer(request)
    row = _site(officer, site)
    standing = Case.objects.filter(site=row, corrected_by__isnull=True).first()
    searched = queries.was_searched(row)
    initial = {"on": _today(), "corrects": standing.id.hex() if standing else ""}
    form: Any = (CaseForm if searched else WhyNotForm)(request.POST or None, initial=initial)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            return _keep(officer, row, form.cleaned_data, standing)
        except Refused as refused:
            refusal = refused.refusal
    read(officer, Event.READ, row)
    context = {
        "site": row, "form": form, "searched": searched, "standing": standing, "refusal": refusal,
        "exhibits": of_site(row), "why": row.why_nots.select_related("by").order_by("-at").first(),
    }  # fmt: skip
    return render(request, "cases/site.html", context, status=409 if refusal else 200)


def _keep(officer: Officer, row: Site, given: dict[str, Any], standing: Case | None) -> HttpResponse:
    """The outcome, or the reason why not. What was seen standing is corrected; what came since is not."""
    if "kind" not in given:
        verbs.say_why_not(officer, row.door, site=row, reason=NotSearched(given["reason"]), words=given["words"])
        return redirect("cases:list")
    seen = standing if standing is not None and standing.id.hex() == given["corrects"] else None
    case = verbs.open_case(
        officer, row, kind=CaseKind(given["kind"]), station=given["station"], reference=given["reference"],
        on=given["on"], words=given["words"], corrects=seen,
    )  # fmt: skip
    return redirect("cases:one", case=case.id)


def _today() -> date:
    return timezone.now().astimezone(ZoneInfo(settings.PARICHA.zone)).date()


@require_POST
@officer_page(Right.CASES)
def section(request: HttpRequest, case: bytes) -> HttpResponse:
    """Add a section or take one out."""
    officer = _officer(request)
    row: Case = Case.objects.get_visible(officer, id=case)
    act, _bar, number = request.POST.get("section", "").partition("|")
    verbs.set_section(officer, row, act=act, section=number, out=request.POST.get("out") == "yes")
    return redirect("cases:one", case=row.id)
