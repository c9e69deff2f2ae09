"""`paricha init`, `officers`, `units`."""

from __future__ import annotations

import fcntl
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec

from paricha.cli.frame import DONE, command, refused_by_machine, show
from paricha.grounds import unit as settings_file
from paricha.grounds.refusals import Refused


@click.option("--officer", "officer_name", default="First officer", help="Name of the first officer.")
@click.option("--synthetic", is_flag=True, help="Mark the folder as made-up data, for good.")
@command("init", officer=False)
def init(officer_name: str, synthetic: bool, as_json: bool) -> int:
    """Make folder, database, keys and the first officer. Safe to repeat."""
    from django.conf import settings
    from django.core.management import call_command

    from paricha.access.models import Enrolment
    from paricha.access.verbs import make_first_officer, make_house_keys
    from paricha.audit.stamp import stamp_all

    home: Path = settings.HOME
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(home):
        _mark(home, synthetic)
        make_house_keys(home)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        officer, key = make_first_officer(home, officer_name, settings.PARICHA.unit_name)
        if not settings.PARICHA.synthetic and not Enrolment.objects.filter(officer=officer).exists():
            _say_code(officer, officer)
        stamp_all()
    show(
        {"schema": 1, "home": str(home), "officer": officer.name, "key": str(key)},
        as_json,
        f"{home} is ready. {officer.name} acts with {key}.",
    )
    return DONE


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One `init` at a time in a folder."""
    with (home / ".init.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _mark(home: Path, synthetic: bool) -> None:
    """Give the folder its installation id and, where asked for, the mark of made-up data: at the first time only."""
    from django.conf import settings

    chosen = settings_file.load(home)  # read again behind the lock
    if not chosen.installation:
        chosen = msgspec.structs.replace(chosen, installation=secrets.token_hex(16), synthetic=synthetic)
        settings_file.save(home, chosen)
    elif synthetic and not chosen.synthetic:
        raise Refused(
            "HOUSE-MARK",
            "This folder was made for real work; it cannot become one of made-up data.",
            "Name another folder in PARICHA_HOME for made-up data.",
            file=str(home),
        )
    settings.PARICHA = chosen


def _say_code(administrator, other) -> None:  # type: ignore[no-untyped-def]
    """A one-time code for the first sign-in, on stderr: it is not for scripts, and shown once."""
    from paricha.access.acting import acting
    from paricha.access.verbs.officers import ENROLMENT_HOURS, make_enrolment

    with acting("cli"):
        code = make_enrolment(administrator, other)
    click.echo(
        f"First sign-in of {other.name} on the page /access/enrol/ with this code, once, within {ENROLMENT_HOURS} hours: {code}",
        err=True,
    )


@click.group()
def officers() -> None:
    """The officers of the unit."""


def _roles(named: tuple[str, ...]):  # type: ignore[no-untyped-def]
    from paricha.access.rights import Role

    unknown = [role for role in named if role not in set(Role)]
    if unknown:
        raise Refused("ACCESS-ROLE-UNKNOWN", f"There is no role “{unknown[0]}”.", f"Roles: {', '.join(Role)}.")
    return [Role(role) for role in named]


def _officer_named(name: str):  # type: ignore[no-untyped-def]
    from paricha.access.models import Officer

    found = Officer.objects.select_related("unit").filter(name=name, active=True).first()
    if found is None:
        raise Refused("ACCESS-UNKNOWN-OFFICER", f"There is no officer “{name}”.", "`paricha officers list` names them.")
    return found


def _plain(officer) -> dict:  # type: ignore[no-untyped-def,type-arg]
    return {
        "officer": officer.name,
        "id": officer.id16.hex(),
        "rank": officer.rank,
        "unit": officer.unit.name,
        "roles": sorted(officer.roles),
    }


@click.argument("name")
@click.option("--rank", default="")
@click.option("--unit", "unit_name", default=None, help="Default: the State.")
@click.option("--role", "roles", multiple=True, required=True)
@click.option(
    "--key-out", type=click.Path(path_type=Path), help="Where his key file is written; without it he signs on screens."
)
@command("add")
def officers_add(officer, name, rank, unit_name, roles, key_out, as_json) -> int:  # type: ignore[no-untyped-def]
    """Add an officer, write his key file, print the code of his first sign-in on stderr."""
    from paricha.access.verbs import add_officer, unit_named

    try:
        added, _key = add_officer(
            officer, name, rank=rank, unit=unit_named(unit_name), roles=_roles(roles), key_out=key_out
        )
    except OSError as error:
        raise refused_by_machine(error) or Refused(
            "ACCESS-KEY-UNREADABLE", f"The key file cannot be written: {error.strerror}.", "Name a file in a folder of yours.",
            file=str(key_out),
        ) from error  # fmt: skip
    _say_code(officer, added)
    words = f"{added.name} added; the key is in {key_out}." if key_out else f"{added.name} added, without a key file."
    show({"schema": 1} | _plain(added) | {"key": str(key_out) if key_out else None}, as_json, words)
    return DONE


@command("list")
def officers_list(officer, as_json) -> int:  # type: ignore[no-untyped-def]
    """List the officers of one's unit and those below, with their keys."""
    from paricha.access.events import Event
    from paricha.access.models import Officer
    from paricha.access.rights import Right
    from paricha.access.scope import units_seen
    from paricha.access.verbs_of_the_house import read, require

    require(officer, Right.ADMIN, "officers.list")
    found = Officer.objects.filter(unit_id__in=units_seen(officer)).select_related("unit").prefetch_related("keys")
    rows = [
        _plain(one)
        | {"active": one.active, "keys": [{"id": key.id.hex(), "kind": key.kind, "label": key.label, "on_server": key.on_server,
                                           "revoked": key.revoked_at is not None} for key in one.keys.all()]}
        for one in found.order_by("name")
    ]  # fmt: skip
    read(officer, Event.OFFICERS_READ, rows=len(rows))
    lines = [f"{row['officer']}, {row['unit']}: {', '.join(row['roles']) or 'no role'}" for row in rows]
    show({"schema": 1, "officers": rows}, as_json, "\n".join(lines))
    return DONE


