"""Dispatches and the reports that come back. The owning unit of a dispatch is the receiver; the State sees it above."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from paricha.access.models import Officer, Unit
from paricha.access.scope import CaseData, CaseQuerySet
from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field, new_id


class State(models.TextChoices):
    SENT = "sent", _("Sent")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    REPORTED = "reported", _("Reported back")
    RETURNED = "returned", _("Returned: not ours")


class Outcome(models.TextChoices):
    CASE = "case", _("Case registered")
    SEIZURE_REPORT = "s106", _("Report under BNSS s.106")
    CHILD_SAFE = "child-safeguarded", _("Child safeguarded")
    NOTHING = "nothing-found", _("Nothing found")
    GOING_ON = "going-on", _("Enquiry goes on")
    DUPLICATE = "duplicate", _("Already known here")
    NOT_OURS = "not-ours", _("Returned: not ours")


class Dispatch(CaseData):
    """One tip sent to one unit. `enclosed`: space-separated names of the parts of the tip that the receiver may know."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    number = models.CharField(max_length=24)
    tip = Id16Field(db_index=True)
    sent_from = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    due_on = models.DateField()
    enclosed = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    language = models.CharField(max_length=5, default="en")
    state = models.CharField(max_length=14, choices=State.choices, default=State.SENT)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["unit", "state", "due_on"], name="dispatch_pending")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tip"], condition=models.Q(state__in=[State.SENT, State.ACKNOWLEDGED]), name="dispatch_one_out"
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state in (State.SENT, State.ACKNOWLEDGED)

    def days_left(self, today: date) -> int:
        """Days until the due date; negative when it has passed."""
        return (self.due_on - today).days


class Report(models.Model):
    """The action-taken report on a dispatch. `corrects` names the report that a later one puts right."""

    kept: ClassVar = Kept.DECIDED
    scope_prefix: ClassVar[str] = "dispatch__"
    scope_assigned: ClassVar[str | None] = None
    objects = CaseQuerySet.as_manager()
    id = Id16Field(primary_key=True, default=new_id)
    dispatch = models.ForeignKey(Dispatch, on_delete=models.PROTECT, related_name="reports")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    case_number = models.CharField(max_length=60, blank=True)
    words = models.TextField()
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
