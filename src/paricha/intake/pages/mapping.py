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
from paricha.intake import previewing, queries, registers_words, verbs, words
from paricha.intake.document import When
from paricha.intake.events import Event
from paricha.intake.grids import Unreadable
from paricha.intake.layouts import drift_of, drifted_from
from paricha.intake.mapping import LONGEST_NAME, Mapping, plain_heading, read_mapping
from paricha.intake.models import FileRead
from paricha.intake.pages.batches import found_file
from paricha.intake.proposing import Proposal, grids_of, looks_like, original_of, propose
from paricha.screens.places import original_url


@require_http_methods(["GET", "POST"])
@officer_page(Right.INTAKE)
def mapping(request: HttpRequest, id: bytes, position: int) -> HttpResponse:
    """Look (GET), try what was chosen (POST `do=try`), read the file so (`do=read`), or keep it for the next (`do=save`)."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    file = found_file(officer, id, position)
    read(officer, Event.FILE_LOOKED_AT, file.batch, position=position)
    header_row = request.POST.get("header_row") or request.GET.get("header_row") or ""
    if _other_kind(request):
        header_row = ""
    asked = request.POST.get("register") or request.GET.get("register") or ""
    proposal = _proposal(file, int(header_row) if header_row.isdecimal() and 0 < len(header_row) < 6 else None, asked)
    near = _near(file, proposal)
    draft, refusal = _draft(request, file, proposal, near), None
    if request.method == "POST":
        try:
            done = _do(request, officer, file, draft, proposal)
            if done is not None:
                return done
        except Refused as refused:
            refusal = refused.refusal
    return render(request, "intake/mapping.html", _context(officer, file, proposal, draft, refusal, near))


def _proposal(file: FileRead, header_row: int | None, asked: str) -> Proposal:
    """What stands in the file, with a field proposed for each column. Raises `Refused`.

    `asked`: which register the officer says the sheet is, or “tips”; else what was chosen for the file, or it looks like.
    """
    original = original_of(file)
    try:
        named, _saved = queries.mappings_for(file)
        grids = grids_of(original)
        if asked in registers_words.REGISTERS or asked == "tips":
            register = None if asked == "tips" else asked
        else:
            register = named.register if named else looks_like(grids)
        if header_row is None and named is not None and named.register == register:
            header_row = named.header_row or None
        proposal = propose(grids, header_row, register)
    except Unreadable as unreadable:
        refusal = unreadable.refusal
        raise Refused(refusal.code, refusal.what, refusal.remedy, file=refusal.file) from unreadable
    if proposal is None:
        raise Refused("INTAKE-EMPTY", _("The sheet is empty."), _("Ask the sender for the whole file."), file=file.name)
    return proposal


def _near(file: FileRead, proposal: Proposal) -> Mapping | None:
    """The saved mapping from which the sheet has drifted; None where one fits, none is near, or the officer chose."""
    if file.chosen_mapping is not None:
        return None
    named, saved = queries.mappings_for(file)
    near = drifted_from([proposal.grid], named, saved)
    return near if near is not None and near.register == proposal.register else None


def _carried(near: Mapping, proposal: Proposal) -> Mapping:
    """What a saved mapping says of the columns that are still there, or stand under a new name; the rest as proposed."""
    said = {plain_heading(heading): field for heading, field in near.columns.items()}
    drift = drift_of(proposal.grid, near)
    said |= {plain_heading(new): said[plain_heading(old)] for old, new in drift.renamed if plain_heading(old) in said}
    new = set(map(plain_heading, drift.new))
    columns = {}
    for column in proposal.columns:
        plain = plain_heading(column.heading)
        field = said.get(plain) or (column.field if plain in new else None)
        if column.heading and field:
            columns[column.heading] = field
    return msgspec.structs.replace(near, header_row=proposal.header_row, columns=columns, headings_in_order=None)


def _draft(request: HttpRequest, file: FileRead, proposal: Proposal, near: Mapping | None) -> Mapping:
    """The mapping as the form has it now; at first what was chosen for the file, what a saved one says, or is proposed."""
    name = (file.name.rpartition("/")[2].rpartition(".")[0] or file.name)[:LONGEST_NAME]
    post = request.POST
    if request.method != "POST":
        chosen = file.chosen_mapping
        if chosen and chosen.register == proposal.register:
            return chosen
        return _carried(near, proposal) if near is not None else proposal.mapping(name)
    if _other_kind(request):
        return proposal.mapping(_typed(post, "name") or name)
    columns = {
        column.heading: field
        for column in proposal.columns
        if column.heading and (field := post.get(f"field-{column.index}", "")) in _fields(proposal.register)
    }
    order = post.get("date_order", "")
    return Mapping(
        _typed(post, "name") or name,
        proposal.header_row,
        columns,
        zone=post.get("zone") or None,
        date_order=DateOrder(order) if order in set(DateOrder) else None,
        giver=(proposal.register is None and _typed(post, "giver")) or "ncmec",
        kind="tips" if proposal.register is None else "register",
        register=proposal.register,
    )


def _typed(post: Any, name: str) -> str:
    """What was typed into a field, without signs that no page shows and no database keeps."""
    return "".join(sign for sign in post.get(name, "") if sign.isprintable()).strip()


def _other_kind(request: HttpRequest) -> bool:
    """Whether the officer says just now that the sheet is of another kind: its fields and headings are others."""
    return request.POST.get("register", "") != request.POST.get("was", "")


def _fields(register: str | None) -> dict[str, Any]:
    """The fields that a column may be, with their words."""
    return words.FIELDS if register is None else registers_words.FIELDS


def _do(
    request: HttpRequest, officer: Officer, file: FileRead, draft: Mapping, proposal: Proposal
) -> HttpResponse | None:
    wanted = request.POST.get("do", "try")
    if wanted not in ("read", "save") or _other_kind(request):
        return None
    checked = read_mapping(draft.to_plain())
    if wanted == "save":
        whole = [column.heading for column in proposal.columns if column.heading]
        verbs.save_mapping(officer, msgspec.structs.replace(checked, headings_in_order=whole))
    verbs.choose_mapping(officer, file, checked)
    return HttpResponseRedirect(reverse("intake:batch", args=[file.batch_id]))


def _context(
    officer: Officer, file: FileRead, proposal: Proposal, draft: Mapping, refusal: Any, near: Mapping | None
) -> dict[str, Any]:
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
        "columns": [_column(one, draft, near) for one in proposal.columns],
        "near": near,
        "drift": drift_of(proposal.grid, near) if near is not None else None,
        "versions": list(queries.versions_of_mapping(officer, draft.name)[:6]),
        "kinds": [("tips", _("Tips")), *registers_words.REGISTERS.items()],
        "fields": list(_fields(proposal.register).items()),
        "zones": words.ZONES,
        "orders": [("", _("not chosen")), ("dmy", _("day first")), ("mdy", _("month first")), ("ymd", _("year first"))],
        "heads": [_fields(proposal.register).get(column.field or "", column.field) for column in columns],
        "rows": [(number, [_cell(file, cell) for cell in cells]) for number, cells in rows],
        "undecided": undecided,
        "meanings": [_meaning(one) for one in previewing.meanings(layout, undecided)] if undecided else [],
        "lacks_zone": lacks_zone,
        "why_not": " ".join(open_questions),
    }


def _column(column: Any, draft: Mapping, near: Mapping | None) -> dict[str, Any]:
    chosen = draft.columns.get(column.heading) if column.heading else None
    said, grade = words.SURE["unread" if chosen is None else column.sure if chosen == column.field else "sure"]
    saved = {plain_heading(heading): field for heading, field in near.columns.items()} if near is not None else {}
    if chosen is not None and saved.get(plain_heading(column.heading)) == chosen:
        why = _("as in the saved mapping")
    elif chosen is not None:
        why = words.PROPOSED[column.why] if chosen == column.field else _("chosen by you")
    else:
        why = words.PROPOSED[column.why] if not column.field else _("left out by you")
    return {"column": column, "chosen": chosen, "why": why, "state": said, "grade": grade}


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
