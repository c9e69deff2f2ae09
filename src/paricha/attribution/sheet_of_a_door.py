"""The sheet "why this door": one page and an annex with the evidence, English or Malayalam, signed by two."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from paricha.access.models import Officer
from paricha.access.verbs_of_the_house import read
from paricha.attribution.events import Event
from paricha.attribution.facts import Looked
from paricha.attribution.models import Door
from paricha.attribution.outcomes import CheckRun, Result
from paricha.attribution.queries import looked_at
from paricha.attribution.strand import Strand
from paricha.grounds.instants import IST_OFFSET
from paricha.places.pack import PACKS, pack_file
from paricha.screens import moments, papers, places

TEMPLATE = "letters/why-this-door.typ"
AGAINST = (Result.BLOCK, Result.HOLD, Result.WARN)


def sheet_for(officer: Officer, door: Door, *, lang: str) -> bytes:
    """The PDF; making it is a read of the door and leaves an event."""
    data = sheet_data(door, lang)
    pdf = papers.render_pdf(
        _template(), data, lang=lang, at=timezone.now(), marked_synthetic=settings.PARICHA.synthetic
    )
    read(officer, Event.SHEET_MADE, door, lang=lang)
    return pdf


def _template() -> Path:
    return pack_file(TEMPLATE) or PACKS / "kerala" / TEMPLATE


def sheet_data(door: Door, lang: str) -> dict[str, Any]:
    """What the sheet says, what speaks against before what speaks for; the same facts as on the screen."""
    with override(lang):
        looked = looked_at(door)  # the checks speak the language that is in force
        data = {
            "number": door.number,
            "state": state_words(looked.state),
            "address": door.address,
            "kind": kind_words(door.address_kind) if door.address_kind else None,
            "station": _station(looked),
            "enquiry": _enquiry(looked),
            "expected": _expected(looked),
            "chain": [chain_cell(cell) for cell in chain_of(looked.facts.strands[0])] if looked.facts.strands else [],
            "strands": _("{count} sightings lead here.").format(count=len(looked.facts.strands)),
            "against": [_line(run) for run in looked.runs if run.result in AGAINST],
            "for": [_line(run) for run in looked.runs if run.result is Result.PASS],
            "count": counts_words(looked),
            "annex": _annex(looked),
            "signed": list(looked.facts.signed_by),
        }
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, default=str)
    return data | {"digest": "sha256 " + hashlib.sha256(text.encode()).hexdigest()[:12]}


def state_words(state: str) -> str:
    """The state in a word."""
    return {"holds": _("Holds"), "held": _("Held"), "blocked": _("Blocked"), "frozen": _("Frozen")}[state]


def kind_words(kind: str | None) -> str:
    """Which kind of address the operator gave."""
    words = {
        "installation": _("installation address"),
        "billing": _("billing address"),
        "permanent": _("permanent address"),
        "correspondence": _("address for letters"),
    }
    return words.get(kind or "", kind or "") or _("kind not stated")


def counts_words(looked: Looked) -> str:
    """How many checks gave what, of those built."""
    count = {result: sum(run.result is result for run in looked.runs) for result in Result}
    decided = sum(1 for run in looked.runs if run.decided_by)
    return _(
        "{built} checks are built: {passed} passed, {warned} warnings, {held} holds of which {decided} decided, "
        "{blocked} blocks, {na} do not apply."
    ).format(
        built=len(looked.runs), passed=count[Result.PASS], warned=count[Result.WARN], held=count[Result.HOLD],
        decided=decided, blocked=count[Result.BLOCK], na=count[Result.NOT_APPLICABLE],
    )  # fmt: skip


def _line(run: CheckRun) -> dict[str, Any]:
    where = "; ".join(dict.fromkeys(places.words(place) for place in run.evidence))
    return {
        "code": run.code,
        "outcome": run.result.value,
        "words": run.words,
        "decided_by": decided_words(run) if run.decided_by else None,
        "where": where if len(where) <= 26 else _("annex"),
    }


def decided_words(run: CheckRun) -> str:
    """Who took a hold on himself, and why."""
    return _("Decided by {officer}: “{reason}”").format(officer=run.decided_by, reason=run.reason or "")


def _station(looked: Looked) -> str:
    if looked.facts.confirmed_station:
        return _("Station: {station}, confirmed by {officer}.").format(
            station=looked.facts.confirmed_station, officer=looked.facts.confirmed_by
        )
    return _("The station has not confirmed.")


def _enquiry(looked: Looked) -> str:
    enquiry = looked.facts.enquiry
    if enquiry is None:
        return _("Nobody has seen the place.")
    return _("Seen by {officer} on {at}: {premises}. {remarks}").format(
        officer=enquiry.officer, at=moments.local_words(enquiry.at, "minute"), premises=enquiry.premises or _("not stated"),
        remarks=enquiry.remarks,
    )  # fmt: skip


def _expected(looked: Looked) -> list[str]:
    lines = []
    for strand in looked.facts.strands[:1]:
        subscriber = strand.answer.subscriber
        since = subscriber.since or subscriber.activated_on
        lines.append(
            _("Subscriber: {name}, customer since {since}.").format(
                name=subscriber.name or subscriber.id, since=since or _("not stated")
            )
        )
    enquiry = looked.facts.enquiry
    if enquiry is not None:
        lines.append(_("Lives here: {names}.").format(names=", ".join(enquiry.lives_here) or _("not stated")))
        if enquiry.user_in_fact:
            lines.append(_("User in fact: {name}.").format(name=enquiry.user_in_fact))
    return lines


def chain_of(strand: Strand) -> list[dict[str, Any]]:
    """From the sighting to the address, each step with the place it stands at."""
    sighting, operator, request, answer = strand.sighting, strand.operator, strand.request, strand.answer
    subscriber = answer.subscriber
    first = sighting.locators[0] if sighting.locators else None
    return [
        {
            "label": _("Sighting"), "head": f"{sighting.address}:{sighting.port}" if sighting.port and ":" not in sighting.address
            else sighting.address, "mono": True, "locator": first,
            "lines": [moments.local_words(sighting.at), moments.utc_words(sighting.at)] if sighting.at else [],
        },
        {
            "label": _("Operator"), "head": operator.name, "locator": operator.locators[0] if operator.locators else None,
            "lines": [
                _("AS{asn} that day").format(asn=operator.asn),
                _("shares addresses") if operator.shared_ipv4 else _("no sharing known"),
                _("{count} snapshots agree").format(count=len(operator.sources)),
            ],
        },
        {
            "label": _("Request"), "head": request.number,
            "lines": [
                _("row {row} of {count}").format(row=request.row, count=request.asked_rows),
                _("read back: {equal} of {total}").format(equal=request.fields_equal, total=request.fields_total),
                _("signed by {officers}").format(officers=_(" and ").join(request.signed_by)),
            ],
        },
        {
            "label": _("Reply"), "head": _("Row {row}").format(row=answer.number), "locator": answer.places.get("Session Start"),
            "lines": [f"{answer.start_text} – {answer.end_text} {answer.zone or ''}"],
        },
        {
            "label": _("Subscriber"), "head": subscriber.name or subscriber.id, "locator": answer.places.get("Subscriber ID"),
            "lines": [subscriber.id or "", _("customer since {day}").format(day=subscriber.activated_on or _("not stated"))],
        },
        {
            "label": _("Address"), "head": subscriber.address, "locator": answer.places.get("Address"),
            "lines": [kind_words(subscriber.address_kind)],
        },
    ]  # fmt: skip


def chain_cell(step: dict[str, Any]) -> dict[str, Any]:
    """A step as the paper shows it."""
    return {"label": step["label"], "head": step["head"], "lines": [line for line in step["lines"] if line]}


def _annex(looked: Looked) -> list[dict[str, Any]]:
    """Every strand with its instant and session, and every check with the places that show it."""
    strands = [
        [
            strand.sighting.reference, strand.sighting.activity, strand.sighting.address,
            str(strand.sighting.port or ""), (strand.sighting.at + IST_OFFSET).strftime("%Y-%m-%d %H:%M:%S") if strand.sighting.at else "",
            f"{strand.answer.start_text} – {strand.answer.end_text} {strand.answer.zone or ''}",
            f"{strand.request.number}, {strand.request.row}",
        ]
        for strand in looked.facts.strands
    ]  # fmt: skip
    evidence = [
        [
            run.code,
            run.words,
            "; ".join(f"{places.words(place)} ({(place.original or '')[:8]})" for place in run.evidence),
        ]
        for run in looked.runs
        if run.evidence
    ]
    return [{"strands": strands, "evidence": evidence}]
