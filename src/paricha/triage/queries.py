"""The queue as an officer sees it, and triage as the export prints it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from paricha.access.models import Officer
from paricha.records import bulk
from paricha.records.models import Tip
from paricha.triage.models import WAITING, Decision, Rank
from paricha.triage.ranking import open_reasons
from paricha.triage.scoring import AXES, Reason, shipped_rules


def queue(officer: Officer) -> QuerySet[Rank]:
    """Ranks the officer may see, with their tips.

    Plan at 1 M (SQLite): SEARCH triage_rank USING INDEX triage_queue (unit_id=? AND state=?), 50 rows, no sort.
    """
    return Rank.objects.visible_to(officer).filter(tip__folded_into=None).select_related("tip", "taken_by")


def waiting(officer: Officer) -> int | None:
    """How many wait; counted up to 10,000 so that it stays quick; None when none."""
    return queue(officer).filter(state__in=WAITING).order_by()[:10_000].count() or None


def next_after(officer: Officer, rank: Rank | None) -> Rank | None:
    """The next waiting tip below this one, or the first."""
    rows = queue(officer).filter(state__in=WAITING).order_by("-rank", "-id")
    if rank is not None:
        rows = rows.filter(rank__lt=rank.rank) | rows.filter(rank=rank.rank, id__lt=rank.id)
    return rows.first()


def before(officer: Officer, rank: Rank) -> Rank | None:
    """The waiting tip just above this one, None at the top."""
    rows = queue(officer).filter(state__in=WAITING)
    above = rows.filter(rank__gt=rank.rank) | rows.filter(rank=rank.rank, id__gt=rank.id)
    return above.order_by("rank", "id").first()


def axes_of(rank: Rank) -> dict[str, int]:
    """The four axes, 0–100."""
    return {axis: getattr(rank, axis) for axis in AXES}


def reasons_of(rank: Rank) -> list[Reason]:
    """The reasons in the order of the rules file."""
    return open_reasons(bytes(rank.reasons))


def plain_reasons(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """Reasons as the export and the screen show them: words, points, places; unknown ones say so."""
    return [
        {"axis": reason.axis, "points": reason.points, "words": words_of(reason), "locators": reason.at}
        for reason in reasons
    ]


def words_of(reason: Reason) -> str:
    """The rule's sentence in the language of the screen; the sentences stand in the rules file and the catalogue."""
    words = next((rule.words for rule in shipped_rules().rule if rule.code == reason.code), reason.code)
    said = gettext(words)
    return said if reason.known else gettext("Not known yet: {words}").format(words=said)


def triage_of(tips: Iterable[bytes]) -> dict[bytes, dict[str, Any]]:
    """`triage` of `paricha tips export`, by the tip's 16 bytes; tips without a rank are left out."""
    sql = (
        "SELECT id16, child_at_risk, solvability, seriousness, history_access, completeness, rank, rules_version, reasons "
        "FROM triage_rank WHERE id16 IN ({})"
    )
    return {
        bytes(row[0]): {
            "axes": dict(zip(AXES, row[1:5], strict=True)),
            "completeness": row[5],
            "rank": row[6],
            "rules_version": row[7],
            "reasons": plain_reasons(open_reasons(bytes(row[8]))),
        }
        for row in bulk.found(sql, tips)
    }


def decisions(tip: Tip) -> QuerySet[Decision]:
    """Verdicts on a tip, newest first."""
    return Decision.objects.filter(tip=tip.id16).select_related("officer").order_by("-at", "-id")
