"""Tables of the vault: where each original lies. Keys never stand in the database (see `packs`)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from paricha.access.models import Officer, Unit
from paricha.access.scope import CaseData, CaseQuerySet
from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field, new_id


class Pack(models.Model):
    """An append-only file of sealed originals and its slot file; `end` and `slots` are the journal.

    What lies beyond them in the files was never committed and is cut away before the next write.
    """

    kept: ClassVar = Kept.DECIDED
    name = models.CharField(max_length=32, unique=True)
    end = models.BigIntegerField(default=0)  # bytes of the pack that count
    slots = models.IntegerField(default=0)  # slots of the slot file that count


class Sealing(models.IntegerChoices):
    WHOLE = 1  # one AES-256-GCM message, additional data = SHA-256 of the original
    STREAM = 2  # libsodium secretstream in chunks, SHA-256 in the last one
    NOT_KEPT = 3  # media: only hash and size are known


class Original(CaseData):
    """A file as it reached us. `size` in bytes as delivered; `offset`, `length` of its sealed bytes in the pack.

    `kept_at`: UTC seconds. A container that carried media is kept without it: `kept_sha256` is the hash of what is kept,
    `manifest` lists every member with hash and size (JSON, see `containers.Member`). A deleted original
    keeps its row as the tombstone: `deleted_at`, `order`, `reason`.
    """

    kept: ClassVar = Kept.DECIDED
    sha256 = models.BinaryField(max_length=32, unique=True)
    size = models.BigIntegerField()
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=80, default="")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="members")
    kept_at = models.BigIntegerField()
    sealing = models.SmallIntegerField(choices=Sealing.choices)
    pack = models.ForeignKey(Pack, null=True, on_delete=models.PROTECT, related_name="+")
    offset = models.BigIntegerField(null=True)
    length = models.BigIntegerField(null=True)
    slot = models.IntegerField(null=True)
    kept_sha256 = models.BinaryField(max_length=32, null=True)
    manifest = models.TextField(default="")
    deleted_at = models.DateTimeField(null=True)
    order = models.CharField(max_length=120, default="")
    reason = models.TextField(default="")

    @property
    def hex(self) -> str:
        """The SHA-256 in hex: the name of the original everywhere."""
        return bytes(self.sha256).hex()

    @property
    def bound_sha256(self) -> bytes:
        """The hash of the bytes that are kept, to which seal and slot are bound."""
        return bytes(self.kept_sha256) if self.kept_sha256 else bytes(self.sha256)

    @property
    def id16(self) -> bytes:
        """The id in the log: the first 16 bytes of the hash."""
        return bytes(self.sha256)[:16]


class Delivery(models.Model):
    """The same bytes once more, for another unit or under another name: that unit sees the original too."""

    kept: ClassVar = Kept.DECIDED
    original = models.ForeignKey(Original, on_delete=models.CASCADE, related_name="deliveries")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    at = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["original", "unit", "name"], name="vault_delivery_once")
        ]


class Deletion(models.Model):
    """An order to delete, proposed by one officer and confirmed by another with another key."""

    kept: ClassVar = Kept.DECIDED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "original__"
    scope_assigned: ClassVar[str | None] = None
    id = Id16Field(primary_key=True, default=new_id)
    original = models.ForeignKey(Original, on_delete=models.PROTECT, related_name="deletions")
    order = models.CharField(max_length=120)
    reason = models.TextField()
    proposed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    proposed_key = Id16Field()
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
