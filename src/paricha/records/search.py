"""Search: exact selectors first, in any spelling; then words in any script. Only what the officer may see.

    found = search(officer, Asked("10000 00417"))
    found.selectors, found.tips (those with an exact selector first), found.groups

The same answers on both databases. Filters narrow what was found; they find nothing by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import msgspec
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from paricha.access.models import Officer
from paricha.grounds import identity, selectors
from paricha.grounds.folding import folded
from paricha.grounds.selectors import SelectorKind
from paricha.records import words
from paricha.records.models import Group, Selector, SelectorLink, Sighting, Tip
from paricha.records.seen import Count, groups_with, newest_tips, tips_counted
from paricha.screens.unit import zone

PAGE = 50
LEAST_OF_HASH = 8  # hex digits of a partial hash
LEAST_OF_NUMBER = 4  # letters of a report number's beginning
LOOKED_AT = 50_000  # tips with the words that filters and need to know look through, newest first
AT_ONCE = 500
FAR = 2_000  # integers between two tips that are not looked at in one stretch
HAS = ("phone", "address", "device")
_HASH = re.compile(r"[0-9a-f]{8,128}")
_NAMED = re.compile(r"<([^<>\s]+@[^<>\s]+)>\s*$|^mailto:([^\s?]+)", re.IGNORECASE)


class Asked(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an officer asks: text and filters. Days as 2026-11-24 in the unit's zone, both included; `unit`: its integer."""

    text: str = ""
    form: str = ""
    reporter: str = ""
    received_from: str = ""
    received_to: str = ""
    has: str = ""
    unit: str = ""

    @property
    def filtered(self) -> bool:
        return any(getattr(self, name) for name in self.__struct_fields__ if name != "text")


class Hit(msgspec.Struct):
    """A selector that was asked for, and how many visible tips have it."""

    selector: Selector
    tips: Count


class Found(msgspec.Struct):
    """`tips`: at most a page, those by number or selector (`exact`) first, then newest first; `by`: for an exact one the
    selectors (none: its number); `below`: where a further page begins, None at the end; `cut`: only so many were looked at.
    """

    asked: Asked
    selectors: list[Hit]
    tips: list[Tip]
    groups: list[Group]
    exact: int
    by: dict[int, list[Selector]]
    below: int | None = None
    cut: bool = False

    @property
    def more(self) -> bool:
        return self.below is not None


def search(officer: Officer, asked: Asked | str, *, limit: int = PAGE, below: int | None = None) -> Found:
    """Look for selectors, report numbers and words; from `below` on for further words."""
    wanted = asked if isinstance(asked, Asked) else Asked(asked)
    text = wanted.text.strip()
    if not text:
        return Found(wanted, [], [], [], 0, {})
    fits = Narrowing(officer, wanted)
    hits = [
        Hit(one, count)
        for one in selectors_of(text)
        if (count := tips_counted(officer, one)).n or groups_with(officer, one).exists()
    ]
    by = exact_tips(officer, text, [hit.selector for hit in hits], fits, limit)
    tips: list[Tip] = [] if below is not None else [tip for tip, _ in by.values()]
    exact = len(tips)
    rest, following, cut = _by_words(officer, text, fits, max(0, limit - exact), below, set(by))
    first_page = below is None
    return Found(
        wanted, hits if first_page else [], (tips + rest)[:limit], _groups(officer, text, hits) if first_page else [],
        min(exact, limit), {key: found for key, (_, found) in by.items()}, following, cut,
    )  # fmt: skip


# ---- filters ----------------------------------------------------------------------------------------------------
class Narrowing:
    """The filters of a question, as a condition on visible tips. Raises `ValueError` for a day that is none."""

    def __init__(self, officer: Officer, asked: Asked) -> None:
        self.officer, self.asked = officer, asked
        self._since, self._until = _midnight(asked.received_from, 0), _midnight(asked.received_to, 1)

    def tips(self, rows: QuerySet[Tip], limit: int | None = None) -> list[Tip]:
        """Those of the rows that fit, in their order, looking at so many."""
        asked = self.asked
        if asked.form:
            rows = rows.filter(forms__contains=asked.form)
        if self._since is not None:
            rows = rows.filter(received_at__gte=self._since)
        if self._until is not None:
            rows = rows.filter(received_at__lt=self._until)
        if asked.unit:
            rows = rows.filter(unit_id=int(asked.unit) if asked.unit.isascii() and asked.unit.isdigit() else 0)
        if asked.has:
            rows = rows.filter(_has(asked.has))
        found = list(rows if limit is None else rows[:limit])
        if asked.reporter:  # folded here: databases do not agree on the case of letters beyond ASCII
            begins = folded(asked.reporter.strip())
            found = [tip for tip in found if begins in folded(tip.reporter or "")]
        return [tip for tip in found if not asked.form or asked.form in tip.forms.split()]


