"""`paricha doors`, `enquiries`, `holds`, `places`: what strands reach, and what officers decide about it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from paricha.cli.frame import DONE, SOME_REFUSED, command, show, show_refusal


@click.group()
def doors() -> None:
    """The doors that strands reach, and the checks that speak for and against them."""


@click.option("--jsonl", is_flag=True, help="One object a line.")
@command("export")
def doors_export(officer, jsonl: bool, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Every door the officer sees, with strands and checks."""
    from paricha.access.rights import Right
    from paricha.access.verbs_of_the_house import read, require
    from paricha.attribution.events import Event
    from paricha.attribution.queries import export_lines

    require(officer, Right.READ_DOORS, "doors export")
    lines = export_lines(officer)
    read(officer, Event.DOORS_READ, doors=len(lines), export=True)
    if as_json:
        click.echo(json.dumps({"schema": 1, "doors": lines}, ensure_ascii=False))
        return DONE
    for line in lines:
        click.echo(
            json.dumps(line, ensure_ascii=False)
            if jsonl
            else f"{line['number']}  {line['state']}  {line['address']['text'] or ''}"
        )
    return DONE


@click.argument("door")
@click.option("--station", required=True)
@command("confirm", signs=True)
def doors_confirm(officer, door: str, station: str, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """The station confirms that the place lies in its limits (C31)."""
    from paricha.attribution.queries import door_named
    from paricha.attribution.verbs.doors import confirm_station

    row = door_named(officer, door)
    made = confirm_station(officer, row, station=station)
    show(_door(row, station=made.station), as_json, f"{row.number}: {made.station} confirmed.")
    return DONE


@click.argument("door")
@command("sign", signs=True)
def doors_sign(officer, door: str, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Sign the sheet “why this door” (C32). Twice, by two officers."""
    from paricha.attribution.queries import door_named, looked_at
    from paricha.attribution.verbs.doors import sign_door

    row = door_named(officer, door)
    sign_door(officer, row)
    signed = looked_at(row).facts.signed_by
    show(
        _door(row, signed_by=list(signed), signed=len(signed) >= 2),
        as_json,
        f"{row.number}: signature {len(signed)} of 2.",
    )
    return DONE


@click.argument("door")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The PDF to write.")
@click.option("--lang", type=click.Choice(["en", "ml"]), default="en")
@command("sheet")
def doors_sheet(officer, door: str, out: Path, lang: str, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Write the sheet “why this door” as PDF."""
    from paricha.attribution.queries import door_named
    from paricha.attribution.sheet_of_a_door import sheet_for

    row = door_named(officer, door)
    out.write_bytes(sheet_for(officer, row, lang=lang))
    show({"schema": 1, "door": row.id.hex(), "number": row.number, "file": str(out)}, as_json, str(out))
    return DONE


def _door(row, **more):  # type: ignore[no-untyped-def]
    """The door as it stands after the act."""
    from paricha.attribution.queries import looked_at

    looked = looked_at(row)
    return {
        "schema": 1, "door": row.id.hex(), "number": row.number, "state": looked.state,
        "open": [run.code for run in looked.runs if run.open], "refusals": [], **more,
    }  # fmt: skip


for made in (doors_export, doors_confirm, doors_sign, doors_sheet):
    doors.add_command(made)


@click.group()
def enquiries() -> None:
    """Discreet looks on the spot."""


# Arguments stand from the last to the first: each is added to the command that stands below it.
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("door")
@command("add")
def enquiries_add(officer, door: str, file: Path, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Record what an officer saw at a door (JSON)."""
    from paricha.attribution.queries import door_named
    from paricha.attribution.verbs.enquiries import add_enquiry

    row = door_named(officer, door)
    made = add_enquiry(officer, row, data=file.read_bytes(), name=str(file))
    show(_door(row, enquiry=made.id.hex()), as_json, f"{row.number}: enquiry of {made.officer_name} recorded.")
    return DONE


@click.argument("door")
@click.option("--to", "name", required=True, help="The officer who looks.")
@click.option("--pretext", default="", help="What he may say if he is asked.")
@command("task")
def enquiries_task(officer, door: str, name: str, pretext: str, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Give the enquiry at a door to a named officer."""
    from paricha.access.models import Officer
    from paricha.attribution.queries import door_named
    from paricha.attribution.verbs.enquiries import task_enquiry
    from paricha.grounds.refusals import Refused

    row = door_named(officer, door)
    to = Officer.objects.filter(name=name, active=True).first()
    if to is None:
        raise Refused("ACCESS-UNKNOWN-OFFICER", f"There is no officer “{name}”.", "`paricha officers add`.")
    made = task_enquiry(officer, row, to=to, pretext=pretext)
    show(_door(row, enquiry_task=made.id.hex(), officer=to.name), as_json, f"{row.number}: {to.name} will look.")
    return DONE


enquiries.add_command(enquiries_add)
enquiries.add_command(enquiries_task)


@click.group()
def holds() -> None:
    """Holds that a named officer takes on himself."""


@click.argument("code")
@click.argument("door")
@click.option("--reason", required=True)
@command("decide", signs=True)
def holds_decide(officer, door: str, code: str, reason: str, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Decide a hold of a door with a reason; a block is never decided away."""
    from paricha.attribution.queries import door_named
    from paricha.attribution.verbs.doors import decide_hold

    row = door_named(officer, door)
    decide_hold(officer, row, code.upper(), reason=reason)
    show(
        _door(row, code=code.upper(), decided_by=officer.name),
        as_json,
        f"{row.number}: {code.upper()} decided by {officer.name}.",
    )
    return DONE


holds.add_command(holds_decide)


@click.group()
def places() -> None:
    """Districts, stations, local bodies and post offices of the unit."""


@click.argument("path", type=click.Path(exists=True, path_type=Path))
@command("import")
def places_import(officer, path: Path, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Load a place table, or every place table of a folder (an override of the State pack)."""
    from paricha.places.verbs import load_pack, load_table

    if path.is_dir():
        files, refusals = load_pack(path, officer=officer)
    else:
        file, refusals = load_table(officer, path.read_bytes(), name=path.name)
        files = [file]
    show(
        {"schema": 1, "tables": {file.kind: file.rows for file in files}, "refusals": [r.to_plain() for r in refusals]},
        as_json,
        ", ".join(f"{file.rows} {file.kind}" for file in files) + " loaded.",
    )
    if not as_json:
        for refusal in refusals:
            show_refusal(refusal)
    return SOME_REFUSED if refusals else DONE


@click.argument("text")
@command("look")
def places_look(officer, text: str, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """What an address says: PIN, post office, local body, and the stations it may belong to."""
    import msgspec

    from paricha.places.queries import look_at

    parts, proposals = look_at(text)
    show(
        {"schema": 1, "parts": msgspec.to_builtins(parts), "proposals": msgspec.to_builtins(proposals)},
        as_json,
        "\n".join(f"{one.station} ({one.district}): {'; '.join(one.basis)}" for one in proposals.stations)
        or "No station is proposed.",
    )
    return DONE


places.add_command(places_import)
places.add_command(places_look)
commands: list[click.Command] = [doors, enquiries, holds, places]
