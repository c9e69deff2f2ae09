"""Progress of long work as one plain record that a terminal, a page and a job share."""

from __future__ import annotations

from collections.abc import Callable

import msgspec


class Progress(msgspec.Struct, frozen=True):
    """`done` of `total` (None while not known) `unit`s; `words` say what is being done now."""

    done: int
    total: int | None
    unit: str
    words: str = ""


Report = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """A listener for callers who show nothing."""
