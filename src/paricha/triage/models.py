"""The queue (derived) and what officers decide about tips (decided)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from paricha.access.models import Compartment, Officer, Unit
from paricha.access.scope import CaseData
from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field, new_id


class State(models.TextChoices):
    UNREAD = "unread", _("Unread")
    TAKEN = "taken", _("Taken")
    AGAIN = "again", _("Opened again by new facts")
    DECIDED = "decided", _("Decided")
    SENT = "sent", _("With a district")
    BACK = "back", _("Back from a district")


WAITING = [State.UNREAD, State.TAKEN, State.AGAIN, State.BACK]


def _bulk_key(to: Any, **given: Any) -> Any:
    return models.ForeignKey(to, on_delete=models.CASCADE, db_constraint=False, **given)


class Rank(CaseData):
    """Where a tip stands in the queue, and why. `reasons`: packed list of `scoring.Reason`; `rank` orders the queue."""

    kept: ClassVar = Kept.DERIVED
    id = models.BigIntegerField(primary_key=True)
    id16 = Id16Field(unique=True)  # the tip's
    tip = _bulk_key("records.Tip", related_name="ranks")
    unit = _bulk_key(Unit, related_name="+", db_index=False)
    compartment = _bulk_key(Compartment, null=True, blank=True, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=State.choices)
    taken_by = _bulk_key(Officer, null=True, blank=True, related_name="+")
    rank = models.IntegerField()
    child_at_risk = models.SmallIntegerField()
    solvability = models.SmallIntegerField()
    seriousness = models.SmallIntegerField()
    history_access = models.SmallIntegerField()
    completeness = models.SmallIntegerField()
    top = models.BooleanField()
    rules_version = models.CharField(max_length=40)
    reasons = models.BinaryField()

    class Meta:
        # the queue's page: 50 rows by (unit, state) in rank order; keyset, so no column of it is ever null
        indexes: ClassVar = [models.Index(fields=["unit", "state", "-rank", "-id"], name="triage_queue")]


class Verdict(models.TextChoices):
    DOOR = "door", _("Look for the door")
    DISTRICT = "district", _("Send to a district")
    NOT_HERE = "not-here", _("Not in the State")
    DUPLICATE = "duplicate", _("Duplicate")
    NOTHING = "nothing", _("Nothing to act on")
    LATER = "later", _("Wait for more facts")


class Taking(models.Model):
    """An officer has the tip in hand, so that no two work on one unaware of each other."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    tip = Id16Field(db_index=True)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    given_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tip"], condition=models.Q(given_back_at__isnull=True), name="triage_one_hand"
            )
        ]


class Decision(models.Model):
    """An officer's verdict on a tip with its reason. A later one replaces it; undone ones stay and are marked.

    `version`: of the tip that was judged; a newer version opens the tip again.
    """

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    tip = Id16Field(db_index=True)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    reason = models.TextField(blank=True)
    version = models.IntegerField()
    rules_version = models.CharField(max_length=40)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)


class Whereabouts(models.Model):
    """Told by the feed: the tip is with a district, or came back. Later rooms say so; triage never asks them.

    Kept as decided: a rebuild of the record is not told it again. `at`: of the event; `version`: of the tip then.
    """

    kept: ClassVar = Kept.DECIDED
    tip = Id16Field(primary_key=True)
    state = models.CharField(max_length=8, choices=State.choices)
    at = models.DateTimeField()
    version = models.IntegerField()
