"""List pages: columns, filters, search, sort, pages, export and keys, declared once and answered by `ListPage.answer`.

The rows come in already narrowed by `visible_to`; a list never widens them. They are a queryset, or a list of dicts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.utils.translation import gettext as _

from paricha.screens import exports, places
from paricha.screens.list_filters import Filter, find

SHORT_NUMBER = re.compile(r"[A-Z]{1,2}-\d{4,}")  # what people say aloud is not broken over two lines
COUNT_UP_TO = 10_000  # beyond it a count says "more than", so that a page of a million rows stays fast


@dataclass(frozen=True)
class Column:
    """One column. `get`: dotted path or callable(row); `show`: callable(row) → words or safe HTML for the screen;
    `link`: callable(row) → address; `sort`: field (queryset) or path (list) to sort by; `export`: callable(row) → plain value."""

    name: str
    label: Any
    get: str | Callable[[Any], Any] = ""
    show: Callable[[Any], Any] | None = None
    link: Callable[[Any], str] | None = None
    number: bool = False
    sort: str = ""
    export: Callable[[Any], Any] | None = None
    on_screen: bool = True

    def value(self, row: Any) -> Any:
        """The plain value of this column in `row`."""
        return self.get(row) if callable(self.get) else find(row, self.get or self.name)

    def cell(self, row: Any) -> Any:
        """What the screen shows: linked where the column links."""
        shown = self.show(row) if self.show else self.value(row)
        if self.show and shown == "":
            return ""  # nothing to say is not "not stated"
        shown = (
            f"{shown:,}"
            if self.number and isinstance(shown, int) and not isinstance(shown, bool)
            else places.show(shown)
        )
        if isinstance(shown, str) and SHORT_NUMBER.fullmatch(shown):
            shown = format_html('<span class="nw">{}</span>', shown)
        address = self.link(row) if self.link else ""
        return format_html('<a href="{}" data-open-row>{}</a>', address, shown) if address else shown

    def plain(self, row: Any) -> Any:
        """What a sheet gets."""
        return self.export(row) if self.export else self.value(row)


@dataclass(frozen=True)
class View:
    """A saved choice of rows above the list, with its count: `apply` is a dict of lookups, a Q, or a callable(rows) → rows."""

    name: str
    label: Any
    apply: Any = None
    counted: bool = True

    def rows(self, rows: Any) -> Any:
        """The rows of this view."""
        if self.apply is None:
            return rows
        if callable(self.apply):
            return self.apply(rows)
        if isinstance(rows, QuerySet):
            return rows.filter(self.apply) if isinstance(self.apply, Q) else rows.filter(**self.apply)
        return [row for row in rows if all(find(row, name) == wanted for name, wanted in self.apply.items())]


@dataclass(frozen=True)
class Empty:
    """What an empty list says: what is so, what to do next, and the way there."""

    title: Any
    todo: Any
    url: str = ""
    label: Any = ""


@dataclass(frozen=True)
class ListPage:
    """A list of one kind of row. `order` is the first order (`-name` of a column, or a field); `paging` is `page` or `keyset`
    (for long tables: the order's field must never be null). `search`: lookups joined by or, or callable(rows, text) → rows.
    `on_read(request, rows, how)` writes the reading down: the rows shown, or for a sheet all of them, counted and lazily walked."""

    name: str
    title: Any
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    views: Sequence[View] = ()
    search: Sequence[str] | Callable[[Any, str], Any] = ()
    search_label: Any = ""
    order: str = ""
    per_page: int = 50
    paging: str = "page"
    key: Callable[[Any], Any] | None = None
    empty: Empty | None = None
    marks: bool = False
    watch_s: int = 0
    template: str = "screens/list.html"
    part: str = "screens/list_part.html"
    preview: Callable[[Any], str] | None = None
    on_read: Callable[[HttpRequest, Any, str], Any] | None = field(default=None)

    def answer(self, request: HttpRequest, rows: Any, **more: Any) -> HttpResponseBase:
        """The page, its changing part for htmx, or the sheet for `?export=`. `more` goes to the template."""
        chosen = self.choose(request.GET, rows)
        wanted = request.GET.get("export", "")
        if wanted in exports.KINDS:
            if self.on_read:
                self.on_read(request, exports.ExportedRows(chosen.rows), wanted)
            return exports.sheet(self, chosen.rows, wanted, str(more.get("title", self.title)))
        if request.GET.get("new") and request.headers.get("HX-Request"):
            return self._news(request, chosen)
        context = chosen.context(request) | more
        if self.on_read:
            self.on_read(request, chosen.shown, "screen")
        partial = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
        response = render(request, self.part if partial else self.template, context)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def choose(self, wanted: QueryDict, rows: Any) -> Chosen:
        """Apply view, search, filters and order of the query string to `rows`."""
        everything = rows
        view = next(
            (view for view in self.views if view.name == wanted.get("view")), self.views[0] if self.views else None
        )
        rows = view.rows(rows) if view else rows
        text = wanted.get("q", "").strip()
        if text and self.search:
            rows = self._found(rows, text)
        wrong: dict[str, str] = {}
        for each in self.filters:
            rows = each.narrow(rows, wanted, wrong)
        sort = self._sort(wanted.get("sort", ""))
        return Chosen(self, everything, view, self._ordered(rows, sort), sort, wanted, wrong)

    def _found(self, rows: Any, text: str) -> Any:
        if callable(self.search):
            return self.search(rows, text)
        if isinstance(rows, QuerySet):
            any_of = Q()
            for lookup in self.search:
                any_of |= Q(**{lookup if "__" in lookup else f"{lookup}__icontains": text})
            return rows.filter(any_of)
        folded = text.casefold()
        return [row for row in rows if any(folded in str(find(row, path) or "").casefold() for path in self.search)]

    def _sort(self, asked: str) -> str:
        """The order in force: a column's own, with `-` for downwards; else the list's first."""
        known = {column.name for column in self.columns if column.sort}
        return asked if asked.lstrip("-") in known else self.order

    def _field(self, sort: str) -> str:
        name = sort.lstrip("-")
        return next((column.sort for column in self.columns if column.name == name and column.sort), name)

    def _ordered(self, rows: Any, sort: str) -> Any:
        if not sort:
            return rows
        path, down = self._field(sort), sort.startswith("-")
        if isinstance(rows, QuerySet):
            return rows.order_by(f"{'-' if down else ''}{path}", "-pk" if down else "pk")
        stated = [row for row in rows if find(row, path) is not None]
        return sorted(stated, key=lambda row: find(row, path), reverse=down) + [
            row for row in rows if find(row, path) is None
        ]

    def _news(self, request: HttpRequest, chosen: Chosen) -> HttpResponse:
        seen = request.GET.get("seen", "0")
        fresh = chosen.total - int(seen) if seen.isdecimal() else 0
        return render(
            request, "screens/list_news.html", {"fresh": max(0, fresh), "again": chosen.address(new=None, seen=None)}
        )


@dataclass
class Chosen:
    """The rows one request asked for, and how the page speaks of them."""

    page: ListPage
    everything: Any
    view: View | None
    rows: Any
    sort: str
    wanted: QueryDict
    wrong: dict[str, str]
    shown: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.total, self.more_than = counted(self.rows)

    def address(self, **changes: str | None) -> str:
        """The query string with `changes`; None takes a value out. A change of rows starts at the first page."""
        query = self.wanted.copy()
        if not {"page", "after"} & changes.keys():
            changes |= {"page": None, "after": None}
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return "?" + query.urlencode()

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """The template's values; reads the rows of the page asked for."""
        forward, back = self._cut()
        page = self.page
        return {
            "page": page,
            "title": page.title,
            "heads": [self._head(column) for column in page.columns if column.on_screen],
            "rows": [self._row(row) for row in self.shown],
            "total": self.total,
            "more_than": self.more_than,
            "first": self.first,
            "forward": forward,
            "back": back,
            "views": self._views(),
            "filters": [each.bound(self.wanted, self.wrong) for each in page.filters],
            "narrowed": bool(self.wanted.get("q") or any(each.chosen(self.wanted) for each in page.filters)),
            "clear": request.path,
            "query": self.wanted.get("q", ""),
            "sort": self.sort,
            "view_name": self.view.name if self.view else "",
            "export_xlsx": self.address(export="xlsx"),
            "export_csv": self.address(export="csv"),
            "news": self.address(new="1", seen=str(self.total)) if page.watch_s else "",
            "empty": page.empty,
        }

    def _head(self, column: Column) -> dict[str, Any]:
        now = self.sort.lstrip("-") == column.name and bool(column.sort)
        down = self.sort.startswith("-")
        return {
            "label": column.label,
            "number": column.number,
            "address": self.address(sort=column.name if not now or down else f"-{column.name}") if column.sort else "",
            "direction": ("descending" if down else "ascending") if now else "",
        }

    def _row(self, row: Any) -> dict[str, Any]:
        return {
            "key": self.page.key(row) if self.page.key else find(row, "pk") or find(row, "id") or "",
            "preview": self.page.preview(row) if self.page.preview else "",
            "cells": [(column.cell(row), column.number) for column in self.page.columns if column.on_screen],
        }

    def _views(self) -> list[dict[str, Any]]:
        shown = []
        for view in self.page.views:
            count, more = counted(view.rows(self.everything)) if view.counted else (None, False)
            shown.append(
                {
                    "label": view.label,
                    "count": None if count is None else f"{count:,}{'+' if more else ''}",
                    "address": self.address(view=view.name),
                    "now": view is self.view,
                }
            )
        return shown

    def _cut(self) -> tuple[str, str]:
        """Read the page's rows into `shown`; give the addresses of the next and the previous page."""
        size = self.page.per_page
        if self.page.paging == "keyset" and isinstance(self.rows, QuerySet) and self.sort:
            return self._cut_by_key(size)
        asked = self.wanted.get("page", "1")
        number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 9 else 1
        start = (number - 1) * size
        found = list(self.rows[start : start + size + 1])
        self.shown, self.first = found[:size], start + 1
        forward = self.address(page=str(number + 1)) if len(found) > size else ""
        return forward, self.address(page=str(number - 1)) if number > 1 else ""

    def _cut_by_key(self, size: int) -> tuple[str, str]:
        path, down = self.page._field(self.sort), self.sort.startswith("-")
        rows, self.first = self.rows, 0
        after = self.wanted.get("after", "")
        if after:
            try:
                value, last = json.loads(after)
                side = "lt" if down else "gt"
                rows = rows.filter(Q(**{f"{path}__{side}": value}) | Q(**{path: value, f"pk__{side}": last}))
            except (ValueError, TypeError):
                after = ""
        found = list(rows[: size + 1])
        self.shown = found[:size]
        if not after:
            self.first = 1
        if len(found) <= size:
            return "", self.address(after=None) if after else ""
        end = self.shown[-1]
        key = json.dumps([find(end, path.replace("__", ".")), end.pk], default=str)
        return self.address(after=key), self.address(after=None) if after else ""


def counted(rows: Any) -> tuple[int, bool]:
    """How many rows, and whether there are more than were counted (at most `COUNT_UP_TO`)."""
    if isinstance(rows, QuerySet):
        total = rows.order_by()[: COUNT_UP_TO + 1].count()
        return min(total, COUNT_UP_TO), total > COUNT_UP_TO
    return len(rows), False


def found_words(total: int, more_than: bool, shown: int, first: int) -> str:
    """`1–50 of 187`, or `more than 10,000`."""
    if more_than:
        whole = _("more than {count}").format(count=f"{total:,}")
    else:
        whole = f"{total:,}"
    if first and shown:
        return _("{first} to {last} of {whole}").format(first=f"{first:,}", last=f"{first + shown - 1:,}", whole=whole)
    return _("{shown} of {whole}").format(shown=f"{shown:,}", whole=whole)
