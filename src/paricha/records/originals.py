"""What the vault may know of the record: who sees an original through his tips, and what was read from it."""

from __future__ import annotations

from paricha.access.models import Officer
from paricha.records.models import GroupVersion, Sighting, Tip, TipVersion
from paricha.vault.models import Original
from paricha.vault.queries import made_of, seen_through


@seen_through("records:tip")
def by_tips(officer: Officer, original: Original) -> bool:
    """An officer to whom every tip of an original was handed sees the original; of a sheet of many tips nobody sees more."""
    keys = set(TipVersion.objects.filter(original=original.sha256).values_list("tip_id", flat=True))
    if not keys or GroupVersion.objects.filter(original=original.sha256).exists():
        return False
    return Tip.objects.visible_to(officer).filter(pk__in=keys).count() == len(keys)


@made_of("records")
def counts(original: Original) -> dict[str, int]:
    """What was read from an original: for the report of its deletion."""
    tips = TipVersion.objects.filter(original=original.sha256).values("tip_id").distinct()
    return {
        "tips": tips.count(),
        "sightings": Sighting.objects.filter(tip_id__in=tips).count(),
        "groups": GroupVersion.objects.filter(original=original.sha256).count(),
    }
