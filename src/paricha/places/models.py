"""The unit's own districts, stations, local bodies and post offices, as loaded. None of it is case data."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from paricha.access.models import Officer
from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field, new_id


class PlaceKind(models.TextChoices):
    DISTRICTS = "districts"
    STATIONS = "stations"
    LOCAL_BODIES = "local_bodies"
    POST_OFFICES = "post_offices"


class PlaceFile(models.Model):
    """A table the unit loaded. The newest of a kind is in force; the others stay."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    kind = models.CharField(max_length=12, choices=PlaceKind.choices)
    original = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    rows = models.IntegerField()
    in_force = models.BooleanField(default=True)
    loaded_at = models.DateTimeField(default=timezone.now)
    loaded_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")


class District(models.Model):
    kept: ClassVar = Kept.DERIVED
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    name_ml = models.CharField(max_length=120, blank=True)
    headquarters = models.CharField(max_length=120, blank=True)


class Station(models.Model):
    """A police station. `lat`, `lon` only where the unit gave them."""

    kept: ClassVar = Kept.DERIVED
    name = models.CharField(max_length=120)
    name_ml = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=40)
    district = models.CharField(max_length=120)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)


class LocalBody(models.Model):
    kept: ClassVar = Kept.DERIVED
    name = models.CharField(max_length=120)
    name_ml = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=40)
    district = models.CharField(max_length=120)
    station = models.CharField(max_length=120)


class OfficeArea(models.Model):
    """A post office in a local body under a station; one PIN may stand in several rows."""

    kept: ClassVar = Kept.DERIVED
    pin = models.CharField(max_length=6, db_index=True)
    post_office = models.CharField(max_length=120)
    local_body = models.CharField(max_length=120)
    district = models.CharField(max_length=120)
    station = models.CharField(max_length=120)
