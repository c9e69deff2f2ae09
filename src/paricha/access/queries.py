"""Officers, units and compartments that an officer may look at."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from paricha.access.models import ApiToken, Compartment, Officer, OfficerKey, Unit
from paricha.access.rights import Right
from paricha.access.scope import compartments_seen, units_seen
from paricha.grounds.refusals import Refused


def not_here() -> Refused:
    return Refused(
        "ACCESS-NOT-VISIBLE", _("There is no such thing here, or it is not for you to see."), _("Check the name.")
    )


def officers_visible_to(officer: Officer) -> QuerySet[Officer]:
    """The officers of one's unit and of those below."""
    return Officer.objects.filter(unit_id__in=units_seen(officer)).select_related("unit")


def officer_visible(officer: Officer, id16: bytes) -> Officer:
    """One of them. Raises `Refused` ACCESS-NOT-VISIBLE."""
    found = officers_visible_to(officer).filter(id16=id16).first()
    if found is None:
        raise not_here()
    return found


def units_visible_to(officer: Officer) -> QuerySet[Unit]:
    """One's unit and those below, as a tree from the top."""
    return Unit.objects.filter(id__in=units_seen(officer)).select_related("under").order_by("path")


def unit_visible(officer: Officer, id16: bytes) -> Unit:
    """One of them. Raises `Refused` ACCESS-NOT-VISIBLE."""
    found = units_visible_to(officer).filter(id16=id16).first()
    if found is None:
        raise not_here()
    return found


def compartments_visible_to(officer: Officer) -> QuerySet[Compartment]:
    """Those one is in; an administrator sees all names and members, never their rows."""
    every = Compartment.objects.prefetch_related("members").order_by("name")
    return every if officer.may(Right.ADMIN) else every.filter(id__in=compartments_seen(officer))


def key_of(officer: Officer, key_id: bytes) -> OfficerKey:
    """A key of one's own or, as administrator, of an officer one sees. Raises `Refused` ACCESS-NOT-VISIBLE."""
    return _owned(officer, OfficerKey.objects.select_related("officer").filter(id=key_id).first())


def token_of(officer: Officer, token_id: bytes) -> ApiToken:
    """The same for a token."""
    return _owned(officer, ApiToken.objects.select_related("officer").filter(id=token_id).first())


def _owned(officer: Officer, found: Any) -> Any:
    theirs = found is not None and (
        found.officer.pk == officer.pk
        or (officer.may(Right.ADMIN) and officers_visible_to(officer).filter(pk=found.officer.pk).exists())
    )
    if not theirs:
        raise not_here()
    return found
