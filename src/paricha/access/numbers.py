"""Short numbers that people say aloud (`D-0417`): one series a letter, unit and year, without a gap."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone

from paricha.access.models import Unit
from paricha.grounds.identity import short_number

# One statement on both databases: the row stays locked to the end of the transaction, so a number that was rolled
# back is given out again, and two writers never get the same.
_NEXT = """
INSERT INTO access_numberseries (letter, unit_id, year, last) VALUES (%s, %s, %s, 1)
ON CONFLICT (letter, unit_id, year) DO UPDATE SET last = access_numberseries.last + 1
RETURNING last
"""


def this_year() -> int:
    """The year it is now in the unit's zone."""
    return timezone.now().astimezone(ZoneInfo(settings.PARICHA.zone)).year


def next_number(letter: str, unit: Unit, year: int | None = None) -> str:
    """The next number of the series, `D-0001` upwards; `year` is the unit's present one unless given.

    Must stand in the transaction that keeps the numbered row. Raises RuntimeError outside one.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"the number {letter} was asked for outside a transaction")
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [letter, unit.pk, year or this_year()])
        return short_number(letter, cursor.fetchone()[0])
