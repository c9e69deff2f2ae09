"""Forms of `operations`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from paricha.access.models import Officer, Unit, UnitKind
from paricha.access.rights import Role
from paricha.operations.models import Operation, Team


def moment(label: Any) -> forms.DateTimeField:
    """A time in the unit's zone, to the minute."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget)


class TimesForm(forms.Form):
    """When packages open, when the first wave enters, until when a package is valid."""

    release_at = moment(_("Packages open from"))
    entry_at = moment(_("First wave enters"))
    until = moment(_("Valid until"))


class MakeForm(TimesForm):
    """A new operation."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("A word that tells nothing of what is planned."))
    field_order = ("name", "release_at", "entry_at", "until")


class SiteForm(forms.Form):
    """What the plan says of a site."""

    wave = forms.IntegerField(label=_("Wave"), min_value=1, max_value=20)
    priority = forms.TypedChoiceField(label=_("Priority"), coerce=int, choices=[(1, _("1, first")), (2, "2"), (3, "3")])
    children_expected = forms.ChoiceField(
        label=_("A child is expected"),
        choices=[("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))],
        required=False,
    )
    expect = forms.CharField(
        label=_("What to expect"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def child(self) -> bool | None:
        """Yes, no, or not known."""
        answer: bool | None = {"yes": True, "no": False}.get(self.cleaned_data["children_expected"])
        return answer


class SeenForm(forms.Form):
    """Who has seen the house."""

    by = forms.CharField(label=_("Who has seen the house"), max_length=120)
    on = forms.DateField(label=_("On"), widget=forms.DateInput(attrs={"type": "date"}))


class NominationForm(forms.Form):
    """A nomination as a sheet, uploaded or pasted."""

    file = forms.FileField(label=_("Sheet (CSV)"), required=False)
    pasted = forms.CharField(
        label=_("Or paste its lines"), required=False, widget=forms.Textarea(attrs={"rows": 8, "class": "mono"})
    )


class InviteForm(forms.Form):
    """Whose phone is to be enrolled."""

    member = forms.ModelChoiceField(Officer.objects.none(), label=_("Officer"), empty_label=_("Choose an officer"))

    def __init__(self, officer: Officer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Officer.objects.filter(active=True, unit__path__startswith=officer.unit.path).select_related("unit")
        field: Any = self.fields["member"]
        field.queryset = found.order_by("unit__name", "name")
        field.label_from_instance = lambda one: f"{one.name}, {one.unit.name}"


class LetInForm(forms.Form):
    """Who else works on the operation."""

    member = forms.ModelChoiceField(Officer.objects.none(), label=_("Let in"), empty_label=_("Choose an officer"))

    def __init__(self, officer: Officer, operation: Operation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = operation.compartment.members.values("pk") if operation.compartment else []
        found = Officer.objects.filter(active=True, unit__path__startswith=officer.unit.path).exclude(pk__in=inside)
        field: Any = self.fields["member"]
        field.queryset = found.order_by("name")


class MoveForm(forms.Form):
    """Another team of the same district, or none."""

    team = forms.ModelChoiceField(Team.objects.none(), label=_("Team"), required=False, empty_label=_("Reserve"))

    def __init__(self, teams: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["team"]
        field.queryset = teams


class UrgentForm(forms.Form):
    """One place, one team, now."""

    door = forms.ChoiceField(label=_("Door"), required=False)
    address = forms.CharField(
        label=_("Place, where no door stands yet"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    basis = forms.CharField(
        label=_("What the place rests on"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )
    reason = forms.CharField(label=_("Why it can't wait"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    district = forms.ModelChoiceField(Unit.objects.none(), label=_("District"), empty_label=_("Choose a district"))
    team = forms.ModelMultipleChoiceField(
        Officer.objects.none(), label=_("Team, all with the first as leader"), widget=forms.CheckboxSelectMultiple
    )
    women = forms.ModelMultipleChoiceField(
        Officer.objects.none(),
        label=_("Women officers among them"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, officer: Officer, doors: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["door"].choices = [("", _("No door yet: the place and its basis in words")), *doors]
        fields["district"].queryset = Unit.objects.filter(
            kind=UnitKind.DISTRICT, path__startswith=officer.unit.path
        ).order_by("name")
        able = Officer.objects.filter(
            active=True, unit__path__startswith=officer.unit.path, role_names__contains=Role.TEAM.value
        )
        able = able.filter(devices__revoked_at__isnull=True, devices__isnull=False).distinct().select_related("unit")
        for name in ("team", "women"):
            fields[name].queryset = able.order_by("unit__name", "name")
            fields[name].label_from_instance = lambda one: f"{one.name}, {one.rank}, {one.unit.name}"
