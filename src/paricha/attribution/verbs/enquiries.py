"""Enquiries: tasked to a named officer with covert wording, and what he saw recorded."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.attribution.events import Event
from paricha.attribution.models import Door, EnquiryReturn, EnquiryTask
from paricha.attribution.verbs.doors import refresh
from paricha.grounds.instants import read_instant
from paricha.grounds.refusals import Refused
from paricha.vault.store import keep

FIELDS = ("officer", "at", "lives_here", "floors", "others_use_line", "premises", "user_in_fact", "remarks")
PREMISES = (
    "house",
    "flat",
    "hostel",
    "paying guest",
    "hotel",
    "cafe",
    "office",
    "school",
    "public wifi",
    "migrant camp",
)


@verb(may=Right.ENQUIRE, event=Event.ENQUIRY_TASKED)
def task_enquiry(
    officer: Officer, door: Door, *, to: Officer, due_at: datetime | None = None, pretext: str = ""
) -> EnquiryTask:
    """Give a discreet look on the spot to a named officer; he sees the door from now on."""
    task = EnquiryTask.objects.create(door=door, officer=to, tasked_by=officer, due_at=due_at, pretext=pretext.strip())
    door.tasked_to = to
    door.save(update_fields=["tasked_to"])
    touch("door", door)
    touch("officer", to)
    return task


@verb(may=Right.ENQUIRE, event=Event.ENQUIRY_RECORDED)
def add_enquiry(officer: Officer, door: Door, *, data: bytes, name: str = "") -> EnquiryReturn:
    """Record what an officer saw, from a file or the form. The file is kept. Raises `Refused` DOORS-ENQUIRY-FORM."""
    seen, at = read_return(data, name)
    original = keep(data, name=name or f"enquiry-{door.number}.json", unit=door.unit)
    made = EnquiryReturn.objects.create(
        door=door, officer_name=str(seen["officer"]).strip()[:120], seen_at=at,
        seen=json.dumps(seen, ensure_ascii=False, sort_keys=True), original=bytes(original.sha256).hex(), recorded_by=officer,
    )  # fmt: skip
    touch("door", door)
    note_facts(lives_here=len(seen.get("lives_here") or []))
    refresh([door], officer=officer)
    return made


def read_return(data: bytes, name: str) -> tuple[dict[str, Any], datetime]:
    """The return's fields and its instant. Raises `Refused` naming the field."""

    def wrong(what: str, field: str = "") -> Refused:
        return Refused(
            "DOORS-ENQUIRY-FORM",
            what,
            _("Correct the return and add it again."),
            file=name or None,
            place=field or None,
        )

    try:
        seen = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise wrong(_("The return is no JSON.")) from error
    if not isinstance(seen, dict):
        raise wrong(_("The return is no JSON object."))
    strange = sorted(set(seen) - set(FIELDS) - {"schema"})
    if strange:
        raise wrong(
            _("The field “{name}” is not one of {fields}.").format(name=strange[0], fields=" ".join(FIELDS)), strange[0]
        )
    if not isinstance(seen.get("officer"), str) or not seen["officer"].strip():
        raise wrong(_("Who looked is not stated."), "officer")
    at = read_instant(str(seen.get("at") or "")).utc
    if at is None:
        raise wrong(_("When he looked is not stated with a zone."), "at")
    if not isinstance(seen.get("lives_here") or [], list):
        raise wrong(_("Who lives there is no list of names."), "lives_here")
    if seen.get("others_use_line") not in (None, True, False):
        raise wrong(_("Whether others use the line is yes, no or not known."), "others_use_line")
    premises = seen.get("premises")
    if premises and str(premises).casefold() not in PREMISES:
        raise wrong(_("“{word}” is none of {words}.").format(word=premises, words=", ".join(PREMISES)), "premises")
    return {field: seen.get(field) for field in FIELDS}, at
