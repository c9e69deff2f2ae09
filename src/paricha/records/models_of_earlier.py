"""Tables of earlier work: rows of the unit's own registers, their copies, and the selectors they state."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from paricha.access.models import Compartment, Unit
from paricha.access.scope import CaseData, CaseQuerySet
from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field


class Earlier(CaseData):
    """A row of one of the unit's own registers, as its newest copy states it: what was known before Paricha.

    `id16`: unit + register + case and thing where stated, else all it says (`intake.registers.row_key`). `thing`: what a
    list shows of it beside the case. `file`: name of the newest copy. `words`: folded tokens, a blank around each.
    """

    kept: ClassVar = Kept.DERIVED
    id = models.BigIntegerField(primary_key=True)
    id16 = Id16Field(unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    compartment = models.ForeignKey(
        Compartment, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    register = models.CharField(max_length=8)  # intake.registers_fields.REGISTERS
    case_number = models.TextField(null=True)
    case_key = models.TextField(null=True)  # as case numbers are compared
    station = models.TextField(null=True)
    name = models.TextField(null=True)
    thing = models.TextField(null=True)
    drive = models.TextField(null=True)
    file = models.TextField()
    versions = models.IntegerField(default=1)
    unread = models.IntegerField(default=0)
    words = models.TextField(default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["unit", "register", "-id"], name="records_earlier_unit"),
            models.Index(fields=["case_key"], name="records_earlier_case", condition=~models.Q(case_key=None)),
        ]

    def __str__(self) -> str:
        return self.case_number or self.name or self.thing or self.id16.hex()[:8]


class EarlierVersion(models.Model):
    """One copy of a register's row, packed. The newest is of the batch opened last (`batch`, then `position` in it).

    `said`: digest of what it states, wherever it stands. `layout`: of the mapping it was read with.
    """

    kept: ClassVar = Kept.DERIVED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "earlier__"
    scope_assigned: ClassVar[str | None] = None
    id = models.BigIntegerField(primary_key=True)
    earlier = models.ForeignKey(Earlier, on_delete=models.CASCADE, db_constraint=False, related_name="version_rows")
    original = models.BinaryField(max_length=32)
    place = models.TextField()
    batch = Id16Field()
    position = models.IntegerField()
    file = models.TextField()
    said = models.BinaryField(max_length=16)
    layout = models.CharField(max_length=16)
    dictionary = models.IntegerField(default=0)
    packed = models.BinaryField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["original", "layout", "place"], name="records_earlier_original"),
            models.Index(fields=["batch", "position"], name="records_earlier_file"),
        ]


class EarlierSelector(models.Model):
    """A selector that the newest copy of a row states; `selector` is the id of `Selector`, whether or not a tip has it."""

    kept: ClassVar = Kept.DERIVED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "earlier__"
    scope_assigned: ClassVar[str | None] = None
    id = models.BigIntegerField(primary_key=True)
    earlier = models.ForeignKey(
        Earlier, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="selector_rows"
    )
    selector = Id16Field()
    kind = models.CharField(max_length=8)
    normal_form = models.TextField()
    bare = models.TextField(null=True)
    field = models.CharField(max_length=24)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["earlier"], name="records_earlier_selected"),
            models.Index(fields=["selector", "earlier"], name="records_earlier_selector"),
            models.Index(fields=["bare"], name="records_earlier_bare", condition=~models.Q(bare=None)),
        ]
