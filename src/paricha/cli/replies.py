"""`paricha replies`: read what operators answered."""

from __future__ import annotations

from pathlib import Path

import click

from paricha.cli.frame import DONE, SOME_REFUSED, command, show, show_refusal


@click.group()
def replies() -> None:
    """Operators' answers, judged row by row."""


@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--request", "reference", required=True, help="The request that the files answer.")
@command("read")
def replies_read(officer, files: tuple[Path, ...], reference: str, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Read the files of one answer together (a log and its subscriber details)."""
    from paricha.attribution.queries import request_named
    from paricha.attribution.verbs.replies import read_replies

    request = request_named(officer, reference)
    done = read_replies(officer, request, [(str(file), file.read_bytes()) for file in files])
    refused = [row for row in done.rows if row["outcome"] == "refused"]
    show(
        {
            "schema": 1, "request": request.number, "rows": done.rows, "no_records": done.no_records,
            "footers": done.footers, "refusals": [refusal.to_plain() for refusal in done.refusals],
        },
        as_json,
        ", ".join(f"{sum(row['outcome'] == word for row in done.rows)} {word}" for word in ("accepted", "held", "refused"))
        + f", {done.no_records} without records, {done.footers} footers.",
    )  # fmt: skip
    if not as_json:
        for row in refused:
            words = " ".join(check["words"] for check in row["checks"] if check["outcome"] == "block")
            click.echo(f"row {row['reply_row']}: {words}", err=True)
        for refusal in done.refusals:
            show_refusal(refusal)
    return SOME_REFUSED if refused or done.refusals else DONE


replies.add_command(replies_read)
commands: list[click.Command] = [replies]
