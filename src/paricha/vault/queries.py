"""Reading the vault: which originals an officer sees, and what other rooms made of one."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from paricha.access.models import Officer
from paricha.access.scope import scope, units_seen
from paricha.grounds.refusals import Refused
from paricha.vault.models import Deletion, Original

Sees = Callable[[Officer, Original], bool]
Counts = Callable[[Original], "dict[str, int]"]
_seen_through: dict[str, Sees] = {}
_made_of: dict[str, Counts] = {}


def seen_through(name: str) -> Callable[[Sees], Sees]:
    """Register a way to see an original of another unit: through something of one's own that was read from it.

    @seen_through("records:tip")
    def by_tip(officer, original) -> bool: ...
    """

    def keep(sees: Sees) -> Sees:
        _seen_through[name] = sees
        return sees

    return keep


def made_of(room: str) -> Callable[[Counts], Counts]:
    """Register a count of what a room derived from an original (`{"tips": 1, "sightings": 12}`), for the deletion's report."""

    def keep(counts: Counts) -> Counts:
        _made_of[room] = counts
        return counts

    return keep


def what_stands_on(original: Original) -> dict[str, int]:
    """What was made of an original, room by room: `{"records tips": 1}`; zeros are left out."""
    return {
        f"{room} {name}": count
        for room, counts in sorted(_made_of.items())
        for name, count in sorted(counts(original).items())
        if count
    }


def originals_of(officer: Officer) -> QuerySet[Original]:
    """Originals the officer's units were given, newest first."""
    delivered = Q(pk__in=Original.objects.filter(deliveries__unit_id__in=units_seen(officer)).values("pk"))
    return (
        Original.objects.filter(scope(officer) | delivered & Q(compartment__isnull=True))
        .select_related("pack", "unit")
        .order_by("-pk")
    )


def get_original(officer: Officer, sha256_hex: str) -> Original:
    """An original by its hash. Raises `Refused` ACCESS-NOT-VISIBLE, which does not tell whether it exists."""
    try:
        sha256 = bytes.fromhex(sha256_hex)
    except ValueError:
        sha256 = b""
    found = originals_of(officer).filter(sha256=sha256).first()
    if found is None:
        other = Original.objects.select_related("pack", "unit").filter(sha256=sha256).first()
        if other is not None and any(sees(officer, other) for sees in _seen_through.values()):
            return other
        raise Refused(
            "ACCESS-NOT-VISIBLE", _("There is no such original here, or it is not for you to see."),
            _("Check the hash; break-glass opens another unit’s originals with a reason."),
        )  # fmt: skip
    return found


def open_proposal(original: Original, order: str) -> Deletion | None:
    """The deletion by this order that waits for its second officer."""
    return Deletion.objects.filter(original=original, order=order, confirmed_at__isnull=True).first()
