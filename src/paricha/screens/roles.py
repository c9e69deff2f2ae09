"""Roles in the words of the unit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

ORDER = (
    "analyst", "supervisor", "legal-desk", "signatory", "commander", "district", "control-room",
    "team", "custodian", "examiner", "investigator", "auditor", "administrator",
)  # fmt: skip


def role_words(role: str) -> str:
    """One role, as it stands below the officer's name."""
    return {
        "analyst": _("Intake analyst"),
        "supervisor": _("Supervisor"),
        "legal-desk": _("Legal desk"),
        "signatory": _("Signatory"),
        "commander": _("Commander"),
        "district": _("District"),
        "control-room": _("Control room"),
        "team": _("Team"),
        "custodian": _("Exhibit custodian"),
        "examiner": _("Examiner"),
        "investigator": _("Investigator"),
        "auditor": _("Auditor"),
        "administrator": _("Administrator"),
    }.get(role, role)


def place(role: str) -> int:
    """The role's place in the order of the road, unknown ones last."""
    return ORDER.index(role) if role in ORDER else len(ORDER)


def in_words(held: Any) -> str:
    """One role or several, in words and in the order of the road."""
    return ", ".join(role_words(name) for name in _in_order([held] if isinstance(held, str) else held))


def _in_order(held: Any) -> list[str]:
    return sorted((str(getattr(role, "value", role)) for role in held), key=place)


def words(officer: Any) -> str:
    """The officer's role, or the first with the number of others."""
    if officer is None:
        return ""
    held = _in_order(getattr(officer, "roles", None) or ())
    if not held:
        return _("no role")
    if len(held) == 1:
        return role_words(held[0])
    more = len(held) - 1
    return ngettext("{role} and {more} more role", "{role} and {more} more roles", more).format(
        role=role_words(held[0]), more=more
    )
