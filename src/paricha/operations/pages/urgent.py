"""The urgent road: from one tip to one team with a sealed package, on one page, with the time since the tip was opened."""

from __future__ import annotations

import time
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.attribution.queries import doors_of_tip
from paricha.audit.models import Touch
from paricha.grounds.instants import from_epoch_ns
from paricha.grounds.refusals import Refused
from paricha.operations.events import Event
from paricha.operations.forms import UrgentForm
from paricha.operations.pages.planning import officer_of
from paricha.operations.verbs.nomination import Named
from paricha.operations.verbs.packages import seal_packages
from paricha.operations.verbs.urgent import open_urgent
from paricha.records.models import Tip

AN_HOUR_NS = 3_600 * 10**9


def tip_opened_at(officer: Officer, tip: Tip) -> datetime:
    """When the officer first looked at the tip within this hour, by the log; now, where he comes here first."""
    seen = Touch.objects.filter(
        thing=tip.id16, row__officer=officer.id16, row__event__in=("records:tip:read", str(Event.URGENT_SEEN)),
        row__at_ns__gte=time.time_ns() - AN_HOUR_NS,
    ).order_by("row__at_ns").values_list("row__at_ns", flat=True).first()  # fmt: skip
    return from_epoch_ns(seen) if seen else timezone.now()


@officer_page(Right.PLAN)
def urgent(request: HttpRequest, tip: bytes) -> HttpResponse:
    """One form: the place, the team, why it can't wait; posting it seals, then two officers sign the release."""
    officer = officer_of(request)
    found: Tip = Tip.objects.get_visible(officer, id16=tip)
    began = tip_opened_at(officer, found)
    read(officer, Event.URGENT_SEEN, found)
    doors = doors_of_tip(officer, found)
    form = UrgentForm(
        officer,
        [(door.id.hex(), f"{door.number}, {door.get_state_display()}: {door.address}") for door in doors],
        request.POST or None,
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        women = {one.pk for one in given["women"]}
        team = [Named(one.name, one.rank, one.pk in women, False, False, bytes(one.id16)) for one in given["team"]]
        try:
            operation = open_urgent(
                officer, bytes(found.id16), door=bytes.fromhex(given["door"]) if given["door"] else None,
                address=given["address"], basis=given["basis"], district=given["district"], team=team,
                reason=given["reason"], began_at=began,
            )  # fmt: skip
            if officer.may(Right.SEAL):
                seal_packages(officer, operation)
            return redirect("operations:release", operation=operation.id)
        except Refused as refused:
            refusal = refused.refusal
    context = {
        "tip": found,
        "form": form,
        "refusal": refusal,
        "began": began,
        "since": int((timezone.now() - began).total_seconds()),
    }
    return render(request, "operations/urgent.html", context, status=409 if refusal else 200)
