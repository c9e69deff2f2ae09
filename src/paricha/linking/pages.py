"""Screens of `linking`: what is proposed, one link with both tips side by side, the officer's word."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.grounds.refusals import Refused
from paricha.intake.document import TipDocument, leaves, plain_reading
from paricha.linking import queries, verbs
from paricha.linking.events import Event
from paricha.linking.models import Link, LinkDecision, Verdict
from paricha.records.facts import role_words
from paricha.records.models import Selector, Tip
from paricha.records.pages.tip import shared_selectors
from paricha.records.queries import document_of
from paricha.screens.list_filters import Choice
from paricha.screens.lists import Column, Empty, ListPage, View
from paricha.screens.shapes import state

SHOWN = 50
GRADES = {Verdict.SAME: "good", Verdict.DIFFERENT: "stop", Verdict.UNDECIDED: "hold"}


def word_shown(word: str | None) -> object:
    """The officer's word on a link as a state."""
    if word is None:
        return state(_("Not decided"), "warn")
    return state(Verdict(word).label, GRADES[Verdict(word)])


def kind_words(kind: str) -> str:
    """What a shared selector is, in words."""
    return {"account": _("Account"), "device": _("Device")}.get(kind, kind)


def _tip_url(tip: Tip) -> str:
    return reverse("records:tip", args=[tip.id16])


LIST = ListPage(
    name="links",
    title=gettext_lazy("Links"),
    columns=[
        Column("why", gettext_lazy("Why"), lambda row: queries.words_of(row.rule),
               link=lambda row: reverse("linking:one", args=[row.id16])),
        Column("kind", gettext_lazy("Kind"), lambda row: kind_words(row.selector.kind)),
        Column("selector", gettext_lazy("Selector"), "selector.shown"),
        Column("first", gettext_lazy("Tip"), lambda row: str(row.first), link=lambda row: _tip_url(row.first)),
        Column("tip", gettext_lazy("and tip"), lambda row: str(row.tip), link=lambda row: _tip_url(row.tip)),
        Column("strength", gettext_lazy("Strength, %"), number=True, sort="strength"),
        Column("sharing", gettext_lazy("Tips that share it"), number=True, sort="sharing"),
        Column("word", gettext_lazy("Decision"), show=lambda row: word_shown(row.word), export=lambda row: row.word or ""),
    ],
    filters=[Choice("rule", gettext_lazy("Rule"), [("L01", gettext_lazy("Account")), ("L02", gettext_lazy("Device"))])],
    views=[
        View("open", gettext_lazy("Not decided"), {"word": None}),
        View("same", gettext_lazy("Same person"), {"word": Verdict.SAME}),
        View("all", gettext_lazy("All")),
    ],
    search=("selector__normal_form", "tip__report_number", "first__report_number"),
    order="-strength",
    empty=Empty(
        gettext_lazy("No two tips share an account or device."),
        gettext_lazy("Links are proposed as tips come in; nothing has to be started."),
    ),
    on_read=lambda request, rows, how: read(request.officer, Event.LISTED, how=how),
)  # fmt: skip


@officer_page(Right.READ_RECORDS)
def list_page(request: HttpRequest) -> HttpResponse:
    """What is proposed."""
    return LIST.answer(request, queries.links(request.officer))  # type: ignore[attr-defined]


def _found(request: HttpRequest, link: bytes) -> Link:
    row = queries.links(request.officer).filter(id16=link).first()  # type: ignore[attr-defined]
    if row is None:
        raise Refused("LINKING-GONE", _("The link is no longer proposed, or not for you to see."), _("Go to the list."))
    return row


def shared_readings(document: TipDocument, selector: Selector) -> list[dict[str, Any]]:
    """Where in a tip the shared selector stands: every leaf whose text is the selector's own value."""
    wanted = selector.shown.casefold()
    return [
        plain
        for leaf in leaves(document)
        if (plain := plain_reading(document, leaf)) and str(plain["value"]).strip().casefold().lstrip("@") == wanted
    ]


def _side(tip: Tip, selector: Selector) -> dict[str, Any]:
    document = document_of(tip)
    people = [person for person in document.people if person.role == "suspect"]
    return {
        "tip": tip,
        "shared": shared_readings(document, selector),
        "facts": [
            (role_words(person), [plain_reading(document, leaf) for leaf in
             [*person.names, *[a.screen_name for a in person.accounts if a.screen_name], *person.phones, *person.emails]])
            for person in people
        ],
        "seen": len(document.sightings),
    }  # fmt: skip


@officer_page(Right.READ_RECORDS)
def one(request: HttpRequest, link: bytes) -> HttpResponse:
    """Both tips side by side: what they share, and what else they say."""
    officer = request.officer  # type: ignore[attr-defined]
    row = _found(request, link)
    read(officer, Event.READ, row.tip, row.first)
    context = {
        "link": row,
        "why": queries.words_of(row.rule),
        "kind": kind_words(row.selector.kind),
        "may": officer.may(Right.DECIDE_TIPS),
        "standing": word_shown(row.word),
        "sides": [_side(row.first, row.selector), _side(row.tip, row.selector)],
        "decisions": LinkDecision.objects.filter(link=row.id16).select_related("officer").order_by("-at"),
        "verdicts": Verdict.choices,
    }
    return render(request, "linking/one.html", context)


def tab_context(officer: Officer, tip: Tip) -> dict[str, Any]:
    """The tab “Links” of a tip's page: judged links first, then every selector that it shares."""
    judged = [
        {"link": link, "other": link.first if link.tip_id == tip.pk else link.tip, "why": queries.words_of(link.rule),
         "word": word_shown(link.word)}
        for link in queries.links_of(officer, tip)[:SHOWN]
    ]  # fmt: skip
    return shared_selectors(officer, tip) | {"judged": judged}


@require_POST
@officer_page(Right.DECIDE_TIPS)
def decide(request: HttpRequest, link: bytes) -> HttpResponse:
    """The officer's word, with its reason."""
    officer = request.officer  # type: ignore[attr-defined]
    row = _found(request, link)
    given = request.POST.get("verdict", "")
    if given not in Verdict.values:
        raise Refused("LINKING-WORD", _("Choose what you decide."), _("Same, different, or can't be told."))
    verbs.decide_link(officer, row, verdict=Verdict(given), reason=request.POST.get("reason", ""))
    return redirect("linking:one", link=link)
