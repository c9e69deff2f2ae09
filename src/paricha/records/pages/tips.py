"""The list of tips."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.grounds.identity import id_named
from paricha.grounds.instants import from_epoch
from paricha.records.events import Event
from paricha.records.models import Group, Tip
from paricha.records.queries import with_members
from paricha.screens import moments
from paricha.screens.list_filters import Choice, Days, Filter
from paricha.screens.lists import Column, Empty, ListPage, View, counted
from paricha.screens.shapes import state


def tip_url(tip: Tip) -> str:
    return reverse("records:tip", args=[tip.id16])


def at_shown(seconds: int | None) -> Any:
    """An instant of a row, or None for "not stated"."""
    return None if seconds is None else moments.short_words(from_epoch(seconds))


def standing_shown(tip: Tip) -> Any:
    """What is open in a tip, in words; of the head of a family how many are folded into it, to be unfolded."""
    shown = ""
    if tip.folded_into is not None:
        shown = state(_("Folded"), "neutral")
    elif tip.conflicts:
        shown = state(_("Forms differ"), "warn")
    elif tip.unread:
        shown = state(_("Unread blocks"), "neutral")
    count = getattr(tip, "members", 0)
    return format_html("{} {}", shown, _family_link(tip, count)) if count else shown


def _family_link(tip: Tip, count: int) -> SafeString:
    words = ngettext("{n} folded", "{n} folded", count).format(n=f"{count:,}")
    return format_html(
        '<a class="btn small" href="{}?family={}" data-unfold="{}" data-family="{}" aria-expanded="false">{}</a>',
        reverse("records:tips"), tip.id16.hex(), reverse("records:family", args=[tip.id16]), tip.id16.hex(), words,
    )  # fmt: skip


FORMS = [(form, form.upper()) for form in ("json", "xml", "pdf", "xlsx", "ods", "csv", "entry")]

TIPS = ListPage(
    name="tips",
    title=gettext_lazy("Tips"),
    columns=[
        Column("number", gettext_lazy("Tip"), str, link=tip_url, sort="report_number"),
        Column("received", gettext_lazy("Received"), "received_at", show=lambda tip: at_shown(tip.received_at),
               export=lambda tip: from_epoch(tip.received_at) if tip.received_at is not None else None),
        Column("reporter", gettext_lazy("Reporter"), "reporter"),
        Column("lead", gettext_lazy("First suspect"), "lead_name"),
        Column("type", gettext_lazy("Incident"), "incident_type"),
        Column("forms", gettext_lazy("Forms"), "forms"),
        Column("version", gettext_lazy("Version"), number=True),
        Column("sightings", gettext_lazy("Sightings"), number=True),
        Column("files", gettext_lazy("Files"), number=True),
        Column("standing", gettext_lazy("State"), lambda tip: "", show=standing_shown,
               export=lambda tip: _("forms differ") if tip.conflicts else ""),
        Column("unit", gettext_lazy("Unit"), "unit.name", on_screen=False),
        Column("members", gettext_lazy("Folded into it"), lambda tip: getattr(tip, "members", 0), number=True, on_screen=False),
        Column("folded_into", gettext_lazy("Folded into"), lambda tip: tip.folded_into and tip.folded_into.hex(), on_screen=False),
        Column("id", gettext_lazy("Id"), lambda tip: tip.id16.hex(), on_screen=False),
    ],
    views=[
        View("all", gettext_lazy("All"), {"folded_into": None}),
        View("conflicts", gettext_lazy("Forms differ"), {"conflicts__gt": 0}),
        View("unread", gettext_lazy("Unread blocks"), {"unread__gt": 0}),
        View("folded", gettext_lazy("Folded"), {"folded_into__isnull": False}),
    ],
    filters=[
        Filter("reporter", gettext_lazy("Reporter"), apply="reporter__istartswith"),
        Choice("form", gettext_lazy("Form"), options=FORMS, apply="forms__contains"),
        Days("received", gettext_lazy("Received"), apply="received_at", epoch=True),
        Filter("batch", gettext_lazy("Batch"), apply=lambda rows, text: _of_batch(rows, text)),
    ],
    search=["report_number__startswith"],
    order="-id",
    paging="keyset",
    empty=Empty(gettext_lazy("No tip is here yet."), gettext_lazy("Tips come from Intake, or are typed there."), "/intake/",
                gettext_lazy("Open Intake")),
    on_read=lambda request, rows, how: read(request.officer, Event.TIPS_LISTED, how=how),
    template="records/tips.html",
)  # fmt: skip
# A sheet, a search and a filter hold every tip: only the list as it is looked through shows a family as one row.
EVERY_TIP = replace(TIPS, views=[View("all", gettext_lazy("All")), *TIPS.views[1:]])
_NARROWS = ("q", "reporter", "form", "received_from", "received_to", "batch", "family", "export")


def _of_batch(rows: Any, text: str) -> Any:
    return rows.filter(batch=id_named(text))


@officer_page(Right.READ_RECORDS)
def tips(request: HttpRequest) -> HttpResponseBase:
    """The tips the officer sees, newest first; a folded family is one row with its count.

    Plan at 1 M: SEARCH records_tip USING INDEX records_tip_unit (unit_id=?), 51 rows by keyset; members of a row by
    SEARCH records_tip USING INDEX records_tip_fold (folded_into=?).
    """
    officer: Officer = request.officer  # type: ignore[attr-defined]
    narrowed = any(request.GET.get(name) for name in _NARROWS)
    folded = "" if narrowed else _folded_words(officer)
    page = EVERY_TIP if narrowed else TIPS
    rows = with_members(officer).select_related("unit")
    head = request.GET.get("family", "")
    if head:
        rows = rows.filter(Q(id16=id_named(head)) | Q(folded_into=id_named(head)))
    return page.answer(request, rows, list_note=folded)


def _folded_words(officer: Officer) -> str:
    """That families stand as one row, so that nobody misses a tip in the count."""
    count, more = counted(Tip.objects.visible_to(officer).filter(folded_into__isnull=False))
    if not count:
        return ""
    words = ngettext(
        "{n} more tip is folded into one of these; a sheet holds it too",
        "{n} more tips are folded into these; a sheet holds them too", count,
    )  # fmt: skip
    return words.format(n=f"{count:,}{'+' if more else ''}")


GROUPS = ListPage(
    name="groups",
    title=gettext_lazy("Groups"),
    columns=[
        Column("title", gettext_lazy("Group"), lambda group: group.title or _("without a title"),
               link=lambda group: reverse("records:group", args=[group.id16]), sort="title"),
        Column("service", gettext_lazy("Service"), "service"),
        Column("type", gettext_lazy("Kind"), "group_type"),
        Column("members", gettext_lazy("Members"), number=True, sort="members"),
        Column("messages", gettext_lazy("Messages counted"), number=True, sort="messages"),
        Column("last", gettext_lazy("Last message"), "last_at", show=lambda group: at_shown(group.last_at)),
    ],
    search=["title__icontains", "group_id__startswith"],
    order="-id",
    empty=Empty(gettext_lazy("No group is here yet."), gettext_lazy("Bring a Telegram export in at Intake."), "/intake/",
                gettext_lazy("Open Intake")),
    template="records/lists.html",
    on_read=lambda request, rows, how: read(request.officer, Event.GROUPS_LISTED, how=how),
)  # fmt: skip


@officer_page(Right.READ_RECORDS)
def groups(request: HttpRequest) -> HttpResponseBase:
    """The groups and channels the officer sees."""
    return GROUPS.answer(request, Group.objects.visible_to(request.officer))  # type: ignore[attr-defined]
