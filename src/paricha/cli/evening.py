"""`paricha brief make`, `sites|cases|events|exhibits export`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from paricha.cli.frame import DONE, command, show


def _operation(officer: Any, number: str | None) -> Any:
    from paricha.grounds.refusals import Refused
    from paricha.operations.models import Operation

    found = Operation.objects.visible_to(officer).order_by("-made_at")
    row = found.filter(number=number).first() if number else found.first()
    if row is None:
        raise Refused("ACCESS-NOT-VISIBLE", "There is no such operation.", "Plan one first, or name its number.")
    return row


@click.group()
def brief() -> None:
    """The evening brief."""


@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--operation", "number", default=None, help="Default: the newest.")
@click.option("--language", type=click.Choice(["en", "ml"]), default="en")
@command("make")
def brief_make(officer: Any, out: Path, number: str | None, language: str, as_json: bool) -> int:
    """Make the brief of an operation as PDF; every figure is counted from rows."""
    from django.utils import timezone

    from paricha.access.verbs_of_the_house import read
    from paricha.trends.brief import brief_pdf
    from paricha.trends.events import Event
    from paricha.trends.figures import counted

    operation = _operation(officer, number)
    out.write_bytes(brief_pdf(officer, operation, at=timezone.now(), language=language))
    read(officer, Event.BRIEF_MADE, operation)
    figures = {figure.key: number for figure, number in counted(officer, operation)}
    show(
        {"schema": 1, "operation": operation.number, "out": str(out), "figures": figures},
        as_json,
        "\n".join(f"{number:6}  {key}" for key, number in figures.items()) + f"\n{out}",
    )
    return DONE


brief.add_command(brief_make)


def _exporting(name: str, rows: Callable[[Any], Iterable[dict[str, Any]]]) -> click.Group:
    @click.group(name)
    def group() -> None:
        """Export, a line each."""

    @click.option("--jsonl", is_flag=True, required=True)
    @command("export")
    def export(officer: Any, jsonl: bool, as_json: bool) -> int:
        """One JSON object a line on stdout."""
        for row in rows(officer):
            click.echo(json.dumps(row, ensure_ascii=False))
        return DONE

    group.add_command(export)
    return group


def _sites(officer: Any) -> Iterable[dict[str, Any]]:
    from paricha.access.verbs_of_the_house import read
    from paricha.cases.events import Event
    from paricha.cases.queries import plain_site
    from paricha.operations.models import Site

    read(officer, Event.SITES_EXPORTED)
    found = Site.objects.visible_to(officer).select_related("operation", "district", "team")
    yield from (plain_site(site) for site in found.order_by("operation__number", "number"))


def _cases(officer: Any) -> Iterable[dict[str, Any]]:
    from paricha.access.verbs_of_the_house import read
    from paricha.cases.events import Event
    from paricha.cases.queries import cases, plain_case

    read(officer, Event.EXPORTED)
    yield from (plain_case(case) for case in cases(officer).order_by("number"))


def _events(officer: Any) -> Iterable[dict[str, Any]]:
    from paricha.access.verbs_of_the_house import read
    from paricha.field.events import Event
    from paricha.field.models import FieldEvent
    from paricha.field.queries import plain_event

    read(officer, Event.EXPORTED)
    found = FieldEvent.objects.visible_to(officer).select_related("operation", "team", "site", "device", "entered_by")
    yield from (plain_event(event) for event in found.order_by("received_at", "id"))


def _exhibits(officer: Any) -> Iterable[dict[str, Any]]:
    from paricha.access.verbs_of_the_house import read
    from paricha.exhibits.events import Event
    from paricha.exhibits.models import Exhibit
    from paricha.exhibits.queries import plain_exhibit

    read(officer, Event.EXPORTED)
    found = Exhibit.objects.visible_to(officer).select_related("site__operation", "unit")
    yield from (plain_exhibit(exhibit) for exhibit in found.order_by("number"))


commands: list[click.Command] = [
    brief,
    _exporting("sites", _sites),
    _exporting("cases", _cases),
    _exporting("events", _events),
    _exporting("exhibits", _exhibits),
]
