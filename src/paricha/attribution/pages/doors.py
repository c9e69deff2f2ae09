"""Doors: the list, a door with its chain and checks, and what an officer does there."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from paricha.access.history import told_of
from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.signing import sign_and_do
from paricha.access.verbs_of_the_house import read
from paricha.attribution.checks_of_a_door import GUARD_THE_PACKAGE
from paricha.attribution.events import Event
from paricha.attribution.models import Door, DoorState, EnquiryTask
from paricha.attribution.outcomes import Result
from paricha.attribution.queries import decisions_of, doors_of, in_force, looked_at
from paricha.attribution.sheet_of_a_door import chain_of, counts_words, kind_words, sheet_for, state_words
from paricha.attribution.verbs.doors import confirm_station, decide_hold, sign_door
from paricha.attribution.verbs.enquiries import PREMISES, add_enquiry, task_enquiry
from paricha.grounds.instants import utc_text
from paricha.grounds.refusals import Refused
from paricha.intake.entry import written
from paricha.intake.words import ZONES
from paricha.places.pack import PACKS, pack_file
from paricha.places.queries import look_at, station_names
from paricha.screens import moments, papers, shapes
from paricha.screens.lists import Column, Empty, ListPage, View

GRADE = {DoorState.HOLDS: "good", DoorState.HELD: "hold", DoorState.BLOCKED: "stop", DoorState.FROZEN: "stop"}


def _reverse(name: str, *values: Any) -> str:
    return reverse(name, args=values)


LIST = ListPage(
    name="doors",
    title=gettext_lazy("Doors"),
    columns=[
        Column("number", gettext_lazy("Door"), link=lambda door: _reverse("attribution:door", door.id), sort="number"),
        Column("state", gettext_lazy("State"), show=lambda door: shapes.state(state_words(door.state), GRADE[door.state]), sort="state"),
        Column("address", gettext_lazy("Address")),
        Column("address_kind", gettext_lazy("Kind"), show=lambda door: kind_words(door.address_kind) if door.address_kind else ""),
        Column("subscriber", gettext_lazy("Subscriber")),
        Column("operator", gettext_lazy("Operator"), sort="operator"),
        Column("strands_count", gettext_lazy("Strands"), number=True, sort="strands_count"),
        Column("open_codes", gettext_lazy("Open checks"), show=lambda row: row.open_codes),
        Column("station", gettext_lazy("Station"), sort="station"),
    ],
    views=[
        View("all", gettext_lazy("All")),
        *(View(state.value, word, {"state": state.value}) for state, word in (
            (DoorState.HELD, gettext_lazy("Held")), (DoorState.BLOCKED, gettext_lazy("Blocked")),
            (DoorState.FROZEN, gettext_lazy("Frozen")), (DoorState.HOLDS, gettext_lazy("Holds")))),
    ],
    search=["number", "address", "subscriber"],
    search_label=gettext_lazy("Door, address or subscriber"),
    order="number",
    key=lambda door: door.id.hex(),
    empty=Empty(
        gettext_lazy("No door yet."),
        gettext_lazy("Doors come from operators' replies: make requests, have them signed, and read the answers."),
        "/attribution/requests/",
        gettext_lazy("Open the legal desk"),
    ),
    template="attribution/doors.html",
    on_read=lambda request, rows, how: read(request.officer, Event.DOORS_READ, doors=len(rows), how=how),  # type: ignore[attr-defined]
)  # fmt: skip


@officer_page(Right.READ_DOORS)
def doors(request: HttpRequest) -> HttpResponse:
    """Every door the officer sees."""
    return LIST.answer(request, doors_of(request.officer))  # type: ignore[attr-defined]


OVERRIDES = ListPage(
    name="overrides",
    title=gettext_lazy("Holds that officers decided"),
    columns=[
        Column("door", gettext_lazy("Door"), lambda row: row.door.number, link=lambda row: _reverse("attribution:door", row.door.id),
               sort="door__number"),
        Column("code", gettext_lazy("Check"), sort="code"),
        Column("officer", gettext_lazy("Decided by"), lambda row: row.officer.name, sort="officer__name"),
        Column("reason", gettext_lazy("Reason")),
        Column("at", gettext_lazy("When"), "at", show=lambda row: moments.instant(row.at), sort="at"),
        Column("stands", gettext_lazy("Today"), lambda row: _("stands") if row.stands else _("open again: new facts"),
               show=lambda row: shapes.state(_("Stands"), "good") if row.stands else shapes.state(_("Open again: new facts"), "hold")),
        Column("state", gettext_lazy("Door today"), lambda row: state_words(row.door.state),
               show=lambda row: shapes.state(state_words(row.door.state), GRADE[row.door.state])),
    ],
    search=["door__number", "officer__name", "reason"],
    search_label=gettext_lazy("Door, officer or reason"),
    order="-at",
    empty=Empty(
        gettext_lazy("No officer has decided a hold."),
        gettext_lazy("Each hold that an officer takes on himself is listed here with his name and reason."),
        "/attribution/",
        gettext_lazy("Open the doors"),
    ),
    template="attribution/overrides.html",
    on_read=lambda request, rows, how: read(request.officer, Event.OVERRIDES_READ, decisions=len(rows), how=how),  # type: ignore[attr-defined]
)  # fmt: skip


@officer_page(any_of=[Right.DECIDE_HOLD, Right.AUDIT])
def overrides(request: HttpRequest) -> HttpResponse:
    """The supervisor's page: every hold that an officer took on himself, with name and reason."""
    rows = list(decisions_of(request.officer)[:2000])  # type: ignore[attr-defined]
    standing = in_force(rows)
    for row in rows:
        row.stands = row.id in standing
    return OVERRIDES.answer(request, rows)


