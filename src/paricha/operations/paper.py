"""The package as paper, in Malayalam and in English: PDF/A with this copy's code and a QR on every sheet of a site."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import override

from paricha.grounds.instants import from_utc_text
from paricha.operations.paper_words import WORDS
from paricha.screens import moments
from paricha.screens.papers import qr_svg, render_pdf

TEMPLATE = Path(__file__).parent / "papers" / "package.typ"
SKILLS = ("leads", "woman", "cyber", "technical")


def package_pdf(plain: dict[str, Any], language: str) -> bytes:
    """The paper of a package's plain content (`content.plain_package`); `language` is `ml` or `en`.

    The same content gives the same bytes. The code on it names the team, the version and this copy.
    """
    words = WORDS[language]
    code_line = f"{plain['team']['name']} v{plain['version']} {plain['code']}"
    with override(language):
        data = {
            "title": words["title"].format(team=plain["team"]["name"], operation=plain["operation"]["number"]),
            "lead": words["lead"].format(district=plain["team"]["district"], version=plain["version"]),
            "marked": words["marked"].format(code=plain["code"]),
            "code_line": code_line,
            "qr": qr_svg(code_line),
            "times": [
                [words["entry"], _moment(plain["operation"]["entry_at"])],
                [words["until"], _moment(plain["operation"]["until"])],
                [words["sealed"], _moment(plain["sealed_at"])],
            ],
            "members": [_member(one, words) for one in plain["team"]["members"]],
            "sites": [_site(one, words) for one in plain["sites"]],
            "numbers": [
                [_in(one, "service", language), _in(one, "name", language), one.get("phone", "")]
                for one in plain["services"]
            ],
            "words": words,
        }
    at = from_utc_text(plain["sealed_at"])
    return render_pdf(TEMPLATE, data, lang=language, at=at, marked_synthetic=plain["made_up"])


def _in(row: dict[str, str], name: str, language: str) -> str:
    return row.get(f"{name}_ml", "") or row.get(name, "") if language == "ml" else row.get(name, "")


def _moment(text: str) -> str:
    moment: datetime = from_utc_text(text)
    return f"{moments.local_words(moment, 'minute')} ({moments.utc_words(moment, 'minute')})"


def _member(one: dict[str, Any], words: dict[str, Any]) -> list[str]:
    skills = ", ".join(words[name] for name in SKILLS if one[name])
    return [one["name"], one["rank"], skills or words["no_task"]]


def _yes(value: bool | None, words: dict[str, Any]) -> str | None:
    return None if value is None else words["yes"] if value else words["no"]


def _site(site: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    seen = ", ".join(part for part in (site["seen_by"], site["seen_on"]) if part)
    language = "ml" if words is WORDS["ml"] else "en"
    said = site["said"][language]
    return {
        "title": words["site"].format(number=site["number"]),
        "lead": words["site_lead"].format(
            wave=site["wave"], priority=site["priority"], door=site["door"] or words["no_door"]
        ),
        "address": site["address"],
        "unchecked": words["unchecked"].format(basis=site["basis"] or "") if site["unchecked"] else None,
        "child": words["child"] if site["children_expected"] else None,
        "who": [
            [words["subscriber"], site["subscriber"]],
            [words["lives_here"], ", ".join(site["lives_here"]) or None],
            [words["floors"], site["floors"]],
            [words["others"], _yes(site["others_use_line"], words)],
            [words["premises"], words["kinds_of_house"].get((site["premises"] or "").casefold(), site["premises"])],
            [words["children"], _yes(site["children_expected"], words)],
            [words["expect"], site["expect"]],
            [words["remarks"], site["remarks"]],
            [words["station"], site["station"]],
            [words["local_body"], site["local_body"]],
            [words["seen"], seen or None],
        ],
        "reasons": said["reasons"],
        "against": said["against"],
        "record": [
            [words["place"], site["address"]],
            [words["thing"], words["thing_said"]],
            [words["grounds"], words["grounds_said"].format(door=site["door"]) if site["door"] else site["basis"]],
            [words["signed_by"], ", ".join(site["signed_by"]) or None],
        ],
    }
