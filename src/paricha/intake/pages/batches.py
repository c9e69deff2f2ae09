"""Batches, the files in one, and one file with what was not read of it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.grounds.provenance import Locator, LocatorKind
from paricha.grounds.refusals import Refused
from paricha.intake import queries, verbs, words
from paricha.intake.document import locator
from paricha.intake.events import Event
from paricha.intake.models import Batch, FileRead, FileState
from paricha.intake.reading import open_bytes
from paricha.jobs.models import Job, State
from paricha.screens import shapes
from paricha.screens.lists import Column, Empty, ListPage
from paricha.vault import store

FILES_SHOWN = 50
BLOCKS_SHOWN = 200
LARGEST_REREAD = 16 << 20  # bytes of a file that the page reads again to show its unread blocks


def _state_of(batch: Any) -> Any:
    """The batch's state as a shape: what wants a hand comes first."""
    if batch.files_waiting:
        return shapes.state(_("Waits"), "neutral", "clock")
    if batch.files_to_decide:
        many = ngettext("{n} wants a decision", "{n} want a decision", batch.files_to_decide)
        return shapes.state(many.format(n=batch.files_to_decide), "hold", "hold")
    if batch.files_refused:
        return shapes.state(_("{n} refused").format(n=batch.files_refused), "stop", "stop")
    if batch.files_part:
        return shapes.state(_("{n} read in part").format(n=batch.files_part), "warn", "warn")
    return shapes.state(_("All read"), "good", "ok") if batch.files_all else shapes.state(_("Empty"), "neutral", "none")


def _number(batch: Any) -> Any:
    return format_html('<span class="nw">{}</span>', batch.number)


BATCHES = ListPage(
    name="batches",
    title=gettext_lazy("Intake"),
    columns=[
        Column("number", gettext_lazy("Batch"), show=_number, link=lambda row: reverse("intake:batch", args=[row.id]), sort="number"),
        Column("words", gettext_lazy("From")),
        Column("opened_at", gettext_lazy("Opened"), sort="opened_at"),
        Column("officer", gettext_lazy("By"), get=lambda row: row.officer.name, sort="officer__name"),
        Column("files", gettext_lazy("Files"), get=lambda row: row.files_all, number=True, sort="files_all"),
        Column("tips", gettext_lazy("New tips"), get=lambda row: row.tips_new or 0, number=True, sort="tips_new"),
        Column("state", gettext_lazy("State"), show=_state_of, get=lambda row: row.files_refused, export=lambda row: row.files_refused),
    ],
    order="-opened_at",
    empty=Empty(
        gettext_lazy("Nothing has come in yet."),
        gettext_lazy("Bring in JSON, workbooks, CSV or a Telegram export, or type a letter or a call."),
    ),
    on_read=lambda request, rows, how: read(request.officer, Event.BATCH_LOOKED_AT, batches=len(rows), how=how),  # type: ignore[attr-defined]
    template="intake/batches.html",
)  # fmt: skip


@require_GET
@officer_page(Right.INTAKE)
def batches(request: HttpRequest) -> HttpResponse:
    """All batches of the officer's units."""
    return BATCHES.answer(request, queries.batches(_officer(request)))  # type: ignore[return-value]


