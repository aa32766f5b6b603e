"""Links to the card page, what the processor told, and the payments that came of it."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_petitions"),
        ("payments", "0008_autopay"),
    ]

    operations = [
        migrations.CreateModel(
            name="CardEvent",
            fields=[
                ("id", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("charge", models.CharField(blank=True, max_length=40)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("taken", "Taken in"), ("noted", "Noted"), ("waits", "Waits for a person")],
                        max_length=5,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=200)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PayLink",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("until", models.DateField()),
                ("session", models.CharField(blank=True, max_length=60)),
                ("made_at", models.DateTimeField()),
                ("made_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pay_links", to="accounts.account"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CardCharge",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("shown", models.CharField(blank=True, max_length=20)),
                ("recorded_at", models.DateTimeField()),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="card_charge",
                        to="payments.paymentevent",
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="charges", to="payments.paylink"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="paylink",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="pay_link_positive"),
        ),
        *append_only("payments_cardevent", "payments_cardcharge"),
        *keep_history("payments_paylink"),
    ]
