"""Tables from the observation to the door. What an officer did is decided; what is read from files is derived."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from paricha.access.models import Officer
from paricha.access.scope import CaseData, CaseQuerySet
from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field, new_id


def _officer() -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")


class ObservationFile(CaseData):
    """An imported list of observations or corroborations, known by its original (SHA-256 in hex)."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    kind = models.CharField(max_length=14)  # observations, corroborations
    profile = models.CharField(max_length=40)
    original = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    imported_at = models.DateTimeField(default=timezone.now)
    imported_by = _officer()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "profile", "original", "unit"], name="attribution_observations_once"
            )
        ]


class ObservedSighting(CaseData):
    """A sighting from a list of observations. `outcome`: taken or held; `at`: epoch seconds UTC. `facts`: JSON of `SightingFacts`."""

    kept: ClassVar = Kept.DERIVED
    id16 = Id16Field(unique=True)
    file = models.ForeignKey(ObservationFile, on_delete=models.CASCADE, related_name="sightings")
    row = models.IntegerField()
    reference = models.CharField(max_length=200)
    activity = models.CharField(max_length=200, db_index=True)
    outcome = models.CharField(max_length=8)
    code = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=45, db_index=True)
    at = models.BigIntegerField()
    facts = models.TextField()


class Corroboration(CaseData):
    """What another source says of an activity (check C24, when it is built): kept as a table."""

    kept: ClassVar = Kept.DERIVED
    file = models.ForeignKey(ObservationFile, on_delete=models.CASCADE, related_name="corroborations")
    line = models.IntegerField()
    activity = models.CharField(max_length=200, db_index=True)
    kind = models.CharField(max_length=10)
    value = models.TextField()
    normal_form = models.CharField(max_length=300)
    source = models.CharField(max_length=200)
    source_reference = models.CharField(max_length=200)


class Request(CaseData):
    """A letter with its sheet to one operator. `written`: JSON of the files' names and hashes; `folder`: where they lie."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    number = models.CharField(max_length=20, db_index=True)
    operator = models.CharField(max_length=60)
    operator_name = models.CharField(max_length=120)
    layout = models.CharField(max_length=40)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = _officer()
    oldest_at = models.DateTimeField()
    law = models.CharField(max_length=60, blank=True)
    written_at = models.DateTimeField(null=True)
    written_by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    folder = models.TextField(blank=True)
    written = models.TextField(default="{}")

    def __str__(self) -> str:
        return self.number


class RequestRow(models.Model):
    """One asked sighting. `sighting`: its 16 bytes; `asked`: JSON of `SightingFacts`; `operator`: JSON of `OperatorFacts`."""

    kept: ClassVar = Kept.DECIDED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "request__"
    scope_assigned: ClassVar[str | None] = None
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="rows")
    row = models.IntegerField()
    sighting = Id16Field(unique=True)
    source = models.CharField(max_length=12)
    activity = models.CharField(max_length=200)
    asked = models.TextField()
    operator = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["request", "row"], name="attribution_request_row")]
        ordering: ClassVar = ["row"]


class RequestSignature(models.Model):
    """One of two: who signed after reading back, with which key, how many fields were equal."""

    kept: ClassVar = Kept.DECIDED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "request__"
    scope_assigned: ClassVar[str | None] = None
    id = Id16Field(primary_key=True, default=new_id)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="signatures")
    officer = _officer()
    key = Id16Field()
    at = models.DateTimeField(default=timezone.now)
    fields_equal = models.IntegerField()


class ReplyFile(CaseData):
    """A reply that was read for a request. Files of one `call` belong together; `order` is the file's in the call."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="replies")
    original = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=8)  # reply, details
    call = Id16Field(db_index=True)
    order = models.IntegerField()
    footers = models.IntegerField(default=0)
    read_at = models.DateTimeField(default=timezone.now)
    read_by = _officer()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["request", "original"], name="attribution_reply_once")]


class ReplyRow(models.Model):
    """A row of a reply as judged. `outcome`: accepted, held, refused, none (no records). `judged`: JSON, one entry a sighting."""

    kept: ClassVar = Kept.DERIVED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "file__"
    scope_assigned: ClassVar[str | None] = None
    file = models.ForeignKey(ReplyFile, on_delete=models.CASCADE, related_name="rows")
    number = models.IntegerField()  # through all files of the call, from 1
    outcome = models.CharField(max_length=8)
    answer = models.TextField()  # JSON of `Answer`
    judged = models.TextField()

    class Meta:
        ordering: ClassVar = ["file__read_at", "number"]


class DoorState(models.TextChoices):
    HOLDS = "holds"
    HELD = "held"
    BLOCKED = "blocked"
    FROZEN = "frozen"


