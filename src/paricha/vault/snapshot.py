"""The database as files, at one moment, and back: a copy of SQLite's, or PostgreSQL's tables by COPY."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

SQLITE_FILE = "paricha.sqlite3"
_FOREIGN = "site_cache"  # the cache holds nothing worth a backup


def take(folder: Path) -> dict[str, Any]:
    """Write the database into `folder`, as it stood at one moment. Gives {"database", "migrations"}."""
    migrations = applied_migrations()
    if connection.vendor == "sqlite":
        _vacuum_into(folder / SQLITE_FILE)
        return {"database": "sqlite", "migrations": migrations}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            for table in tables():
                _copy_out(cursor, table, folder / f"{table}.copy")
    return {"database": "postgresql", "migrations": migrations}


def _vacuum_into(target: Path) -> None:
    """A compact, consistent copy while others write; on a connection of its own, outside any transaction."""
    source = sqlite3.connect(str(settings.DATABASES["default"]["NAME"]), isolation_level=None, timeout=60)
    try:
        source.execute("VACUUM INTO ?", [str(target)])
    finally:
        source.close()
    target.chmod(0o600)


def applied_migrations() -> dict[str, list[str]]:
    """App → its applied migrations, in order."""
    found: dict[str, list[str]] = {}
    for app, name in MigrationRecorder.Migration.objects.order_by("id").values_list("app", "name"):
        found.setdefault(app, []).append(name)
    return found


def tables() -> list[str]:
    """The tables of this database that a backup carries."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    return sorted(name for name in names if name != _FOREIGN and re.fullmatch(r"[a-z0-9_]+", name))


def _columns(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s "
        "AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _copy_out(cursor: Any, table: str, file: Path) -> None:
    columns = _columns(cursor, table)
    with file.open("wb") as out:
        out.write(json.dumps(columns).encode() + b"\n")
        with cursor.cursor.copy(f'COPY "{table}" ({_quoted(columns)}) TO STDOUT') as rows:
            for piece in rows:
                out.write(piece)


def load(folder: Path, migrations: dict[str, list[str]]) -> None:
    """Fill an empty PostgreSQL database: the tables as they were at the backup's migrations, then its rows."""
    for app, names in migrations.items():
        if app in apps.app_configs:
            call_command("migrate", app, names[-1], verbosity=0, interactive=False)
    files = sorted(folder.glob("*.copy"))
    with transaction.atomic(), connection.cursor() as cursor:
        with _constraints_later(cursor):
            for file in files:
                _empty(cursor, file.stem)
            for file in files:
                _copy_in(cursor, file)
        _set_sequences(cursor, [file.stem for file in files])


@contextmanager
def _constraints_later(cursor: Any) -> Iterator[None]:
    """Foreign keys are looked at when all tables are full."""
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    yield
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _empty(cursor: Any, table: str) -> None:
    """Take out what `migrate` itself wrote (content types, permissions); the log, which refuses this, is empty yet."""
    cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')
    if cursor.fetchone()[0]:
        cursor.execute(f'DELETE FROM "{table}"')


def _copy_in(cursor: Any, file: Path) -> None:
    with file.open("rb") as rows:
        columns = json.loads(rows.readline())
        with cursor.cursor.copy(f'COPY "{file.stem}" ({_quoted(columns)}) FROM STDIN') as target:
            while piece := rows.read(1 << 18):
                target.write(piece)


def _set_sequences(cursor: Any, names: list[str]) -> None:
    for table in names:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s "
            "AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL",
            [table],
        )
        for (column,) in cursor.fetchall():
            cursor.execute(
                f'SELECT setval(pg_get_serial_sequence(%s, %s), coalesce((SELECT max("{column}") FROM "{table}"), 0) + 1, false)',
                [f'"{table}"', column],
            )


def is_empty() -> bool:
    """Whether the database has no table yet."""
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)
