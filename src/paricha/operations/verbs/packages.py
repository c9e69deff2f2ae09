"""Freeze the plan and seal: one package a team, sealed twice, its door states read in the same transaction."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.audit.fields import new_id
from paricha.grounds.refusals import Refused
from paricha.operations import sealing
from paricha.operations.content import package_content
from paricha.operations.doors import must_be_ready
from paricha.operations.events import Event
from paricha.operations.models import Device, Operation, OperationState, Package, PackageState, Site, SiteState, Team
from paricha.operations.verbs.planning import in_state
from paricha.vault import store


def release_folder() -> Path:
    """Where the operations' root secrets lie, outside the database."""
    return Path(settings.HOME) / "keys" / "release"


def recipients_of(team: Team) -> list[str]:
    """The age recipients of the team's enrolled, unrevoked devices."""
    officers = [member.officer_id for member in team.members.all() if member.officer_id]
    return list(
        Device.objects.filter(officer_id__in=officers, revoked_at__isnull=True)
        .order_by("recipient")
        .values_list("recipient", flat=True)
    )


@verb(may=Right.PLAN, event=Event.FROZEN)
def freeze_plan(officer: Officer, operation: Operation) -> Operation:
    """No more sites or nominations; teams are what they are. A site without a team or sight of the house is named."""
    in_state(operation, OperationState.PLANNING)
    sites = operation.sites.filter(state=SiteState.CHOSEN)
    loose = [site.number for site in sites if site.team_id is None]
    unseen = [site.number for site in sites if not site.seen_on]
    if not sites or loose:
        raise Refused(
            "OPERATION-STATE",
            _("Sites without a team: {numbers}.").format(numbers=", ".join(map(str, loose)))
            if sites
            else _("The operation has no site."),
            _("Form the teams, or drop the site with a reason."),
        )
    if unseen:
        raise Refused(
            "OPERATION-STATE",
            _("Nobody has seen the house of site {numbers}.").format(numbers=", ".join(map(str, unseen))),
            _("Say who saw it and when, or drop the site with a reason."),
        )
    operation.state = OperationState.FROZEN
    operation.save(update_fields=["state"])
    return operation


@verb(may=Right.SEAL, event=Event.SEALED)
def seal_packages(officer: Officer, operation: Operation) -> list[Package]:
    """Seal each team's package. Raises `Refused` naming the team without a device or the door that does not hold."""
    in_state(operation, OperationState.FROZEN, OperationState.SEALED)
    teams = [team for team in operation.teams.order_by("name") if team.sites.filter(state=SiteState.CHOSEN).exists()]
    without = [team.name for team in teams if not recipients_of(team)]
    if without:
        raise Refused(
            "OPERATION-NO-TEAM",
            _("No enrolled device in {teams}.").format(teams=", ".join(without)),
            _("Enrol a device for a member of each, or print a sealed cover."),
        )
    made = [seal_for(officer, team) for team in teams]
    operation.state = OperationState.SEALED
    operation.save(update_fields=["state"])
    note_facts(packages=len(made))
    touch("operation", operation)
    return made


def seal_for(officer: Officer, team: Team) -> Package:
    """Seal a new version for one team; the version before is revoked and its key never published. Called by verbs."""
    operation = team.operation
    sites = list(team.sites.filter(state=SiteState.CHOSEN).order_by("wave", "priority", "number"))
    for site in sites:
        must_hold(site)
    before = team.packages.order_by("-version").first()
    if before is not None and before.state != PackageState.REVOKED:
        before.state, before.why = PackageState.REVOKED, str(_("Replaced by a newer version."))
        before.save(update_fields=["state", "why"])
    version = (before.version if before else 0) + 1
    package = new_id()
    key = sealing.release_key(sealing.release_root(release_folder(), operation.id), team.id, version)
    recipients = recipients_of(team)
    if not sites or not recipients:
        raise Refused(
            "OPERATION-NO-TEAM", _("{team} has no site or no enrolled device.").format(team=team.name),
            _("Give it a site, and enrol a device for one of its members."),
        )  # fmt: skip
    content = package_content(officer, operation, team, sites, version=version, code=secrets.token_hex(4))
    sealed = sealing.seal(content, key, package, recipients)
    original = store.keep(sealed, name=f"{operation.number}-{team.name}-v{version}.age", unit=operation.unit)
    return Package.objects.create(
        id=package, operation=operation, team=team, version=version, sealed=bytes(original.sha256),
        recipients="\n".join(recipients), site_ids=" ".join(site.id.hex() for site in sites),
        commitment=sealing.commitment(key), sealed_at=timezone.now(),
    )  # fmt: skip


def must_hold(site: Site) -> None:
    """Raise `Refused` OPERATION-DOOR unless the site's door is ready now. Locks the door. An urgent place has no door."""
    if site.door is not None:
        must_be_ready(site.door, place=str(_("Site {number}").format(number=site.number)))


@verb(may=Right.SEAL, event=Event.REVOKED)
def revoke_package(officer: Officer, package: Package, *, reason: str) -> Package:
    """Revoke a package: its key is never published; a phone that has opened it wipes its copy at the next contact."""
    if not reason.strip():
        raise Refused("ACCESS-REASON-NEEDED", _("Say why the package is revoked."), _("Write the reason."))
    in_state(package.operation, OperationState.SEALED, OperationState.RELEASED)
    package.refresh_from_db()
    package.state, package.why = PackageState.REVOKED, reason
    package.save(update_fields=["state", "why"])
    touch("team", package.team)
    return package


@verb(may=Right.SEAL, event=Event.SEALED)
def seal_again(officer: Officer, team: Team) -> Package:
    """A member, device or site of one team changed: a new version under a new key, which two officers sign anew."""
    in_state(team.operation, OperationState.SEALED, OperationState.RELEASED)
    touch("operation", team.operation)
    touch("team", team)
    return seal_for(officer, team)


@verb(may=Right.PLAN, event=Event.CLOSED)
def close_operation(officer: Officer, operation: Operation) -> Operation:
    """The operation is over: phones wipe its packages, nothing of it is released any more."""
    in_state(operation, *(state for state in OperationState if state != OperationState.CLOSED))
    operation.state = OperationState.CLOSED
    operation.save(update_fields=["state"])
    return operation
