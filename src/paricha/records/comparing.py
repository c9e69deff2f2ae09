"""When two readings say the same: differences of case, format or precision are none (interfaces: "conflicts")."""

from __future__ import annotations

import unicodedata
from typing import Any

import msgspec

from paricha.grounds import selectors
from paricha.grounds.instants import Precision
from paricha.intake.document import Leaf, Source, TipDocument, Unread, When

SPAN_S = {Precision.SECOND: 1, Precision.MINUTE: 60, Precision.HOUR: 3600, Precision.DAY: 86400}
_YES, _NO = frozenset({"true", "yes", "y"}), frozenset({"false", "no", "n"})
# Content of a delivery is what it says, not where it stands or how much of it was known to the reader.
_NOT_CONTENT = frozenset({"sources", "place", "unread", "expected", "read"})


def comparable(leaf: Leaf | When, kind: str = "text", region: str = "IN") -> str:
    """The form in which equal values are equal text. `kind`: text, address, phone, email, hash or yes_no."""
    if isinstance(leaf, When):
        return f"@{leaf.utc}" if leaf.utc is not None else f"@?{_plain(leaf.as_written)}"
    text = str(leaf.value)
    found = _normal(kind, text, region)
    if found is not None:
        return found
    plain = _plain(text)
    if isinstance(leaf.value, bool) or kind == "yes_no":
        return "true" if plain in _YES else "false" if plain in _NO else plain
    return plain


def _normal(kind: str, text: str, region: str) -> str | None:
    if kind == "address":
        return selectors.address(text)
    if kind == "phone":
        return selectors.phone(text, region)
    if kind == "email":
        return selectors.email(text)
    return None


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def says_the_same(first: Leaf | When, second: Leaf | When, kind: str = "text", region: str = "IN") -> bool:
    """Whether two readings of one field agree. Instants agree when the coarser holds the finer.

    A date whose instant is not known (no zone, unreadable) differs only from another such date of other writing.
    """
    if isinstance(first, When) and isinstance(second, When) and (first.utc is not None or second.utc is not None):
        if first.utc is None or second.utc is None:
            return True
        return holds(first, second) or holds(second, first)
    return comparable(first, kind, region) == comparable(second, kind, region)


def holds(coarse: When, fine: When) -> bool:
    """Whether the instant `fine` lies within what `coarse` states."""
    if coarse.utc is None or fine.utc is None or coarse.precision is None or fine.precision is None:
        return False
    span = SPAN_S[coarse.precision]
    return SPAN_S[fine.precision] <= span and 0 <= fine.utc - coarse.utc < span


def same_instant(first: When | None, second: When | None) -> bool:
    """Whether two sightings' instants agree: both absent, the same second, or a minute and its second 00."""
    if first is None or second is None:
        return first is second
    if first.utc is None or second.utc is None:
        return first.utc is second.utc and _plain(first.as_written) == _plain(second.as_written)
    fine = {Precision.SECOND, Precision.MINUTE}
    return first.utc == second.utc and (
        first.precision == second.precision or (first.precision in fine and second.precision in fine)
    )


def content(node: Any) -> Any:
    """The values of a document without their places: equal for two deliveries that say the same."""
    if isinstance(node, Leaf):
        return (type(node.value).__name__, node.value)
    if isinstance(node, When):
        return (node.as_written, node.utc)
    if isinstance(node, list):
        return [content(item) for item in node]
    if isinstance(node, (Source, Unread)):
        return None
    if isinstance(node, msgspec.Struct):
        skipped = _NOT_CONTENT if isinstance(node, TipDocument) else frozenset()
        return [content(getattr(node, name)) for name in node.__struct_fields__ if name not in skipped]
    return node


def rebased(node: Any, by: int) -> Any:
    """A copy of a tree of leaves whose sources stand `by` places further on."""
    if not by:
        return node
    if isinstance(node, (Leaf, When, Unread)):
        return msgspec.structs.replace(node, form=node.form + by)
    if isinstance(node, list):
        return [rebased(item, by) for item in node]
    if isinstance(node, msgspec.Struct) and not isinstance(node, Source):
        return type(node)(**{name: rebased(getattr(node, name), by) for name in node.__struct_fields__})
    return node
