"""The control room's form: what a team says by telephone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from paricha.access.models import Officer
from paricha.field.kinds import Kind
from paricha.operations.models import Operation, Site, SiteState, Team

CHOICES = [
    (Kind.AT_THE_PLACE.value, _("They are at the place")),
    (Kind.ENTERED.value, _("They are inside")),
    (Kind.EXHIBIT_TAKEN.value, _("An exhibit was taken")),
    (Kind.NOTHING_FOUND.value, _("Nothing found")),
    (Kind.PERSON_ARRESTED.value, _("A person is arrested")),
    (Kind.LEFT.value, _("They have left")),
    (Kind.SOMETHING_WRONG.value, _("Something is wrong")),
]


class Moment(forms.DateTimeField):
    """A time in the unit's zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M")


class EnterForm(forms.Form):
    """Who called, when it was told, when it happened, and what."""

    site = forms.ModelChoiceField(Site.objects.none(), label=_("Site"), empty_label=_("Choose team and site"))
    kind = forms.ChoiceField(label=_("What they say"), choices=CHOICES, widget=forms.RadioSelect)
    caller = forms.CharField(label=_("Who called"), max_length=120)
    happened_at = Moment(label=_("When it happened"))
    told_at = Moment(label=_("When it was told"))
    number = forms.CharField(label=_("Exhibit: mark"), required=False, max_length=24)
    type = forms.CharField(label=_("Exhibit: kind"), required=False, max_length=60)
    room = forms.CharField(label=_("Exhibit: found in"), required=False, max_length=120)
    seized_by = forms.CharField(label=_("Exhibit: seized by"), required=False, max_length=120)
    seal_number = forms.CharField(label=_("Exhibit: seal number"), required=False, max_length=60)
    name = forms.CharField(label=_("Arrested person: name"), required=False, max_length=120)
    words = forms.CharField(label=_("Words"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, officer: Officer, operation: Operation, *args: Any, **kwargs: Any) -> None:
        now = timezone.localtime(timezone.now(), timezone.get_current_timezone()).replace(second=0, microsecond=0)
        kwargs.setdefault("initial", {"happened_at": now, "told_at": now})
        super().__init__(*args, **kwargs)
        teams = Team.objects.visible_to(officer).filter(operation=operation)
        sites = Site.objects.filter(team__in=teams, state=SiteState.CHOSEN).select_related("team", "operation")
        field: Any = self.fields["site"]
        field.queryset = sites.order_by("team__name", "number")
        field.label_from_instance = lambda site: f"{site.team.name} · {site.number}"

    def payload(self) -> dict[str, Any]:
        """What the kind needs, as the phone would have sent it."""
        given = self.cleaned_data
        kind = Kind(given["kind"])
        if kind is Kind.EXHIBIT_TAKEN:
            names = ("number", "type", "room", "seized_by", "seal_number", "words")
            return {name: given[name] for name in names}
        if kind is Kind.PERSON_ARRESTED:
            return {"name": given["name"], "grounds": given["words"]}
        return {"words": given["words"]}
