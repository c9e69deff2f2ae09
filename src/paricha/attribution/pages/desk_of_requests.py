"""The legal desk: what waits by operator and days left, a request with its read-back and answers."""

from __future__ import annotations

import json
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from paricha.access.models import Officer
from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.signing import sign_and_do
from paricha.access.verbs_of_the_house import read
from paricha.attribution import finished
from paricha.attribution.asking import days_left
from paricha.attribution.events import Event
from paricha.attribution.models import Request
from paricha.attribution.queries import echo_table, reply_files, shown_with_source, waiting_requests
from paricha.attribution.verbs.replies import read_replies
from paricha.attribution.verbs.requests import make_requests, sign_request, write_request
from paricha.grounds.refusals import Refused

SHOWN = 1000  # sightings nobody is asked about, on one page
KINDS = {".pdf": "application/pdf", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@officer_page(any_of=[Right.LEGAL, Right.SIGN_REQUEST])
def requests(request: HttpRequest) -> HttpResponse:
    """Requests, those with the fewest days left first, and what waits by operator."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    now = timezone.now()
    rows = [
        {"request": one, "left": days_left(one.oldest_at, now), "rows": one.rows.count(), "signatures": one.signatures.count(),
         "replies": one.replies.count(), "standing": standing(one)}
        for one in Request.objects.visible_to(officer).order_by("oldest_at", "number")[:500]
    ]  # fmt: skip
    read(officer, Event.REQUESTS_READ, requests=len(rows))
    return render(
        request,
        "attribution/requests.html",
        {"rows": rows, "waiting": waiting_requests(officer), "made": request.GET.get("made")},
    )


def standing(one: Request) -> tuple[str, str]:
    """Where a request stands, in a word and a grade."""
    signed = one.signatures.count()
    if one.replies.exists():
        return _("Answered"), "good"
    if signed >= 2:
        return _("Signed, waits for the answer"), "live"
    if signed:
        return _("Waits for the second signature"), "warn"
    return (_("Written"), "neutral") if one.written_at else (_("Made"), "neutral")


@require_POST
@officer_page(Right.LEGAL)
def make(request: HttpRequest) -> HttpResponse:
    """Group what waits into requests."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    done = make_requests(officer)
    rows = shown_with_source(officer, done.unrequested[:SHOWN])
    return render(request, "attribution/unrequested.html", {"rows": rows, "made": done.requests})


@officer_page(any_of=[Right.LEGAL, Right.SIGN_REQUEST])
def one(request: HttpRequest, identity: bytes) -> HttpResponse:
    """A request: the finished sheet read back field by field, its signatures, its answers with the echo."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    found = Request.objects.all().get_visible(officer, id=identity)
    context = {
        "one": found, "standing": standing(found), "left": days_left(found.oldest_at, timezone.now()), "count": found.rows.count(),
        "signatures": found.signatures.select_related("officer").order_by("at"), "files": reply_files(officer, found),
        "echo": echo_table(officer, found), "waiting": waiting_requests(officer), **_read_back(found),
    }  # fmt: skip
    read(officer, Event.REQUEST_READ, found)
    return render(request, "attribution/request.html", context)


def _read_back(one: Request) -> dict[str, object]:
    """What stands in the finished files now, beside the record."""
    _layout, rows = finished.rows_of(one)
    if not one.written_at:
        return {"rows": rows, "back": None}
    try:
        back, _files = finished.read_back(one, Path(one.folder))
    except Refused as refused:
        return {"rows": rows, "back": None, "gone": refused.refusal}
    note = json.loads(one.written)
    return {"rows": rows, "back": back, "law": one.law, "names": list(note["files"])}


@require_POST
@officer_page(Right.LEGAL)
def write(request: HttpRequest, identity: bytes) -> HttpResponse:
    """Write letter and sheet into the unit's own folder."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    found = Request.objects.all().get_visible(officer, id=identity)
    write_request(officer, found)
    return redirect("attribution:request", identity)


@require_POST
@officer_page(Right.SIGN_REQUEST)
def sign(request: HttpRequest, identity: bytes) -> HttpResponse:
    """Read back, and sign with the officer's own key."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    found = Request.objects.all().get_visible(officer, id=identity)
    done = sign_and_do(request, sign_request, found, words=_("Sign request {number}").format(number=found.number))
    return done if isinstance(done, HttpResponse) else redirect("attribution:request", identity)


@officer_page(any_of=[Right.LEGAL, Right.SIGN_REQUEST])
def file(request: HttpRequest, identity: bytes, name: str) -> HttpResponse:
    """A finished file, as it lies in the folder."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    found = Request.objects.all().get_visible(officer, id=identity)
    if name not in json.loads(found.written).get("files", {}):
        raise Http404
    path = Path(found.folder) / name
    if not path.is_file():
        raise Refused(
            "REQUESTS-NOT-WRITTEN",
            _("{name} is not in the folder any more.").format(name=name),
            _("Write the request again."),
        )
    read(officer, Event.REQUEST_READ, found, file=path.suffix)
    response = HttpResponse(path.read_bytes(), content_type=KINDS.get(path.suffix, "application/octet-stream"))
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@officer_page(Right.LEGAL)
def reply(request: HttpRequest, identity: bytes) -> HttpResponse:
    """Read the files of one answer together."""
    officer: Officer = request.officer  # type: ignore[attr-defined]
    found = Request.objects.all().get_visible(officer, id=identity)
    files = [(each.name or "reply", each.read()) for each in request.FILES.getlist("files")]
    if not files:
        raise Refused("REPLIES-UNREADABLE", _("No file was chosen."), _("Choose the operator's file."))
    done = read_replies(officer, found, files)
    if done.refusals:
        return render(request, "attribution/reply_refused.html", {"one": found, "done": done})
    return redirect("attribution:request", identity)
