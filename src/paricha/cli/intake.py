"""`paricha intake PATH…`: files and folders kept, read, stored and merged."""

from __future__ import annotations

from pathlib import Path

import click

from paricha.cli.frame import DONE, SOME_REFUSED, command, do_what_is_due, show, show_refusal
from paricha.grounds.refusals import Refusal, path_text


@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--mapping", default=None, help="A mapping's file, a folder of them, or the name of a saved one.")
@command("intake")
def intake(officer, paths, mapping, as_json) -> int:  # type: ignore[no-untyped-def]
    """Bring files in: kept, read, stored and merged. Repeating it adds nothing."""
    from paricha.intake.verbs import open_batch
    from paricha.records import files
    from paricha.records.verbs import read_list

    named, mappings = _mappings(officer, mapping)
    name, count, _size = files.write_list(files.walk(paths))
    batch = open_batch(officer, words=", ".join(map(path_text, paths)), mapping=named, mappings=mappings)
    job = read_list(officer, batch, name, files=count)
    do_what_is_due()
    return _told(job, batch, as_json)


def _told(job, batch, as_json) -> int:  # type: ignore[no-untyped-def]
    import json

    from paricha.grounds.refusals import Refused
    from paricha.jobs.models import Job, State
    from paricha.records.batches import total_of

    ended = Job.objects.get(pk=job.pk)
    if ended.state == State.FAILED and ended.why:
        raise Refused(**json.loads(ended.why))
    total = total_of(batch.pk)
    tips = total["tips"]
    words = (
        f"{total['files']} files: {tips['new']} new tips, {tips['merged']} merged, {tips['versions']} new versions, "
        f"{tips['folded']} folded, {tips['known']} known already. {len(total['refusals'])} refused. Batch {total['batch']}."
    )
    if not as_json:
        for refusal in total["refusals"]:
            show_refusal(Refusal(**refusal))
    show(total, as_json, words)
    return SOME_REFUSED if total["refusals"] else DONE


def _mappings(officer, given: str | None):  # type: ignore[no-untyped-def]
    """The mapping named for all sheets, and those to choose from by their headings."""
    from paricha.intake.mapping import read_mapping
    from paricha.intake.queries import mapping_named

    if given is None:
        return None, []
    path = Path(given)
    if path.is_dir():
        return None, [read_mapping(file.read_bytes(), file=str(file)) for file in sorted(path.glob("*.json"))]
    if path.is_file():
        return read_mapping(path.read_bytes(), file=given), []
    return mapping_named(officer.unit, given), []


commands: list[click.Command] = [intake]
