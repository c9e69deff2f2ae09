"""From facts and a rules file to four axes with reasons and one rank. Pure: reads no clock and no database."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import msgspec

from paricha.grounds.refusals import Refused
from paricha.intake.document import locator
from paricha.triage.facts import FACTS, Answer, Known

Axis = Literal["child_at_risk", "solvability", "seriousness", "history_access"]
AXES: tuple[Axis, ...] = ("child_at_risk", "solvability", "seriousness", "history_access")
_NO, _UNKNOWN = Answer.NO, Answer.UNKNOWN  # 22 facts a tip, and an enum looks its members up each time
TOP = 1_000_000  # added to the rank of a tip that a hard rule puts to the top


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    axis: Axis
    fact: str
    points: int
    short: str  # for the queue's list
    words: str
    top: bool = False


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    child_at_risk: int
    solvability: int
    seriousness: int
    history_access: int


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: str
    retention_days: int  # how long operators keep logs
    weights: Weights
    rule: list[Rule]


class Reason(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Why points were given: the rule, its axis, points, how often it holds, and the places. 0 points: not known yet."""

    code: str
    axis: str
    points: int
    count: int
    known: bool
    at: list[Any]  # plain locators


class Judgement(msgspec.Struct, gc=False):
    """What triage says of one tip. `rank` orders the queue; `completeness` (0–100) says how much is stated, apart."""

    axes: dict[str, int]
    completeness: int
    rank: int
    top: bool
    rules_version: str
    reasons: list[Reason]


def read_rules(text: str, file: str) -> Rules:
    """Rules from TOML. Raises `Refused` TRIAGE-RULES with the mistake: unknown fact, double code, weights not 100."""

    def refuse(what: str) -> Refused:
        return Refused("TRIAGE-RULES", what, "Correct the file; nothing of it is in force.", file=file)

    try:
        rules = msgspec.convert(tomllib.loads(text), Rules)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise refuse(f"The rules cannot be read: {error}.") from error
    codes = [rule.code for rule in rules.rule]
    for code in codes:
        if codes.count(code) > 1:
            raise refuse(f"The code {code} stands twice.")
    for rule in rules.rule:
        if rule.fact not in FACTS:
            raise refuse(f"Rule {rule.code} names the fact “{rule.fact}”, which nobody can establish.")
    total = sum(msgspec.structs.astuple(rules.weights))
    if total != 100:
        raise refuse(f"The weights add up to {total}, not 100.")
    return rules


@lru_cache(maxsize=1)
def shipped_rules() -> Rules:
    """The rules in the package."""
    source = files("paricha.triage").joinpath("rules/shipped.toml")
    return read_rules(source.read_text(encoding="utf-8"), "shipped.toml")


def judge(known: Known, rules: Rules) -> Judgement:
    """Four axes with reasons, completeness, and the rank. The order of rules does not matter."""
    sums = dict.fromkeys(AXES, 0)
    reasons: list[Reason] = []
    top = False
    for rule in rules.rule:
        fact = FACTS[rule.fact](known)
        if fact.answer is _NO:
            continue
        if fact.answer is _UNKNOWN:
            reasons.append(Reason(rule.code, rule.axis, 0, 0, False, []))
            continue
        places = [locator(known.document, leaf).to_plain() for leaf in fact.stands_on]
        sums[rule.axis] += rule.points
        top = top or rule.top
        reasons.append(Reason(rule.code, rule.axis, rule.points, fact.count, True, places))
    axes: dict[str, int] = {axis: min(100, max(0, points)) for axis, points in sums.items()}
    weighted = sum(axes[axis] * getattr(rules.weights, axis) for axis in AXES)
    expected = max(known.document.expected, 1)
    completeness = min(100, round(100 * known.document.read / expected))
    return Judgement(axes, completeness, weighted + (TOP if top else 0), top, rules.version, reasons)
