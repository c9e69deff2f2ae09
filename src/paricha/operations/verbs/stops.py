"""Stop: a commander's word, or a door that froze, stops a site or all, and the teams are told."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import touch, verb
from paricha.audit.feed import FeedEvent
from paricha.audit.log import record
from paricha.grounds.refusals import Refused
from paricha.operations.events import Event
from paricha.operations.models import Operation, OperationState, Package, Site, SiteState, Stop
from paricha.operations.verbs.planning import hold_sealed, in_state


@verb(may=Right.STOP, event=Event.STOPPED)
def stop(officer: Officer, operation: Operation, *, site: Site | None, reason: str) -> Stop:
    """Stop one site, or the whole operation when `site` is None. A sealed package with the site is held back."""
    if not reason.strip():
        raise Refused("ACCESS-REASON-NEEDED", _("Say why it is stopped."), _("Write the reason; teams read it."))
    if site is not None and site.operation_id != operation.pk:
        raise Refused("OPERATION-STATE", _("The site is of another operation."), _("Choose a site of this one."))
    in_state(operation, *(state for state in OperationState if state != OperationState.CLOSED))
    return _stop(operation, site, reason, officer)


def _stop(operation: Operation, site: Site | None, reason: str, officer: Officer | None) -> Stop:
    made = Stop.objects.create(operation=operation, site=site, reason=reason.strip(), by=officer, at=timezone.now())
    hold_sealed(operation, site, reason.strip())
    touch("operation", operation)
    if site is not None:
        touch("site", site)
        if site.team is not None:
            touch("team", site.team)
    return made


def stop_for_frozen_doors(events: list[FeedEvent]) -> None:
    """Feed consumer of `attribution:door:frozen`: each site on the door is stopped, its team told. Idempotent."""
    for event in events:
        for door in event.ids("door"):
            live = Site.objects.filter(door=door, state=SiteState.CHOSEN).exclude(
                operation__state=OperationState.CLOSED
            )
            for site in live.select_related("operation", "team"):
                if site.stops.filter(by=None).exists():
                    continue
                reason = str(_("The door was frozen: a later fact contradicts it."))
                with transaction.atomic():
                    made = _stop(site.operation, site, reason, None)
                    things = [("stop", made.id), ("site", site.id), ("operation", site.operation.id), ("door", door)]
                    if site.team is not None:
                        things.append(("team", site.team.id))
                    record(Event.STOPPED, officer=None, via="job", touched=things, facts={"door": door.hex()})


def stops_for(package: Package) -> list[Stop]:
    """The stops that concern a package's sites, newest first."""
    ids = [bytes.fromhex(text) for text in package.site_ids.split()]
    mine = package.operation.stops.filter(site_id__in=ids) | package.operation.stops.filter(site=None)
    return list(mine.order_by("-at"))
