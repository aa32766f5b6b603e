"""Refunds with their steps, and the bank account that they come from."""

import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import append_only, create_sequences, keep_history


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_guards"),
        ("ledger", "0003_cash_codes"),
        ("payments", "0003_transfers"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("bank", models.CharField(max_length=23)),
                ("routing", models.CharField(max_length=9)),
                ("number", models.CharField(max_length=17)),
                ("holder", models.CharField(max_length=23)),
                ("company", models.CharField(max_length=10)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_bank_account")],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20, unique=True)),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("method", models.CharField(choices=[("check", "Check"), ("ach", "To a bank account")], max_length=5)),
                ("made_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="accounts.account"
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.entry"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RefundBank",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sealed", models.TextField()),
                ("last_four", models.CharField(max_length=4)),
                ("savings", models.BooleanField(default=False)),
                (
                    "refund",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bank", to="payments.refund"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RefundStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("written", "Check written"),
                            ("sent", "Sent to the bank"),
                            ("cleared", "Paid by the bank"),
                            ("voided", "Check voided"),
                            ("stale", "Unclaimed"),
                            ("back", "Back on the account"),
                            ("returned", "Returned by the bank"),
                        ],
                        max_length=8,
                    ),
                ),
                ("on", models.DateField()),
                ("check_number", models.BigIntegerField(null=True)),
                ("trace", models.CharField(blank=True, max_length=15)),
                ("file", models.CharField(blank=True, max_length=64)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "entry",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.entry"
                    ),
                ),
                (
                    "refund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="payments.refund"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="refund_positive"),
        ),
        migrations.AddConstraint(
            model_name="refundstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("act", "written")), fields=("check_number",), name="check_written_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="refundstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("act__in", ["cleared", "stale", "back"])),
                fields=("refund",),
                name="refund_ends_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="refundstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("act", "written"), _negated=True), ("check_number__isnull", False), _connector="OR"
                ),
                name="written_check_has_a_number",
            ),
        ),
        *append_only("payments_refund", "payments_refundstep"),
        *keep_history("payments_refundbank", "payments_bankaccount"),
        *create_sequences(refund=1001, check=100201, ach=1),
    ]
