"""Funds that grants are paid from, who gives to them, grants, and the book of every fund."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_petitions"),
        ("ledger", "0009_rebate_codes"),
        ("platform", "0005_legacy_keys"),
        ("programs", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="AssistanceFund",
            fields=[
                ("key", models.SlugField(max_length=20, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("words", models.CharField(max_length=300)),
                (
                    "code",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.code"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20, unique=True)),
                ("amount", lamplighter.platform.columns.MoneyField()),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("enrolled", "They have a program that opens the fund"),
                            ("agency", "An agency's certificate"),
                        ],
                        max_length=8,
                    ),
                ),
                ("papers_by", models.DateField(null=True)),
                ("asked_on", models.DateField()),
                ("asked_at", models.DateTimeField()),
                ("asked_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waits", "Waits"),
                            ("given", "Given"),
                            ("refused", "Refused"),
                            ("lapsed", "Papers did not come"),
                            ("withdrawn", "Taken back"),
                        ],
                        max_length=9,
                    ),
                ),
                ("ended_on", models.DateField(null=True)),
                ("ended_by", lamplighter.platform.columns.ActorField(max_length=80, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to="accounts.account"
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to="programs.assistancefund"
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
            name="FundMove",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("gift", "Given by a customer"),
                            ("returned", "Gift returned by the bank"),
                            ("utility", "Put in by the utility"),
                            ("grant", "Granted"),
                        ],
                        max_length=8,
                    ),
                ),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("words", models.CharField(blank=True, max_length=200)),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "account",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.entry"
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="programs.assistancefund"
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="programs.grant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FundTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", lamplighter.platform.columns.PeriodField()),
                ("cap", lamplighter.platform.columns.MoneyField()),
                (
                    "programs",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None),
                ),
                ("papers_days", models.PositiveSmallIntegerField()),
                ("citation", models.CharField(max_length=200)),
                ("set_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="terms", to="programs.assistancefund"
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("fund", "="), ("period", "&&")], name="one_terms_of_a_fund_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cap__gt", 0), ("papers_days__gt", 0)), name="fund_terms_allow_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Gift",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("round-up", "Rounds each bill up to the next dollar"),
                            ("monthly", "The same with each bill"),
                            ("once", "Once, with the next bill"),
                        ],
                        max_length=8,
                    ),
                ),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("period", lamplighter.platform.columns.PeriodField()),
                ("begun_at", models.DateTimeField()),
                ("begun_by", lamplighter.platform.columns.ActorField(max_length=80)),
                ("ended_by", lamplighter.platform.columns.ActorField(max_length=80, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="gifts", to="accounts.account"
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="gifts", to="accounts.agreement"
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="gifts", to="programs.assistancefund"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("period__endswith__isnull", True)),
                        fields=("account",),
                        name="one_gift_runs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount", 0), ("way", "round-up")),
                            models.Q(models.Q(("way", "round-up"), _negated=True), ("amount__gt", 0)),
                            _connector="OR",
                        ),
                        name="gift_says_how_much",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="grant_positive"),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waits")), fields=("account",), name="one_grant_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis", "agency"), ("paper__isnull", True), ("state", "given"), _negated=True),
                name="grant_of_an_agency_has_its_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_by__isnull", True), ("ended_on__isnull", True), ("state", "waits")),
                    models.Q(
                        models.Q(("state", "waits"), _negated=True),
                        ("ended_by__isnull", False),
                        ("ended_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="grant_ended_by_someone",
            ),
        ),
        migrations.AddIndex(
            model_name="fundmove",
            index=models.Index(fields=["fund", "on"], name="fund_book"),
        ),
        migrations.AddConstraint(
            model_name="fundmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gt", 0), ("kind__in", ("gift", "utility"))),
                    models.Q(("amount__lt", 0), ("kind__in", ("returned", "grant"))),
                    _connector="OR",
                ),
                name="fund_move_has_its_sign",
            ),
        ),
        migrations.AddConstraint(
            model_name="fundmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("grant__isnull", False), ("kind", "grant")),
                    models.Q(models.Q(("kind", "grant"), _negated=True), ("grant__isnull", True)),
                    _connector="OR",
                ),
                name="fund_move_of_a_grant",
            ),
        ),
    ]