@click.argument("name")
@command("code")
def officers_code(officer, name, as_json) -> int:  # type: ignore[no-untyped-def]
    """Print a new one-time code for an officer's sign-in on stderr; an earlier one is over."""
    other = _officer_named(name)
    _say_code(officer, other)
    show({"schema": 1, "officer": other.name}, as_json, f"{other.name} has a new code.")
    return DONE


@click.argument("name")
@click.option("--role", "roles", multiple=True)
@command("roles")
def officers_roles(officer, name, roles, as_json) -> int:  # type: ignore[no-untyped-def]
    """Give an officer exactly these roles; for oneself, keep only these and give up the others."""
    from paricha.access.verbs.officers import give_up_roles, set_roles

    other, wanted = _officer_named(name), _roles(roles)
    if other.pk == officer.pk and set(wanted) <= set(officer.roles):
        changed = give_up_roles(officer, sorted(set(officer.roles) - set(wanted)))
    else:
        changed = set_roles(officer, other, wanted)
    show({"schema": 1} | _plain(changed), as_json, f"{changed.name}: {', '.join(sorted(changed.roles)) or 'no role'}.")
    return DONE


@click.argument("name")
@command("retire")
def officers_retire(officer, name, as_json) -> int:  # type: ignore[no-untyped-def]
    """End an officer's sign-in, keys and tokens. What he did stays his."""
    from paricha.access.verbs.officers import retire_officer

    gone = retire_officer(officer, _officer_named(name))
    show({"schema": 1} | _plain(gone), as_json, f"{gone.name} can act no more.")
    return DONE


@click.argument("name")
@click.argument("public", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--label", default="")
@command("enrol-key")
def officers_enrol_key(officer, name, public, label, as_json) -> int:  # type: ignore[no-untyped-def]
    """Enrol the public half (FILE.pub) of a key file that the officer made elsewhere."""
    from paricha.access.verbs.keys import enrol_key_file

    key = enrol_key_file(officer, _officer_named(name), public.read_text(errors="replace"), label or public.name)
    show(
        {"schema": 1, "officer": name, "key": key.id.hex()},
        as_json,
        f"The key {key.label} signs for {name} from now on.",
    )
    return DONE


@click.argument("key_id")
@click.option("--reason", required=True)
@command("revoke-key")
def officers_revoke_key(officer, key_id, reason, as_json) -> int:  # type: ignore[no-untyped-def]
    """Take a key out of force for good."""
    from paricha.access.models import OfficerKey
    from paricha.access.verbs.keys import revoke_key

    try:
        found = OfficerKey.objects.select_related("officer").filter(id=bytes.fromhex(key_id)).first()
    except ValueError:
        found = None
    if found is None:
        raise Refused("ACCESS-NO-KEY", f"There is no key “{key_id}”.", "`paricha officers list --json` names them.")
    revoked = revoke_key(officer, found, reason)
    show(
        {"schema": 1, "officer": revoked.officer.name, "key": key_id}, as_json,
        f"The key {revoked.label} of {revoked.officer.name} signs no more.",
    )  # fmt: skip
    return DONE


for part in (
    officers_add,
    officers_list,
    officers_code,
    officers_roles,
    officers_retire,
    officers_enrol_key,
    officers_revoke_key,
):
    officers.add_command(part)


@click.group()
def units() -> None:
    """The tree of units."""


@click.argument("name")
@click.option("--under", required=True)
@click.option("--kind", type=click.Choice(["state", "district", "station"]), required=True)
@command("add")
def units_add(officer, name, under, kind, as_json) -> int:  # type: ignore[no-untyped-def]
    """Add a unit under another."""
    from paricha.access.models import UnitKind
    from paricha.access.verbs import add_unit, unit_named

    added = add_unit(officer, name, under=unit_named(under), kind=UnitKind(kind))
    show(
        {"schema": 1, "unit": added.name, "id": added.id16.hex(), "under": under, "kind": kind},
        as_json,
        f"{added.name} added under {under}.",
    )
    return DONE


@command("list")
def units_list(officer, as_json) -> int:  # type: ignore[no-untyped-def]
    """List the tree of units."""
    from paricha.access.models import Unit

    found = list(Unit.objects.select_related("under").order_by("path"))
    rows = [
        {"unit": one.name, "id": one.id16.hex(), "under": one.under.name if one.under else None, "kind": one.kind}
        for one in found
    ]
    lines = ["  " * (one.path.count("/") - 2) + f"{one.name} ({one.kind})" for one in found]
    show({"schema": 1, "units": rows}, as_json, "\n".join(lines))
    return DONE


units.add_command(units_add)
units.add_command(units_list)

commands: list[click.Command] = [init, officers, units]
