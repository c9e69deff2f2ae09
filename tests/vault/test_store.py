"""Keeping and reading originals."""

import hashlib
import io
import os

import pytest
from django.db import transaction

from paricha.grounds.refusals import Refused
from paricha.vault import packs, store
from paricha.vault.models import Delivery, Original, Pack, Sealing
from paricha.vault.store import ToKeep, keep, keep_many, read

pytestmark = pytest.mark.django_db


def test_what_is_kept_is_given_back_by_its_hash(officer):
    kept = keep(b'{"report": 1}', name="a.json", unit=officer.unit)
    assert kept.hex == hashlib.sha256(b'{"report": 1}').hexdigest()
    assert read(kept.hex) == b'{"report": 1}'
    assert (kept.size, kept.media_type) == (13, "application/json")


def test_the_same_bytes_are_kept_once(officer):
    first = keep(b"one letter", name="a.txt", unit=officer.unit)
    again = keep(b"one letter", name="b.txt", unit=officer.unit)
    assert first.pk == again.pk
    assert Original.objects.count() == 1
    assert list(Delivery.objects.values_list("name", flat=True)) == ["b.txt"]


def test_a_chunk_with_doubles_gives_a_row_an_item_in_order(officer):
    words = [b"a", b"b", b"a", b"c"]
    rows = keep_many(ToKeep(word, "x.txt", officer.unit) for word in words)
    assert [read(row.hex) for row in rows] == words
    assert Original.objects.count() == 3


def test_nothing_readable_lies_in_the_packs(officer, home):
    keep(b"Suspect wrote from 198.51.100.7" * 10, name="a.txt", unit=officer.unit)
    for file in (home / "vault").iterdir():
        assert b"198.51.100.7" not in file.read_bytes()


def test_an_undone_transaction_leaves_no_byte(officer):
    keep(b"first", name="a.txt", unit=officer.unit)
    pack = Pack.objects.get(pk=Original.objects.get().pack_id)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        keep(b"never" * 1000, name="b.txt", unit=officer.unit)
        raise ZeroDivisionError
    last = keep(b"after", name="c.txt", unit=officer.unit)
    assert packs.paths(pack.name)[0].stat().st_size == pack.end + last.length
    assert read(last.hex) == b"after"
