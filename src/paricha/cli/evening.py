"""`paricha brief make`, `sites|cases|events|exhibits export`."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from paricha.cli.frame import DONE, command, show


def _operation(officer: Any, number: str | None) -> Any:
    from django.utils.translation import gettext as _

    from paricha.grounds.refusals import Refused
    from paricha.operations.models import Operation

    found = Operation.objects.visible_to(officer).order_by("-made_at")
    row = found.filter(number=number).first() if number else found.first()
    if row is None:
        raise Refused(
            "ACCESS-NOT-VISIBLE", _("There is no such operation for you."), _("Plan one first, or name its number.")
        )
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

    from paricha.access.rights import Right
    from paricha.access.verbs_of_the_house import read, require
    from paricha.trends.brief import brief_pdf
    from paricha.trends.events import Event
    from paricha.trends.figures import counted

    require(officer, Right.BRIEF, "trends.brief")
    operation = _operation(officer, number)
    _write(out, brief_pdf(officer, operation, at=timezone.now(), language=language))
    read(officer, Event.BRIEF_MADE, operation)
    figures = {figure.key: number for figure, number in counted(officer, operation)}
    show(
        {"schema": 1, "operation": operation.number, "out": str(out), "figures": figures},
        as_json,
        "\n".join(f"{number:6}  {key}" for key, number in figures.items()) + f"\n{out}",
    )
    return DONE


brief.add_command(brief_make)


def _write(out: Path, data: bytes) -> None:
    """The file whole or not at all. Raises `Refused` TRENDS-OUT."""
    from django.utils.translation import gettext as _

    from paricha.grounds.refusals import Refused

    part = out.with_name(f".{out.name}.part")
    try:
        part.write_bytes(data)
        part.replace(out)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise  # the program says that the disk is full
        raise Refused(
            "TRENDS-OUT", _("The brief can’t be written there: {why}.").format(why=error.strerror),
            _("Name a folder that exists and is yours."), file=str(out),
        ) from error  # fmt: skip


def _exporting(
    name: str, about: str, rights: tuple[str, ...], rows: Callable[[Any], Iterable[dict[str, Any]]]
) -> click.Group:
    @click.group(name, help=about)
    def group() -> None:
        pass

    @click.option("--jsonl", is_flag=True, help="One object a line (always so; for clearness in scripts).")
    @command("export")
    def export(officer: Any, jsonl: bool, as_json: bool) -> int:
        """One JSON object a line on stdout."""
        from paricha.access.rights import Right
        from paricha.access.verbs_of_the_house import require

        if not any(officer.may(Right(right)) for right in rights):
            require(officer, Right(rights[0]), f"{name}.export")
        for row in rows(officer):
            click.echo(json.dumps(row, ensure_ascii=False))
        return DONE

    group.add_command(export)
    return group


def _sites(officer: Any) -> Iterable[dict[str, Any]]:
    from paricha.access.verbs_of_the_house import read
    from paricha.cases.events import Event
    from paricha.cases.queries import plain_sites
    from paricha.operations.models import Site

    found = Site.objects.visible_to(officer).select_related("operation", "district", "team")
    read(officer, Event.SITES_EXPORTED, sites=found.count())
    yield from plain_sites(found.order_by("operation__made_at", "operation__number", "number"))


def _cases(officer: Any) -> Iterable[dict[str, Any]]:
    from paricha.access.verbs_of_the_house import read
    from paricha.cases.events import Event
    from paricha.cases.queries import cases, plain_case

    found = cases(officer).select_related("corrects").prefetch_related("sections")
    read(officer, Event.EXPORTED, cases=found.count())
    yield from (plain_case(case) for case in found.order_by("at", "number"))


def _events(officer: Any) -> Iterable[dict[str, Any]]:
    from paricha.access.verbs_of_the_house import read
    from paricha.field.events import Event
    from paricha.field.models import FieldEvent
    from paricha.field.queries import plain_event

    found = FieldEvent.objects.visible_to(officer).select_related(
        "operation", "team", "site", "device", "entered_by", "confirms"
    )
    read(officer, Event.EXPORTED, events=found.count())
    yield from (plain_event(event) for event in found.order_by("received_at", "id"))


def _exhibits(officer: Any) -> Iterable[dict[str, Any]]:
    from paricha.access.verbs_of_the_house import read
    from paricha.exhibits.events import Event
    from paricha.exhibits.queries import exhibits, plain_exhibit

    found = exhibits(officer)
    read(officer, Event.EXPORTED, exhibits=found.count())
    yield from (plain_exhibit(exhibit) for exhibit in found.order_by("unit__path", "number"))


commands: list[click.Command] = [
    brief,
    _exporting("sites", "Sites of operations.", ("plan", "brief", "control-room", "cases"), _sites),
    _exporting("cases", "What searches became.", ("cases", "brief"), _cases),
    _exporting("events", "What teams reported.", ("control-room", "brief", "plan"), _events),
    _exporting("exhibits", "Seized things and their custody.", ("custody", "cases", "brief", "plan"), _exhibits),
]
