"""An original as an officer may look at it: text, JSON, a sheet or a page of a PDF made anew, with one place marked.

Nothing in it is executed, and no picture of it is drawn.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from paricha.access.pages import officer_page
from paricha.access.verbs_of_the_house import read
from paricha.grounds.instants import utc_text
from paricha.grounds.refusals import Refusal, Refused
from paricha.screens import pdf_pages, viewer, viewer_pdf
from paricha.vault.events import Event
from paricha.vault.members import media_words, members_shown
from paricha.vault.models import Original, Sealing
from paricha.vault.queries import get_original, unread_in
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
    shown, refusal = _shown(row, locator, unread_in(officer, row))
    members = members_shown(row)
    if members is not None and row.sealing == Sealing.NOT_KEPT:
        refusal = None  # its members are what is kept of it
    read(officer, Event.READ, row, kind=kind or "whole")
    context = {
        "original": row,
        "facts": _facts(row),
        "shown": shown,
        "refusal": refusal,
        "members": members,
        "locator": locator,
        "name": row.name,
        "sha256": row.hex,
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "screens/viewer.html" if part and shown else "vault/original.html", context)


@require_safe
@officer_page
def drawn_page(request: HttpRequest, sha: str, page: int) -> HttpResponse:
    """Page `page` (from 1) of the PDF `sha` as a grey picture of its letters and rules; who looked stays in the log."""
    officer = request.officer  # type: ignore[attr-defined]
    row = get_original(officer, sha)
    data = _bytes(row)
    shown = pdf_pages.page_of(data, page) if viewer_pdf.is_pdf(data) and 1 <= page <= viewer_pdf.MOST_PAGES else None
    read(officer, Event.READ, row, kind="page", page=page)
    if shown is None or shown.kind != "drawn":
        raise Http404
    return HttpResponse(shown.png, content_type="image/png", headers={"Cache-Control": "private, no-store"})


def _bytes(row: Original) -> bytes:
    """The original, where it is kept and not too large to be shown. Raises `Refused`."""
    if row.size > LARGEST_SHOWN and row.deleted_at is None:
        raise Refused("VAULT-TOO-LARGE", _("This original is too large to be shown."),
                      _("`paricha locate` prints what stands at a place of it."))  # fmt: skip
    return read_row(row)


def _shown(
    row: Original, locator: dict[str, Any] | None, unread: list[dict[str, Any]]
) -> tuple[viewer.Shown | None, Refusal | None]:
    """What can be shown of it, or why nothing can."""
    try:
        address = reverse("vault:original", args=[row.hex])
        return viewer.show(_bytes(row), locator, unread=unread, address=address), None
    except Refused as refused:
        return None, refused.refusal


def _facts(row: Original) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [
        (_("Kept by"), row.unit.name),
        (_("Size as delivered"), _("{size} bytes").format(size=f"{row.size:,}")),
        (_("Kind by content"), row.media_type or _("not known")),
        ("SHA-256", row.hex),
    ]
    if gone := media_words(row):
        facts.append((_("Kept without its media"), gone))
    if row.deleted_at is not None:
        facts += [(_("Deleted"), utc_text(row.deleted_at)), (_("By order"), row.order), (_("Reason"), row.reason)]
    return facts
