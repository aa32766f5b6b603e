"""Assistance agencies, who speaks for them, their pledges, and the checks that pay these."""

import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_petitions"),
        ("credit", "0011_investigations_stay"),
        ("payments", "0011_remittances"),
        ("platform", "0005_legacy_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="AssistanceAgency",
            fields=[
                ("key", models.SlugField(max_length=20, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("runs_days", models.SmallIntegerField()),
                ("ended_on", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("runs_days__gt", 0)), name="pledges_run_some_days")
                ],
            },
        ),
        migrations.CreateModel(
            name="AgencyWorker",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("phone", models.CharField(max_length=40)),
                ("since", models.DateField()),
                ("ended_on", models.DateField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workers",
                        to="credit.assistanceagency",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AssistanceCheck",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=40)),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("received_on", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("made_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="credit.assistanceagency"
                    ),
                ),
                (
                    "file",
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
            name="Pledge",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=40)),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("pledged_on", models.DateField()),
                ("expires_on", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("made_by", lamplighter.platform.columns.ActorField(max_length=80)),
                ("ended_on", models.DateField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("settled", "Paid"), ("expired", "Not paid in time"), ("withdrawn", "Taken back")],
                        max_length=9,
                    ),
                ),
                ("ended_by", lamplighter.platform.columns.ActorField(max_length=80, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pledges", to="accounts.account"
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pledges",
                        to="credit.assistanceagency",
                    ),
                ),
                (
                    "worker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pledges", to="credit.agencyworker"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AssistanceCheckLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.SmallIntegerField()),
                ("said_reference", models.CharField(max_length=40)),
                ("said_account", models.CharField(max_length=20)),
                ("amount", lamplighter.platform.columns.MoneyField()),
                ("settled_on", models.DateField(null=True)),
                ("settled_by", lamplighter.platform.columns.ActorField(max_length=80, null=True)),
                (
                    "event",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.paymentevent",
                    ),
                ),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="credit.assistancecheck"
                    ),
                ),
                (
                    "pledge",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="line", to="credit.pledge"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="assistancecheck",
            constraint=models.UniqueConstraint(fields=("agency", "reference"), name="assistance_check_once"),
        ),
        migrations.AddConstraint(
            model_name="assistancecheck",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="assistance_check_positive"),
        ),
        migrations.AddIndex(
            model_name="pledge",
            index=models.Index(condition=models.Q(("ended_on__isnull", True)), fields=["account"], name="pledge_open"),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.UniqueConstraint(fields=("agency", "reference"), name="pledge_once_by_its_reference"),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="pledge_positive"),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_on__gte", models.F("pledged_on"))), name="pledge_runs_forward"
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
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
                name="pledge_ended_with_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="assistancecheckline",
            constraint=models.UniqueConstraint(fields=("of", "place"), name="assistance_line_once"),
        ),
        migrations.AddConstraint(
            model_name="assistancecheckline",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="assistance_line_positive"),
        ),
        migrations.AddConstraint(
            model_name="assistancecheckline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("event__isnull", True),
                        ("pledge__isnull", True),
                        ("settled_by__isnull", True),
                        ("settled_on__isnull", True),
                    ),
                    models.Q(("event__isnull", False), ("settled_by__isnull", False), ("settled_on__isnull", False)),
                    _connector="OR",
                ),
                name="assistance_line_settled_by_a_payment",
            ),
        ),
    ]
