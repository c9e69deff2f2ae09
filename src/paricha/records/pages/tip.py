"""The page of one tip: value and original side by side, in tabs; conflicts shown and decided; a note to print."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.audit.log import history as events_of
from paricha.grounds.instants import from_epoch_ns
from paricha.intake.document import plain_reading
from paricha.records import facts, tabs
from paricha.records.events import Event
from paricha.records.merging import RULE_WORDS, Merged
from paricha.records.models import ConflictDecision, Selector, Tip
from paricha.records.pages.tips import at_shown
from paricha.records.queries import deliveries_of, merged_of, tips_with
from paricha.records.verbs import decide_conflict
from paricha.screens.places import original_url

SHOWN_LINKS = 100


@require_safe
@officer_page(Right.READ_RECORDS)
def tip(request: HttpRequest, tip: bytes) -> HttpResponse:
    """A tip at one of its tabs (`?tab=`)."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    row = Tip.objects.get_visible(officer, id16=tip)
    made = merged_of(row)
    known = {one.name: one for one in tabs.tabs_for(officer)}
    chosen = known.get(request.GET.get("tab", "")) or known["facts"]
    read(officer, Event.TIP_READ, row, tab=chosen.name)
    first = facts.lead_locator(made.document)
    return render(
        request,
        "records/tip.html",
        {
            "tip": row,
            "received": at_shown(row.received_at),
            "tabs": [
                {"label": tabs.label_of(one, officer, row), "url": f"?tab={one.name}", "now": one is chosen}
                for one in known.values()
            ],
            "tab": chosen,
            "differ": conflicts_shown(officer, row, made),
            "slips": facts.slips(made.document),
            "may_decide": officer.may(Right.DECIDE_TIPS),
            "canonical": Tip.objects.visible_to(officer).filter(id16=row.folded_into).first()
            if row.folded_into
            else None,
            "first_url": original_url(first) if first else "",
            "forms": [
                {
                    "form": source.form.upper(),
                    "url": original_url({"original": source.original, "kind": source.kind.value, "at": at}),
                }
                for source, at in _tops(made)
            ],
            **chosen.context(officer, row),
        },
    )


def _tops(made: Merged) -> list[tuple[Any, Any]]:
    """Each original that leads, with the place of its report."""
    return [(one.document.sources[0], one.document.place) for one in made.standing.leading]


def conflicts_shown(officer: Officer, row: Tip, made: Merged) -> list[dict[str, Any]]:
    """Each field whose forms differ, with what each says and why one leads."""
    decided = {one.field: one for one in ConflictDecision.objects.filter(tip=row.id16).order_by("at", "id")}
    return [
        {
            "field": one.field,
            "words": facts.path_words(one.field, made.document),
            "leads": RULE_WORDS.get(one.rule, one.rule),
            "decided": decided.get(one.field) if one.rule == "decided" else None,
            "readings": [
                {
                    "form": made.document.sources[leaf.form].form.upper(),
                    "reading": plain_reading(made.document, leaf),
                    "leading": number == one.leading,
                    "dialog": f"decide-{place}-{number}",
                    "url": reverse("records:decide", args=[row.id16]) + f"?field={one.field}&reading={number}",
                }
                for number, leaf in enumerate(one.readings)
            ],
        }
        for place, one in enumerate(made.conflicts)
    ]


@require_POST
@officer_page(Right.DECIDE_TIPS)
def decide(request: HttpRequest, tip: bytes) -> HttpResponse:
    """Let one reading lead."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    row = Tip.objects.get_visible(officer, id16=tip)
    number = request.GET.get("reading", "")
    decide_conflict(
        officer, row, request.GET.get("field", ""), reading=int(number) if number.isdecimal() else -1,
        reason=request.POST.get("reason", ""),
    )  # fmt: skip
    return redirect("records:tip", row.id16)


@require_safe
@officer_page(Right.READ_RECORDS)
def note(request: HttpRequest, tip: bytes) -> HttpResponse:
    """The tip as one page to print."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    row = Tip.objects.get_visible(officer, id16=tip)
    made = merged_of(row)
    read(officer, Event.TIP_READ, row, tab="note")
    return render(
        request, "records/note.html",
        {"tip": row, "differ": conflicts_shown(officer, row, made), **_facts(officer, row), **_sightings(officer, row),
         **_files(officer, row)},
    )  # fmt: skip


# ---- the room's own tabs -----------------------------------------------------------------------------------------
def _facts(officer: Officer, row: Tip) -> dict[str, Any]:
    made = merged_of(row)
    doc = made.document
    people = []
    for person in doc.people:
        said = facts.person_facts(doc, person)
        people.append({"title": facts.role_words(person), "facts": said, "stated": facts.stated_of(said)})
    report = facts.report_facts(doc)
    return {
        "report": report, "report_stated": facts.stated_of(report), "people": people, "places": facts.place_facts(doc),
        "coverage": _("Read {read} of {expected} expected fields, {unread} unread blocks").format(
            read=doc.read, expected=doc.expected, unread=len(doc.unread)
        ),
        "unread": facts.unread_places(doc),
    }  # fmt: skip


