"""Exhibits, their custody and their clocks."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from paricha.access.models import Officer
from paricha.access.scope import CaseData, CaseQuerySet
from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field, new_id
from paricha.field.models import FieldEvent
from paricha.operations.models import Site


class Exhibit(CaseData):
    """A seized thing as the team stated it. `mark`: P1, P2 … within the site; `number`: E-0001 within the unit.

    `sem`: sexually explicit material is on it, by an officer's word (label and locker rules follow; never shown here).
    `clash`: another exhibit of the site carries the same mark; both are kept and an officer decides. `joined_to`: the
    control room said that a telephone entry and the team's own report are one thing; the other row stands for both.
    """

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    number = models.CharField(max_length=24)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="exhibits")
    event = models.OneToOneField(FieldEvent, on_delete=models.PROTECT, related_name="exhibit")
    mark = models.CharField(max_length=24)
    type = models.CharField(max_length=60)
    make = models.CharField(max_length=80, blank=True)
    model = models.CharField(max_length=80, blank=True)
    colour = models.CharField(max_length=40, blank=True)
    serial = models.CharField(max_length=80, blank=True)
    imei = models.CharField(max_length=20, blank=True)
    room = models.CharField(max_length=120)
    power = models.CharField(max_length=40, blank=True)
    seized_by = models.CharField(max_length=120)
    seized_at = models.DateTimeField()
    seal_number = models.CharField(max_length=60)
    witnesses = models.TextField(blank=True)  # one a line
    hash_value = models.CharField(max_length=128, blank=True)
    hash_algorithm = models.CharField(max_length=16, blank=True)
    recording = models.CharField(max_length=16, blank=True)  # eSakshya SID
    copy_given = models.BooleanField(null=True)
    words = models.TextField(blank=True)
    sem = models.BooleanField(default=False)
    clash = models.BooleanField(default=False)
    joined_to = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="joined")

    def __str__(self) -> str:
        return self.number


class Custody(models.Model):
    """One move: the giver hands over, the second hand confirms with the label and the seal. Open until confirmed."""

    kept: ClassVar = Kept.DECIDED
    scope_prefix: ClassVar[str] = "exhibit__"
    scope_assigned: ClassVar[str | None] = None
    objects = CaseQuerySet.as_manager()
    id = Id16Field(primary_key=True, default=new_id)
    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="moves")
    # of the first move: who brings the thing in from the seizing team
    giver = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    to = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=120)
    place = models.CharField(max_length=120)
    received_at = models.DateTimeField(null=True)
    seal_found = models.CharField(max_length=60, blank=True)
    seal_words = models.TextField(blank=True)  # why the seal differs

    class Meta:
        ordering: ClassVar = ["given_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["exhibit"], condition=models.Q(received_at__isnull=True), name="custody_one_open_move"
            )
        ]


class MarkDecision(models.Model):
    """Two exhibits of a site carried one mark: this one got another, by an officer, with the reason."""

    kept: ClassVar = Kept.DECIDED
    scope_prefix: ClassVar[str] = "exhibit__"
    scope_assigned: ClassVar[str | None] = None
    objects = CaseQuerySet.as_manager()
    id = Id16Field(primary_key=True, default=new_id)
    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="mark_decisions")
    before = models.CharField(max_length=24)
    after = models.CharField(max_length=24)
    reason = models.TextField()
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class ClockKind(models.TextChoices):
    MAGISTRATE_COPIES = "185-5", _("Copies to the Magistrate, BNSS s.185(5)")
    RECORDING = "105", _("Audio-video recording to the Magistrate, BNSS s.105")


class Clock(models.Model):
    """A time limit that runs from a search. `due_at` None: “without delay”, shown by how long it has run."""

    kept: ClassVar = Kept.DECIDED
    scope_prefix: ClassVar[str] = "site__operation__"
    scope_assigned: ClassVar[str | None] = None
    objects = CaseQuerySet.as_manager()
    id = Id16Field(primary_key=True, default=new_id)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=12, choices=ClockKind.choices)
    section = models.CharField(max_length=60)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "kind"], name="clock_once_a_site")]
