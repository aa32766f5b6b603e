"""Refunds by the city's accounts payable: a third way to pay, its steps, and who pays from when."""

from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0013_payables_codes"),
        ("payments", "0018_payments_refer"),
    ]

    operations = [
        migrations.CreateModel(
            name="RefundWay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("bank", "By us, from our bank account"),
                            ("payables", "By the city's accounts payable"),
                        ],
                        max_length=8,
                    ),
                ),
                ("starts_on", models.DateField()),
                ("citation", models.CharField(max_length=200)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
            ],
        ),
        migrations.AlterField(
            model_name="refund",
            name="method",
            field=models.CharField(
                choices=[("check", "Check"), ("ach", "To a bank account"), ("voucher", "By accounts payable")],
                max_length=7,
            ),
        ),
        migrations.AlterField(
            model_name="refundstep",
            name="act",
            field=models.CharField(
                choices=[
                    ("written", "Check written"),
                    ("sent", "Sent to the bank"),
                    ("cleared", "Paid by the bank"),
                    ("voided", "Check voided"),
                    ("stale", "Unclaimed"),
                    ("back", "Back on the account"),
                    ("returned", "Returned by the bank"),
                    ("handed", "With accounts payable"),
                    ("paid", "Paid by accounts payable"),
                    ("refused", "Refused by accounts payable"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="refundstep",
            constraint=models.UniqueConstraint(
                condition=models.Q(("act__in", ["paid", "refused"])), fields=("refund",), name="voucher_ends_once"
            ),
        ),
        *append_only("payments_refundway"),
    ]
