"""Pages of earlier work: the rows of the unit's own registers, and one row beside its source."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.grounds.identity import id_named
from paricha.grounds.selectors import SelectorKind
from paricha.intake.document import EarlierDocument, locator, plain_reading
from paricha.intake.registers_words import FIELDS, REGISTERS, SHORT
from paricha.intake.words import why_words
from paricha.records.earlier import (
    copies_of,
    document_of,
    earlier_with,
    leading_copies,
    matching,
    of_the_same_case,
)
from paricha.records.events import Event
from paricha.records.models import Earlier, EarlierSelector, EarlierVersion, Selector
from paricha.records.pages.kinds import KIND_WORDS
from paricha.records.queries import tips_with
from paricha.screens.list_filters import Filter
from paricha.screens.lists import Column, Empty, ListPage, View
from paricha.screens.places import original_url

SHOWN = 20  # rows beside a tip, a selector or another row
_GROUPS = (
    ("case", gettext_lazy("Case")),
    ("accused", gettext_lazy("Accused")),
    ("device", gettext_lazy("Device")),
    ("account", gettext_lazy("Account")),
    ("", gettext_lazy("Also stated")),
)


def earlier_url(row: Earlier) -> str:
    return reverse("records:earlier-one", args=[row.id16])


def register_words(row: Earlier) -> Any:
    """Which register a row stands in, in words."""
    return REGISTERS.get(row.register, row.register)


def _search(rows: Any, text: str) -> Any:
    return matching(rows, text)


_search.do_not_call_in_templates = True  # type: ignore[attr-defined]  # the list's template asks whether there is a search


EARLIER = ListPage(
    name="earlier",
    title=gettext_lazy("Earlier work"),
    columns=[
        Column("case", gettext_lazy("Case"), str, show=lambda row: row.case_number or _("no case number"), link=earlier_url,
               sort="case_number", export=lambda row: row.case_number),
        Column("station", gettext_lazy("Station"), "station", sort="station"),
        Column("name", gettext_lazy("Name"), "name", sort="name"),
        Column("thing", gettext_lazy("Device, account or section"), "thing"),
        Column("drive", gettext_lazy("Drive"), "drive"),
        Column("register", gettext_lazy("Register"), lambda row: SHORT.get(row.register, row.register), sort="register"),
        Column("versions", gettext_lazy("Version"), number=True),
        Column("file", gettext_lazy("File"), lambda row: row.file.rpartition("/")[2], on_screen=False),
        Column("unit", gettext_lazy("Unit"), "unit.name", on_screen=False),
        Column("id", gettext_lazy("Id"), lambda row: row.id16.hex(), on_screen=False),
    ],
    views=[
        View("all", gettext_lazy("All")),
        *(View(name, words, {"register": name}) for name, words in SHORT.items()),
    ],
    filters=[
        Filter("drive", gettext_lazy("Drive")),
        Filter("station", gettext_lazy("Station")),
        Filter("file", gettext_lazy("File")),
    ],
    search=_search,
    search_label=gettext_lazy("Number, name, case or words"),
    order="-id",
    empty=Empty(
        gettext_lazy("No earlier work is here yet."),
        gettext_lazy("Bring a register of cases, accused, devices or accounts in at Intake, and say on its mapping screen "
                     "which register it is."),
        "/intake/", gettext_lazy("Open Intake"),
    ),
    template="records/earlier_list.html",
    on_read=lambda request, rows, how: read(request.officer, Event.EARLIER_LISTED, how=how),
)  # fmt: skip


@require_safe
@officer_page(Right.READ_RECORDS)
def earlier(request: HttpRequest) -> HttpResponseBase:
    """The rows of the unit's own registers that the officer sees; `?selector=` those that state one."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    asked = request.GET.get("selector", "")
    rows = earlier_with(officer, id_named(asked)) if asked else Earlier.objects.visible_to(officer)
    stated = EarlierSelector.objects.visible_to(officer).filter(selector=id_named(asked)).first() if asked else None
    return EARLIER.answer(request, rows.select_related("unit"), stated=stated, kind=stated and _kind(stated))


