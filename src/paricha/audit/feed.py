"""The feed: rooms that must know what happened upstream read the log by position, each behind its own cursor."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from django.db import transaction

from paricha.audit.models import Cursor, Position
from paricha.audit.stamp import stamp_all


class FeedEvent(msgspec.Struct, frozen=True):
    """A plain event: what a consumer gets. `touched` holds (kind, 16-byte id)."""

    position: int
    id: bytes
    event: str
    officer: bytes | None
    at_ns: int
    touched: list[tuple[str, bytes]]
    facts: dict[str, Any]

    def ids(self, kind: str) -> list[bytes]:
        """The ids of one kind that the event touched."""
        return [thing for name, thing in self.touched if name == kind]


BEHIND = 500  # events that are none of a consumer's own, after which its cursor moves all the same
Handler = Callable[..., None]  # of a list of `FeedEvent`, and of what `before` gave where there is one
Before = Callable[[list[FeedEvent]], Any]
_consumers: dict[str, tuple[frozenset[str], Handler]] = {}
_before: dict[str, Before] = {}


def consumer(name: str, *events: str, before: Before | None = None) -> Callable[[Handler], Handler]:
    """Register a consumer for the named events. Call from the room's `apps.ready`; handlers must be idempotent.

    A handler runs inside the transaction that moves its cursor: it is done once, or again from the same place.
    `before(events)` does long work that only reads, without the write lock; the handler then gets what it gave, or None
    where other events came in between.
    """

    def register(handler: Handler) -> Handler:
        if before is not None:
            _before[name] = before
        _consumers[name] = (frozenset(str(event) for event in events), handler)
        return handler

    return register


def read(after: int, limit: int, events: Iterable[str] | None = None) -> list[FeedEvent]:
    """Events with a position greater than `after`, in order."""
    found = Position.objects.filter(position__gt=after).select_related("row").order_by("position")
    if events is not None:
        found = found.filter(row__event__in=list(events))
    return [
        FeedEvent(
            place.position,
            place.row.id,
            place.row.event,
            place.row.officer,
            place.row.at_ns,
            [(kind, bytes.fromhex(thing)) for kind, thing in json.loads(place.row.touched)],
            json.loads(place.row.facts),
        )
        for place in found[:limit]
    ]


def consume_due(limit: int = 200) -> int:
    """Let each consumer read on until it stands at the end, in the order of the road. Returns the number of events handed out.

    What one consumer tells is stamped at once, so that those after it hear of it in the same round: a tip that comes in
    and is linked is ranked once, not twice. A consumer that fails stays where it was and is tried again next time; the
    others go on, then its error is raised.
    """
    handed, failed = 0, None
    for name, (events, handler) in list(_consumers.items()):
        try:
            given = _read_on(name, events, handler, limit)
            handed += given
            if given:
                stamp_all()
        except Exception as error:  # noqa: BLE001  one room's fault must not stop the feed of the others
            failed = failed or error
    if failed is not None:
        raise failed
    return handed


def _read_on(name: str, events: frozenset[str], handler: Handler, limit: int) -> int:
    handed = 0
    while True:
        if not _waits(name, events):
            return handed
        early, given = _done_early(name, events, limit)
        with transaction.atomic():
            cursor, _ = Cursor.objects.select_for_update().get_or_create(consumer=name)
            last = Position.objects.order_by("-position").values_list("position", flat=True).first() or 0
            if last <= cursor.position:
                return handed
            batch = [event for event in read(cursor.position, limit, events) if event.position <= last]
            if batch and name in _before:
                handler(batch, given if [event.position for event in batch] == early else None)
            elif batch:
                handler(batch)
            cursor.position = batch[-1].position if len(batch) == limit else last
            cursor.save(update_fields=["position"])
            handed += len(batch)


def _done_early(name: str, events: frozenset[str], limit: int) -> tuple[list[int], Any]:
    """What a consumer did without the lock, and for which positions: it holds for those very events only.

    Whatever changes meanwhile tells so by an event of its own, which stands further on.
    """
    if name not in _before:
        return [], None
    cursor = Cursor.objects.filter(consumer=name).values_list("position", flat=True).first() or 0
    batch = read(cursor, limit, events)
    return [event.position for event in batch], _before[name](batch) if batch else None


def _waits(name: str, events: frozenset[str]) -> bool:
    """Whether a consumer is to be woken: asked without the write lock, which a consumer that hears nothing never takes.

    Its cursor may so stand behind by some events that are none of its own.
    """
    cursor = Cursor.objects.filter(consumer=name).values_list("position", flat=True).first() or 0
    last = Position.objects.order_by("-position").values_list("position", flat=True).first() or 0
    if last - cursor > BEHIND:
        return True
    return last > cursor and Position.objects.filter(position__gt=cursor, row__event__in=events).exists()
