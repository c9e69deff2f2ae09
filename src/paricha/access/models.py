"""Units, officers, roles, compartments, keys, tokens, break-glass."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from paricha.access.rights import Right, Role, rights_of
from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field, new_id


class UnitKind(models.TextChoices):
    STATE = "state"
    DISTRICT = "district"
    STATION = "station"


class Unit(models.Model):
    """A unit in the tree State → district → station. `path` is `/1/4/9/`: the integer keys from the root down."""

    kept: ClassVar = Kept.DECIDED
    id16 = Id16Field(unique=True, default=new_id)
    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=12, choices=UnitKind.choices)
    under = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="below")
    path = models.CharField(max_length=120, db_index=True, default="")

    def __str__(self) -> str:
        return self.name


class Compartment(models.Model):
    """A closed circle (an operation, a victim's file): its rows are seen by its members only."""

    kept: ClassVar = Kept.DECIDED
    id16 = Id16Field(unique=True, default=new_id)
    name = models.CharField(max_length=120, unique=True)
    members = models.ManyToManyField("Officer", related_name="compartments")

    def __str__(self) -> str:
        return self.name


class Officer(models.Model):
    """A person who acts. `user` is the account he signs in with; a command line acts with his key file."""

    kept: ClassVar = Kept.DECIDED
    id16 = Id16Field(unique=True, default=new_id)
    name = models.CharField(max_length=120, unique=True)
    rank = models.CharField(max_length=60, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="officers")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="officer")
    role_names = models.CharField(max_length=240, blank=True)  # space-separated `Role` values
    first = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(Role(name) for name in self.role_names.split())

    limited_to: ClassVar[frozenset[Right] | None] = None  # set on the instance that an API token acts as

    @property
    def rights(self) -> frozenset[Right]:
        held = rights_of(self.roles)
        return held if self.limited_to is None else held & self.limited_to

    def may(self, right: Right) -> bool:
        """Whether the officer's roles hold the right."""
        return self.active and right in self.rights


class KeyKind(models.TextChoices):
    FILE = "file"  # Ed25519 key file of a command line
    PASSKEY = "passkey"
    PHONE = "phone"  # Ed25519 of an enrolled field device


class OfficerKey(models.Model):
    """A public key that may sign acts for an officer. `public`: 32 raw Ed25519 bytes, or COSE bytes of a passkey."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="keys")
    kind = models.CharField(max_length=8, choices=KeyKind.choices)
    public = models.BinaryField(unique=True)
    credential = models.BinaryField(null=True)  # WebAuthn credential id
    label = models.CharField(max_length=120)
    on_server = models.BooleanField(default=False)  # the private half lies in the data folder
    sign_count = models.BigIntegerField(default=0)  # a passkey's own counter; it may only grow
    enrolled_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)


class ApiToken(models.Model):
    """A scoped token of an API client; only its SHA-256 is kept. `scopes`: space-separated rights."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="tokens")
    label = models.CharField(max_length=120)
    digest = models.BinaryField(max_length=32, unique=True)
    scopes = models.CharField(max_length=400)
    made_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class BreakGlass(models.Model):
    """An officer opened what is not his, with a reason, for a while; his supervisor is told."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="broken_glass")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT)
    compartment = models.ForeignKey(Compartment, null=True, on_delete=models.PROTECT)
    reason = models.TextField()
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    seen_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="seen_glass")
    seen_at = models.DateTimeField(null=True)

    def open_at(self, moment: datetime) -> bool:
        return self.since <= moment < self.until


class NumberSeries(models.Model):
    """The last short number given out for a letter, in a unit, in a year (`numbers.next_number`)."""

    kept: ClassVar = Kept.DECIDED
    letter = models.CharField(max_length=4)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    year = models.IntegerField()
    last = models.IntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["letter", "unit", "year"], name="access_one_series")]


class Enrolment(models.Model):
    """A one-time code with which an officer sets up his first sign-in; only its SHA-256 is kept."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="enrolments")
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    digest = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class PreparedAct(models.Model):
    """The statement that a page asked a passkey to sign: kept here, good once and for five minutes."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=120)
    statement = models.TextField()
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class SpentNonce(models.Model):
    """A nonce that a signed act has used: the same statement is never taken twice."""

    kept: ClassVar = Kept.DECIDED
    nonce = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField()
