"""Pages of what tips share: a selector (address, phone, account, file hash …) and a group."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
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
from paricha.grounds.selectors import SelectorKind, points
from paricha.intake.document import TipDocument, locator
from paricha.records import seen, stated
from paricha.records.events import Event
from paricha.records.models import FileHash, Group, GroupMember, Selector, Sighting, Tip
from paricha.records.pages.earlier import earlier_card
from paricha.records.pages.kinds import KIND_WORDS
from paricha.records.pages.tips import at_shown, tip_url
from paricha.records.queries import merged_many, sightings_of, tips_with
from paricha.screens import places
from paricha.screens.lists import Column, Empty, ListPage

A_PAGE = 50
ZONE_WORDS = {
    "stated": gettext_lazy("stated beside it"),
    "column": gettext_lazy("in the heading"),
    "profile": gettext_lazy("by the mapping"),
    "none": gettext_lazy("none: no instant"),
}


def _stands(row: Any) -> Any:
    """Where the value stands in the original, once for each original."""
    shown = [places.place(one) for one in getattr(row, "stands", [])]
    return shown or ""


def _instant(row: Any, field: str) -> Any:
    seconds = getattr(row, field)
    return from_epoch(seconds) if seconds is not None else None


SEEN = ListPage(
    name="sightings",
    title=gettext_lazy("Sightings"),
    columns=[
        Column("at", gettext_lazy("When"), "at", show=lambda row: at_shown(row.at) or _("not stated in UTC"),
               export=lambda row: _instant(row, "at")),
        Column("zone", gettext_lazy("Zone"), "zone_source", show=lambda row: ZONE_WORDS.get(row.zone_source, row.zone_source)),
        Column("precision", gettext_lazy("Precision"), "precision"),
        Column("port", gettext_lazy("Port"), "port"),
        Column("event", gettext_lazy("Event"), "event"),
        Column("who", gettext_lazy("Who"), "who"),
        Column("tip", gettext_lazy("Tip"), lambda row: str(row.tip), link=lambda row: tip_url(row.tip) + "?tab=sightings"),
        Column("stands", gettext_lazy("In the original"), lambda row: "", show=_stands),
    ],
    empty=Empty(gettext_lazy("It was not seen where you may look."), gettext_lazy("Ask the State unit.")),
    template="records/selector.html",
)  # fmt: skip

WITH = ListPage(
    name="tips-with",
    title=gettext_lazy("Tips"),
    columns=[
        Column("number", gettext_lazy("Tip"), str, link=tip_url),
        Column("received", gettext_lazy("Received"), "received_at", show=lambda tip: at_shown(tip.received_at),
               export=lambda tip: _instant(tip, "received_at")),
        Column("reporter", gettext_lazy("Reporter"), "reporter"),
        Column("whose", gettext_lazy("Whose"), lambda tip: "", show=lambda tip: ", ".join(getattr(tip, "whose", []))),
        Column("lead", gettext_lazy("First suspect"), "lead_name"),
        Column("forms", gettext_lazy("Forms"), "forms"),
        Column("stands", gettext_lazy("In the original"), lambda row: "", show=_stands),
    ],
    empty=Empty(gettext_lazy("No tip that you may see has it."), gettext_lazy("Groups that name it stand above.")),
    template="records/account.html",
)  # fmt: skip

FILES = ListPage(
    name="files-with",
    title=gettext_lazy("Files"),
    columns=[
        Column("name", gettext_lazy("Name in the tip"), "file.name", show=lambda row: row.file.name),
        Column("tip", gettext_lazy("Tip"), lambda row: str(row.file.tip), link=lambda row: tip_url(row.file.tip) + "?tab=files"),
        Column("received", gettext_lazy("Received"), "file.tip.received_at", show=lambda row: at_shown(row.file.tip.received_at),
               export=lambda row: _instant(row.file.tip, "received_at")),
        Column("reporter", gettext_lazy("Reporter"), "file.tip.reporter"),
        Column("viewed", gettext_lazy("Viewed by the reporter"), "file.viewed_by_reporter"),
        Column("public", gettext_lazy("Public"), "file.public"),
        Column("classification", gettext_lazy("Classification stated"), "file.classification"),
        Column("stands", gettext_lazy("In the original"), lambda row: "", show=_stands),
    ],
    empty=Empty(gettext_lazy("No file that you may see has this hash."), gettext_lazy("Ask the State unit.")),
    template="records/file_hash.html",
)  # fmt: skip


@require_safe
@officer_page(Right.READ_RECORDS)
def selector(request: HttpRequest, selector: bytes) -> HttpResponseBase:
    """Where a selector was seen and when first: sightings of an address, files with a hash, tips with anything else."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    row = Selector.objects.filter(id16=selector).first()
    count = seen.tips_counted(officer, row) if row is not None else seen.Count(0)
    groups = list(seen.groups_with(officer, row).order_by("-pk")[:A_PAGE]) if row is not None else []
    if row is None or not (groups or count.n):
        raise Refused("ACCESS-NOT-VISIBLE", _("There is no such thing here, or it is not for you to see."),
                      _("Check the number; break-glass opens another unit's rows with a reason."))  # fmt: skip
    how = request.GET.get("export", "") or "screen"
    read(officer, Event.FILE_READ if row.kind == SelectorKind.HASH else Event.SELECTOR_READ, row, how=how[:8])
    if how != "screen":
        return _sheet(request, officer, row)
    newest = seen.newest_tips(officer, row, limit=seen.LOOKED_AT)
    more = {
        "selector": row, "kind": KIND_WORDS.get(SelectorKind(row.kind), row.kind), "groups": groups,
        "facts": _facts(officer, row, count),
        "points": points(row.kind, row.normal_form, synthetic=settings.PARICHA.synthetic),
        "beside": [
            {"kind": KIND_WORDS.get(SelectorKind(one.selector.kind), one.selector.kind), "row": one.selector, "tips": one.tips}
            for one in seen.beside(officer, row, newest)
        ],
        "looked_at": len(newest),
        **earlier_card(officer, row),
    }  # fmt: skip
    if row.kind == SelectorKind.ADDRESS:
        return _sightings(request, officer, row, more)
    if row.kind == SelectorKind.HASH:
        return _files(request, officer, row, more)
    return _tips(request, officer, row, count, newest, more)


