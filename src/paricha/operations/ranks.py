"""The order of ranks, from the State pack; an unknown rank stands last and is shown as unknown."""

from __future__ import annotations

from functools import lru_cache

from paricha.places.pack import pack_file, pack_rows


@lru_cache(maxsize=4)
def _orders(file: str) -> dict[str, int]:
    orders: dict[str, int] = {}
    for index, row in enumerate(pack_rows("ranks.csv")):
        for name in (row["rank"], row.get("rank_ml", ""), row.get("abbreviation", "")):
            if name:
                orders.setdefault(name.casefold(), index)
    return orders


def _known() -> dict[str, int]:
    return _orders(str(pack_file("ranks.csv")))


def rank_order(rank: str) -> int:
    """0 for the highest rank of the State pack; the number of names for one that is not in it."""
    orders = _known()
    return orders.get(rank.strip().casefold(), len(orders))


def knows_rank(rank: str) -> bool:
    """Whether the State pack lists the rank."""
    return rank.strip().casefold() in _known()
