"""Seeded chance: every part of the State draws from its own stream, so that one part can't move another."""

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def stream(seed: int, *names: object) -> random.Random:
    """A random stream that depends on the seed and the names only."""
    text = "|".join(["paricha-synthetic-1", str(seed), *map(str, names)])
    return random.Random(int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big"))


def hexes(seed: int, digits: int, *names: object) -> str:
    """A made-up lower-case hash of `digits` hex digits."""
    text = "|".join(["paricha-hash-1", str(seed), *map(str, names)])
    return hashlib.sha512(text.encode()).hexdigest()[:digits]


def weighted(rng: random.Random, choices: Sequence[tuple[T, float]]) -> T:
    """One of the choices by weight."""
    return rng.choices([c for c, _ in choices], [w for _, w in choices])[0]


def quotas(total: int, shares: Sequence[tuple[str, float]]) -> list[str]:
    """`total` labels split by shares (largest remainder), in the order of the shares; none is random."""
    weight = sum(share for _, share in shares)
    exact = [(name, total * share / weight) for name, share in shares]
    counts = {name: int(value) for name, value in exact}
    rest = total - sum(counts.values())
    for name, _ in sorted(exact, key=lambda item: (int(item[1]) - item[1], item[0]))[:rest]:
        counts[name] += 1
    return [name for name, _ in shares for _ in range(counts[name])]


def luhn_digit(digits: str) -> str:
    """The check digit that makes `digits` + it valid by Luhn (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def imei(rng: random.Random) -> str:
    """A made-up IMEI, valid by Luhn, of the type codes 0010... kept for test equipment."""
    body = "00100" + "".join(str(rng.randrange(10)) for _ in range(9))
    return body + luhn_digit(body)
