"""Operations, one operation with its plan, one site."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from paricha.access.models import Officer, Unit
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.grounds.identity import id_named
from paricha.operations import doors, queries
from paricha.operations.events import Event
from paricha.operations.forms import LetInForm, MakeForm, MoveForm, SeenForm, SiteForm, TimesForm
from paricha.operations.models import Operation, OperationState, Site, SiteState
from paricha.operations.told import told
from paricha.operations.verbs import planning
from paricha.operations.verbs.nomination import send_demand
from paricha.operations.verbs.packages import close_operation, freeze_plan
from paricha.operations.verbs.stops import stop as stop_verb
from paricha.screens.lists import Column, Empty, ListPage, View
from paricha.screens.shapes import state

READERS = (Right.PLAN, Right.SEAL, Right.RELEASE, Right.STOP, Right.CONTROL_ROOM, Right.BRIEF)
GRADES = {"planning": "neutral", "frozen": "warn", "sealed": "hold", "released": "live", "closed": "good"}


def officer_of(request: HttpRequest) -> Officer:
    """Who looks."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    return officer


def operation_of(request: HttpRequest, operation: bytes) -> Operation:
    """The operation, if the officer is in its compartment."""
    row: Operation = Operation.objects.get_visible(officer_of(request), id=operation)
    return row


LIST = ListPage(
    name="operations",
    title=gettext_lazy("Operations"),
    columns=[
        Column("number", gettext_lazy("Number"), link=lambda row: reverse("operations:one", args=[row.id]), sort="number"),
        Column("name", gettext_lazy("Name"), sort="name"),
        Column("entry_at", gettext_lazy("First entry"), sort="entry_at"),
        Column("sites", gettext_lazy("Sites"), lambda row: row.sites.filter(state=SiteState.CHOSEN).count(), number=True),
        Column("teams", gettext_lazy("Teams"), lambda row: row.teams.count(), number=True),
        Column("state", gettext_lazy("State"), "state", show=lambda row: state(row.get_state_display(), GRADES[row.state])),
    ],
    views=[
        View("open", gettext_lazy("Not closed"), lambda rows: rows.exclude(state=OperationState.CLOSED)),
        View("all", gettext_lazy("All")),
    ],
    search=("number", "name"),
    order="-made_at",
    template="operations/list.html",
    empty=Empty(gettext_lazy("No operation is planned."), gettext_lazy("Make one; you choose who may see it.")),
    on_read=lambda request, rows, how: read(officer_of(request), Event.LISTED, *rows),
)  # fmt: skip


@officer_page(any_of=(*READERS, Right.NOMINATE))
def operations(request: HttpRequest) -> HttpResponse:
    """The operations one is in; above them, what is asked of one's own district."""
    officer = officer_of(request)
    asked = (
        list(queries.demands_for(officer).exclude(operation__state=OperationState.CLOSED))
        if officer.may(Right.NOMINATE)
        else []
    )
    context = {"demands": asked, "may_make": officer.may(Right.PLAN)}
    return LIST.answer(request, queries.operations(officer), **context)


@officer_page(Right.PLAN)
def make(request: HttpRequest) -> HttpResponse:
    """A new operation."""
    with timezone.override(ZoneInfo(settings.PARICHA.zone)):
        form = MakeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            made = planning.make_operation(officer_of(request), given.pop("name"), **given)
            return redirect("operations:one", operation=made.id)
        return render(request, "operations/make.html", {"form": form, "zone": settings.PARICHA.zone})


@officer_page(any_of=READERS)
def one(request: HttpRequest, operation: bytes) -> HttpResponse:
    """The plan: districts with shortfalls, sites, waves, who is in it, what stands next."""
    officer, row = officer_of(request), operation_of(request, operation)
    plan = queries.plan_of(row)
    taken = {site.door for site in plan["sites"]}
    may_plan = officer.may(Right.PLAN)
    open_plan = may_plan and row.state == OperationState.PLANNING
    ready = [door for door in doors.ready_doors(officer) if door.id not in taken] if open_plan else []
    shown = doors.doors_by_id(officer, [site.door for site in plan["sites"] if site.door])
    sites = [(site, shown.get(site.door)) for site in plan["sites"]]
    read(officer, Event.READ, row, sites=len(sites))
    with timezone.override(ZoneInfo(settings.PARICHA.zone)):
        context = plan | {
            "operation": row, "grade": GRADES[row.state], "rows": sites, "ready": ready, "open_plan": open_plan,
            "may_plan": may_plan, "may_seal": officer.may(Right.SEAL), "may_stop": officer.may(Right.STOP),
            "times": TimesForm(initial={name: getattr(row, name) for name in ("release_at", "entry_at", "until")}),
            "let_in": LetInForm(officer, row), "zone": settings.PARICHA.zone,
            "inside": row.compartment.members.select_related("unit").order_by("name") if row.compartment else [],
            "stops": row.stops.select_related("site", "by").order_by("-at"), "told": told(row.id),
            "before_release": row.state in ("planning", "frozen", "sealed"), "live": row.state in ("sealed", "released"),
        }  # fmt: skip
        return render(request, "operations/one.html", context)


