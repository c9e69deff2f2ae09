"""What the tests of `records` share: storing documents straight away, and bringing files in as the program does."""

import hashlib
from pathlib import Path

import pytest
from django.db import transaction


@pytest.fixture
def store(officer):
    """`store(document, …)` stores documents as one chunk of a batch of their own; gives the outcome."""
    from paricha.audit.fields import new_id
    from paricha.records import packing, storing

    packing.forget_dictionaries()

    def keep(*documents, batch: bytes | None = None, unit=None):
        dictionary = packing.current()
        with transaction.atomic():
            prepared = [storing.prepare(document, "IN", dictionary) for document in documents]
            return storing.store(prepared, batch=batch or new_id(), unit=unit or officer.unit, region="IN")

    return keep


@pytest.fixture
def bring(officer, home):
    """`bring(path, …)` reads files into a batch as `paricha intake` does, in this process; gives what it prints."""
    from paricha.audit.feed import consume_due
    from paricha.audit.stamp import stamp_all
    from paricha.intake.verbs import open_batch
    from paricha.jobs.due import run_due_jobs
    from paricha.records import files, packing
    from paricha.records.batches import total_of
    from paricha.records.verbs import read_list

    packing.forget_dictionaries()

    def take(*paths: Path):
        name, count, _size = files.write_list(files.walk(paths))
        batch = open_batch(officer, words="test")
        read_list(officer, batch, name, files=count)
        run_due_jobs()
        stamp_all()
        consume_due()
        return total_of(batch.pk)

    return take


def sha(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
