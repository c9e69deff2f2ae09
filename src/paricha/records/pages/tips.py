"""The list of tips."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.grounds.identity import id_named
from paricha.grounds.instants import from_epoch
from paricha.records.events import Event
from paricha.records.models import Group, Tip
from paricha.screens import moments
from paricha.screens.list_filters import Choice, Days, Filter
from paricha.screens.lists import Column, Empty, ListPage, View
from paricha.screens.shapes import state


def tip_url(tip: Tip) -> str:
    return reverse("records:tip", args=[tip.id16])


def at_shown(seconds: int | None) -> Any:
    """An instant of a row, or None for "not stated"."""
    return None if seconds is None else moments.short_words(from_epoch(seconds))


def standing_shown(tip: Tip) -> Any:
    """What is open in a tip, in words."""
    if tip.folded_into is not None:
        return state(_("Folded"), "neutral")
    if tip.conflicts:
        return state(_("Forms differ"), "warn")
    return state(_("Unread blocks"), "neutral") if tip.unread else ""


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
)  # fmt: skip


def _of_batch(rows: Any, text: str) -> Any:
    return rows.filter(batch=id_named(text))


@officer_page(Right.READ_RECORDS)
def tips(request: HttpRequest) -> HttpResponseBase:
    """The tips the officer sees, newest first.

    Plan at 1 M: SEARCH records_tip USING INDEX records_tip_unit (unit_id=?), 51 rows by keyset.
    """
    rows = Tip.objects.visible_to(request.officer).select_related("unit")  # type: ignore[attr-defined]
    return TIPS.answer(request, rows)


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
    on_read=lambda request, rows, how: read(request.officer, Event.GROUPS_LISTED, how=how),
)  # fmt: skip


@officer_page(Right.READ_RECORDS)
def groups(request: HttpRequest) -> HttpResponseBase:
    """The groups and channels the officer sees."""
    return GROUPS.answer(request, Group.objects.visible_to(request.officer))  # type: ignore[attr-defined]
