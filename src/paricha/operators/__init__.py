"""Whose address was it on that day, shared or not, an exit or not.

Takes: dated snapshots of who announced what, the unit's operator table, lists of exits. Gives: the operator of an
address as of an instant, with the sources that agree.
Refuses: one source alone, sources that differ, an AS number that is not in the table; never a match by name.
Start reading at `asof` (pure), then `queries.whose`.
"""
