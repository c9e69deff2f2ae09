"""What the clock does: a door that held yesterday may not hold today (an address that ended)."""

from __future__ import annotations

from django.db import transaction

from paricha.attribution.models import Door
from paricha.attribution.verbs.doors import refresh
from paricha.jobs.schedule import every


@every(6 * 3600, "attribution:judge-again")
def judge_again() -> None:
    """Judge every door as of today; a changed state leaves its event."""
    doors = list(Door.objects.filter(joined_to=None).order_by("id"))
    for start in range(0, len(doors), 50):
        with transaction.atomic():
            refresh(doors[start : start + 50], officer=None)
