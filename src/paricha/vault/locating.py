"""What stands at a place of an original, as text: a registry that the rooms' readers fill.

@locator_reader("json_pointer")
def at_pointer(original: bytes, at: Place) -> str | None: ...
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from paricha.grounds.refusals import Refused
from paricha.vault.store import read

PlaceReader = Callable[[bytes, Any], "str | None"]
_readers: dict[str, PlaceReader] = {}


def locator_reader(kind: str) -> Callable[[PlaceReader], PlaceReader]:
    """Register the function that gives the text at a place of this kind, or None when nothing stands there."""

    def keep(reader: PlaceReader) -> PlaceReader:
        _readers[str(kind)] = reader
        return reader

    return keep


def kinds() -> list[str]:
    """Kinds of place this build opens."""
    return sorted(_readers)


def text_at(sha256_hex: str, kind: str, at: Any) -> str:
    """The text at a place. Raises `Refused` VAULT-KIND-UNKNOWN, VAULT-NO-SUCH-PLACE, and those of `store.read`."""
    return text_in(read(sha256_hex), str(kind), at)


def text_in(original: bytes, kind: str, at: Any) -> str:
    """As `text_at`, in bytes at hand."""
    reader = _readers.get(str(kind))
    if reader is None:
        raise Refused("VAULT-KIND-UNKNOWN", _("Nothing here opens a place of the kind “{kind}”.").format(kind=kind),
                      _("Kinds: {kinds}.").format(kinds=", ".join(kinds())))  # fmt: skip
    try:
        found = reader(original, at)
    except (TypeError, ValueError, IndexError):  # the place came from outside and is written as no place of this kind
        found = None
    if found is None:
        raise Refused("VAULT-NO-SUCH-PLACE", _("Nothing stands at {kind} {at}.").format(kind=kind, at=json.dumps(at)),
                      _("Check the place; it counts from 1 in lines and cells."))  # fmt: skip
    return found


@locator_reader("line")
def at_line(original: bytes, at: Any) -> str | None:
    """Line from 1; ends with LF, CRLF or CR. Text that is no UTF-8 stands as Latin-1."""
    lines = original.removeprefix(b"\xef\xbb\xbf").splitlines()
    number = int(at)
    return _decoded(lines[number - 1]) if 1 <= number <= len(lines) else None


@locator_reader("bytes")
def at_bytes(original: bytes, at: Any) -> str | None:
    """[start, end), counted from 0."""
    start, end = int(at[0]), int(at[1])
    return _decoded(original[start:end]) if 0 <= start < end <= len(original) else None


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
