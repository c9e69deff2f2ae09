"""The covering letter with its enclosure, in the language chosen, as PDF/A."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from paricha.dispatch.models import Dispatch
from paricha.dispatch.queries import enclosed
from paricha.screens import moments
from paricha.screens.papers import render_pdf
from paricha.screens.places import words as place_words

TEMPLATE = Path(__file__).parent / "letters" / "covering.typ"


def _shown(reading: Any) -> str:
    value = reading["value"]
    if not moments.is_instant(value):
        return str(value)
    known = moments.moment(value)
    if known.utc is None:
        return _("{written} (no zone stated)").format(written=known.as_written)
    return f"{moments.local_words(known.utc, known.precision)} ({moments.utc_words(known.utc, known.precision)})"


def covering_letter(dispatch: Dispatch) -> bytes:
    """The letter as it stands now; the same bytes for the same dispatch and record."""
    with override(dispatch.language):
        due = moments.day(dispatch.due_on)
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
            "sent": moments.local_words(dispatch.sent_at, "day"),
            "due": due,
            "signed_by": f"{dispatch.sent_by.name} {dispatch.sent_by.rank}".strip(),
            "words": dispatch.words,
            "lines": [
                _("The facts enclosed below concern your district. Please look into them and take the action that the law "
                  "asks."),
                _("Report back by {due}: what was done, and the number of the case or report. If this is not yours, "
                  "return it with the reason.").format(due=due),
                _("The enclosure states what the sender reported. It is a lead, not evidence; nothing of it has been "
                  "checked on the spot."),
            ],
            "parts": parts,
            "labels": {
                "from": _("From"), "to": _("To"), "number": _("Number"), "sent": _("Sent"), "due": _("Report due"),
                "enclosure": _("Enclosure"), "field": _("Fact"), "value": _("As stated"), "place": _("Stands at"),
            },
        }  # fmt: skip
    return render_pdf(
        TEMPLATE, data, lang=dispatch.language, at=dispatch.sent_at, marked_synthetic=settings.PARICHA.synthetic
    )
