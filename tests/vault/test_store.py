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


def test_a_file_too_large_for_memory_is_kept_as_a_stream_and_given_back(officer, monkeypatch):
    monkeypatch.setattr(store, "WHOLE_UP_TO", 1000)
    data = os.urandom(3_500_000)
    kept = keep(io.BytesIO(data), name="large.bin", unit=officer.unit)
    assert (kept.sealing, kept.size, kept.hex) == (Sealing.STREAM, len(data), hashlib.sha256(data).hexdigest())
    assert read(kept.hex) == data
    again = keep(io.BytesIO(data), name="large.bin", unit=officer.unit)
    assert again.pk == kept.pk
    assert len(packs.names()) == len(set(packs.names()))


@pytest.mark.parametrize("where", ["start", "middle", "end"])
def test_one_changed_byte_of_a_stream_is_found(officer, monkeypatch, where):
    monkeypatch.setattr(store, "WHOLE_UP_TO", 1000)
    kept = keep(io.BytesIO(os.urandom(2_100_000)), name="large.bin", unit=officer.unit)
    place = {"start": kept.offset, "middle": kept.offset + kept.length // 2, "end": kept.offset + kept.length - 1}[
        where
    ]
    flip(packs.paths(kept.pack.name)[0], place)
    with pytest.raises(Refused) as refused:
        read(kept.hex)
    assert refused.value.refusal.code == "VAULT-DAMAGED"


def test_a_stream_cut_at_a_chunk_is_found(officer, monkeypatch):
    monkeypatch.setattr(store, "WHOLE_UP_TO", 1000)
    kept = keep(io.BytesIO(os.urandom(2_100_000)), name="large.bin", unit=officer.unit)
    kept.length -= 2_100_000 % (1 << 20) + 17  # as if the last chunk had never been
    with pytest.raises(Refused) as refused:
        store.read_row(kept)
    assert refused.value.refusal.code == "VAULT-DAMAGED"


def flip(file, place):
    with file.open("r+b") as opened:
        opened.seek(place)
        byte = opened.read(1)[0]
        opened.seek(place)
        opened.write(bytes([byte ^ 1]))


def test_a_changed_byte_and_an_exchanged_slot_are_found(officer):
    one, two = keep(b"one", name="1", unit=officer.unit), keep(b"two", name="2", unit=officer.unit)
    flip(packs.paths(one.pack.name)[0], one.offset)
    keys = packs.paths(two.pack.name)[1]
    slots = keys.read_bytes()
    first = slots[one.slot * 72 : one.slot * 72 + 72]
    keys.write_bytes(slots[: two.slot * 72] + first + slots[two.slot * 72 + 72 :])
    for row in (one, two):
        with pytest.raises(Refused) as refused:
            read(row.hex)
        assert refused.value.refusal.code == "VAULT-DAMAGED"


def test_media_is_hashed_and_counted_and_its_bytes_are_nowhere(officer, home):
    picture = b"\x89PNG\r\n\x1a\n" + b"plain noise, no picture" * 50
    kept = keep(picture, name="report.json", unit=officer.unit)
    assert (kept.sealing, kept.size, kept.media_type) == (Sealing.NOT_KEPT, len(picture), "image/png")
    assert kept.hex == hashlib.sha256(picture).hexdigest()
    with pytest.raises(Refused) as refused:
        read(kept.hex)
    assert refused.value.refusal.code == "VAULT-MEDIA-NOT-KEPT"
    assert kept.pack_id is None


def test_large_media_is_counted_in_flat_memory_and_not_kept(officer, monkeypatch):
    monkeypatch.setattr(store, "WHOLE_UP_TO", 1000)
    film = b"\0\0\0\x18ftypmp42" + bytes(3_000_000)
    kept = keep(io.BytesIO(film), name="film", unit=officer.unit)
    assert (kept.sealing, kept.size, kept.hex) == (Sealing.NOT_KEPT, len(film), hashlib.sha256(film).hexdigest())


def test_an_unreadable_path_is_refused_with_its_name(officer, tmp_path):
    with pytest.raises(Refused) as refused:
        keep(tmp_path / "absent.json", name="absent.json", unit=officer.unit)
    assert refused.value.refusal.code == "VAULT-UNREADABLE"
    assert "absent.json" in refused.value.refusal.file


def test_an_unknown_hash_is_refused():
    for sha in ("00" * 32, "no hex"):
        with pytest.raises(Refused) as refused:
            read(sha)
        assert refused.value.refusal.code == "VAULT-UNKNOWN"


def test_a_pack_of_another_installation_is_not_touched(officer, home):
    foreign = home / "vault" / "pack-00aa.bin"
    foreign.parent.mkdir(exist_ok=True)
    foreign.write_bytes(packs.MAGIC + b"x" * 16 + b"their originals")
    try:
        with pytest.raises(Refused) as refused:
            packs.open_locked("00aa")
        assert refused.value.refusal.code == "VAULT-FOREIGN-PACK"
        assert foreign.read_bytes().endswith(b"their originals")
    finally:
        packs.remove("00aa")


def test_another_unit_sees_what_it_delivered_too(officer, make_officer):
    from paricha.access.models import UnitKind
    from paricha.access.rights import Role
    from paricha.access.verbs import add_unit
    from paricha.vault.queries import get_original, originals_of

    north = add_unit(officer, "North", under=officer.unit, kind=UnitKind.DISTRICT)
    south = add_unit(officer, "South", under=officer.unit, kind=UnitKind.DISTRICT)
    of_north, of_south = make_officer("N", Role.ANALYST, unit=north), make_officer("S", Role.ANALYST, unit=south)
    kept = keep(b"a letter", name="l.txt", unit=north)
    assert list(originals_of(of_north)) == [kept]
    with pytest.raises(Refused) as refused:
        get_original(of_south, kept.hex)
    assert refused.value.refusal.code == "ACCESS-NOT-VISIBLE"
    keep(b"a letter", name="l.txt", unit=south)
    assert get_original(of_south, kept.hex).pk == kept.pk
