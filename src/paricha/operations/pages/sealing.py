"""Seal and release: what is sealed, who signed, what is held back; one package."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from paricha.access.pages import officer_page
from paricha.access.rights import Right
from paricha.access.signing import sign_and_do
from paricha.access.verbs_of_the_house import read
from paricha.operations import queries
from paricha.operations.events import Event
from paricha.operations.models import OperationState, Package, PackageState, Team
from paricha.operations.pages.planning import GRADES, READERS, officer_of, operation_of
from paricha.operations.told import told
from paricha.operations.verbs import packages as sealing
from paricha.operations.verbs import release as releasing


@officer_page(any_of=READERS)
def release(request: HttpRequest, operation: bytes) -> HttpResponse:
    """Every package with its state, the two signatures, the set time."""
    officer, row = officer_of(request), operation_of(request, operation)
    found = queries.newest_packages(row)
    signed = releasing.signatures_of(row) if found else []
    counts = queries.package_counts(row)
    read(officer, Event.READ, row, packages=len(found))
    now = timezone.now()
    context: dict[str, Any] = {
        "operation": row, "grade": GRADES[row.state], "packages": found, "counts": counts, "signatures": signed,
        "digest": queries.sealed_digest(row), "has_come": row.release_at <= now, "over": row.until <= now,
        "waits": counts[PackageState.SEALED] + counts[PackageState.HELD],
        "may_sign": officer.may(Right.RELEASE) and row.state in ("sealed", "released") and len(signed) < 2
        and officer.pk not in {one.officer_id for one in signed} and counts[PackageState.SEALED] + counts[PackageState.HELD] > 0,
        "signed_already": officer.pk in {one.officer_id for one in signed} and len(signed) < 2,
        "may_release": officer.may(Right.RELEASE) and len(signed) >= 2,
        "may_seal": officer.may(Right.SEAL), "may_stop": officer.may(Right.STOP),
        "to_seal": officer.may(Right.SEAL) and row.state in (OperationState.FROZEN, OperationState.SEALED),
        "without": [team.name for team in queries.teams_of(row) if not sealing.recipients_of(team)],
    }  # fmt: skip
    return render(request, "operations/release.html", context)


@require_POST
@officer_page(Right.SEAL)
def seal(request: HttpRequest, operation: bytes) -> HttpResponse:
    """Seal a package for each team."""
    row = operation_of(request, operation)
    sealing.seal_packages(officer_of(request), row)
    return redirect("operations:release", operation=row.id)


@require_POST
@officer_page(Right.RELEASE)
def sign(request: HttpRequest, operation: bytes) -> HttpResponse:
    """Sign the release with one's own key; where it is the second and the time has come, it is released at once."""
    row = operation_of(request, operation)
    digest = request.POST.get("digest", "")
    words = _("Release {count} packages of {number}, to open from {time} UTC").format(
        count=len(queries.newest_packages(row)), number=row.number, time=row.release_at.strftime("%Y-%m-%d %H:%M")
    )
    done = sign_and_do(request, releasing.sign_release, row, words=words, digest=digest)
    if isinstance(done, HttpResponse):
        return done
    if len(releasing.signatures_of(row)) >= 2 and row.release_at <= timezone.now():
        releasing.release(officer_of(request), row)
    return redirect("operations:release", operation=row.id)


@require_POST
@officer_page(Right.RELEASE)
def go(request: HttpRequest, operation: bytes) -> HttpResponse:
    """Release what two officers signed, and try again what was held back."""
    row = operation_of(request, operation)
    releasing.release(officer_of(request), row)
    return redirect("operations:release", operation=row.id)


@officer_page(any_of=READERS)
def package(request: HttpRequest, package: bytes) -> HttpResponse:
    """One package: what may be known of it without opening it; its key once it is out, to be read aloud."""
    officer = officer_of(request)
    row: Package = Package.objects.get_visible(officer, id=package)
    read(officer, Event.PACKAGE_READ, row)
    key = bytes(row.release_key).hex() if row.release_key and row.state == PackageState.RELEASED else ""
    may_hear = officer.may(Right.CONTROL_ROOM) or officer.may(Right.RELEASE)
    ids = [bytes.fromhex(text) for text in row.site_ids.split()]
    context = {
        "package": row, "operation": row.operation, "team": row.team, "told": told(row.id),
        "key": [key[at : at + 4] for at in range(0, len(key), 4)] if may_hear else [],
        "sites": row.operation.sites.filter(pk__in=ids).order_by("number"),
        "phones": len(row.recipients.split()), "sealed_sha256": bytes(row.sealed).hex(),
        "may_revoke": officer.may(Right.SEAL) and row.state != PackageState.REVOKED and row.operation.state != "closed",
        "versions": row.team.packages.order_by("-version"),
    }  # fmt: skip
    return render(request, "operations/package.html", context)


@require_POST
@officer_page(Right.SEAL)
def revoke(request: HttpRequest, package: bytes) -> HttpResponse:
    """Revoke a package."""
    row: Package = Package.objects.get_visible(officer_of(request), id=package)
    sealing.revoke_package(officer_of(request), row, reason=request.POST.get("reason", ""))
    return redirect("operations:package", package=row.id)


@require_POST
@officer_page(Right.SEAL)
def seal_again(request: HttpRequest, team: bytes) -> HttpResponse:
    """A new version for one team."""
    row: Team = Team.objects.get_visible(officer_of(request), id=team)
    made = sealing.seal_again(officer_of(request), row)
    return redirect("operations:package", package=made.id)
