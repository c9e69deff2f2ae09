"""The urgent road: from one tip to one team with a package, in minutes; the same seals, the same two officers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer, Unit
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import touch, verb
from paricha.attribution.finished import day_here
from paricha.grounds.refusals import Refused
from paricha.operations.doors import door_of, must_be_ready
from paricha.operations.events import Event
from paricha.operations.models import Demand, DemandState, Nominee, Operation, OperationState, Site, Team
from paricha.operations.verbs.nomination import Named, code_of
from paricha.operations.verbs.planning import make


@verb(may=Right.PLAN, event=Event.URGENT)
def open_urgent(
    officer: Officer,
    tip: bytes,
    *,
    door: bytes | None,
    address: str,
    basis: str,
    district: Unit,
    team: list[Named],
    reason: str,
    began_at: datetime | None = None,
) -> Operation:
    """One site, one team, now. With a door, the door must hold; without one, the address and the basis are kept with
    the officer's name, and the package says in words that the checks were not made.

    Raises `Refused` OPERATION-DOOR, ACCESS-REASON-NEEDED, OPERATION-NO-TEAM.
    """
    if not reason.strip() or (door is None and not (address.strip() and basis.strip())):
        raise Refused(
            "ACCESS-REASON-NEEDED", _("Say why it can't wait, and without a door also the place and its basis."),
            _("Write it; the package and the supervisor's screen show it."),
        )  # fmt: skip
    if not any(one.officer for one in team):
        raise Refused("OPERATION-NO-TEAM", _("Nobody of the team acts in the software."), _("Name a team leader."))
    if door is not None:
        door_of(officer, door)
        must_be_ready(door)
    now = timezone.now()
    operation = make(
        officer, str(_("Urgent")), entry_at=now + timedelta(minutes=5), release_at=now,
        until=now + timedelta(hours=24), urgent=True, began_at=began_at,
    )  # fmt: skip
    demand = Demand.objects.create(
        operation=operation, unit=district, sites=1, teams=1, women=1, cyber=1, technical=1,
        state=DemandState.ACCEPTED, sent_at=now, words=reason,
    )  # fmt: skip
    formed = Team.objects.create(operation=operation, district=district, name=f"{code_of(district)}-01")
    for index, one in enumerate(team):
        Nominee.objects.create(
            demand=demand, name=one.name, rank=one.rank, woman=one.woman, cyber=one.cyber, technical=one.technical,
            officer=Officer.objects.get(id16=one.officer) if one.officer else None, team=formed, leads=index == 0,
        )  # fmt: skip
    Site.objects.create(
        operation=operation, number=1, door=door, tip=tip, address=address, basis=basis, district=district,
        team=formed, wave=1, priority=1, seen_by=officer.name, seen_on=day_here(now), expect=reason.strip(),
    )  # fmt: skip
    operation.state = OperationState.FROZEN
    operation.save(update_fields=["state"])
    touch("tip", tip)
    return operation
