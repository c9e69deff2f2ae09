"""What happens to an exhibit: taken in from a field event, handed over, received; clocks done; marks decided."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.numbers import next_number
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import touch, verb
from paricha.audit.feed import FeedEvent
from paricha.audit.log import record
from paricha.exhibits.clocks import limits_of_a_search
from paricha.exhibits.events import Event
from paricha.exhibits.labels import read_label
from paricha.exhibits.models import Clock, Custody, Exhibit, MarkDecision
from paricha.field.kinds import Kind
from paricha.field.models import FieldEvent
from paricha.grounds.refusals import Refused
from paricha.operations.models import Site


def digest_key() -> bytes:
    """The installation's key for labels."""
    return bytes.fromhex((Path(settings.HOME) / "keys" / "digest.key").read_text().strip())


def hear_of_the_morning(events: list[FeedEvent]) -> None:
    """Feed consumer: exhibits and clocks follow from field events, once each, in whatever order they are told."""
    rows = FieldEvent.objects.select_related("site__operation", "site__district", "confirms", "confirmed_by")
    for told in events:
        for identity in told.ids("fieldevent"):
            event = rows.filter(pk=identity).first()
            if event is None or event.site is None:
                continue
            if event.kind == Kind.EXHIBIT_TAKEN:
                _take_in(event)
            elif event.kind == Kind.ENTERED:
                _start_clocks(event)


def _take_in(event: FieldEvent) -> None:
    assert event.site is not None
    entry, own = (event.confirms, event) if event.confirms else (event, getattr(event, "confirmed_by", None))
    lead = own or event  # told by telephone too: the team's own words lead
    standing = Exhibit.objects.filter(event=lead).first()
    known = Exhibit.objects.filter(event=entry).first()
    if standing is not None:
        if known is not None and known.pk != standing.pk:
            _join(known, standing)
        return
    said = json.loads(lead.payload)
    if known is not None:
        known.event = lead
        _fill(known, said, lead)
        known.save()
        return
    exhibit = Exhibit(
        number=next_number("E", event.site.district, _day(lead.at).year), site=event.site, event=lead,
        unit=event.site.district, mark=said["number"],
    )  # fmt: skip
    _fill(exhibit, said, lead)
    exhibit.save()
    exhibit.clash = _weigh_mark(event.site, exhibit.mark)
    things = [("exhibit", exhibit.id), ("site", event.site.id), ("fieldevent", lead.id)]
    record(Event.TAKEN_IN, officer=None, via="job", touched=things, facts={"number": exhibit.number})
    if exhibit.clash:
        record(Event.CLASHED, officer=None, via="job", touched=things, facts={"mark": exhibit.mark})


def _join(entry: Exhibit, own: Exhibit) -> None:
    """Both were taken in before the control room said that they are one: the one that was moved stands, else the team's."""
    gone, stays = (own, entry) if entry.moves.exists() and not own.moves.exists() else (entry, own)
    if gone.joined_to_id is not None or gone.moves.exists():
        return
    gone.joined_to, gone.clash = stays, False
    gone.save(update_fields=["joined_to", "clash"])
    _weigh_mark(stays.site, stays.mark)
    things = [("exhibit", stays.id), ("exhibit", gone.id), ("site", stays.site.id)]
    record(Event.JOINED, officer=None, via="job", touched=things, facts={"number": gone.number})


def _weigh_mark(site: Site, mark: str) -> bool:
    """Say on each exhibit of the site with this mark whether another carries it too. Marks are told apart as read."""
    same = [one for one in Exhibit.objects.filter(site=site, joined_to=None) if _plain(one.mark) == _plain(mark)]
    clash = len(same) > 1
    Exhibit.objects.filter(pk__in=[one.pk for one in same]).exclude(clash=clash).update(clash=clash)
    return clash


def _plain(mark: str) -> str:
    return "".join(mark.split()).casefold()


def _day(at: datetime) -> date:
    """The day of an instant in the unit's zone."""
    return at.astimezone(ZoneInfo(settings.PARICHA.zone)).date()


def _fill(exhibit: Exhibit, said: dict[str, object], event: FieldEvent) -> None:
    plain = ("type", "make", "model", "colour", "serial", "imei", "room", "power", "seized_by", "seal_number",
             "hash_value", "hash_algorithm", "recording", "words")  # fmt: skip
    for name in plain:
        setattr(exhibit, name, said.get(name) or "")
    exhibit.copy_given = said.get("copy_given")  # type: ignore[assignment]
    exhibit.witnesses = "\n".join(said.get("witnesses") or ())  # type: ignore[call-overload]
    exhibit.seized_at = event.at


def _start_clocks(event: FieldEvent) -> None:
    assert event.site is not None
    for limit in limits_of_a_search(event.at, _day(event.at)):
        clock, made = Clock.objects.get_or_create(
            site=event.site, kind=limit.kind,
            defaults={"section": limit.section, "since": event.at, "due_at": limit.due_at},
        )  # fmt: skip
        if not made and event.at < clock.since and clock.done_at is None:  # an earlier entry came later
            clock.since, clock.due_at = event.at, limit.due_at
            clock.save(update_fields=["since", "due_at"])


