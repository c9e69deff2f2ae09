"""What writes field events: a phone's envelopes, and the control room's entries for a team."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import touch, verb
from paricha.audit.log import record
from paricha.field.envelope import START, Envelope, likely_at, read_envelope, signed_by, text_hash
from paricha.field.events import Event
from paricha.field.kinds import ON_A_SITE, Kind, read_payload, same_thing
from paricha.field.models import FieldEvent, RefusedEvent
from paricha.grounds.instants import from_utc_text
from paricha.grounds.refusals import Refused
from paricha.operations.models import Device, Package, Site, Team

CLOCK_TOLERANCE_S = 120
CONFIRM_WITHIN = timedelta(hours=12)


class Answer(msgspec.Struct, frozen=True):
    """What the phone hears of one envelope: `stored` (also when it was stored before), or the refusal."""

    id: str | None
    stored: bool
    known: bool = False
    code: str | None = None
    words: str | None = None


def take_envelope(device: Device, text: str, signature: bytes) -> Answer:
    """Store one signed envelope, once; `device` is who brings it. Never raises on content: a refusal is an answer.

    A colleague's phone may carry it: what counts is the signature of the device that the envelope names. Order of
    arrival does not matter; an event whose predecessor is not here yet is stored, and its chain is checked when that
    one comes.
    """
    envelope, fault = read_envelope(text)
    if envelope is None:
        return _refuse(device, text, signature, "FIELD-UNREADABLE", fault, None)
    try:
        with transaction.atomic():
            return _store(device, envelope, text, signature)
    except Refused as refused:
        answer = refused.refusal
    return _refuse(device, text, signature, answer.code, answer.what, envelope.id)


def _refuse(device: Device, text: str, signature: bytes, code: str, why: str, known_id: str | None) -> Answer:
    with transaction.atomic():
        kept = RefusedEvent.objects.create(
            text=_storable(text),
            signature=signature[:256],
            code=code,
            why=why,
            device=device,
            received_at=timezone.now(),
        )
        record(
            Event.REFUSED, officer=device.officer.id16, via="phone", touched=[("device", device.id),
            ("refusedevent", kept.id)], facts={"code": code},
        )  # fmt: skip
    return Answer(known_id, False, code=code, words=why)


def _storable(text: str) -> str:
    """A refused text as it came, but for what no database takes: lone surrogates and NUL are written out."""
    return text[:70_000].encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")


def _no(code: str, what: str) -> Refused:
    return Refused(code, what, _("Tell the control room; the event stays on the phone."))


def _store(bearer: Device, envelope: Envelope, text: str, signature: bytes) -> Answer:
    # one after another for each device: the same envelope sent twice at once is one event
    rows = Device.objects.select_for_update(of=("self",)).select_related("key", "officer")
    device = rows.filter(pk=bytes.fromhex(envelope.device)).first()
    if device is None or device.revoked_at is not None:
        raise _no("FIELD-DEVICE", _("The device that signed this is unknown or revoked."))
    if not signed_by(bytes(device.key.public), text, signature):
        raise _no("FIELD-SIGNATURE", _("The signature does not fit this device and this text."))
    digest = text_hash(text)
    before = FieldEvent.objects.filter(pk=bytes.fromhex(envelope.id)).first()
    if before is not None:
        if before.text_sha256 == digest:
            return Answer(envelope.id, True, known=True)
        raise _no("FIELD-SAME-ID", _("Another event with this id is stored already."))
    if FieldEvent.objects.filter(device=device, seq=envelope.seq).exists():
        raise _no("FIELD-SEQUENCE", _("Number {n} of this device is stored already.").format(n=envelope.seq))
    _check_chain(device, envelope, digest)
    team, site, package = _where(device, envelope)
    Team.objects.select_for_update().get(pk=team.pk)  # the control room may be entering the same thing now
    payload, fault = read_payload(envelope.kind, envelope.payload)
    if payload is None:
        raise _no("FIELD-PAYLOAD", fault)
    event = FieldEvent.objects.create(
        id=bytes.fromhex(envelope.id),
        operation=team.operation,
        team=team,
        site=site,
        package=package,
        kind=envelope.kind,
        at=likely_at(envelope),
        at_device=from_utc_text(envelope.at),
        received_at=timezone.now(),
        clock_off_s=_clock_off(envelope),
        payload=json.dumps(envelope.payload, ensure_ascii=False, sort_keys=True),
        device=device,
        seq=envelope.seq,
        previous=envelope.previous,
        text=text,
        text_sha256=digest,
        signature=signature,
        confirms=_entered_before(team, site, envelope),
    )
    touched = [("fieldevent", event.id), ("team", team.id), ("operation", team.operation.id), ("device", device.id)]
    if site is not None:
        touched.append(("site", site.id))
    facts = {"kind": str(envelope.kind)}
    if bearer.pk != device.pk:
        facts["carried_by"] = bearer.id.hex()
    record(Event.STORED, officer=device.officer.id16, via="phone", touched=touched, facts=facts)
    return Answer(envelope.id, True)


def _check_chain(device: Device, envelope: Envelope, digest: str) -> None:
    before = FieldEvent.objects.filter(device=device, seq=envelope.seq - 1).first()
    after = FieldEvent.objects.filter(device=device, seq=envelope.seq + 1).first()
    fits_before = envelope.previous == START if envelope.seq == 1 else True
    if before is not None:
        fits_before = envelope.previous == before.text_sha256
    if not fits_before or (after is not None and after.previous != digest):
        raise _no("FIELD-CHAIN", _("Event {n} does not follow the one before it.").format(n=envelope.seq))


def _where(device: Device, envelope: Envelope) -> tuple[Team, Site | None, Package | None]:
    """The team, site and package: only of the teams this device's officer is in."""
    teams = Team.objects.filter(members__officer=device.officer).select_related("operation")
    if envelope.kind in ON_A_SITE:
        site = (
            Site.objects.filter(pk=bytes.fromhex(envelope.site), team__in=teams)
            .select_related("team__operation")
            .first()
            if envelope.site
            else None
        )
        if site is None or site.team is None:
            raise _no("FIELD-SITE", _("The site is not one of this team's."))
        return site.team, site, None
    package = (
        Package.objects.filter(pk=bytes.fromhex(envelope.package), team__in=teams)
        .select_related("team__operation")
        .first()
        if envelope.package
        else None
    )
    if package is None:
        raise _no("FIELD-SITE", _("The package is not one of this team's."))
    return package.team, None, package


