"""The versions of a tip: who brought each delivery, when, and what it says differently from the one before."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.intake.models import Batch
from paricha.intake.words import reader_words
from paricha.records.difference_words import between
from paricha.records.events import Event
from paricha.records.models import Tip
from paricha.records.queries import deliveries_of
from paricha.records.storing import versions_of
from paricha.records.versions import Delivery
from paricha.screens.places import original_url


def versions_tab(officer: Officer, row: Tip) -> dict[str, Any]:
    """A tip's deliveries, newest first: form, who brought it and when, how it stands, what it changed."""
    rows = list(deliveries_of(officer, row))
    batches = _batches({bytes(one.batch) for one in rows})
    documents = {one.delivery.arrival: one.delivery for one in versions_of(row.pk)}
    made = []
    for one in rows:
        sha256 = bytes(one.original).hex()
        before = None if one.repeats else _before(documents[one.arrival], documents.values())
        told = between(before.document, documents[one.arrival].document) if before is not None else []
        made.append(
            {
                "row": one,
                "sha256": sha256,
                "reader": reader_words(one.reader),
                "batch": batches.get(bytes(one.batch)),
                "url": original_url({"original": sha256, "kind": "", "at": ""}),
                "before": before.arrival if before is not None else None,
                "differs": ngettext("{n} value differs from {other}", "{n} values differ from {other}", len(told)).format(
                    n=len(told), other=before.arrival
                )
                if before is not None
                else "",
                "difference": reverse("records:version", args=[row.id16, one.arrival]) if told else "",
            }
        )  # fmt: skip
    return {"deliveries": made[::-1]}


def _batches(ids: set[bytes]) -> dict[bytes, Batch]:
    return {one.id: one for one in Batch.objects.filter(pk__in=ids).select_related("officer")}


def _before(delivery: Delivery, deliveries: Any) -> Delivery | None:
    """The delivery of the same form that came before it, from another original; None for the first of its form."""
    older = [
        one
        for one in deliveries
        if one.form == delivery.form and one.arrival < delivery.arrival and one.original != delivery.original
    ]
    return max(older, key=lambda one: one.arrival, default=None)


@require_GET
@officer_page(Right.READ_RECORDS)
def version(request: HttpRequest, tip: bytes, arrival: int) -> HttpResponse:
    """What one delivery says differently from the one of its form before it."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    row = Tip.objects.get_visible(officer, id16=tip)
    documents = {one.delivery.arrival: one.delivery for one in versions_of(row.pk)}
    if arrival not in documents:
        raise Http404
    now = documents[arrival]
    before = _before(now, documents.values())
    read(officer, Event.VERSION_READ, row, arrival=arrival)
    batches = _batches({now.batch} | ({before.batch} if before else set()))
    return render(
        request,
        "records/version.html",
        {
            "tip": row,
            "arrival": arrival,
            "form": now.form.upper(),
            "told": between(before.document, now.document) if before is not None else [],
            "brought": _brought(now, batches),
            "brought_before": _brought(before, batches) if before is not None else None,
        },
    )


def _brought(delivery: Delivery, batches: dict[bytes, Batch]) -> dict[str, Any]:
    batch = batches.get(delivery.batch)
    return {
        "arrival": delivery.arrival,
        "by": batch.officer.name if batch is not None else _("not known"),
        "batch": batch,
        "processed": delivery.document.processed_at.instant() if delivery.document.processed_at is not None else None,
        "reader": delivery.document.sources[0].reader,
        "url": original_url({"original": delivery.original, "kind": delivery.document.sources[0].kind.value,
                             "at": delivery.document.place}),
    }  # fmt: skip
