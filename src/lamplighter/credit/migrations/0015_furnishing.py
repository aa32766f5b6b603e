"""Terms of furnishing, files to the bureaus, and what each said of a debt."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0014_paid_by_us"),
        ("platform", "0005_legacy_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="BureauFile",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("month", models.DateField(unique=True)),
                ("records", models.PositiveIntegerField()),
                ("made_on", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("made_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="platform.storedfile"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FurnishingStop",
            fields=[
                (
                    "write_off",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="furnishing_stop",
                        serialize=False,
                        to="credit.writeoff",
                    ),
                ),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "remark",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="platform.remark"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FurnishingTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", lamplighter.platform.columns.PeriodField()),
                ("least", lamplighter.platform.columns.MoneyField()),
                ("wait_days", models.PositiveSmallIntegerField()),
                ("equifax", models.CharField(blank=True, max_length=10)),
                ("experian", models.CharField(blank=True, max_length=5)),
                ("transunion", models.CharField(blank=True, max_length=10)),
                ("citation", models.CharField(max_length=200)),
                ("set_by", lamplighter.platform.columns.ActorField(max_length=80)),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("period", "&&")], name="one_furnishing_at_a_time"
                    ),
                    models.CheckConstraint(condition=models.Q(("least__gt", 0)), name="furnished_from_an_amount"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FurnishedDebt",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "status",
                    models.CharField(choices=[("64", "Paid"), ("97", "Unpaid"), ("DA", "Delete")], max_length=2),
                ),
                (
                    "dispute",
                    models.CharField(
                        blank=True,
                        choices=[("", "None"), ("XB", "Open"), ("XH", "Answered"), ("XR", "Over")],
                        max_length=2,
                    ),
                ),
                ("indicator", models.CharField(blank=True, max_length=2)),
                ("owed", lamplighter.platform.columns.MoneyField()),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="debts", to="credit.bureaufile"
                    ),
                ),
                (
                    "write_off",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="furnished", to="credit.writeoff"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("of", "write_off"), name="debt_furnished_once")],
            },
        ),
    ]
