"""Emails lead to bills by links; what is asked before one shows, and for how long it is good."""

import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0012_fees"),
        ("notices", "0007_words_searched"),
    ]

    operations = [
        migrations.AddField(
            model_name="billingpolicy",
            name="link_days",
            field=models.SmallIntegerField(default=60),
        ),
        migrations.AddField(
            model_name="billingpolicy",
            name="link_fact",
            field=models.CharField(
                choices=[
                    ("zip", "ZIP code of the service address"),
                    ("account", "Last four digits of the account number"),
                ],
                default="zip",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="billingpolicy",
            name="link_minutes",
            field=models.SmallIntegerField(default=60),
        ),
        migrations.AddField(
            model_name="billingpolicy",
            name="link_tries",
            field=models.SmallIntegerField(default=5),
        ),
        migrations.CreateModel(
            name="BillLink",
            fields=[
                (
                    "notice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="bill_link",
                        serialize=False,
                        to="notices.notice",
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("until", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("made_by", lamplighter.platform.columns.ActorField(max_length=80)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", lamplighter.platform.columns.ActorField(max_length=80, null=True)),
                (
                    "bill",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="billing.bill",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BillLinkTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("right", models.BooleanField()),
                ("at", models.DateTimeField()),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tries", to="billing.billlink"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="billlink",
            index=models.Index(fields=["bill"], name="link_of_bill"),
        ),
        migrations.AddConstraint(
            model_name="billlink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True)), fields=("bill",), name="one_link_of_a_bill"
            ),
        ),
        migrations.AddConstraint(
            model_name="billlink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                    models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                    _connector="OR",
                ),
                name="link_revoked_by_somebody",
            ),
        ),
    ]
