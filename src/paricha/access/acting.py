"""Who is acting now, by what means, and with which key: set by the command line, a page, the API or a job."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import msgspec

from paricha.audit.log import SignedAct


class Signer(msgspec.Struct, frozen=True):
    """Signs a statement's text with one of `keys` (ids of enrolled keys, which the statement names).

    `prepared`: the statement that was signed already, on a screen by a passkey; then no other one can be signed.
    """

    sign: Callable[[str], SignedAct]
    keys: tuple[bytes, ...]
    prepared: str | None = None


class Means(msgspec.Struct, frozen=True):
    """`via`: screen, cli, api, job or phone. `signer` signs an act with the officer's own key, or is None."""

    via: str
    signer: Signer | None = None


_now: ContextVar[Means | None] = ContextVar("paricha_means", default=None)


def means() -> Means:
    """The means in force; a job's when nothing else was set."""
    return _now.get() or Means("job")


@contextmanager
def acting(via: str, signer: Signer | None = None) -> Iterator[None]:
    """Set the means for what follows."""
    token = _now.set(Means(via, signer))
    try:
        yield
    finally:
        _now.reset(token)
