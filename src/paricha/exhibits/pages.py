"""Screens of `exhibits`: register, one exhibit from hand to hand, clocks, papers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.exhibits import papers_of_exhibits, queries, verbs
from paricha.exhibits.clocks import Standing, hours_left
from paricha.exhibits.events import Event
from paricha.exhibits.forms import ClockForm, HandForm, ReceiveForm
from paricha.exhibits.models import Clock, Custody, Exhibit
from paricha.grounds.refusals import Refused
from paricha.operations.models import Site
from paricha.screens.lists import Column, Empty, ListPage, View
from paricha.screens.shapes import state

RIGHTS = (Right.CUSTODY, Right.CASES, Right.BRIEF, Right.PLAN)
CLOCK_GRADES = {
    Standing.DONE: "good", Standing.DONE_LATE: "warn", Standing.RUNNING: "neutral", Standing.SOON: "warn",
    Standing.LATE: "stop",
}  # fmt: skip


def _officer(request: HttpRequest) -> Officer:
    officer: Officer = request.officer  # type: ignore[attr-defined]
    return officer


def clock_words(clock: Clock, now: datetime) -> str:
    """How a clock stands, in words with hours."""
    stand = queries.clock_standing(clock, now)
    if stand is Standing.DONE:
        return _("Done in time")
    if stand is Standing.DONE_LATE:
        return _("Done late")
    if clock.due_at is None:
        return _("Runs for {hours} h").format(hours=int((now - clock.since).total_seconds() // 3600))
    left = hours_left(clock.due_at, now)
    return _("{hours} h late").format(hours=-left) if left < 0 else _("{hours} h left").format(hours=left)


def clock_shown(clock: Clock) -> Any:
    """The clock as a state."""
    now = timezone.now()
    return state(clock_words(clock, now), CLOCK_GRADES[queries.clock_standing(clock, now)])


def _where(row: Exhibit) -> Any:
    move = queries.open_move(row)
    if move is not None:
        return state(_("On its way to {name}").format(name=move.to.name), "warn")
    return queries.holder(row)


def _mark_shown(row: Exhibit) -> Any:
    return state(_("{mark}: twice").format(mark=row.mark), "hold") if row.clash else row.mark


LIST = ListPage(
    name="exhibits",
    title=gettext_lazy("Exhibits"),
    columns=[
        Column("number", gettext_lazy("Number"), link=lambda row: reverse("exhibits:one", args=[row.id]), sort="number"),
        Column("mark", gettext_lazy("Mark"), show=lambda row: _mark_shown(row)),
        Column("what", gettext_lazy("What"), lambda row: " ".join(p for p in (row.type, row.make, row.model) if p)),
        Column("site", gettext_lazy("Site"), lambda row: str(row.site)),
        Column("unit", gettext_lazy("District"), "unit.name", sort="unit__name"),
        Column("seized_at", gettext_lazy("Seized"), sort="seized_at"),
        Column("seal_number", gettext_lazy("Seal")),
        Column("holder", gettext_lazy("In the hands of"), queries.holder, show=_where),
    ],
    views=[
        View("all", gettext_lazy("All")),
        View("moving", gettext_lazy("On its way"), {"moves__isnull": False, "moves__received_at": None}),
        View("team", gettext_lazy("Still with the team"), {"moves": None}),
        View("clash", gettext_lazy("Mark given twice"), {"clash": True}),
    ],
    search=("number", "mark", "seal_number", "serial", "imei", "make", "model"),
    order="-number",
    empty=Empty(gettext_lazy("No exhibit yet."), gettext_lazy("Exhibits come in by themselves from the teams' reports.")),
    template="exhibits/list.html",
    on_read=lambda request, rows, how: read(request.officer, Event.LISTED, *(rows if how == "screen" else ()), how=how),
)  # fmt: skip


@officer_page(any_of=RIGHTS)
def list_page(request: HttpRequest) -> HttpResponse:
    """The register; what waits for this officer's hand stands above."""
    officer = _officer(request)
    late = len(queries.late(officer))
    return LIST.answer(request, queries.exhibits(officer), to_confirm=queries.to_confirm(officer), late=late)


@officer_page(any_of=RIGHTS)
def one(request: HttpRequest, exhibit: bytes) -> HttpResponse:
    """From hand to hand, seals, clocks, papers."""
    officer = _officer(request)
    row = queries.exhibit_seen(officer, exhibit)
    read(officer, Event.READ, row)
    return _one(request, row)