class Door(CaseData):
    """A dwelling that strands reach. `state` and `open_codes` are what the checks gave when something last changed.

    `unit`: the district's where the places agree on one, so that its officers see it; `tasked_to` sees it wherever.
    """

    kept: ClassVar = Kept.DECIDED
    scope_assigned: ClassVar[str | None] = "tasked_to"
    id = Id16Field(primary_key=True, default=new_id)
    number = models.CharField(max_length=20, db_index=True)
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=DoorState.choices, default=DoorState.HELD, db_index=True)
    open_codes = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    address = models.TextField(blank=True)
    address_kind = models.CharField(max_length=16, blank=True)
    subscriber = models.CharField(max_length=200, blank=True)
    operator = models.CharField(max_length=60, blank=True)
    strands_count = models.IntegerField(default=0)
    station = models.CharField(max_length=120, blank=True)
    tasked_to = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    joined_to = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="joined")

    def __str__(self) -> str:
        return self.number


class DoorKey(models.Model):
    """By what a door is known again: a subscriber of an operator, an installation address. Digests, never the values."""

    kept: ClassVar = Kept.DECIDED
    key = Id16Field(primary_key=True)
    door = models.ForeignKey(Door, on_delete=models.PROTECT, related_name="keys")


class StrandRow(CaseData):
    """One asked sighting with one answer to it, leading to a door. `kind` bears phone and account strands too."""

    kept: ClassVar = Kept.DERIVED
    id16 = Id16Field(unique=True)
    kind = models.CharField(max_length=8, default="address")
    door = models.ForeignKey(Door, null=True, on_delete=models.PROTECT, related_name="strands")
    sighting = Id16Field(db_index=True)
    request_row = models.ForeignKey(RequestRow, null=True, on_delete=models.PROTECT, related_name="strands")
    reply_row = models.ForeignKey(ReplyRow, on_delete=models.CASCADE, related_name="strands")
    call = Id16Field()
    activity = models.CharField(max_length=200, db_index=True)
    operator = models.CharField(max_length=60)
    subscriber_key = models.CharField(max_length=300, db_index=True)
    address_key = models.CharField(max_length=400, blank=True)


class EnquiryTask(models.Model):
    """An enquiry given to a named officer, with the covert wording he may use."""

    kept: ClassVar = Kept.DECIDED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "door__"
    scope_assigned: ClassVar[str | None] = None
    id = Id16Field(primary_key=True, default=new_id)
    door = models.ForeignKey(Door, on_delete=models.PROTECT, related_name="tasks")
    officer = _officer()
    tasked_by = _officer()
    tasked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True)
    pretext = models.TextField(blank=True)


class EnquiryReturn(models.Model):
    """What an officer saw on the spot. `seen`: JSON as given; `original`: the file's hash, where it came as one."""

    kept: ClassVar = Kept.DECIDED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "door__"
    scope_assigned: ClassVar[str | None] = None
    id = Id16Field(primary_key=True, default=new_id)
    door = models.ForeignKey(Door, on_delete=models.PROTECT, related_name="returns")
    officer_name = models.CharField(max_length=120)
    seen_at = models.DateTimeField()
    seen = models.TextField()
    original = models.CharField(max_length=64, blank=True)
    recorded_by = _officer()
    recorded_at = models.DateTimeField(default=timezone.now)


class HoldDecision(models.Model):
    """A named officer decided a hold with a reason. `ground`: digest of what it stood on; new facts open it again."""

    kept: ClassVar = Kept.DECIDED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "door__"
    scope_assigned: ClassVar[str | None] = None
    id = Id16Field(primary_key=True, default=new_id)
    door = models.ForeignKey(Door, on_delete=models.PROTECT, related_name="decisions")
    code = models.CharField(max_length=4)
    ground = Id16Field()
    officer = _officer()
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now)


class StationConfirmation(models.Model):
    """The station says that the place lies in its limits (C31). The newest counts."""

    kept: ClassVar = Kept.DECIDED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "door__"
    scope_assigned: ClassVar[str | None] = None
    id = Id16Field(primary_key=True, default=new_id)
    door = models.ForeignKey(Door, on_delete=models.PROTECT, related_name="confirmations")
    station = models.CharField(max_length=120)
    ground = Id16Field()  # of the address confirmed: another address needs another confirmation
    officer = _officer()
    at = models.DateTimeField(default=timezone.now)


class DoorSignature(models.Model):
    """One of two under the sheet "why this door" (C32). `ground`: digest of what the sheet said; a changed sheet is unsigned."""

    kept: ClassVar = Kept.DECIDED
    objects = CaseQuerySet.as_manager()
    scope_prefix: ClassVar[str] = "door__"
    scope_assigned: ClassVar[str | None] = None
    id = Id16Field(primary_key=True, default=new_id)
    door = models.ForeignKey(Door, on_delete=models.PROTECT, related_name="signatures")
    officer = _officer()
    key = Id16Field()
    ground = Id16Field()
    at = models.DateTimeField(default=timezone.now)
