"""Operations, sites, demands, nominees, teams, packages, stops. An operation is a compartment of its own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from paricha.access.models import Officer, OfficerKey, Unit
from paricha.access.scope import CaseData, CaseQuerySet
from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field, new_id


class OperationState(models.TextChoices):
    PLANNING = "planning", _("Planning")
    FROZEN = "frozen", _("Plan frozen")
    SEALED = "sealed", _("Sealed")
    RELEASED = "released", _("Released")
    CLOSED = "closed", _("Closed")


class Operation(CaseData):
    """One operation. `entry_at`: when the first wave enters; `release_at`: not before; packages are valid `until`.

    `began_at`: on the urgent road, when its maker opened the tip.
    """

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    number = models.CharField(max_length=24)
    name = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=OperationState.choices, default=OperationState.PLANNING)
    entry_at = models.DateTimeField()
    release_at = models.DateTimeField()
    until = models.DateTimeField()
    urgent = models.BooleanField(default=False)
    began_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Team(models.Model):
    """A team of one district, named `KLR-01`."""

    kept: ClassVar = Kept.DECIDED
    scope_prefix: ClassVar[str] = "operation__"
    scope_assigned: ClassVar[str | None] = None
    objects = CaseQuerySet.as_manager()
    id = Id16Field(primary_key=True, default=new_id)
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="teams")
    district = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=24)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["operation", "name"], name="team_name_once")]

    def __str__(self) -> str:
        return self.name


class SiteState(models.TextChoices):
    CHOSEN = "chosen", _("Chosen")
    DROPPED = "dropped", _("Dropped, with a reason")


class Site(models.Model):
    """A door chosen for an operation. `door`: 16-byte id; only on the urgent road it may be None, then `address` and
    `basis` say what was decided and why. `wave` from 1; `seen_by`/`seen_on`: who saw the house before sealing."""

    kept: ClassVar = Kept.DECIDED
    scope_prefix: ClassVar[str] = "operation__"
    scope_assigned: ClassVar[str | None] = None
    objects = CaseQuerySet.as_manager()
    id = Id16Field(primary_key=True, default=new_id)
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="sites")
    number = models.PositiveIntegerField()
    door = Id16Field(null=True, db_index=True)
    tip = Id16Field(null=True)
    address = models.TextField(blank=True)
    basis = models.TextField(blank=True)
    district = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="sites")
    wave = models.PositiveSmallIntegerField(default=1)
    priority = models.PositiveSmallIntegerField(default=2)
    children_expected = models.BooleanField(null=True)
    expect = models.TextField(blank=True)
    seen_by = models.CharField(max_length=120, blank=True)
    seen_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=SiteState.choices, default=SiteState.CHOSEN)
    why_not = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operation", "number"], name="site_number_once"),
            models.UniqueConstraint(fields=["operation", "door"], name="site_door_once"),
        ]

    def __str__(self) -> str:
        return f"{self.operation.number}/{self.number}"


class DemandState(models.TextChoices):
    SENT = "sent", _("Sent")
    NOMINATED = "nominated", _("Nominated")
    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Returned")


class Demand(models.Model):
    """What headquarters asks of a district, without addresses: numbers only."""

    kept: ClassVar = Kept.DECIDED
    scope_prefix: ClassVar[str] = ""
    scope_assigned: ClassVar[str | None] = None
    objects = CaseQuerySet.as_manager()
    id = Id16Field(primary_key=True, default=new_id)
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="demands")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    # the district chief nominates without being in the operation's compartment: he sees numbers, no addresses
    compartment = models.ForeignKey("access.Compartment", null=True, on_delete=models.PROTECT, related_name="+")
    sites = models.PositiveIntegerField()
    teams = models.PositiveIntegerField()
    women = models.PositiveIntegerField()
    cyber = models.PositiveIntegerField()
    technical = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=DemandState.choices, default=DemandState.SENT)
    words = models.TextField(blank=True)
    sent_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["operation", "unit"], name="demand_once_a_unit")]


class Nominee(models.Model):
    """Whom the district names. `officer` where he acts in the software himself."""

    kept: ClassVar = Kept.DECIDED
    scope_prefix: ClassVar[str] = "demand__"
    scope_assigned: ClassVar[str | None] = None
    objects = CaseQuerySet.as_manager()
    id = Id16Field(primary_key=True, default=new_id)
    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="nominees")
    name = models.CharField(max_length=200)
    rank = models.CharField(max_length=60)
    woman = models.BooleanField()
    cyber = models.BooleanField()
    technical = models.BooleanField()
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="members")
    leads = models.BooleanField(default=False)


class PackageState(models.TextChoices):
    SEALED = "sealed", _("Sealed")
    RELEASED = "released", _("Released")
    HELD = "held", _("Held back")
    REVOKED = "revoked", _("Revoked")


class Package(models.Model):
    """What one team may know, sealed twice: age to the team's devices, inside it AES-256-GCM under the release key.

    `sealed`: SHA-256 of the sealed bytes in the vault. `commitment`: SHA-256 of the release key. `release_key` is empty
    until released; a version that was replaced or revoked before its release never gets one.
    """

    kept: ClassVar = Kept.DECIDED
    scope_prefix: ClassVar[str] = "operation__"
    scope_assigned: ClassVar[str | None] = None
    objects = CaseQuerySet.as_manager()
    id = Id16Field(primary_key=True, default=new_id)
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="packages")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="packages")
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=PackageState.choices, default=PackageState.SEALED)
    sealed = models.BinaryField(max_length=32)
    recipients = models.TextField()  # age recipients, one a line
    site_ids = models.TextField()  # hex ids of its sites, space-separated
    commitment = models.BinaryField(max_length=32)
    release_key = models.BinaryField(null=True)
    why = models.TextField(blank=True)  # why held or revoked
    sealed_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["team", "version"], name="package_version_once")]


class ReleaseSignature(models.Model):
    """One officer's signature under the release of exactly what is sealed; two officers with two keys are needed.

    `digest`: `queries.sealed_digest` of what was signed. A package sealed again is another digest, and unsigned.
    """

    kept: ClassVar = Kept.DECIDED
    scope_prefix: ClassVar[str] = "operation__"
    scope_assigned: ClassVar[str | None] = None
    objects = CaseQuerySet.as_manager()
    id = Id16Field(primary_key=True, default=new_id)
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="release_signatures")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(OfficerKey, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operation", "digest", "officer"], name="release_once_each")
        ]


class Stop(models.Model):
    """A stop signal for one site, or for the whole operation when `site` is None."""

    kept: ClassVar = Kept.DECIDED
    scope_prefix: ClassVar[str] = "operation__"
    scope_assigned: ClassVar[str | None] = None
    objects = CaseQuerySet.as_manager()
    id = Id16Field(primary_key=True, default=new_id)
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="stops")
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="stops")
    reason = models.TextField()
    by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")  # None: a frozen door
    at = models.DateTimeField()


class Device(models.Model):
    """A phone or tablet enrolled for an officer: its Ed25519 key signs events, its age recipient opens packages."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="devices")
    key = models.OneToOneField(OfficerKey, on_delete=models.PROTECT, related_name="device")
    recipient = models.CharField(max_length=80, unique=True)
    label = models.CharField(max_length=120)
    enrolled_at = models.DateTimeField()
    enrolled_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.TextField(blank=True)
    told = models.CharField(max_length=64, blank=True)  # SHA-256 of what it was last told of its packages

    def __str__(self) -> str:
        return self.label


class EnrolmentCode(models.Model):
    """A one-time code with which a phone enrols for an officer; only its SHA-256 is kept."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    digest = models.BinaryField(max_length=32, unique=True)
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
