"""What the finance system got of each closed month."""

import django.db.models.deletion
from django.db import migrations, models

import lamplighter.platform.columns
from lamplighter.platform.schema import append_only


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_bank_codes")]

    operations = [
        migrations.CreateModel(
            name="PeriodExtract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "month",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extract",
                        to="ledger.accountingperiod",
                    ),
                ),
                ("csv", models.CharField(max_length=64)),
                ("fixed", models.CharField(max_length=64)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", lamplighter.platform.columns.ActorField(max_length=80)),
            ],
        ),
        *append_only("ledger_periodextract"),
    ]
