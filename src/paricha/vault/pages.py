"""An original as an officer may look at it: text, JSON or a sheet, with one place marked; nothing in it is executed or drawn."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from paricha.access.pages import officer_page
from paricha.access.verbs_of_the_house import read
from paricha.grounds.instants import utc_text
from paricha.grounds.refusals import Refusal, Refused
from paricha.screens import viewer
from paricha.vault.events import Event
from paricha.vault.models import Original
from paricha.vault.queries import get_original
from paricha.vault.store import read_row

LARGEST_SHOWN = 64 << 20


@require_safe
@officer_page
def original(request: HttpRequest, sha: str) -> HttpResponse:
    """The original `sha` (hex), marked at `?kind=&at=`. Who looked stays in the log."""
    officer = request.officer  # type: ignore[attr-defined]
    row = get_original(officer, sha)
    kind, at = request.GET.get("kind", ""), request.GET.get("at", "")
    locator = {"original": row.hex, "kind": kind, "at": viewer.address_to_at(at)} if kind else None
    shown, refusal = _shown(row, locator)
    read(officer, Event.READ, row, kind=kind or "whole")
    context = {
        "original": row,
        "facts": _facts(row),
        "shown": shown,
        "refusal": refusal,
        "locator": locator,
        "name": row.name,
        "sha256": row.hex,
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "screens/viewer.html" if part and shown else "vault/original.html", context)


def _shown(row: Original, locator: dict[str, Any] | None) -> tuple[viewer.Shown | None, Refusal | None]:
    """What can be shown of it, or why nothing can."""
    try:
        if row.size > LARGEST_SHOWN and row.deleted_at is None:
            raise Refused("VAULT-TOO-LARGE", _("This original is too large to be shown."),
                          _("`paricha locate` prints what stands at a place of it."))  # fmt: skip
        return viewer.show(read_row(row), locator), None
    except Refused as refused:
        return None, refused.refusal


def _facts(row: Original) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [
        (_("Kept by"), row.unit.name),
        (_("Size as delivered"), _("{size} bytes").format(size=f"{row.size:,}")),
        (_("Kind by content"), row.media_type or _("not known")),
        ("SHA-256", row.hex),
    ]
    gone = [member for member in json.loads(row.manifest or "[]") if not member["kept"]]
    if gone:
        words = ngettext("{n} member was media and is not kept", "{n} members were media and are not kept", len(gone))
        facts.append((_("Kept without its media"), words.format(n=len(gone))))
    if row.deleted_at is not None:
        facts += [(_("Deleted"), utc_text(row.deleted_at)), (_("By order"), row.order), (_("Reason"), row.reason)]
    return facts
