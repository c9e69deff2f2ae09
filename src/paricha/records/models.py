"""The record's tables. Bulk tables are written by raw SQL (`bulk`), with integers given by the writer.

Integers change on rebuild; decided tables and the log point to the 16 bytes. Foreign keys between bulk tables carry no
constraint in the database: `tests/records/test_storing.py` holds them whole, and the check cost a tenth of the writing.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from paricha.access.models import Compartment, Unit
from paricha.access.scope import CaseData, CaseQuerySet
from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field, new_id


def _bulk_key(to: Any, **given: Any) -> Any:
    return models.ForeignKey(to, on_delete=models.CASCADE, db_constraint=False, **given)


class TextDictionary(models.Model):
    """A zstd dictionary that packed records were written with; kept for ever."""

    kept: ClassVar = Kept.DECIDED
    id = models.IntegerField(primary_key=True)
    data = models.BinaryField()


class Tip(CaseData):
    """One report: who gave the number + the number, whatever forms it came in.

    `forms`: space-separated, sorted. `batch`: the intake that brought it first, `changed_in` the one that last changed
    it. `marks`: stated marks that fold (`batched viral meme`); `folded_into`: the canonical tip's `id16`.
    `received_at`, `made_available_at`: epoch seconds UTC, None when not stated. `lead_name`: what a list shows of the
    first suspect, as written.
    """

    kept: ClassVar = Kept.DERIVED
    id = models.BigIntegerField(primary_key=True)
    id16 = Id16Field(unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    compartment = models.ForeignKey(
        Compartment, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    giver = models.TextField()
    report_number = models.TextField(null=True)
    received_at = models.BigIntegerField(null=True)
    made_available_at = models.BigIntegerField(null=True)
    forms = models.TextField()
    version = models.IntegerField(default=1)
    incident_type = models.TextField(null=True)
    reporter = models.TextField(null=True)
    lead_name = models.TextField(null=True)
    batch = Id16Field()
    changed_in = Id16Field()
    marks = models.TextField(default="")
    folded_into = Id16Field(null=True)
    sightings = models.IntegerField(default=0)
    files = models.IntegerField(default=0)
    conflicts = models.IntegerField(default=0)  # open ones
    unread = models.IntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["unit", "-id"], name="records_tip_unit"),
            models.Index(fields=["report_number"], name="records_tip_number"),
            models.Index(fields=["changed_in"], name="records_tip_batch"),
            models.Index(fields=["folded_into"], name="records_tip_fold", condition=~models.Q(folded_into=None)),
            models.Index(fields=["marks"], name="records_tip_marks", condition=~models.Q(marks="")),
        ]

    def __str__(self) -> str:
        return self.report_number or self.id16.hex()[:8]


class TipVersion(models.Model):
    """One delivery of a tip in one form: the packed document (msgpack, zstd with the kept dictionary).

    `arrival` counts deliveries of this tip from 1. `repeats` is the arrival whose content this one repeats word for
    word (it adds nothing, but keeps the tip alive when the other original is deleted). `newest`: leads its form.
    `place`: of the report in its original, JSON text.
    """

    kept: ClassVar = Kept.DERIVED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "tip__"
    scope_assigned: ClassVar[str | None] = None
    id = models.BigIntegerField(primary_key=True)
    tip = _bulk_key(Tip, related_name="versions")
    arrival = models.IntegerField()
    form = models.CharField(max_length=8)
    original = models.BinaryField(max_length=32)  # SHA-256
    place = models.TextField()
    reader = models.CharField(max_length=40)
    batch = Id16Field()
    repeats = models.IntegerField(null=True)
    newest = models.BooleanField(default=True)
    dictionary = models.IntegerField(default=0)  # 0: none
    packed = models.BinaryField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["original"], name="records_version_original")]


class Selector(models.Model):
    """Something that points at an account, device or person, in its normal form.

    `first_tip`: where it was seen first. `bare`: a normal form such as `sha256|…` or `service|handle` without what it
    stands within, so that a search needs not name that; None for kinds that stand within nothing.
    """

    kept: ClassVar = Kept.DERIVED
    id = models.BigIntegerField(primary_key=True)
    id16 = Id16Field(unique=True)
    kind = models.CharField(max_length=8)  # grounds.selectors.SelectorKind
    normal_form = models.TextField()
    bare = models.TextField(null=True)
    first_tip = _bulk_key(Tip, related_name="first_selectors", null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["bare"], name="records_selector_bare", condition=~models.Q(bare=None)),
        ]

    @property
    def shown(self) -> str:
        """The normal form as an officer reads it; what it stands within (service, algorithm) is `within`."""
        return self.normal_form if self.bare is None else self.bare

    @property
    def within(self) -> str:
        return "" if self.bare is None else self.normal_form.partition("|")[0]


class SelectorLink(models.Model):
    """A further tip with a selector that another tip had first (a star, so that a hub stays linear).

    Not for addresses: their tips stand in the sightings.
    """

    kept: ClassVar = Kept.DERIVED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "tip__"
    scope_assigned: ClassVar[str | None] = None
    id = models.BigIntegerField(primary_key=True)
    selector = _bulk_key(Selector, related_name="links", db_index=False)
    tip = _bulk_key(Tip, related_name="selector_links")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["selector", "tip"], name="records_link_selector")]


class Sighting(CaseData):
    """An address seen at an instant, as a tip says.

    `id16`: tip + who + normal form + instant (`grounds.identity.sighting_id`). `at`: epoch seconds UTC, None when no
    zone is stated; `precision` and `zone_source` as in `grounds.instants`. `number`: place in the tip's list, from 0.
    """

    kept: ClassVar = Kept.DERIVED
    id = models.BigIntegerField(primary_key=True)
    id16 = Id16Field(db_index=True)
    tip = _bulk_key(Tip, related_name="sighting_rows")
    unit = _bulk_key(Unit, related_name="+", db_index=False)
    compartment = _bulk_key(Compartment, null=True, blank=True, related_name="+", db_index=False)
    selector = _bulk_key(Selector, related_name="sightings", db_index=False)
    number = models.IntegerField()
    who = models.CharField(max_length=16)
    port = models.IntegerField(null=True)
    event = models.TextField(null=True)
    at = models.BigIntegerField(null=True)
    precision = models.CharField(max_length=6, null=True)
    zone_source = models.CharField(max_length=7)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["selector", "unit", "at", "id"], name="records_sighting_seen")]


class TipFile(models.Model):
    """A file that a tip names; metadata only. `number`: from 1 in the tip's list; three-valued: None is not stated."""

    kept: ClassVar = Kept.DERIVED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "tip__"
    scope_assigned: ClassVar[str | None] = None
    id = models.BigIntegerField(primary_key=True)
    tip = _bulk_key(Tip, related_name="file_rows")
    number = models.IntegerField()
    name = models.TextField(null=True)
    viewed_by_reporter = models.BooleanField(null=True)
    public = models.BooleanField(null=True)
    classification = models.TextField(null=True)


