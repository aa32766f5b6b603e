"""Payments move to the account that was meant; some customers pay cash only."""

import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_guards"),
        ("ledger", "0003_cash_codes"),
        ("payments", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="CashOnly",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", lamplighter.platform.columns.PeriodField()),
                ("reason", models.CharField(max_length=120)),
                ("begun_by", lamplighter.platform.columns.ActorField(max_length=80)),
                ("ended_by", lamplighter.platform.columns.ActorField(max_length=80, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cash_only", to="accounts.account"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("moved_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.entry"
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="transfers", to="payments.payment"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="transfers_in", to="accounts.account"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="transfer_positive")
                ],
            },
        ),
        *append_only("payments_transfer"),
        *keep_history("payments_cashonly"),
    ]
