"""`paricha rebuild [--check]`: what is derived is thrown away and made again, in the order of the road."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType
from typing import Any

import click

from paricha.cli.frame import DONE, SOME_REFUSED, command, show, show_progress

SHOWN = 100  # differences that are listed


@click.option("--check", is_flag=True, help="Compare the record before and after; exit code 1 when it differs.")
@command("rebuild")
def rebuild(officer, check, as_json) -> int:  # type: ignore[no-untyped-def]
    """Read every original again and apply every decision; the record is the same afterwards."""
    from paricha.records.verbs import note_rebuild

    rooms = _rooms()
    note_rebuild(officer, check=check)
    before, told = _digest(rooms), _lines(rooms) if check else {}
    for room in reversed(rooms):
        room.forget()
    for room in rooms:
        room.again(show_progress)
        _settle()
    after = _digest(rooms)
    differences = _differences(told, _lines(rooms)) if check and before != after else []
    equal = before == after
    show(
        {"schema": 1, "before": before, "after": after, "equal": equal, "differences": differences},
        as_json,
        f"The record was made again and is {'equal' if equal else 'not equal'}: {after}."
        + "".join(f"\n{line}" for line in differences),
    )
    return DONE if equal else SOME_REFUSED


def _rooms() -> list[ModuleType]:
    """The `rebuild` of each built room that has one, in the order of the road."""
    from paricha.site.rooms import with_module

    return [import_module(f"paricha.{room}.rebuild") for room in with_module("rebuild")]


def _settle() -> None:
    """Events that making again caused are consumed before the next room is made."""
    from paricha.audit.feed import consume_due
    from paricha.audit.stamp import stamp_all

    stamp_all()
    consume_due()


def _digest(rooms: Iterable[ModuleType]) -> str:
    """SHA-256 over the digests of the rooms."""
    hashed = hashlib.sha256()
    for room in rooms:
        hashed.update(f"{room.__name__} {room.digest()}\n".encode())
    return hashed.hexdigest()


def _lines(rooms: Iterable[ModuleType]) -> dict[str, set[str]]:
    """What each room can list of its record, else its digest, to say where a difference lies. Hashed, so that it is small."""
    found: dict[str, set[str]] = {}
    for room in rooms:
        name = room.__name__.split(".")[1]
        lines: Any = room.lines() if hasattr(room, "lines") else [room.digest()]
        found[name] = {sys.intern(line[:200]) for line in lines}
    return found


def _differences(before: dict[str, set[str]], after: dict[str, set[str]]) -> list[dict[str, str]]:
    found = []
    for room, lines in before.items():
        found += [{"room": room, "was": line} for line in sorted(lines - after[room])]
        found += [{"room": room, "is": line} for line in sorted(after[room] - lines)]
    return found[:SHOWN]


commands: list[click.Command] = [rebuild]
