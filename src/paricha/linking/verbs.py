"""What can be done with a link: decide it. And the consumer that keeps links true to the record."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.audit.feed import FeedEvent
from paricha.audit.log import record
from paricha.grounds.refusals import Refused
from paricha.linking.events import Event
from paricha.linking.models import Link, LinkDecision, Verdict
from paricha.linking.proposing import drop_loose, propose_for
from paricha.records.events import Event as Records


@verb(may=Right.DECIDE_TIPS, event=Event.DECIDED)
def decide_link(officer: Officer, link: Link, *, verdict: Verdict, reason: str) -> LinkDecision:
    """Say whether two tips speak of one person. The link stays; the word stands beside it."""
    if not reason.strip():
        raise Refused("ACCESS-REASON-NEEDED", _("Say what the decision rests on."), _("Write the reason."))
    touch("tip", link.tip.id16)
    touch("tip", link.first.id16)
    note_facts(verdict=str(verdict), rule=link.rule)
    return LinkDecision.objects.create(
        link=link.id16, verdict=verdict, reason=reason, officer=officer, at=timezone.now()
    )


def link_changed_tips(events: list[FeedEvent]) -> None:
    """Feed consumer: tips stored or merged anew get their links made anew, in the feed's transaction."""
    for event in events:
        touched = propose_for(event.ids("tip"))
        if event.event == Records.TIPS_REMERGED:
            touched |= drop_loose()
        if touched:
            record(
                Event.LINKED,
                officer=None,
                via="job",
                touched=[("tip", tip) for tip in touched],
                facts={"tips": len(touched)},
            )
