"""Reading earlier work: always as an officer who may see it.

Other rooms and pages: `earlier_with(officer, selector)`, `earlier_matching(officer, text)`, `met_before(officer, tip)` of
`linking.earlier`. A row of a register is never merged with a tip or a case: it is shown beside them, with its source.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q, QuerySet

from paricha.access.models import Officer
from paricha.grounds import identity, selectors
from paricha.grounds.folding import query_tokens
from paricha.grounds.selectors import SelectorKind
from paricha.intake.document import EarlierDocument
from paricha.intake.registers_fields import plain_digits
from paricha.records.earlier_deriving import case_key
from paricha.records.earlier_storing import open_earlier
from paricha.records.models import Earlier, EarlierSelector, EarlierVersion, Selector

PAGE = 50
MOST_EXACT = 1000  # rows of one selector or case number that are looked at


def earlier_with(officer: Officer, selector: Selector | bytes) -> QuerySet[Earlier]:
    """Rows of earlier work that state a selector exactly, newest first. `selector`: a row of the record, or its 16 bytes.

    Plan: SEARCH records_earlierselector USING COVERING INDEX records_earlier_selector (selector=?), then by key.
    """
    id16 = selector if isinstance(selector, bytes) else selector.id16
    stated = EarlierSelector.objects.filter(selector=id16).values("earlier_id")
    return Earlier.objects.visible_to(officer).filter(pk__in=stated).order_by("-pk")


def earlier_matching(officer: Officer, text: str, *, limit: int = PAGE) -> list[Earlier]:
    """Rows of earlier work for what was typed: those of an exact selector or case number, else those of its words."""
    rows = matching(Earlier.objects.visible_to(officer), text.strip()) if text.strip() else Earlier.objects.none()
    return list(rows.order_by("-pk")[:limit])


def matching(rows: QuerySet[Earlier], text: str) -> QuerySet[Earlier]:
    """As `earlier_matching`, of rows that are narrowed already."""
    exact = rows.filter(pk__in=_exactly(text))
    return exact if exact.exists() else rows.filter(_by_words(text))


def _exactly(text: str) -> set[int]:
    """Keys of the rows that state this selector, in any spelling, or are of this case number; whoever may see them.

    Plan: MULTI-INDEX OR of records_earlier_selector and records_earlier_bare; SEARCH USING INDEX records_earlier_case.
    """
    from paricha.records.search import forms_of  # which asks here for earlier work

    ids = [identity.selector_id(kind, normal) for kind, normal in forms_of(text, settings.PARICHA.region)]
    if imei := selectors.imei(plain_digits(text)):
        ids.append(identity.selector_id(SelectorKind.DEVICE, f"imei|{imei}"))
    bare = selectors.refang(text).strip().removeprefix("@").casefold()
    stated = EarlierSelector.objects.filter(Q(selector__in=ids) | Q(bare=bare))
    found = set(stated.values_list("earlier_id", flat=True)[:MOST_EXACT])
    if key := case_key(text):
        found |= set(Earlier.objects.filter(case_key=key).values_list("pk", flat=True)[:MOST_EXACT])
    return found


def _by_words(text: str) -> Q:
    """The condition that a row holds every word of a text in any spelling; no row where the text holds no word.

    A scan of the folded words of the officer's rows: registers hold tens of thousands, not millions.
    """
    asked = query_tokens(text)
    if not asked:
        return Q(pk__in=[])
    every = Q()
    for any_of in asked:
        one = Q(pk__in=[])
        for token in any_of:
            one |= Q(words__contains=f" {token} ")
        every &= one
    return every


def copies_of(earlier: Earlier) -> list[EarlierVersion]:
    """The copies of a row, the leading one first. The caller has seen to who may see it."""
    return list(EarlierVersion.objects.filter(earlier=earlier).order_by("-batch", "-position", "-pk"))


def document_of(copy: EarlierVersion) -> EarlierDocument:
    """What a copy states, every value at its cell."""
    return open_earlier(bytes(copy.packed), copy.dictionary)


def leading_copies(earlier: Iterable[Earlier]) -> dict[int, EarlierVersion]:
    """The leading copy of each row, by the row's key."""
    rows = EarlierVersion.objects.filter(earlier__in=[one.pk for one in earlier]).order_by("batch", "position", "pk")
    return {one.earlier_id: one for one in rows}


def of_the_same_case(officer: Officer, earlier: Earlier) -> QuerySet[Earlier]:
    """Other rows of the same unit whose case number and station are written alike; none where no case is stated.

    Written alike is all that is said: whether it is one case, the officer decides.
    """
    if not earlier.case_key or not earlier.station:
        return Earlier.objects.none()
    return (
        Earlier.objects.visible_to(officer)
        .filter(unit=earlier.unit, case_key=earlier.case_key, station__iexact=earlier.station)
        .exclude(pk=earlier.pk)
        .order_by("register", "pk")
    )
