"""What can be done with units, officers and keys."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.contrib.auth import get_user_model
from django.db import transaction
from nacl.signing import SigningKey

from paricha.access.events import Event
from paricha.access.keys import make_key_file
from paricha.access.models import KeyKind, Officer, OfficerKey, Unit, UnitKind
from paricha.access.rights import Right, Role
from paricha.access.verbs_of_the_house import verb
from paricha.audit.log import record
from paricha.grounds.refusals import Refused

FIRST_KEY = Path("keys") / "officers" / "first.key"


def make_first_officer(home: Path, name: str, unit_name: str) -> tuple[Officer, Path]:
    """The State unit and the first officer, who holds every role until he gives it up. Safe to repeat."""
    key_file = home / FIRST_KEY
    known = Officer.objects.filter(first=True).first()
    if known is not None:
        return known, key_file
    key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with transaction.atomic():
        state = Unit.objects.create(name=unit_name, kind=UnitKind.STATE)
        state.path = f"/{state.pk}/"
        state.save(update_fields=["path"])
        officer = Officer.objects.create(
            name=name, unit=state, role_names=" ".join(Role), first=True, user=_account(name)
        )
        public = make_key_file(key_file)
        key = OfficerKey.objects.create(
            officer=officer, kind=KeyKind.FILE, public=public, label="first officer's key", on_server=True
        )
        record(
            Event.HOUSE_MADE,
            officer=officer.id16,
            via="cli",
            touched=[("officer", officer.id16), ("unit", state.id16), ("officerkey", key.id)],
        )
    return officer, key_file


def _account(name: str):  # type: ignore[no-untyped-def]
    user = get_user_model().objects.create(username=name)
    user.set_unusable_password()
    user.save()
    return user


@verb(may=Right.ADMIN, event=Event.UNIT_ADDED)
def add_unit(officer: Officer, name: str, *, under: Unit, kind: UnitKind) -> Unit:
    """A new unit in the tree. Raises `Refused` ACCESS-EXISTS."""
    if Unit.objects.filter(name=name).exists():
        raise Refused("ACCESS-EXISTS", f"A unit “{name}” exists already.", "Choose another name.")
    unit = Unit.objects.create(name=name, kind=kind, under=under)
    unit.path = f"{under.path}{unit.pk}/"
    unit.save(update_fields=["path"])
    return unit


@verb(may=Right.ADMIN, event=Event.OFFICER_ADDED)
def add_officer(
    officer: Officer, name: str, *, rank: str, unit: Unit, roles: list[Role], key_out: Path | None = None
) -> tuple[Officer, OfficerKey | None]:
    """A new officer, and his key file where `key_out` names one. Raises `Refused` ACCESS-EXISTS."""
    if Officer.objects.filter(name=name).exists():
        raise Refused("ACCESS-EXISTS", f"An officer “{name}” exists already.", "Add a service number to the name.")
    if key_out is not None and key_out.exists():
        raise Refused("ACCESS-EXISTS", "The key file exists already.", "Name a new file.", file=str(key_out))
    added = Officer.objects.create(
        name=name, rank=rank, unit=unit, role_names=" ".join(roles), user=_account(name)
    )
    if key_out is None:
        return added, None
    key_out.parent.mkdir(parents=True, exist_ok=True)
    public = make_key_file(key_out)
    key = OfficerKey.objects.create(officer=added, kind=KeyKind.FILE, public=public, label=key_out.name)
    return added, key


def unit_named(name: str | None) -> Unit:
    """The unit of that name; the State when none is named. Raises `Refused` ACCESS-UNKNOWN-UNIT."""
    found = Unit.objects.filter(name=name).first() if name else Unit.objects.filter(under__isnull=True).first()
    if found is None:
        raise Refused("ACCESS-UNKNOWN-UNIT", f"There is no unit “{name}”.", "`paricha units add` makes one.")
    return found


def make_house_keys(home: Path) -> None:
    """The installation's own keys: stamp (Ed25519), unit key (wraps originals' keys), digest key, web secret."""
    folder = home / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    wanted = {
        "stamp.key": lambda: bytes(SigningKey.generate()).hex(),
        "unit.key": lambda: secrets.token_bytes(32).hex(),
        "digest.key": lambda: secrets.token_bytes(32).hex(),
        "web.key": lambda: secrets.token_hex(32),
    }
    for name, make in wanted.items():
        file = folder / name
        if file.exists():
            continue
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(make())


