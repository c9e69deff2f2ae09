"""The log's tables. Rows are only ever added; positions stand beside them, so that a row is never touched again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field, new_id


class AuditRow(models.Model):
    """One event: who did or read what. `touched` and `facts` hold ids, counts and codes, never values.

    `at_ns`: UTC nanoseconds. `touched`: JSON list of [kind, hex id]. `facts`: JSON object. `act`: the signed
    statement (JSON text) or empty; `signature` over it by `key`. `row_hash`: SHA-256 of the canonical row.
    """

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    at_ns = models.BigIntegerField()
    event = models.CharField(max_length=64, db_index=True)
    officer = Id16Field(null=True, db_index=True)
    via = models.CharField(max_length=16)
    touched = models.TextField()
    facts = models.TextField()
    act = models.TextField(default="")
    key = Id16Field(null=True)
    signature = models.BinaryField(null=True)
    row_hash = models.BinaryField(max_length=32)


class Touch(models.Model):
    """Which events touched a thing: the history of a tip, a door, an exhibit (index over `touched`)."""

    kept: ClassVar = Kept.DECIDED
    row = models.ForeignKey(AuditRow, on_delete=models.PROTECT, related_name="touches")
    thing = Id16Field()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["thing", "row"], name="audit_touch_thing")]


class Unstamped(models.Model):
    """The queue of rows that have no position yet; emptied by the stamp."""

    kept: ClassVar = Kept.DECIDED
    row = models.OneToOneField(AuditRow, on_delete=models.PROTECT, primary_key=True)


class Position(models.Model):
    """The place a stamp gave to a row; consumers of the feed read by it, never by row id."""

    kept: ClassVar = Kept.DECIDED
    position = models.BigIntegerField(primary_key=True)
    row = models.OneToOneField(AuditRow, on_delete=models.PROTECT)


class Stamp(models.Model):
    """The second's Merkle root over rows `first`..`last`, chained to the stamp before and signed."""

    kept: ClassVar = Kept.DECIDED
    number = models.BigIntegerField(primary_key=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    at_ns = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    head = models.BinaryField(max_length=32, unique=True)
    signature = models.BinaryField(max_length=64)


class Cursor(models.Model):
    """How far a consumer of the feed has read."""

    kept: ClassVar = Kept.DECIDED
    consumer = models.CharField(max_length=64, primary_key=True)
    position = models.BigIntegerField(default=0)
