"""Legal deletion: two officers, two keys, a destroyed key, a tombstone, and nothing of it on the disk."""

import pytest

from paricha.access.rights import Role
from paricha.audit.log import history
from paricha.grounds.refusals import Refused
from paricha.vault import packs, store
from paricha.vault.models import Delivery, Original
from paricha.vault.verbs import delete_original, propose_deletion, replay_tombstones, tombstones
from paricha.vault.verifying import verify_originals

pytestmark = pytest.mark.django_db(transaction=True)
ORDER, REASON = "CMP 12/2026", "Retention ended"


@pytest.fixture
def second(make_officer):
    return make_officer("Basil Thomas", Role.ADMINISTRATOR)


def deleted(officer, second, acting_as, row):
    propose_deletion(officer, row.hex, ORDER, REASON)
    with acting_as(second):
        return delete_original(second, row.hex, ORDER, REASON)


def test_two_officers_destroy_the_key_and_leave_a_tombstone(officer, second, acting_as):
    row = store.keep(b"a private letter", name="Letter of A. Menon.txt", unit=officer.unit)
    gone = deleted(officer, second, acting_as, row)
    assert not any(packs.read_slot(row.pack.name, row.slot))
    assert (gone.order, gone.reason, gone.name, gone.size) == (ORDER, REASON, "", 16)
    with pytest.raises(Refused) as refused:
        store.read(row.hex)
    assert refused.value.refusal.code == "VAULT-DELETED"
    assert verify_originals()["deleted"] == 1
    assert [row.event for row in history(gone.id16)] == ["vault:original:proposed", "vault:original:deleted"]
    assert all(row.signature for row in history(gone.id16))


def test_one_officer_cannot_sign_twice(officer, acting_as):
    row = store.keep(b"a letter", name="l.txt", unit=officer.unit)
    propose_deletion(officer, row.hex, ORDER, REASON)
    for act in (propose_deletion, delete_original):
        with pytest.raises(Refused) as refused:
            act(officer, row.hex, ORDER, REASON)
        assert refused.value.refusal.code == "ACCESS-SAME-OFFICER"
    assert store.read(row.hex) == b"a letter"


def test_nothing_is_deleted_that_nobody_proposed_or_under_another_order(officer, second, acting_as):
    row = store.keep(b"a letter", name="l.txt", unit=officer.unit)
    propose_deletion(officer, row.hex, "another order", REASON)
    with acting_as(second), pytest.raises(Refused) as refused:
        delete_original(second, row.hex, ORDER, REASON)
    assert refused.value.refusal.code == "VAULT-NOT-PROPOSED"
    assert store.read(row.hex) == b"a letter"


def test_a_right_is_needed(officer, make_officer, acting_as):
    row = store.keep(b"a letter", name="l.txt", unit=officer.unit)
    analyst = make_officer("Analyst", Role.ANALYST)
    with acting_as(analyst), pytest.raises(Refused) as refused:
        propose_deletion(analyst, row.hex, ORDER, REASON)
    assert refused.value.refusal.code == "ACCESS-RIGHT"


def test_in_real_work_a_key_that_lives_on_the_server_confirms_nothing(officer, second, acting_as, settings):
    import msgspec

    row = store.keep(b"a letter", name="l.txt", unit=officer.unit)
    second.keys.update(on_server=True)
    propose_deletion(officer, row.hex, ORDER, REASON)
    settings.PARICHA = msgspec.structs.replace(settings.PARICHA, synthetic=False)
    with acting_as(second), pytest.raises(Refused) as refused:
        delete_original(second, row.hex, ORDER, REASON)
    assert refused.value.refusal.code == "ACCESS-SERVER-KEY"


def test_members_of_a_container_go_with_it_and_a_later_delivery_brings_nothing_back(officer, second, acting_as):
    box = store.keep(b"a container", name="b.eml", unit=officer.unit)
    inside = store.keep(b"its member", name="m.txt", unit=officer.unit, parent=box)
    store.keep(b"its member", name="again.txt", unit=officer.unit)
    deleted(officer, second, acting_as, box)
    assert not Original.objects.filter(deleted_at__isnull=True).exists()
    assert not Delivery.objects.exists()
    assert store.keep(b"its member", name="once more.txt", unit=officer.unit).pk == inside.pk
    assert not Delivery.objects.exists()
    with pytest.raises(Refused) as refused:
        store.read(inside.hex)
    assert refused.value.refusal.code == "VAULT-DELETED"


def test_a_kill_between_commit_and_the_key_is_made_good_before_the_next_write(officer, second, acting_as, monkeypatch):
    row = store.keep(b"a letter", name="l.txt", unit=officer.unit)
    monkeypatch.setattr("paricha.vault.verbs.packs.destroy_slot", lambda *_: None)
    deleted(officer, second, acting_as, row)
    monkeypatch.undo()
    assert verify_originals()["bad"]
    from django.db import transaction

    with transaction.atomic():
        store.lock()
        store.cut_left_overs()
    assert not any(packs.read_slot(row.pack.name, row.slot))
    assert verify_originals()["bad"] == []


def test_tombstones_are_replayed_on_an_older_copy(officer, second, acting_as):
    row = store.keep(b"a letter", name="l.txt", unit=officer.unit)
    kept = packs.read_slot(row.pack.name, row.slot)
    deleted(officer, second, acting_as, row)
    lines = tombstones()
    Original.objects.filter(pk=row.pk).update(deleted_at=None, order="", reason="")  # as an older backup has it
    with packs.paths(row.pack.name)[1].open("r+b") as slots:
        slots.seek(row.slot * 72)
        slots.write(kept)
    assert store.read(row.hex) == b"a letter"
    assert replay_tombstones(lines) == 1
    assert not any(packs.read_slot(row.pack.name, row.slot))
    assert Original.objects.get(pk=row.pk).order == ORDER
    assert replay_tombstones(lines) == 0
