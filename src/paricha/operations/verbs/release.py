"""Release by two officers, at a set time; each door is read again in the transaction that publishes the key."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.rights import Right
from paricha.access.second_key import key_now, require_two
from paricha.access.verbs_of_the_house import note_facts, touch, verb
from paricha.grounds.refusals import Refused
from paricha.operations import sealing
from paricha.operations.events import Event
from paricha.operations.models import (
    Operation,
    OperationState,
    Package,
    PackageState,
    ReleaseSignature,
    Site,
    SiteState,
)
from paricha.operations.queries import sealed_digest
from paricha.operations.verbs.packages import must_hold, recipients_of, release_folder
from paricha.operations.verbs.planning import in_state


def signatures_of(operation: Operation) -> list[ReleaseSignature]:
    """The signatures under exactly what is sealed now, in their order."""
    found = operation.release_signatures.filter(digest=sealed_digest(operation))
    return list(found.select_related("officer__unit", "key").order_by("at", "id"))


@verb(may=Right.RELEASE, event=Event.RELEASE_SIGNED, signed=True)
def sign_release(officer: Officer, operation: Operation, *, digest: str) -> ReleaseSignature:
    """Sign the release of what is sealed: `digest` is `queries.sealed_digest`, which the statement binds.

    The second signature must come from another officer with another key. Raises `Refused` OPERATION-STATE,
    OPERATION-CHANGED, ACCESS-SAME-OFFICER, ACCESS-SERVER-KEY.
    """
    in_state(operation, OperationState.SEALED, OperationState.RELEASED)
    if digest != sealed_digest(operation):
        raise Refused(
            "OPERATION-CHANGED", _("The packages or the time were changed while you looked."),
            _("Look at the page again, then sign."),
        )  # fmt: skip
    before = signatures_of(operation)
    if len(before) >= 2:
        raise Refused("OPERATION-STATE", _("The release carries its two signatures."), _("It opens at the set time."))
    if before:
        require_two(before[0].officer, before[0].key)
    touch("operation", operation)
    note_facts(digest=digest, signature=len(before) + 1)
    return ReleaseSignature.objects.create(
        operation=operation, officer=officer, key=key_now(), digest=digest, at=timezone.now()
    )


@verb(may=Right.RELEASE, event=Event.RELEASED)
def release(officer: Officer, operation: Operation) -> list[Package]:
    """Publish the keys of all sealed packages whose doors hold now; the others are held back with the reason.

    Needs two signatures under what is sealed, and the set time. Releasing again takes up what was held back and holds
    now. Raises `Refused` OPERATION-STATE, OPERATION-UNSIGNED, OPERATION-NOT-YET.
    """
    in_state(operation, OperationState.SEALED, OperationState.RELEASED)
    moment = timezone.now()
    signed = signatures_of(operation)
    if len({one.officer_id for one in signed}) < 2 or len({one.key_id for one in signed}) < 2:
        raise Refused(
            "OPERATION-UNSIGNED", _("The release has {count} of two signatures.").format(count=len(signed)),
            _("Two officers sign what is sealed now; a package sealed again is signed again."),
        )  # fmt: skip
    if moment < operation.release_at:
        raise Refused(
            "OPERATION-NOT-YET", _("Release is set for {time} UTC.").format(
                time=operation.release_at.strftime("%Y-%m-%d %H:%M")),
            _("Wait, or set another time and have it signed anew."),
        )  # fmt: skip
    if moment >= operation.until:
        raise Refused("OPERATION-TIMES", _("The packages are past their time."), _("Set new times and seal again."))
    waiting = operation.packages.select_for_update(of=("self",)).filter(
        state__in=[PackageState.SEALED, PackageState.HELD]
    )
    released = []
    for package in waiting.select_related("team__district").order_by("team__name"):
        try:
            may_go(package)
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


def may_go(package: Package) -> None:
    """Raise `Refused` with the reason unless everything a package says and to whom it says it is true now."""
    ids = [bytes.fromhex(text) for text in package.site_ids.split()]
    sites = list(Site.objects.filter(pk__in=ids).select_related("operation").order_by("number"))
    for site in sites:
        no_stop(site)
        must_hold(site)
    planned = set(package.team.sites.filter(state=SiteState.CHOSEN).values_list("pk", flat=True))
    if planned != {site.pk for site in sites} or not set(package.recipients.split()) <= set(
        recipients_of(package.team)
    ):
        raise Refused(
            "OPERATION-SEAL-AGAIN", _("The team, its devices or its sites were changed after sealing."),
            _("Seal the team's package again."),
        )  # fmt: skip


def no_stop(site: Site) -> None:
    """Raise `Refused` OPERATION-STOPPED when the site, or its whole operation, was stopped."""
    stop = site.operation.stops.filter(site=site).first() or site.operation.stops.filter(site=None).first()
    if stop is not None:
        raise Refused(
            "OPERATION-STOPPED", _("Site {site} was stopped: {why}").format(site=site.number, why=stop.reason),
            _("Drop the site and seal the team's package again."),
        )  # fmt: skip
