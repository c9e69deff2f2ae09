"""How strong a shared selector joins two tips. Pure; numbers stand in `rules/shipped.toml` with their source."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

import msgspec


class LinkRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    kind: str  # a `SelectorKind`
    strength: int
    full_up_to: int
    hub_at: int
    words: str


class LinkRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: str
    rule: list[LinkRule]


class Proposal(msgspec.Struct, frozen=True):
    """A link proposed: by which rule, how strong in percent, and why it is weaker than the rule where it is."""

    rule: LinkRule
    strength: int
    damped_by: int  # tips that share the selector, when that weakened the link; else 0


@lru_cache(maxsize=1)
def shipped_rules() -> LinkRules:
    source = files("paricha.linking").joinpath("rules/shipped.toml")
    return msgspec.convert(tomllib.loads(source.read_text(encoding="utf-8")), LinkRules)


def propose(kind: str, sharing: int, rules: LinkRules) -> Proposal | None:
    """The link that a selector of this kind, shared by so many tips, proposes. None: no rule, or a hub."""
    rule = next((rule for rule in rules.rule if rule.kind == kind), None)
    if rule is None or sharing < 2 or sharing >= rule.hub_at:
        return None
    if sharing <= rule.full_up_to:
        return Proposal(rule, rule.strength, 0)
    span = rule.hub_at - rule.full_up_to
    return Proposal(rule, rule.strength * (rule.hub_at - sharing) // span, sharing)
