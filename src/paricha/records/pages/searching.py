"""Search: what was found and why; and the searches that an officer keeps."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from paricha.access.models import Officer, Unit
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.scope import units_seen
from paricha.access.verbs_of_the_house import read
from paricha.grounds.folding import query_tokens
from paricha.grounds.instants import from_epoch
from paricha.grounds.selectors import SelectorKind
from paricha.records import saved_searches
from paricha.records.earlier import earlier_matching
from paricha.records.events import Event
from paricha.records.models import SavedSearch, Tip
from paricha.records.pages.earlier import SHOWN, card_of
from paricha.records.pages.kinds import KIND_WORDS
from paricha.records.pages.tips import FORMS, at_shown, tip_url
from paricha.records.queries import merged_many
from paricha.records.saved_searches import drop_search, mute_search, own_searches, save_search
from paricha.records.search import HAS, Asked, Found
from paricha.records.search import search as look_for
from paricha.records.search_reasons import Reason, reasons
from paricha.screens import exports
from paricha.screens.lists import Column, Empty, ListPage
from paricha.screens.shapes import state

LONGEST = 400  # letters of a question
EXPORTED = 1_000  # tips of a sheet
HAS_WORDS = {
    "phone": gettext_lazy("a phone"),
    "address": gettext_lazy("an internet address"),
    "device": gettext_lazy("a device"),
}

RESULTS = ListPage(
    name="search",
    title=gettext_lazy("Search"),
    columns=[
        Column("number", gettext_lazy("Tip"), lambda row: str(row["tip"])),
        Column("received", gettext_lazy("Received"), lambda row: row["at"]),
        Column("reporter", gettext_lazy("Reporter"), "tip.reporter"),
        Column("lead", gettext_lazy("First suspect"), "tip.lead_name"),
        Column("incident", gettext_lazy("Incident"), "tip.incident_type"),
        Column("why", gettext_lazy("Why"), lambda row: "; ".join(one["plain"] for one in row["why"])),
    ],
)


def asked_from(given: Any) -> Asked:
    """What a query string or a form asks."""
    names = Asked.__struct_fields__
    values = {name: given.get("q" if name == "text" else name, "").strip()[:LONGEST] for name in names}
    if values["has"] not in HAS:
        values["has"] = ""
    return Asked(**values)


def query_of(asked: Asked, **more: str) -> str:
    """The question as a query string."""
    plain = msgspec.to_builtins(asked)
    plain = {("q" if name == "text" else name): value for name, value in plain.items()} | more
    return "?" + urlencode({name: value for name, value in plain.items() if value})


@require_safe
@officer_page(Right.READ_RECORDS)
def search(request: HttpRequest) -> HttpResponseBase:
    """Exact selectors first, then words in any script; each tip with why it was found."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    asked, wrong, found = asked_from(request.GET), "", None
    how = request.GET.get("export", "")
    below = request.GET.get("below", "")
    after = int(below) if below.isascii() and below.isdigit() and len(below) < 18 else None
    try:
        if asked.text:
            found = look_for(officer, asked, below=after, **({"limit": EXPORTED} if how in exports.KINDS else {}))
    except ValueError:
        wrong = _("A day is written as 2026-11-24; nothing was looked for.")
    if found is not None:
        read(
            officer, Event.SEARCH_ASKED, tips=len(found.tips), selectors=len(found.selectors), groups=len(found.groups),
            how=how[:8] or "screen",
        )  # fmt: skip
    rows = rows_of(found) if found is not None else []
    if how in exports.KINDS:
        return exports.sheet(RESULTS, rows, how, str(RESULTS.title))
    earlier = earlier_matching(officer, asked.text, limit=SHOWN + 1) if found is not None and after is None else []
    units = Unit.objects.filter(pk__in=units_seen(officer)).order_by("name")
    return render(
        request, "records/search.html",
        {"asked": asked, "found": found, "wrong": wrong, "rows": rows, "first_page": after is None,
         "hits": [hit_shown(one) for one in found.selectors] if found else [],
         "further": query_of(asked, below=str(found.below)) if found and found.more else "",
         "again": query_of(asked), "sheet": query_of(asked, export="xlsx"), "csv": query_of(asked, export="csv"),
         "forms": FORMS, "has": HAS_WORDS.items(), "units": [(str(one.pk), one.name) for one in units],
         "kept": kept_shown(officer), "keep": msgspec.to_builtins(asked), **card_of(officer, [(one, []) for one in earlier])},
    )  # fmt: skip


def rows_of(found: Found) -> list[dict[str, Any]]:
    """The tips with why each was found, what they say of themselves, and where the word stands."""
    wanted, documents = query_tokens(found.asked.text), merged_many(found.tips)
    rows = []
    for tip in found.tips:
        why = [_by_selector(tip, one) for one in found.by.get(tip.pk, [])]
        if tip.pk in found.by and not why:
            why = [
                {"label": _("Report number"), "pieces": [(str(tip), True)], "plain": _("Report number"), "alike": False}
            ]
        if not why:
            why = [_by_word(one) for one in reasons(documents[tip.id16].document, wanted)]
        at = from_epoch(tip.received_at) if tip.received_at is not None else None
        rows.append({"tip": tip, "received": at_shown(tip.received_at), "at": at, "why": why})
    return rows