@require_GET
@officer_page(Right.INTAKE)
def batch(request: HttpRequest, id: bytes) -> HttpResponse:
    """One batch: how far it is, what was refused and what to do, its files with their coverage."""
    officer = _officer(request)
    row = Batch.objects.select_related("officer").get_visible(officer, id=id)
    wanted = request.GET.get("state", "")
    files = queries.files(officer, row)
    totals = files.aggregate(
        all=Count("id"), new=Sum("new"), merged=Sum("merged"), versions=Sum("versions"), known=Sum("known"),
        bytes=Sum("original__size"),
    )  # fmt: skip
    counts = dict(files.values_list("state").annotate(n=Count("id")).order_by())
    shown = files.filter(state=wanted) if wanted in set(FileState) else files
    many = None if request.GET.get("all") else FILES_SHOWN
    read(officer, Event.BATCH_LOOKED_AT, row, files=totals["all"])
    context = {
        "batch": row,
        "totals": {name: value or 0 for name, value in totals.items()},
        "megabytes": (totals["bytes"] or 0) / 1_000_000,
        "counts": counts,
        "done": totals["all"] - counts.get(FileState.WAITS, 0),
        "waiting": counts.get(FileState.WAITS, 0),
        "refused": counts.get(FileState.REFUSED, 0),
        "media": counts.get(FileState.MEDIA, 0),
        "filters": _filters(counts, totals["all"], wanted),
        "files": [_file_line(file) for file in (shown[:many] if many else shown)],
        "files_matching": shown.count(),
        "refusals": [_refusal_line(one) for one in queries.refusals(officer, row)[:100]],
        "last": queries.batches(officer).exclude(pk=row.pk)[:3],
        "job": Job.objects.filter(once=row.id.hex(), state__in=[State.WAITING, State.RUNNING]).first(),
    }
    context["last"] = [(other, _state_of(other)) for other in context["last"]]  # type: ignore[union-attr]
    return render(request, "intake/batch.html", context)


def _filters(counts: dict[str, int], everything: int, wanted: str) -> list[dict[str, Any]]:
    shown = [{"state": "", "words": _("All"), "n": everything, "on": not wanted}]
    for state, (said, _grade, _shape) in words.STATES.items():
        if counts.get(state):
            shown.append({"state": state, "words": said, "n": counts[state], "on": wanted == state})
    return shown


def _file_line(file: FileRead) -> dict[str, Any]:
    said, grade, shape = words.STATES[file.state]
    return {
        "file": file,
        "reader": words.reader_words(file.reader),
        "state": shapes.state(said, grade, shape),
        "tips": _tips_of(file),
        "url": reverse("intake:file", args=[file.batch_id, file.position]),
    }


def _tips_of(file: FileRead) -> str:
    parts = [
        ngettext("{n} new", "{n} new", file.new).format(n=file.new) if file.new else "",
        _("{n} merged").format(n=file.merged) if file.merged else "",
        ngettext("{n} new version", "{n} new versions", file.versions).format(n=file.versions) if file.versions else "",
        _("{n} known").format(n=file.known) if file.known else "",
        ngettext("{n} group", "{n} groups", file.groups).format(n=file.groups) if file.groups else "",
    ]
    return ", ".join(part for part in parts if part)


def _refusal_line(one: Any) -> dict[str, Any]:
    place = [one.file.batch_id, one.file.position]
    decide = one.code in ("INTAKE-SHEET-UNMAPPED", "INTAKE-SHEET-DRIFTED", "INTAKE-DATE-ORDER")
    return {
        "one": one,
        "url": reverse("intake:file", args=place),
        "decide": reverse("intake:mapping", args=place) if decide else "",
        "retry": reverse("intake:retry", args=place) if one.file.state == FileState.REFUSED else "",
    }


@require_GET
@officer_page(Right.INTAKE)
def file(request: HttpRequest, id: bytes, position: int) -> HttpResponse:
    """One file: its coverage line, why parts were refused, and each unread block at its place in the original."""
    officer = _officer(request)
    row = found_file(officer, id, position)
    read(officer, Event.FILE_LOOKED_AT, row.batch, position=position)
    blocks, repairs, told = _blocks(row)
    said, grade, shape = words.STATES[row.state]
    context = {
        "file": row,
        "batch": row.batch,
        "state": shapes.state(said, grade, shape),
        "reader": words.reader_words(row.reader),
        "tips": _tips_of(row),
        "blocks": blocks,
        "repairs": repairs,
        "told": told,
        "refusals": [one.refusal() for one in row.refusals.select_related("file")],
        "original_url": _original_url(row),
        "mapping_url": reverse("intake:mapping", args=[id, position]) if _has_columns(row) else "",
        "retry_url": reverse("intake:retry", args=[id, position]) if row.state in _RETRIED else "",
    }
    return render(request, "intake/file.html", context)


