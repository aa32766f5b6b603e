"""Codes that belong to departments of the city, settlements with them, the share in the city's pooled cash."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import append_only

CODES = """
INSERT INTO ledger_code (key, number, name, kind, fund, control)
SELECT 'city-pool', '131.02', 'Share in the city''s pooled cash, moved by journal', 'asset', 'electric', false
WHERE EXISTS (SELECT 1 FROM ledger_code WHERE key = 'cash-drawers')
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0014_income_plan_code"),
        ("platform", "0006_retention"),
    ]

    operations = [
        migrations.CreateModel(
            name="DepartmentCode",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("department", models.CharField(blank=True, max_length=60)),
                ("theirs", models.CharField(blank=True, max_length=40)),
                ("starts_on", models.DateField()),
                ("citation", models.CharField(max_length=200)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "code",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="departments", to="ledger.code"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("department", models.CharField(max_length=60)),
                ("through", models.DateField()),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "approval",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="platform.approval"
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="settlement", to="ledger.entry"
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="ledger.settlement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SettlementLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("theirs", models.CharField(blank=True, max_length=40)),
                ("before", lamplighter.platform.columns.MoneyField()),
                ("came", lamplighter.platform.columns.MoneyField()),
                ("went", lamplighter.platform.columns.MoneyField()),
                ("amount", lamplighter.platform.columns.MoneyField()),
                (
                    "code",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.code"),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="ledger.settlement"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("settlement", "code"), name="code_once_a_settlement"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "amount",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("before"), "+", models.F("came")
                                    ),
                                    "-",
                                    models.F("went"),
                                ),
                            )
                        ),
                        name="settled_is_what_was_owed",
                    ),
                ],
            },
        ),
        *append_only("ledger_departmentcode", "ledger_settlement", "ledger_settlementline"),
        migrations.RunSQL(CODES, migrations.RunSQL.noop),
    ]
