"""`paricha tips export`: a line a tip, records and triage joined; conflicts decided."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from paricha.cli.frame import DONE, command

AT_ONCE = 500


@click.group()
def tips() -> None:
    """The tips of the record."""


@click.option("--jsonl", is_flag=True, help="One object a line (so too without it, unless --json asks for one object).")
@click.option("--since", default=None, metavar="BATCH", help="Only what that batch or a later one changed.")
@command("export")
def export(officer, jsonl, since, as_json) -> int:  # type: ignore[no-untyped-def]
    """Print a line a tip, folded ones too."""
    from paricha.access.verbs_of_the_house import read
    from paricha.records.batches import batch_named
    from paricha.records.events import Event
    from paricha.records.models import Tip

    wanted = Tip.objects.visible_to(officer)
    if since is not None:
        wanted = wanted.filter(changed_in__gte=batch_named(since))
    whole = as_json and not jsonl
    printed = 0
    for line in _lines(wanted):
        if whole:
            click.echo(("," if printed else '{"schema": 1, "tips": [') + line, nl=False)
        else:
            click.echo(line)
        printed += 1
    if whole:
        click.echo("]}" if printed else '{"schema": 1, "tips": []}')
    read(officer, Event.TIPS_EXPORTED, tips=printed)
    return DONE


def _lines(wanted: Any) -> Iterator[str]:
    from paricha.records.export import tip_line
    from paricha.records.queries import members_of, merged_many
    from paricha.triage.queries import triage_of

    last = 0
    while True:
        some = list(wanted.filter(pk__gt=last).order_by("pk")[:AT_ONCE])
        if not some:
            return
        merged, members, judged = merged_many(some), members_of(some), triage_of([tip.id16 for tip in some])
        for tip in some:
            line = tip_line(tip.id16, merged[tip.id16], members=members.get(tip.id16, ()), triage=judged.get(tip.id16))
            yield json.dumps(line, ensure_ascii=False)
        last = some[-1].pk


@click.argument("tip")
@click.argument("field")
@click.argument("reading", type=int)
@click.option("--reason", required=True)
@command("decide")
def decide(officer, tip, field, reading, reason, as_json) -> int:  # type: ignore[no-untyped-def]
    """Let one reading of a FIELD whose forms differ lead; READING counts from 0 as in the export. TIP is its id or number."""
    from paricha.cli.frame import show
    from paricha.records.queries import tip_named
    from paricha.records.verbs import decide_conflict

    decided = decide_conflict(officer, tip_named(officer, tip), field, reading=reading, reason=reason)
    show(
        {"schema": 1, "tip": decided.id16.hex(), "field": field, "reading": reading, "conflicts": decided.conflicts},
        as_json,
        f"{field} of tip {decided} is decided.",
    )
    return DONE


for verb in (export, decide):
    tips.add_command(verb)

commands: list[click.Command] = [tips]
