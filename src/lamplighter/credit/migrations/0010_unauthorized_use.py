"""Tables of unauthorized use: cases and their steps."""

import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_petitions"),
        ("credit", "0009_deposits_stay"),
        ("platform", "0003_api_tokens"),
        ("premises", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Investigation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "source",
                    models.CharField(
                        choices=[("call", "Somebody called"), ("crew", "A crew saw it"), ("data", "Meter data")],
                        max_length=4,
                    ),
                ),
                ("signs", models.JSONField()),
                ("opened_on", models.DateField()),
                ("opened_at", models.DateTimeField()),
                ("opened_by", lamplighter.platform.columns.ActorField(max_length=80)),
                ("closed_on", models.DateField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("billed", "Billed"),
                            ("nothing", "Nothing was wrong"),
                            ("unknown", "Nobody was found"),
                            ("referred", "Given to the authorities"),
                        ],
                        max_length=8,
                    ),
                ),
                ("closed_by", lamplighter.platform.columns.ActorField(max_length=80, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="investigations",
                        to="accounts.account",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="investigations",
                        to="premises.servicepoint",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InvestigationStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("act", models.CharField(max_length=12)),
                ("amount", lamplighter.platform.columns.MoneyField(null=True)),
                ("detail", models.CharField(blank=True, max_length=200)),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "investigation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="credit.investigation"
                    ),
                ),
                (
                    "remark",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="platform.remark"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="investigation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_on__isnull", True)),
                fields=("point",),
                name="one_open_investigation_at_a_point",
            ),
        ),
        migrations.AddConstraint(
            model_name="investigation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_by__isnull", True), ("closed_on__isnull", True), ("outcome", "")),
                    models.Q(
                        ("closed_by__isnull", False),
                        ("closed_on__isnull", False),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="investigation_closed_with_an_outcome",
            ),
        ),
    ]