@officer_page(any_of=[Right.READ_DOORS, Right.ENQUIRE])
def door(request: HttpRequest, identity: bytes) -> HttpResponse:
    """A door: chain, what speaks against before what speaks for, strands, enquiry, history."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    found = Door.objects.all().get_visible(officer, id=identity)
    looked = looked_at(found)
    _parts, proposals = look_at(found.address)
    runs = [run.to_plain() for run in looked.runs]
    open_holds = [
        run for run in looked.runs if run.result is Result.HOLD and run.open and run.code not in GUARD_THE_PACKAGE
    ]
    context = {
        "door": found, "looked": looked, "state": (state_words(looked.state), GRADE[DoorState(looked.state)]),
        "chain": chain_of(looked.facts.strands[0]) if looked.facts.strands else [],
        "against": [run for run in runs if run["outcome"] in ("block", "hold", "warn")],
        "for": [run for run in runs if run["outcome"] == "pass"],
        "not_applicable": [run for run in runs if run["outcome"] == "not applicable"],
        "open_holds": open_holds, "blocks": [run for run in looked.runs if run.result is Result.BLOCK],
        "strands": looked.facts.strands, "proposals": proposals, "stations": station_names(), "counts": counts_words(looked),
        "enquiry": looked.facts.enquiry,
        "seen_words": moments.local_words(looked.facts.enquiry.at, "minute") if looked.facts.enquiry else "",
        "task": found.tasks.select_related("officer").order_by("-tasked_at").first(),
        "officers": Officer.objects.filter(active=True).order_by("name"), "premises": PREMISES, "zones": ZONES,
        "decided": [run for run in looked.runs if run.decided_by], "told": told_of(found.id, 12, looks=False),
        "can": {right.value.replace("-", "_"): officer.may(right) for right in (
            Right.DECIDE_HOLD, Right.CONFIRM_STATION, Right.SIGN_DOOR, Right.ENQUIRE)},
        "signable": looked.state == DoorState.HOLDS and not any(r.open for r in looked.runs if r.code != "C32"),
    }  # fmt: skip
    read(officer, Event.DOOR_READ, found)
    return render(request, "attribution/door.html", context)


@require_POST
@officer_page(Right.DECIDE_HOLD)
def decide(request: HttpRequest, identity: bytes, code: str) -> HttpResponse:
    """Take a hold on oneself, with a reason."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    found = Door.objects.all().get_visible(officer, id=identity)
    words = _("Decide {code} of {door}").format(code=code, door=found.number)
    done = sign_and_do(request, decide_hold, found, code, reason=request.POST.get("reason", ""), words=words)
    return done if isinstance(done, HttpResponse) else redirect("attribution:door", identity)


