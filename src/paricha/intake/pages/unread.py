"""What was not read in a batch, by reason: one key that nobody knows in 41 files is one line, with the way to each file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.intake import queries, words
from paricha.intake.events import Event
from paricha.intake.models import Batch
from paricha.screens.lists import Column, Empty, ListPage


def _thing(row: dict[str, Any]) -> Any:
    return format_html('<span class="mono">{}</span>', row["thing"]) if row["thing"] else ""


def _first(row: dict[str, Any]) -> Any:
    return format_html('<a href="{}">{}</a>', row["first_url"], row["first"])


UNREAD = ListPage(
    name="unread",
    title=gettext_lazy("Not read, by reason"),
    columns=[
        Column("why", gettext_lazy("Why"), "words", link=lambda row: row["url"], sort="words"),
        Column("thing", gettext_lazy("Key, tag or column"), "thing", show=_thing, sort="thing"),
        Column("files", gettext_lazy("Files"), "files", number=True, sort="files"),
        Column("blocks", gettext_lazy("Blocks"), "blocks", number=True, sort="blocks"),
        Column("first", gettext_lazy("For instance"), "first", show=_first),
    ],
    search=["words", "thing"],
    order="-files",
    empty=Empty(
        gettext_lazy("Nothing was left unread."),
        gettext_lazy("Each block that a reader could not place would stand here with its reason."),
    ),
    key=lambda row: f"{row['why']} {row['thing']}",
    on_read=lambda request, rows, how: read(request.officer, Event.UNREAD_LISTED, rows=len(rows), how=how),  # type: ignore[attr-defined]
    template="intake/unread.html",
)  # fmt: skip


@require_GET
@officer_page(Right.INTAKE)
def unread(request: HttpRequest, id: bytes) -> HttpResponseBase:
    """The reasons of one batch, most files first."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    batch = Batch.objects.get_visible(officer, id=id)
    read(officer, Event.BATCH_LOOKED_AT, batch, unread=True)
    rows, uncounted = queries.unread_by_reason(officer, batch)
    for row in rows:
        row["words"] = str(words.why_words(row["why"]))
        row["url"] = reverse("intake:batch", args=[id]) + queries.reason_query(row["why"], row["thing"])
        row["first_url"] = reverse("intake:file", args=[id, row["position"]])
    note = (
        _("{n} files were read before reasons were counted; read them again to count them.").format(n=uncounted)
        if uncounted
        else ""
    )
    return UNREAD.answer(request, rows, batch=batch, list_note=note)
