"""Filters of a list page: a choice, a text, a span of days; each says in words what it could not understand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from paricha.screens import unit


def find(row: Any, path: str) -> Any:
    """What stands at a dotted path in a dict or an object; None where a step is missing."""
    for step in path.replace("__", ".").split("."):
        row = row.get(step) if isinstance(row, dict) else getattr(row, step, None)
        if row is None:
            return None
    return row


@dataclass(frozen=True)
class Filter:
    """A filter named `name` in the query string. `apply`: lookup or path (default: the name), or callable(rows, value) → rows."""

    name: str
    label: Any
    apply: str | Callable[[Any, Any], Any] = ""

    kind = "text"

    def narrow(self, rows: Any, wanted: QueryDict, wrong: dict[str, str]) -> Any:
        """`rows` narrowed by what the query string asks; what could not be understood goes to `wrong` in words."""
        text = wanted.get(self.name, "").strip()
        return self.take(rows, text) if text else rows

    def take(self, rows: Any, text: str) -> Any:
        """The rows that hold `text`."""
        if callable(self.apply):
            return self.apply(rows, text)
        path = self.apply or self.name
        if isinstance(rows, QuerySet):
            return rows.filter(**{path if "__" in path else f"{path}__icontains": text})
        return [row for row in rows if text.casefold() in str(find(row, path) or "").casefold()]

    def chosen(self, wanted: QueryDict) -> bool:
        """Whether the query string uses this filter."""
        return bool(wanted.get(self.name))

    def bound(self, wanted: QueryDict, wrong: dict[str, str]) -> dict[str, Any]:
        """What the template needs."""
        return {
            "kind": self.kind,
            "name": self.name,
            "label": self.label,
            "value": wanted.get(self.name, ""),
            "wrong": wrong.get(self.name, ""),
        }


class Text(Filter):
    """Rows whose value holds the text."""


@dataclass(frozen=True)
class Choice(Filter):
    """Rows of one of the `options`: (value, words) pairs, or a callable giving them."""

    options: Sequence[tuple[str, Any]] | Callable[[], Iterable[tuple[str, Any]]] = ()

    kind = "choice"

    def pairs(self) -> list[tuple[str, Any]]:
        """The options as text and words."""
        return [(str(value), words) for value, words in (self.options() if callable(self.options) else self.options)]

    def narrow(self, rows: Any, wanted: QueryDict, wrong: dict[str, str]) -> Any:
        text = wanted.get(self.name, "")
        if not text:
            return rows
        if text not in {value for value, _words in self.pairs()}:
            wrong[self.name] = _("“{value}” is no choice here; all rows are shown.").format(value=text[:80])
            return rows
        return self.take(rows, text)

    def take(self, rows: Any, text: str) -> Any:
        if callable(self.apply):
            return self.apply(rows, text)
        path = self.apply or self.name
        if isinstance(rows, QuerySet):
            return rows.filter(**{path: text})
        return [row for row in rows if str(find(row, path)) == text]

    def bound(self, wanted: QueryDict, wrong: dict[str, str]) -> dict[str, Any]:
        value = wanted.get(self.name, "")
        return super().bound(wanted, wrong) | {
            "options": [(each, words, each == value) for each, words in self.pairs()]
        }


@dataclass(frozen=True)
class Days(Filter):
    """Rows from one day to another in the unit's zone (`NAME_from`, `NAME_to`, both included). `epoch`: the field holds
    seconds since 1970; else aware datetimes. A callable `apply` gets (rows, (start, end)) with aware datetimes or None."""

    epoch: bool = False

    kind = "days"

    def narrow(self, rows: Any, wanted: QueryDict, wrong: dict[str, str]) -> Any:
        start, end = self._day(wanted, "from", wrong), self._day(wanted, "to", wrong)
        if start is None and end is None:
            return rows
        after = _midnight(start) if start else None
        before = _midnight(end + timedelta(days=1)) if end else None
        if callable(self.apply):
            return self.apply(rows, (after, before))
        path = self.apply or self.name
        low, high = (_seconds(after), _seconds(before)) if self.epoch else (after, before)
        if isinstance(rows, QuerySet):
            if low is not None:
                rows = rows.filter(**{f"{path}__gte": low})
            return rows.filter(**{f"{path}__lt": high}) if high is not None else rows
        return [row for row in rows if _within(find(row, path), low, high)]

    def chosen(self, wanted: QueryDict) -> bool:
        return bool(wanted.get(f"{self.name}_from") or wanted.get(f"{self.name}_to"))

    def _day(self, wanted: QueryDict, side: str, wrong: dict[str, str]) -> date | None:
        text = wanted.get(f"{self.name}_{side}", "").strip()
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            wrong[self.name] = _("“{value}” is no day; write it as 2026-11-24.").format(value=text[:40])
            return None

    def bound(self, wanted: QueryDict, wrong: dict[str, str]) -> dict[str, Any]:
        return super().bound(wanted, wrong) | {
            "start": wanted.get(f"{self.name}_from", ""),
            "end": wanted.get(f"{self.name}_to", ""),
        }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=unit.zone())


def _seconds(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())


def _within(value: Any, low: Any, high: Any) -> bool:
    return value is not None and (low is None or value >= low) and (high is None or value < high)
