"""Pages of the administrator: officers, their roles, keys and first sign-in; the tree of units; compartments."""

from __future__ import annotations

from django import forms
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from paricha.access.events import Event
from paricha.access.models import Compartment, Officer, UnitKind
from paricha.access.pages import officer_page
from paricha.access.queries import (
    compartments_visible_to,
    not_here,
    officer_visible,
    officers_visible_to,
    unit_visible,
    units_visible_to,
)
from paricha.access.rights import Right, Role
from paricha.access.verbs import add_officer, add_unit
from paricha.access.verbs.keys import enrol_key_file
from paricha.access.verbs.officers import (
    ENROLMENT_HOURS,
    join_compartment,
    leave_compartment,
    make_compartment,
    make_enrolment,
    retire_officer,
    set_roles,
)
from paricha.access.verbs_of_the_house import read
from paricha.grounds.identity import id_named

ROLES = [(role.value, role.value) for role in Role]


class OfficerForm(forms.Form):
    """A new officer."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    rank = forms.CharField(label=gettext_lazy("Rank"), max_length=60, required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"))
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), choices=ROLES, widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args, officer: Officer, **kwargs) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(unit.id16.hex(), unit.name) for unit in units_visible_to(officer)]  # type: ignore[attr-defined]


class UnitForm(forms.Form):
    """A new unit below another."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    under = forms.ChoiceField(label=gettext_lazy("Under"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=UnitKind.choices)

    def __init__(self, *args, officer: Officer, **kwargs) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*args, **kwargs)
        self.fields["under"].choices = [(unit.id16.hex(), unit.name) for unit in units_visible_to(officer)]  # type: ignore[attr-defined]


def _to(officer: Officer) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("access:officer", args=[officer.id16]))


@officer_page(any_of=[Right.ADMIN, Right.AUDIT])
def officers(request: HttpRequest) -> HttpResponse:
    """The officers of one's unit and below."""
    officer = request.officer  # type: ignore[attr-defined]
    found = officers_visible_to(officer)
    text, role, unit = (request.GET.get(name, "").strip() for name in ("q", "role", "unit"))
    if text:
        found = found.filter(name__icontains=text)
    if role in set(Role):
        found = found.filter(role_names__contains=role)
    if unit:
        found = found.filter(unit__name=unit)
    rows = list(found.order_by("-active", "unit__path", "name").annotate(key_count=Count("keys")))
    if role in set(Role):
        rows = [row for row in rows if Role(role) in row.roles]
    read(officer, Event.OFFICERS_READ, rows=len(rows))
    shown = {"rows": rows, "q": text, "role": role, "unit": unit, "roles": list(Role), "units": units_visible_to(officer),
             "form": OfficerForm(officer=officer)}  # fmt: skip
    return render(request, "access/officers.html", shown)


@officer_page(Right.ADMIN)
@require_POST
def officer_add(request: HttpRequest) -> HttpResponse:
    """Add an officer; the code of his first sign-in is shown this once."""
    officer = request.officer  # type: ignore[attr-defined]
    form = OfficerForm(request.POST, officer=officer)
    if not form.is_valid():
        return render(request, "access/officer_add.html", {"form": form}, status=422)
    added, _key = add_officer(
        officer,
        form.cleaned_data["name"].strip(),
        rank=form.cleaned_data["rank"],
        unit=unit_visible(officer, bytes.fromhex(form.cleaned_data["unit"])),
        roles=[Role(name) for name in form.cleaned_data["roles"]],
    )
    return _code_page(request, added)


def _code_page(request: HttpRequest, other: Officer) -> HttpResponse:
    code = make_enrolment(request.officer, other)  # type: ignore[attr-defined]
    return render(request, "access/one_time.html", {"other": other, "code": code, "hours": ENROLMENT_HOURS})


