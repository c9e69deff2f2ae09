"""What an officer does in the queue, and the consumers that keep the ranks true."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.audit.feed import FeedEvent
from paricha.audit.log import record
from paricha.grounds.refusals import Refused
from paricha.jobs.queue import enqueue
from paricha.records.models import Tip
from paricha.triage.events import Event
from paricha.triage.models import Decision, Rank, State, Taking, Verdict, Whereabouts
from paricha.triage.ranking import rank_tips, restate
from paricha.triage.scoring import shipped_rules

NEEDS_REASON = frozenset({Verdict.NOT_HERE, Verdict.DUPLICATE, Verdict.NOTHING, Verdict.LATER})


@verb(may=Right.DECIDE_TIPS, event=Event.TAKEN)
def take_tip(officer: Officer, tip: Tip) -> Taking:
    """Take a tip in hand. Raises `Refused` TRIAGE-TAKEN when another officer has it; taking one's own again is fine."""
    Rank.objects.select_for_update().filter(id16=tip.id16).first()
    holder = Taking.objects.filter(tip=tip.id16, given_back_at__isnull=True).select_related("officer").first()
    if holder is not None and holder.officer_id != officer.pk:
        raise Refused(
            "TRIAGE-TAKEN", _("{name} has this tip since {time} UTC.").format(
                name=holder.officer.name, time=holder.at.strftime("%Y-%m-%d %H:%M")),
            _("Take the next one, or ask for it."),
        )  # fmt: skip
    taking = holder or Taking.objects.create(tip=tip.id16, officer=officer, at=timezone.now())
    touch("tip", tip.id16)
    restate(tip.id16)
    return taking


@verb(may=Right.DECIDE_TIPS, event=Event.GIVEN_BACK)
def give_back(officer: Officer, tip: Tip) -> Taking:
    """Put a tip that one has taken back into the queue."""
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
    """An officer's verdict. It closes nothing for ever: a newer version of the tip opens it again.

    Raises `Refused` ACCESS-REASON-NEEDED for verdicts that put a tip away, TRIAGE-TAKEN when another has it.
    """
    if verdict in NEEDS_REASON and not reason.strip():
        raise Refused("ACCESS-REASON-NEEDED", _("This verdict puts the tip away; say why."), _("Write the reason."))
    holder = Taking.objects.filter(tip=tip.id16, given_back_at__isnull=True).select_related("officer").first()
    if holder is not None and holder.officer_id != officer.pk:
        raise Refused(
            "TRIAGE-TAKEN", _("{name} has this tip.").format(name=holder.officer.name), _("Ask for it first.")
        )
    row = Rank.objects.filter(id16=tip.id16).first()
    touch("tip", tip.id16)
    note_facts(verdict=str(verdict), rank=row.rank if row else None)
    made = Decision.objects.create(
        tip=tip.id16, verdict=verdict, reason=reason, version=tip.version, officer=officer, at=timezone.now(),
        rules_version=row.rules_version if row else shipped_rules().version,
    )  # fmt: skip
    restate(tip.id16)
    return made


@verb(may=Right.DECIDE_TIPS, event=Event.UNDONE)
def undo_decision(officer: Officer, decision: Decision) -> Decision:
    """Take one's own verdict back; it stays in the history, marked."""
    if decision.officer_id != officer.pk or decision.undone_at is not None:
        raise Refused("TRIAGE-NOT-TAKEN", _("Only your own last verdict can be undone."), _("Decide anew instead."))
    decision.undone_at = timezone.now()
    decision.save(update_fields=["undone_at"])
    touch("tip", decision.tip)
    restate(decision.tip)
    return decision


def rank_changed_tips(events: list[FeedEvent]) -> None:
    """Feed consumer: tips stored, merged anew, linked, decided or handed are judged again, in the feed's transaction."""
    tips = sorted({tip for event in events for tip in event.ids("tip")})
    if not tips:
        return
    for start in range(0, len(tips), 1000):
        rank_tips(tips[start : start + 1000])
    record(Event.RANKED, officer=None, via="job", facts={"tips": len(tips), "rules": shipped_rules().version})


def rank_all_again(events: list[FeedEvent]) -> None:
    """Feed consumer: a new snapshot of operators can move any tip; the work is a job."""
    if events:
        enqueue("triage:rank-all", {}, officer=None, once="all", of_what="tips")


def hear_of_districts(events: list[FeedEvent]) -> None:
    """Feed consumer of `dispatch`: where a tip is now. Told by plain events; triage imports nothing downstream."""
    states = {
        "dispatch:tip:sent": State.SENT,
        "dispatch:tip:returned": State.BACK,
        "dispatch:report:received": State.DECIDED,
    }
    for event in events:
        for tip in event.ids("tip"):
            Whereabouts.objects.update_or_create(tip=tip, defaults={"state": states[event.event]})
            restate(tip)