def _sheet(request: HttpRequest, officer: Officer, row: Selector) -> HttpResponseBase:
    """All rows, not a page of them, in the order they came."""
    if row.kind == SelectorKind.ADDRESS:
        return SEEN.answer(request, sightings_of(officer, row).select_related("tip"))
    if row.kind == SelectorKind.HASH:
        return FILES.answer(request, _with_hash(officer, row).order_by("pk"))
    return WITH.answer(request, tips_with(officer, row).order_by("pk"))


def _facts(officer: Officer, row: Selector, count: seen.Count) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = []
    if row.within:
        facts.append((_("Within"), row.within))
    if row.kind == SelectorKind.ADDRESS:
        facts.append((_("Sightings"), _counted(seen.sightings_counted(officer, row))))
        first = next(iter(seen.sightings_page(officer, row, limit=1, oldest=True)), None)
        last = next(iter(seen.sightings_page(officer, row, limit=1)), None)
        facts += [(_("First seen"), _when(first)), (_("Last seen"), _when(last))]
    facts.append((_("Tips"), _counted(count)))
    if row.kind != SelectorKind.ADDRESS:
        tip = seen.first_received(officer, row, count)
        label = _("First brought in with") if count.more else _("First in a tip received")
        facts.append((label, _instant(tip, "received_at") if tip is not None else None))
    return facts


def _when(row: Sighting | None) -> Any:
    return None if row is None or row.at is None else from_epoch(row.at)


def _counted(count: seen.Count) -> Any:
    return _("more than {count}").format(count=f"{count.n:,}") if count.more else count.n


# ---- an address -------------------------------------------------------------------------------------------------
def _sightings(request: HttpRequest, officer: Officer, row: Selector, more: dict[str, Any]) -> HttpResponseBase:
    oldest = request.GET.get("order") == "oldest"
    after = _after(request.GET.get("after", ""))
    found = seen.sightings_page(officer, row, after=after, limit=A_PAGE + 1, oldest=oldest)
    shown = found[:A_PAGE]
    documents = {key: one.document for key, one in merged_many(one.tip for one in shown).items()}
    for one in shown:
        one.stands = _places_of_sighting(documents.get(one.tip.id16), one)  # type: ignore[attr-defined]
    last = shown[-1] if shown else None
    key = json.dumps([last.at, last.pk]) if last is not None and len(found) > A_PAGE else ""
    count = seen.sightings_counted(officer, row)
    order = "oldest" if oldest else ""
    return SEEN.answer(
        request, shown, oldest=oldest, total=count.n, more_than=count.more, first=0 if after else 1,
        forward=_address(after=key, order=order) if key else "", back=_address(order=order) if after else "",
        turned=_address(order="" if oldest else "oldest"), **more,
    )  # fmt: skip


