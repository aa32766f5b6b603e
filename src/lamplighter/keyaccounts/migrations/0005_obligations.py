"""What contracts ask of every bill: obligations, with the minimum of each contract taken over, and bills held to them."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import append_only, keep_history


def keep_minimums(apps, schema_editor):  # noqa: ARG001
    """The minimum bill of every contract that has one, as its obligation."""
    made = apps.get_model("keyaccounts", "Obligation")
    for contract in apps.get_model("keyaccounts", "Contract").objects.filter(minimum__isnull=False):
        made.objects.create(
            contract=contract, measure="dollars", least=contract.minimum.dollars, period=contract.period,
            promised_by=contract.kept_by,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0003_deposits"),
        ("keyaccounts", "0004_surroundings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Obligation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "measure",
                    models.CharField(
                        choices=[("dollars", "Charges of a bill ($)"), ("kwh", "Energy of a bill (kWh)")], max_length=7
                    ),
                ),
                ("least", models.DecimalField(decimal_places=2, max_digits=14)),
                ("period", lamplighter.platform.columns.PeriodField()),
                ("promised_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="obligations",
                        to="keyaccounts.contract",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ObligationTest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("found", models.DecimalField(decimal_places=6, max_digits=18)),
                ("short", models.DecimalField(decimal_places=6, max_digits=18)),
                ("tested_at", models.DateTimeField()),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tests", to="keyaccounts.obligation"
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.segment"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("contract", "="), ("measure", "="), ("period", "&&")], name="obligation_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.CheckConstraint(condition=models.Q(("least__gt", 0)), name="obligation_above_nothing"),
        ),
        migrations.AddConstraint(
            model_name="obligationtest",
            constraint=models.UniqueConstraint(fields=("obligation", "segment"), name="bill_tested_once"),
        ),
        migrations.AddConstraint(
            model_name="obligationtest",
            constraint=models.CheckConstraint(condition=models.Q(("short__gte", 0)), name="short_is_not_negative"),
        ),
        migrations.RunPython(keep_minimums, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="contract",
            name="minimum",
        ),
        *append_only("keyaccounts_obligationtest"),
        *keep_history("keyaccounts_obligation"),
    ]
