"""Hardships on file; old debt that is set aside, by which terms, and the bills that forgive it."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_forgiveness_kind"),
        ("billing", "0010_gifts"),
        ("credit", "0016_furnishing_stays"),
        ("ledger", "0012_forgiveness_codes"),
        ("platform", "0005_legacy_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="ForgivenessTerms",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("period", lamplighter.platform.columns.PeriodField()),
                ("most", lamplighter.platform.columns.MoneyField()),
                ("parts", models.PositiveSmallIntegerField()),
                ("missed", models.PositiveSmallIntegerField()),
                ("grace_days", models.PositiveSmallIntegerField()),
                (
                    "programs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), default=list, size=None
                    ),
                ),
                ("citation", models.CharField(max_length=200)),
                ("set_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "code",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.code"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Forgiveness",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("total", lamplighter.platform.columns.MoneyField()),
                ("shares", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("let_in_by", models.CharField(max_length=30)),
                (
                    "consent",
                    models.CharField(
                        choices=[("signed", "Signed"), ("e-signed", "Agreed by text"), ("recorded", "Recorded call")],
                        max_length=8,
                    ),
                ),
                ("made_on", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("made_by", lamplighter.platform.columns.ActorField(max_length=80)),
                ("ended_on", models.DateField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("kept", "Kept"), ("broken", "Broken"), ("cancelled", "Cancelled")],
                        max_length=9,
                    ),
                ),
                ("ended_by", lamplighter.platform.columns.ActorField(max_length=80, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="forgivenesses", to="accounts.account"
                    ),
                ),
                (
                    "agreement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="forgiveness", to="accounts.agreement"
                    ),
                ),
                (
                    "terms",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forgivenesses",
                        to="credit.forgivenessterms",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Hardship",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("income", "Income was lost or cut"),
                            ("illness", "Illness or injury"),
                            ("death", "A death in the household"),
                            ("separation", "Separation, or flight from violence"),
                            ("disaster", "Fire, flood or another disaster"),
                        ],
                        max_length=10,
                    ),
                ),
                ("evidence", models.CharField(max_length=80)),
                ("period", lamplighter.platform.columns.PeriodField()),
                ("asked_by", lamplighter.platform.columns.ActorField(max_length=80)),
                ("reviewed_at", models.DateTimeField()),
                ("reviewed_by", lamplighter.platform.columns.ActorField(max_length=80)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", lamplighter.platform.columns.ActorField(max_length=80, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="hardships", to="accounts.account"
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="platform.storedfile",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="JudgedBill",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("judged_on", models.DateField()),
                ("at", models.DateTimeField()),
                ("by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "bill",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.bill"
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.entry"
                    ),
                ),
                (
                    "forgiveness",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bills", to="credit.forgiveness"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SetAside",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owed_on", models.DateField()),
                ("amount", lamplighter.platform.columns.MoneyField()),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.agreement"
                    ),
                ),
                (
                    "forgiveness",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="debts", to="credit.forgiveness"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="forgivenessterms",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("period", "&&")], name="one_forgiveness_terms_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="forgivenessterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("missed__gt", 0), ("most__gt", 0), ("parts__gt", 0)),
                name="forgiveness_terms_forgive_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="forgiveness",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on__isnull", True)), fields=("account",), name="one_forgiveness_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="forgiveness",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_by__isnull", True), ("ended_on__isnull", True), ("outcome", "")),
                    models.Q(
                        ("ended_by__isnull", False),
                        ("ended_on__isnull", False),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="forgiveness_ended_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="hardship",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("account", "="), ("period", "&&")], name="one_hardship_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="hardship",
            constraint=models.CheckConstraint(
                condition=models.Q(("reviewed_by", models.F("asked_by")), _negated=True),
                name="hardship_reviewed_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="hardship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="hardship_ended_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="judgedbill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount", 0), ("entry__isnull", True)),
                    models.Q(("amount__gt", 0), ("entry__isnull", False)),
                    _connector="OR",
                ),
                name="judged_bill_forgives_by_an_entry",
            ),
        ),
        migrations.AddConstraint(
            model_name="setaside",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="set_aside_positive"),
        ),
    ]
