"""Deliveries of one tip: which leads its form, which says nothing new, and the tip's version number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from paricha.intake.document import TipDocument, When
from paricha.records.comparing import content

SHEETS = frozenset({"xlsx", "ods", "csv"})


class Delivery(msgspec.Struct, frozen=True):
    """One document of a tip as it came in. `arrival` counts the tip's deliveries from 1; `batch` brought it."""

    arrival: int
    batch: bytes
    document: TipDocument

    @property
    def form(self) -> str:
        return self.document.sources[0].form

    @property
    def original(self) -> str:
        return self.document.sources[0].original


def repeated(deliveries: Sequence[Delivery]) -> dict[int, int]:
    """Arrival of each delivery that says word for word what an earlier one of its form said → that one's arrival."""
    seen: dict[tuple[str, str], int] = {}
    found: dict[int, int] = {}
    for delivery in sorted(deliveries, key=lambda one: one.arrival):
        key = (delivery.form, repr(content(delivery.document)))
        if key in seen:
            found[delivery.arrival] = seen[key]
        else:
            seen[key] = delivery.arrival
    return found


def _date(when: When | None) -> int | None:
    return when.utc if when is not None else None


def _processed(delivery: Delivery) -> int | None:
    return _date(delivery.document.processed_at)


def _made_available(delivery: Delivery) -> int | None:
    return _date(delivery.document.made_available_at)


def newest(deliveries: Iterable[Delivery]) -> Delivery:
    """The delivery that leads its form: latest processing date, else made available, else arrival.

    A date decides only where every delivery states it, so that the order is one order. (A PDF's own date stands in
    `processed_at`.)
    """
    all_of_them = list(deliveries)
    for dated in (_processed, _made_available):
        dates = [dated(one) for one in all_of_them]
        if all(date is not None for date in dates) and len(set(dates)) > 1:
            return max(all_of_them, key=lambda one: (dated(one) or 0, one.arrival))
    return max(all_of_them, key=lambda one: one.arrival)


class Standing(msgspec.Struct, frozen=True):
    """What leads and what was replaced, by form; `version` of the tip."""

    leading: list[Delivery]  # several of one form only where one sheet file lists the tip on several sheets
    replaced: list[Delivery]
    repeats: dict[int, int]
    version: int


def standing(deliveries: Sequence[Delivery]) -> Standing:
    """Sort a tip's deliveries out."""
    if len(deliveries) == 1:  # as most tips stand
        return Standing(list(deliveries), [], {}, 1)
    repeats = repeated(deliveries)
    by_form: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in sorted(deliveries, key=lambda one: one.arrival):
        if delivery.arrival not in repeats:
            by_form[delivery.form].append(delivery)
    leading: list[Delivery] = []
    replaced: list[Delivery] = []
    for of_form in by_form.values():
        top = newest(of_form)
        for delivery in of_form:
            beside = delivery.form in SHEETS and delivery.original == top.original
            (leading if delivery is top or beside else replaced).append(delivery)
    return Standing(leading, replaced, repeats, _version(by_form.values()))


def _version(forms: Iterable[list[Delivery]]) -> int:
    """1 and the changed re-deliveries; forms delivered together in a batch add 1 together."""
    changes: dict[bytes, Counter[str]] = defaultdict(Counter)
    for of_form in forms:
        files: set[str] = set()
        for place, delivery in enumerate(of_form):
            same_file = delivery.form in SHEETS and delivery.original in files
            files.add(delivery.original)
            if place and not same_file:
                changes[delivery.batch][delivery.form] += 1
    return 1 + sum(max(counted.values()) for counted in changes.values())
