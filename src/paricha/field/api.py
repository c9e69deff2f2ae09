"""What phones call: enrol, fetch packages, send events, hear of stops. JSON; each call signed by the device's key.

A call carries `Authorization: Paricha-Device DEVICE SECONDS SIGNATURE`: the signature is over
`paricha-call/1|METHOD|PATH|SECONDS|SHA-256 of the body`. A phone's clock may be off: the window is wide (two days), and
a repeated call repeats no act, because events are known by id.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

from paricha.access.acting import acting
from paricha.access.verbs_of_the_house import read
from paricha.field import verbs
from paricha.field.events import Event
from paricha.grounds.instants import utc_text
from paricha.grounds.refusals import Refused
from paricha.operations.models import Device, OperationState, Package, PackageState
from paricha.operations.verbs.devices import enrol_device
from paricha.operations.verbs.stops import stops_for
from paricha.vault import store

CALL_WINDOW_S = 2 * 86_400
MAX_BODY = 4_000_000

View = Callable[..., HttpResponse]


def _answer(body: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(
        body | {"now": utc_text(timezone.now())}, status=status, json_dumps_params={"ensure_ascii": False}
    )


def _refused(refused: Refused, status: int) -> JsonResponse:
    return _answer({"refusal": refused.refusal.to_plain()}, status)


def device_call(view: View) -> View:
    """Only an enrolled, unrevoked device gets through; the view gets it as second argument."""

    @csrf_exempt
    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            device = _calling(request)
        except Refused as refused:
            return _refused(refused, 401)
        with acting("phone"):
            return view(request, device, *args, **kwargs)

    return run


def _calling(request: HttpRequest) -> Device:
    parts = request.headers.get("Authorization", "").split()
    nobody = Refused("FIELD-DEVICE", _("The device is unknown or revoked."), _("Enrol it again with a new code."))
    if (
        len(parts) != 4
        or parts[0] != "Paricha-Device"
        or not (parts[2].isascii() and parts[2].isdecimal() and len(parts[2]) < 12)
    ):
        raise nobody
    try:
        identity, signature = bytes.fromhex(parts[1]), bytes.fromhex(parts[3])
    except ValueError as error:
        raise nobody from error
    device = (
        Device.objects.select_related("officer__unit", "key").filter(pk=identity, revoked_at__isnull=True).first()
        if len(identity) == 16
        else None
    )
    if device is None or not device.officer.active or abs(int(parts[2]) - timezone.now().timestamp()) > CALL_WINDOW_S:
        raise nobody
    body = hashlib.sha256(request.body).hexdigest()
    said = f"paricha-call/1|{request.method}|{request.path}|{parts[2]}|{body}".encode()
    try:
        VerifyKey(bytes(device.key.public)).verify(said, signature)
    except (CryptoError, ValueError) as error:
        raise nobody from error
    return device


class Enrolment(msgspec.Struct, forbid_unknown_fields=True):
    code: str
    public: str
    recipient: str
    label: str
    proof: str


@csrf_exempt
@require_POST
def enrol(request: HttpRequest) -> HttpResponse:
    """A phone enrols with its one-time code and its two public keys."""
    try:
        given = msgspec.json.decode(request.body[:8192], type=Enrolment)
        public, proof = bytes.fromhex(given.public), bytes.fromhex(given.proof)
    except (msgspec.DecodeError, ValueError):
        refusal = Refused("OPERATION-DEVICE-KEY", _("The phone's keys can't be used."), _("Open the page anew."))
        return _refused(refusal, 400)
    try:
        with acting("phone"):
            device = enrol_device(
                given.code, public=public, recipient=given.recipient, label=given.label[:120], proof=proof
            )
    except Refused as refused:
        return _refused(refused, 409)
    return _answer({"device": device.id.hex(), "officer": device.officer.name, "unit": device.officer.unit.name})


def packages_of(device: Device) -> list[Package]:
    """The newest package of each team the device's officer is in; earlier versions are told as revoked."""
    mine = Package.objects.filter(team__members__officer=device.officer).exclude(operation__state=OperationState.CLOSED)
    return list(mine.select_related("team__district", "operation").order_by("team__name", "-version").distinct())


def plain_package_state(package: Package) -> dict[str, Any]:
    """What a phone hears of a package without opening it."""
    return {
        "package": package.id.hex(),
        "team": package.team.name,
        "operation": package.operation.number,
        "version": package.version,
        "state": package.state,
        "release_at": utc_text(package.operation.release_at),
        "until": utc_text(package.operation.until),
        "commitment": bytes(package.commitment).hex(),
        "release_key": bytes(package.release_key).hex()
        if package.release_key and package.state == PackageState.RELEASED and package.operation.until > timezone.now()
        else None,
        "stops": [
            {
                "id": stop.id.hex(), "site": stop.site.id.hex() if stop.site else None,
                "number": stop.site.number if stop.site else None, "reason": stop.reason, "at": utc_text(stop.at),
            }
            for stop in stops_for(package)
        ],
    }  # fmt: skip


@require_GET
@device_call
def packages(request: HttpRequest, device: Device) -> HttpResponse:
    """State, release key and stops of this device's packages: asked often, small."""
    found = packages_of(device)
    told = [plain_package_state(package) for package in found]
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    if digest != device.told:  # asked every few seconds: what it has heard already is no new reading
        read(device.officer, Event.TEAM_READ, device, *found)
        Device.objects.filter(pk=device.pk).update(told=digest)
    return _answer({"packages": told})


@require_GET
@device_call
def sealed(request: HttpRequest, device: Device, package: bytes) -> HttpResponse:
    """The sealed bytes, for a device that is among the recipients."""
    row = next((one for one in packages_of(device) if one.id == package), None)
    if (
        row is None
        or device.recipient not in row.recipients.split("\n")
        or row.state == PackageState.REVOKED
        or row.operation.until <= timezone.now()
    ):
        return _refused(
            Refused("FIELD-SITE", _("There is no such package for this device."), _("Ask the control room.")), 404
        )
    read(device.officer, Event.FETCHED, row, device)
    text = base64.b64encode(store.read(bytes(row.sealed).hex())).decode()
    return _answer(plain_package_state(row) | {"sealed": text})


@require_POST
@device_call
def events(request: HttpRequest, device: Device) -> HttpResponse:
    """Signed envelopes, up to 200 a call: an answer for each; sending one again is harmless."""
    if len(request.body) > MAX_BODY:
        return _refused(Refused("FIELD-UNREADABLE", _("Too much at once."), _("Send fewer events a call.")), 413)
    try:
        given = json.loads(request.body)
        pairs = [(str(one["text"]), bytes.fromhex(one["signature"])) for one in given["events"][:200]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return _refused(Refused("FIELD-UNREADABLE", _("This is no list of events."), _("Open the page anew.")), 400)
    answers = [verbs.take_envelope(device, text, signature) for text, signature in pairs]
    return _answer({"answers": [msgspec.to_builtins(answer) for answer in answers]})
