"""What a check gives: an outcome with its reason in words and the places that show it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import msgspec

from paricha.grounds.provenance import Locator


class Result(StrEnum):
    PASS = "pass"
    WARN = "warn"
    HOLD = "hold"
    BLOCK = "block"
    NOT_APPLICABLE = "not applicable"


class Severity(StrEnum):
    """What a failure of the check does at most: block the action, hold it for a human, or warn."""

    BLOCK = "B"
    HOLD = "H"
    WARN = "W"


RANK = {Result.NOT_APPLICABLE: 0, Result.PASS: 1, Result.WARN: 2, Result.HOLD: 3, Result.BLOCK: 4}


class Outcome(msgspec.Struct, frozen=True):
    """`words` are for the officer who must act on them; `evidence` says where it stands."""

    result: Result
    words: str
    evidence: tuple[Locator, ...] = ()


class CheckRun(msgspec.Struct, frozen=True):
    """A check's outcome under its code; `decided_by` names the officer who decided a hold, `reason` is his."""

    code: str
    result: Result
    words: str
    evidence: tuple[Locator, ...] = ()
    decided_by: str | None = None
    reason: str | None = None

    @property
    def open(self) -> bool:
        """Whether it still stands in the way."""
        return self.result is Result.BLOCK or (self.result is Result.HOLD and self.decided_by is None)

    def to_plain(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "outcome": self.result.value,
            "words": self.words,
            "evidence": [place.to_plain() for place in self.evidence],
            "decided_by": self.decided_by,
        }


class Check(msgspec.Struct, frozen=True):
    """A built check: its code, whether it looks at a strand or at a door, what a failure does, where it comes from."""

    code: str
    of: str  # "strand" or "door"
    severity: Severity
    source: str
    rule: Callable[[Any], Outcome]


CHECKS: dict[str, Check] = {}


def of_strands() -> list[Check]:
    """The checks of one answered sighting, in order of code."""
    return [check for _code, check in sorted(CHECKS.items()) if check.of == "strand"]


def of_doors() -> list[Check]:
    """The checks of a whole door, in order of code."""
    return [check for _code, check in sorted(CHECKS.items()) if check.of == "door"]


def _register(of: str, code: str, severity: Severity, source: str) -> Callable[[Any], Any]:
    def wrap(rule: Callable[[Any], Outcome]) -> Callable[[Any], Outcome]:
        CHECKS[code] = Check(code, of, severity, source, rule)
        return rule

    return wrap


def strand_check(code: str, *, severity: Severity, source: str) -> Callable[[Any], Any]:
    """Register a rule of one answered sighting: `Strand` → `Outcome`."""
    return _register("strand", code, severity, source)


def door_check(code: str, *, severity: Severity, source: str) -> Callable[[Any], Any]:
    """Register a rule of a whole door: `DoorFacts` → `Outcome`."""
    return _register("door", code, severity, source)


def passed(words: str, *evidence: Locator) -> Outcome:
    return Outcome(Result.PASS, words, evidence)


def warned(words: str, *evidence: Locator) -> Outcome:
    return Outcome(Result.WARN, words, evidence)


def held(words: str, *evidence: Locator) -> Outcome:
    return Outcome(Result.HOLD, words, evidence)


def blocked(words: str, *evidence: Locator) -> Outcome:
    return Outcome(Result.BLOCK, words, evidence)


def not_applicable(words: str, *evidence: Locator) -> Outcome:
    return Outcome(Result.NOT_APPLICABLE, words, evidence)
