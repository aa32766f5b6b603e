"""Tables of deposits: policy, reports, decisions, parts, and who vouches."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_petitions"),
        ("billing", "0003_deposits"),
        ("credit", "0007_filed_debts_change"),
        ("customers", "0004_consent_stays"),
        ("platform", "0003_api_tokens"),
    ]

    operations = [
        migrations.CreateModel(
            name="CreditReport",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("bureau", models.CharField(max_length=80)),
                ("address", models.CharField(max_length=200)),
                ("phone", models.CharField(max_length=40)),
                ("reference", models.CharField(max_length=40)),
                (
                    "consent",
                    models.CharField(
                        choices=[("recorded", "Said on a recorded call"), ("signed", "Signed")], max_length=8
                    ),
                ),
                ("score", models.SmallIntegerField(null=True)),
                ("lowest", models.SmallIntegerField()),
                ("highest", models.SmallIntegerField()),
                ("factors", models.JSONField()),
                ("asked_at", models.DateTimeField()),
                ("asked_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit_reports",
                        to="accounts.account",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit_reports",
                        to="customers.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DepositDecision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("start", "Service starts"),
                            ("restore", "Power comes back"),
                            ("review", "Yearly review"),
                        ],
                        max_length=8,
                    ),
                ),
                ("recommended", lamplighter.platform.columns.MoneyField()),
                ("amount", lamplighter.platform.columns.MoneyField()),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("cash", "Money"),
                            ("guarantor", "Another customer vouches"),
                            ("surety", "Surety bond"),
                            ("letter-of-credit", "Letter of credit"),
                            ("waived", "None is asked"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reasons", models.JSONField()),
                ("decided_on", models.DateField()),
                ("decided_at", models.DateTimeField()),
                ("decided_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deposit_decisions",
                        to="accounts.account",
                    ),
                ),
                (
                    "remark",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="platform.remark"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="credit.creditreport",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DepositPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.SmallIntegerField()),
                ("due_on", models.DateField()),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("dropped_on", models.DateField(null=True)),
                (
                    "asked",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.adjustment",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="credit.depositdecision"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DepositTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", lamplighter.platform.columns.PeriodField()),
                ("customer_class", models.CharField(max_length=20)),
                ("always", models.BooleanField()),
                ("months", models.SmallIntegerField()),
                ("least", lamplighter.platform.columns.MoneyField()),
                ("most", lamplighter.platform.columns.MoneyField()),
                ("points_from", models.SmallIntegerField()),
                ("known_months", models.SmallIntegerField()),
                ("score_from", models.SmallIntegerField(null=True)),
                ("parts", models.SmallIntegerField()),
                ("good_bills", models.SmallIntegerField()),
                ("grace_days", models.SmallIntegerField()),
                ("interest_percent", models.DecimalField(decimal_places=3, max_digits=5)),
                ("tolerance_percent", models.SmallIntegerField()),
                ("citation", models.CharField(max_length=200)),
                ("set_by", lamplighter.platform.columns.ActorField(max_length=80)),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("customer_class", "="), ("period", "&&")],
                        name="one_deposit_policy_of_a_class_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Security",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("cash", "Money"),
                            ("guarantor", "Another customer vouches"),
                            ("surety", "Surety bond"),
                            ("letter-of-credit", "Letter of credit"),
                            ("waived", "None is asked"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=80)),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("period", lamplighter.platform.columns.PeriodField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", lamplighter.platform.columns.ActorField(max_length=80, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="securities", to="accounts.account"
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="security",
                        to="credit.depositdecision",
                    ),
                ),
                (
                    "guarantor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vouches_for",
                        to="accounts.account",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="creditreport",
            constraint=models.UniqueConstraint(fields=("bureau", "reference"), name="bureau_answer_once"),
        ),
        migrations.AddConstraint(
            model_name="depositdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0), ("recommended__gte", 0)), name="deposit_decided_not_below_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="depositpart",
            constraint=models.UniqueConstraint(fields=("decision", "place"), name="deposit_part_once"),
        ),
        migrations.AddConstraint(
            model_name="depositpart",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="deposit_part_positive"),
        ),
        migrations.AddConstraint(
            model_name="depositpart",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked__isnull", True), ("dropped_on__isnull", True), _connector="OR"),
                name="deposit_part_asked_or_dropped",
            ),
        ),
        migrations.AddConstraint(
            model_name="security",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("form", "guarantor"), ("guarantor__isnull", False)),
                    models.Q(("form__in", ("surety", "letter-of-credit")), models.Q(("reference", ""), _negated=True)),
                    _connector="OR",
                ),
                name="security_names_who_vouches",
            ),
        ),
        migrations.AddConstraint(
            model_name="security",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="security_positive"),
        ),
    ]
