"""Consent to give a customer's use away, and what was given."""

import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_petitions"),
        ("keyaccounts", "0011_projects"),
        ("platform", "0005_legacy_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="DataConsent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("receiver", models.CharField(max_length=120)),
                ("given", models.BooleanField()),
                ("until", models.DateField(null=True)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("call", "Call"),
                            ("counter", "Counter"),
                            ("writing", "Writing"),
                            ("text", "Text"),
                            ("portal", "Portal"),
                        ],
                        max_length=10,
                    ),
                ),
                ("said_by", models.CharField(max_length=120)),
                ("stated_at", models.DateTimeField()),
                ("stated_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.agreement"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="data_consents",
                        to="keyaccounts.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation", "agreement", "receiver", "-id"], name="data_consent_newest")
                ],
            },
        ),
        migrations.CreateModel(
            name="DataRelease",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("building", models.BooleanField()),
                ("receiver", models.CharField(max_length=120)),
                ("grounds", models.CharField(max_length=200)),
                ("months", models.PositiveSmallIntegerField()),
                ("released_at", models.DateTimeField()),
                ("released_by", lamplighter.platform.columns.ActorField(max_length=80)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.agreement"
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="keyaccounts.dataconsent",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="platform.storedfile"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="data_releases",
                        to="keyaccounts.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("building", True), ("consent__isnull", False), _connector="OR"),
                        name="one_service_is_given_by_consent",
                    )
                ],
            },
        ),
        *append_only("keyaccounts_dataconsent", "keyaccounts_datarelease"),
    ]
