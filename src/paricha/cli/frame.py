"""What every command shares: start the house, act as an officer, print one object, end with the right code."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from paricha.grounds.progress import Progress
from paricha.grounds.refusals import Refusal, Refused

DONE, SOME_REFUSED, COULD_NOT_START = 0, 1, 3


def start() -> None:
    """Set Django up. Raises `Refused` HOUSE-SETTINGS."""
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def require_house() -> None:
    """Raises `Refused` HOUSE-NOT-INITIALISED unless `init` was run on this folder and database."""
    from django.conf import settings
    from django.db import DatabaseError

    from paricha.access.models import Officer

    try:
        ready = (settings.HOME / "keys" / "stamp.key").exists() and Officer.objects.filter(first=True).exists()
    except DatabaseError:
        ready = False
    if not ready:
        raise Refused(
            "HOUSE-NOT-INITIALISED", f"{settings.HOME} has not been made yet.", "Run `paricha init` first.",
            file=str(settings.HOME),
        )  # fmt: skip


def show_refusal(refusal: Refusal) -> None:
    """A refusal for people, on stderr."""
    place = ", ".join(part for part in (refusal.file, refusal.place) if part)
    click.echo(f"{refusal.code}  {place + ': ' if place else ''}{refusal.what} {refusal.remedy}", err=True)


def show(result: dict[str, Any], as_json: bool, words: str) -> None:
    """One object on stdout with --json, else words for people."""
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else words)


def show_progress(progress: Progress) -> None:
    """Progress on stderr, only on a terminal."""
    if sys.stderr.isatty():
        total = f"/{progress.total}" if progress.total is not None else ""
        click.echo(f"\r{progress.words} {progress.done}{total} {progress.unit}   ", nl=False, err=True)


def command(name: str, *, officer: bool = True, signs: bool = False) -> Callable[[Callable[..., int]], click.Command]:
    """A verb of the program.

    The function returns its exit code (0 done, 1 done with refusals listed). With `officer` it gets `officer=` as its
    first keyword: the one of `--key` / `PARICHA_KEY`, in made-up folders of `--as NAME`, else the first officer. With
    `signs` a key of one's own is needed (`--as` does not stand for a signature). Afterwards what is due is done:
    stamps, the feed's consumers, jobs.
    """

    def wrap(act: Callable[..., int]) -> click.Command:
        @functools.wraps(act)
        def run(**options: Any) -> None:
            try:
                start()
                if not officer:
                    code = act(**options)
                else:
                    require_house()
                    key, named = options.pop("key"), options.pop("as_name")
                    code = _as_officer(act, key, named, signs, options)
            except Refused as refused:
                if options.get("as_json"):
                    click.echo(json.dumps({"schema": 1, "refusals": [refused.refusal.to_plain()]}, ensure_ascii=False))
                show_refusal(refused.refusal)
                code = COULD_NOT_START if refused.refusal.code.startswith(("HOUSE-", "ACCESS-KEY")) else SOME_REFUSED
            sys.exit(code)

        made = click.command(name, help=act.__doc__)(run)
        made.params.append(click.Option(["--json", "as_json"], is_flag=True, help="One object on stdout."))
        if officer:
            made.params.append(click.Option(["--key"], type=click.Path(path_type=Path), envvar="PARICHA_KEY"))
            made.params.append(click.Option(["--as", "as_name"], help="Made-up data only: act as this officer."))
        return made

    return wrap


def _as_officer(act: Callable[..., int], key: Path | None, named: str | None, signs: bool, options: dict[str, Any]) -> int:
    from paricha.access.acting import acting

    officer, signer = _who(key, named, signs)
    with acting("cli", signer):
        code = act(officer=officer, **options)
        do_what_is_due()
    return code


def _who(key: Path | None, named: str | None, signs: bool) -> tuple[Any, Any]:
    from django.conf import settings

    from paricha.access.keys import officer_of, signer_of
    from paricha.access.models import Officer
    from paricha.access.verbs import FIRST_KEY

    if named and not signs and key is None:
        if not settings.PARICHA.synthetic:
            raise Refused("ACCESS-ONLY-SYNTHETIC", "--as works only on made-up data.", "Give --key FILE.")
        officer = Officer.objects.select_related("unit").filter(name=named, active=True).first()
        if officer is None:
            raise Refused("ACCESS-UNKNOWN-OFFICER", f"There is no officer “{named}”.", "`paricha officers add`.")
        return officer, None
    officer, enrolled, private = officer_of(key or settings.HOME / FIRST_KEY)
    return officer, signer_of(enrolled, private)


def do_what_is_due() -> None:
    """Without `serve` a command does what is due itself: jobs it caused, stamps, the feed's consumers."""
    from paricha.audit.feed import consume_due
    from paricha.audit.stamp import stamp_all
    from paricha.jobs.due import run_due_jobs

    for _round in range(20):
        ran = run_due_jobs()
        stamp_all()
        if not ran and consume_due() == 0:
            return


