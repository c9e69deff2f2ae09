"""`paricha observations`, `paricha corroborations`: bring in what others saw."""

from __future__ import annotations

from pathlib import Path

import click

from paricha.cli.frame import DONE, SOME_REFUSED, command, show, show_refusal

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def observations() -> None:
    """Sightings from observers and other units."""


@click.argument("file", type=FILE)
@click.option("--profile", required=True, help="The layout of the file: paricha-1.")
@command("import")
def observations_import(officer, file: Path, profile: str, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Bring in a list of observations; each row is taken, held or refused."""
    from paricha.attribution.verbs.observing import import_observations
    from paricha.grounds.refusals import Refusal

    judged = import_observations(officer, file.read_bytes(), name=str(file), profile=profile)
    refusals = [
        Refusal(
            str(file), f"line {row.line}", row.words, "Correct the row at its source and import it again.", row.code
        )
        for row in judged
        if row.outcome == "refused"
    ]
    show(
        {
            "schema": 1,
            "rows": [
                {
                    "row": row.row, "reference": row.reference, "sighting": row.facts.id if row.facts else None,
                    "outcome": row.outcome, "code": row.code or None, "words": row.words or None,
                }
                for row in judged
            ],
            "refusals": [refusal.to_plain() for refusal in refusals],
        },
        as_json,
        ", ".join(f"{sum(row.outcome == word for row in judged)} {word}" for word in ("taken", "held", "refused")) + ".",
    )  # fmt: skip
    if not as_json:
        for refusal in refusals:
            show_refusal(refusal)
    return SOME_REFUSED if refusals else DONE


observations.add_command(observations_import)


@click.group()
def corroborations() -> None:
    """What other sources say of an activity."""


@click.argument("file", type=FILE)
@command("import")
def corroborations_import(officer, file: Path, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Bring in corroborations: phone, e-mail, name, address of an activity from another source."""
    from paricha.attribution.verbs.observing import import_corroborations

    done = import_corroborations(officer, file.read_bytes(), name=str(file))
    refusals = [refusal.to_plain() for refusal in done["refusals"]]
    show(
        {"schema": 1, "rows": done["rows"], "new": done["new"], "refusals": refusals},
        as_json,
        f"{done['new']} new of {done['rows']} rows.",
    )
    if not as_json:
        for refusal in done["refusals"]:
            show_refusal(refusal)
    return SOME_REFUSED if refusals else DONE


corroborations.add_command(corroborations_import)
commands: list[click.Command] = [observations, corroborations]
