"""The order of ranks, from the State pack; an unknown rank stands last and is shown as unknown."""

from __future__ import annotations

from functools import lru_cache

from paricha.places.pack import pack_rows


@lru_cache(maxsize=4)
def _orders() -> dict[str, int]:
    return {row["rank"].casefold(): index for index, row in enumerate(pack_rows("ranks.csv"))}


def rank_order(rank: str) -> int:
    """0 for the highest rank of the State pack; the number of ranks for one that is not in it."""
    orders = _orders()
    return orders.get(rank.strip().casefold(), len(orders))