_RETRIED = (FileState.REFUSED, FileState.PART)


def _has_columns(row: FileRead) -> bool:
    return row.reader.startswith("sheet-") or row.state == FileState.DECIDE


def _original_url(row: FileRead) -> str:
    return reverse("vault:original", args=[row.original.hex]) if row.state != FileState.MEDIA else ""


def _blocks(row: FileRead) -> tuple[list[tuple[Locator, Any]], list[tuple[Locator, str]], str]:
    """The unread blocks with their places, the repairs, and why they are not shown where they are not."""
    if not row.unread_blocks and not row.groups:
        return [], [], ""
    if row.original.size > LARGEST_REREAD:
        return [], [], _("The file is too large to be read again for this page.")
    try:
        data = store.read_row(row.original)
    except Refused as refused:
        return [], [], refused.refusal.what
    named, saved = queries.mappings_for(row)
    stream = open_bytes(data, name=row.name, sha256=row.original.hex, mapping=named, mappings=saved)
    blocks: list[tuple[Locator, Any]] = []
    repairs: list[tuple[Locator, str]] = []
    kind = None
    for document in stream:
        kind = document.sources[0].kind
        blocks += [(locator(document, block), words.why_words(block.why)) for block in document.unread]
        for place, stood in getattr(document, "repairs", []):
            repairs.append((Locator(row.original.hex, LocatorKind.BYTES, [place, place + len(stood.encode())]), stood))
        if len(blocks) > BLOCKS_SHOWN:
            break
    if kind is not None:
        blocks += [
            (Locator(row.original.hex, kind, block.at), words.why_words(block.why)) for block in stream.reading.unread
        ]
    return blocks[:BLOCKS_SHOWN], repairs[:BLOCKS_SHOWN], ""


@require_POST
@officer_page(Right.INTAKE)
def upload(request: HttpRequest, id: bytes | None = None) -> HttpResponse:
    """Keep the files that were chosen or dropped, in a new batch or in this one, and read them soon."""
    officer = _officer(request)
    given = request.FILES.getlist("files")
    names = request.POST.getlist("paths")  # relative paths of a dropped folder, in the order of the files
    if not given:
        raise Refused("INTAKE-EMPTY", _("No file was chosen."), _("Choose files, or drop them on the page."))
    files = [
        (_safe_name(names[place] if place < len(names) else one.name or ""), one.read())
        for place, one in enumerate(given)
    ]
    if id is None:
        row = verbs.open_batch(officer, words=_("dropped by {officer}").format(officer=officer.name))
    else:
        row = Batch.objects.get_visible(officer, id=id)
    verbs.keep_files(officer, row, files)
    return HttpResponseRedirect(reverse("intake:batch", args=[row.id]))


def _safe_name(name: str) -> str:
    """The relative path as shown: no leading slash, no way up, no control characters."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return "".join(sign for sign in "/".join(parts) if sign.isprintable())[:400] or _("file without a name")


@require_POST
@officer_page(Right.INTAKE)
def retry(request: HttpRequest, id: bytes, position: int) -> HttpResponse:
    """Read a refused file once more."""
    officer = _officer(request)
    verbs.retry_file(officer, found_file(officer, id, position))
    return HttpResponseRedirect(reverse("intake:batch", args=[id]))


def found_file(officer: Officer, batch: bytes, position: int) -> FileRead:
    """A file by batch and place. Raises `Refused` ACCESS-NOT-VISIBLE."""
    rows = FileRead.objects.select_related("batch", "batch__unit", "original", "original__pack")
    return rows.get_visible(officer, batch_id=batch, position=position)  # type: ignore[no-any-return]


def _officer(request: HttpRequest) -> Officer:
    return request.officer  # type: ignore[attr-defined,no-any-return]
