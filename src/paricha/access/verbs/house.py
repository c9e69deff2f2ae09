"""Making the house: its own keys, the State unit, the first officer; and the tree of units."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _
from nacl.signing import SigningKey

from paricha.access.events import Event
from paricha.access.keys import enrolment_fact, make_key_file, open_key_file
from paricha.access.models import KeyKind, Officer, OfficerKey, Unit, UnitKind
from paricha.access.rights import Right, Role
from paricha.access.verbs_of_the_house import verb
from paricha.audit.log import record
from paricha.grounds.refusals import Refused

FIRST_KEY = Path("keys") / "officers" / "first.key"


def make_first_officer(home: Path, name: str, unit_name: str) -> tuple[Officer, Path]:
    """The State unit and the first officer, who holds every role until he gives it up.

    Safe to repeat, also after an interruption: a key file that stands there already becomes his.
    """
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
            name=name, unit=state, role_names=" ".join(Role), first=True, user=account(name)
        )
        if key_file.exists():
            public = open_key_file(key_file).public_key().public_bytes_raw()
        else:
            public = make_key_file(key_file)
        key = OfficerKey.objects.create(
            officer=officer, kind=KeyKind.FILE, public=public, label="first officer's key", on_server=True
        )
        record(
            Event.HOUSE_MADE,
            officer=officer.id16,
            via="cli",
            touched=[("officer", officer.id16), ("unit", state.id16), ("officerkey", key.id)],
            facts={"synthetic": settings.PARICHA.synthetic, "enrolled": [enrolment_fact(key)]},
        )
    return officer, key_file


def account(name: str):  # type: ignore[no-untyped-def]
    """A new account that nobody can sign in with until a password or passkey is set."""
    user = get_user_model().objects.create(username=name)
    user.set_unusable_password()
    user.save()
    return user


@verb(may=Right.ADMIN, event=Event.UNIT_ADDED)
def add_unit(officer: Officer, name: str, *, under: Unit, kind: UnitKind) -> Unit:
    """A new unit in the tree. Raises `Refused` ACCESS-EXISTS, ACCESS-NAME-NEEDED."""
    require_name(name)
    if Unit.objects.filter(name=name).exists():
        raise Refused(
            "ACCESS-EXISTS", _("A unit “{name}” exists already.").format(name=name), _("Choose another name.")
        )
    unit = Unit.objects.create(name=name, kind=kind, under=under)
    unit.path = f"{under.path}{unit.pk}/"
    unit.save(update_fields=["path"])
    return unit


def require_name(name: str) -> None:
    """Raises `Refused` ACCESS-NAME-NEEDED where nothing but blanks is given."""
    if not name.strip():
        raise Refused("ACCESS-NAME-NEEDED", _("The name is empty."), _("Write the name as it stands on papers."))


def unit_named(name: str | None) -> Unit:
    """The unit of that name; the State when none is named. Raises `Refused` ACCESS-UNKNOWN-UNIT."""
    found = Unit.objects.filter(name=name).first() if name else Unit.objects.filter(under__isnull=True).first()
    if found is None:
        raise Refused(
            "ACCESS-UNKNOWN-UNIT",
            _("There is no unit “{name}”.").format(name=name),
            _("`paricha units add` makes one."),
        )
    return found


def make_house_keys(home: Path) -> None:
    """The installation's own keys: stamp (Ed25519), unit key (wraps originals' keys), digest key, web secret.

    Each stands there whole or not at all, whenever this is interrupted.
    """
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
        half = folder / f".{name}.{secrets.token_hex(4)}"
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(make())
            out.flush()
            os.fsync(out.fileno())
        os.rename(half, file)