@verb(may=Right.CUSTODY, event=Event.HANDED)
def hand_over(
    officer: Officer, exhibit: Exhibit, *, to: Officer, purpose: str, place: str, at: datetime | None = None
) -> Custody:
    """The giver's half of a move. The first move is from the seizing team, by the officer who brings the thing in.

    Raises `Refused` EXHIBIT-MOVING, EXHIBIT-NOT-HOLDER, EXHIBIT-ONE-HAND, EXHIBIT-TIME.
    """
    moment = at or timezone.now()
    Exhibit.objects.select_for_update().get(pk=exhibit.pk)  # two hands at once: the second finds the first's move
    last = exhibit.moves.select_related("to").last()
    if last is not None and last.received_at is None:
        raise Refused(
            "EXHIBIT-MOVING", _("{number} is on its way to {name}.").format(number=exhibit.number, name=last.to.name),
            _("The second hand confirms first."),
        )  # fmt: skip
    if last is not None and last.to_id != officer.pk:
        raise Refused(
            "EXHIBIT-NOT-HOLDER", _("{number} is in the hands of {name}.").format(
                number=exhibit.number, name=last.to.name),
            _("Its holder hands it over."),
        )  # fmt: skip
    if to.pk == officer.pk:
        raise Refused("EXHIBIT-ONE-HAND", _("One officer can't be both hands."), _("Choose the second hand."))
    earliest = last.received_at if last and last.received_at else exhibit.seized_at
    if moment > timezone.now() or moment < earliest:
        raise Refused("EXHIBIT-TIME", _("The time lies ahead, or before the last move."), _("Correct the time."))
    touch("exhibit", exhibit)
    return Custody.objects.create(exhibit=exhibit, giver=officer, given_at=moment, to=to, purpose=purpose, place=place)


@verb(may=Right.CUSTODY, event=Event.RECEIVED)
def receive(officer: Officer, move: Custody, *, label: str, seal: str, seal_words: str = "") -> Custody:
    """The second hand confirms by scanning the label and reading the seal. A differing seal needs words.

    Raises `Refused` EXHIBIT-ONE-HAND, EXHIBIT-LABEL, EXHIBIT-SEAL.
    """
    move = Custody.objects.select_for_update(of=("self",)).select_related("exhibit", "to").get(pk=move.pk)
    if move.received_at is not None:
        return move
    if move.to_id != officer.pk:
        raise Refused(
            "EXHIBIT-ONE-HAND", _("{name} is to receive it.").format(name=move.to.name), _("The second hand confirms.")
        )
    if read_label(digest_key(), label) != move.exhibit.id:
        raise Refused(
            "EXHIBIT-LABEL", _("The label is not that of {number}.").format(number=move.exhibit.number),
            _("Scan again; if the label is torn, print a new one from the exhibit's page."),
        )  # fmt: skip
    if seal.strip() != last_seal(move.exhibit) and not seal_words.strip():
        raise Refused(
            "EXHIBIT-SEAL", _("The seal reads {found}, the record says {expected}.").format(
                found=seal or "–", expected=last_seal(move.exhibit)),
            _("Say whether it was broken or renewed, by whom and why."),
        )  # fmt: skip
    move.received_at, move.seal_found, move.seal_words = timezone.now(), seal.strip(), seal_words.strip()
    move.save(update_fields=["received_at", "seal_found", "seal_words"])
    touch("exhibit", move.exhibit)
    return move


def last_seal(exhibit: Exhibit) -> str:
    """The seal number as last found."""
    found = [move.seal_found for move in exhibit.moves.all() if move.received_at and move.seal_found]
    return found[-1] if found else exhibit.seal_number


@verb(may=Right.CUSTODY, event=Event.MARK_DECIDED)
def decide_mark(officer: Officer, exhibit: Exhibit, *, mark: str, reason: str) -> Exhibit:
    """Two exhibits of a site carry one mark: give this one another, with the reason. The report stays as signed."""
    if not reason.strip() or not mark.strip():
        raise Refused("ACCESS-REASON-NEEDED", _("Give the new mark and say why."), _("Write both."))
    before = exhibit.mark
    MarkDecision.objects.create(
        exhibit=exhibit, before=before, after=mark.strip(), reason=reason.strip(), officer=officer, at=timezone.now()
    )
    exhibit.mark = mark.strip()
    exhibit.save(update_fields=["mark"])
    _weigh_mark(exhibit.site, before)
    exhibit.clash = _weigh_mark(exhibit.site, exhibit.mark)
    return exhibit


@verb(may=Right.CUSTODY, event=Event.SEM_SAID)
def say_sem(officer: Officer, exhibit: Exhibit) -> Exhibit:
    """Say that sexually explicit material is on it (Kerala High Court, 7 December 2023): red label, locker. Kept for good."""
    exhibit.sem = True
    exhibit.save(update_fields=["sem"])
    return exhibit


@verb(may=Right.CUSTODY, event=Event.CLOCK_DONE)
def clock_done(officer: Officer, clock: Clock, *, at: datetime, words: str) -> Clock:
    """Say when the duty was done and how (what was sent, to which court). Said once: refused EXHIBIT-CLOCK after that."""
    clock = Clock.objects.select_for_update(of=("self",)).select_related("site__operation").get(pk=clock.pk)
    if clock.done_at is not None:
        raise Refused("EXHIBIT-CLOCK", _("This duty is done already."), _("What was said of it stands on its page."))
    if at > timezone.now() or at < clock.since or not words.strip():
        raise Refused(
            "EXHIBIT-TIME", _("The time lies ahead or before the search, or nothing is said."), _("Correct it.")
        )
    clock.done_at, clock.done_by, clock.words = at, officer, words.strip()
    clock.save(update_fields=["done_at", "done_by", "words"])
    touch("site", clock.site)
    return clock
