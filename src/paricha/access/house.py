"""What holds for this installation as a whole: whether its data are made up, by the settings and by the log's first row."""

from __future__ import annotations

import json

from django.conf import settings

from paricha.access.events import Event
from paricha.audit.models import AuditRow
from paricha.grounds.refusals import Refused


def marked_in_log() -> bool | None:
    """Whether the log says that the house was made for made-up data; None when it says nothing."""
    row = AuditRow.objects.filter(event=str(Event.HOUSE_MADE)).order_by("at_ns").first()
    return json.loads(row.facts).get("synthetic") if row is not None else None


def made_up() -> bool:
    """Whether the folder holds made-up data: the mark stands in `paricha.toml` **and** in the log, for good."""
    return bool(settings.PARICHA.synthetic) and marked_in_log() is True


def check_mark() -> None:
    """Raises `Refused` HOUSE-MARK when the settings file says otherwise than the log."""
    marked = marked_in_log()
    if marked is not None and marked != settings.PARICHA.synthetic:
        raise Refused(
            "HOUSE-MARK",
            "The mark of made-up data was changed in the settings file after this folder was made.",
            "Put `synthetic` back as it was: a folder stays what it was made for.",
            file=str(settings.HOME / "paricha.toml"),
        )
