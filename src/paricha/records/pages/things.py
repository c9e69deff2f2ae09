"""Pages of what tips share: a selector (address, phone, account, file hash …), a group; and search."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.grounds.instants import from_epoch
from paricha.grounds.refusals import Refused
from paricha.grounds.selectors import SelectorKind
from paricha.records.events import Event
from paricha.records.models import FileHash, Group, GroupMember, Selector, Tip
from paricha.records.pages.tips import at_shown, tip_url
from paricha.records.queries import first_seen, sightings_of, tips_with
from paricha.records.search import search as look_for
from paricha.screens.lists import Column, Empty, ListPage

KIND_WORDS = {
    SelectorKind.ADDRESS: gettext_lazy("Internet address"),
    SelectorKind.PHONE: gettext_lazy("Phone"),
    SelectorKind.EMAIL: gettext_lazy("E-mail"),
    SelectorKind.ACCOUNT: gettext_lazy("Account"),
    SelectorKind.HANDLE: gettext_lazy("Screen name"),
    SelectorKind.DEVICE: gettext_lazy("Device"),
    SelectorKind.HASH: gettext_lazy("File hash"),
    SelectorKind.URL: gettext_lazy("Web address"),
    SelectorKind.GROUP: gettext_lazy("Group"),
    SelectorKind.PAYMENT: gettext_lazy("Payment"),
}

SEEN = ListPage(
    name="sightings",
    title=gettext_lazy("Sightings"),
    columns=[
        Column("at", gettext_lazy("When"), "at", show=lambda row: at_shown(row.at), sort="at",
               export=lambda row: from_epoch(row.at) if row.at is not None else None),
        Column("port", gettext_lazy("Port"), "port"),
        Column("event", gettext_lazy("Event"), "event"),
        Column("who", gettext_lazy("Who"), "who"),
        Column("precision", gettext_lazy("Precision"), "precision"),
        Column("tip", gettext_lazy("Tip"), lambda row: str(row.tip), link=lambda row: tip_url(row.tip) + "?tab=sightings"),
    ],
    order="-at",
    empty=Empty(gettext_lazy("It was not seen where you may look."), gettext_lazy("Ask the State unit.")),
    template="records/selector.html",
)  # fmt: skip

WITH = ListPage(
    name="tips-with",
    title=gettext_lazy("Tips"),
    columns=[
        Column("number", gettext_lazy("Tip"), str, link=tip_url, sort="report_number"),
        Column(
            "received",
            gettext_lazy("Received"),
            "received_at",
            show=lambda tip: at_shown(tip.received_at),
            sort="received_at",
        ),
        Column("reporter", gettext_lazy("Reporter"), "reporter"),
        Column("lead", gettext_lazy("First suspect"), "lead_name"),
        Column("forms", gettext_lazy("Forms"), "forms"),
    ],
    order="-id",
    empty=Empty(gettext_lazy("No tip that you may see has it."), gettext_lazy("Groups that name it stand above.")),
    template="records/selector.html",
)


@require_safe
@officer_page(Right.READ_RECORDS)
def selector(request: HttpRequest, selector: bytes) -> HttpResponseBase:
    """Where a selector was seen, and when first; for a hash, under which names."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    row = Selector.objects.filter(id16=selector).first()
    tips = tips_with(officer, row) if row is not None else Tip.objects.none()
    groups = _groups(officer, row) if row is not None else []
    if row is None or not (groups or tips.exists()):
        raise Refused("ACCESS-NOT-VISIBLE", _("There is no such thing here, or it is not for you to see."),
                      _("Check the number; break-glass opens another unit's rows with a reason."))  # fmt: skip
    read(officer, Event.FILE_READ if row.kind == SelectorKind.HASH else Event.SELECTOR_READ, row)
    more = {
        "selector": row, "kind": KIND_WORDS.get(SelectorKind(row.kind), row.kind), "groups": groups,
        "facts": _facts(officer, row, tips), "names": _names(officer, row),
    }  # fmt: skip
    if row.kind == SelectorKind.ADDRESS:
        rows = sightings_of(officer, row).select_related("tip")
        return SEEN.answer(request, rows, **more)
    return WITH.answer(request, tips, **more)


