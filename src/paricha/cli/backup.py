"""`paricha backup`, `restore`, `upgrade`, `doctor`."""

from __future__ import annotations

from pathlib import Path

import click

from paricha.cli.frame import DONE, SOME_REFUSED, command, show, show_progress


@click.option("--to", type=click.Path(path_type=Path), required=True, help="A new file.")
@click.option(
    "--recipient", "recipients", multiple=True, help="An age key (age1…) or SSH public key; several are possible."
)
@command("backup")
def backup(officer, to: Path, recipients: tuple[str, ...], as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Database, originals and keys as one sealed file."""
    from paricha.vault.backing_up import make_backup

    made = make_backup(officer, to.absolute(), list(recipients), show_progress)
    words = f"{made['originals']} originals and {made['audit_rows']} rows of the log are in {made['file']}."
    if made["key"]:
        words += f"\nIts key is in {made['key']}: keep it apart from the backup; whoever has both can read everything."
    show(made, as_json, words)
    return DONE


@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--to", "home", type=click.Path(path_type=Path), required=True, help="A new or empty folder.")
@click.option(
    "--identity",
    "identities",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Key file that opens it; default: FILE.key.",
)
@click.option(
    "--tombstones", type=click.Path(path_type=Path, exists=True), help="Deletions since then (`originals tombstones`)."
)
@command("restore", officer=False)
def restore(file: Path, home: Path, identities: tuple[Path, ...], tombstones: Path | None, as_json: bool) -> int:
    """Open a backup into an empty folder, and verify every original in it."""
    from paricha.vault.restoring import restore as bring_back

    found = bring_back(file.absolute(), home.absolute(), list(identities), tombstones)
    show(
        found, as_json,
        f"{found['good']} of {found['originals']} originals are good in {found['home']}; the log's head is {found['head']}.",
    )  # fmt: skip
    return SOME_REFUSED if found["bad"] else DONE


@command("upgrade", officer=False)
def upgrade(as_json: bool) -> int:
    """Bring the data folder to this program. Make a backup first."""
    from importlib.metadata import version

    from django.conf import settings

    from paricha.audit.log import record_alone
    from paricha.audit.stamp import stamp_all
    from paricha.cli.frame import require_house
    from paricha.vault.events import Event
    from paricha.vault.upgrading import migrate

    if not (settings.HOME / "keys" / "stamp.key").exists():
        require_house()
    applied = migrate()
    if applied:
        record_alone(
            Event.UPGRADED, officer=None, via="cli", facts={"migrations": applied, "version": version("paricha")}
        )
        stamp_all()
    words = f"{len(applied)} changes of the database were made." if applied else "Nothing had to be changed."
    show({"schema": 1, "version": version("paricha"), "applied": applied}, as_json, words)
    return DONE


@command("doctor")
def doctor(officer, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Say what this machine lacks, and what to do about it."""
    from paricha.site.doctor import examine

    checks = examine()
    lacks = [check for check in checks if check.state != "good"]
    lines = [f"{check.state:5} {check.name}: {check.words} {check.remedy}".rstrip() for check in checks]
    show(
        {"schema": 1, "checks": [check.to_plain() for check in checks], "lacks": len(lacks)}, as_json, "\n".join(lines)
    )
    return DONE


commands: list[click.Command] = [backup, restore, upgrade, doctor]
