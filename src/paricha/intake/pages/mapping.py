"""The mapping screen: what each column is read as, ten rows as they would be read, and what is ambiguous, asked."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.grounds.instants import DateOrder
from paricha.grounds.provenance import Locator, LocatorKind
from paricha.grounds.refusals import Refused
from paricha.intake import previewing, queries, verbs, words
from paricha.intake.document import When
from paricha.intake.events import Event
from paricha.intake.grids import Unreadable
from paricha.intake.mapping import Mapping, read_mapping
from paricha.intake.models import FileRead
from paricha.intake.pages.batches import found_file
from paricha.intake.proposing import Proposal, grids_of, original_of, propose
from paricha.screens.places import original_url


@require_http_methods(["GET", "POST"])
@officer_page(Right.INTAKE)
def mapping(request: HttpRequest, id: bytes, position: int) -> HttpResponse:
    """Look (GET), try what was chosen (POST `do=try`), read the file so (`do=read`), or keep it for the next (`do=save`)."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    file = found_file(officer, id, position)
    read(officer, Event.FILE_LOOKED_AT, file.batch, position=position)
    header_row = request.POST.get("header_row") or request.GET.get("header_row") or ""
    proposal = _proposal(file, int(header_row) if header_row.isdecimal() and 0 < len(header_row) < 6 else None)
    draft, refusal = _draft(request, file, proposal), None
    if request.method == "POST":
        try:
            done = _do(request, officer, file, draft, proposal)
            if done is not None:
                return done
        except Refused as refused:
            refusal = refused.refusal
    return render(request, "intake/mapping.html", _context(file, proposal, draft, refusal))


def _proposal(file: FileRead, header_row: int | None) -> Proposal:
    """What stands in the file, with a field proposed for each column. Raises `Refused`."""
    original = original_of(file)
    try:
        named, _saved = queries.mappings_for(file)
        proposal = propose(grids_of(original), header_row or (named.header_row if named else None))
    except Unreadable as unreadable:
        refusal = unreadable.refusal
        raise Refused(refusal.code, refusal.what, refusal.remedy, file=refusal.file) from unreadable
    if proposal is None:
        raise Refused("INTAKE-EMPTY", _("The sheet is empty."), _("Ask the sender for the whole file."), file=file.name)
    return proposal


def _draft(request: HttpRequest, file: FileRead, proposal: Proposal) -> Mapping:
    """The mapping as the form has it now; at first what was chosen for the file, else what is proposed."""
    name = file.name.rpartition("/")[2].rpartition(".")[0] or file.name
    if request.method != "POST":
        return file.chosen_mapping or proposal.mapping(name)
    post = request.POST
    columns = {
        column.heading: field
        for column in proposal.columns
        if column.heading and (field := post.get(f"field-{column.index}", "")) in words.FIELDS
    }
    order = post.get("date_order", "")
    return Mapping(
        post.get("name", "").strip() or name,
        proposal.header_row,
        columns,
        zone=post.get("zone") or None,
        date_order=DateOrder(order) if order in set(DateOrder) else None,
        giver=post.get("giver", "").strip() or "ncmec",
    )


def _do(
    request: HttpRequest, officer: Officer, file: FileRead, draft: Mapping, proposal: Proposal
) -> HttpResponse | None:
    wanted = request.POST.get("do", "try")
    if wanted not in ("read", "save"):
        return None
    checked = read_mapping(draft.to_plain())
    if wanted == "save":
        whole = [column.heading for column in proposal.columns if column.heading]
        verbs.save_mapping(officer, msgspec.structs.replace(checked, headings_in_order=whole))
    verbs.choose_mapping(officer, file, checked)
    return HttpResponseRedirect(reverse("intake:batch", args=[file.batch_id]))


def _context(file: FileRead, proposal: Proposal, draft: Mapping, refusal: Any) -> dict[str, Any]:
    layout = previewing.layout_by(proposal.grid, draft)
    columns, rows = previewing.preview(layout)
    undecided = previewing.undecided_column(layout)
    lacks_zone = previewing.lacks_zone(layout)
    open_questions = []
    if not draft.columns:
        open_questions.append(_("No column is read yet."))
    if undecided:
        open_questions.append(_("One column to decide"))
    return {
        "file": file,
        "batch": file.batch,
        "proposal": proposal,
        "draft": draft,
        "refusal": refusal,
        "columns": [_column(one, draft) for one in proposal.columns],
        "fields": list(words.FIELDS.items()),
        "zones": words.ZONES,
        "orders": [("", _("not chosen")), ("dmy", _("day first")), ("mdy", _("month first")), ("ymd", _("year first"))],
        "heads": [words.FIELDS.get(column.field or "", column.field) for column in columns],
        "rows": [(number, [_cell(file, cell) for cell in cells]) for number, cells in rows],
        "undecided": undecided,
        "meanings": [_meaning(one) for one in previewing.meanings(layout, undecided)] if undecided else [],
        "lacks_zone": lacks_zone,
        "why_not": " ".join(open_questions),
    }


def _column(column: Any, draft: Mapping) -> dict[str, Any]:
    chosen = draft.columns.get(column.heading) if column.heading else None
    said, grade = words.SURE["unread" if chosen is None else column.sure if chosen == column.field else "sure"]
    why = words.PROPOSED[column.why] if chosen == column.field else _("chosen by you")
    return {"column": column, "chosen": chosen, "why": why if chosen or not column.field else _("left out by you"),
            "state": said, "grade": grade}  # fmt: skip


def _cell(file: FileRead, cell: previewing.PreviewCell) -> dict[str, Any]:
    if cell.leaf is None:
        return {"why": words.why_words(cell.why) if cell.why else ""}
    place = Locator(file.original.hex, LocatorKind.CELL, cell.leaf.at)
    instant = cell.leaf.instant() if isinstance(cell.leaf, When) and cell.leaf.utc is not None else None
    written = cell.leaf.as_written if isinstance(cell.leaf, When) else cell.leaf.value
    return {"url": original_url(place), "written": written, "instant": instant, "undecided": cell.undecided,
            "timeless": isinstance(cell.leaf, When) and instant is None}  # fmt: skip


def _meaning(one: previewing.Meaning) -> dict[str, Any]:
    day = date_format(one.example, "D j F Y")
    title = _("Day first: {text} is {day}") if one.order == DateOrder.DMY else _("Month first: {text} is {day}")
    span = _("Runs from {first} to {last}.").format(
        first=date_format(one.first, "j M Y"), last=date_format(one.last, "j M Y")
    )
    lost = _(" {n} cells would be no date.").format(n=one.impossible) if one.impossible else ""
    return {"order": one.order.value, "title": title.format(text=one.text, day=day), "words": span + lost}
