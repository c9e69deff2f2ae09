"""After a deletion: nothing of it may stay in free pages or logs of the database."""

from __future__ import annotations

from django.db import connection


def scrub() -> bool:
    """Empty the write-ahead log (SQLite, where `secure_delete` zeroes freed pages) or vacuum (PostgreSQL).

    False when another connection reads just now and the log could not be emptied: the job tries again. On PostgreSQL
    rows leave the tables here and the log only as the server recycles it; disk encryption still counts there.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = cursor.fetchone()[0]
            return not busy
        if connection.in_atomic_block:
            return False
        cursor.execute("VACUUM")
        cursor.execute("CHECKPOINT") if _may_checkpoint(cursor) else None
    return True


def _may_checkpoint(cursor) -> bool:  # type: ignore[no-untyped-def]
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    found = cursor.fetchone()
    return bool(found and found[0])
