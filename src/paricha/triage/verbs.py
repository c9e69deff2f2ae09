"""What an officer does in the queue, and the consumers that keep the ranks true."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.audit.feed import FeedEvent
from paricha.audit.log import record
from paricha.grounds.instants import from_epoch_ns
from paricha.grounds.refusals import Refused
from paricha.jobs.queue import enqueue
from paricha.records.models import Tip
from paricha.screens.moments import local_words
from paricha.triage.events import Event
from paricha.triage.models import Decision, Rank, State, Taking, Verdict, Whereabouts
from paricha.triage.ranking import hold_still, judgements, rank_tips, restate
from paricha.triage.scoring import Judgement, shipped_rules

NEEDS_REASON = frozenset({Verdict.NOT_HERE, Verdict.DUPLICATE, Verdict.NOTHING, Verdict.LATER})


@verb(may=Right.DECIDE_TIPS, event=Event.TAKEN)
def take_tip(officer: Officer, tip: Tip) -> Taking:
    """Take a tip in hand. Raises `Refused` TRIAGE-TAKEN when another officer has it; taking one's own again is fine."""
    hold_still([tip.id16])
    holder = _in_hand(officer, tip.id16)
    taking = holder or Taking.objects.create(tip=tip.id16, officer=officer, at=timezone.now())
    touch("tip", tip.id16)
    restate(tip.id16)
    return taking


def _in_hand(officer: Officer, tip: bytes) -> Taking | None:
    """The officer's open taking of the tip, None when nobody has it. Raises `Refused` TRIAGE-TAKEN when another has."""
    holder = Taking.objects.filter(tip=tip, given_back_at__isnull=True).select_related("officer").first()
    if holder is not None and holder.officer_id != officer.pk:
        raise Refused(
            "TRIAGE-TAKEN", _("{name} has this tip since {time}.").format(
                name=holder.officer.name, time=local_words(holder.at, "minute")),
            _("Take the next one, or ask for it."),
        )  # fmt: skip
    return holder


@verb(may=Right.DECIDE_TIPS, event=Event.GIVEN_BACK)
def give_back(officer: Officer, tip: Tip) -> Taking:
    """Put a tip that one has taken back into the queue."""
    hold_still([tip.id16])
    holder = Taking.objects.filter(tip=tip.id16, officer=officer, given_back_at__isnull=True).first()
    if holder is None:
        raise Refused("TRIAGE-NOT-TAKEN", _("This tip is not in your hands."), _("Nothing has to be given back."))
    holder.given_back_at = timezone.now()
    holder.save(update_fields=["given_back_at"])
    touch("tip", tip.id16)
    restate(tip.id16)
    return holder


@verb(may=Right.DECIDE_TIPS, event=Event.DECIDED)
def decide_tip(officer: Officer, tip: Tip, *, verdict: Verdict, reason: str = "") -> Decision:
    """An officer's verdict; it leaves his hands. It closes nothing for ever: a newer version opens the tip again.

    Raises `Refused` ACCESS-REASON-NEEDED for verdicts that put a tip away, TRIAGE-TAKEN when another has it.
    """
    if verdict in NEEDS_REASON and not reason.strip():
        raise Refused("ACCESS-REASON-NEEDED", _("This verdict puts the tip away; say why."), _("Write the reason."))
    hold_still([tip.id16])
    holder, now = _in_hand(officer, tip.id16), timezone.now()
    if holder is not None:
        holder.given_back_at = now
        holder.save(update_fields=["given_back_at"])
    row = Rank.objects.filter(id16=tip.id16).first()
    touch("tip", tip.id16)
    note_facts(verdict=str(verdict), rank=row.rank if row else None)
    made = Decision.objects.create(
        tip=tip.id16, verdict=verdict, reason=reason.strip(), version=tip.version, officer=officer, at=now,
        rules_version=row.rules_version if row else shipped_rules().version,
    )  # fmt: skip
    restate(tip.id16)
    return made


@verb(may=Right.DECIDE_TIPS, event=Event.UNDONE)
def undo_decision(officer: Officer, decision: Decision) -> Decision:
    """Take one's own verdict back; it stays in the history, marked, and the tip is in one's hands as before."""
    hold_still([decision.tip])
    last = Decision.objects.filter(tip=decision.tip).order_by("-at", "-id").first()
    if last is None or last.pk != decision.pk or last.officer_id != officer.pk or last.undone_at is not None:
        raise Refused("TRIAGE-NOT-TAKEN", _("Only your own last verdict can be undone."), _("Decide anew instead."))
    decision.undone_at = timezone.now()
    decision.save(update_fields=["undone_at"])
    had = Taking.objects.filter(tip=decision.tip, officer=officer, given_back_at=decision.at).exists()
    if had and _in_hand(officer, decision.tip) is None:
        Taking.objects.create(tip=decision.tip, officer=officer, at=decision.undone_at)
    touch("tip", decision.tip)
    restate(decision.tip)
    return decision


def judge_changed_tips(events: list[FeedEvent]) -> dict[bytes, Judgement]:
    """What `rank_changed_tips` needs and only reads: done without the write lock, which a bulk intake wants too."""
    tips = _changed(events)
    found: dict[bytes, Judgement] = {}
    for start in range(0, len(tips), 1000):
        found |= judgements(tips[start : start + 1000])
    return found


def rank_changed_tips(events: list[FeedEvent], judged: dict[bytes, Judgement] | None = None) -> None:
    """Feed consumer: tips stored, merged anew, linked, decided or handed are judged again, in the feed's transaction."""
    tips = _changed(events)
    if not tips:
        return
    for start in range(0, len(tips), 1000):
        rank_tips(tips[start : start + 1000], judged=judged)
    record(Event.RANKED, officer=None, via="job", facts={"tips": len(tips), "rules": shipped_rules().version})


def _changed(events: list[FeedEvent]) -> list[bytes]:
    return sorted({tip for event in events for tip in event.ids("tip")})


def rank_all_again(events: list[FeedEvent]) -> None:
    """Feed consumer: a new snapshot of operators can move any tip; the work is a job."""
    if events:
        enqueue("triage:rank-all", {}, officer=None, once="all", of_what="tips")


def hear_of_districts(events: list[FeedEvent]) -> None:
    """Feed consumer of `dispatch`: where a tip is now. Told by plain events; triage imports nothing downstream."""
    for event in events:
        state = _told(event)
        at = from_epoch_ns(event.at_ns)
        versions = dict(Tip.objects.filter(id16__in=event.ids("tip")).values_list("id16", "version"))
        for tip, version in versions.items():
            known = Whereabouts.objects.filter(tip=tip).first()
            if known is not None and known.at > at:
                continue  # something newer was told
            Whereabouts.objects.update_or_create(tip=tip, defaults={"state": state, "at": at, "version": version})
            restate(tip)


def _told(event: FeedEvent) -> State:
    """Where a tip is by an event of `dispatch`; a district whose enquiry goes on still has it."""
    if event.event == "dispatch:tip:returned":
        return State.BACK
    done = event.event == "dispatch:report:received" and event.facts.get("outcome") != "going-on"
    return State.DECIDED if done else State.SENT
