"""Release by two officers, at a set time; each door is read again in the transaction that publishes the key."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.acting import means
from paricha.access.models import Officer, OfficerKey
from paricha.access.rights import Right
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.grounds.refusals import Refused
from paricha.operations import sealing
from paricha.operations.events import Event
from paricha.operations.models import Operation, OperationState, Package, PackageState, ReleaseSignature, Site
from paricha.operations.verbs.packages import must_hold, release_folder
from paricha.operations.verbs.planning import in_state


@verb(may=Right.RELEASE, event=Event.RELEASE_SIGNED, signed=True)
def sign_release(officer: Officer, operation: Operation) -> ReleaseSignature:
    """Sign the release. The second signature must come from another officer with another key."""
    in_state(operation, OperationState.SEALED)
    key = _key_used(officer)
    other = operation.release_signatures.first()
    if other is not None and (other.officer_id == officer.pk or other.key_id == key.pk):
        raise Refused(
            "ACCESS-SAME-OFFICER", _("{name} has signed already.").format(name=other.officer.name),
            _("A second officer signs with his own key."),
        )  # fmt: skip
    touch("operation", operation)
    return ReleaseSignature.objects.create(operation=operation, officer=officer, key=key, at=timezone.now())


def _key_used(officer: Officer) -> OfficerKey:
    """The key that signs the running act."""
    signer = means().signer
    if signer is None:
        raise Refused("ACCESS-SIGNATURE-NEEDED", _("Sign with your own key."), _("Use your key file or passkey."))
    return OfficerKey.objects.get(pk=signer.keys[0], officer=officer)


@verb(may=Right.RELEASE, event=Event.RELEASED)
def release(officer: Officer, operation: Operation, *, now: datetime | None = None) -> list[Package]:
    """Publish the keys of all sealed packages whose doors hold now; the others are held back with the reason.

    Needs two signatures and the set time. Releasing again takes up packages that were held back and hold now.
    """
    in_state(operation, OperationState.SEALED, OperationState.RELEASED)
    moment = now or timezone.now()
    if operation.release_signatures.count() < 2:
        raise Refused(
            "ACCESS-SIGNATURE-NEEDED", _("The release has {count} of two signatures.").format(
                count=operation.release_signatures.count()),
            _("Two officers sign."),
        )  # fmt: skip
    if moment < operation.release_at:
        raise Refused(
            "OPERATION-NOT-YET", _("Release is set for {time} UTC.").format(
                time=operation.release_at.strftime("%Y-%m-%d %H:%M")),
            _("Wait, or set another time before sealing."),
        )  # fmt: skip
    released = []
    for package in operation.packages.select_for_update(of=("self",)).filter(
        state__in=[PackageState.SEALED, PackageState.HELD]
    ):
        try:
            for site in _sites(package):
                _no_stop(site)
                must_hold(officer, site)
        except Refused as refused:
            package.state, package.why = PackageState.HELD, refused.refusal.what
            package.save(update_fields=["state", "why"])
            touch("team", package.team)
            continue
        root = sealing.release_root(release_folder(), operation.id)
        package.release_key = sealing.release_key(root, package.team_id, package.version)
        package.state, package.released_at, package.why = PackageState.RELEASED, moment, ""
        package.save(update_fields=["release_key", "state", "released_at", "why"])
        released.append(package)
    operation.state = OperationState.RELEASED
    operation.save(update_fields=["state"])
    touch("operation", operation)
    note_facts(released=len(released), held=operation.packages.filter(state=PackageState.HELD).count())
    return released


def _sites(package: Package) -> list[Site]:
    ids = [bytes.fromhex(text) for text in package.site_ids.split()]
    return list(Site.objects.filter(pk__in=ids).select_related("operation"))


def _no_stop(site: Site) -> None:
    stop = site.operation.stops.filter(site__in=[site]).first() or site.operation.stops.filter(site=None).first()
    if stop is not None:
        raise Refused(
            "OPERATION-DOOR", _("Site {site} was stopped: {why}").format(site=site.number, why=stop.reason),
            _("Drop the site and seal the team's package again."),
        )  # fmt: skip
