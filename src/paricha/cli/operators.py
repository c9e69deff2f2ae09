"""`paricha operators`: import files, ask whose an address was."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from paricha.cli.frame import DONE, SOME_REFUSED, command, show, show_refusal


@click.group()
def operators() -> None:
    """Whose address as of a day."""


@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as-of", "as_of", required=True, help="The day the file speaks of, YYYY-MM-DD.")
@click.option("--source", required=True)
@command("import")
def operators_import(officer, file: Path, as_of: str, source: str, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Bring in a snapshot, an operator table or an exits list."""
    from paricha.grounds.refusals import Refused
    from paricha.operators.verbs import import_file

    try:
        day = date.fromisoformat(as_of)
    except ValueError as error:
        raise Refused("OPERATORS-DATE", f"“{as_of}” is no date.", "Write it as YYYY-MM-DD.") from error
    done = import_file(officer, file.read_bytes(), name=str(file), as_of=day, source=source)
    show(
        {
            "schema": 1, "file": str(file), "kind": done.file.kind, "source": source, "as_of": as_of,
            "original": done.file.original, "snapshot": done.file.id.hex(), "rows": done.file.rows, "new": done.new,
            "refusals": [refusal.to_plain() for refusal in done.refusals],
        },
        as_json,
        f"{done.file.rows} rows of {source} as of {as_of} ({done.file.kind}){'' if done.new else ', already known'}.",
    )  # fmt: skip
    if not as_json:
        for refusal in done.refusals:
            show_refusal(refusal)
    return SOME_REFUSED if done.refusals else DONE


@click.argument("address")
@click.option("--at", required=True, help="Instant with zone, such as 2026-05-01T10:00:00Z.")
@command("whose")
def operators_whose(officer, address: str, at: str, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Whose an address was at an instant."""
    import msgspec

    from paricha.grounds import selectors
    from paricha.grounds.instants import read_instant
    from paricha.grounds.refusals import Refused
    from paricha.operators.queries import whose

    moment, normal = read_instant(at).utc, selectors.address(address)
    if moment is None or normal is None:
        raise Refused(
            "OPERATORS-DATE", "The address or the instant cannot be read.", "Write the instant with Z or an offset."
        )
    found = whose(normal, moment)
    plain = msgspec.to_builtins(found)
    words = found.line.name if found.line else found.verdict.value
    show({"schema": 1, **plain}, as_json, f"{normal} on {found.on}: {words} ({len(found.said)} sources).")
    return DONE


operators.add_command(operators_import)
operators.add_command(operators_whose)
commands: list[click.Command] = [operators]
