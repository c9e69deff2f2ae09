"""`paricha requests`: make, write, sign."""

from __future__ import annotations

from pathlib import Path

import click

from paricha.cli.frame import DONE, command, show


@click.group()
def requests() -> None:
    """Letters to operators: made, written, read back, signed by two."""


@click.option("--operator", default=None, help="Only this operator, by code or name.")
@command("make")
def requests_make(officer, operator: str | None, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Group what waits by operator; run again it adds only new sightings."""
    from django.utils import timezone

    from paricha.attribution.asking import days_left
    from paricha.attribution.verbs.requests import make_requests

    made = make_requests(officer, operator=operator)
    now = timezone.now()
    show(
        {
            "schema": 1,
            "requests": [
                {
                    "request": request.number, "operator": request.operator, "layout": request.layout,
                    "rows": [{"row": row.row, "sighting": row.sighting.hex()} for row in request.rows.order_by("row")],
                    "days_left": days_left(request.oldest_at, now),
                }
                for request in made.requests
            ],
            "unrequested": [
                {"sighting": sighting, "code": code, "words": words} for sighting, code, words in made.unrequested
            ],
        },
        as_json,
        "\n".join(f"{request.number}  {request.operator_name}: {request.rows.count()} rows" for request in made.requests)
        + f"\n{len(made.unrequested)} sightings of which nobody is asked.",
    )  # fmt: skip
    return DONE


@click.argument("reference")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="An empty folder.")
@click.option("--law", default=None, help="A law of the State pack; the one in force today unless named.")
@command("write")
def requests_write(officer, reference: str, out: Path, law: str | None, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Write the letter (PDF) and the sheet of a request into a folder."""
    import json

    from paricha.attribution.queries import request_named
    from paricha.attribution.verbs.requests import write_request

    request = write_request(officer, request_named(officer, reference), folder=out, law=law)
    note = json.loads(request.written)
    sheets = [str(Path(request.folder) / name) for name in note["files"] if name != note["letter"]]
    letter = str(Path(request.folder) / note["letter"])
    show(
        {"schema": 1, "request": request.number, "letter": letter, "sheets": sheets},
        as_json,
        "\n".join([letter, *sheets]),
    )
    return DONE


@click.argument("reference")
@click.option(
    "--dir", "folder", type=click.Path(file_okay=False, path_type=Path), default=None, help="Where the files lie."
)
@command("sign", signs=True)
def requests_sign(officer, reference: str, folder: Path | None, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Read the written files back, compare them with the record, and sign. Twice, by two officers."""
    from paricha.attribution.queries import request_named
    from paricha.attribution.verbs.requests import sign_request

    request = request_named(officer, reference)
    signature = sign_request(officer, request, folder=folder)
    count = request.signatures.count()
    show(
        {
            "schema": 1, "request": request.number, "officer": officer.name, "signature": count,
            "fields_equal": signature.fields_equal, "signed": count >= 2, "refusals": [],
        },
        as_json,
        f"{request.number}: signature {count} of 2, {signature.fields_equal} fields read back equal.",
    )  # fmt: skip
    return DONE


for made in (requests_make, requests_write, requests_sign):
    requests.add_command(made)
commands: list[click.Command] = [requests]
