"""Links as officers see them: both ends must be visible."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext

from paricha.access.models import Officer
from paricha.access.scope import scope
from paricha.linking.judging import shipped_rules
from paricha.linking.models import Link, LinkDecision
from paricha.records.bulk import found
from paricha.records.models import Tip


def links(officer: Officer) -> QuerySet[Link]:
    """All links of which the officer may see both tips, with the newest word on each (`word`)."""
    newest = LinkDecision.objects.filter(link=OuterRef("id16")).order_by("-at", "-id")
    return (
        Link.objects.filter(scope(officer, "tip__") & scope(officer, "first__"))
        .select_related("tip", "first", "selector")
        .annotate(word=Subquery(newest.values("verdict")[:1]))
    )


def links_of(officer: Officer, tip: Tip) -> QuerySet[Link]:
    """Links at one tip, the strongest first."""
    mine = links(officer)
    return (mine.filter(tip=tip) | mine.filter(first=tip)).order_by("-strength", "id16")


def undecided(officer: Officer) -> int | None:
    """How many links wait for a word; capped at 1,000 so that the count stays quick; None when there are none."""
    waiting = links(officer).filter(word=None)[:1000]
    return waiting.count() or None


def linked_counts(tips: list[int]) -> dict[int, int]:
    """For each tip (integer key) how many others it is linked with; 0 where none."""
    counts: dict[int, set[int]] = {tip: set() for tip in tips}
    for first, tip in found("SELECT first_id, tip_id FROM linking_link WHERE tip_id IN ({})", tips):
        counts[tip].add(first)
    for first, tip in found("SELECT first_id, tip_id FROM linking_link WHERE first_id IN ({})", tips):
        counts[first].add(tip)
    return {tip: len(others) for tip, others in counts.items()}


def words_of(rule: str) -> str:
    """The rule's sentence in the language of the screen."""
    return gettext(next((one.words for one in shipped_rules().rule if one.code == rule), rule))
