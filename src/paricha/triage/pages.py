"""The queue by keyboard: the list, the preview beside it, take, give back, decide, undo; the rules in force."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.grounds.instants import from_epoch
from paricha.grounds.refusals import Refused
from paricha.intake.document import TipDocument, plain_reading
from paricha.linking.queries import links_of
from paricha.records.models import Tip
from paricha.records.queries import document_of
from paricha.screens import moments, parts, places
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
    short = next((rule.short for rule in shipped_rules().rule if rule.code == one.code), one.code)
    return {"rule": _(short), "points": one.points}


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
    on_read=lambda request, rows, how: read(
        request.officer, Event.QUEUE_READ, *(row.tip for row in rows) if how == "screen" else (), how=how
    ),
)  # fmt: skip


@officer_page(Right.READ_RECORDS)
def queue(request: HttpRequest) -> HttpResponse:
    """The queue, the first row's preview beside it."""
    officer = _officer(request)
    mine = View("mine", gettext_lazy("In your hands"), {"state__in": WAITING, "taken_by": officer})
    page = replace(QUEUE, views=[QUEUE.views[0], mine, *QUEUE.views[1:]])
    return page.answer(
        request, queries.queue(officer), rules_version=shipped_rules().version, waiting=queries.waiting(officer) or 0,
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
def previous(request: HttpRequest, tip: bytes) -> HttpResponse:
    """Open the waiting tip above this one."""
    row = queries.before(_officer(request), _rank(request, tip))
    return redirect(_tip_url(row.id16) if row else reverse("triage:queue"))


@officer_page(Right.READ_RECORDS)
def preview(request: HttpRequest, tip: bytes) -> HttpResponse:
    """One tip beside the list."""
    row = _rank(request, tip)
    read(_officer(request), Event.PREVIEW_READ, row.tip)
    document = document_of(row.tip)
    linked = _linked(_officer(request), row.tip)
    context = why_context(_officer(request), row) | {"summary": [*summary(document), (_("Linked"), linked)]}
    return render(request, "triage/preview.html", context)


def _linked(officer: Officer, tip: Tip) -> Any:
    """The other tips that a link joins to this one, as the officer may see them: three, and how many more."""
    found = {link.tip if link.first_id == tip.pk else link.first: None for link in links_of(officer, tip)[:20]}
    if not found:
        return _("no other tip")
    some = format_html_join(", ", '<a href="{}">{}</a>', ((_tip_url(one.id16), one) for one in list(found)[:3]))
    return format_html("{}{}", some, f" +{len(found) - 3}" if len(found) > 3 else "")


def summary(document: TipDocument) -> list[tuple[str, Any]]:
    """What the preview says of a tip, in the order in which an analyst asks."""
    suspects = [one for one in document.people if one.role == "suspect"]
    ported = sum(1 for one in document.sightings if one.port is not None)
    names = [
        leaf
        for one in suspects
        for account in one.accounts
        for leaf in [account.screen_name or account.user_id]
        if leaf
    ]
    return [
        (_("Reporter"), plain_reading(document, document.reporter_name)),
        (_("Incident"), plain_reading(document, document.incident_type)),
        (_("Incident at"), _time_shown(plain_reading(document, document.incident_at))),
        (_("Suspects"), ngettext("{n} suspect", "{n} suspects", len(suspects)).format(n=len(suspects))),
        *[(_("Account"), plain_reading(document, leaf)) for leaf in names[:3]],
        (
            _("Addresses"),
            ngettext("{n} event, {p} with port", "{n} events, {p} with port", len(document.sightings)).format(
                n=len(document.sightings), p=ported
            ),
        ),
        (_("Files"), ngettext("{n} file", "{n} files", len(document.files)).format(n=len(document.files))),
    ]


def _time_shown(reading: Any) -> Any:
    """A time that wraps in the narrow preview; one without an instant as it is."""
    known = moments.moment(reading["value"]) if reading else None
    if known is None or known.utc is None:
        return reading
    words = moments.local_words(known.utc, known.precision)
    return format_html(
        "{}<br><small>{}</small> {}",
        words,
        moments.utc_words(known.utc, known.precision),
        places.place(reading["locator"]),
    )


def why_context(officer: Officer, row: Rank) -> dict[str, Any]:
    """What `triage/why.html` needs: also the tab on the tip's page."""
    mine = row.taken_by_id == officer.pk
    may = officer.may(Right.DECIDE_TIPS)
    return {
        "may_take": may and row.taken_by_id is None,
        "may_decide_tip": may and (mine or row.taken_by_id is None),
        "mine": mine,
        "may_send": officer.may(Right.DISPATCH),
        "needs_reason": [value for value in Verdict.values if value in verbs.NEEDS_REASON],
        "rank": row,
        "shown_state": state_shown(row),
        "axes": [(parts.axis_words(axis), score) for axis, score in queries.axes_of(row).items()],
        "why": queries.plain_reasons(queries.reasons_of(row)),
        "decisions": queries.decisions(row.tip),
        "verdicts": Verdict.choices,
    }


def tab_context(officer: Officer, tip: Tip) -> dict[str, Any]:
    """The tab “Why here” of a tip's page."""
    row = Rank.objects.visible_to(officer).filter(id16=tip.id16).select_related("tip", "taken_by").first()
    return why_context(officer, row) | {"on_the_tip": True} if row else {"rank": None}


@require_POST
@officer_page(Right.DECIDE_TIPS)
def take(request: HttpRequest, tip: bytes) -> HttpResponse:
    """Take the tip in hand and open it where it is decided."""
    row = _rank(request, tip)
    verbs.take_tip(_officer(request), row.tip)
    return redirect(_tip_url(tip) + "?tab=why")


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
        raise Refused("TRIAGE-VERDICT", _("No verdict was chosen."), _("Choose one of the six."))
    made = verbs.decide_tip(_officer(request), row.tip, verdict=Verdict(given), reason=request.POST.get("reason", ""))
    words = _("{tip}: {verdict}").format(tip=row.tip, verdict=made.get_verdict_display())
    back = undo_toast(words, reverse("triage:undo", args=[made.id]), get_token(request), oob=False)
    messages.success(request, back, extra_tags="toast")
    following_row = queries.next_after(_officer(request), row)
    return redirect(_tip_url(following_row.id16) if following_row else reverse("triage:queue"))


@require_POST
@officer_page(Right.DECIDE_TIPS)
def undo(request: HttpRequest, decision: bytes) -> HttpResponse:
    """Take the verdict back."""
    made = Decision.objects.filter(pk=decision, officer=_officer(request)).first()
    if made is None:
        raise Refused("TRIAGE-NOT-TAKEN", _("Only your own last verdict can be undone."), _("Decide anew instead."))
    verbs.undo_decision(_officer(request), made)
    return redirect(_tip_url(made.tip) + "?tab=why")


@officer_page(Right.READ_RECORDS)
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force, read only: each with its axis, points and words."""
    read(_officer(request), Event.RULES_READ)
    law = shipped_rules()
    weights = [(parts.axis_words(axis), getattr(law.weights, axis)) for axis in law.weights.__struct_fields__]
    rows = [(rule, parts.axis_words(rule.axis), _(rule.words)) for rule in law.rule]
    return render(request, "triage/rules.html", {"law": law, "weights": weights, "rows": rows})