def _hands(row: Exhibit) -> list[dict[str, Any]]:
    """From hand to hand, oldest first: who, from whom, what for, with which seal."""
    first = {
        "at": row.seized_at, "icon": "box", "who": _("Seized by {name}").format(name=row.seized_by),
        "rest": _("in {room}").format(room=row.room), "seal": row.seal_number,
    }  # fmt: skip
    steps, seal = [first], row.seal_number
    for number, move in enumerate(row.moves.all()):
        rest = _("for the team, {purpose}, {place}") if number == 0 else _("{purpose}, {place}")
        step = {
            "at": move.received_at or move.given_at, "icon": "hand",
            "who": _("{giver} to {receiver}").format(giver=move.giver.name, receiver=move.to.name),
            "rest": rest.format(purpose=move.purpose, place=move.place), "words": move.seal_words,
        }  # fmt: skip
        if move.received_at is None:
            step |= {"now": True, "icon": "clock", "state": _("Wants the second hand"), "grade": "hold", "seal": seal}
        else:
            whole = move.seal_found == seal
            step |= {
                "state": _("Seal whole") if whole else _("Seal differs"),
                "grade": "good" if whole else "warn",
                "seal": move.seal_found,
            }
            seal = move.seal_found
        steps.append(step)
    return steps


def _stated(row: Exhibit) -> list[tuple[str, Any]]:
    """The thing as the team stated it."""
    return [
        (_("What"), " ".join(p for p in (row.type, row.make, row.model) if p)), (_("Colour"), row.colour or None),
        (_("IMEI"), row.imei or None), (_("Serial"), row.serial or None), (_("Found in"), row.room),
        (_("Power"), row.power or None), (_("Seal at seizure"), row.seal_number), (_("eSakshya SID"), row.recording or None),
        (_("Copy given to the occupant"), row.copy_given), (_("Witnesses"), row.witnesses.splitlines()),
        (_("Hash at seizure"), f"{row.hash_algorithm} {row.hash_value}".strip() or None), (_("Words"), row.words or None),
    ]  # fmt: skip


def _one(request: HttpRequest, row: Exhibit, **more: Any) -> HttpResponse:
    officer = _officer(request)
    move = queries.open_move(row)
    moves = list(row.moves.all())
    holds = not moves or (move is None and moves[-1].to_id == officer.pk)
    context = {
        "exhibit": row,
        "facts": _stated(row),
        "hands": _hands(row),
        "steps": len(moves) + 1,
        "move": move,
        "holder": queries.holder(row),
        "mine_to_confirm": move is not None and move.to_id == officer.pk,
        "may": officer.may(Right.CUSTODY),
        "may_hand": officer.may(Right.CUSTODY) and holds,
        "hand_form": HandForm(officer),
        "receive_form": ReceiveForm(),
        "clocks": [(clock, clock_shown(clock)) for clock in row.site.clocks.order_by("kind")],
        "marks": row.mark_decisions.select_related("officer").order_by("at"),
        "label_lines": [f"{row.site.operation.number} / {row.site.number}", row.mark, _("Seal {n}").format(n=row.seal_number)],
    } | more  # fmt: skip
    return render(request, "exhibits/one.html", context, status=409 if more.get("refusal") else 200)


@require_POST
@officer_page(Right.CUSTODY)
def hand_over(request: HttpRequest, exhibit: bytes) -> HttpResponse:
    """The giver's hand."""
    officer = _officer(request)
    row = queries.exhibit_seen(officer, exhibit)
    form = HandForm(officer, request.POST)
    if not form.is_valid():
        return _one(request, row, hand_form=form)
    given = form.cleaned_data
    try:
        verbs.hand_over(officer, row, to=given["to"], purpose=given["purpose"], place=given["place"])
    except Refused as refused:
        return _one(request, row, hand_form=form, refusal=refused.refusal)
    return redirect("exhibits:one", exhibit=row.id)


@require_POST
@officer_page(Right.CUSTODY)
def receive(request: HttpRequest, move: bytes) -> HttpResponse:
    """The second hand."""
    officer = _officer(request)
    row = (
        Custody.objects.filter(pk=move, to=officer)
        .select_related("exhibit__site__operation", "exhibit__unit", "to")
        .first()
    )
    if row is None:
        raise Refused("ACCESS-NOT-VISIBLE", _("There is no such move for you."), _("Go to the register."))
    form = ReceiveForm(request.POST)
    if not form.is_valid():
        return _one(request, row.exhibit, receive_form=form)
    given = form.cleaned_data
    try:
        verbs.receive(officer, row, label=given["label"], seal=given["seal"], seal_words=given["seal_words"])
    except Refused as refused:
        return _one(request, row.exhibit, receive_form=form, refusal=refused.refusal)
    return redirect("exhibits:one", exhibit=row.exhibit.id)


@require_POST
@officer_page(Right.CUSTODY)
def mark(request: HttpRequest, exhibit: bytes) -> HttpResponse:
    """Another mark for one of two that carry the same."""
    officer = _officer(request)
    row = queries.exhibit_seen(officer, exhibit)
    verbs.decide_mark(officer, row, mark=request.POST.get("mark", ""), reason=request.POST.get("reason", ""))
    return redirect("exhibits:one", exhibit=row.id)


