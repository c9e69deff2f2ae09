"""`paricha locate`, `verify-originals`, `originals`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from paricha.cli.frame import DONE, SOME_REFUSED, command, do_what_is_due, show, show_progress


@command("locate")
@click.argument("sha")
@click.argument("kind")
@click.argument("at")
def locate(officer, sha: str, kind: str, at: str, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Print what stands at a place: SHA of the original, KIND of locator, AT as it is written there (JSON for lists)."""
    from paricha.access.verbs_of_the_house import read
    from paricha.vault.events import Event
    from paricha.vault.locating import text_in
    from paricha.vault.queries import get_original
    from paricha.vault.store import read_row

    original = get_original(officer, sha)
    text = text_in(read_row(original), kind, _place(kind, at))
    read(officer, Event.READ, original, kind=kind)
    show({"text": text}, as_json, text)
    return DONE


def _place(kind: str, at: str):  # type: ignore[no-untyped-def]
    """A place as it is written on the command line: JSON for lists, a number for a line, else the text itself."""
    if at[:1] == "[":
        try:
            return json.loads(at)
        except ValueError:
            return at
    return int(at) if kind == "line" and at.isdecimal() else at


@command("verify-originals")
def verify(officer, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Open every original and compare it with its hash."""
    from paricha.access.rights import Right
    from paricha.access.verbs_of_the_house import read, require
    from paricha.vault.events import Event
    from paricha.vault.verifying import verify_originals

    if not officer.may(Right.AUDIT):
        require(officer, Right.ADMIN, "vault.verify")
    found = verify_originals(show_progress)
    read(officer, Event.VERIFIED, originals=found["originals"], good=found["good"], bad=len(found["bad"]))
    lines = [f"{found['good']} of {found['originals']} originals are good; {found['deleted']} deleted by order, "
             f"{found['media']} media not kept."]  # fmt: skip
    lines += [f"{bad['original']} {bad['name']}: {bad['why']}" for bad in found["bad"]]
    show(found, as_json, "\n".join(lines))
    return SOME_REFUSED if found["bad"] else DONE


@click.group()
def originals() -> None:
    """The files as they reached us."""


@click.argument("sha")
@click.option("--order", required=True, help="Reference of the retention or court order.")
@click.option("--reason", required=True)
@click.option(
    "--second-key", type=click.Path(path_type=Path), help="Key file of the officer who confirms, to do both at once."
)
@command("delete", signs=True)
def delete(officer, sha: str, order: str, reason: str, second_key: Path | None, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Delete an original by order: the first officer proposes, another with another key confirms by the same command."""
    from paricha.access.acting import acting
    from paricha.access.keys import officer_of, signer_of
    from paricha.vault.queries import get_original, open_proposal
    from paricha.vault.verbs import delete_original, propose_deletion

    original = get_original(officer, sha)
    if open_proposal(original, order.strip()) is None:
        proposal = propose_deletion(officer, sha, order, reason)
        if second_key is None:
            show(
                {"schema": 1, "state": "proposed", "original": sha, "order": proposal.order, "proposed_by": officer.name},
                as_json, "Proposed. Another officer confirms it by the same command with another key.",
            )  # fmt: skip
            return DONE
        other, enrolled, private = officer_of(second_key)
        with acting("cli", signer_of(enrolled, private)):
            return _delete(delete_original, other, original, order, reason, as_json)
    return _delete(delete_original, officer, original, order, reason, as_json)


def _delete(act, officer, original, order: str, reason: str, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """The deletion, what later rooms delete through the feed, and the scrubbing, in this one command."""
    from paricha.grounds.instants import utc_text
    from paricha.vault.queries import what_stands_on
    from paricha.vault.scrubbing import scrub

    before = what_stands_on(original)
    gone = act(officer, original.hex, order, reason)
    do_what_is_due()
    after = what_stands_on(gone)
    went = {name: count - after.get(name, 0) for name, count in before.items() if count > after.get(name, 0)}
    scrubbed = scrub()
    tombstone = {"original": gone.hex, "size": gone.size, "order": gone.order, "reason": gone.reason,
                 "deleted_at": utc_text(gone.deleted_at)}  # fmt: skip
    show(
        {"schema": 1, "state": "deleted", "original": gone.hex, "went": went, "left": after, "scrubbed": scrubbed,
         "tombstone": tombstone},
        as_json,
        f"Deleted under {gone.order}. With it went: {', '.join(f'{n} {w}' for w, n in went.items()) or 'nothing else'}.",
    )  # fmt: skip
    return DONE


@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="JSON lines, to keep away from this machine."
)
@command("tombstones")
def tombstones(officer, out: Path, as_json: bool) -> int:  # type: ignore[no-untyped-def]
    """Write what was deleted by which order: `paricha restore --tombstones` replays it on an older backup."""
    from paricha.access.rights import Right
    from paricha.access.verbs_of_the_house import read, require
    from paricha.vault import verbs
    from paricha.vault.events import Event

    require(officer, Right.ADMIN, "vault.tombstones")
    lines = verbs.tombstones()
    out.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    read(officer, Event.TOMBSTONES_READ, deletions=len(lines))
    show({"schema": 1, "file": str(out), "deletions": len(lines)}, as_json, f"{len(lines)} deletions written to {out}.")
    return DONE


originals.add_command(delete)
originals.add_command(tombstones)

commands: list[click.Command] = [locate, verify, originals]