@officer_page(any_of=[Right.ADMIN, Right.AUDIT])
def officer(request: HttpRequest, officer: bytes) -> HttpResponse:
    """One officer: roles, keys, compartments, history."""
    viewer = request.officer  # type: ignore[attr-defined]
    other = officer_visible(viewer, officer)
    read(viewer, Event.OFFICERS_READ, other)
    shown = {
        "other": other,
        "keys": other.keys.order_by("-enrolled_at"),
        "roles": [(role, role in other.roles) for role in Role],
        "rights": sorted(other.rights),
        "compartments": [one for one in compartments_visible_to(viewer) if other in one.members.all()],
        "may_change": viewer.may(Right.ADMIN),
        "now": timezone.now(),
    }
    return render(request, "access/officer.html", shown)


@officer_page(Right.ADMIN)
@require_POST
def officer_roles(request: HttpRequest, officer: bytes) -> HttpResponse:
    """Give an officer exactly the roles ticked."""
    other = officer_visible(request.officer, officer)  # type: ignore[attr-defined]
    known = set(Role)
    set_roles(request.officer, other, [Role(name) for name in request.POST.getlist("role") if name in known])  # type: ignore[attr-defined]
    return _to(other)


@officer_page(Right.ADMIN)
@require_POST
def officer_code(request: HttpRequest, officer: bytes) -> HttpResponse:
    """A new one-time code, shown once."""
    return _code_page(request, officer_visible(request.officer, officer))  # type: ignore[attr-defined]


@officer_page(Right.ADMIN)
@require_POST
def officer_key(request: HttpRequest, officer: bytes) -> HttpResponse:
    """Enrol the public half of an officer's key file."""
    other = officer_visible(request.officer, officer)  # type: ignore[attr-defined]
    enrol_key_file(request.officer, other, request.POST.get("public", ""), request.POST.get("label", ""))  # type: ignore[attr-defined]
    return _to(other)


@officer_page(Right.ADMIN)
@require_POST
def officer_retire(request: HttpRequest, officer: bytes) -> HttpResponse:
    """End an officer's sign-in, keys and tokens."""
    other = officer_visible(request.officer, officer)  # type: ignore[attr-defined]
    retire_officer(request.officer, other)  # type: ignore[attr-defined]
    return _to(other)


@officer_page
def units(request: HttpRequest) -> HttpResponse:
    """The tree of units below one's own; an administrator adds to it."""
    officer = request.officer  # type: ignore[attr-defined]
    form = UnitForm(request.POST or None, officer=officer)
    if request.method == "POST" and form.is_valid():
        under = unit_visible(officer, bytes.fromhex(form.cleaned_data["under"]))
        add_unit(officer, form.cleaned_data["name"].strip(), under=under, kind=UnitKind(form.cleaned_data["kind"]))
        return HttpResponseRedirect(reverse("access:units"))
    rows = list(units_visible_to(officer).annotate(officer_count=Count("officers")))
    shown = {"rows": [(unit, range(unit.path.count("/") - 2)) for unit in rows], "form": form}
    return render(request, "access/units.html", shown | {"may_add": officer.may(Right.ADMIN)})


@officer_page
def compartments(request: HttpRequest) -> HttpResponse:
    """The closed circles one is in; an administrator makes them and sees who is in."""
    officer = request.officer  # type: ignore[attr-defined]
    if request.method == "POST":
        wanted = [id_named(one) for one in request.POST.getlist("member")]
        members = list(officers_visible_to(officer).filter(id16__in=wanted, active=True))
        make_compartment(officer, request.POST.get("name", "").strip(), members)
        return HttpResponseRedirect(reverse("access:compartments"))
    shown = {
        "rows": compartments_visible_to(officer),
        "officers": officers_visible_to(officer).filter(active=True).order_by("name"),
        "may_change": officer.may(Right.ADMIN),
    }
    return render(request, "access/compartments.html", shown)


@officer_page(Right.ADMIN)
@require_POST
def compartment_member(request: HttpRequest, compartment: bytes) -> HttpResponse:
    """Let an officer in, or take him out."""
    found = Compartment.objects.filter(id16=compartment).first()
    named = request.POST.get("officer", "")
    if found is None:
        raise not_here()
    other = officer_visible(request.officer, id_named(named))  # type: ignore[attr-defined]
    act = leave_compartment if request.POST.get("act") == "leave" else join_compartment
    act(request.officer, found, other)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("access:compartments"))
