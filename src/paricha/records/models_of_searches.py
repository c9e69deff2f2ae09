"""Tables of saved searches: what an officer wants to be told of, and which tips he has been told of."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models

from paricha.access.models import Officer
from paricha.audit.events import Kept
from paricha.audit.fields import Id16Field, new_id


class SavedSearch(models.Model):
    """A search that an officer keeps by name. `asked`: JSON of `search.Asked`; it is his alone, as are its notices."""

    kept: ClassVar = Kept.DECIDED
    id = Id16Field(primary_key=True, default=new_id)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="saved_searches")
    name = models.CharField(max_length=80)
    asked = models.TextField()
    muted = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["officer", "name"], name="records_search_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def plain(self) -> dict[str, Any]:
        """What is asked: text and filters."""
        return dict(json.loads(self.asked))


class Told(models.Model):
    """A tip of which a saved search has told, or which it found when it was saved (`at` None); told once for ever."""

    kept: ClassVar = Kept.DECIDED
    id = models.BigAutoField(primary_key=True)
    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="told")
    tip = Id16Field()
    at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["search", "tip"], name="records_told_once")]
        indexes: ClassVar = [models.Index(fields=["search", "-at"], name="records_told_newest")]
