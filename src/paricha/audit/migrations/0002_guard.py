"""Rows of the log, positions, touches and stamps can be added and neither changed nor removed, on both databases.

Who holds the database's own tools can drop these triggers; that is what stamps, and heads written down elsewhere, are for.
"""

from django.db import migrations

TABLES = ("audit_auditrow", "audit_touch", "audit_position", "audit_stamp")

FUNCTION = """
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the log is append-only'; END $$
"""


def raising(vendor):
    """The statements that raise the guard."""
    if vendor == "postgresql":
        each = {"update": "FOR EACH ROW", "delete": "FOR EACH ROW", "truncate": "FOR EACH STATEMENT"}
        return [FUNCTION] + [
            f"CREATE TRIGGER {table}_no_{what} BEFORE {what} ON {table} {rows} EXECUTE FUNCTION audit_refuse()"
            for table in TABLES
            for what, rows in each.items()
        ]
    return [
        f"CREATE TRIGGER {table}_no_{what} BEFORE {what} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
        for table in TABLES
        for what in ("update", "delete")
    ]


def lowering(vendor):
    """The statements that take it away again."""
    on = " ON {}" if vendor == "postgresql" else ""
    whats = ("update", "delete", "truncate") if vendor == "postgresql" else ("update", "delete")
    return [f"DROP TRIGGER IF EXISTS {table}_no_{what}{on.format(table)}" for table in TABLES for what in whats]


def guard(apps, schema_editor):
    for statement in raising(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    for statement in lowering(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
