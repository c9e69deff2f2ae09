"""Made-up values for the sheet of components: every state of every part, from documentation ranges and made-up names."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SHA = "5b1e" + "0" * 56 + "90c2"


def reading(value: Any, kind: str, at: Any, reader: str = "ncmec-json/1") -> dict[str, Any]:
    """A reading of the made-up original."""
    return {"value": value, "locator": {"original": SHA, "kind": kind, "at": at}, "reader": reader}


def instant(utc: str | None, as_written: str, precision: str = "second", zone_source: str = "stated") -> dict[str, Any]:
    """An instant as records carry it."""
    return {"utc": utc, "precision": precision, "as_written": as_written, "zone_source": zone_source}


class SampleForm(forms.Form):
    """A form with one field of each kind."""

    entered = forms.CharField(label=gettext_lazy("Entry time (IST)"))
    seen_by = forms.CharField(
        label=gettext_lazy("Address seen by"),
        help_text=gettext_lazy("Officer who stood before the house, and when"),
        required=False,
    )
    order = forms.ChoiceField(
        label=gettext_lazy("Order of the date"),
        choices=[
            ("dmy", gettext_lazy("Day first: 03-04-2026 is Fri 3 April")),
            ("mdy", gettext_lazy("Month first: 03-04-2026 is Wed 4 March")),
        ],
        widget=forms.RadioSelect,
    )

    def clean_entered(self) -> str:
        """25:10 is the sample's mistake."""
        raise forms.ValidationError(_("25:10 is no time of day. Write it as 05:10."))


def everything() -> dict[str, Any]:
    """The context of `screens/states.html`."""
    return {
        "form": SampleForm({"entered": "25:10", "order": "dmy"}),
        "reading": reading("203.0.113.47:51820", "json_pointer", "/reportedPeople/0/ipCaptureEvents/2"),
        "cell": reading("40112", "cell", ["Sheet1", "C7"], "operator-generic/1"),
        "malayalam": reading("അനുമോദ് കെ.", "json_pointer", "/reportedPeople/0/displayName"),
        "stated": instant("2026-11-21T13:34:11Z", "2026-11-21 13:34:11 UTC"),
        "late": instant("2026-11-21T20:10:00Z", "22-11-2026 01:40", "minute", "column"),
        "day_only": instant("2026-11-21T00:00:00Z", "21 Nov 2026", "day"),
        "no_zone": instant(None, "03-04-2026 19:04", "minute", "none"),
        "facts": [
            (_("Account"), reading("kite_fly_88", "json_pointer", "/reportedPeople/0/screenName")),
            (_("Display name"), reading("അനുമോദ് കെ.", "json_pointer", "/reportedPeople/0/displayName")),
            (_("Incident"), instant("2026-11-21T13:34:11Z", "2026-11-21 13:34:11 UTC")),
            (_("Age"), None),
            (_("Viewed by the reporter"), False),
        ],
        "reasons": [
            (_("Child in the State"), _("named school")),
            {"rule": _("Prior reports"), "fact": "3", "points": 12},
            _("Works with children"),
        ],
        "axes": {"child_at_risk": 74, "solvability": 88, "seriousness": 81, "history_access": None},
        "checks": [
            {
                "code": "C26",
                "outcome": "hold",
                "words": _("Others may use this line: nine accounts in 30 days"),
                "src": _("register, 9 rows"),
            },
            {
                "code": "C04",
                "outcome": "warn",
                "words": _("The second contact came from the same vantage as the first"),
                "src": _("strand 2"),
                "decided_by": "K. Thomas",
            },
            {
                "code": "C12",
                "outcome": "pass",
                "words": _("Port, protocol and second are stated"),
                "evidence": [{"original": SHA, "kind": "page_rect", "at": [4, 0, 0, 1, 1]}],
            },
            {
                "code": "C17",
                "outcome": "block",
                "words": _("Row 4 of the sheet is not what was recorded"),
                "evidence": [{"original": SHA, "kind": "cell", "at": ["Sheet1", "C7"]}],
            },
            {"code": "C25", "outcome": "not applicable", "words": _("No mobile strand")},
        ],
        "chain": [
            {
                "label": _("Sighting"),
                "head": "203.0.113.47:51820",
                "mono": True,
                "lines": [instant("2026-11-21T13:34:11Z", "")],
                "locator": {"original": SHA, "kind": "page_rect", "at": [4, 0, 0, 1, 1]},
            },
            {
                "label": _("Operator"),
                "head": "Example Fibre",
                "lines": [_("AS64496 on 21 Nov")],
                "src": _("2 snapshots agree"),
            },
            {
                "label": _("Request"),
                "head": "R-0311",
                "lines": [_("read back: 12 of 12")],
                "src": _("letter, sheet row 7"),
            },
            {"label": _("Reply"), "head": None, "lines": [_("not come yet")]},
        ],
        "told": [
            {"at": "2026-11-24T04:52:00Z", "words": _("Reply read, row 3 accepted"), "by": "S. Nair"},
            {"at": "10:22", "words": _("C26 held"), "url": "#"},
        ],
        "hands": [
            {
                "at": "2026-11-29T01:22:00Z",
                "icon": "box",
                "who": _("Seized by N. Babu"),
                "rest": _("leader of MPM-14"),
                "words": _("First floor, table by the window"),
                "state": _("Seal whole"),
                "grade": "good",
                "seal": "KL-0417-22",
            },
            {
                "at": "2026-11-30T04:31:00Z",
                "icon": "clock",
                "who": _("V. Lekha gives to P. Suresh"),
                "words": _("P. Suresh has not scanned yet"),
                "state": _("Wants the second hand"),
                "grade": "hold",
                "seal": "KL-0433-08",
                "now": True,
            },
        ],
        "tiles": [
            {"name": "Uttaradesham", "done": 9, "of": 14, "words": _("5 inside"), "url": "#"},
            {"name": "Dakshinadesham", "done": 13, "of": 13, "words": _("all left"), "grade": "good", "url": "#"},
            {"name": "Kizhakku", "done": 12, "of": 17, "words": _("1 silent"), "grade": "warn", "url": "#"},
            {"name": "Padinjaru", "done": 21, "of": 34, "words": _("stop"), "grade": "stop", "url": "#"},
        ],
        "job": {"done": 34, "total": 46, "what": _("files"), "state": "running"},
        "refused": {
            "file": "fibre_reply.xlsx",
            "place": {"kind": "cell", "at": ["Sheet1", "E214"]},
            "what": _("“Session_Start_Time” is 03-04-2026 and the file never decides between 3 April and 4 March."),
            "remedy": _("Ask the operator, or choose the order for this file; nothing of the file has been used."),
            "code": "INTAKE-DATE-ORDER-OPEN",
        },
    }
