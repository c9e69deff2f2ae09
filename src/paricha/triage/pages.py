"""The queue by keyboard: the list, the preview beside it, take, decide, undo; and the rules in force."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.grounds.instants import from_epoch
from paricha.intake.document import TipDocument, plain_reading
from paricha.records.models import Tip
from paricha.records.queries import document_of
from paricha.screens import moments, parts
from paricha.screens.controls import undo_toast
from paricha.screens.list_filters import Choice
from paricha.screens.lists import Column, Empty, ListPage, View
from paricha.screens.shapes import state
from paricha.triage import queries, verbs
from paricha.triage.events import Event
from paricha.triage.models import WAITING, Decision, Rank, State, Verdict
from paricha.triage.scoring import Reason, shipped_rules

GRADES = {
    State.UNREAD: ("neutral", "clock"),
    State.TAKEN: ("neutral", "person"),
    State.AGAIN: ("warn", ""),
    State.DECIDED: ("good", ""),
    State.SENT: ("neutral", "send"),
    State.BACK: ("hold", ""),
}


def state_shown(row: Rank) -> Any:
    """The state with its shape, and who has the tip."""
    shape = GRADES[State(row.state)]
    holder = row.taken_by.name if row.taken_by else _("no officer yet")
    return format_html("{}<br><small>{}</small>", state(row.get_state_display(), *shape), holder)


def tip_shown(row: Rank) -> Any:
    """Number, reporter and the day of receipt."""
    reporter = row.tip.reporter or _("reporter not stated")
    day = moments.short_words(from_epoch(row.tip.received_at)) if row.tip.received_at else _("day not stated")
    return format_html(
        '<a href="{}" data-open-row><b>{}</b></a><br><small>{} · {}</small>', _tip_url(row.id16), row.tip, reporter, day
    )


def _tip_url(tip: bytes) -> str:
    return reverse("records:tip", args=[tip])


def why_shown(row: Rank) -> Any:
    """The three weightiest reasons."""
    known = [one for one in queries.reasons_of(row) if one.known and one.points]
    strongest = sorted(known, key=lambda one: -abs(one.points))[:3]
    return parts.reasons([_reason(one) for one in strongest])


def _reason(one: Reason) -> dict[str, Any]:
    words = {rule.code: rule.words for rule in shipped_rules().rule}
    return {"rule": words.get(one.code, one.code), "points": one.points}


QUEUE = ListPage(
    name="queue",
    title=gettext_lazy("Queue"),
    columns=[
        Column("tip", gettext_lazy("Tip"), lambda row: str(row.tip), show=tip_shown),
        Column("reporter", gettext_lazy("Reporter"), "tip.reporter", on_screen=False),
        Column("axes", parts.axes_head, queries.axes_of, show=lambda row: parts.axes(queries.axes_of(row)),
               export=lambda row: " ".join(f"{axis}={n}" for axis, n in queries.axes_of(row).items())),
        Column("why", gettext_lazy("Why here"), queries.reasons_of, show=why_shown,
               export=lambda row: " ".join(one["words"] for one in queries.plain_reasons(queries.reasons_of(row)))),
        Column("completeness", gettext_lazy("Complete"), show=lambda row: parts.share(row.completeness)),
        Column("rank", gettext_lazy("Rank"), number=True, sort="rank", on_screen=False),
        Column("state", gettext_lazy("State"), "state", show=state_shown),
    ],
    filters=[Choice("state", gettext_lazy("State"), State.choices)],
    views=[
        View("waiting", gettext_lazy("Waiting"), {"state__in": WAITING}),
        View("top", gettext_lazy("To the top by a rule"), {"state__in": WAITING, "top": True}),
        View("again", gettext_lazy("New facts"), {"state__in": [State.AGAIN, State.BACK]}),
        View("all", gettext_lazy("All"), counted=False),
    ],
    search=("tip__report_number__startswith", "tip__reporter__icontains"),
    order="-rank",
    paging="keyset",
    watch_s=15,
    preview=lambda row: reverse("triage:preview", args=[row.id16]),
    empty=Empty(gettext_lazy("No tip waits."), gettext_lazy("New tips come from Intake.")),
    template="triage/queue.html",
)  # fmt: skip


@officer_page(Right.READ_RECORDS)
def queue(request: HttpRequest) -> HttpResponse:
    """The queue, the first row's preview beside it."""
    officer = _officer(request)
    read(officer, Event.QUEUE_READ)
    rows = queries.queue(officer)
    if request.GET.get("view") == "mine":
        rows = rows.filter(taken_by=officer)
    first = queries.next_after(officer, None)
    return QUEUE.answer(
        request, rows, rules_version=shipped_rules().version, waiting=queries.waiting(officer) or 0,
        first_preview=reverse("triage:preview", args=[first.id16]) if first else "",
        list_note=_("Risk: child at risk now. Solve: solvability. Grave: seriousness and scale. Past: history and "
                    "access. Completeness never moves the rank."),
    )  # fmt: skip


def _officer(request: HttpRequest) -> Officer:
    officer: Officer = request.officer  # type: ignore[attr-defined]
    return officer


