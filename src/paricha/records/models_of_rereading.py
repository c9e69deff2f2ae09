"""Tables of reading again: what a newer reader makes of originals that were read before, before it counts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from paricha.access.scope import CaseData, CaseQuerySet
from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field, new_id
from paricha.intake.models import FileRead


class RereadState(models.TextChoices):
    READING = "reading"
    READY = "ready"  # the difference waits for an officer
    COUNTED = "counted"
    LEFT = "left"  # an officer decided that nothing of it counts


class Reread(CaseData):
    """One reading anew of files of a batch: asked for, read without storing, decided. Its unit is the batch's.

    `position`: the one file that was asked for, or None. `readers`: labels and mapping versions it was read with; a
    decision on other ones is refused. Sums over its tips: `new` and `gone` tips; `added`, `changed`, `lost` values.
    """

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    batch = Id16Field(db_index=True)
    position = models.IntegerField(null=True)
    officer = Id16Field()
    asked_at = models.DateTimeField(default=timezone.now)
    readers = models.TextField()
    state = models.CharField(max_length=8, choices=RereadState.choices, default=RereadState.READING)
    files = models.IntegerField(default=0)
    tips = models.IntegerField(default=0)  # with a difference, new and gone ones too
    new = models.IntegerField(default=0)
    gone = models.IntegerField(default=0)
    added = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    lost = models.IntegerField(default=0)
    conflicts = models.IntegerField(default=0)  # how many more stand open than before; may be negative
    decided_by = Id16Field(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")


class RereadFile(models.Model):
    """A file that was read anew: readers and coverage before and now. `refusals`: JSON list of codes that stand now.

    `before` is empty where the file was refused then. `same`: nothing of it differs but the reader's name.
    """

    kept: ClassVar = Kept.DERIVED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "reread__"
    scope_assigned: ClassVar[str | None] = None
    id = models.BigAutoField(primary_key=True)
    reread = models.ForeignKey(Reread, on_delete=models.CASCADE, related_name="file_rows")
    file = models.ForeignKey(FileRead, on_delete=models.CASCADE, related_name="rereads")
    before = models.CharField(max_length=40, default="")
    now = models.CharField(max_length=40)
    read_before = models.IntegerField(default=0)
    read_now = models.IntegerField(default=0)
    expected_now = models.IntegerField(default=0)
    unread_before = models.IntegerField(default=0)
    unread_now = models.IntegerField(default=0)
    refusals = models.TextField(default="[]")
    same = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["reread", "file"], name="records_reread_file")]


class RereadTip(models.Model):
    """What differs in one tip of a file. `kind`: new, gone or other. `told`: JSON list of `differences.plain_change`."""

    kept: ClassVar = Kept.DERIVED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "file__reread__"
    scope_assigned: ClassVar[str | None] = None
    id = models.BigAutoField(primary_key=True)
    file = models.ForeignKey(RereadFile, on_delete=models.CASCADE, related_name="tip_rows")
    tip = Id16Field()
    number = models.TextField(null=True)
    kind = models.CharField(max_length=5)
    place = models.TextField()  # of the report in its original, JSON text
    added = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    lost = models.IntegerField(default=0)
    conflicts = models.IntegerField(default=0)
    told = models.TextField(default="[]")
