"""Forms of `exhibits`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from paricha.access.models import Officer
from paricha.access.rights import Right


def second_hands(officer: Officer) -> list[int]:
    """Who may be the other hand: officers with custody in the officer's units and those above, not of a neighbour's."""
    path = officer.unit.path
    above = [path[:end] for end in range(1, len(path) + 1)]
    near = Officer.objects.filter(Q(unit__path__startswith=path) | Q(unit__path__in=above), active=True)
    return [one.pk for one in near.exclude(pk=officer.pk) if one.may(Right.CUSTODY)]


class HandForm(forms.Form):
    """To whom, what for, where."""

    to = forms.ModelChoiceField(Officer.objects.none(), label=_("To"), empty_label=_("Choose the second hand"))
    purpose = forms.CharField(label=_("What for"), max_length=120)
    place = forms.CharField(label=_("Where"), max_length=120)

    def __init__(self, officer: Officer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        able = second_hands(officer)
        field.queryset = Officer.objects.filter(pk__in=able).order_by("name")


class ReceiveForm(forms.Form):
    """The label as scanned, the seal as read."""

    label = forms.CharField(
        label=_("Label, scanned"), max_length=120, widget=forms.TextInput(attrs={"autofocus": True})
    )
    seal = forms.CharField(label=_("Seal number as you read it"), max_length=60)
    seal_words = forms.CharField(label=_("If the seal differs: broken or renewed, by whom, why"), required=False)


class ClockForm(forms.Form):
    """When and how the duty was done."""

    at = forms.DateTimeField(
        label=_("Done at"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    words = forms.CharField(label=_("What was sent, to which court, by whom"), max_length=400)
