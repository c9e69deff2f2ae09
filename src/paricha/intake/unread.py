"""Unread blocks counted by reason: “nobody knows the key `x`” in 41 files is one thing to do, not 41. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from paricha.intake.document import Unread

Reasons = dict[tuple[str, str], int]  # (why, key, tag or column) → how many blocks
MOST_THINGS = 60  # of one file; a hostile one names a new key in each line
LONGEST = 80  # letters of a key


def count_reasons(blocks: Iterable[Unread], into: Reasons) -> None:
    """Count blocks by why and by what they are. Beyond so many things of one file only the why is counted."""
    for block in blocks:
        key = (block.why, thing_of(block.why, block.at))
        if key not in into and len(into) >= MOST_THINGS:
            key = (block.why, "")
        into[key] = into.get(key, 0) + 1


def thing_of(why: str, at: Any) -> str:
    """The key or tag that nobody knows, or the column without a field; "" for every other why."""
    if why == "column without a field":
        return str(at[-1]) if isinstance(at, (list, tuple)) and at else ""
    if not why.startswith("unknown "):
        return ""
    path = at[-1] if isinstance(at, (list, tuple)) and at else at
    if not isinstance(path, str):
        return ""
    for step in reversed(path.split("/")):
        name = re.sub(r"\[[^\]]*\]$", "", step).replace("~1", "/").replace("~0", "~")
        if name and not name.isdecimal():
            return "".join(sign for sign in name if sign.isprintable())[:LONGEST]
    return ""


def plain_reasons(reasons: Reasons) -> str:
    """As the table keeps it: JSON, the most frequent first; "" where nothing was left unread."""
    if not reasons:
        return ""
    rows = sorted(reasons.items(), key=lambda one: (-one[1], one[0]))
    return json.dumps([[why, thing, count] for (why, thing), count in rows], ensure_ascii=False, separators=(",", ":"))


def read_reasons(plain: str) -> list[tuple[str, str, int]]:
    """What `plain_reasons` kept."""
    return [(why, thing, count) for why, thing, count in json.loads(plain)] if plain else []
