"""Counts, turn-ins, differences, verifications, the journal, deposits, and what the bank says of them."""

import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import append_only, create_sequences


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0003_cash_codes"),
        ("payments", "0004_refunds"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(unique=True)),
                ("opening", lamplighter.platform.columns.MoneyField(null=True)),
                ("closing", lamplighter.platform.columns.MoneyField(null=True)),
                ("file", models.CharField(max_length=64)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="BankDeposit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True)),
                ("bag", models.CharField(max_length=30, unique=True)),
                ("made_on", models.DateField()),
                ("cash", lamplighter.platform.columns.MoneyField()),
                ("checks", lamplighter.platform.columns.MoneyField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.entry"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BankLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.IntegerField()),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("code", models.CharField(max_length=20)),
                ("text", models.CharField(blank=True, max_length=300)),
                ("bank_reference", models.CharField(blank=True, max_length=80)),
                ("reference", models.CharField(blank=True, max_length=80)),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="payments.bankstatement"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CheckImage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("routing", models.CharField(max_length=9)),
                ("on_us", models.TextField()),
                ("front", models.CharField(max_length=64)),
                ("back", models.CharField(max_length=64)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "tender",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="image", to="payments.tender"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DepositedControl",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "control",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deposited",
                        to="payments.tendercontrol",
                    ),
                ),
                (
                    "deposit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="controls", to="payments.bankdeposit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DrawerCount",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("close", "Counted to close"),
                            ("surprise", "Surprise count"),
                            ("verify", "Counted again"),
                        ],
                        max_length=8,
                    ),
                ),
                ("pieces", models.JSONField(default=dict)),
                ("others", models.JSONField(default=dict)),
                ("cash", lamplighter.platform.columns.MoneyField()),
                ("difference", lamplighter.platform.columns.MoneyField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "control",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="counts", to="payments.tendercontrol"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="JournalLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.BigIntegerField()),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("opened", "Opened"),
                            ("tender", "Tender"),
                            ("reversed", "Taken back"),
                            ("turn-in", "Turned in"),
                            ("count", "Counted"),
                        ],
                        max_length=8,
                    ),
                ),
                ("of", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="journal", to="payments.tendersource"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OverShort",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("reason", models.CharField(max_length=200)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "control",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="over_short",
                        to="payments.tendercontrol",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.entry"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TurnIn",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("received_by", lamplighter.platform.columns.ActorField(max_length=80)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "control",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="turn_ins",
                        to="payments.tendercontrol",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seal", models.CharField(max_length=64)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "control",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verification",
                        to="payments.tendercontrol",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BankMatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=20)),
                ("subject", models.CharField(blank=True, max_length=80)),
                ("difference", lamplighter.platform.columns.MoneyField(default=0)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "entry",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.entry"
                    ),
                ),
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="match", to="payments.bankline"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("what", "deposit")), fields=("subject",), name="deposit_seen_once"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="bankline",
            constraint=models.UniqueConstraint(fields=("statement", "place"), name="bank_line_once"),
        ),
        migrations.AddConstraint(
            model_name="journalline",
            constraint=models.UniqueConstraint(fields=("source", "place"), name="journal_place_once"),
        ),
        migrations.AddConstraint(
            model_name="turnin",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="turn_in_positive"),
        ),
        migrations.AddConstraint(
            model_name="turnin",
            constraint=models.CheckConstraint(
                condition=models.Q(("received_by", models.F("recorded_by")), _negated=True), name="turn_in_by_two"
            ),
        ),
        *append_only(
            "payments_drawercount",
            "payments_turnin",
            "payments_overshort",
            "payments_verification",
            "payments_journalline",
            "payments_bankdeposit",
            "payments_depositedcontrol",
            "payments_checkimage",
            "payments_bankstatement",
            "payments_bankline",
            "payments_bankmatch",
        ),
        *create_sequences(deposit=1101),
    ]