@require_POST
@officer_page(Right.PLAN)
def choose(request: HttpRequest, operation: bytes) -> HttpResponse:
    """Doors become sites; each that is not ready any more is refused by its own words."""
    officer, row = officer_of(request), operation_of(request, operation)
    for text in request.POST.getlist("door"):
        planning.choose_site(officer, row, id_named(text))
    return redirect("operations:one", operation=row.id)


@require_POST
@officer_page(Right.PLAN)
def times(request: HttpRequest, operation: bytes) -> HttpResponse:
    """Other times."""
    row = operation_of(request, operation)
    with timezone.override(ZoneInfo(settings.PARICHA.zone)):
        form = TimesForm(request.POST)
        if not form.is_valid():
            return render(request, "operations/times.html", {"operation": row, "form": form}, status=422)
        planning.set_times(officer_of(request), row, **form.cleaned_data)
    return redirect("operations:one", operation=row.id)


@require_POST
@officer_page(Right.PLAN)
def let_in(request: HttpRequest, operation: bytes) -> HttpResponse:
    """Another officer sees the operation."""
    officer, row = officer_of(request), operation_of(request, operation)
    form = LetInForm(officer, row, request.POST)
    if form.is_valid():
        planning.let_in(officer, row, form.cleaned_data["member"])
    return redirect("operations:one", operation=row.id)


@require_POST
@officer_page(Right.PLAN)
def demand(request: HttpRequest, operation: bytes) -> HttpResponse:
    """Ask one district for teams."""
    row = operation_of(request, operation)
    unit = request.POST.get("unit", "")
    district = get_object_or_404(Unit, pk=int(unit) if unit.isdecimal() and len(unit) < 10 else 0)
    count = request.POST.get("teams", "")
    send_demand(officer_of(request), row, district, teams=int(count) if count.isdecimal() and len(count) < 4 else 0)
    return redirect("operations:one", operation=row.id)


@require_POST
@officer_page(Right.PLAN)
def freeze(request: HttpRequest, operation: bytes) -> HttpResponse:
    """The plan stands."""
    row = operation_of(request, operation)
    freeze_plan(officer_of(request), row)
    return redirect("operations:release", operation=row.id)


@require_POST
@officer_page(Right.PLAN)
def close(request: HttpRequest, operation: bytes) -> HttpResponse:
    """The operation is over."""
    row = operation_of(request, operation)
    close_operation(officer_of(request), row)
    return redirect("operations:one", operation=row.id)


@require_POST
@officer_page(Right.STOP)
def stop(request: HttpRequest, operation: bytes) -> HttpResponse:
    """Stop one site, or all."""
    officer, row = officer_of(request), operation_of(request, operation)
    word = request.POST.get("site") or request.GET.get("site", "")
    site = Site.objects.get_visible(officer, id=id_named(word), operation=row) if word else None
    stop_verb(officer, row, site=site, reason=request.POST.get("reason", ""))
    return redirect("operations:one", operation=row.id)


@officer_page(any_of=(*READERS, Right.CASES))
def site(request: HttpRequest, site: bytes) -> HttpResponse:
    """One site: its door, its team, what the plan says of it."""
    officer = officer_of(request)
    row: Site = Site.objects.get_visible(officer, id=site)
    read(officer, Event.SITE_READ, row)
    shown = doors.doors_by_id(officer, [row.door] if row.door else [])
    child = {True: "yes", False: "no", None: ""}[row.children_expected]
    context = {
        "site": row, "door": shown.get(row.door), "operation": row.operation, "told": told(row.id),
        "may_plan": officer.may(Right.PLAN) and row.operation.state in ("planning", "frozen"),
        "may_drop": officer.may(Right.PLAN) and row.state == SiteState.CHOSEN and row.operation.state != "closed",
        "may_stop": officer.may(Right.STOP) and row.state == SiteState.CHOSEN, "stops": row.stops.order_by("-at"),
        "form": SiteForm(initial={"wave": row.wave, "priority": row.priority, "children_expected": child, "expect": row.expect}),
        "seen": SeenForm(initial={"by": row.seen_by, "on": row.seen_on}),
        "move": MoveForm(row.operation.teams.filter(district=row.district), initial={"team": row.team}),
    }  # fmt: skip
    return render(request, "operations/site.html", context)


@require_POST
@officer_page(Right.PLAN)
def change_site(request: HttpRequest, site: bytes, what: str) -> HttpResponse:
    """Describe, drop, move a site, or say who has seen the house."""
    officer = officer_of(request)
    row: Site = Site.objects.get_visible(officer, id=site)
    if what == "drop":
        planning.drop_site(officer, row, reason=request.POST.get("reason", ""))
    elif what == "seen" and (seen := SeenForm(request.POST)).is_valid():
        planning.house_seen(officer, row, **seen.cleaned_data)
    elif what == "describe" and (form := SiteForm(request.POST)).is_valid():
        given = form.cleaned_data
        planning.describe_site(
            officer,
            row,
            wave=given["wave"],
            priority=given["priority"],
            children_expected=form.child(),
            expect=given["expect"],
        )
    elif what == "move":
        form_ = MoveForm(row.operation.teams.filter(district=row.district), request.POST)
        if form_.is_valid() and form_.cleaned_data["team"]:
            planning.move_site(officer, row, form_.cleaned_data["team"])
    return redirect("operations:site", site=row.id)
