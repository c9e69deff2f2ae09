"""Names of events: `room:thing:done`. Each room has its own enum in its `events.py`, of this type."""

from __future__ import annotations

from enum import StrEnum

from django.db import models


class EventName(StrEnum):
    """Base of each room's `Event` enum."""


class Kept(models.TextChoices):
    """Whether rebuild may throw a table away and make it again (`derived`), or never (`decided`)."""

    DERIVED = "derived"
    DECIDED = "decided"


class Event(EventName):
    LOG_EXPORTED = "audit:log:exported"
    LOG_READ = "audit:log:read"
    LOG_VERIFIED = "audit:log:verified"