@require_POST
@officer_page(Right.CONFIRM_STATION)
def confirm(request: HttpRequest, identity: bytes) -> HttpResponse:
    """The station confirms that the place lies in its limits."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    found = Door.objects.all().get_visible(officer, id=identity)
    station = request.POST.get("station", "")
    words = _("Confirm {station} for {door}").format(station=station, door=found.number)
    done = sign_and_do(request, confirm_station, found, station=station, words=words)
    return done if isinstance(done, HttpResponse) else redirect("attribution:door", identity)


@require_POST
@officer_page(Right.SIGN_DOOR)
def sign(request: HttpRequest, identity: bytes) -> HttpResponse:
    """Sign the sheet “why this door”."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    found = Door.objects.all().get_visible(officer, id=identity)
    done = sign_and_do(request, sign_door, found, words=_("Sign the sheet of {door}").format(door=found.number))
    return done if isinstance(done, HttpResponse) else redirect("attribution:door", identity)


@officer_page(Right.READ_DOORS)
def sheet(request: HttpRequest, identity: bytes) -> HttpResponse:
    """The sheet as PDF, in the language of the screen or the one asked for."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    found = Door.objects.all().get_visible(officer, id=identity)
    lang = request.GET.get("lang", "en")
    pdf = sheet_for(officer, found, lang=lang if lang in ("en", "ml") else "en")
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return response


@require_POST
@officer_page(Right.ENQUIRE)
def task(request: HttpRequest, identity: bytes) -> HttpResponse:
    """Give the enquiry to a named officer."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    found = Door.objects.all().get_visible(officer, id=identity)
    to = Officer.objects.filter(name=request.POST.get("officer", ""), active=True).first()
    if to is None:
        raise Refused(
            "ACCESS-UNKNOWN-OFFICER", _("Choose the officer who looks."), _("Only active officers can be tasked.")
        )
    task_enquiry(officer, found, to=to, pretext=request.POST.get("pretext", ""))
    return redirect("attribution:door", identity)


@officer_page(Right.ENQUIRE)
def task_paper(request: HttpRequest, identity: bytes) -> HttpResponse:
    """The task on paper: the address, what may be said, what to look at; nothing of the case."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    found = Door.objects.all().get_visible(officer, id=identity)
    given = EnquiryTask.objects.filter(door=found).select_related("officer").order_by("-tasked_at").first()
    if given is None:
        raise Refused(
            "DOORS-ENQUIRY-FORM", _("The enquiry has not been tasked."), _("Choose the officer who looks first.")
        )
    template = pack_file("letters/enquiry.typ") or PACKS / "kerala" / "letters" / "enquiry.typ"
    data = {
        "number": found.number, "officer": given.officer.name, "address": found.address, "pretext": given.pretext or None,
        "due": utc_text(given.due_at) if given.due_at else None,
    }  # fmt: skip
    pdf = papers.render_pdf(template, data, lang="en", at=given.tasked_at, marked_synthetic=settings.PARICHA.synthetic)
    read(officer, Event.DOOR_READ, found, paper=True)
    return HttpResponse(pdf, content_type="application/pdf")


def written_at(at: str, zone: str) -> str:
    """When he looked, with the zone that was chosen; nothing is put in the place of what is missing."""
    text = at.strip().replace("T", " ")
    return written(text, zone) if text and zone else text


@require_POST
@officer_page(Right.ENQUIRE)
def enquiry(request: HttpRequest, identity: bytes) -> HttpResponse:
    """What was seen on the spot, from the form."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    found = Door.objects.all().get_visible(officer, id=identity)
    given = request.POST
    others = {"yes": True, "no": False}.get(given.get("others_use_line", ""))
    floors = given.get("floors", "")
    seen = {
        "officer": given.get("officer", ""), "at": written_at(given.get("at", ""), given.get("zone", "")),
        "lives_here": [name.strip() for name in given.get("lives_here", "").splitlines() if name.strip()],
        "floors": int(floors) if floors.isdecimal() else None, "others_use_line": others,
        "premises": given.get("premises") or None, "user_in_fact": given.get("user_in_fact") or None,
        "remarks": given.get("remarks", ""),
    }  # fmt: skip
    add_enquiry(officer, found, data=json.dumps(seen, ensure_ascii=False).encode())
    return redirect("attribution:door", identity)
