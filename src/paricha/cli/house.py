"""`paricha init`, `officers`, `units`."""

from __future__ import annotations

import secrets
from pathlib import Path

import click
import msgspec

from paricha.cli.frame import DONE, command, show
from paricha.grounds import unit as settings_file


@click.option("--officer", "officer_name", default="First officer", help="Name of the first officer.")
@click.option("--synthetic", is_flag=True, help="Mark the folder as made-up data, for good.")
@command("init", officer=False)
def init(officer_name: str, synthetic: bool, as_json: bool) -> int:
    """Make folder, database, keys and the first officer. Safe to repeat."""
    from django.conf import settings
    from django.core.management import call_command

    from paricha.access.verbs import make_first_officer, make_house_keys

    home: Path = settings.HOME
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    chosen = settings.PARICHA
    if not chosen.installation:
        chosen = msgspec.structs.replace(chosen, installation=secrets.token_hex(16), synthetic=synthetic)
        settings_file.save(home, chosen)
        settings.PARICHA = chosen
    make_house_keys(home)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    officer, key = make_first_officer(home, officer_name, chosen.unit_name)
    show(
        {"schema": 1, "home": str(home), "officer": officer.name, "key": str(key)},
        as_json,
        f"{home} is ready. {officer.name} acts with {key}.",
    )
    return DONE


@click.group()
def officers() -> None:
    """The officers of the unit."""


@click.argument("name")
@click.option("--rank", default="")
@click.option("--unit", "unit_name", default=None, help="Default: the State.")
@click.option("--role", "roles", multiple=True, required=True)
@click.option("--key-out", type=click.Path(path_type=Path), required=True)
@command("add")
def officers_add(officer, name, rank, unit_name, roles, key_out, as_json) -> int:  # type: ignore[no-untyped-def]
    """Add an officer and write his key file."""
    from paricha.access.rights import Role
    from paricha.access.verbs import add_officer, unit_named
    from paricha.grounds.refusals import Refused

    unknown = [role for role in roles if role not in set(Role)]
    if unknown:
        raise Refused("ACCESS-ROLE-UNKNOWN", f"There is no role “{unknown[0]}”.", f"Roles: {', '.join(Role)}.")
    added, _key = add_officer(
        officer, name, rank=rank, unit=unit_named(unit_name), roles=[Role(role) for role in roles], key_out=key_out
    )
    show(
        {"schema": 1, "officer": added.name, "id": added.id16.hex(), "rank": added.rank, "unit": added.unit.name,
         "roles": sorted(added.roles), "key": str(key_out)},
        as_json,
        f"{added.name} added; the key is in {key_out}.",
    )  # fmt: skip
    return DONE


officers.add_command(officers_add)


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


units.add_command(units_add)

commands: list[click.Command] = [init, officers, units]