def _midnight(day: str, later: int) -> int | None:
    if not day.strip():
        return None
    start = date.fromisoformat(day.strip()) + timedelta(days=later)
    return int(datetime.combine(start, time(), tzinfo=zone()).timestamp())


def _has(what: str) -> Q:
    if what == "address":
        return Q(Exists(Sighting.objects.filter(tip=OuterRef("pk"))))
    kind = {"phone": SelectorKind.PHONE, "device": SelectorKind.DEVICE}.get(what)
    first = Selector.objects.filter(first_tip=OuterRef("pk"), kind=kind)
    later = SelectorLink.objects.filter(tip=OuterRef("pk"), selector__kind=kind)
    return Q(Exists(first)) | Q(Exists(later))


# ---- exact ------------------------------------------------------------------------------------------------------
def exact_tips(
    officer: Officer, text: str, named: list[Selector], fits: Narrowing, limit: int
) -> dict[int, tuple[Tip, list[Selector]]]:
    """Tips by report number (or its beginning) or by one of the selectors, each with those that it has."""
    found: dict[int, tuple[Tip, list[Selector]]] = {}
    for tip in fits.tips(_numbered(officer, text), limit):
        found[tip.pk] = (tip, [])
    for selector in named:
        keys = [tip.pk for tip in newest_tips(officer, selector, limit=limit)]
        rows = {tip.pk: tip for tip in fits.tips(Tip.objects.visible_to(officer).filter(pk__in=keys))}
        for key in keys:
            if key in rows:
                found.setdefault(key, (rows[key], []))[1].append(selector)
    return dict(list(found.items())[:limit])


def _numbered(officer: Officer, text: str) -> QuerySet[Tip]:
    """Plan: SEARCH records_tip USING INDEX records_tip_number (report_number=? / report_number>? AND report_number<?)."""
    tips = Tip.objects.visible_to(officer)
    if len(text) >= LEAST_OF_NUMBER and text.isascii() and text.isdigit():
        return tips.filter(report_number__gte=text, report_number__lt=_following(text)).order_by("report_number", "pk")
    return tips.filter(report_number=text).order_by("pk")


def _following(text: str) -> str:
    return text[:-1] + chr(ord(text[-1]) + 1)


def selectors_of(text: str) -> list[Selector]:
    """Every selector that the text may name, exactly; of a hash also by its first digits."""
    ids = {identity.selector_id(kind, normal) for kind, normal in forms_of(text, settings.PARICHA.region)}
    found = {one.pk: one for one in Selector.objects.filter(id16__in=ids)}
    # Plan: SEARCH records_selector USING INDEX records_selector_bare (bare=? / bare>? AND bare<?). Ordered here: asked for
    # an order, SQLite walks the whole index of ids instead (570 ms at 10,000 tips).
    for one in _ordered(Selector.objects.filter(bare__in=bares_of(text, settings.PARICHA.region))):
        found[one.pk] = one
    plain = selectors.refang(text).casefold().replace(" ", "")
    if _HASH.fullmatch(plain):
        begun = Selector.objects.filter(kind=SelectorKind.HASH, bare__gte=plain, bare__lt=_following(plain))
        for one in _ordered(begun):
            if one.bare.startswith(plain):
                found[one.pk] = one
    return sorted(found.values(), key=lambda one: (one.kind, one.normal_form))


def _ordered(rows: QuerySet[Selector]) -> list[Selector]:
    return sorted(rows.order_by()[: 10 * PAGE], key=lambda one: one.id16)[:PAGE]


def forms_of(text: str, region: str) -> Iterator[tuple[SelectorKind, str]]:
    """The normal forms that a text may be: phone in any spelling, de-fanged address or e-mail, URL, a name on Facebook."""
    plain = selectors.refang(text).strip()
    address = selectors.address(plain) or selectors.address(without_port(plain))
    if address:
        yield SelectorKind.ADDRESS, address
    named = _NAMED.search(plain)
    mail = (named[1] or named[2]) if named else plain
    if "@" in mail and (email := selectors.email(mail)):
        yield SelectorKind.EMAIL, email
    if not address and (phone := selectors.phone(plain, region)):
        yield SelectorKind.PHONE, phone
    if ("/" in plain or "." in plain) and (url := selectors.url(plain)):
        yield SelectorKind.URL, url
        if "://" not in plain:
            yield SelectorKind.URL, url.replace("https://", "http://", 1)
    if name := selectors.handle("Facebook", plain):
        yield SelectorKind.HANDLE, name


