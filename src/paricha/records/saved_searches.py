"""Saved searches: kept by name, and a notice when something new matches. Each officer's are his own.

The feed only rings a bell (`hear`): one question whether anybody keeps a search, one job in waiting. The job looks some
seconds later at all tips that came in or changed meanwhile, ten thousand at a time, so that a backlog that is being read
pays nothing for it. Who is told what stands in `told`: once per tip and search, whatever becomes of the tip.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.audit import feed
from paricha.audit.feed import FeedEvent
from paricha.audit.log import record
from paricha.audit.models import Cursor, Position
from paricha.grounds.refusals import Refused
from paricha.jobs.queue import JobRun, enqueue, job
from paricha.records import bulk
from paricha.records.events import Event
from paricha.records.models import Tip
from paricha.records.models_of_searches import SavedSearch, Told
from paricha.records.search import Asked, matching_of, search

CHANGES = (Event.TIPS_STORED, Event.TIPS_REMERGED, Event.CONFLICT_DECIDED, Event.TIP_HANDED)
LOOK = "records:saved-searches"
WAIT_S = 5  # so that a backlog's tips are looked at together
AT_ONCE = 10_000  # tips
MOST = 1_000  # tips that a search may find on the day it is saved; more is no search to be told of


# ---- what an officer does -----------------------------------------------------------------------------------------
@verb(may=Right.READ_RECORDS, event=Event.SEARCH_SAVED)
def save_search(officer: Officer, name: str, asked: Asked) -> SavedSearch:
    """Keep a search by name; what it finds now counts as told.

    Raises `Refused` RECORDS-SEARCH-NAME, RECORDS-SEARCH-EMPTY, RECORDS-SEARCH-TOO-WIDE.
    """
    named = " ".join(name.split())[:80]
    if not named or SavedSearch.objects.filter(officer=officer, name=named).exists():
        raise Refused("RECORDS-SEARCH-NAME", _("You keep a search of that name already, or gave none."),
                      _("Give it another name."))  # fmt: skip
    found = _found_now(officer, asked)
    saved = SavedSearch.objects.create(
        officer=officer,
        name=named,
        asked=json.dumps(msgspec.to_builtins(asked), ensure_ascii=False),
        made_at=timezone.now(),
    )
    Told.objects.bulk_create([Told(search=saved, tip=one) for one in found])
    note_facts(found=len(found))
    return saved


@verb(may=Right.READ_RECORDS, event=Event.SEARCH_MUTED)
def mute_search(officer: Officer, saved: SavedSearch, *, muted: bool) -> SavedSearch:
    """Hear no more of it, or hear again: of what matches from then on."""
    own = _own(officer, saved)
    if own.muted and not muted:
        known = {bytes(one) for one in own.told.values_list("tip", flat=True)}
        fresh = [one for one in _found_now(officer, asked_of(own)) if one not in known]
        Told.objects.bulk_create([Told(search=own, tip=one) for one in fresh])
    own.muted = muted
    own.save(update_fields=["muted"])
    note_facts(muted=muted)
    return own


@verb(may=Right.READ_RECORDS, event=Event.SEARCH_DROPPED)
def drop_search(officer: Officer, saved: SavedSearch) -> None:
    """Keep it no longer."""
    own = _own(officer, saved)
    touch("savedsearch", own)
    SavedSearch.objects.filter(pk=own.pk).delete()


def _own(officer: Officer, saved: SavedSearch) -> SavedSearch:
    found = own_searches(officer).filter(pk=saved.pk).first()
    if found is None:
        raise not_his()
    return found


def not_his() -> Refused:
    """An officer's saved search is to nobody else as if it were not."""
    return Refused(
        "ACCESS-NOT-VISIBLE", _("There is no such saved search of yours."), _("Open Search to see which you keep.")
    )


def _found_now(officer: Officer, asked: Asked) -> list[bytes]:
    if not asked.text.strip():
        raise Refused("RECORDS-SEARCH-EMPTY", _("A saved search needs a number or words to look for."),
                      _("Write them, search, then save it."))  # fmt: skip
    found = search(officer, asked, limit=MOST)
    if found.more or found.cut or any(hit.tips.more for hit in found.selectors):
        raise Refused(
            "RECORDS-SEARCH-TOO-WIDE",
            _("The search finds more than {n} tips already; its notices would never end.").format(n=MOST),
            _("Add a word or a filter."),
        )
    return [tip.id16 for tip in found.tips]


