"""Tables of intake: batches, the files in them with what was read of each, refusals, saved mappings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from paricha.access.models import Officer
from paricha.access.scope import CaseData, CaseQuerySet
from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field, new_id
from paricha.grounds.refusals import Refusal
from paricha.intake.mapping import Mapping, read_mapping
from paricha.vault.models import Original


class Batch(CaseData):
    """What came in at once: a folder, an upload, a typed tip. `number`: B-0001; `words`: where it came from."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    number = models.CharField(max_length=16)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    words = models.CharField(max_length=240, default="")
    mappings = models.TextField(default="")  # JSON list: what --mapping gave for this batch
    strict = models.BooleanField(default=False)  # one mapping was named for all sheets of the batch

    class Meta:
        indexes: ClassVar = [models.Index(fields=["unit", "-opened_at"], name="intake_batch_unit_at")]

    def __str__(self) -> str:
        return self.number


class FileState(models.TextChoices):
    WAITS = "waits"
    READ = "read"
    PART = "part"  # read, with refusals or unread blocks
    DECIDE = "decide"  # an officer has to say what a column is, or which order its dates have
    REFUSED = "refused"
    MEDIA = "media"  # hashed and counted only
    SAME = "same"  # its bytes were here already


class FileRead(models.Model):
    """One file of a batch: its original, what its reader found, what became of its tips.

    `position` from 0 in the batch's order. `mapping`: JSON that an officer chose for this file, or empty. `new`,
    `merged`, `versions`, `known`: what `records` made of its tips.
    """

    kept: ClassVar = Kept.DECIDED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "batch__"
    scope_assigned: ClassVar[str | None] = None
    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="files")
    position = models.IntegerField()
    name = models.TextField()
    original = models.ForeignKey(Original, on_delete=models.PROTECT, related_name="read_in")
    state = models.CharField(max_length=8, choices=FileState.choices, default=FileState.WAITS)
    mapping = models.TextField(default="")
    reader = models.CharField(max_length=40, default="")
    tips = models.IntegerField(default=0)
    groups = models.IntegerField(default=0)
    expected_fields = models.IntegerField(default=0)
    read_fields = models.IntegerField(default=0)
    unread_blocks = models.IntegerField(default=0)
    new = models.IntegerField(default=0)
    merged = models.IntegerField(default=0)
    versions = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "position"], name="intake_file_place")]
        indexes: ClassVar = [models.Index(fields=["batch", "state"], name="intake_file_state")]

    @property
    def chosen_mapping(self) -> Mapping | None:
        """The mapping an officer chose for this file."""
        return read_mapping(self.mapping.encode()) if self.mapping else None


class StoredRefusal(models.Model):
    """A refusal of a file, as it was given; a retry that succeeds takes it away."""

    kept: ClassVar = Kept.DERIVED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "file__batch__"
    scope_assigned: ClassVar[str | None] = None
    id = models.BigAutoField(primary_key=True)
    file = models.ForeignKey(FileRead, on_delete=models.CASCADE, related_name="refusals")
    code = models.CharField(max_length=40, db_index=True)
    place = models.TextField(null=True)
    what = models.TextField()
    remedy = models.TextField()

    def refusal(self) -> Refusal:
        """As commands print it."""
        return Refusal(self.file.name, self.place, self.what, self.remedy, self.code)


class SavedMapping(CaseData):
    """A mapping by name; saving again under the same name is a new version, and the newest serves."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    name = models.CharField(max_length=120)
    version = models.IntegerField(default=1)
    plain = models.TextField()  # the mapping's JSON
    saved_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "name", "version"], name="intake_mapping_version")
        ]

    @property
    def mapping(self) -> Mapping:
        return read_mapping(self.plain.encode())
