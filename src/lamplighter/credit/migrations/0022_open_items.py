"""Accounts aged bill by bill: the policy, the choice for an account, and matches, which stay as they were made."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import append_only, keep_history


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_forgiveness_kind"),
        ("credit", "0021_reconnecting"),
        ("ledger", "0014_income_plan_code"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgeingTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", lamplighter.platform.columns.PeriodField()),
                (
                    "open_classes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None),
                ),
                ("deduct", models.BooleanField()),
                ("citation", models.CharField(max_length=200)),
                ("set_by", lamplighter.platform.columns.ActorField(max_length=80)),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("period", "&&")], name="one_ageing_policy_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgeingStyle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", lamplighter.platform.columns.PeriodField()),
                (
                    "style",
                    models.CharField(choices=[("forward", "Balance forward"), ("open", "Open items")], max_length=8),
                ),
                ("set_at", models.DateTimeField()),
                ("set_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ageing_styles", to="accounts.account"
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("account", "="), ("period", "&&")], name="one_ageing_style_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Match",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("owed_on", models.DateField()),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("rule", models.CharField(max_length=9)),
                ("made_on", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("made_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="matches", to="accounts.agreement"
                    ),
                ),
                (
                    "credit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="matches", to="ledger.posting"
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="match", to="ledger.entry"
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="credit.match",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__gt", 0), ("undoes__isnull", True)),
                            models.Q(("amount__lt", 0), ("undoes__isnull", False)),
                            _connector="OR",
                        ),
                        name="match_pays_and_undoing_takes_back",
                    )
                ],
            },
        ),
        *append_only("credit_match"),
        *keep_history("credit_ageingterms", "credit_ageingstyle"),
    ]