def _places_of_sighting(document: TipDocument | None, row: Sighting) -> list[Any]:
    if document is None or row.number >= len(document.sightings):
        return []
    said = document.sightings[row.number]
    return [locator(document, said.address)] if said.address is not None else []


def _after(text: str) -> seen.After | None:
    """The key in an address; anything else is the first page."""
    try:
        at, key = json.loads(text)
    except (ValueError, TypeError):
        return None
    fits = isinstance(key, int) and (at is None or isinstance(at, int))
    return (at, key) if fits and abs(key) < 2**62 and abs(at or 0) < 2**62 else None


def _address(**given: str) -> str:
    return "?" + urlencode({name: value for name, value in given.items() if value})


# ---- anything else that tips have ---------------------------------------------------------------------------------
def _tips(
    request: HttpRequest, officer: Officer, row: Selector, count: seen.Count, newest: list[Tip], more: dict[str, Any]
) -> HttpResponseBase:
    below = _whole(request.GET.get("after", ""))
    found = newest[: A_PAGE + 1] if below is None else seen.newest_tips(officer, row, below=below, limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    documents = {key: one.document for key, one in merged_many(shown).items()}
    written: dict[str, None] = {}
    told = []
    for tip in shown:
        document = documents[tip.id16]
        said = stated.stated(document, row.kind, row.normal_form, settings.PARICHA.region)
        tip.stands = [locator(document, leaf) for _who, leaf in said]  # type: ignore[attr-defined]
        tip.whose = list(dict.fromkeys(who for who, _leaf in said))  # type: ignore[attr-defined]
        written.update(dict.fromkeys(str(leaf.value) for _who, leaf in said))
        told += [{"tip": tip, "place": place} for place in stated.messages(document)]
    forward = _address(after=str(shown[-1].pk)) if len(found) > A_PAGE else ""
    return WITH.answer(
        request, shown, total=count.n, more_than=count.more, first=0 if below else 1, forward=forward,
        back="?" if below else "", written=list(written), messages=told[:A_PAGE], **more,
    )  # fmt: skip


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


# ---- a file hash ------------------------------------------------------------------------------------------------
def _with_hash(officer: Officer, row: Selector) -> Any:
    """Plan: SEARCH records_filehash USING INDEX (selector_id=? AND rowid<?), then file and tip by key."""
    return FileHash.objects.visible_to(officer).filter(selector=row).select_related("file__tip")


def _files(request: HttpRequest, officer: Officer, row: Selector, more: dict[str, Any]) -> HttpResponseBase:
    below, rows = _whole(request.GET.get("after", "")), _with_hash(officer, row)
    found = list((rows if below is None else rows.filter(pk__lt=below)).order_by("-pk")[: A_PAGE + 1])
    shown = found[:A_PAGE]
    documents = {key: one.document for key, one in merged_many(one.file.tip for one in shown).items()}
    for one in shown:
        document = documents[one.file.tip.id16]
        said = stated.stated(document, row.kind, row.normal_form, settings.PARICHA.region)
        mine = [leaf for who, leaf in said if who == f"file {one.file.number}"]
        one.stands = [locator(document, leaf) for leaf in mine]
    count = rows.order_by()[: seen.UP_TO + 1].count()
    return FILES.answer(
        request, shown, total=min(count, seen.UP_TO), more_than=count > seen.UP_TO, first=0 if below else 1,
        forward=_address(after=str(shown[-1].pk)) if len(found) > A_PAGE else "", back="?" if below else "",
        others=_other_hashes(shown, row), **more,
    )  # fmt: skip


def _other_hashes(shown: Iterable[FileHash], row: Selector) -> list[Selector]:
    """What else the tips of this page state as hashes of the same files."""
    files = [one.file_id for one in shown]  # type: ignore[attr-defined]
    others = Selector.objects.filter(file_hashes__file_id__in=files).exclude(pk=row.pk).distinct()
    return sorted(others, key=lambda one: one.normal_form)[:20]


# ---- a group ----------------------------------------------------------------------------------------------------
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
