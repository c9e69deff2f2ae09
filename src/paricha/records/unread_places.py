"""What the vault's viewer outlines in an original: the blocks that nothing of a tip was made of."""

from __future__ import annotations

from typing import Any

from paricha.access.models import Officer
from paricha.intake.document import locator
from paricha.records import packing
from paricha.records.models import TipVersion
from paricha.vault.models import Original
from paricha.vault.queries import leaves_unread

MOST_LOOKED_AT = 50  # tips of one original: a sheet holds thousands


@leaves_unread("records")
def unread_places(officer: Officer, original: Original) -> list[dict[str, Any]]:
    """Locators of the unread blocks that the tips of an original state, as far as the officer sees those tips.

    Plan at 1 M: SEARCH records_tipversion USING INDEX records_version_original, then tips by key.
    """
    rows = TipVersion.objects.visible_to(officer).filter(original=original.sha256, tip__unread__gt=0)
    places: list[dict[str, Any]] = []
    for row in rows[:MOST_LOOKED_AT]:
        document = packing.open_tip(bytes(row.packed), row.dictionary)
        places += [dict(locator(document, one).to_plain()) for one in document.unread]
    return places
