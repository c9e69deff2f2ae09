"""What a row of the benchmark is. Values are "more is better" rates unless the row's unit says otherwise."""

from collections.abc import Callable
from dataclasses import dataclass


class CannotMeasure(Exception):
    """What a row needs is missing, or what it measured did not do the whole work; says which."""


@dataclass(frozen=True)
class Way:
    """One way to do the row's work: `once(share)` does it on that share of the input and gives its value.

    It must look at what came out and raise `CannotMeasure` where that isn't the whole work, so that no speed is quoted
    for work left undone.
    """

    once: Callable[[float], float]
    name: str = "paricha"
    version: Callable[[], str] = lambda: ""


@dataclass(frozen=True)
class Row:
    """`peer` is another program's way on the same input, or the reason why there is none. `bound`, if given, measures
    what no program could pass on this machine (words, value)."""

    name: str
    what: str
    unit: str
    ours: Way
    peer: Way | str
    target: float | None = None
    prepare: Callable[[float], None] = lambda share: None
    bound: Callable[[float], tuple[str, float]] | None = None
