"""Enrol a phone: the administrator invites an officer, the phone sends its public keys with the one-time code."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

import pyrage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

from paricha.access.keys import enrolment_fact
from paricha.access.models import KeyKind, Officer, OfficerKey
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import touch, verb
from paricha.audit.log import record
from paricha.grounds.refusals import Refused
from paricha.operations.events import Event
from paricha.operations.models import Device, EnrolmentCode, Package, PackageState

CODE_HOURS = 72


def code_digest(code: str) -> bytes:
    """What is kept of an enrolment code; blanks, dashes and case do not matter."""
    return hashlib.sha256(code.replace("-", "").replace(" ", "").upper().encode()).digest()


@verb(may=Right.SEAL, event=Event.DEVICE_INVITED)
def invite_device(officer: Officer, member: Officer) -> tuple[EnrolmentCode, str]:
    """A one-time code for a team member's phone, shown once. Valid 72 hours."""
    if not member.unit.path.startswith(officer.unit.path) or not member.active:
        raise Refused(
            "ACCESS-NOT-VISIBLE",
            _("The officer is not of your unit, or acts no more."),
            _("Ask his own unit to invite him."),
        )
    alphabet = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
    code = "-".join("".join(secrets.choice(alphabet) for _n in range(4)) for _g in range(4))
    touch("officer", member)
    made = EnrolmentCode.objects.create(
        officer=member, digest=code_digest(code), made_by=officer,
        until=timezone.now() + timedelta(hours=CODE_HOURS),
    )  # fmt: skip
    return made, code


def enrol_device(code: str, *, public: bytes, recipient: str, label: str, proof: bytes) -> Device:
    """A phone enrols itself with its code. `proof`: its Ed25519 signature over `paricha-enrol/1|CODE-DIGEST|recipient`.

    Raises `Refused` OPERATION-ENROLMENT-CODE or OPERATION-DEVICE-KEY. The device acts for the officer of the code.
    """
    with transaction.atomic():
        invited = (
            EnrolmentCode.objects.select_for_update()
            .filter(digest=code_digest(code), used_at__isnull=True, until__gt=timezone.now())
            .first()
        )
        if invited is None:
            raise Refused(
                "OPERATION-ENROLMENT-CODE", _("The code is unknown, used or too old."),
                _("Ask for a new one; each works once."),
            )  # fmt: skip
        try:
            pyrage.x25519.Recipient.from_str(recipient)
            VerifyKey(public).verify(enrol_statement(code, recipient), proof)
        except (pyrage.RecipientError, CryptoError, ValueError, TypeError) as error:
            raise Refused(
                "OPERATION-DEVICE-KEY", _("The phone's keys can't be used."), _("Open the page anew and try again.")
            ) from error
        key = OfficerKey.objects.create(officer=invited.officer, kind=KeyKind.PHONE, public=public, label=label)
        device = Device.objects.create(
            officer=invited.officer, key=key, recipient=recipient, label=label, enrolled_at=timezone.now(),
            enrolled_by=invited.made_by,
        )  # fmt: skip
        invited.used_at = timezone.now()
        invited.save(update_fields=["used_at"])
        record(
            Event.DEVICE_ENROLLED,
            officer=invited.officer.id16,
            via="phone",
            touched=[("device", device.id), ("officer", invited.officer.id16), ("officerkey", key.id)],
            facts=enrolment_fact(key),
        )
    return device


def enrol_statement(code: str, recipient: str) -> bytes:
    """What the phone signs when it enrols."""
    return f"paricha-enrol/1|{code_digest(code).hex()}|{recipient}".encode()


@verb(may=Right.SEAL, event=Event.DEVICE_REVOKED)
def revoke_device(officer: Officer, device: Device, *, reason: str) -> Device:
    """A lost or returned phone: its key signs nothing more; what was sealed to it is held back, to be sealed again."""
    if not reason.strip():
        raise Refused("ACCESS-REASON-NEEDED", _("Say why the phone is revoked."), _("Write the reason."))
    if not device.officer.unit.path.startswith(officer.unit.path):
        raise Refused("ACCESS-NOT-VISIBLE", _("The phone is not of your unit."), _("Ask its own unit."))
    device.revoked_at = device.key.revoked_at = timezone.now()
    device.revoked_why = reason.strip()
    device.key.save(update_fields=["revoked_at"])
    device.save(update_fields=["revoked_at", "revoked_why"])
    touch("officer", device.officer)
    for package in Package.objects.filter(state=PackageState.SEALED, recipients__contains=device.recipient):
        package.state, package.why = PackageState.HELD, str(_("A phone of the team was revoked: seal again."))
        package.save(update_fields=["state", "why"])
        touch("team", package.team)
    return device
