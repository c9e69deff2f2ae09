"""Have we met: rows of the unit's own registers that share an exact selector with a tip, with the reason in words.

Nothing is stored and nothing is joined: what is shown follows from the record as it stands, and an officer decides.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import lru_cache
from importlib.resources import files
from typing import Any

import msgspec
from django.conf import settings
from django.utils.translation import gettext

from paricha.access.models import Officer
from paricha.grounds import selectors
from paricha.records.models import Earlier, EarlierSelector, Selector, Tip
from paricha.records.pages.earlier import card_of


class MeetingRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    kind: str  # a `SelectorKind`
    weak: bool
    words: str


class MeetingRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: str
    hub_at: int
    rule: list[MeetingRule]


class Met(msgspec.Struct):
    """A row of earlier work that a tip meets. `shared`: the selectors with their rules, the strongest first."""

    row: Earlier
    shared: list[tuple[MeetingRule, EarlierSelector]]

    @property
    def weak(self) -> bool:
        return all(rule.weak for rule, _stated in self.shared)

    @property
    def whys(self) -> list[tuple[str, str]]:
        """A sentence and the shared value, for each shared selector."""
        return [
            (gettext(rule.words), stated.normal_form if stated.bare is None else stated.bare)
            for rule, stated in self.shared
        ]


@lru_cache(maxsize=1)
def meeting_rules() -> MeetingRules:
    source = files("paricha.linking").joinpath("rules/earlier.toml")
    return msgspec.convert(tomllib.loads(source.read_text(encoding="utf-8")), MeetingRules)


def rule_for(kind: str, normal_form: str, law: MeetingRules, *, synthetic: bool = False) -> MeetingRule | None:
    """The rule by which a shared selector is a meeting. None: no rule, junk, or an id whose service nobody stated."""
    rule = next((rule for rule in law.rule if rule.kind == kind), None)
    if rule is None or normal_form.startswith("|") or not selectors.points(kind, normal_form, synthetic=synthetic):
        return None
    return rule


def met_before(officer: Officer, tip: Tip) -> list[Met]:
    """The rows that the officer sees and that share a selector with a tip he sees; weak signs last.

    Plan: the tip's selectors by records_selectorlink and first_tip, then SEARCH records_earlierselector USING INDEX
    records_earlier_selector (selector=?).
    """
    law, synthetic = meeting_rules(), settings.PARICHA.synthetic
    mine = Selector.objects.filter(first_tip=tip) | Selector.objects.filter(links__tip=tip)
    rules = {
        one.id16: rule
        for one in mine.distinct()
        if (rule := rule_for(one.kind, one.normal_form, law, synthetic=synthetic)) is not None
    }
    if not rules:
        return []
    stated = list(EarlierSelector.objects.visible_to(officer).filter(selector__in=rules).select_related("earlier"))
    often = Counter(one.selector for one in stated)
    met: dict[int, Met] = {}
    for one in stated:
        if often[one.selector] < law.hub_at:
            met.setdefault(one.earlier_id, Met(one.earlier, [])).shared.append((rules[one.selector], one))
    for each in met.values():
        each.shared.sort(key=lambda pair: (pair[0].weak, pair[0].code))
    return sorted(met.values(), key=lambda each: (each.weak, -len(each.shared), -each.row.pk))


def met_context(officer: Officer, tip: Tip) -> dict[str, Any]:
    """What `records/earlier_card.html` shows beside a tip."""
    return card_of(officer, [(met.row, met.whys) for met in met_before(officer, tip)])
