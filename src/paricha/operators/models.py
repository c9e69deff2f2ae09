"""The files that say whose an address is: every one kept, with the day it speaks of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from paricha.access.models import Officer
from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field, new_id


class FileKind(models.TextChoices):
    SNAPSHOT = "snapshot"
    TABLE = "table"
    EXITS = "exits"


class OperatorFile(models.Model):
    """An imported file: its original (SHA-256 in hex), source, and the day from which it holds."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    kind = models.CharField(max_length=8, choices=FileKind.choices)
    source = models.CharField(max_length=120)
    as_of = models.DateField()
    original = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    rows = models.IntegerField()
    imported_at = models.DateTimeField(default=timezone.now)
    imported_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "source", "as_of", "original"], name="operators_file_once")
        ]
        ordering: ClassVar = ["kind", "source", "as_of"]

    def __str__(self) -> str:
        return f"{self.source} {self.as_of}"


class TableLine(models.Model):
    """A row of a curated table, as read from its file."""

    kept: ClassVar = Kept.DERIVED
    file = models.ForeignKey(OperatorFile, on_delete=models.CASCADE, related_name="lines")
    line = models.IntegerField()
    operator = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    asn = models.BigIntegerField()
    since = models.DateField()
    until = models.DateField(null=True)
    kind = models.CharField(max_length=12)
    shared_ipv4 = models.BooleanField()
    ipv6_prefix = models.IntegerField(null=True)
    layout = models.CharField(max_length=40)
