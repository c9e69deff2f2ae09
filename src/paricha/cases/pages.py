"""Screens of `cases`: the register, one case, what a site became, why not."""

from __future__ import annotations

from typing import Any

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
from paricha.exhibits.models import Exhibit
from paricha.grounds.refusals import Refused
from paricha.operations.models import Site
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
        Column("on", gettext_lazy("Day"), sort="on"),
    ],
    filters=[Choice("kind", gettext_lazy("What it became"), CaseKind.choices)],
    search=("number", "reference", "station"),
    order="-number",
    empty=Empty(gettext_lazy("No case yet."), gettext_lazy("A case follows from a searched site; those that wait stand above.")),
    template="cases/list.html",
)  # fmt: skip


@officer_page(any_of=RIGHTS)
def list_page(request: HttpRequest) -> HttpResponse:
    """The register; searched sites without an outcome stand above."""
    officer = _officer(request)
    read(officer, Event.LISTED)
    return LIST.answer(request, queries.cases(officer), open_sites=queries.without_outcome(officer))


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
        "sections": row.sections.order_by("act", "section"),
        "known": known,
        "exhibits": Exhibit.objects.filter(site=row.site).order_by("number"),
        "corrected": Case.objects.filter(corrects=row).first(),
        "may": officer.may(Right.CASES),
    }
    return render(request, "cases/one.html", context)


def _site(officer: Officer, site: bytes) -> Site:
    """A site in one of the officer's districts, or in an operation he is in."""
    found = Site.objects.select_related("operation", "district").filter(pk=site).first()
    mine = found is not None and (
        found.district.path.startswith(officer.unit.path) or Site.objects.visible_to(officer).filter(pk=site).exists()
    )
    if found is None or not mine:
        raise Refused("ACCESS-NOT-VISIBLE", _("There is no such site for you."), _("Go to the register."))
    return found


@officer_page(Right.CASES)
def site(request: HttpRequest, site: bytes) -> HttpResponse:
    """Say what a searched site became, or why it was not searched."""
    officer = _officer(request)
    row = _site(officer, site)
    standing = Case.objects.filter(site=row, corrected_by__isnull=True).first()
    searched = queries.was_searched(row)
    initial = {"on": timezone.localdate()}
    form: Any = (CaseForm if searched else WhyNotForm)(request.POST or None, initial=initial)
    refusal = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            if searched:
                case = verbs.open_case(
                    officer, row, kind=CaseKind(given["kind"]), station=given["station"],
                    reference=given["reference"], on=given["on"], words=given["words"], corrects=standing,
                )  # fmt: skip
                return redirect("cases:one", case=case.id)
            if row.door is not None:
                verbs.say_why_not(officer, row.door, site=row, reason=NotSearched(given["reason"]), words=given["words"])
            return redirect("cases:list")
        except Refused as refused:
            refusal = refused.refusal
    read(officer, Event.READ, row)
    context = {"site": row, "form": form, "searched": searched, "standing": standing, "refusal": refusal}
    return render(request, "cases/site.html", context, status=409 if refusal else 200)


@require_POST
@officer_page(Right.CASES)
def section(request: HttpRequest, case: bytes) -> HttpResponse:
    """Add a section or take one out."""
    officer = _officer(request)
    row: Case = Case.objects.get_visible(officer, id=case)
    act, _bar, number = request.POST.get("section", "").partition("|")
    verbs.set_section(officer, row, act=act, section=number, out=request.POST.get("out") == "yes")
    return redirect("cases:one", case=row.id)