def _facts(officer: Officer, row: Selector, tips: Any) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [(_("Tips"), tips.count())]
    if row.within:
        facts.append((_("Within"), row.within))
    if row.kind == SelectorKind.ADDRESS:
        first = first_seen(officer, row)
        facts.append((_("First seen"), from_epoch(first.at) if first is not None and first.at is not None else None))
        return facts
    earliest = tips.filter(received_at__isnull=False).order_by("received_at").first()
    facts.append((_("First in a tip received"), from_epoch(earliest.received_at) if earliest else None))
    return facts


def _names(officer: Officer, row: Selector) -> list[dict[str, Any]]:
    """For a hash: the names under which tips state it."""
    if row.kind != SelectorKind.HASH:
        return []
    found = FileHash.objects.visible_to(officer).filter(selector=row).select_related("file__tip").order_by("-pk")[:200]
    return [{"name": one.file.name, "tip": one.file.tip, "classification": one.file.classification} for one in found]


def _groups(officer: Officer, row: Selector) -> list[Group]:
    members = GroupMember.objects.visible_to(officer).filter(Q(account=row) | Q(phone=row)).values("group_id")
    return list(Group.objects.visible_to(officer).filter(pk__in=members)[:50])


MEMBERS = ListPage(
    name="members",
    title=gettext_lazy("Members"),
    columns=[
        Column("name", gettext_lazy("Name"), "name"),
        Column("account", gettext_lazy("Account"), lambda row: row.account.shown if row.account else None,
               link=lambda row: reverse("records:selector", args=[row.account.id16]) if row.account else ""),
        Column("phone", gettext_lazy("Phone"), lambda row: row.phone.shown if row.phone else None),
        Column("bases", gettext_lazy("Basis"), "bases"),
        Column("state", gettext_lazy("From the State"), lambda row: row.from_state, show=lambda row: row.from_state or _("no sign of it")),
        Column("first", gettext_lazy("First"), "first_at", show=lambda row: at_shown(row.first_at)),
    ],
    empty=Empty(gettext_lazy("The export names no member."), gettext_lazy("Bring a fuller export in at Intake.")),
    template="records/group.html",
)  # fmt: skip


@require_safe
@officer_page(Right.READ_RECORDS)
def group(request: HttpRequest, group: bytes) -> HttpResponseBase:
    """A group with its members, each with the basis on which we believe it and what points to the State."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    row = Group.objects.get_visible(officer, id16=group)
    members = list(row.member_rows.select_related("account", "phone").order_by("number"))
    for member in members:
        member.from_state = state_basis(officer, member)
    if request.GET.get("view") == "state":
        members = [member for member in members if member.from_state]
    read(officer, Event.GROUP_READ, row, members=len(members))
    return MEMBERS.answer(
        request, [_plain(member) for member in members], group=row,
        from_state=sum(bool(member.from_state) for member in members), since=at_shown(row.first_at), until=at_shown(row.last_at),
    )  # fmt: skip


class _plain:
    """A member as a list row."""

    def __init__(self, member: GroupMember) -> None:
        for name in ("pk", "name", "account", "phone", "bases", "first_at", "from_state"):
            setattr(self, name, getattr(member, name))


def state_basis(officer: Officer, member: GroupMember) -> str:
    """Why a member is believed to be of this State: a tip here has his account or phone. Empty where nothing says so."""
    for selector in (member.account, member.phone):
        if selector is None:
            continue
        tip = tips_with(officer, selector).order_by("pk").first()
        if tip is not None:
            return _("tip {tip} has the same {kind}").format(tip=tip, kind=KIND_WORDS[SelectorKind(selector.kind)])
    return ""


@require_safe
@officer_page(Right.READ_RECORDS)
def search(request: HttpRequest) -> HttpResponse:
    """Search: exact selectors first, then words in any script."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    asked = request.GET.get("q", "").strip()
    found = look_for(officer, asked) if asked else None
    if found is not None:
        read(
            officer, Event.SEARCH_ASKED, tips=len(found.tips), selectors=len(found.selectors), groups=len(found.groups)
        )
    return render(
        request, "records/search.html",
        {"asked": asked, "found": found, "hits": [_hit(one) for one in found.selectors] if found else [],
         "rows": [{"tip": tip, "received": at_shown(tip.received_at)} for tip in found.tips] if found else []},
    )  # fmt: skip


def _hit(hit: Any) -> dict[str, Any]:
    return {
        "kind": KIND_WORDS.get(SelectorKind(hit.selector.kind), hit.selector.kind),
        "selector": hit.selector,
        "tips": hit.tips,
        "url": reverse("records:selector", args=[hit.selector.id16]),
    }
