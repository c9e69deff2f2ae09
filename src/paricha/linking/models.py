"""Links between tips: proposed by rules (derived), accepted or rejected by officers (decided)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from paricha.access.models import Officer
from paricha.access.scope import CaseQuerySet
from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field, new_id


class Link(models.Model):
    """Two tips share a selector: `first` had it first. `strength` in percent; `sharing`: tips that share it.

    `id16`: rule + selector + both tips, so that a decision outlives a rebuild.
    """

    kept: ClassVar = Kept.DERIVED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "tip__"
    scope_assigned: ClassVar[str | None] = None
    id = models.BigIntegerField(primary_key=True)
    id16 = Id16Field(unique=True)
    rule = models.CharField(max_length=8)
    selector = models.ForeignKey(
        "records.Selector", on_delete=models.CASCADE, db_constraint=False, related_name="proposed_links"
    )
    first = models.ForeignKey("records.Tip", on_delete=models.CASCADE, db_constraint=False, related_name="links_out")
    tip = models.ForeignKey("records.Tip", on_delete=models.CASCADE, db_constraint=False, related_name="links_in")
    strength = models.PositiveSmallIntegerField()
    sharing = models.IntegerField()


class Verdict(models.TextChoices):
    SAME = "same", _("Same person or account holder")
    DIFFERENT = "different", _("Different people")
    UNDECIDED = "undecided", _("Can't be told")


class LinkDecision(models.Model):
    """An officer's word on a link; a later one replaces it."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    link = Id16Field(db_index=True)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    reason = models.TextField()
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
