"""A tip as one printed page: what is stated with its places, what is not stated in a line, long lists cut with their count."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.records import facts
from paricha.records.events import Event
from paricha.records.models import Tip
from paricha.records.pages.tip import conflicts_shown, facts_of, files_of, sightings_of
from paricha.records.pages.tips import at_shown
from paricha.records.queries import merged_of
from paricha.screens.places import short_words

# One A4 page holds about so many lines of the note's print; what each thing takes of them was measured in Chromium.
LINES = 43
KEPT_FREE = 16  # for the first sightings and files, before a further person takes the room
LINES_OF = {"differ": 4.0, "slip": 2.5, "person": 3.5, "fact": 1.0, "sighting": 2.7, "wide": 3.9}
MOST = {"differ": 3, "slips": 2, "people": 3, "several": 2, "hashes": 1, "characters": 90}
A_LINE = 34  # characters of a value beside its label


@require_safe
@officer_page(Right.READ_RECORDS)
def note(request: HttpRequest, tip: bytes) -> HttpResponse:
    """The tip as one page to print."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    row = Tip.objects.get_visible(officer, id16=tip)
    made = merged_of(row)
    said = facts_of(officer, row)
    read(officer, Event.TIP_READ, row, tab="note")
    people = [
        {"title": person["title"], "number": place, **stated_and_not(person["facts"])}
        for place, person in enumerate(said["people"])
    ]
    lists: dict[str, list[Any]] = {
        "differ": conflicts_shown(officer, row, made),
        "slips": facts.slips(made.document),
        "people": people,
        "seen": sightings_of(officer, row)["seen"],
        "named": files_of(officer, row)["named"],
    }
    report = stated_and_not(said["report"])
    most = MOST | rows_that_fit(report, lists)
    context: dict[str, Any] = {
        "tip": row,
        "received": at_shown(row.received_at),
        "report": report,
        "coverage": said["coverage"],
    }
    for name, whole in lists.items():
        context[name] = whole[: most[name]]
        context[f"{name}_more"] = max(0, len(whole) - most[name])
    for file in context["named"]:
        file["more_hashes"] = max(0, len(file["hashes"]) - most["hashes"])
        file["hashes"] = file["hashes"][: most["hashes"]]
    return render(request, "records/note.html", context)


def rows_that_fit(report: dict[str, Any], lists: dict[str, list[Any]]) -> dict[str, int]:
    """How many people, sightings (`seen`) and files (`named`) the page holds."""
    left = LINES - lines_of(report) - LINES_OF["differ"] * min(MOST["differ"], len(lists["differ"]))
    left -= LINES_OF["slip"] * min(MOST["slips"], len(lists["slips"]))
    people = 0
    for person in lists["people"][: MOST["people"]]:
        takes = LINES_OF["person"] + lines_of(person)
        if people and left - takes < KEPT_FREE:
            break
        people, left = people + 1, left - takes
    first_files = min(2, len(lists["named"]))
    wide = any(_wide(one) for one in lists["seen"][:10])
    sighting, file = LINES_OF["wide" if wide else "sighting"], LINES_OF["wide"]
    seen = max(2, int((left - file * first_files) / sighting))
    named = max(first_files, int((left - sighting * min(seen, len(lists["seen"]))) / file))
    return {"people": people, "seen": seen, "named": named}


def _wide(sighting: dict[str, Any]) -> bool:
    """Whether a sighting's row wraps into a third line."""
    address, place = sighting["address"], sighting["place"]
    return len(str(address["value"] if address else "")) > 22 or len(short_words(place) if place else "") > 16


def lines_of(facts_of_it: dict[str, Any]) -> float:
    """Lines that stated facts take; two stand beside each other, and the longer one sets their height."""
    return (
        sum(LINES_OF["fact"] * max(1, len(str(_text(value))) / A_LINE) for _label, value in facts_of_it["stated"]) / 1.1
    )


def _text(value: Any) -> str:
    """The characters of a reading or of a list of them, its place included."""
    if isinstance(value, list):
        return "".join(_text(one) for one in value)
    return f"{value.get('value')} JSON …/place of it" if isinstance(value, dict) else str(value)


def stated_and_not(pairs: list[facts.Fact]) -> dict[str, Any]:
    """`stated`: label and value; `not_stated`: the labels of the others, in one line."""
    return {
        "stated": [(label, shortened(value)) for label, value in pairs if value],
        "not_stated": ", ".join(str(label) for label, value in pairs if not value),
    }


def shortened(value: Any) -> Any:
    """A reading with at most so many characters, a list with at most so many readings."""
    if isinstance(value, list):
        return [shortened(one) for one in value[: MOST["several"]]] + (["…"] if len(value) > MOST["several"] else [])
    if isinstance(value, dict) and isinstance(value.get("value"), str) and len(value["value"]) > MOST["characters"]:
        return {**value, "value": value["value"][: MOST["characters"]] + " …"}
    return value
