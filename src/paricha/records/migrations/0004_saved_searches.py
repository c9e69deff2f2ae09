"""Saved searches, and which tips each has told of; two partial indexes said so that SQLite uses them.

`NOT (x IS NULL)` is no condition that SQLite sees in `x = ?`; `x IS NOT NULL` is.
"""

import django.db.models.deletion
from django.db import migrations, models

import paricha.audit.fields


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("records", "0003_folds_and_rereading")]

    operations = [
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                (
                    "id",
                    paricha.audit.fields.Id16Field(
                        default=paricha.audit.fields.new_id, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("asked", models.TextField()),
                ("muted", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="saved_searches",
                        to="access.officer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("tip", paricha.audit.fields.Id16Field()),
                ("at", models.DateTimeField(null=True)),
                (
                    "search",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="told", to="records.savedsearch"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="told", index=models.Index(fields=["search", "-at"], name="records_told_newest")
        ),
        migrations.AddConstraint(
            model_name="savedsearch",
            constraint=models.UniqueConstraint(fields=("officer", "name"), name="records_search_name"),
        ),
        migrations.AddConstraint(
            model_name="told", constraint=models.UniqueConstraint(fields=("search", "tip"), name="records_told_once")
        ),
        migrations.RemoveIndex(model_name="tip", name="records_tip_fold"),
        migrations.AddIndex(
            model_name="tip",
            index=models.Index(
                condition=models.Q(("folded_into__isnull", False)), fields=["folded_into"], name="records_tip_fold"
            ),
        ),
        migrations.RemoveIndex(model_name="selector", name="records_selector_bare"),
        migrations.AddIndex(
            model_name="selector",
            index=models.Index(
                condition=models.Q(("bare__isnull", False)), fields=["bare"], name="records_selector_bare"
            ),
        ),
    ]
