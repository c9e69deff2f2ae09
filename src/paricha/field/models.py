"""Field events: stored once, never edited; and what was refused, kept beside them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from paricha.access.models import Officer
from paricha.access.scope import CaseQuerySet
from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field, new_id
from paricha.operations.models import Device, Operation, Package, Site, Team


class FieldEvent(models.Model):
    """One thing a team did or saw. From a phone: `device`, `text`, `signature`. From the control room: `entered_by`.

    `at`: by the server's clock as well as can be told; `at_device`: as the phone's clock said. `clock_off_s`: how far the
    phone was ahead when that matters (more than two minutes). `confirms`: the control room's entry that this repeats.
    """

    kept: ClassVar = Kept.DECIDED
    scope_prefix: ClassVar[str] = "operation__"
    scope_assigned: ClassVar[str | None] = None
    objects = CaseQuerySet.as_manager()
    id = Id16Field(primary_key=True, default=new_id)
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="events")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="events")
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="events")
    package = models.ForeignKey(Package, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    at = models.DateTimeField()
    at_device = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    clock_off_s = models.IntegerField(null=True)
    payload = models.TextField()
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="events")
    seq = models.BigIntegerField(null=True)
    previous = models.CharField(max_length=64, blank=True)
    text = models.TextField(blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    signature = models.BinaryField(null=True)
    entered_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    caller = models.CharField(max_length=120, blank=True)
    told_at = models.DateTimeField(null=True)
    confirms = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="confirmed_by")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["device", "seq"], name="field_seq_once")]
        indexes: ClassVar = [models.Index(fields=["operation", "received_at"], name="field_by_operation")]


class RefusedEvent(models.Model):
    """What came and was not taken: kept as it came, with the code and the reason."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    text = models.TextField()
    signature = models.BinaryField(null=True)
    code = models.CharField(max_length=40)
    why = models.TextField()
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
