"""`verb`: the one way to write. Checks the right, runs in one transaction, records one event, signs where it must.

    @verb(may=Right.DISPATCH, event=Event.SENT)
    def send(officer: Officer, tip: Tip, *, to: Unit) -> Dispatch: ...

The event touches the returned rows and whatever the body names with `touch(kind, row_or_id)`; `note_facts(count=3)`
adds counts and codes. A refusal for want of the right is itself recorded.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

import msgspec
from django.db import models, transaction
from django.utils.translation import gettext as _

from paricha.access.acting import means
from paricha.access.acts import signed_by_key, thing_id
from paricha.access.events import Event
from paricha.access.models import Officer, OfficerKey
from paricha.access.rights import Right
from paricha.audit.events import EventName
from paricha.audit.log import Thing, record, record_alone
from paricha.grounds.refusals import Refused

P = ParamSpec("P")
R = TypeVar("R")


class _Touched(msgspec.Struct):
    things: set[Thing]
    facts: dict[str, Any]
    key: OfficerKey | None = None  # that signed the running verb


_touched: ContextVar[_Touched | None] = ContextVar("paricha_touched", default=None)


def kind_of(row: models.Model) -> str:
    """The word for a row in the log: its model's name in lower case (`tip`, `door`)."""
    return row._meta.model_name or ""


def touch(kind: str, thing: models.Model | bytes) -> None:
    """Name something that the running verb or read touched."""
    now = _touched.get()
    if now is not None:
        now.things.add((kind, thing if isinstance(thing, bytes) else thing_id(thing)))


def note_facts(**facts: Any) -> None:
    """Add counts, codes or ids to the running verb's event. Never values of case data."""
    now = _touched.get()
    if now is not None:
        now.facts.update(facts)


def add_fact(name: str, item: Any) -> None:
    """Append an item to a list among the running verb's facts."""
    now = _touched.get()
    if now is not None:
        now.facts.setdefault(name, []).append(item)


def signing_key() -> OfficerKey | None:
    """The key that signed the running verb; None in a verb that is not signed."""
    now = _touched.get()
    return now.key if now is not None else None


def require(officer: Officer, right: Right, what: str) -> None:
    """Raise `Refused` ACCESS-RIGHT (and record it) unless the officer holds the right."""
    if officer.may(right):
        return
    record_alone(
        Event.REFUSED, officer=officer.id16, via=means().via, touched=[("officer", officer.id16)],
        facts={"verb": what, "right": right.value},
    )  # fmt: skip
    raise Refused(
        "ACCESS-RIGHT",
        _("{name} may not do this: it needs the right “{right}”.").format(name=officer.name, right=right.value),
        _("Ask an officer whose role holds it, or the administrator for the role."),
    )


def verb(*, may: Right | None, event: EventName, signed: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function of (officer, …) an act of that officer. `signed` acts need the officer's own key."""

    def wrap(act: Callable[P, R]) -> Callable[P, R]:
        shape = inspect.signature(act)
        name = f"{act.__module__.removeprefix('paricha.')}.{act.__name__}"

        def arguments(*args: P.args, **kwargs: P.kwargs) -> dict[str, Any]:
            bound = shape.bind(*args, **kwargs)
            bound.apply_defaults()
            return dict(list(bound.arguments.items())[1:])

        @functools.wraps(act)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            officer = args[0]
            if not isinstance(officer, Officer):
                raise TypeError(f"{name}: the first argument is the officer")
            if may is not None:
                require(officer, may, name)
            with transaction.atomic():
                proof = key = None
                if signed:
                    proof, key = signed_by_key(officer, name, arguments(*args, **kwargs))
                token = _touched.set(_Touched(set(), {}, key))
                try:
                    result = act(*args, **kwargs)
                    now = _touched.get()
                    assert now is not None
                    for row in _rows(result):
                        now.things.add((kind_of(row), thing_id(row)))
                finally:
                    _touched.reset(token)
                record(event, officer=officer.id16, via=means().via, touched=now.things, facts=now.facts, act=proof)
            return result

        run.verb_name = name  # type: ignore[attr-defined]
        run.verb_arguments = arguments  # type: ignore[attr-defined]  (officer, …) → what is hashed and signed
        run.verb_right = may  # type: ignore[attr-defined]
        run.verb_event = event  # type: ignore[attr-defined]
        run.verb_signed = signed  # type: ignore[attr-defined]
        return run

    return wrap


def _rows(result: Any) -> Iterable[models.Model]:
    if isinstance(result, models.Model):
        return [result]
    if isinstance(result, (list, tuple, set)):
        return [row for row in result if isinstance(row, models.Model)]
    return []


def read(officer: Officer, event: EventName, *rows: models.Model, **facts: Any) -> None:
    """Record that the officer looked: reads are audited like writes. Call it in every page that shows case data."""
    record_alone(
        event,
        officer=officer.id16,
        via=means().via,
        touched=[(kind_of(row), thing_id(row)) for row in rows],
        facts=facts,
    )
