"""Enter a tip: a letter, a telephone call, a partner's memo. Works without scripts; more persons and addresses on demand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.grounds.refusals import Refused
from paricha.intake import verbs, words
from paricha.intake.entry import FORMS, NOT_STATED, ROLES, Entry, TypedAccount, TypedPerson, TypedSighting

MOST = 40  # persons or addresses on one form
FORM_WORDS = {
    "letter": gettext_lazy("Letter"),
    "phone call": gettext_lazy("Telephone call"),
    "partner memo": gettext_lazy("Partner’s memo"),
    "walk-in": gettext_lazy("In person"),
}
ROLE_WORDS = {
    "suspect": gettext_lazy("Suspect"),
    "recipient": gettext_lazy("Recipient"),
    "victim": gettext_lazy("Victim"),
}
_ZONES = [("", gettext_lazy("Choose a zone")), *words.ZONES]
_LINES = forms.Textarea(attrs={"rows": 2})


class TipForm(forms.Form):
    form = forms.ChoiceField(label=gettext_lazy("How it came"), choices=[(name, FORM_WORDS[name]) for name in FORMS])
    giver = forms.CharField(label=gettext_lazy("Who gave it"), max_length=200)
    giver_number = forms.CharField(label=gettext_lazy("The giver’s number for it"), max_length=120, required=False)
    received_at = forms.CharField(label=gettext_lazy("When it reached us"), max_length=40, required=False)
    received_zone = forms.ChoiceField(label=gettext_lazy("Zone"), choices=_ZONES, required=False)
    child_in_danger = forms.ChoiceField(
        label=gettext_lazy("Is a child in danger now?"),
        choices=[(NOT_STATED, gettext_lazy("Not stated")), ("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
    )
    description = forms.CharField(
        label=gettext_lazy("What is told"), widget=forms.Textarea(attrs={"rows": 6}), max_length=20_000, required=False
    )


class PersonForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=[(role, ROLE_WORDS[role]) for role in ROLES])
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    age = forms.CharField(label=gettext_lazy("Age"), max_length=3, required=False)
    phones = forms.CharField(label=gettext_lazy("Telephones, one a line"), widget=_LINES, required=False)
    emails = forms.CharField(label=gettext_lazy("E-mails, one a line"), widget=_LINES, required=False)
    addresses = forms.CharField(label=gettext_lazy("Addresses, one a line"), widget=_LINES, required=False)
    service = forms.CharField(label=gettext_lazy("Service of the account"), max_length=120, required=False)
    user_id = forms.CharField(label=gettext_lazy("User id"), max_length=200, required=False)
    screen_name = forms.CharField(label=gettext_lazy("Handle"), max_length=200, required=False)
    profile_url = forms.CharField(label=gettext_lazy("Address of the profile"), max_length=2000, required=False)


class SightingForm(forms.Form):
    address = forms.CharField(label=gettext_lazy("Internet address"), max_length=60, required=False)
    port = forms.CharField(label=gettext_lazy("Port"), max_length=5, required=False)
    who = forms.CharField(label=gettext_lazy("Of whom (suspect 1, or report)"), max_length=20, required=False)
    event = forms.CharField(label=gettext_lazy("Event"), max_length=60, required=False)
    at = forms.CharField(label=gettext_lazy("When it was seen"), max_length=40, required=False)
    zone = forms.ChoiceField(label=gettext_lazy("Zone"), choices=_ZONES, required=False)


@require_http_methods(["GET", "POST"])
@officer_page(Right.INTAKE)
def enter(request: HttpRequest) -> HttpResponse:
    """The form, and the tip it makes. `more=person|address` draws one more; nothing is kept before it is sent whole."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    persons_n, seen_n = _number(request, "persons"), _number(request, "addresses")
    more = request.POST.get("more", "")
    data = request.POST if request.method == "POST" else None
    form = TipForm(data, initial={"child_in_danger": NOT_STATED})
    persons = [PersonForm(data, prefix=f"p{n}") for n in range(persons_n)]
    seen = [SightingForm(data, prefix=f"s{n}") for n in range(seen_n)]
    refusal = None
    if data is not None and not more and all([one.is_valid() for one in (form, *persons, *seen)]):
        attached = [(one.name or _("attachment"), one.read()) for one in request.FILES.getlist("attached")]
        try:
            file = verbs.enter_tip(officer, _entry(form, persons, seen), attached=attached)
            return HttpResponseRedirect(reverse("intake:batch", args=[file.batch_id]))
        except Refused as refused:
            refusal = refused.refusal
    if more == "person" and persons_n < MOST:
        persons.append(PersonForm(prefix=f"p{persons_n}"))
    if more == "address" and seen_n < MOST:
        seen.append(SightingForm(prefix=f"s{seen_n}"))
    context = {"form": form, "persons": persons, "seen": seen, "refusal": refusal, "asked_more": bool(more)}
    return render(request, "intake/enter.html", context)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "1")
    return min(MOST, int(text)) if text.isdecimal() and len(text) < 4 else 1


def _entry(form: TipForm, persons: list[PersonForm], seen: list[SightingForm]) -> Entry:
    """What was typed as an entry; forms left empty say nothing."""
    given: dict[str, Any] = form.cleaned_data
    return Entry(
        **given,
        persons=[_person(one.cleaned_data) for one in persons if _filled(one, "role")],
        sightings=[
            TypedSighting(**{**one.cleaned_data, "who": one.cleaned_data["who"].strip().casefold() or "report"})
            for one in seen
            if _filled(one, "who", "zone")
        ],
    )


def _filled(form: forms.Form, *but: str) -> bool:
    return any(value for name, value in form.cleaned_data.items() if name not in but)


def _person(given: dict[str, Any]) -> TypedPerson:
    account = TypedAccount(*(given[name].strip() for name in ("service", "user_id", "screen_name", "profile_url")))
    lines = {
        name: [line.strip() for line in given[name].splitlines() if line.strip()]
        for name in ("phones", "emails", "addresses")
    }
    return TypedPerson(
        given["role"], given["name"].strip(), given["age"].strip(), **lines,
        accounts=[account] if account != TypedAccount() else [],
    )  # fmt: skip
