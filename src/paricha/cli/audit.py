"""`paricha audit`: export the log, verify it, print the head of the day."""

from __future__ import annotations

from pathlib import Path

import click

from paricha.cli.frame import DONE, SOME_REFUSED, command, show, show_progress
from paricha.grounds.progress import Progress


@click.group()
def audit() -> None:
    """The log: who read or wrote what."""


@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@command("export")
def audit_export(officer, out, as_json) -> int:  # type: ignore[no-untyped-def]
    """Write the whole log to a file that a separate program verifies."""
    from django.conf import settings

    from paricha.access.rights import Right
    from paricha.access.verbs_of_the_house import read, require
    from paricha.audit.events import Event
    from paricha.audit.export import export
    from paricha.audit.stamp import current_head, public_key

    require(officer, Right.AUDIT, "audit.export")
    read(officer, Event.LOG_EXPORTED)
    written = export(out)
    key, head = public_key(settings.HOME), current_head()
    show(
        {"schema": 1, "file": str(out), "lines": written, "head": head, "key": key},
        as_json,
        f"{written} lines in {out}. Write these down elsewhere: head {head}, key {key}.",
    )
    return DONE


@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
@click.option("--public-key", "public", help="The stamp key written down elsewhere, in hex.")
@click.option("--head", help="A head of the log written down elsewhere, in hex.")
@command("verify")
def audit_verify(officer, file, public, head, as_json) -> int:  # type: ignore[no-untyped-def]
    """Check the log, here or in an exported file, and name the first thing that is bad."""
    from paricha.access.rights import Right
    from paricha.access.verbs_of_the_house import read, require
    from paricha.audit.events import Event
    from paricha.audit.export import verify_database, verify_file
    from paricha.audit.stamp import stamp_all

    require(officer, Right.AUDIT, "audit.verify")
    public, head = (public or "").lower() or None, (head or "").lower() or None
    if file is not None:
        found = verify_file(file, public, head)
    else:
        stamp_all()
        found = verify_database(
            public, head, lambda done: show_progress(Progress(done, None, "lines", "Checking the log"))
        )
    bad = found["first_bad"]
    read(officer, Event.LOG_VERIFIED, rows=found["rows"], whole=bad is None)
    show(
        found,
        as_json,
        f"{found['rows']} rows, {found['stamps']} stamps. " + (bad["why"] if bad else "The log is whole."),
    )
    return SOME_REFUSED if bad else DONE


@command("head")
def audit_head(officer, as_json) -> int:  # type: ignore[no-untyped-def]
    """Print the newest head and the stamp key, to be written down elsewhere."""
    from django.conf import settings

    from paricha.audit.models import Stamp
    from paricha.audit.stamp import current_head, public_key, stamp_all

    stamp_all()
    number = Stamp.objects.order_by("-number").values_list("number", flat=True).first() or 0
    head, key = current_head(), public_key(settings.HOME)
    show(
        {"schema": 1, "number": number, "head": head, "key": key},
        as_json,
        f"Stamp {number}\nhead {head}\nkey  {key}",
    )
    return DONE


for part in (audit_export, audit_verify, audit_head):
    audit.add_command(part)

commands: list[click.Command] = [audit]
