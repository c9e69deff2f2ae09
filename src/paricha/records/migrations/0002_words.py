"""The index of folded words (`records.words`), which Django's models cannot say."""

from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE records_words USING fts5"
    "(words, content='', detail=none, columnsize=0, tokenize=\"ascii tokenchars '~'\")",
)
POSTGRESQL = (
    "CREATE TABLE records_words (doc bigint PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX records_words_gin ON records_words USING gin (words)",
)


def make(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unmake(apps, schema_editor):
    schema_editor.execute("DROP TABLE records_words")


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunPython(make, unmake)]
