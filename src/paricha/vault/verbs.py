"""What an officer can do with originals: have one deleted by order, by two officers with two keys."""

from __future__ import annotations

import fcntl
import json
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, signing_key, touch, verb
from paricha.grounds.instants import utc_text
from paricha.grounds.refusals import Refused
from paricha.jobs.queue import enqueue
from paricha.vault import packs, store
from paricha.vault.events import Event
from paricha.vault.models import Deletion, Delivery, Original
from paricha.vault.queries import get_original, open_proposal


@verb(may=Right.DELETE, event=Event.DELETION_PROPOSED, signed=True)
def propose_deletion(officer: Officer, sha256_hex: str, order: str, reason: str) -> Deletion:
    """First of two: name the original, the order and the reason. Nothing is deleted yet.

    Raises `Refused` VAULT-ORDER-NEEDED, VAULT-DELETED, ACCESS-SAME-OFFICER when it waits for another officer already.
    """
    original = _to_delete(officer, sha256_hex)
    key = signing_key()
    assert key is not None
    if not order.strip() or not reason.strip():
        raise Refused("VAULT-ORDER-NEEDED", _("A deletion needs the order’s reference and a reason."),
                      _("Give both; they stay in the tombstone for ever."))  # fmt: skip
    if open_proposal(original, order.strip()) is not None:
        raise Refused("ACCESS-SAME-OFFICER", _("This deletion is proposed already."),
                      _("Another officer with another key confirms it."))  # fmt: skip
    touch("original", original)
    note_facts(sha256=original.hex, order=order.strip())
    return Deletion.objects.create(
        original=original, order=order.strip(), reason=reason.strip(), proposed_by=officer, proposed_key=key.id,
        proposed_at=timezone.now(),
    )  # fmt: skip


def delete_original(officer: Officer, sha256_hex: str, order: str, reason: str) -> Original:
    """Second of two: destroy the key, leave the tombstone. What other rooms made of it goes through the feed.

    The key is destroyed when the transaction has committed; a kill in between is made good before the next write.
    Waits while a backup takes the keys. Raises as `confirm_deletion`.
    """
    with packs.deletion_gate(fcntl.LOCK_EX):
        return confirm_deletion(officer, sha256_hex, order, reason)


@verb(may=Right.DELETE, event=Event.DELETED, signed=True)
def confirm_deletion(officer: Officer, sha256_hex: str, order: str, reason: str) -> Original:
    """The act of the second officer; call `delete_original`.

    Raises `Refused` VAULT-NOT-PROPOSED, ACCESS-SAME-OFFICER, ACCESS-SERVER-KEY (outside made-up data).
    """
    original = _to_delete(officer, sha256_hex)
    proposal = open_proposal(original, order.strip())
    key = signing_key()
    assert key is not None
    if proposal is None:
        raise Refused("VAULT-NOT-PROPOSED", _("Nobody has proposed this deletion under the order {order}.").format(order=order),
                      _("The first officer proposes it with the same order; then confirm."))  # fmt: skip
    if proposal.proposed_by_id == officer.pk or proposal.proposed_key == key.id:
        raise Refused("ACCESS-SAME-OFFICER", _("{name} has signed already.").format(name=officer.name),
                      _("Another officer confirms, with another key."))  # fmt: skip
    if key.on_server and not settings.PARICHA.synthetic:
        raise Refused("ACCESS-SERVER-KEY", _("This key lives on the server; it cannot confirm a deletion."),
                      _("Confirm with a passkey, or with a key file that does not lie in the data folder."))  # fmt: skip
    store.lock()
    proposal.confirmed_by, proposal.confirmed_at = officer, timezone.now()
    proposal.save(update_fields=["confirmed_by", "confirmed_at"])
    for gone in [original, *_members(original)]:
        _entomb(gone, proposal)
        touch("original", gone)
    note_facts(sha256=original.hex, order=proposal.order)
    enqueue("vault:scrub", {}, officer=officer, once="scrub", delay_s=15)
    original.refresh_from_db()
    return original


def _to_delete(officer: Officer, sha256_hex: str) -> Original:
    original = get_original(officer, sha256_hex)
    if original.deleted_at is not None:
        raise Refused("VAULT-DELETED", _("This original was deleted by the order {order}.").format(order=original.order),
                      _("Nothing is left to delete."))  # fmt: skip
    return original


def _members(original: Original) -> list[Original]:
    """What came inside it, at any depth."""
    found: list[Original] = []
    below = list(Original.objects.filter(parent=original, deleted_at__isnull=True).select_related("pack"))
    for member in below:
        found += [member, *_members(member)]
    return found


def _entomb(original: Original, proposal: Deletion) -> None:
    """The tombstone keeps hash, size, order, reason, officers; the name goes, because a name can tell."""
    at = timezone.now()
    Original.objects.filter(pk=original.pk).update(
        deleted_at=at, order=proposal.order, reason=proposal.reason, name="", media_type="", manifest=""
    )
    Delivery.objects.filter(original=original).delete()
    pack, slot = original.pack, original.slot

    if pack is not None and slot is not None:
        transaction.on_commit(lambda: packs.destroy_slot(pack.name, slot))


def tombstones() -> list[str]:
    """A line of JSON a deletion: kept elsewhere, they are replayed on a restored older copy."""
    return [
        json.dumps(
            {"original": row.hex, "size": row.size, "order": row.order, "reason": row.reason,
             "deleted_at": utc_text(row.deleted_at)},
            ensure_ascii=False, sort_keys=True,
        )
        for row in Original.objects.filter(deleted_at__isnull=False).order_by("deleted_at", "pk")
        if row.deleted_at is not None
    ]  # fmt: skip


def replay_tombstones(lines: list[str]) -> int:
    """Delete again what a restored copy still has: the order was given already. Returns how many were deleted now."""
    done = 0
    for line in lines:
        tomb = json.loads(line)
        with transaction.atomic():
            store.lock()
            row = (
                Original.objects.select_related("pack")
                .filter(sha256=bytes.fromhex(tomb["original"]), deleted_at__isnull=True).first()
            )  # fmt: skip
            if row is None:
                continue
            _record_replay(row, tomb)
            Original.objects.filter(pk=row.pk).update(
                deleted_at=datetime.fromisoformat(tomb["deleted_at"]),
                order=tomb["order"],
                reason=tomb["reason"],
                name="",
                media_type="",
            )
            Delivery.objects.filter(original=row).delete()
        if row.pack is not None and row.slot is not None:
            packs.destroy_slot(row.pack.name, row.slot)
        done += 1
    return done


def _record_replay(row: Original, tomb: dict[str, object]) -> None:
    from paricha.audit.log import record

    record(Event.DELETED, officer=None, via="cli", touched=[("original", row.id16)],
           facts={"sha256": row.hex, "order": tomb["order"], "replayed": True})  # fmt: skip
