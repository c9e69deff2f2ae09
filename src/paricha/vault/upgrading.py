"""Bringing an older installation to this program: migrations first expand, and contract in a later version."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from paricha.grounds.refusals import Refused


def pending() -> list[str]:
    """Migrations this program has and the database has not: `vault.0002_…`."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, backwards in plan if not backwards]


def migrate() -> list[str]:
    """Apply them. Gives their names. Raises `Refused` VAULT-NEWER when the database is ahead of this program."""
    executor = MigrationExecutor(connection)
    known = set(executor.loader.disk_migrations)
    ahead = sorted(
        f"{app}.{name}"
        for app, name in MigrationRecorder(connection).applied_migrations()
        if (app, name) not in known and app in executor.loader.migrated_apps
    )
    if ahead:
        raise Refused("VAULT-NEWER", _("The database was made by a newer program: {first}.").format(first=ahead[0]),
                      _("Use that program, or a newer one."))  # fmt: skip
    names = pending()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    return names
