"""`paricha intake PATH…`: files and folders kept, read, stored and merged."""

from __future__ import annotations

from pathlib import Path

import click

from paricha.cli.frame import DONE, SOME_REFUSED, command, do_what_is_due, show, show_refusal
from paricha.grounds.refusals import Refusal


@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--mapping", default=None, help="A mapping's file, a folder of them, or the name of a saved one.")
@command("intake")
def intake(officer, paths, mapping, as_json) -> int:  # type: ignore[no-untyped-def]
    """Bring files in: kept, read, stored and merged. Repeating it adds nothing."""
    from paricha.records import files
    from paricha.records.batches import total_of
    from paricha.records.verbs import begin_batch

    named, mappings = _mappings(mapping)
    name, count, _size = files.write_list(files.walk(paths))
    job = begin_batch(officer, {"list": name, "mapping": named, "mappings": mappings}, files=count)
    do_what_is_due()
    return _told(job, total_of, as_json)


def _told(job, total_of, as_json) -> int:  # type: ignore[no-untyped-def]
    import json

    from paricha.grounds.refusals import Refused
    from paricha.jobs.models import Job, State

    ended = Job.objects.get(pk=job.pk)
    if ended.state == State.FAILED and ended.why:
        raise Refused(**{name: value for name, value in json.loads(ended.why).items()})
    total = total_of(bytes.fromhex(json.loads(ended.arguments)["batch"]))
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


def _mappings(given: str | None):  # type: ignore[no-untyped-def]
    """The mapping named for all files, and those to choose from by their headings."""
    from paricha.intake.mapping import read_mapping

    if given is None:
        return None, []
    path = Path(given)
    if path.is_dir():
        return None, [read_mapping(file.read_bytes(), file=str(file)).to_plain() for file in sorted(path.glob("*.json"))]
    return read_mapping(path.read_bytes(), file=given).to_plain(), []


commands: list[click.Command] = [intake]