def _by_selector(tip: Tip, selector: Any) -> dict[str, Any]:
    label = str(KIND_WORDS.get(SelectorKind(selector.kind), selector.kind))
    url = reverse("records:selector", args=[selector.id16])
    return {
        "label": label,
        "pieces": [(selector.shown, True)],
        "plain": f"{label} {selector.shown}",
        "url": url,
        "alike": False,
    }


def _by_word(one: Reason) -> dict[str, Any]:
    plain = f"{one.label}: {''.join(text for text, _marked in one.pieces)}"
    return {"label": one.label, "pieces": one.pieces, "plain": plain, "place": one.place, "alike": one.alike}


def hit_shown(hit: Any) -> dict[str, Any]:
    """A selector that was asked for."""
    return {
        "kind": KIND_WORDS.get(SelectorKind(hit.selector.kind), hit.selector.kind),
        "selector": hit.selector,
        "tips": hit.tips,
        "url": reverse("records:selector", args=[hit.selector.id16]),
    }


# ---- searches that an officer keeps -------------------------------------------------------------------------------
def kept_shown(officer: Officer) -> list[dict[str, Any]]:
    """The officer's saved searches with how much each has told."""
    return [
        {
            "row": one,
            "words": asked_words(officer, saved_searches.asked_of(one)),
            "told": one.told.filter(at__isnull=False).count(),
            "url": reverse("records:saved", args=[one.pk]),
        }
        for one in own_searches(officer)
    ]


def asked_words(officer: Officer, asked: Asked) -> str:
    """A question in words: text, then its filters."""
    units = dict(Unit.objects.filter(pk__in=units_seen(officer)).values_list("pk", "name")) if asked.unit else {}
    said = [
        asked.text,
        _("form {form}").format(form=asked.form.upper()) if asked.form else "",
        _("reporter {name}").format(name=asked.reporter) if asked.reporter else "",
        _("received from {day}").format(day=asked.received_from) if asked.received_from else "",
        _("received to {day}").format(day=asked.received_to) if asked.received_to else "",
        _("has {thing}").format(thing=HAS_WORDS[asked.has]) if asked.has else "",
        _("unit {name}").format(name=units.get(int(asked.unit), asked.unit)) if asked.unit.isdigit() else "",
    ]
    return ", ".join(one for one in said if one)


TOLD = ListPage(
    name="saved-search",
    title=gettext_lazy("Saved search"),
    columns=[
        Column("told", gettext_lazy("Told"), "told"),
        Column("number", gettext_lazy("Tip"), lambda row: str(row["tip"]), link=lambda row: tip_url(row["tip"])),
        Column("received", gettext_lazy("Received"), lambda row: row["tip"].received_at,
               show=lambda row: at_shown(row["tip"].received_at), export=lambda row: row["at"]),
        Column("reporter", gettext_lazy("Reporter"), "tip.reporter"),
        Column("lead", gettext_lazy("First suspect"), "tip.lead_name"),
    ],
    empty=Empty(gettext_lazy("Nothing new has matched since you saved it."),
                gettext_lazy("You are told on Home as soon as a tip does. What it found that day is found by asking again.")),
    template="records/saved_search.html",
)  # fmt: skip


def _own(officer: Officer, key: bytes) -> SavedSearch:
    found = own_searches(officer).filter(pk=key).first()
    if found is None:
        raise saved_searches.not_his()
    return found


@require_safe
@officer_page(Right.READ_RECORDS)
def saved(request: HttpRequest, saved: bytes) -> HttpResponseBase:
    """A saved search: what it asks, and the tips it has told of."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    row = _own(officer, saved)
    asked = saved_searches.asked_of(row)
    rows = [
        {"told": at, "tip": tip, "at": from_epoch(tip.received_at) if tip.received_at is not None else None}
        for at, tip in saved_searches.told_tips(officer, row)
    ]
    read(officer, Event.SAVED_SEARCH_READ, row, tips=len(rows), how=request.GET.get("export", "")[:8] or "screen")
    return TOLD.answer(
        request, rows, saved=row, words=asked_words(officer, asked), again=reverse("records:search") + query_of(asked),
        standing=state(_("Muted"), "neutral") if row.muted else state(_("Tells you"), "good"),
    )  # fmt: skip


@require_POST
@officer_page(Right.READ_RECORDS)
def save(request: HttpRequest) -> HttpResponse:
    """Keep the search that stands in the form."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    made = save_search(officer, request.POST.get("name", ""), asked_from(request.POST))
    return redirect("records:saved", made.pk)


@require_POST
@officer_page(Right.READ_RECORDS)
def mute(request: HttpRequest, saved: bytes) -> HttpResponse:
    """Hear no more of it, or again (`?again=1`)."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    row = mute_search(officer, _own(officer, saved), muted=request.GET.get("again") != "1")
    return redirect("records:saved", row.pk)


@require_POST
@officer_page(Right.READ_RECORDS)
def drop(request: HttpRequest, saved: bytes) -> HttpResponse:
    """Keep it no longer."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    drop_search(officer, _own(officer, saved))
    return redirect("records:search")
