"""What a district is asked and whom it names; teams and their members."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.grounds.refusals import Refusal
from paricha.operations import queries
from paricha.operations.events import Event
from paricha.operations.forms import MoveForm, NominationForm
from paricha.operations.models import Demand, DemandState, Nominee, OperationState, Team
from paricha.operations.nomination_sheet import read_nomination
from paricha.operations.pages.planning import READERS, officer_of
from paricha.operations.ranks import knows_rank
from paricha.operations.verbs import nomination
from paricha.vault.store import keep

GRADES = {"sent": "warn", "nominated": "hold", "accepted": "good", "returned": "stop"}


def _demand(request: HttpRequest, demand: bytes) -> Demand:
    row: Demand = Demand.objects.get_visible(officer_of(request), id=demand)
    return row


@officer_page(any_of=(Right.NOMINATE, Right.PLAN))
def demand(request: HttpRequest, demand: bytes) -> HttpResponse:
    """The demand in numbers, without an address, and the district's answer; post names anew."""
    officer, row = officer_of(request), _demand(request, demand)
    may_name = officer.may(Right.NOMINATE) and row.unit.path.startswith(officer.unit.path)
    form = NominationForm(request.POST or None, request.FILES or None)
    refusals: list[Refusal] = []
    if request.method == "POST" and may_name and form.is_valid():
        refusals = _name(officer, row, form)
        if not refusals:
            return redirect("operations:demand", demand=row.id)
    row.refresh_from_db()
    named = list(row.nominees.select_related("team", "officer").order_by("team__name", "-leads", "name"))
    read(officer, Event.DEMAND_READ, row)
    context = {
        "demand": row, "grade": GRADES[row.state], "form": form, "refusals": refusals, "named": named,
        "unknown_ranks": sorted({one.rank for one in named if not knows_rank(one.rank)}),
        "skills": [("women", row.women, sum(one.woman for one in named)), ("cyber", row.cyber, sum(one.cyber for one in named)),
                   ("technical", row.technical, sum(one.technical for one in named))],
        "may_name": may_name and row.state != DemandState.ACCEPTED,
        "may_judge": officer.may(Right.PLAN) and row.state == DemandState.NOMINATED,
        "may_form": officer.may(Right.PLAN) and row.state == DemandState.ACCEPTED and row.operation.state == OperationState.PLANNING,
    }  # fmt: skip
    return render(request, "operations/demand.html", context, status=422 if refusals else 200)


def _name(officer: Officer, row: Demand, form: NominationForm) -> list[Refusal]:
    """Nominate the good lines of the sheet; the bad ones come back as refusals. The sheet is kept as an original."""
    upload = form.cleaned_data["file"]
    data: bytes = upload.read() if upload else form.cleaned_data["pasted"].encode()
    name = upload.name if upload else "pasted.csv"
    lines, refusals = read_nomination(data, file=name, district=row.unit.name)
    keep(data, name=name, unit=officer.unit)
    accounts = dict(
        Officer.objects.filter(active=True, unit__path__startswith=row.unit.path).values_list("name", "id16")
    )
    if lines:
        people = [
            nomination.Named(one.name, one.rank, one.woman, one.cyber, one.technical, accounts.get(one.name))
            for one in lines
        ]  # fmt: skip
        nomination.nominate(officer, row, people)
    return refusals


@require_POST
@officer_page(Right.PLAN)
def judge(request: HttpRequest, demand: bytes, what: str) -> HttpResponse:
    """Accept or return a nomination, form the district's teams."""
    officer, row = officer_of(request), _demand(request, demand)
    if what == "accept":
        nomination.accept(officer, row)
        nomination.form_teams(officer, row)
        return redirect("operations:one", operation=row.operation_id)
    if what == "return":
        nomination.return_nomination(officer, row, reason=request.POST.get("reason", ""))
    elif what == "form":
        nomination.form_teams(officer, row)
        return redirect("operations:one", operation=row.operation_id)
    return redirect("operations:demand", demand=row.id)


@officer_page(any_of=READERS)
def team(request: HttpRequest, team: bytes) -> HttpResponse:
    """A team: members, what it lacks, sites, packages."""
    officer = officer_of(request)
    row: Team = Team.objects.get_visible(officer, id=team)
    read(officer, Event.TEAM_READ, row)
    others = row.operation.teams.filter(district=row.district)
    may_move = officer.may(Right.PLAN) and row.operation.state in ("planning", "frozen", "sealed")
    members = [
        (
            one,
            list(one.officer.devices.filter(revoked_at__isnull=True)) if one.officer else [],
            MoveForm(others, initial={"team": row}),
        )
        for one in row.members.select_related("officer").order_by("-leads", "name")
    ]
    reserve = Nominee.objects.filter(demand__operation=row.operation, demand__unit=row.district, team=None).order_by(
        "name"
    )
    context = {
        "team": row, "operation": row.operation, "members": members, "reserve": reserve, "may_move": may_move,
        "lacks": [queries.lack_words(lack) for lack in queries.shortfalls_of([row])],
        "sites": row.sites.order_by("wave", "priority", "number"), "packages": row.packages.order_by("-version"),
        "may_seal": officer.may(Right.SEAL) and row.operation.state in ("sealed", "released"),
    }  # fmt: skip
    return render(request, "operations/team.html", context)


@require_POST
@officer_page(Right.PLAN)
def move_member(request: HttpRequest, team: bytes, nominee: bytes) -> HttpResponse:
    """Put a member into another team of the district, or into reserve."""
    officer = officer_of(request)
    row: Team = Team.objects.get_visible(officer, id=team)
    member: Nominee = Nominee.objects.get_visible(officer, id=nominee, demand__operation=row.operation)
    form = MoveForm(row.operation.teams.filter(district=row.district), request.POST)
    if form.is_valid():
        nomination.move_member(officer, member, form.cleaned_data["team"])
    return redirect("operations:team", team=row.id)