def _rank(request: HttpRequest, tip: bytes) -> Rank:
    row: Rank = Rank.objects.get_visible(_officer(request), id16=tip)
    return row


@officer_page(Right.READ_RECORDS)
def start(request: HttpRequest) -> HttpResponse:
    """Open the first waiting tip."""
    first = queries.next_after(_officer(request), None)
    return redirect(_tip_url(first.id16) if first else reverse("triage:queue"))


@officer_page(Right.READ_RECORDS)
def following(request: HttpRequest, tip: bytes) -> HttpResponse:
    """Open the waiting tip below this one."""
    row = queries.next_after(_officer(request), _rank(request, tip))
    return redirect(_tip_url(row.id16) if row else reverse("triage:queue"))


@officer_page(Right.READ_RECORDS)
def preview(request: HttpRequest, tip: bytes) -> HttpResponse:
    """One tip beside the list."""
    row = _rank(request, tip)
    read(_officer(request), Event.PREVIEW_READ, row.tip)
    document = document_of(row.tip)
    return render(request, "triage/preview.html", why_context(row) | {"summary": summary(document)})


def summary(document: TipDocument) -> list[tuple[str, Any]]:
    """What the preview says of a tip, in the order in which an analyst asks."""
    suspects = [one for one in document.people if one.role == "suspect"]
    ported = sum(1 for one in document.sightings if one.port is not None)
    names = [leaf for one in suspects for account in one.accounts for leaf in [account.screen_name or account.user_id] if leaf]
    return [
        (_("Reporter"), plain_reading(document, document.reporter_name)),
        (_("Incident"), plain_reading(document, document.incident_at)),
        (_("Suspects"), ngettext("{n} suspect", "{n} suspects", len(suspects)).format(n=len(suspects))),
        *[(_("Account"), plain_reading(document, leaf)) for leaf in names[:3]],
        (_("Addresses"), _("{n} events, {p} with port").format(n=len(document.sightings), p=ported)),
        (_("Files"), ngettext("{n} file", "{n} files", len(document.files)).format(n=len(document.files))),
    ]


def why_context(row: Rank) -> dict[str, Any]:
    """What `triage/why.html` needs: also the tab on the tip's page."""
    return {
        "rank": row,
        "shown_state": state_shown(row),
        "axes": queries.axes_of(row),
        "why": queries.plain_reasons(queries.reasons_of(row)),
        "decisions": queries.decisions(row.tip),
        "verdicts": Verdict.choices,
    }


def tab_context(request: HttpRequest, tip: Tip) -> dict[str, Any]:
    """The tab “Why here” of a tip's page."""
    row = Rank.objects.visible_to(_officer(request)).filter(id16=tip.id16).select_related("tip", "taken_by").first()
    return why_context(row) if row else {"rank": None}


@require_POST
@officer_page(Right.DECIDE_TIPS)
def take(request: HttpRequest, tip: bytes) -> HttpResponse:
    """Take the tip in hand and open it."""
    row = _rank(request, tip)
    verbs.take_tip(_officer(request), row.tip)
    return redirect(_tip_url(tip))


@require_POST
@officer_page(Right.DECIDE_TIPS)
def give_back(request: HttpRequest, tip: bytes) -> HttpResponse:
    """Back into the queue."""
    verbs.give_back(_officer(request), _rank(request, tip).tip)
    return redirect("triage:queue")


@require_POST
@officer_page(Right.DECIDE_TIPS)
def decide(request: HttpRequest, tip: bytes) -> HttpResponse:
    """The verdict; then the next tip, with ten seconds to undo."""
    row, given = _rank(request, tip), request.POST.get("verdict", "")
    if given not in Verdict.values:
        return redirect(_tip_url(tip))
    made = verbs.decide_tip(_officer(request), row.tip, verdict=Verdict(given), reason=request.POST.get("reason", ""))
    words = _("{tip}: {verdict}").format(tip=row.tip, verdict=made.get_verdict_display())
    if request.headers.get("HX-Request"):
        return HttpResponse(undo_toast(words, reverse("triage:undo", args=[made.id])))
    following_row = queries.next_after(_officer(request), row)
    return redirect(_tip_url(following_row.id16) if following_row else reverse("triage:queue"))


@require_POST
@officer_page(Right.DECIDE_TIPS)
def undo(request: HttpRequest, decision: bytes) -> HttpResponse:
    """Take the verdict back."""
    made = Decision.objects.filter(pk=decision, officer=_officer(request)).first()
    if made is None:
        return redirect("triage:queue")
    verbs.undo_decision(_officer(request), made)
    return redirect(_tip_url(made.tip))


@officer_page(Right.READ_RECORDS)
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force, read only: each with its axis, points and words."""
    read(_officer(request), Event.RULES_READ)
    law = shipped_rules()
    weights = [(parts.axis_words(axis), getattr(law.weights, axis)) for axis in law.weights.__struct_fields__]
    rows = [(rule, parts.axis_words(rule.axis)) for rule in law.rule]
    return render(request, "triage/rules.html", {"law": law, "weights": weights, "rows": rows})
