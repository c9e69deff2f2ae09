"""What a package holds: the team's own sites, why each door, who may be there, when; two papers; nothing else.

Nothing of another team's sites, and nothing of where the tip came from.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from paricha.access.models import Officer
from paricha.grounds.instants import utc_text
from paricha.operations.doors import facts_for_package
from paricha.operations.models import Operation, Site, Team
from paricha.operations.paper import package_pdf
from paricha.places.pack import pack_rows

SCHEMA = 1
LANGUAGES = ("ml", "en")


def package_content(
    officer: Officer, operation: Operation, team: Team, sites: list[Site], *, version: int, code: str
) -> bytes:
    """The content that is sealed, as JSON (UTF-8). `code` marks this copy; it stands on every page."""
    plain = plain_package(officer, operation, team, sites, version=version, code=code)
    papers = {language: base64.b64encode(package_pdf(plain, language)).decode() for language in LANGUAGES}
    return json.dumps(plain | {"papers": papers}, ensure_ascii=False, sort_keys=True).encode()


def plain_package(
    officer: Officer, operation: Operation, team: Team, sites: list[Site], *, version: int, code: str
) -> dict[str, Any]:
    """The content without its papers: what the papers are printed from and the phone shows."""
    return {
        "schema": SCHEMA,
        "operation": {
            "id": operation.id.hex(), "number": operation.number, "name": operation.name,
            "entry_at": utc_text(operation.entry_at), "until": utc_text(operation.until), "urgent": operation.urgent,
        },
        "team": {
            "id": team.id.hex(), "name": team.name, "district": team.district.name,
            "members": [
                {"name": one.name, "rank": one.rank, "leads": one.leads, "woman": one.woman, "cyber": one.cyber,
                 "technical": one.technical}
                for one in team.members.order_by("-leads", "name")
            ],
        },
        "version": version,
        "code": code,
        "made_up": settings.PARICHA.synthetic,
        "sealed_at": utc_text(timezone.now()),
        "zone": settings.PARICHA.zone,
        "sites": [_site(officer, site) for site in sites],
        "services": _services(team.district.name),
    }  # fmt: skip


def _services(district: str) -> list[dict[str, str]]:
    """Whom a team may call: the pack's services of the whole State and of this district."""
    return [row for row in pack_rows("services.csv") if row.get("district", "") in ("", district)]


def _site(officer: Officer, site: Site) -> dict[str, Any]:
    facts, said = None, {}
    for language in LANGUAGES:  # each check's words are made anew in the language of the paper
        with override(language):
            facts = facts_for_package(officer, site.door) if site.door else None
            said[language] = _reasons(facts)
    enquiry = (facts or {}).get("enquiry") or {}
    return {
        "id": site.id.hex(),
        "number": site.number,
        "wave": site.wave,
        "priority": site.priority,
        "address": facts["address"] if facts else site.address,
        "station": facts["station"] if facts else None,
        "pin": facts["pin"] if facts else None,
        "local_body": facts["local_body"] if facts else None,
        "door": facts["number"] if facts else None,
        "subscriber": facts["subscriber"] if facts else None,
        "said": said,
        "signed_by": facts["signed_by"] if facts else [],
        "basis": site.basis or None,
        "unchecked": site.door is None,
        "lives_here": [str(one) for one in enquiry.get("lives_here") or []],
        "floors": None if enquiry.get("floors") is None else str(enquiry["floors"]),
        "others_use_line": enquiry.get("others_use_line"),
        "premises": facts["premises"] if facts else None,
        "remarks": enquiry.get("remarks") or None,
        "children_expected": site.children_expected,
        "expect": site.expect or None,
        "seen_by": site.seen_by or None,
        "seen_on": site.seen_on.isoformat() if site.seen_on else None,
    }


def _reasons(facts: dict[str, Any] | None) -> dict[str, list[str]]:
    reasons = facts["reasons"] if facts else []
    return {
        "reasons": [line(one) for one in reasons if one["outcome"] == "pass"],
        "against": [line(one) for one in reasons if one["outcome"] != "pass"],
    }


def line(check: dict[str, Any]) -> str:
    """One check of the door in words, with who decided it."""
    decided = f" ({check['decided_by']})" if check.get("decided_by") else ""
    return f"{check['code']} {check['words']}{decided}"
