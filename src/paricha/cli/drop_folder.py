"""`paricha drop-folder look`: what lies in the watched folders comes in."""

from __future__ import annotations

import click

from paricha.cli.frame import DONE, SOME_REFUSED, command, do_what_is_due, show, show_refusal
from paricha.grounds.refusals import Refusal


@click.group("drop-folder")
def drop_folder() -> None:
    """The folders whose new files come in by themselves."""


@click.option(
    "--now", is_flag=True, help="Take what lies there at once; else only what has lain still for ten seconds."
)
@command("look")
def look(officer, now, as_json) -> int:  # type: ignore[no-untyped-def]
    """Look into the drop folders as the clock of `serve` does: bring in what is whole, say what waits."""
    from paricha.access.acting import acting
    from paricha.access.rights import Right
    from paricha.access.verbs_of_the_house import require
    from paricha.intake import drop_folder as folders

    require(officer, Right.INTAKE, "intake.drop_folder.look")
    with acting("job"):
        folders.look(at_once=now)
    do_what_is_due()
    told = folders.status()
    if not as_json:
        for refusal in told["refusals"]:
            show_refusal(Refusal(**refusal))
    lines = [
        f"{one['folder']}: {one['waiting']} files wait, {one['refused']} not taken. Last batch {one['last_batch'] or '–'}."
        for one in told["folders"]
    ]
    show(told, as_json, "\n".join(lines) or "No drop folder is set; see `drop_folder` in the settings.")
    return SOME_REFUSED if told["refusals"] else DONE


drop_folder.add_command(look)

commands: list[click.Command] = [drop_folder]
