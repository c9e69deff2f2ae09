"""What a container held, as an officer reads it: each member with its size, its hash and what became of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from paricha.screens import shapes
from paricha.vault.containers import Manifest, Member, manifest_of
from paricha.vault.models import Original

SHOWN = 500  # members on one page


def members_shown(row: Original) -> dict[str, Any] | None:
    """The list for `vault/members.html`; None for a file that is no bundle."""
    manifest = manifest_of(row.manifest)
    if not manifest.reader or row.deleted_at is not None:
        return None
    rows = [
        {
            "name": one.name,
            "size": f"{one.size:,}",
            "sha256": one.sha256,
            "state": _state(one),
            "open": _opens(one),
            "refused": one.refused,
        }
        for one in manifest.members[:SHOWN]
    ]
    return {
        "rows": rows,
        "more": max(0, len(manifest.members) - SHOWN),
        "words": _words(manifest),
        "said": manifest.said,
    }


def _opens(one: Member) -> str:
    """The hash under which its page stands, or that of the original in which its bytes lie."""
    return one.sha256 if one.kept and one.sha256 else one.lies_in


def _state(one: Member) -> Any:
    if one.refused:
        return shapes.state(_("Refused"), "stop", "stop")
    if one.media:
        return shapes.state(_("Media, hashed only"), "neutral", "none")
    if not one.kept:
        return shapes.state(_("Deleted by order"), "stop", "stop")
    return shapes.state(_("Kept"), "good", "ok")


def _words(manifest: Manifest) -> str:
    many = len(manifest.members)
    return ngettext("{n} member", "{n} members", many).format(n=f"{many:,}")


def media_words(row: Original) -> str:
    """How many members were media and are not kept; empty where none was."""
    manifest = manifest_of(row.manifest)
    gone = sum(one.media if manifest.reader else not one.kept for one in manifest.members)
    words = ngettext("{n} member was media and is not kept", "{n} members were media and are not kept", gone)
    return words.format(n=gone) if gone else ""
