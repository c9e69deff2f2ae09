"""The covering letter with its enclosure, in the language chosen, as PDF/A."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from paricha.dispatch.models import Dispatch
from paricha.dispatch.queries import enclosed
from paricha.screens.papers import render_pdf
from paricha.screens.places import words as place_words

TEMPLATE = Path(__file__).parent / "letters" / "covering.typ"


def _shown(reading: Any) -> str:
    value = reading["value"]
    if isinstance(value, dict):  # an instant
        return value["utc"] or _("{written} (no zone stated)").format(written=value["as_written"])
    return str(value)


def covering_letter(dispatch: Dispatch) -> bytes:
    """The letter as it stands now; the same bytes for the same dispatch and record."""
    with override(dispatch.language):
        parts = [
            {
                "heading": str(heading),
                "rows": [[label, _shown(reading), place_words(reading["locator"])] for label, reading in rows],
            }
            for heading, rows in enclosed(dispatch)
        ]
        data = {
            "number": dispatch.number,
            "subject": _("Tip for action: {number}").format(number=dispatch.number),
            "from_unit": dispatch.sent_from.name,
            "to_unit": dispatch.unit.name,
            "sent": dispatch.sent_at.astimezone(timezone.get_current_timezone()).strftime("%Y-%m-%d"),
            "due": dispatch.due_on.isoformat(),
            "signed_by": f"{dispatch.sent_by.name} {dispatch.sent_by.rank}".strip(),
            "words": dispatch.words,
            "lines": [
                _("The facts enclosed below concern your district. Please look into them and take the action that the law "
                  "asks."),
                _("Report back by {due}: what was done, and the number of the case or report. If this is not yours, "
                  "return it with the reason.").format(due=dispatch.due_on.isoformat()),
                _("The enclosure states what the sender reported. It is a lead, not evidence; nothing of it has been "
                  "checked on the spot."),
            ],
            "parts": parts,
            "labels": {
                "from": _("From"), "to": _("To"), "number": _("Number"), "sent": _("Sent"), "due": _("Report due"),
                "enclosure": _("Enclosure"), "field": _("Field"), "value": _("As stated"), "place": _("Stands at"),
            },
        }  # fmt: skip
    return render_pdf(
        TEMPLATE, data, lang=dispatch.language, at=dispatch.sent_at, marked_synthetic=settings.PARICHA.synthetic
    )
