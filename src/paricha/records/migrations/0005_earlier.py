"""Earlier work: rows of the unit's own registers, their copies and the selectors they state."""

import django.db.models.deletion
from django.db import migrations, models

import paricha.audit.fields


def _hangs_on_earlier(name, **given):
    return models.ForeignKey(
        db_constraint=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name=name,
        to="records.earlier",
        **given,
    )


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("records", "0004_saved_searches")]

    operations = [
        migrations.CreateModel(
            name="Earlier",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("id16", paricha.audit.fields.Id16Field(unique=True)),
                ("register", models.CharField(max_length=8)),
                ("case_number", models.TextField(null=True)),
                ("case_key", models.TextField(null=True)),
                ("station", models.TextField(null=True)),
                ("name", models.TextField(null=True)),
                ("thing", models.TextField(null=True)),
                ("drive", models.TextField(null=True)),
                ("file", models.TextField()),
                ("versions", models.IntegerField(default=1)),
                ("unread", models.IntegerField(default=0)),
                ("words", models.TextField(default="")),
                (
                    "compartment",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.compartment",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.unit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["unit", "register", "-id"], name="records_earlier_unit"),
                    models.Index(
                        condition=models.Q(("case_key", None), _negated=True),
                        fields=["case_key"],
                        name="records_earlier_case",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EarlierVersion",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("original", models.BinaryField(max_length=32)),
                ("place", models.TextField()),
                ("batch", paricha.audit.fields.Id16Field()),
                ("position", models.IntegerField()),
                ("file", models.TextField()),
                ("said", models.BinaryField(max_length=16)),
                ("layout", models.CharField(max_length=16)),
                ("dictionary", models.IntegerField(default=0)),
                ("packed", models.BinaryField()),
                ("earlier", _hangs_on_earlier("version_rows")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["original", "layout", "place"], name="records_earlier_original"),
                    models.Index(fields=["batch", "position"], name="records_earlier_file"),
                ],
            },
        ),
        migrations.CreateModel(
            name="EarlierSelector",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("selector", paricha.audit.fields.Id16Field()),
                ("kind", models.CharField(max_length=8)),
                ("normal_form", models.TextField()),
                ("bare", models.TextField(null=True)),
                ("field", models.CharField(max_length=24)),
                ("earlier", _hangs_on_earlier("selector_rows", db_index=False)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["earlier"], name="records_earlier_selected"),
                    models.Index(fields=["selector", "earlier"], name="records_earlier_selector"),
                    models.Index(
                        condition=models.Q(("bare", None), _negated=True),
                        fields=["bare"],
                        name="records_earlier_bare",
                    ),
                ],
            },
        ),
    ]