def without_port(text: str) -> str:
    """`203.0.113.47:51820` and `[2001:db8::7]:443` without their port."""
    if text.startswith("["):
        return text.partition("]")[0] + "]"
    return text.rpartition(":")[0] if text.count(":") == 1 else ""


def bares_of(text: str, region: str) -> set[str]:
    """What stands behind a `service|` or `imei|` in the normal form of an id, handle, device or hash of that text."""
    plain = selectors.refang(text).strip()
    phone = selectors.phone(plain, region)
    forms = {
        plain,
        plain.casefold(),
        *((selectors.handle(None, plain) or "|").partition("|")[2::2]),
        *((selectors.account(None, plain) or "|").partition("|")[2::2]),
        *((selectors.device("imei", plain) or "|").partition("|")[2::2]),
        phone.removeprefix("+") if phone else "",
    }
    return {form for form in forms if form}


# ---- words ------------------------------------------------------------------------------------------------------
def _by_words(
    officer: Officer, text: str, fits: Narrowing, limit: int, below: int | None, known: set[int]
) -> tuple[list[Tip], int | None, bool]:
    """Up to `limit` tips with all the words, newest first; where to go on (None: that is all); whether looking was cut."""
    window, looked, found = 4 * PAGE, 0, list[Tip]()
    while True:
        keys = words.newest(text, window, below=below)
        rows = Tip.objects.visible_to(officer).filter(pk__in=keys).order_by("-pk")
        found += [tip for tip in fits.tips(rows) if tip.pk not in known]
        looked += len(keys)
        if len(found) > limit:
            return found[:limit], found[limit].pk + 1, False
        if len(keys) < window:
            return found, None, False
        if looked >= LOOKED_AT:
            return found, keys[-1], True
        below, window = keys[-1], min(4 * window, 5_000)


def matching_of(officer: Officer, asked: Asked, keys: list[int]) -> list[Tip]:
    """Those of these tips that a question finds for an officer: for saved searches, which look at what is new."""
    text, fits = asked.text.strip(), Narrowing(officer, asked)
    named = selectors_of(text)
    chosen: set[int] = set()
    for run in _runs(keys):
        chosen.update(words.among(text, run))
        for selector in named:
            chosen |= _having(selector, run)
        numbered = _numbered(officer, text).filter(pk__gte=run[0], pk__lte=run[-1]).order_by()
        chosen |= set(numbered.values_list("pk", flat=True)) & set(run)
    ordered, found = sorted(chosen), list[Tip]()
    for start in range(0, len(ordered), AT_ONCE):
        some = Tip.objects.visible_to(officer).filter(pk__in=ordered[start : start + AT_ONCE]).order_by("pk")
        found += fits.tips(some)
    return found


def _runs(keys: list[int]) -> Iterator[list[int]]:
    """The keys in order, parted where they lie far from each other: an index is asked for a stretch at a time."""
    run: list[int] = []
    for key in sorted(keys):
        if run and key - run[-1] > FAR:
            yield run
            run = []
        run.append(key)
    if run:
        yield run


def _having(selector: Selector, run: list[int]) -> set[int]:
    between = {"selector": selector, "tip_id__gte": run[0], "tip_id__lte": run[-1]}
    rows = Sighting.objects if selector.kind == SelectorKind.ADDRESS else SelectorLink.objects
    return ({selector.first_tip_id} | set(rows.filter(**between).values_list("tip_id", flat=True))) & set(run)


def _groups(officer: Officer, text: str, hits: list[Hit]) -> list[Group]:
    found = {group.pk: group for hit in hits for group in groups_with(officer, hit.selector).order_by("-pk")[:PAGE]}
    matching = words.matching(text, groups=True)
    if matching is not None:
        sql, values = matching
        for group in Group.objects.visible_to(officer).filter(pk__in=RawSQL(sql, values)).order_by("-pk")[:PAGE]:  # noqa: S611
            found[group.pk] = group
    return list(found.values())
