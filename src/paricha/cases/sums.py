"""The sums of the evening: identified = searched + not searched with a reason + not yet said. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec


class DoorEnd(msgspec.Struct, frozen=True):
    """How one identified door ended at one site: `searched`, or the reason why not, or neither yet."""

    door: str
    searched: bool
    reason: str | None
    site: bytes = b""


class Sums(msgspec.Struct, frozen=True):
    """`open`: doors with neither a search nor a reason: they are named, never hidden."""

    identified: int
    searched: int
    not_searched: dict[str, int]
    open: list[str]

    @property
    def agrees(self) -> bool:
        return self.identified == self.searched + sum(self.not_searched.values()) + len(self.open)


def add_up(ends: Iterable[DoorEnd]) -> Sums:
    """Each door counts once; a searched door counts as searched whatever reason was given before."""
    by_door: dict[str, DoorEnd] = {}
    for end in ends:
        before = by_door.get(end.door)
        if before is None or (end.searched and not before.searched) or (before.reason is None and not before.searched):
            by_door[end.door] = end
    ends_once = by_door.values()
    reasons = Counter(end.reason for end in ends_once if not end.searched and end.reason)
    return Sums(
        len(by_door),
        sum(end.searched for end in ends_once),
        dict(sorted(reasons.items())),
        sorted(end.door for end in ends_once if not end.searched and not end.reason),
    )