# ---- what is read -------------------------------------------------------------------------------------------------
def own_searches(officer: Officer) -> Any:
    """The officer's saved searches, by name."""
    return SavedSearch.objects.filter(officer=officer).order_by("name")


def asked_of(saved: SavedSearch) -> Asked:
    """What a saved search asks."""
    return msgspec.convert(saved.plain, Asked)


def told_tips(officer: Officer, saved: SavedSearch, limit: int = 200) -> list[tuple[Any, Tip]]:
    """(when, tip) of what it told, newest first, as far as the officer may still see it."""
    rows = list(saved.told.filter(at__isnull=False).order_by("-at", "-pk").values_list("tip", "at")[:limit])
    tips = {tip.id16: tip for tip in Tip.objects.visible_to(officer).filter(id16__in=[bytes(one) for one, _at in rows])}
    return [(at, tips[bytes(one)]) for one, at in rows if bytes(one) in tips]


# ---- what the feed brings -----------------------------------------------------------------------------------------
def hear(events: list[FeedEvent]) -> None:
    """Consumer of the feed: have the new tips looked at soon, if anybody keeps a search. No officer's own act."""
    if SavedSearch.objects.filter(muted=False).exists():
        enqueue(LOOK, {}, officer=None, once="look", delay_s=WAIT_S)


@job(LOOK)
def look(run: JobRun) -> dict[str, Any]:
    """Look at what came in since the last time; a killed job goes on where it stood."""
    return {"told": look_on()}


def look_on() -> int:
    """Read the feed on from where it was left, and tell. Returns how many tips were told of.

    All looking is done before the write lock is taken; what it tells and where it stands are one transaction.
    """
    told = 0
    while True:
        after = Cursor.objects.filter(consumer=LOOK).values_list("position", flat=True).first() or 0
        last = Position.objects.order_by("-position").values_list("position", flat=True).first() or 0
        ids, position = _changed(after, last)
        if position == after:
            return told
        fresh = _fresh(ids)
        with transaction.atomic():
            cursor, _made = Cursor.objects.select_for_update().get_or_create(consumer=LOOK)
            if cursor.position == after:  # else another worker has told meanwhile
                told += sum(_tell(saved, tips) for saved, tips in fresh)
                cursor.position = position
                cursor.save(update_fields=["position"])


def _changed(after: int, last: int) -> tuple[list[bytes], int]:
    """The tips that changed in the next events, up to about `AT_ONCE`, and the position up to which they were read."""
    ids: dict[bytes, None] = {}
    while len(ids) < AT_ONCE:
        events = [one for one in feed.read(after, 20, CHANGES) if one.position <= last]
        for event in events:
            ids.update(dict.fromkeys(event.ids("tip")))
        if not events:
            return list(ids), max(after, last)
        after = events[-1].position
    return list(ids), after


def _fresh(ids: list[bytes]) -> list[tuple[SavedSearch, list[bytes]]]:
    """What each search finds among these tips and has not told yet."""
    keys = [key for (key,) in bulk.found("SELECT id FROM records_tip WHERE id16 IN ({})", ids)]
    fresh = []
    kept = SavedSearch.objects.filter(muted=False, officer__active=True).select_related("officer__unit").order_by("pk")
    for saved in kept if keys else []:
        if saved.officer.may(Right.READ_RECORDS):
            found = [tip.id16 for tip in matching_of(saved.officer, asked_of(saved), keys)]
            known = {
                bytes(one)
                for (one,) in bulk.found(
                    "SELECT tip FROM records_told WHERE tip IN ({}) AND search_id = %s", found, saved.pk
                )
            }
            fresh.append((saved, [one for one in found if one not in known]))
    return fresh


def _tell(saved: SavedSearch, tips: list[bytes]) -> int:
    """Note and record what a search found; nothing where it was dropped or muted meanwhile."""
    if not tips or not SavedSearch.objects.filter(pk=saved.pk, muted=False).exists():
        return 0
    now = timezone.now()
    Told.objects.bulk_create([Told(search=saved, tip=one, at=now) for one in tips], ignore_conflicts=True)
    record(
        Event.SEARCH_MATCHED, officer=None, via="job", touched=[("savedsearch", saved.pk)], facts={"tips": len(tips)}
    )
    return len(tips)
