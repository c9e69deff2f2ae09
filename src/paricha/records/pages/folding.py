"""Folding on the screen: the members of a family under their row, and a tip kept alone or folded again with a reason."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.records.events import Event
from paricha.records.models import FoldDecision, Tip
from paricha.records.pages.tips import TIPS
from paricha.records.queries import with_members
from paricha.records.verbs import fold_again, stand_alone

MEMBERS_SHOWN = 200


def standing_of(officer: Officer, row: Tip) -> dict[str, Any]:
    """How a tip's page speaks of folding: what it is folded into, how many are folded into it, what was decided."""
    decision = FoldDecision.objects.filter(tip=row.id16).order_by("-at", "-id").first()
    by = Officer.objects.filter(id16=decision.officer).first() if decision is not None else None
    seen = Tip.objects.visible_to(officer)
    return {
        "into": seen.filter(id16=row.folded_into).first() if row.folded_into else None,
        "members": seen.filter(folded_into=row.id16).count(),
        "alone": decision if decision is not None and decision.alone else None,
        "by": by.name if by is not None else "",
        "may_stand_alone": bool(row.marks) and not (decision is not None and decision.alone),
        "family": reverse("records:tips") + f"?family={(row.folded_into or row.id16).hex()}",
    }


@require_GET
@officer_page(Right.READ_RECORDS)
def family(request: HttpRequest, tip: bytes) -> HttpResponse:
    """The tips folded into this one, as rows of the list of tips; each still a tip of its own."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    head = Tip.objects.get_visible(officer, id16=tip)
    members = with_members(officer).filter(folded_into=head.id16).select_related("unit").order_by("received_at", "id")
    some = list(members[: MEMBERS_SHOWN + 1])
    read(officer, Event.TIPS_LISTED, head, how="family", tips=len(some))
    columns = [column for column in TIPS.columns if column.on_screen]
    return render(
        request,
        "records/family.html",
        {
            "rows": [
                {"of": head.id16.hex(), "cells": [(column.cell(one), column.number) for column in columns]}
                for one in some[:MEMBERS_SHOWN]
            ],
            "more": f"?family={head.id16.hex()}" if len(some) > MEMBERS_SHOWN else "",
            "head": head,
            "columns": len(columns),
        },
    )


@require_POST
@officer_page(Right.DECIDE_TIPS)
def alone(request: HttpRequest, tip: bytes) -> HttpResponse:
    """Keep a tip out of its family."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    row = Tip.objects.get_visible(officer, id16=tip)
    stand_alone(officer, row, reason=request.POST.get("reason", ""))
    return redirect("records:tip", row.id16)


@require_POST
@officer_page(Right.DECIDE_TIPS)
def fold(request: HttpRequest, tip: bytes) -> HttpResponse:
    """Let it fold again."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    row = Tip.objects.get_visible(officer, id16=tip)
    fold_again(officer, row, reason=request.POST.get("reason", ""))
    return redirect("records:tip", row.id16)
