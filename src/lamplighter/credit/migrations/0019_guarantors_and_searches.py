"""Searches for customers whose mail comes back, and what guarantors are asked for."""

import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_forgiveness_kind"),
        ("credit", "0018_forgiven_bills_stay"),
        ("ledger", "0013_payables_codes"),
        ("notices", "0007_words_searched"),
        ("platform", "0005_legacy_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="Search",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("opened_on", models.DateField()),
                ("opened_at", models.DateTimeField()),
                ("opened_by", lamplighter.platform.columns.ActorField(max_length=80)),
                ("ended_on", models.DateField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("found", "Found"), ("not-found", "Not found"), ("paid", "Nothing is owed any more")],
                        max_length=9,
                    ),
                ),
                ("ended_by", lamplighter.platform.columns.ActorField(max_length=80, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="searches", to="accounts.account"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="notices.notice"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SearchStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "where",
                    models.CharField(
                        choices=[
                            ("post", "Forwarding order at the post office"),
                            ("ours", "Our own records: another account, an old contact"),
                            ("email", "Their email or telephone"),
                            ("named", "Somebody whom they named on the account"),
                            ("landlord", "The landlord or the next tenant's lease"),
                            ("directory", "A public directory"),
                            ("court", "Court or property records"),
                            ("service", "A tracing service"),
                        ],
                        max_length=9,
                    ),
                ),
                ("found", models.BooleanField()),
                ("tried_on", models.DateField()),
                ("noted_at", models.DateTimeField()),
                ("noted_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "notice",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="notices.notice"
                    ),
                ),
                (
                    "remark",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="platform.remark"
                    ),
                ),
                (
                    "search",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="credit.search"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GuarantorClaim",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("told_on", models.DateField()),
                ("answer_by", models.DateField()),
                ("told_at", models.DateTimeField()),
                ("told_by", lamplighter.platform.columns.ActorField(max_length=80)),
                ("moved", lamplighter.platform.columns.MoneyField(null=True)),
                ("ended_on", models.DateField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("moved", "Asked for on their account"),
                            ("paid", "Nothing is owed any more"),
                            ("withdrawn", "Taken back"),
                        ],
                        max_length=9,
                    ),
                ),
                ("ended_by", lamplighter.platform.columns.ActorField(max_length=80, null=True)),
                (
                    "entry",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.entry"
                    ),
                ),
                (
                    "notice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="notices.notice"
                    ),
                ),
                (
                    "security",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claim", to="credit.security"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="claim_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_by__isnull", True), ("ended_on__isnull", True), ("outcome", "")),
                            models.Q(
                                ("ended_by__isnull", False),
                                ("ended_on__isnull", False),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="claim_ended_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("entry__isnull", False), ("moved__gt", 0), ("outcome", "moved")),
                            models.Q(
                                models.Q(("outcome", "moved"), _negated=True),
                                ("entry__isnull", True),
                                ("moved__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="claim_moved_with_its_entry",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="search",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on__isnull", True)), fields=("account",), name="one_search_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="search",
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
                name="search_ended_whole",
            ),
        ),
    ]