@require_safe
@officer_page(Right.READ_RECORDS)
def earlier_one(request: HttpRequest, earlier: bytes) -> HttpResponse:
    """One row with every value at its cell, its source row beside it, and where its numbers are met again."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    row = Earlier.objects.select_related("unit").get_visible(officer, id16=earlier)
    copies = copies_of(row)
    document = document_of(copies[0])
    source = document.sources[0]
    place = {"original": source.original, "kind": source.kind.value, "at": document.place}
    read(officer, Event.EARLIER_READ, row)
    context = {
        "earlier": row,
        "register": register_words(row),
        "groups": facts_of(document),
        "unread": [{"locator": locator(document, one), "why": why_words(one.why)} for one in document.unread],
        "numbers": [_number(officer, row, one) for one in row.selector_rows.order_by("pk")],
        "same_case": [(one, register_words(one)) for one in of_the_same_case(officer, row)[:SHOWN]],
        "copies": [_copy(one) for one in copies],
        "first_url": original_url(place),
        "where": where_words(copies[0], document),
    }
    return render(request, "records/earlier_one.html", context)


def facts_of(document: EarlierDocument) -> list[dict[str, Any]]:
    """What a row states, by what it is about, every value as a reading."""
    shown = []
    for prefix, title in _GROUPS:
        facts: dict[str, list[Any]] = {}
        for field, leaf in [
            *((one.field, one.leaf) for one in document.stated),
            *((one.field, one.when) for one in document.dates),
        ]:
            if (field.partition(".")[0] if "." in field else "") == prefix:
                facts.setdefault(field, []).append(plain_reading(document, leaf))
        if facts:
            inner = [(FIELDS[field], some[0] if len(some) == 1 else some) for field, some in facts.items()]
            shown.append({"title": title, "facts": inner})
    return shown


def where_words(copy: EarlierVersion, document: EarlierDocument) -> str:
    """`accused-2021.xlsx, sheet Accused, row 7`: which row of which file a person would open."""
    sheet, cell = document.place  # type: ignore[misc]
    row = str(cell).lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    name = copy.file.rpartition("/")[2]
    if sheet:
        return _("{file}, sheet {sheet}, row {row}").format(file=name, sheet=sheet, row=row)
    return _("{file}, row {row}").format(file=name, row=row)


def _copy(copy: EarlierVersion) -> dict[str, Any]:
    document = document_of(copy)
    source = document.sources[0]
    place = {"original": source.original, "kind": source.kind.value, "at": document.place}
    return {"where": where_words(copy, document), "url": original_url(place)}


def _kind(stated: EarlierSelector) -> Any:
    return KIND_WORDS.get(SelectorKind(stated.kind), stated.kind)


def _number(officer: Officer, row: Earlier, stated: EarlierSelector) -> dict[str, Any]:
    """A selector of a row: where it leads, the tips that have it, and the other rows that state it."""
    known = Selector.objects.filter(id16=stated.selector).first()
    tips = list(tips_with(officer, known).order_by("-pk")[: SHOWN + 1]) if known is not None else []
    others = list(earlier_with(officer, stated.selector).exclude(pk=row.pk)[:SHOWN])
    listed = reverse("records:earlier") + f"?selector={stated.selector.hex()}"
    return {
        "kind": _kind(stated),
        "shown": stated.normal_form if stated.bare is None else stated.bare,
        "within": "" if stated.bare is None else stated.normal_form.partition("|")[0],
        "url": reverse("records:selector", args=[stated.selector]) if tips else listed,
        "tips": tips[:SHOWN],
        "more": len(tips) > SHOWN,
        "others": others,
    }


# ---- beside a selector, an account or a tip -------------------------------------------------------------------------
def earlier_card(officer: Officer, selector: Selector | bytes) -> dict[str, Any]:
    """What `records/earlier_card.html` shows beside a selector; the reading of the rows is written down."""
    rows = list(earlier_with(officer, selector)[: SHOWN + 1])
    return card_of(officer, [(row, []) for row in rows])


def card_of(officer: Officer, met: list[tuple[Earlier, list[tuple[str, str]]]]) -> dict[str, Any]:
    """The card's rows: each with its register, its place in words, and why it is shown (a sentence and a value each)."""
    shown = met[:SHOWN]
    if shown:
        read(officer, Event.EARLIER_READ, *(row for row, _whys in shown), how="beside")
    leading = leading_of([row for row, _whys in shown])
    return {
        "earlier_rows": [
            {"row": row, "register": register_words(row), "whys": whys, "where": leading.get(row.pk, "")}
            for row, whys in shown
        ],
        "earlier_more": len(met) > SHOWN,
    }


def leading_of(rows: list[Earlier]) -> dict[int, str]:
    """By row's key the place of its newest copy, in words."""
    return {key: where_words(copy, document_of(copy)) for key, copy in leading_copies(rows).items()}
