"""What every command shares: start the house, act as an officer, print one object, end with the right code."""

from __future__ import annotations

import errno
import functools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from paricha.grounds.progress import Progress
from paricha.grounds.refusals import Refusal, Refused, path_text
from paricha.grounds.unit import home_folder

DONE, SOME_REFUSED, COULD_NOT_START = 0, 1, 3
_OF_A_PATH = (FileNotFoundError, FileExistsError, PermissionError, NotADirectoryError, IsADirectoryError)


def start() -> None:
    """Set Django up. Raises `Refused` HOUSE-SETTINGS."""
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def require_house() -> None:
    """Raises `Refused` HOUSE-NOT-INITIALISED unless `init` was run on this folder and database.

    HOUSE-DATABASE when the database does not answer, HOUSE-MARK when the mark of made-up data was changed.
    """
    from django.conf import settings
    from django.db import Error, connection

    from paricha.access.house import check_mark
    from paricha.access.models import Officer

    try:
        made = (settings.HOME / "keys" / "stamp.key").exists() and bool(settings.PARICHA.installation)
        ready = made and Officer._meta.db_table in connection.introspection.table_names()
        ready = ready and Officer.objects.filter(first=True).exists()
    except Error as error:
        raise refused_by_machine(error) or error from error
    if not ready:
        raise Refused(
            "HOUSE-NOT-INITIALISED", f"{settings.HOME} has not been made yet.", "Run `paricha init` first.",
            file=str(settings.HOME),
        )  # fmt: skip
    check_mark()


def refused_by_machine(error: BaseException) -> Refused | None:
    """The refusal for a full disk, a database that does not answer, or a path; None when the fault is our own."""
    from django.db import InterfaceError, OperationalError

    words = str(error).strip().split("\n")[0]
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    is_database = isinstance(error, (OperationalError, InterfaceError))
    if full or (is_database and ("disk is full" in words or "No space left" in words)):
        return Refused(
            "HOUSE-DISK-FULL",
            "The disk is full.",
            "Make room, then run the same again: what was kept is whole, and nothing is kept twice.",
            file=getattr(error, "filename", None),
        )
    if is_database and not words.startswith(("no such table", "no such column")):
        return Refused(
            "HOUSE-DATABASE",
            f"The database does not answer: {words}.",
            "Start it, or correct PARICHA_DATABASE_URL; `paricha doctor` says what else is missing.",
        )
    if isinstance(error, _OF_A_PATH) and error.filename:
        named = path_text(error.filename)
        return Refused(
            "HOUSE-FOLDER" if Path(named).is_relative_to(home_folder()) else "FILE-UNUSABLE",
            f"The path cannot be used: {error.strerror}.",
            "Check that its folder exists and that you may write there.",
            file=named,
        )
    return None


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
            as_json = bool(options.get("as_json"))
            try:
                code = _start_and_do(act, officer, signs, options)
            except Refused as refused:
                code = end_refused(refused.refusal, as_json)
            except Exception as error:  # noqa: BLE001  the program's boundary: disk and database refuse in words, ours is raised
                from_machine = refused_by_machine(error)
                if from_machine is None:
                    raise
                code = end_refused(from_machine.refusal, as_json)
            sys.exit(code)

        made = click.command(name, help=act.__doc__)(run)
        made.params.append(click.Option(["--json", "as_json"], is_flag=True, help="One object on stdout."))
        if officer:
            made.params.append(
                click.Option(["--key"], type=click.Path(path_type=Path), envvar="PARICHA_KEY", help="Your key file.")
            )
            made.params.append(click.Option(["--as", "as_name"], help="Made-up data only: act as this officer."))
        return made

    return wrap


def _start_and_do(act: Callable[..., int], officer: bool, signs: bool, options: dict[str, Any]) -> int:
    start()
    if not officer:
        return act(**options)
    require_house()
    key, named = options.pop("key"), options.pop("as_name")
    return _as_officer(act, key, named, signs, options)


def end_refused(refusal: Refusal, as_json: bool) -> int:
    """Say a refusal that ended the command; returns its exit code: 3 when it could not start, else 1."""
    if as_json:
        click.echo(json.dumps({"schema": 1, "refusals": [refusal.to_plain()]}, ensure_ascii=False))
    show_refusal(refusal)
    return COULD_NOT_START if refusal.code.startswith(("HOUSE-", "ACCESS-KEY")) else SOME_REFUSED


def _as_officer(
    act: Callable[..., int], key: Path | None, named: str | None, signs: bool, options: dict[str, Any]
) -> int:
    from paricha.access.acting import acting

    officer, signer = _who(key, named, signs)
    with acting("cli", signer):
        try:
            code = act(officer=officer, **options)
        except Refused:
            do_what_is_due()  # what was kept before, and the refusal's own row, are stamped too
            raise
        do_what_is_due()
    return code


def _who(key: Path | None, named: str | None, signs: bool) -> tuple[Any, Any]:
    from django.conf import settings

    from paricha.access.house import made_up
    from paricha.access.keys import officer_of, signer_of
    from paricha.access.models import Officer
    from paricha.access.verbs import FIRST_KEY

    if named is None or key is not None:
        officer, enrolled, private = officer_of(key or settings.HOME / FIRST_KEY, ask_passphrase)
        if named is not None and officer.name != named:
            raise Refused(
                "ACCESS-KEY-NOT-ENROLLED", f"This key is {officer.name}’s, not {named}’s.", "Leave --as away."
            )
        return officer, signer_of(enrolled, private)
    if not made_up():
        raise Refused("ACCESS-ONLY-SYNTHETIC", "--as works only on made-up data.", "Give --key FILE.")
    if signs:
        raise Refused(
            "ACCESS-SIGNATURE-NEEDED",
            "--as does not stand for a signature.",
            f"Give the key file of {named} with --key.",
        )
    found = Officer.objects.select_related("unit").filter(name=named, active=True).first()
    if found is None:
        raise Refused("ACCESS-UNKNOWN-OFFICER", f"There is no officer “{named}”.", "`paricha officers add`.")
    return found, None


def ask_passphrase() -> bytes | None:
    """The passphrase of a key file from the terminal; None where nobody sits at one."""
    if not sys.stdin.isatty():
        return None
    return str(click.prompt("Passphrase of the key file", hide_input=True, err=True)).encode()


def do_what_is_due() -> None:
    """Without `serve` a command does what is due itself: releases, jobs it caused, stamps, the feed's consumers.

    It does so by means of a job: the officer's key, at hand for his own act, signs nothing of this.
    """
    from paricha.access.acting import acting
    from paricha.audit.feed import consume_due
    from paricha.audit.stamp import stamp_all
    from paricha.jobs.due import run_due_jobs
    from paricha.operations.jobs import release_due

    with acting("job"):
        release_due()
        for _round in range(100):
            ran = run_due_jobs()
            stamp_all()
            if not ran and consume_due() == 0:
                return
