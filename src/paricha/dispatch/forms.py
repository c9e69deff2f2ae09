"""Forms of `dispatch`."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from paricha.access.models import Officer, Unit, UnitKind
from paricha.dispatch.enclosures import PARTS
from paricha.dispatch.models import Outcome
from paricha.dispatch.queries import today


class SendForm(forms.Form):
    """To whom, until when, and what of the tip goes along."""

    to = forms.ModelChoiceField(Unit.objects.none(), label=_("To"), empty_label=_("Choose a district or station"))
    due_on = forms.DateField(label=_("Report back by"), widget=forms.DateInput(attrs={"type": "date"}))
    enclosed = forms.MultipleChoiceField(
        label=_("What the receiver needs to know"), choices=PARTS.items(), widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=[("ml", "മലയാളം"), ("en", "English")])
    words = forms.CharField(
        label=_("Words to the receiver"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )

    def __init__(self, officer: Officer, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("initial", {"due_on": today() + timedelta(days=15), "enclosed": ["report", "people"]})
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        below = (
            Unit.objects.filter(path__startswith=officer.unit.path)
            .exclude(kind=UnitKind.STATE)
            .exclude(pk=officer.unit_id)
        )
        self.fields["to"].queryset = below.order_by("path")  # type: ignore[attr-defined]


class ReportForm(forms.Form):
    """What was done."""

    outcome = forms.ChoiceField(
        label=_("What came of it"), choices=[(one.value, one.label) for one in Outcome if one is not Outcome.NOT_OURS]
    )
    case_number = forms.CharField(label=_("Case or report number"), required=False, max_length=60)
    words = forms.CharField(label=_("What was done"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)
