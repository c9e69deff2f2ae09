"""Operators: the files with their days, the table, and whose an address was as of a second."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.grounds import selectors
from paricha.grounds.instants import read_instant
from paricha.operators.events import Event
from paricha.operators.models import OperatorFile
from paricha.operators.queries import table_lines, whose


@officer_page(Right.OPERATORS)
def operators(request: HttpRequest) -> HttpResponse:
    """The page; with `address` and `at` also the answer."""
    asked_address, asked_at = request.GET.get("address", "").strip(), request.GET.get("at", "").strip()
    found = wrong = None
    if asked_address or asked_at:
        address, at = selectors.address(asked_address) if asked_address else None, read_instant(asked_at).utc
        wrong = "address" if address is None else "at" if at is None else None
        if address is not None and at is not None:
            found = whose(address, at)
    read(request.officer, Event.READ, asked=bool(found))  # type: ignore[attr-defined]
    context = {
        "files": OperatorFile.objects.order_by("kind", "source", "-as_of"), "table": table_lines(), "found": found,
        "wrong": wrong, "asked_address": asked_address, "asked_at": asked_at,
    }  # fmt: skip
    return render(request, "operators/operators.html", context)
