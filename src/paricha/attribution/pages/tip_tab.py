"""The tab "Doors" on a tip's page: what became of each of its sightings."""

from __future__ import annotations

from typing import Any

from paricha.access.models import Officer
from paricha.attribution.queries import strands_of_tip
from paricha.records.models import Sighting, Tip

GRADE = {"holds": "good", "held": "hold", "blocked": "stop", "frozen": "stop"}


def context(officer: Officer, tip: Tip) -> dict[str, Any]:
    """What the tab shows."""
    shown = {
        row.id16: f"{row.selector.normal_form} {row.port or ''}".strip()
        for row in Sighting.objects.visible_to(officer).filter(tip=tip).select_related("selector")
    }
    rows = [
        {**row, "shown": shown.get(row["sighting"], ""), "grade": GRADE[row["door"].state] if row["door"] else ""}
        for row in strands_of_tip(officer, tip)
    ]
    return {"strands": rows}
