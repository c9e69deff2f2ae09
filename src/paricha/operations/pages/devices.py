"""Phones: invite an officer's, show the code once, revoke one."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import read
from paricha.grounds.refusals import Refused
from paricha.operations.events import Event
from paricha.operations.forms import InviteForm
from paricha.operations.models import Device
from paricha.operations.pages.planning import officer_of
from paricha.operations.verbs.devices import CODE_HOURS, invite_device, revoke_device
from paricha.screens.papers import qr_svg


@officer_page(Right.SEAL)
def devices(request: HttpRequest) -> HttpResponse:
    """The unit's phones; a new code with its QR is shown once, in the answer that made it."""
    officer = officer_of(request)
    form = InviteForm(officer, request.POST or None)
    shown: dict[str, object] = {}
    if request.method == "POST" and form.is_valid():
        member = form.cleaned_data["member"]
        _row, code = invite_device(officer, member)
        address = request.build_absolute_uri("/field/app/") + f"#code={quote(code)}"
        # our own drawing of an address: no outside text in it
        shown = {
            "code": code,
            "member": member,
            "address": address,
            "qr": mark_safe(qr_svg(address)),
            "hours": CODE_HOURS,
        }
        form = InviteForm(officer)
    rows = Device.objects.filter(officer__unit__path__startswith=officer.unit.path).select_related(
        "officer__unit", "enrolled_by"
    )
    read(officer, Event.DEVICES_READ)
    context = {"rows": rows.order_by("revoked_at", "officer__unit__name", "officer__name"), "form": form} | shown
    return render(request, "operations/devices.html", context)


@require_POST
@officer_page(Right.SEAL)
def revoke(request: HttpRequest, device: bytes) -> HttpResponse:
    """A lost or returned phone."""
    row = Device.objects.filter(id=device).select_related("officer__unit", "key").first()
    if row is None:
        raise Refused("ACCESS-NOT-VISIBLE", "There is no such phone here.", "Look at the list of phones.")
    revoke_device(officer_of(request), row, reason=request.POST.get("reason", ""))
    return redirect("operations:devices")
