"""Cases, their sections, and why a door was not searched."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from paricha.access.models import Officer
from paricha.access.scope import CaseData, CaseQuerySet
from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field, new_id
from paricha.operations.models import Site


class CaseKind(models.TextChoices):
    FIR = "fir", _("FIR registered")
    S106 = "s106", _("Report under BNSS s.106, device held")
    NOTHING = "nothing-found", _("Nothing found")


class Case(CaseData):
    """What a searched site became. `number`: ours (C-0001); `reference`: FIR or report number of the station.

    `corrects`: the outcome that this one puts right; a corrected one no longer counts.
    """

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    number = models.CharField(max_length=24)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="cases")
    kind = models.CharField(max_length=16, choices=CaseKind.choices)
    station = models.CharField(max_length=120)
    reference = models.CharField(max_length=60, blank=True)
    on = models.DateField()
    words = models.TextField(blank=True)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")

    def __str__(self) -> str:
        return self.number


class Section(models.Model):
    """A section of law on a case: proposed by rule or added by the officer; taken out ones stay, marked."""

    kept: ClassVar = Kept.DECIDED
    scope_prefix: ClassVar[str] = "case__"
    scope_assigned: ClassVar[str | None] = None
    objects = CaseQuerySet.as_manager()
    id = Id16Field(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sections")
    act = models.CharField(max_length=80)
    section = models.CharField(max_length=20)
    proposed = models.BooleanField(default=False)
    why = models.TextField(blank=True)
    out = models.BooleanField(default=False)


class NotSearched(models.TextChoices):
    DROPPED = "dropped", _("Dropped before the operation")
    NO_TEAM = "no-team", _("No team was free")
    STOPPED = "stopped", _("Stopped: the door no longer held")
    NOBODY = "nobody-home", _("Nobody was there")
    MOVED = "moved", _("The occupant had moved")
    LATER = "later", _("Put off to another day")


class WhyNot(models.Model):
    """The reason why an identified door was not searched. A later one replaces it. `door` None: a site of the urgent road."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    door = Id16Field(null=True, db_index=True)
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="why_nots")
    reason = models.CharField(max_length=16, choices=NotSearched.choices)
    words = models.TextField(blank=True)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
