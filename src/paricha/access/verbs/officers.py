"""What can be done with officers: add, give roles, give them up, retire, let them set up their sign-in; compartments."""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.events import Event
from paricha.access.keys import make_key_file
from paricha.access.models import Compartment, Enrolment, KeyKind, Officer, OfficerKey, Unit
from paricha.access.rights import Right, Role
from paricha.access.verbs.house import account, require_name
from paricha.access.verbs.keys import keep_key
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.grounds.refusals import Refused

ENROLMENT_HOURS = 72
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without the signs that are mistaken for each other


@verb(may=Right.ADMIN, event=Event.OFFICER_ADDED)
def add_officer(
    officer: Officer, name: str, *, rank: str, unit: Unit, roles: list[Role], key_out: Path | None = None
) -> tuple[Officer, OfficerKey | None]:
    """A new officer, and his key file where `key_out` names one. Raises `Refused` ACCESS-EXISTS, ACCESS-NAME-NEEDED.

    A key file inside the data folder counts as living on the server. PARICHA_NEW_KEY_PASSPHRASE seals the new file.
    """
    require_name(name)
    if Officer.objects.filter(name=name).exists():
        raise Refused(
            "ACCESS-EXISTS",
            _("An officer “{name}” exists already.").format(name=name),
            _("Add a service number to the name."),
        )
    if key_out is not None and (key_out.exists() or key_out.is_symlink()):
        raise Refused("ACCESS-EXISTS", _("The key file exists already."), _("Name a new file."), file=str(key_out))
    added = Officer.objects.create(
        name=name, rank=rank, unit=unit, role_names=" ".join(sorted(set(roles))), user=account(name)
    )
    note_facts(roles=sorted(set(roles)), unit=unit.id16.hex())
    if key_out is None:
        return added, None
    key_out.parent.mkdir(parents=True, exist_ok=True)
    public = make_key_file(key_out, os.environ.get("PARICHA_NEW_KEY_PASSPHRASE", "").encode() or None)
    inside = key_out.resolve().is_relative_to(Path(settings.HOME).resolve())
    return added, keep_key(added, kind=KeyKind.FILE, public=public, label=key_out.name, on_server=inside)


@verb(may=Right.ADMIN, event=Event.ENROLMENT_MADE)
def make_enrolment(officer: Officer, other: Officer, *, hours: int = ENROLMENT_HOURS) -> str:
    """A one-time code (`ABCDE-FGHJK-MNPQR-STUVW`) with which `other` sets up his sign-in; earlier ones are over."""
    code = "-".join("".join(secrets.choice(_ALPHABET) for _sign in range(5)) for _group in range(4))
    now = timezone.now()
    Enrolment.objects.filter(officer=other, used_at__isnull=True, until__gt=now).update(until=now)
    made = Enrolment.objects.create(
        officer=other, made_by=officer, digest=enrolment_digest(code), made_at=now, until=now + timedelta(hours=hours)
    )
    touch("officer", other)
    touch("enrolment", made)
    return code


def enrolment_digest(code: str) -> bytes:
    """What is kept of a one-time code; blanks, hyphens and case do not matter."""
    return hashlib.sha256("".join(sign for sign in code.upper() if sign.isalnum()).encode()).digest()


@verb(may=Right.ADMIN, event=Event.ROLES_CHANGED)
def set_roles(officer: Officer, other: Officer, roles: list[Role]) -> Officer:
    """Give `other` exactly these roles. Raises `Refused` ACCESS-LAST-ADMINISTRATOR, ACCESS-NOT-YOURS for one's own."""
    if other.pk == officer.pk:
        raise Refused(
            "ACCESS-NOT-YOURS", _("Nobody gives himself roles."), _("Another administrator can; you may give up roles.")
        )
    return _change_roles(other, set(roles))


@verb(may=None, event=Event.ROLES_CHANGED)
def give_up_roles(officer: Officer, roles: list[Role]) -> Officer:
    """Give up roles of one's own, the first officer's among them. Raises `Refused` ACCESS-LAST-ADMINISTRATOR."""
    return _change_roles(officer, set(officer.roles) - set(roles))


def _change_roles(other: Officer, roles: set[Role]) -> Officer:
    if Right.ADMIN in other.rights and Role.ADMINISTRATOR not in roles:
        _someone_else_administers(other)
    note_facts(before=sorted(other.roles), after=sorted(roles))
    other.role_names = " ".join(sorted(roles))
    other.save(update_fields=["role_names"])
    return other


def _someone_else_administers(other: Officer) -> None:
    rest = Officer.objects.filter(active=True).exclude(pk=other.pk)
    if not any(Role.ADMINISTRATOR in one.roles for one in rest):
        raise Refused(
            "ACCESS-LAST-ADMINISTRATOR",
            _("{name} is the last administrator.").format(name=other.name),
            _("Give the role to another officer first."),
        )


@verb(may=Right.ADMIN, event=Event.OFFICER_RETIRED)
def retire_officer(officer: Officer, other: Officer) -> Officer:
    """`other` can act no more: no sign-in, no key, no token. What he did stays his."""
    if Role.ADMINISTRATOR in other.roles:
        _someone_else_administers(other)
    now = timezone.now()
    note_facts(revoked=[key.id.hex() for key in other.keys.filter(revoked_at__isnull=True)])
    other.keys.filter(revoked_at__isnull=True).update(revoked_at=now)
    other.tokens.filter(revoked_at__isnull=True).update(revoked_at=now)
    other.active = False
    other.save(update_fields=["active"])
    return other


@verb(may=Right.ADMIN, event=Event.COMPARTMENT_MADE)
def make_compartment(officer: Officer, name: str, members: list[Officer]) -> Compartment:
    """A closed circle with its first members. Raises `Refused` ACCESS-EXISTS."""
    if not name.strip() or Compartment.objects.filter(name=name).exists():
        raise Refused(
            "ACCESS-EXISTS", _("A compartment “{name}” exists already.").format(name=name), _("Choose another name.")
        )
    made = Compartment.objects.create(name=name)
    made.members.set(members)
    for member in members:
        touch("officer", member)
    return made


@verb(may=Right.ADMIN, event=Event.COMPARTMENT_JOINED)
def join_compartment(officer: Officer, compartment: Compartment, other: Officer) -> Compartment:
    """Let `other` into the circle."""
    compartment.members.add(other)
    touch("officer", other)
    return compartment


@verb(may=Right.ADMIN, event=Event.COMPARTMENT_LEFT)
def leave_compartment(officer: Officer, compartment: Compartment, other: Officer) -> Compartment:
    """Take `other` out of the circle."""
    compartment.members.remove(other)
    touch("officer", other)
    return compartment
