"""Forms of `cases`."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from paricha.cases.models import CaseKind, NotSearched


class CaseForm(forms.Form):
    """What the search became."""

    corrects = forms.CharField(required=False, widget=forms.HiddenInput)  # the outcome that the officer saw standing
    kind = forms.ChoiceField(label=_("What it became"), choices=CaseKind.choices, widget=forms.RadioSelect)
    station = forms.CharField(label=_("Police station"), max_length=120)
    reference = forms.CharField(label=_("FIR or report number"), required=False, max_length=60)
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    words = forms.CharField(label=_("Words"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class WhyNotForm(forms.Form):
    """Why a door was not searched."""

    reason = forms.ChoiceField(label=_("Why it was not searched"), choices=NotSearched.choices)
    words = forms.CharField(label=_("Words"), required=False, max_length=400)
