"""Notices: what came of things that an officer had in hand."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from paricha.access.models import Officer
from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field, new_id


class Notice(models.Model):
    """One event told to one officer because he touched the thing before. Holds ids, no words of the case."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="notices")
    row = Id16Field()  # the audit row
    event = models.CharField(max_length=64)
    kind = models.CharField(max_length=24)
    thing = Id16Field()
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["officer", "row"], name="notice_once")]
        indexes: ClassVar = [models.Index(fields=["officer", "seen_at", "-at"], name="desk_notice_unseen")]