def _sightings(officer: Officer, row: Tip) -> dict[str, Any]:
    doc = merged_of(row).document
    known = {one.number: one for one in row.sighting_rows.select_related("selector")}
    return {
        "seen": [
            {
                "who": seen.who,
                "address": plain_reading(doc, seen.address),
                "port": plain_reading(doc, seen.port),
                "event": plain_reading(doc, seen.event),
                "at": plain_reading(doc, seen.at),
                "proxy": plain_reading(doc, seen.possible_proxy),
                "selector": known[number].selector if number in known else None,
            }
            for number, seen in enumerate(doc.sightings)
        ]
    }


def _files(officer: Officer, row: Tip) -> dict[str, Any]:
    doc = merged_of(row).document
    hashes = {
        (hashed.file.number, hashed.selector.bare): hashed.selector
        for file in row.file_rows.all()
        for hashed in file.hashes.select_related("selector", "file")
    }
    return {
        "named": [
            {
                "number": number,
                "name": plain_reading(doc, file.name),
                "original_name": plain_reading(doc, file.original_name),
                "hashes": [
                    {
                        "algorithm": one.algorithm,
                        "reading": plain_reading(doc, one.value),
                        "selector": hashes.get((number, str(one.value.value).strip().casefold())),
                    }
                    for one in file.hashes
                ],
                "viewed": plain_reading(doc, file.viewed_by_reporter),
                "public": plain_reading(doc, file.public),
                "classification": plain_reading(doc, file.classification),
                "annotations": [plain_reading(doc, one) for one in file.annotations],
            }
            for number, file in enumerate(doc.files, 1)
        ]
    }


def shared_selectors(officer: Officer, row: Tip) -> dict[str, Any]:
    """Visible tips that share a selector, by selector; a hub is cut with its count."""
    shared = []
    mine = Selector.objects.filter(first_tip=row) | Selector.objects.filter(links__tip=row)
    addresses = Selector.objects.filter(sightings__tip=row)
    for selector in [*mine.distinct()[:SHOWN_LINKS], *addresses.distinct()[:SHOWN_LINKS]]:
        others = tips_with(officer, selector).exclude(pk=row.pk).order_by("-pk")
        some = list(others[:6])
        if some and not any(one["selector"].pk == selector.pk for one in shared):
            shared.append({"selector": selector, "tips": some[:5], "more": len(some) > 5})
    members = Tip.objects.visible_to(officer).filter(folded_into=row.id16).order_by("report_number")
    return {"shared": shared, "members": members}


def _versions(officer: Officer, row: Tip) -> dict[str, Any]:
    deliveries = [(one, bytes(one.original).hex()) for one in deliveries_of(officer, row)]
    return {
        "deliveries": [
            {"row": one, "sha256": sha256, "url": original_url({"original": sha256, "kind": "", "at": ""})}
            for one, sha256 in deliveries
        ]
    }


_EVENT_WORDS = {
    Event.TIPS_STORED: gettext_lazy("stored or changed by a batch"),
    Event.TIP_READ: gettext_lazy("looked at"),
    Event.CONFLICT_DECIDED: gettext_lazy("a conflict between its forms decided"),
    Event.TIP_HANDED: gettext_lazy("handed to another unit"),
    Event.TIPS_REMERGED: gettext_lazy("merged again after an original was deleted"),
}


def _history(officer: Officer, row: Tip) -> dict[str, Any]:
    rows = events_of(row.id16)[-200:][::-1]
    names = {
        one.id16: one.name
        for one in Officer.objects.filter(id16__in={event.officer for event in rows if event.officer})
    }
    return {
        "told": [
            {
                "at": from_epoch_ns(one.at_ns),
                "words": _EVENT_WORDS.get(one.event, one.event),
                "by": names.get(one.officer, "") if one.officer else "",
            }
            for one in rows
        ]
    }


def register_tabs() -> None:
    """The tabs that `records` itself gives; called once from its app."""
    tabs.register("facts", gettext_lazy("Facts"), "records/tab_facts.html", _facts, place=10)
    tabs.register(
        "sightings", _count(gettext_lazy("Sightings"), "sightings"), "records/tab_sightings.html", _sightings, place=20
    )
    tabs.register("files", _count(gettext_lazy("Files"), "files"), "records/tab_files.html", _files, place=30)
    tabs.register("links", gettext_lazy("Links"), "records/tab_links.html", shared_selectors, place=40)
    tabs.register("versions", gettext_lazy("Versions"), "records/tab_versions.html", _versions, place=80)
    tabs.register("history", gettext_lazy("History"), "records/tab_history.html", _history, place=90)


def _count(label: Any, field: str) -> Any:
    return lambda officer, row: f"{label} {getattr(row, field)}"
