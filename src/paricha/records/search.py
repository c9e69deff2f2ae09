"""Search: exact selectors first, in any spelling; then words in any script. Only what the officer may see.

    found = search(officer, "98470 00417")
    found.selectors, found.tips (those with an exact selector first), found.groups

The same answers on both databases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
from django.conf import settings
from django.db.models import Q
from django.db.models.expressions import RawSQL

from paricha.access.models import Officer
from paricha.grounds import identity, selectors
from paricha.grounds.selectors import SelectorKind
from paricha.records import words
from paricha.records.deriving import url_form
from paricha.records.models import Group, GroupMember, Selector, Tip
from paricha.records.queries import tips_with

PAGE = 50
LEAST_OF_HASH = 8  # hex digits of a partial hash
_HASH = re.compile(r"[0-9a-f]{8,128}")


class Hit(msgspec.Struct):
    """A selector that was asked for, and how many visible tips have it (counted up to 1,000)."""

    selector: Selector
    tips: int


class Found(msgspec.Struct):
    """`tips`: newest first, at most a page; `more`: there are more than shown; `exact`: how many came by number or selector."""

    asked: str
    selectors: list[Hit]
    tips: list[Tip]
    groups: list[Group]
    exact: int
    more: bool


def search(officer: Officer, asked: str, *, limit: int = PAGE) -> Found:
    """Look for selectors, report numbers and words."""
    text = asked.strip()
    hits = [Hit(one, count) for one in _selectors(text) if (count := _seen(officer, one))]
    tips = list(Tip.objects.visible_to(officer).filter(report_number=text)[:limit]) if text else []
    for hit in hits:
        tips += tips_with(officer, hit.selector).order_by("-pk")[: limit + 1]
    tips = list({tip.pk: tip for tip in tips}.values())
    exact = min(len(tips), limit)
    if len(tips) <= limit:
        tips += [tip for tip in _by_words(officer, text, limit + 1) if tip not in tips]
    return Found(text, hits, tips[:limit], _groups(officer, text, hits), exact, len(tips) > limit)


def _seen(officer: Officer, selector: Selector) -> int:
    """Visible tips and groups with the selector; an invisible one is as if it were not."""
    count = tips_with(officer, selector)[:1000].count()
    return count or _groups_with(officer, selector)[:1000].count()


def _groups_with(officer: Officer, selector: Selector):  # type: ignore[no-untyped-def]
    members = GroupMember.objects.filter(Q(account=selector) | Q(phone=selector)).values("group_id")
    return Group.objects.visible_to(officer).filter(pk__in=members)


def _selectors(text: str) -> list[Selector]:
    """Every selector that the text may name, exactly."""
    if not text:
        return []
    ids = {identity.selector_id(kind, normal) for kind, normal in forms_of(text, settings.PARICHA.region)}
    found = {one.pk: one for one in Selector.objects.filter(id16__in=ids)}
    bare = selectors.refang(text).strip().removeprefix("@").casefold()
    # Plan: SEARCH records_selector USING INDEX records_selector_bare (bare=? / bare>? AND bare<?)
    for one in Selector.objects.filter(bare=bare)[:PAGE]:
        found[one.pk] = one
    plain = bare.replace(" ", "")
    if _HASH.fullmatch(plain):
        following = plain[:-1] + chr(ord(plain[-1]) + 1)
        for one in Selector.objects.filter(kind=SelectorKind.HASH, bare__gte=plain, bare__lt=following)[:PAGE]:
            found[one.pk] = one
    return sorted(found.values(), key=lambda one: (one.kind, one.normal_form))


def forms_of(text: str, region: str) -> Iterator[tuple[SelectorKind, str]]:
    """The normal forms that a text may be: phone in any spelling, de-fanged address or e-mail, URL."""
    plain = selectors.refang(text).strip()
    address = selectors.address(plain) or selectors.address(plain.rpartition(":")[0] if plain.count(":") == 1 else "")
    if address:
        yield SelectorKind.ADDRESS, address
    if "@" in plain and (email := selectors.email(plain)):
        yield SelectorKind.EMAIL, email
    if re.fullmatch(r"[+\d\s().\-/]{6,30}", plain) and not address and (phone := selectors.phone(plain, region)):
        yield SelectorKind.PHONE, phone
    if "/" in plain or "://" in plain:
        yield SelectorKind.URL, url_form(plain)


def _by_words(officer: Officer, text: str, limit: int) -> list[Tip]:
    matching = words.matching(text)
    if matching is None:
        return []
    sql, values = matching
    return list(Tip.objects.visible_to(officer).filter(pk__in=RawSQL(sql, values)).order_by("-pk")[:limit])  # noqa: S611


def _groups(officer: Officer, text: str, hits: list[Hit]) -> list[Group]:
    found = {group.pk: group for hit in hits for group in _groups_with(officer, hit.selector)[:PAGE]}
    matching = words.matching(text, groups=True)
    if matching is not None:
        sql, values = matching
        for group in Group.objects.visible_to(officer).filter(pk__in=RawSQL(sql, values)).order_by("-pk")[:PAGE]:  # noqa: S611
            found[group.pk] = group
    return list(found.values())