@require_POST
@officer_page(Right.CUSTODY)
def sem(request: HttpRequest, exhibit: bytes) -> HttpResponse:
    """Sexually explicit material is on it: red label and locker from now on."""
    row = verbs.say_sem(_officer(request), queries.exhibit_seen(_officer(request), exhibit))
    return redirect("exhibits:one", exhibit=row.id)


CLOCKS = ListPage(
    name="clocks",
    title=gettext_lazy("Clocks"),
    columns=[
        Column("site", gettext_lazy("Site"), lambda row: str(row.site), link=lambda row: reverse("exhibits:clock", args=[row.id])),
        Column("unit", gettext_lazy("District"), "site.district.name"),
        Column("kind", gettext_lazy("Duty"), lambda row: row.get_kind_display()),
        Column("since", gettext_lazy("Since")),
        Column("due_at", gettext_lazy("Limit"), show=lambda row: row.due_at or _("without delay")),
        Column("stands", gettext_lazy("Stands"), lambda row: clock_words(row, timezone.now()), show=clock_shown),
        Column("words", gettext_lazy("What was done"), lambda row: row.words or ""),
    ],
    views=[
        View("open", gettext_lazy("Running"), {"done_at": None}),
        View("late", gettext_lazy("Late"), lambda rows: rows.filter(done_at=None, due_at__lt=timezone.now())),
        View("all", gettext_lazy("All")),
    ],
    empty=Empty(gettext_lazy("No clock runs."), gettext_lazy("A clock starts by itself when a team enters a site.")),
    on_read=lambda request, rows, how: read(request.officer, Event.LISTED, how=how),
)  # fmt: skip


@officer_page(any_of=RIGHTS)
def clocks(request: HttpRequest) -> HttpResponse:
    """All clocks, the most pressing first; a late one says how late."""
    lead = _("Both run from the search: copies to the Magistrate within 48 hours, the recording without delay.")
    return CLOCKS.answer(request, queries.clocks(_officer(request)), lead=lead)


@officer_page(any_of=RIGHTS)
def clock(request: HttpRequest, clock: bytes) -> HttpResponse:
    """One clock; its duty is said to be done here."""
    officer = _officer(request)
    row = queries.clocks(officer).filter(pk=clock).first()
    if row is None:
        raise Refused("ACCESS-NOT-VISIBLE", _("There is no such clock for you."), _("Go to the clocks."))
    may = officer.may(Right.CUSTODY) and row.done_at is None
    refusal = None
    with timezone.override(ZoneInfo(settings.PARICHA.zone)):
        form = ClockForm(request.POST or None, initial={"at": timezone.localtime().replace(second=0, microsecond=0)})
        if request.method == "POST" and form.is_valid():
            try:
                verbs.clock_done(officer, row, at=form.cleaned_data["at"], words=form.cleaned_data["words"])
                return redirect("exhibits:clocks")
            except Refused as refused:
                refusal = refused.refusal
        read(officer, Event.READ, row.site)
        context = {"clock": row, "shown": clock_shown(row), "form": form, "may": may, "refusal": refusal}
        return render(request, "exhibits/clock.html", context, status=409 if refusal else 200)


def _language(request: HttpRequest) -> str:
    """The language asked for of a paper, else that of the screen; a paper is complete in Malayalam and English."""
    asked = request.GET.get("language") or get_language() or "en"
    return asked if asked in ("ml", "en") else "en"


def _pdf(pdf: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'}
    )


@officer_page(any_of=RIGHTS)
def label(request: HttpRequest, exhibit: bytes) -> HttpResponse:
    """The QR label."""
    officer = _officer(request)
    row = queries.exhibit_seen(officer, exhibit)
    read(officer, Event.PAPER_READ, row)
    return _pdf(papers_of_exhibits.labels([row], at=row.seized_at), f"{row.number}-label")


@officer_page(any_of=RIGHTS)
def part_a(request: HttpRequest, exhibit: bytes) -> HttpResponse:
    """BSA s.63 Part A, prefilled."""
    officer = _officer(request)
    row = queries.exhibit_seen(officer, exhibit)
    read(officer, Event.CERTIFICATE_MADE, row)
    return _pdf(
        papers_of_exhibits.certificate_a(row, language=_language(request), at=timezone.now()), f"{row.number}-part-a"
    )


@officer_page(any_of=RIGHTS)
def seizure(request: HttpRequest, site: bytes) -> HttpResponse:
    """The seizure list of a site."""
    officer = _officer(request)
    rows = queries.exhibits(officer).filter(site_id=site)
    found = Site.objects.filter(pk=site).select_related("operation").first()
    if found is None or not (rows.exists() or Site.objects.visible_to(officer).filter(pk=site).exists()):
        raise Refused("ACCESS-NOT-VISIBLE", _("There is no such site for you."), _("Go to the register."))
    read(officer, Event.PAPER_READ, found)
    pdf = papers_of_exhibits.seizure_list(found, language=_language(request), at=timezone.now())
    return _pdf(pdf, f"{found.operation.number}-{found.number}-seizure-list")
