"""The queue: one row a job, which is also its progress, its checkpoint and its lease."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from paricha.access.models import Officer
from paricha.access.scope import CaseData
from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field, new_id


class State(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(CaseData):
    """A piece of long work. `arguments`, `checkpoint`, `outcome`: JSON of ids, counts and paths, never case data.

    `worker`, `fence`, `lease_until`: who may write here until when; `fence` grows with each taking, so that a worker
    that was away finds its lease lost. `takings`: times taken since the checkpoint last moved.
    `once`: while a job with the same word waits, another is not added. `why`: JSON of the refusal it ended with.
    """

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    kind = models.CharField(max_length=64)
    arguments = models.TextField(default="{}")
    once = models.CharField(max_length=120, default="")
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=120, default="")
    fence = models.IntegerField(default=0)
    takings = models.IntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    of_what = models.CharField(max_length=40, default="")
    words = models.CharField(max_length=240, default="")
    checkpoint = models.TextField(default="{}")
    cancel_asked = models.BooleanField(default=False)
    outcome = models.TextField(default="{}")
    why = models.TextField(default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "not_before"], name="jobs_state_due")]

    @property
    def ended(self) -> bool:
        return self.state in (State.DONE, State.FAILED, State.CANCELLED)

    @property
    def refusal(self) -> dict[str, Any] | None:
        """Why it failed: a refusal as plain JSON."""
        return json.loads(self.why) if self.why else None


class Tick(models.Model):
    """When scheduled work was last done, and how it ended: `why` is empty when it went well."""

    kept: ClassVar = Kept.DECIDED
    name = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()
    why = models.TextField(default="")