def _clock_off(envelope: Envelope) -> int | None:
    """How far the phone's clock is off when it matters: known from its contacts, or seen because its time lies ahead."""
    if envelope.offset_s is not None:
        return envelope.offset_s if abs(envelope.offset_s) > CLOCK_TOLERANCE_S else None
    ahead = int((from_utc_text(envelope.at) - timezone.now()).total_seconds())
    return ahead if ahead > CLOCK_TOLERANCE_S else None


def _entered_before(team: Team, site: Site | None, envelope: Envelope) -> FieldEvent | None:
    """The control room's entry of the same thing, told by telephone before the phone could send; it is confirmed once."""
    entered = FieldEvent.objects.filter(
        team=team, site=site, kind=envelope.kind, entered_by__isnull=False, confirmed_by__isnull=True,
        at__gte=likely_at(envelope) - CONFIRM_WITHIN, at__lte=likely_at(envelope) + CONFIRM_WITHIN,
    ).order_by("at")  # fmt: skip
    mark = same_thing(envelope.kind, envelope.payload)
    return next(
        (
            entry
            for entry in entered
            if mark is not None and same_thing(envelope.kind, json.loads(entry.payload)) == mark
        ),
        None,
    )


@verb(may=Right.CONTROL_ROOM, event=Event.ENTERED)
def enter_for_team(
    officer: Officer,
    team: Team,
    *,
    site: Site | None,
    kind: Kind,
    payload: dict[str, Any],
    caller: str,
    happened_at: datetime,
    told_at: datetime,
) -> FieldEvent:
    """Enter what a team said by telephone: who called, when it was told, when it happened.

    Raises `Refused` FIELD-SITE, FIELD-PAYLOAD, FIELD-TIME. The team's own event later confirms it without a double; if
    the team's event is here already, the entry is refused as known.
    """
    if (kind in ON_A_SITE) != (site is not None) or (site is not None and site.team_id != team.pk):
        raise Refused("FIELD-SITE", _("The site is not one of {team}.").format(team=team.name), _("Choose its site."))
    record_of, fault = read_payload(kind, payload)
    if record_of is None:
        raise Refused("FIELD-PAYLOAD", fault, _("Ask the team and fill it in."))
    now = timezone.now()
    if happened_at > now or told_at > now or happened_at > told_at or not caller.strip():
        raise Refused("FIELD-TIME", _("A time lies ahead, or no caller is named."), _("Correct the times."))
    Team.objects.select_for_update().get(pk=team.pk)  # the team's own event may be coming in now
    mark = same_thing(kind, payload)
    for event in FieldEvent.objects.filter(team=team, site=site, kind=kind, entered_by__isnull=True):
        if mark is not None and same_thing(kind, json.loads(event.payload)) == mark:
            raise Refused(
                "FIELD-KNOWN", _("The team's own event is here already, received {time} UTC.").format(
                    time=event.received_at.strftime("%H:%M")),
                _("Nothing needs to be entered."),
            )  # fmt: skip
    touch("team", team)
    touch("operation", team.operation)
    if site is not None:
        touch("site", site)
    return FieldEvent.objects.create(
        operation=team.operation, team=team, site=site, kind=kind, at=happened_at, received_at=now,
        payload=json.dumps(msgspec.to_builtins(record_of), ensure_ascii=False, sort_keys=True), entered_by=officer,
        caller=caller, told_at=told_at,
    )  # fmt: skip


@verb(may=Right.CONTROL_ROOM, event=Event.JOINED)
def say_same(officer: Officer, event: FieldEvent, entry: FieldEvent) -> FieldEvent:
    """Say that a team's own event is what was entered by telephone: from then on they count once.

    For what could not be told to be the same, as a name written in two ways. Raises `Refused` FIELD-SAME.
    """
    fits = (
        event.entered_by_id is None and entry.entered_by_id is not None and event.confirms_id is None
        and (event.team_id, event.site_id, event.kind) == (entry.team_id, entry.site_id, entry.kind)
        and not FieldEvent.objects.filter(confirms=entry).exists()
    )  # fmt: skip
    if not fits:
        raise Refused(
            "FIELD-SAME", _("These two can't be one event: one comes from the phone, one by telephone, of one kind and site."),
            _("Choose the entry that belongs to it."),
        )  # fmt: skip
    event.confirms = entry
    event.save(update_fields=["confirms"])
    touch("team", event.team)
    touch("operation", event.operation)
    return event