class FileHash(models.Model):
    """A stated hash of a file (its selector is of kind `hash`)."""

    kept: ClassVar = Kept.DERIVED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "file__tip__"
    scope_assigned: ClassVar[str | None] = None
    id = models.BigIntegerField(primary_key=True)
    file = _bulk_key(TipFile, related_name="hashes")
    selector = _bulk_key(Selector, related_name="file_hashes")


class Conflict(models.Model):
    """A field in which forms of one tip differ. `leading`: index of the reading that the tip shows; `rule`: why."""

    kept: ClassVar = Kept.DERIVED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "tip__"
    scope_assigned: ClassVar[str | None] = None
    id = models.BigIntegerField(primary_key=True)
    tip = _bulk_key(Tip, related_name="conflict_rows")
    field = models.TextField()
    readings = models.IntegerField()
    leading = models.IntegerField()
    rule = models.CharField(max_length=20)
    decided = models.BooleanField(default=False)


class ConflictDecision(models.Model):
    """An officer decided which reading of a field leads, with his reason. A later decision replaces an earlier one.

    `key`: the chosen value in its comparable form (`merging.comparable`), so that it survives a rebuild.
    """

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    tip = Id16Field(db_index=True)
    field = models.TextField()
    key = models.TextField()
    reason = models.TextField()
    officer = Id16Field()
    at = models.DateTimeField()


class Handing(models.Model):
    """A tip was given to another unit, which owns it from then on."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    tip = Id16Field(db_index=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    officer = Id16Field()
    at = models.DateTimeField()


class TipAlias(models.Model):
    """An id that was given once and is now part of another: a sighting whose instant became finer."""

    kept: ClassVar = Kept.DERIVED
    old = Id16Field(primary_key=True)
    new = Id16Field()
    tip = _bulk_key(Tip, related_name="aliases")


class Group(CaseData):
    """A group or channel of a service, known by its id there, else by its original and place."""

    kept: ClassVar = Kept.DERIVED
    id = models.BigIntegerField(primary_key=True)
    id16 = Id16Field(unique=True)
    service = models.TextField()
    group_id = models.TextField(null=True)
    title = models.TextField(null=True)
    group_type = models.TextField(null=True)
    messages = models.BigIntegerField(default=0)
    members = models.IntegerField(default=0)
    first_at = models.BigIntegerField(null=True)
    last_at = models.BigIntegerField(null=True)
    batch = Id16Field()


class GroupVersion(models.Model):
    """One export of a group, packed like a tip's version."""

    kept: ClassVar = Kept.DERIVED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "group__"
    scope_assigned: ClassVar[str | None] = None
    id = models.BigIntegerField(primary_key=True)
    group = _bulk_key(Group, related_name="versions")
    original = models.BinaryField(max_length=32)
    place = models.TextField()
    batch = Id16Field()
    dictionary = models.IntegerField(default=0)
    packed = models.BinaryField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["original"], name="records_group_original")]


class GroupMember(models.Model):
    """A member of a group as one export states it, with the bases on which we believe it (space-separated).

    `account`, `phone`: its selectors, where stated; a member known by name only has neither (a lower grade).
    """

    kept: ClassVar = Kept.DERIVED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "group__"
    scope_assigned: ClassVar[str | None] = None
    id = models.BigIntegerField(primary_key=True)
    group = _bulk_key(Group, related_name="member_rows")
    number = models.IntegerField()
    bases = models.TextField()
    name = models.TextField(null=True)
    account = _bulk_key(Selector, null=True, related_name="+")
    phone = _bulk_key(Selector, null=True, related_name="+")
    first_at = models.BigIntegerField(null=True)


class Journal(models.Model):
    """How far a batch is written: one row a part, in the part's own transaction; a killed intake goes on after it.

    `told`: JSON of what the part brought: counts, the same by file, coverage lines, refusals, media members.
    """

    kept: ClassVar = Kept.DERIVED
    id = models.BigAutoField(primary_key=True)
    batch = Id16Field()
    chunk = models.IntegerField()
    part = models.IntegerField()
    last = models.BooleanField()  # the chunk ends here
    told = models.TextField(default="{}")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "chunk", "part"], name="records_journal_place")
        ]
